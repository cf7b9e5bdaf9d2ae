"""How who has given feedback or complained follows it: by the number and the password that were told once."""

import asyncio
import hashlib
import hmac
from typing import Any

from services.audit.complaint.decisions import PUBLIC_TITLES as COMPLAINT_TITLES
from services.audit.complaint.decisions import Complaint, complaint
from services.audit.feedback.decisions import PUBLIC_TITLES as FEEDBACK_TITLES
from services.audit.feedback.decisions import Feedback, feedback
from shared.kernel.errors import NotFound
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.web.forms import CHOICES

FOLLOWED = """SELECT id, 'feedback' AS what FROM views.feedbacks WHERE tracking_number = %(number)s
    UNION ALL SELECT id, 'complaint' FROM views.complaints WHERE tracking_number = %(number)s"""


async def followed(running: Running, number: str, password: str) -> Feedback | Complaint:
    """What this number and password belong to; the same words whichever is wrong. The number is one of all agencies' together."""
    rows = await running.query(FOLLOWED, {"number": number.strip().upper()}, agency=EVERY_AGENCY)
    shown = hashlib.sha256(password.encode()).hexdigest()
    if rows:
        aggregate: Any = feedback if rows[0]["what"] == "feedback" else complaint
        state, _ = await asyncio.to_thread(running.load, aggregate, rows[0]["id"])
        if isinstance(state, Feedback | Complaint) and state.password_hash and hmac.compare_digest(shown, state.password_hash):
            return state
    raise NotFound("no-such-number", "查询编号或密码不正确，请核对提交时得到的编号和密码。")


async def progress(running: Running, state: Feedback | Complaint) -> dict[str, Any]:
    """What is told: where it stands, until when it will be answered, and the answer."""
    answer = (await asyncio.to_thread(running.shown, state))["answer"]
    told: dict[str, Any] = {
        "id": str(state.id),
        "tracking_number": state.tracking_number,
        "received_on": state.received_on,
        "answer": answer,
    }
    if isinstance(state, Feedback):
        waits = state.answered_on is None or state.stage not in ("answered", "closed")
        return {
            **told,
            "what": "意见建议",
            "kind": CHOICES[state.kind],
            "stage": state.stage,
            "stage_title": FEEDBACK_TITLES[state.stage],
            "due": state.deadline.due if waits and state.deadline else None,
            "outcome": CHOICES[state.outcome] if state.outcome and not waits else None,
        }
    finding = CHOICES[state.concluded.finding] if state.concluded else "不予受理" if state.declined else None
    return {
        **told,
        "what": "投诉举报",
        "kind": CHOICES[state.kind],
        "stage": state.stage,
        "stage_title": COMPLAINT_TITLES[state.stage],
        "due": state.deadline.due if state.owed and state.deadline else None,
        "outcome": finding if state.answer is not None else None,
    }

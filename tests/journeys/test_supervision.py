"""Supervision through HTTP and real NATS: what audit decides stands in the ledger as everything else does, and supervision sees what the public reports."""

import asyncio
import json
from typing import Any

import pytest

from demo import supervision
from demo.office import Office
from shared.kernel.clocks import today
from tests.journeys.test_life import trail_of

TOLD = "浮生若梦，材料收费不合理"


async def types_in(office: Office, case: str, last: str) -> list[str]:
    """The events of a case in its trail, once this one is there; what a citizen says is hidden in it."""
    entries = await trail_of(office, case, last)
    assert TOLD not in json.dumps(entries, ensure_ascii=False)
    return [entry["type"] for entry in entries]


@pytest.mark.rule("YS-10.1", "X-08")
async def test_a_complaint_has_its_trail_in_the_ledger(office: Office) -> None:
    form = {"kind": "unlawful_fee", "text": TOLD, "contact": "13800000000"}
    made = await office.client.post(f"/api/audit/complaints?agency={office.agency}", json=form)
    assert made.status_code == 201, made.text
    id, at = made.json()["id"], f"/api/audit/complaints/{made.json()['id']}"
    assert (await office.get(at, "auditor"))["text"] == TOLD
    await office.post(f"{at}/accept", "auditor", today(), {})
    await office.post(f"{at}/triage", "auditor", today(), {"severity": "ordinary", "note": "涉及窗口收费"})
    await office.post(f"{at}/conclude", "auditor", today(), {"finding": "founded", "facts": "多收十元", "measures": "已经退还"})
    await office.post(f"{at}/tell", "auditor", today(), {"way": "by_phone", "text": "经查属实，已经退还。"})
    assert await types_in(office, id, "audit.ComplainantTold") == [
        "audit.ComplaintReceived",
        "audit.ComplaintAccepted",
        "audit.ComplaintTriaged",
        "audit.ComplaintConcluded",
        "audit.ComplaintReferred",
        "audit.LeadRaised",
        "audit.ComplainantTold",
    ]
    (lead,) = (await office.get(f"/api/audit/accountability-leads?thing={id}", "auditor"))["leads"]
    about = {"title": "违规收费", "facts": "多收十元", "questions": ["是否多收"], "ground": "duty_undone", "unit": "touzi"}
    await office.post(f"/api/audit/accountability-leads/{lead['id']}/follow", "auditor", today(), about)
    referred = (await office.get(at, "auditor"))["referred"]
    assert (await office.get(f"/api/audit/accountability-cases/{referred}", "auditor"))["lead"] == lead["id"]


@pytest.mark.rule("XT-10a")
async def test_supervision_sees_what_the_public_reports_as_not_agreeing(office: Office) -> None:
    body = {"content": TOLD, "published": [{"agency": office.agency, "where": "部门决算第三表"}], "contact": "13800000000"}
    made = await office.client.post(f"/api/review/inconsistency-reports?agency={office.agency}", json=body)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    await types_in(office, id, "review.InconsistencyReported")
    (row,) = await seen(office, id)
    assert (row["finding"], row["missed"]) == (None, False)
    assert row["published"][0]["where"] == "部门决算第三表"
    assert TOLD not in json.dumps(row, ensure_ascii=False)
    handling = {"finding": "corrected", "measures": "已更正", "evidence": "更正公告"}
    await office.post(f"/api/review/inconsistency-reports/{id}/handle", "office", today(), handling)
    await types_in(office, id, "review.InconsistencyHandled")
    assert await seen(office, id) == []
    (handled,) = await seen(office, id, "handled")
    assert handled["finding"] == "corrected"


async def test_the_demonstration_shows_supervision_in_every_state(office: Office) -> None:
    await asyncio.gather(*supervision.cases(office))
    complaints = (await office.get("/api/audit/complaints", "auditor"))["complaints"]
    assert {"received", "accepted", "closed"} <= {row["stage"] for row in complaints}
    feedbacks = (await office.get("/api/audit/feedbacks", "office"))["feedbacks"]
    assert {"received", "assigned", "closed"} <= {row["stage"] for row in feedbacks}
    inspections = (await office.get("/api/audit/inspections", "office"))["inspections"]
    assert {(row["kind"], row["stage"]) for row in inspections} >= {("periodic", "recorded"), ("daily", "closed"), ("survey", "recorded")}


async def seen(office: Office, id: str, state: str = "open") -> list[dict[str, Any]]:
    """This report among those that supervision sees in this state."""
    rows = (await office.get(f"/api/audit/inconsistencies?state={state}", "auditor"))["inconsistencies"]
    return [row for row in rows if row["id"] == id]

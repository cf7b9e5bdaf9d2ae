"""The decisions about an interpretation: a plan with the draft, material in 3 working days, reviewed outside, on the portal first (ZJ-03 to ZJ-06)."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.publishing.catalogue_entry.classes import EXTERNAL
from services.publishing.interpretation.events import (
    ColumnUpdated,
    ExternalReviewPassed,
    ExternalReviewRejected,
    InterpretationPublished,
    MaterialDue,
    MaterialOverdue,
    MaterialOverdueWithdrawn,
    MaterialSubmitted,
    PlanApproved,
    PlanDrafted,
    ReminderSent,
)
from services.publishing.interpretation.state import Interpretation
from services.publishing.publication.state import Publication
from shared.kernel.commands import Given
from shared.kernel.errors import NotFound, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

N = Interpretation
Events = Sequence[Event]

FORMS: dict[str, str] = {
    "article": "撰稿",
    "expert": "专家解读",
    "questions": "问答",
    "talk": "访谈",
    "interview": "专访",
    "press_answers": "答记者问",
    "press_conference": "新闻发布会",
    "other": "其他形式",
}
"""How a document may be explained (ZJ-03)."""


class Plan(NamedTuple):
    """What a plan says (ZJ-06.1b)."""

    unit: str
    outline: str
    forms: tuple[str, ...]
    ways: tuple[str, ...]
    planned_for: date


def plan_open(state: N, given: Given) -> None:
    """The plan is not approved yet."""
    if state.plan_approved:
        raise Refused("plan-approved-already", "解读方案已经审定。")


def material_open(state: N, given: Given) -> None:
    """Its plan was approved, and it is not published yet."""
    if not state.plan_approved:
        raise Refused("plan-unapproved", "解读方案审定后才能报送解读材料。", article="本局政策解读制度（ZJ-06.3a）")
    if state.channels:
        raise Refused("interpreted-already", "解读已经发布，不能再换材料。")


def with_material(state: N, given: Given) -> None:
    """There is material."""
    if not state.material:
        raise Refused("no-material", "还没有报送解读材料。", article="本局政策解读制度（ZJ-06.3a）")


def awaited(state: N, given: Given) -> None:
    """Something is missing."""
    if state.plan_approved and state.material:
        raise Refused("nothing-missing", "方案已经审定，材料已经报送，不需要督促。")


def in_column(state: N, given: Given) -> None:
    """It is on the portal."""
    if "portal" not in state.channels:
        raise Refused("not-published", "解读还没有在门户网站发布。")


def draft_plan(state: N, document: Publication, said: Plan) -> Events:
    """While the document is drafted, by the unit that drafts it (ZJ-06.0, ZJ-06.1a)."""
    if not document.exists:
        raise NotFound("no-such-document", "没有找到要解读的文件，请核对编号。")
    if said.unit != document.unit:
        raise Refused(
            "drafter-interprets", f"谁起草、谁解读：由起草科室（{document.unit}）编制解读方案。", article="本局政策解读制度（ZJ-06.0）"
        )
    if state.plan_approved:
        raise Refused("plan-approved-already", "解读方案已经审定，不能再改。")
    return [PlanDrafted(publication=document.id, **said._asdict(), normative=document.kind == "normative")]


def approve_plan(state: N, given: Given) -> Events:
    """Not by who has drafted it."""
    if given.actor.persons & set(state.planned_by):
        raise Refused("drafter-approves", "起草人不能审定自己的方案。")
    return [PlanApproved()]


def document_published(state: N, given: Given) -> Events:
    """The day on which the document becomes public starts the 3 working days (ZJ-06.3a)."""
    if not state.exists or state.deadline is not None:
        return []
    return [MaterialDue(deadline=deadline(Facts(start=given.today, limit="interpretation"), given.rulebook, given.calendar))]


def remind(state: N, asks_for: str) -> Events:
    """The lead unit chases what is missing (ZJ-05b)."""
    if asks_for == "plan_approval" and state.plan_approved:
        raise Refused("nothing-missing", "解读方案已经审定，不需要督促。")
    if asks_for == "material" and state.material:
        raise Refused("nothing-missing", "解读材料已经报送，不需要督促。")
    return [ReminderSent(asks_for=asks_for)]


def submit(state: N, given: Given, text: str) -> Events:
    """After the plan was approved (ZJ-06.3a)."""
    made: list[Event] = [MaterialSubmitted(text=text, hash=hashlib.sha256(text.encode()).hexdigest())]
    if state.overdue is not None and given.today <= state.overdue:
        made.append(MaterialOverdueWithdrawn(due=state.overdue))
    return made


def miss(state: N, given: Given) -> Events:
    """Once, when the day is over without material."""
    if state.deadline is None or state.material or state.overdue or given.today <= state.deadline.due:
        return []
    return [MaterialOverdue(due=state.deadline.due)]


def review(state: N, passed: bool, reviewer: str, document: str, reason: str) -> Events:
    """What the city's offices say of exactly this text (ZJ-06.3b)."""
    if not passed and not reason:
        raise Refused("reason-missing", "审查未通过的须写明理由。")
    if passed:
        return [ExternalReviewPassed(hash=state.material, reviewer=reviewer, document=document)]
    return [ExternalReviewRejected(hash=state.material, reviewer=reviewer, document=document, reason=reason)]


def publish_by(state: N, document: Publication, channel: str, evidence: str) -> Events:
    """After the document, on the portal first; of a normative document only what passed the outside review (ZJ-04a, ZJ-04b, ZJ-06.3b)."""
    if not document.places:
        raise Refused("document-unpublished", "文件公开后才能发布解读。", article="本局政策解读制度（ZJ-06.3a）")
    if not state.material:
        raise Refused("no-material", "还没有报送解读材料。", article="本局政策解读制度（ZJ-06.3a）")
    if state.plan is not None and state.plan.normative and state.passed != state.material:
        raise Refused(
            "outside-review-missing",
            "规范性文件的解读材料，发布前须经市委、市政府办公室审查通过。",
            article="本局政策解读制度（ZJ-06.3b）",
        )
    if channel not in EXTERNAL:
        raise Refused("channel-not-for-audience", "政策解读是对外公开的，请选择对外的载体。")
    if channel != "portal" and "portal" not in state.channels:
        raise Refused("portal-first", "解读首先在门户网站发布，请先登记“门户网站”。", article="本局政策解读制度（ZJ-04a、ZJ-04b）")
    if channel in state.channels:
        raise Refused("published-there", "解读已经通过该载体发布。")
    return [InterpretationPublished(channel=channel, evidence=evidence, hash=state.material)]


def update_column(evidence: str) -> Events:
    """By the lead unit, once it is on the portal (ZJ-05a)."""
    return [ColumnUpdated(evidence=evidence)]

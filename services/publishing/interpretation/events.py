"""Every event of an interpretation."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

RULE = "本局政策解读制度"


@event(
    "publishing.PlanDrafted",
    title="起草解读方案",
    rules=("ZJ-06.1a", "ZJ-06.1b", "ZJ-05c", "ZJ-03", "ZJ-06.0"),
    article=f"{RULE}（ZJ-06.1）",
)
class PlanDrafted(Event, frozen=True):
    """Outline, forms, ways and day of the interpretation of a document, by the unit that drafts the document."""

    publication: UUID
    unit: str
    outline: str
    forms: tuple[str, ...]
    ways: tuple[str, ...]
    planned_for: date
    normative: bool = False


@event("publishing.PlanApproved", title="审定解读方案", rules=("ZJ-06.3a",), article=f"{RULE}（ZJ-06.3a）")
class PlanApproved(Event, frozen=True):
    """The plan holds."""


@event("publishing.MaterialDue", title="解读材料应当报送", rules=("ZJ-06.3a",), article=f"{RULE}（ZJ-06.3a）")
class MaterialDue(Event, frozen=True):
    """The document is public: its material is due."""

    deadline: Deadline


@event("publishing.ReminderSent", title="督促报送", rules=("ZJ-05b",), article=f"{RULE}（ZJ-05b）")
class ReminderSent(Event, frozen=True):
    """The lead unit has asked for what is not there yet."""

    asks_for: str


@event("publishing.MaterialSubmitted", title="报送解读材料", rules=("ZJ-06.3a", "ZJ-05b", "ZJ-05c"), article=f"{RULE}（ZJ-06.3a）")
class MaterialSubmitted(Event, frozen=True):
    """The text that explains the document, named by its SHA-256."""

    text: str
    hash: str


@event("publishing.MaterialOverdue", title="解读材料逾期", rules=("ZJ-06.3a",), article=f"{RULE}（ZJ-06.3a）")
class MaterialOverdue(Event, frozen=True):
    """The day has passed without material."""

    due: date


@event("publishing.MaterialOverdueWithdrawn", title="撤销解读材料逾期", rules=("ZJ-06.3a",), article=f"{RULE}（ZJ-06.3a）")
class MaterialOverdueWithdrawn(Event, frozen=True):
    """Material that was recorded later had been in time."""

    due: date


@event("publishing.ExternalReviewPassed", title="外部审查通过", rules=("ZJ-06.3b",), article=f"{RULE}（ZJ-06.3b）")
class ExternalReviewPassed(Event, frozen=True):
    """The city's offices have passed exactly this material."""

    hash: str
    reviewer: str
    document: str


@event("publishing.ExternalReviewRejected", title="外部审查未通过", rules=("ZJ-06.3b",), article=f"{RULE}（ZJ-06.3b）")
class ExternalReviewRejected(Event, frozen=True):
    """They have not; it is written again."""

    hash: str
    reviewer: str
    document: str
    reason: str


@event("publishing.InterpretationPublished", title="发布解读", rules=("ZJ-04a", "ZJ-04b"), article=f"{RULE}（ZJ-04）")
class InterpretationPublished(Event, frozen=True):
    """By one channel, with evidence."""

    channel: str
    evidence: str
    hash: str


@event("publishing.ColumnUpdated", title="更新解读专栏", rules=("ZJ-05a",), article=f"{RULE}（ZJ-05a）")
class ColumnUpdated(Event, frozen=True):
    """The column of the portal shows it."""

    evidence: str

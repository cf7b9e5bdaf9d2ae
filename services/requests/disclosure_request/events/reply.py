"""The reply: drafted, returned, approved, delivered (Article 36)."""

from uuid import UUID

import msgspec

from services.requests.disclosure_request.events.files import File
from shared.kernel.events import Event, event
from shared.trust.personal import Personal


class Ground(msgspec.Struct, frozen=True):
    """One ground of a reply: the result row that it comes under, its article and reason, and for which part of what was asked."""

    outcome: str
    article: str
    ground: str = ""
    reason: str = ""
    part: str = ""


@event("requests.ReplyDrafted", title="拟制答复", rules=("YS-07.3", "YS-07.4", "YS-07.5", "YS-06.2", "YS-04"), article="国令711 第三十六条")
class ReplyDrafted(Event, frozen=True):
    """A reply: its result row, its grounds with article and reason, the files that go with it. `hash` names exactly this draft."""

    outcome: str
    grounds: tuple[Ground, ...]
    text: Personal
    hash: str
    files: tuple[File, ...] = ()
    redactions: tuple[str, ...] = ()
    other_agency: str = ""


@event("requests.ReplyReturned", title="退回修改", article="国令711 第三十六条")
class ReplyReturned(Event, frozen=True):
    """The draft has to be changed."""

    reason: str


@event("requests.ReplyApproved", title="审批答复", rules=("X-03",), article="国令711 第三十六条")
class ReplyApproved(Event, frozen=True):
    """Approved by another person than the drafter; `hash` names the draft that was approved."""

    hash: str


@event("requests.ReplyDelivered", title="送达答复", rules=("YS-08x.2",), article="国令711 第四十条")
class ReplyDelivered(Event, frozen=True):
    """The reply was delivered by the agency itself. `overdue_reason` stands where it came after its due date; `letter` is the letter that carried it."""

    outcome: str
    way: str
    evidence: str
    overdue_reason: str = ""
    letter: UUID | None = None

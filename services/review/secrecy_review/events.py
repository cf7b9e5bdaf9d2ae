"""Every event that a secrecy review records. A file is named by its hash: changed bytes are another file, and need another review."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

SECRECY = "国令711 第十七条"


class File(msgspec.Struct, frozen=True):
    """A file under review: its name, the SHA-256 of its bytes, its size in bytes."""

    name: str
    sha256: str
    size: int


class Mark(msgspec.Struct, frozen=True):
    """A mark that a file carries: secret, confidential or top secret with the last day of its term, work secret, trade secret."""

    sha256: str
    mark: str
    until: date | None = None


class Directed(msgspec.Struct, frozen=True):
    """What an earlier review directed to be taken out of a file, before the rest may leave."""

    sha256: str
    parts: tuple[str, ...]


class Opinion(msgspec.Struct, frozen=True):
    """What the reviewer holds of one file: release, exempt, partial (release after redaction) or escalate; on which bases, and why."""

    sha256: str
    opinion: str
    bases: tuple[str, ...]
    reason: str
    ground: str = ""


@event("review.ReviewOpened", title="提请保密审查", rules=("BM-02", "BM-03a", "BM-03b"), article=SECRECY)
class ReviewOpened(Event, frozen=True):
    """Files that are to leave come under review; the opinion is due within the rulebook's period.

    `asked_by` is the person or service that wants them out. `marks` are those that the same bytes were given in earlier reviews.
    `stored`: the files whose bytes the platform keeps; `directed`: what earlier reviews of this subject directed to be taken out.
    """

    source: str
    subject: UUID
    review: int
    files: tuple[File, ...]
    deadline: Deadline
    unit: str = ""
    asked_by: str = ""
    marks: tuple[Mark, ...] = ()
    stored: tuple[str, ...] = ()
    directed: tuple[Directed, ...] = ()


@event("review.SecrecyMarked", title="标明是否涉密", rules=("BM-12a", "BM-07.1"), article="国令711 第十四条")
class SecrecyMarked(Event, frozen=True):
    """The maker's mark at creation: none, secret, confidential or top secret with its end, work secret, trade secret."""

    sha256: str
    mark: str
    until: date | None = None


@event("review.OpinionGiven", title="提出审查意见", rules=("BM-03a", "BM-05", "BM-12b", "X-05"), article=SECRECY)
class OpinionGiven(Event, frozen=True):
    """The unit's opinion on each file, with bases and reason. `joint_units` made it together, and have to consent."""

    opinions: tuple[Opinion, ...]
    joint_units: tuple[str, ...] = ()


@event("review.UnitsConsented", title="共同形成科室书面同意", rules=("BM-09",), article=SECRECY)
class UnitsConsented(Event, frozen=True):
    """One of the units that made it together has consented in writing."""

    unit: str
    document: str


@event("review.UnitRefused", title="共同形成科室不同意", rules=("BM-09",), article=SECRECY)
class UnitRefused(Event, frozen=True):
    """One of the units that made it together does not consent, and says why: it is not released as long as that stands."""

    unit: str
    reason: str


@event("review.ReviewEscalated", title="报请确定", rules=("BM-10a", "BM-10b"), article=SECRECY)
class ReviewEscalated(Event, frozen=True):
    """Unclear whether it is secret: it goes to the superior (business matters) or to the secrecy office (others)."""

    to: str
    reason: str


@event("review.DeterminationReceived", title="收到确定意见", rules=("BM-10a", "BM-10b"), article=SECRECY)
class DeterminationReceived(Event, frozen=True):
    """What the superior or the secrecy office has determined."""

    secret: bool
    document: str


@event("review.DeclassificationRecorded", title="办理解密", rules=("BM-11",), article="保守国家秘密法")
class DeclassificationRecorded(Event, frozen=True):
    """A mark whose term is over was lifted."""

    sha256: str
    document: str


@event("review.RedactionsDirected", title="指明区分处理", rules=("BM-14", "YS-07.5"), article="国令711 第三十七条")
class RedactionsDirected(Event, frozen=True):
    """Which parts of a file have to go before the rest may leave; the file without them is other bytes, and is reviewed again."""

    sha256: str
    parts: tuple[str, ...]


@event("review.RedactionsVerified", title="核验区分处理", rules=("BM-14", "YS-07.5"), article="国令711 第三十七条")
class RedactionsVerified(Event, frozen=True):
    """From exactly these bytes nothing can be extracted that was directed to go. `directions`: the SHA-256 of what was directed.

    `unproved`: the numbers of the directions that no text proves, `images`: the pages whose text is not read; a person has then looked (`confirmed`).
    """

    sha256: str
    directions: str
    unproved: tuple[int, ...] = ()
    images: int = 0
    confirmed: bool = False


@event("review.ReviewApproved", title="批准审查意见", rules=("BM-03b", "BM-06c", "X-03", "X-04"), article=SECRECY)
class ReviewApproved(Event, frozen=True):
    """The leader in charge has approved exactly this opinion: the bytes that may leave, and those that may not.

    `approves` is the SHA-256 of the opinion. `partial` are those of the withheld whose rest may leave once it is redacted and reviewed.
    """

    source: str
    subject: UUID
    review: int
    approves: str
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()


@event("review.ReviewRejected", title="不批准审查意见", rules=("BM-06c",), article=SECRECY)
class ReviewRejected(Event, frozen=True):
    """Not approved: nothing leaves."""

    source: str
    subject: UUID
    review: int
    files: tuple[str, ...]
    reason: str


@event("review.DeadlineMissed", title="审查逾期", article=SECRECY)
class DeadlineMissed(Event, frozen=True):
    """The opinion was not given and approved in time. Recorded once."""

    due: date

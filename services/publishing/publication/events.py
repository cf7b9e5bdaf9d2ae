"""Every event of a publication. Content is named by the SHA-256 of its bytes: changed bytes go through the gates again."""

from datetime import date
from uuid import UUID

import msgspec

from shared.files.finding import Finding
from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

PUBLISHER = {"decree-711": "国令711 第十条", "bureau-2019": "本局信息发布协调制度（XT-03a）"}
CLOCK = {"decree-711": "国令711 第二十六条", "bureau-2019": "本局考核制度（KH-02.3a）"}
STEPS = {"decree-711": "国令711 第六条", "bureau-2019": "本局考核制度（KH-02.3c）"}
ONLINE = {"decree-711": "国令711 第十三条、第二十三条", "bureau-2019": "本局上网发布制度（WZ-3）"}
SECRECY = "国令711 第十七条"
AGREED = "国令711 第十一条"
RELATED = "国办发〔2016〕61号"


class File(msgspec.Struct, frozen=True):
    """A file that is to be published: its name, the SHA-256 of its bytes, its size in bytes."""

    name: str
    sha256: str
    size: int


class Addressee(msgspec.Struct, frozen=True):
    """An agency that the content concerns; `outside` is one that is not on this platform."""

    code: str
    name: str
    outside: bool = False


class Check(msgspec.Struct, frozen=True):
    """One line of the quality check: what was asked, whether it holds, who answered (machine or person), and what was found."""

    name: str
    passed: bool
    by: str
    found: str = ""


@event("publishing.InformationCreated", title="信息形成或者变更", rules=("KH-02.3a", "XT-03a", "XT-03b", "XT-08"), article=CLOCK)
class InformationCreated(Event, frozen=True):
    """Information that this agency has to publish was made or has changed: the clock starts. `target` is the agency's own stricter day.

    `origin`: made, obtained (from citizens and bodies), joint, or requested (given out on request, Article 44); `lead`, `maker` and `keeper` are
    agency codes. `entry` and `period` tell which line of the catalogue it fulfils; `matter` and `stage` (decision or result) which stage of an
    important matter. `request` is the request that it was given out on, `offered` the files that went out with the reply.
    """

    title: str
    kind: str
    origin: str
    audience: str
    unit: str
    deadline: Deadline
    target: date
    maker: str = ""
    keeper: str = ""
    lead: str = ""
    concerns: tuple[Addressee, ...] = ()
    entry: UUID | None = None
    period: str = ""
    change_of: UUID | None = None
    matter: UUID | None = None
    stage: str = ""
    request: UUID | None = None
    offered: tuple[File, ...] = ()


@event("publishing.OnlineDecided", title="确定是否上网", rules=("WZ-3",), article=ONLINE)
class OnlineDecided(Event, frozen=True):
    """It goes online, stays internal, or is withheld on this ground."""

    decision: str
    reason: str
    ground: str = ""


@event("publishing.PublicationDrafted", title="起草公开内容", rules=("KH-02.3c", "WZ-4.1"), article=STEPS)
class PublicationDrafted(Event, frozen=True):
    """The content in its nth version; `hash` names all of it. `correction` tells why what was published is changed.

    `document_number` and `date_of_issue` are those of the document; `subject` its class of subject.
    """

    version: int
    title: str
    text: str
    hash: str
    files: tuple[File, ...] = ()
    subject: str = ""
    issuer: str = ""
    document_number: str = ""
    date_of_issue: date | None = None
    keywords: tuple[str, ...] = ()
    correction: str = ""


@event("publishing.QualityChecked", title="质量检查", rules=("WZ-4.1",), article=ONLINE)
class QualityChecked(Event, frozen=True):
    """The checklist for the content of this hash, and whether all of it holds."""

    hash: str
    checks: tuple[Check, ...]
    passed: bool


@event("publishing.ReviewRequested", title="提请保密审查", rules=("BM-03b", "KH-02.3c"), article=SECRECY)
class ReviewRequested(Event, frozen=True):
    """Exactly these bytes, the text among them, are to be reviewed. `stored`: the hashes of those that the platform keeps."""

    review: int
    files: tuple[File, ...]
    unit: str = ""
    stored: tuple[str, ...] = ()


@event("publishing.ReviewConcluded", title="收到保密审查结论", rules=("BM-03b",), article=SECRECY)
class ReviewConcluded(Event, frozen=True):
    """What review has decided: which bytes may leave, and which may not."""

    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()


@event("publishing.CoordinationRequested", title="提请协调确认", rules=("XT-04",), article=AGREED)
class CoordinationRequested(Event, frozen=True):
    """The agencies that the content concerns are asked."""

    round: int
    item: str
    text: str
    addressees: tuple[Addressee, ...]
    files: tuple[File, ...] = ()
    urgent: bool = False
    unit: str = ""
    approval_by: str = ""


@event("publishing.CoordinationConcluded", title="收到协调确认结论", rules=("XT-04",), article=AGREED)
class CoordinationConcluded(Event, frozen=True):
    """They agree to exactly these bytes, or it may not be published."""

    round: int
    agreed: bool
    how: str
    files: tuple[str, ...] = ()
    opinion: str = ""


@event("publishing.PublicationApproved", title="批准公开", rules=("KH-02.3c",), article=STEPS)
class PublicationApproved(Event, frozen=True):
    """The leader has approved exactly the content of this hash."""

    hash: str


@event("publishing.PublicationReturned", title="退回修改", rules=("KH-02.3c",), article=STEPS)
class PublicationReturned(Event, frozen=True):
    """Not approved; it is drafted again."""

    reason: str


@event("publishing.Published", title="公开", rules=("DX-05a", "DX-05b", "KH-02.3a", "ZJ-04a"), article=CLOCK)
class Published(Event, frozen=True):
    """Told by one channel, with the evidence of it: an address, a photograph, minutes. `late_days` are working days after the due date."""

    channel: str
    evidence: str
    hash: str
    version: int
    late_days: int = 0
    overdue_reason: str = ""


@event("publishing.CorrectionPublished", title="更正公开内容", rules=("WZ-4.1",), article="国令711 第六条")
class CorrectionPublished(Event, frozen=True):
    """A later version has taken the place of what was published, and why."""

    version: int
    corrects: int
    reason: str


@event("publishing.FeedbackRecorded", title="登记公开后的反馈", rules=("KH-02.3c",), article=STEPS)
class FeedbackRecorded(Event, frozen=True):
    """What came back after the publication, without anybody's personal data, and what was done about it."""

    feedback: str
    handling: str


@event("publishing.Withdrawn", title="撤下", rules=("BM-03b",), article=SECRECY)
class Withdrawn(Event, frozen=True):
    """Taken off every channel."""

    reason: str


@event("publishing.ValidityChanged", title="调整有效性", rules=("DX-04.5",), article="国令711 第二十条")
class ValidityChanged(Event, frozen=True):
    """The document is in force, amended, expired or repealed, by this basis."""

    validity: str
    basis: str


@event("publishing.DeadlineMissed", title="逾期未主动公开", rules=("KH-02.3a",), article=CLOCK)
class DeadlineMissed(Event, frozen=True):
    """The statutory day has passed and nothing was published."""

    due: date


@event("publishing.DeadlineMissWithdrawn", title="撤销逾期未主动公开", rules=("KH-02.3a",), article=CLOCK)
class DeadlineMissWithdrawn(Event, frozen=True):
    """A publication that was recorded later had been in time."""

    due: date


@event("publishing.RelatedLinked", title="关联新闻发布、舆情回应", rules=("YQ-03.5b",), article=RELATED)
class RelatedLinked(Event, frozen=True):
    """What press says of the same: its kind (statement, press_event or response), its id, what it is about, and the version that it agrees with."""

    kind: str
    thing: UUID
    title: str
    version: int


@event("publishing.FileAttached", title="上传公开的文件", rules=("WZ-4.1",), article=STEPS)
class FileAttached(Event, frozen=True):
    """A file that may be published, looked into and scanned: nothing in it is hidden, or it was taken out. `findings` are told, they do not block.

    `sha256` is of the bytes as they are kept and given out, `size` in bytes. `cleaned`: it is a copy without what had been
    hidden; `looked`: a person has looked at each page.
    """

    name: str
    sha256: str
    size: int
    kind: str
    scan: str
    findings: tuple[Finding, ...] = ()
    cleaned: bool = False
    looked: bool = False

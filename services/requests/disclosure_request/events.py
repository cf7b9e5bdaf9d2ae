"""Every event that a disclosure request records. Personal data stands only in fields of type `Personal`."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

EXTENSION = {"decree-711": "国令711 第三十三条", "bureau-2019": "本局依申请公开制度（YS-F.3）"}
REPLY_PERIOD = {"decree-711": "国令711 第三十三条", "bureau-2019": "本局考核制度（KH-02.3b）"}


class File(msgspec.Struct, frozen=True):
    """A file to be given out: its name, the SHA-256 of its bytes (64 hex digits), its size in bytes."""

    name: str
    sha256: str
    size: int


class Ground(msgspec.Struct, frozen=True):
    """One ground of a reply: the result row that it comes under, its article and reason, and for which part of what was asked."""

    outcome: str
    article: str
    ground: str = ""
    reason: str = ""
    part: str = ""


@event("requests.RequestReceived", title="收到申请", rules=("YS-05.1a", "YS-05.1b"), article="国令711 第二十九条、第三十一条")
class RequestReceived(Event, frozen=True):
    """A request has come in. `received_on`: the civil day on which it was handed in, signed for or submitted.

    `rulebook`: the one in force on that day, which the case keeps. `deadline` stands where the channel starts the clock at once.
    """

    channel: str
    received_on: date
    rulebook: str
    applicant_kind: str
    applicant_name: Personal
    contact: Personal
    content: Personal
    person_key: UUID
    tracking_number: str
    password_hash: str
    id_number: Personal | None = None
    address: Personal | None = None
    form: str = "electronic"
    delivery: str = "email"
    own_records: bool = False
    evidence: str = ""
    deadline: Deadline | None = None


@event("requests.ReceiptConfirmed", title="双方确认收到", article="国令711 第三十一条")
class ReceiptConfirmed(Event, frozen=True):
    """Agency and applicant have confirmed the receipt: the clock starts."""

    confirmed_on: date
    how: str
    deadline: Deadline


@event("requests.IdentityVerified", title="核验身份", rules=("YS-05.2a", "YS-05.2b"), article="国令711 第二十九条")
class IdentityVerified(Event, frozen=True):
    """The applicant's identity was verified, on paper or online; it opens just this person's own records."""

    how: str
    evidence: str


@event("requests.RequestRegistered", title="登记编号", article="国令711 第四十五条")
class RequestRegistered(Event, frozen=True):
    """The request has its official number; where its clock runs, its due date too."""

    number: str
    deadline: Deadline | None = None


@event("requests.ReceiptAcknowledged", title="出具回执", article="国令711 第三十一条")
class ReceiptAcknowledged(Event, frozen=True):
    """The applicant was given a receipt."""

    way: str


@event("requests.RequestAssigned", title="分派承办科室", rules=("YS-11",), article="国令711 第四十五条")
class RequestAssigned(Event, frozen=True):
    """A unit is responsible."""

    unit: str


@event("requests.RequestReturned", title="退回办公室", article="国令711 第四十五条")
class RequestReturned(Event, frozen=True):
    """The unit gives the case back to the disclosure office."""

    reason: str


@event("requests.AmendmentRequested", title="告知补正", rules=("YS-06.3",), article="国令711 第三十条")
class AmendmentRequested(Event, frozen=True):
    """The applicant was told, once, everything that has to be amended, and until when."""

    items: tuple[str, ...]
    deadline: Deadline


@event("requests.RequestAmended", title="收到补正", rules=("YS-06.3",), article="国令711 第三十条")
class RequestAmended(Event, frozen=True):
    """The amended request has arrived: the clock starts anew. `good_reason`: why it was good to come after its due date."""

    amended_on: date
    content: Personal
    deadline: Deadline
    good_reason: Personal | None = None


@event("requests.AmendmentLapsed", title="逾期不补正", rules=("YS-06.3",), article="国令711 第三十条")
class AmendmentLapsed(Event, frozen=True):
    """Not amended in time without good reason: the request is taken as given up."""

    outcome: str


@event(
    "requests.FeeAssessed",
    title="发出收费通知",
    rules=("YS-G.3", "YS-08"),
    article={"decree-711": "国令711 第四十二条", "bureau-2019": "本局依申请公开制度（YS-G.3）"},
)
class FeeAssessed(Event, frozen=True):
    """A fee notice: how it was counted, how much (yuan), and until when it is to be paid."""

    basis: str
    count: int
    yuan: int
    deadline: Deadline


@event("requests.FeePaid", title="登记缴费", rules=("YS-08x.2",), article="国办函〔2020〕109号 第六条")
class FeePaid(Event, frozen=True):
    """Paid to the agency itself: the clock starts anew the day after."""

    paid_on: date
    evidence: str
    deadline: Deadline


@event("requests.FeeLapsed", title="逾期不缴费", rules=("YS-G.3",), article="国办函〔2020〕109号 第六条")
class FeeLapsed(Event, frozen=True):
    """Not paid in time: the request is not processed any further."""

    outcome: str


@event("requests.ExtensionRequested", title="申请延期", rules=("YS-F.3",), article=EXTENSION)
class ExtensionRequested(Event, frozen=True):
    """Somebody asks for more time, with reasons."""

    working_days: int
    reason: str


@event("requests.ReplyExtended", title="批准延期", rules=("YS-F.3",), article=EXTENSION)
class ReplyExtended(Event, frozen=True):
    """Approved: the new due date, of which the applicant is told with the reason."""

    working_days: int
    deadline: Deadline


@event("requests.ExtensionRefused", title="不同意延期", rules=("YS-F.3",), article=EXTENSION)
class ExtensionRefused(Event, frozen=True):
    """Not approved: the due date stays."""

    reason: str


@event("requests.ClockSuspended", title="中止期限", rules=("YS-F.4a",), article="本局依申请公开制度（YS-F.4a）")
class ClockSuspended(Event, frozen=True):
    """The period stands still from this day on."""

    reason: str
    since: date


@event("requests.ClockResumed", title="恢复期限", rules=("YS-F.4b",), article="本局依申请公开制度（YS-F.4b）")
class ClockResumed(Event, frozen=True):
    """The obstacle is gone: the period goes on."""

    resumed_on: date
    deadline: Deadline


@event("requests.SecrecyReviewRequested", title="提请保密审查", rules=("BM-03b", "YS-07.5"), article="国令711 第十七条")
class SecrecyReviewRequested(Event, frozen=True):
    """These files go to secrecy review, by their hashes. The review's number counts the reviews of this request."""

    review: int
    files: tuple[File, ...]
    unit: str = ""


@event("requests.SecrecyReviewConcluded", title="保密审查结论", rules=("BM-03b",), article="国令711 第十七条")
class SecrecyReviewConcluded(Event, frozen=True):
    """What review has decided about these very bytes: the hashes that may be given out, and those that may not."""

    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()


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
    """The reply was delivered by the agency itself. `overdue_reason` stands where it came after its due date."""

    outcome: str
    way: str
    evidence: str
    overdue_reason: str = ""


@event("requests.RequestWithdrawn", title="撤回申请", article="国令711 第四十五条")
class RequestWithdrawn(Event, frozen=True):
    """The applicant does not want it any more."""

    by: str
    outcome: str
    reason: Personal | None = None


@event("requests.RequestVoided", title="作废登记", article="国令711 第四十五条")
class RequestVoided(Event, frozen=True):
    """Registered by mistake: it never was a request."""

    reason: str


@event("requests.RequestMerged", title="并入重复登记", article="国令711 第四十五条")
class RequestMerged(Event, frozen=True):
    """The same request was registered twice: this one goes on in the other."""

    into: UUID
    reason: str


@event("requests.DuplicateMerged", title="并入了重复登记", article="国令711 第四十五条")
class DuplicateMerged(Event, frozen=True):
    """Another registration of this request was merged into it."""

    duplicate: UUID


@event("requests.FactsCorrected", title="更正登记内容", article="国令711 第四十五条")
class FactsCorrected(Event, frozen=True):
    """What was registered wrongly, as it was and as it is; a due date that follows from it is set anew."""

    reason: str
    received_on_before: date | None = None
    received_on: date | None = None
    applicant_kind_before: str | None = None
    applicant_kind: str | None = None
    deadline: Deadline | None = None


@event("requests.DeadlineMissed", title="逾期", rules=("YS-F.1-2", "KH-02.3b"), article=REPLY_PERIOD)
class DeadlineMissed(Event, frozen=True):
    """The due date has passed without a reply. Recorded once for each due date."""

    due: date


@event("requests.DeadlineMissWithdrawn", title="撤销逾期记录", article=REPLY_PERIOD)
class DeadlineMissWithdrawn(Event, frozen=True):
    """A reply recorded later had been given in time: the miss is taken back."""

    due: date


@event("requests.DeadlineRecomputed", title="重算期限", article=REPLY_PERIOD)
class DeadlineRecomputed(Event, frozen=True):
    """A calendar was announced: the due date as it was, and as it is now certain to be."""

    before: Deadline
    deadline: Deadline

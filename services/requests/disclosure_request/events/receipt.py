"""What is recorded of the receipt: who asks, how it came, that it was confirmed, and its number."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


@event("requests.RequestReceived", title="收到申请", rules=("YS-05.1a", "YS-05.1b"), article="国令711 第二十九条、第三十一条")
class RequestReceived(Event, frozen=True):
    """A request has come in. `received_on`: the civil day on which it was handed in, signed for or submitted.

    `rulebook`: the one in force on that day, which the case keeps. `template`: the version of the agency's form, where it was made on
    one. `deadline` stands where the channel starts the clock at once.
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
    template: str = ""
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

"""Every event of a complaint. Who complains, how to reach it and its words are sealed."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

COMPLAINTS = {"decree-711": "国令711 第四十七条、第五十一条", "bureau-2019": "本局依申请公开制度（YS-10.1）"}
REFERRAL = {"decree-711": "国令711 第四十七条、第五十三条", "bureau-2019": "本局责任追究制度（ZR-05a）"}


@event("audit.ComplaintReceived", title="收到投诉举报", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintReceived(Event, frozen=True):
    """Somebody complains, by its name or without; `case`: the request, publication or opinion that it concerns; accepted or declined by the due date."""

    channel: str
    kind: str
    text: Personal
    person_key: UUID
    tracking_number: str
    password_hash: str
    deadline: Deadline
    anonymous: bool
    name: Personal | None = None
    contact: Personal | None = None
    about_unit: str = ""
    case: UUID | None = None
    evidence: str = ""


@event("audit.ComplaintAccepted", title="受理投诉举报", rules=("YS-10.1",), article=COMPLAINTS)
class ComplaintAccepted(Event, frozen=True):
    """It is looked into, and concluded by the due date."""

    deadline: Deadline


@event("audit.ComplaintDeclined", title="不予受理投诉举报", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintDeclined(Event, frozen=True):
    """It is not looked into here, with the reason, and to whom it was passed on."""

    ground: str
    reason: str
    passed_to: str = ""


@event("audit.ComplaintTriaged", title="初核投诉举报", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintTriaged(Event, frozen=True):
    """How weighty it is, and which unit and official it concerns."""

    severity: str
    note: str
    about_unit: str = ""
    about_person: UUID | None = None


@event("audit.ComplaintLinked", title="关联被投诉的事项", rules=("YS-10.1",), article=COMPLAINTS)
class ComplaintLinked(Event, frozen=True):
    """The request, publication, opinion or inspection that it concerns."""

    case: UUID
    what: str


@event("audit.ComplaintConcluded", title="作出投诉举报结论", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintConcluded(Event, frozen=True):
    """Founded, partly or not, with what was found and what was put right."""

    finding: str
    facts: str
    measures: str


@event("audit.ComplaintReferred", title="转入责任追究", rules=("YS-08x.2", "X-08"), article=REFERRAL)
class ComplaintReferred(Event, frozen=True):
    """It leads to the accountability case of this id, from this source and on this ground (kinds.toml)."""

    case: UUID
    source: str
    kind: str
    ground: str
    severity: str
    about_unit: str = ""
    about_person: UUID | None = None


@event("audit.ComplainantTold", title="告知投诉举报人", rules=("YS-10.1",), article=COMPLAINTS)
class ComplainantTold(Event, frozen=True):
    """Who complained knows what came of it."""

    way: str
    text: Personal


@event("audit.ComplaintReopened", title="重新调查投诉举报", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintReopened(Event, frozen=True):
    """There are new facts: it is looked into again, by a day of its own."""

    reason: str
    deadline: Deadline


@event("audit.ComplaintOverdue", title="投诉举报逾期", rules=("YS-10.1", "X-08"), article=COMPLAINTS)
class ComplaintOverdue(Event, frozen=True):
    """The day of its acceptance, or of its conclusion, has passed. Each once."""

    owed: str
    due: date

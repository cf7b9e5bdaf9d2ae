"""Every event of an item of public opinion."""

from datetime import datetime
from uuid import UUID

from services.press.clearance.events import Addressee
from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ）"}


@event(
    "press.OpinionDetected",
    title="发现舆情",
    rules=(
        "YQ-03.1a",
        "XW-08.2",
    ),
    article=ARTICLE,
)
class OpinionDetected(Event, frozen=True):
    """It was seen at this place at this moment; `published_at`: when it appeared there. No name of who said it stands here."""

    source: str
    place: str
    title: str
    summary: str
    detected_at: datetime
    published_at: datetime | None = None


@event("press.OwnerAssigned", title="确定主管科室", rules=("YQ-02.2",), article=ARTICLE)
class OwnerAssigned(Event, frozen=True):
    """The unit in charge of the matter: it answers for it, and it alone speaks."""

    unit: str


@event("press.OpinionShared", title="舆情信息互通共享", rules=("YQ-03.1d",), article=ARTICLE)
class OpinionShared(Event, frozen=True):
    """Told to the bodies of portal, hotline and official accounts."""

    bodies: tuple[str, ...]
    note: str


@event("press.VerificationRequested", title="请求核实", rules=("YQ-03.1b",), article=ARTICLE)
class VerificationRequested(Event, frozen=True):
    """Asked of portal, hotline or official accounts whether it is so."""

    of: str
    question: str


@event("press.OpinionVerified", title="核实结果", rules=("YQ-03.1b",), article=ARTICLE)
class OpinionVerified(Event, frozen=True):
    """What was found: true, partly, misunderstood, distorted or a rumour."""

    found: str
    facts: str


@event("press.OpinionAssessed", title="研判舆情", rules=("YQ-03.2a",), article=ARTICLE)
class OpinionAssessed(Event, frozen=True):
    """Points by aspect, the level, whether it is worth an answer, and until when what is owed (instants, by kind)."""

    points: dict[str, int]
    level: str
    respond: bool
    reason: str
    owed: dict[str, datetime]


@event("press.HandlingProposed", title="提出处置意见", rules=("YQ-03.2d",), article=ARTICLE)
class HandlingProposed(Event, frozen=True):
    """Its nature, where it goes, the risk, and what is to be done."""

    nature: str
    trend: str
    risk: str
    measures: str


@event("press.HandlingApproved", title="批准处置意见", rules=("YQ-03.2d",), article=ARTICLE)
class HandlingApproved(Event, frozen=True):
    """Another person approves."""


@event("press.HandlingReturned", title="退回处置意见", rules=("YQ-03.2d",), article=ARTICLE)
class HandlingReturned(Event, frozen=True):
    """To be thought over."""

    reason: str


@event(
    "press.ReportedUp",
    title="归口报送",
    rules=(
        "YQ-03.3",
        "YQ-03.1c",
    ),
    article=ARTICLE,
)
class ReportedUp(Event, frozen=True):
    """Reported through the one channel; `minutes`: from detection to report."""

    to: str
    level: str
    way: str
    minutes: int


@event("press.OpinionAccepted", title="受理舆情", rules=("YQ-03.4b",), article=ARTICLE)
class OpinionAccepted(Event, frozen=True):
    """The unit in charge has taken it."""


@event("press.OpinionTransferred", title="转办舆情", rules=("YQ-03.4b",), article=ARTICLE)
class OpinionTransferred(Event, frozen=True):
    """Another unit is in charge."""

    unit: str
    reason: str


@event("press.HandlingFedBack", title="反馈办理结果", rules=("YQ-03.4b",), article=ARTICLE)
class HandlingFedBack(Event, frozen=True):
    """What the unit has done."""

    result: str


@event("press.JointTaskAssigned", title="分派协同任务", rules=("YQ-03.4d",), article=ARTICLE)
class JointTaskAssigned(Event, frozen=True):
    """Another unit takes a part."""

    unit: str
    task: str


@event("press.RealCaseLinked", title="关联实际事项", rules=("YQ-03.4a",), article=ARTICLE)
class RealCaseLinked(Event, frozen=True):
    """The matter behind it, which has to be solved itself."""

    what: str
    case: UUID | None = None


@event("press.RealCaseSolved", title="实际事项已解决", rules=("YQ-03.4a",), article=ARTICLE)
class RealCaseSolved(Event, frozen=True):
    """What was done about the matter."""

    how: str


@event(
    "press.ResponseDrafted",
    title="拟制回应",
    rules=(
        "YQ-03.5f",
        "YQ-04.1b",
    ),
    article=ARTICLE,
)
class ResponseDrafted(Event, frozen=True):
    """What is to be said, in which forms and where; `hash` names exactly this. `concerns`: the other agencies that have to confirm it."""

    text: str
    forms: tuple[str, ...]
    channels: tuple[str, ...]
    hash: str
    unit: str
    concerns: tuple[Addressee, ...] = ()


@event("press.ResponseApproved", title="审核回应", rules=("YQ-04.1b",), article=ARTICLE)
class ResponseApproved(Event, frozen=True):
    """Another person than the writer approves exactly this."""

    hash: str


@event(
    "press.ResponseIssued",
    title="发布回应",
    rules=(
        "YQ-03.5c",
        "YQ-03.5e",
        "YQ-04.2b",
    ),
    article=ARTICLE,
)
class ResponseIssued(Event, frozen=True):
    """Said on this channel by the unit in charge; `late_minutes`: after what was owed."""

    channel: str
    evidence: str
    unit: str
    late_minutes: int = 0
    publication: UUID | None = None


@event("press.PressEventLinked", title="举行新闻发布", rules=("YQ-04.2c", "XW-02"), article=ARTICLE)
class PressEventLinked(Event, frozen=True):
    """The agency has spoken about it at an event of this form; `late_minutes`: after the hour by which a press conference was owed."""

    release: UUID
    title: str
    form: str
    late_minutes: int = 0


@event("press.ResponseMissed", title="逾时未回应", rules=("YQ-03.1c",), article=ARTICLE)
class ResponseMissed(Event, frozen=True):
    """The hours have passed without what was owed."""

    owed: str
    until: datetime


@event("press.ItemClosed", title="舆情办结", rules=("YQ-03.4b",), article=ARTICLE)
class ItemClosed(Event, frozen=True):
    """Nothing more is done about it."""

    reason: str

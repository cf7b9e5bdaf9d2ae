"""Every event of an inspection of a unit."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event

INSPECTION = {"decree-711": "国令711 第四十六条、第四十七条", "bureau-2019": "本局监督检查制度（JD-01 至 JD-03）"}
RECTIFICATION = {"decree-711": "国令711 第四十七条", "bureau-2019": "本局保密审查制度（BM-16）、监督检查制度（JD-02）"}
SURVEY = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局监督检查制度（JD-03）"}


@event("audit.InspectionPlanned", title="制定检查方案", rules=("JD-01", "JD-03"), article=INSPECTION)
class InspectionPlanned(Event, frozen=True):
    """This unit will be inspected on this day; `kind` is the method, `subject` what is inspected (scheme.toml)."""

    name: str
    kind: str
    subject: str
    unit: str
    on: date
    year: int
    basis: str


@event("audit.InspectionApproved", title="批准检查方案", rules=("JD-01",), article=INSPECTION)
class InspectionApproved(Event, frozen=True):
    """Those who are responsible have approved the plan."""


@event("audit.InspectionCancelled", title="取消检查", rules=("JD-01",), article=INSPECTION)
class InspectionCancelled(Event, frozen=True):
    """It is not held."""

    reason: str


@event("audit.SupervisionTeamFormed", title="成立督导组", rules=("JD-04+05",), article=INSPECTION)
class SupervisionTeamFormed(Event, frozen=True):
    """Who inspects: a head, members, and volunteer supervisors who go with them."""

    head: UUID
    members: tuple[UUID, ...] = ()
    supervisors: tuple[UUID, ...] = ()


@event("audit.InspectionRecorded", title="登记检查结果", rules=("JD-02", "YQ-04.3a", "BM-15", "JD-06a"), article=INSPECTION)
class InspectionRecorded(Event, frozen=True):
    """The points of the six questions with notes; `replaces`: the total that was recorded before."""

    scores: dict[str, int]
    notes: dict[str, str]
    total: int
    unit: str
    year: int
    summary: str
    replaces: int | None = None


@event("audit.SurveyRun", title="开展知晓率、满意率测评", rules=("JD-03", "JD-04+05"), article=SURVEY)
class SurveyRun(Event, frozen=True):
    """So many were asked; so many of them knew of the openness, so many were satisfied. Rates are computed from these."""

    asked: int
    aware: int
    satisfied: int
    method: str
    among: str


@event("audit.IssueOpened", title="发现问题", rules=("JD-02", "BM-15", "X-08"), article=RECTIFICATION)
class IssueOpened(Event, frozen=True):
    """A problem was found, and is to be put right by this day; `question` is one of the six."""

    number: int
    question: str
    what: str
    due: date
    unit: str
    year: int


@event("audit.IssueClosed", title="问题销号", rules=("JD-02", "BM-15", "X-08"), article=RECTIFICATION)
class IssueClosed(Event, frozen=True):
    """It was put right, as those who inspect have seen."""

    number: int
    how: str
    evidence: str
    unit: str
    year: int


@event("audit.IssueReopened", title="问题重新挂号", rules=("JD-02", "X-08"), article=RECTIFICATION)
class IssueReopened(Event, frozen=True):
    """It was not put right after all."""

    number: int
    reason: str
    due: date
    unit: str
    year: int


@event("audit.IssueOverdue", title="问题逾期未解决", rules=("JD-02", "X-08"), article=RECTIFICATION)
class IssueOverdue(Event, frozen=True):
    """The day by which it was to be put right has passed. Once for each day."""

    number: int
    due: date


@event("audit.RectificationOrdered", title="责令限期整改", rules=("BM-16",), article=RECTIFICATION)
class RectificationOrdered(Event, frozen=True):
    """The leading group orders the unit to put these problems right by the day that it sets."""

    number: int
    issues: tuple[int, ...]
    demand: str
    due: date
    document: str


@event("audit.RectificationDone", title="完成整改", rules=("BM-16",), article=RECTIFICATION)
class RectificationDone(Event, frozen=True):
    """The unit reports what it has put right."""

    number: int
    report: str


@event("audit.RectificationReturned", title="退回整改", rules=("BM-16",), article=RECTIFICATION)
class RectificationReturned(Event, frozen=True):
    """What the unit has reported does not do."""

    number: int
    reason: str
    due: date


@event("audit.RectificationOverdue", title="逾期未整改", rules=("BM-16", "X-08"), article=RECTIFICATION)
class RectificationOverdue(Event, frozen=True):
    """The day of the order has passed. Once for each day."""

    number: int
    due: date


@event("audit.CriticismCirculated", title="通报批评", rules=("BM-16",), article=RECTIFICATION)
class CriticismCirculated(Event, frozen=True):
    """The leading group criticises the unit in a circular."""

    unit: str
    reason: str
    document: str


@event("audit.InspectionClosed", title="检查办结", rules=("JD-02", "X-08"), article=INSPECTION)
class InspectionClosed(Event, frozen=True):
    """With its conclusion; nothing is open any more."""

    conclusion: str


@event("audit.InspectionReopened", title="重新检查", rules=("JD-02",), article=INSPECTION)
class InspectionReopened(Event, frozen=True):
    """Something came up after it was closed."""

    reason: str

"""Every event of a unit's appraisal. Scores are hundredths of a point."""

from datetime import date
from uuid import UUID

import msgspec

from services.audit.figures import Figure
from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

GROUP = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-01）"}
STANDARDS = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-03）"}
PRAISE = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-07a）"}
FAILING = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-07b）"}


class Basis(msgspec.Struct, frozen=True):
    """What one criterion of a score rests on: the figure from the ledger with its positions, or a judgement with its reason.

    `points`: hundredths; None where nothing was due, so that its weight went to the others.
    """

    criterion: str
    weight: int
    points: int | None = None
    figure: Figure | None = None
    reason: str = ""


@event("audit.UnitAppraisalOpened", title="列入考核", rules=("KH-05",), article=GROUP)
class UnitAppraisalOpened(Event, frozen=True):
    """A unit is appraised for a period, and checks itself until this day, which counts in."""

    appraisal: UUID
    unit: str
    year: int
    scope: str
    since: date
    until: date
    self_check_by: date


@event("audit.SelfCheckSubmitted", title="提交自查", rules=("KH-03",), article=STANDARDS)
class SelfCheckSubmitted(Event, frozen=True):
    """What the unit found of itself, and what it will do about it; the figures that it saw. `late`: after its day."""

    findings: str
    measures: str
    figures: tuple[Figure, ...] = ()
    late: bool = False


@event("audit.StandardScored", title="评分", rules=("KH-02.1", "KH-02.2", "KH-02.3a", "KH-02.3b", "KH-03", "YQ-04.3b"), article=STANDARDS)
class StandardScored(Event, frozen=True):
    """The score of one of the four standards, criterion by criterion; scored again, `corrects` says why."""

    standard: str
    score: int
    bases: tuple[Basis, ...]
    corrects: str = ""


@event("audit.CorrectionRequested", title="对评分提出异议", rules=("KH-01",), article=GROUP)
class CorrectionRequested(Event, frozen=True):
    """The unit holds a score to be wrong."""

    standard: str
    reason: str


@event("audit.CorrectionAnswered", title="答复评分异议", rules=("KH-01",), article=GROUP)
class CorrectionAnswered(Event, frozen=True):
    """It is scored again, or the score stands, and why."""

    standard: str
    accepted: bool
    reason: str


@event("audit.GradeAssigned", title="评定等次", rules=("KH-01", "ZR-06.4"), article=GROUP)
class GradeAssigned(Event, frozen=True):
    """The grade that the leading group has settled. `barred_by`: the ledger's position of what bars the unit from the best one."""

    total: int
    grade: str
    reason: str = ""
    barred_by: str = ""


@event("audit.UnitAppraisalCancelled", title="考核取消", rules=("KH-01",), article=GROUP)
class UnitAppraisalCancelled(Event, frozen=True):
    """The appraisal is not carried out."""

    reason: str


@event("audit.Commended", title="通报表扬", rules=("KH-07a",), article=PRAISE)
class Commended(Event, frozen=True):
    """The unit, and these of its people (person ids), are commended in a circular."""

    document: str
    people: tuple[str, ...] = ()


@event("audit.AppraisalCriticised", title="考核不合格通报批评", rules=("KH-07b",), article=FAILING)
class AppraisalCriticised(Event, frozen=True):
    """The failing unit is criticised in a circular, received on `received_on`: its plan of rectification is due a week later."""

    document: str
    received_on: date
    deadline: Deadline


@event("audit.RectificationPlanSubmitted", title="提出整改措施", rules=("KH-07b",), article=FAILING)
class RectificationPlanSubmitted(Event, frozen=True):
    """What the unit will do, and by when. `late_days`: calendar days after the day it was due."""

    measures: str
    done_by: date
    late_days: int = 0


@event("audit.RectificationPlanOverdue", title="整改措施逾期", rules=("KH-07b",), article=FAILING)
class RectificationPlanOverdue(Event, frozen=True):
    """The week has passed without a plan."""

    due: date


@event("audit.RectificationPlanOverdueWithdrawn", title="撤销整改措施逾期", rules=("KH-07b",), article=FAILING)
class RectificationPlanOverdueWithdrawn(Event, frozen=True):
    """A plan that was recorded later had been in time."""

    due: date


@event("audit.RectificationPlanReturned", title="退回整改措施", rules=("KH-07b",), article=FAILING)
class RectificationPlanReturned(Event, frozen=True):
    """The plan is not enough; it stays owed by this day."""

    reason: str
    until: date


@event("audit.RectificationPlanAccepted", title="同意整改措施", rules=("KH-07b",), article=FAILING)
class RectificationPlanAccepted(Event, frozen=True):
    """The office agrees to it."""


@event("audit.UnitRectified", title="整改完成", rules=("KH-07b",), article=FAILING)
class UnitRectified(Event, frozen=True):
    """What was done, as the office has found it."""

    found: str

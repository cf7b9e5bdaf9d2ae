"""Every event of an appraisal."""

from datetime import date

import msgspec

from shared.kernel.events import Event, event

GROUP = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-01）"}
OBJECTS = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局考核制度（KH-05）"}


class Graded(msgspec.Struct, frozen=True):
    """What a unit was given: its total in hundredths of a point, the grade, why it differs from what the total gives, and the ledger's position of
    the event that bars it from the best grade.
    """

    unit: str
    total: int
    grade: str
    reason: str = ""
    barred_by: str = ""


@event("audit.AppraisalOpened", title="启动考核", rules=("KH-01",), article=GROUP)
class AppraisalOpened(Event, frozen=True):
    """The leading group appraises a period: all units (full), or those that it chooses (focused)."""

    year: int
    scope: str
    since: date
    until: date
    purpose: str = ""


@event("audit.AppraisalScopeSet", title="确定考核对象", rules=("KH-05",), article=OBJECTS)
class AppraisalScopeSet(Event, frozen=True):
    """The units that are appraised."""

    units: tuple[str, ...]
    reason: str = ""


@event("audit.AppraisalPlanned", title="制定考核方案", rules=("KH-01",), article=GROUP)
class AppraisalPlanned(Event, frozen=True):
    """How it is done, by whom (person ids), and until when the units check themselves; this day counts in."""

    plan: str
    team: tuple[str, ...]
    self_check_by: date


@event("audit.AppraisalNotified", title="发出考核通知", rules=("KH-01",), article=GROUP)
class AppraisalNotified(Event, frozen=True):
    """All units of the scope were told."""

    units: tuple[str, ...]


@event("audit.GradesSettled", title="审定考核等次", rules=("KH-01", "ZR-06.4"), article=GROUP)
class GradesSettled(Event, frozen=True):
    """The leading group has settled the grade of each unit."""

    grades: tuple[Graded, ...]


@event("audit.AppraisalCancelled", title="取消考核", rules=("KH-01",), article=GROUP)
class AppraisalCancelled(Event, frozen=True):
    """It is not carried out; nothing was settled."""

    reason: str

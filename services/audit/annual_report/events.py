"""Every event of an annual report. Its numbers stand in an event as they were counted from the logs up to named positions: no one types one."""

from datetime import date

import msgspec

from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国令711 第四十九条", "bureau-2019": "本局年度报告制度（NB-04a）"}
CONTENT = {"decree-711": "国令711 第五十条", "bureau-2019": "本局年度报告制度（NB-04a）"}
NUMBERS = "国办公开办函〔2021〕30号"
RULES = ("NB-04a",)


class Sections(msgspec.Struct, frozen=True):
    """The sections that are text: one (general), five (problems and improvements), six (other matters)."""

    general: str = ""
    problems: str = ""
    other: str = ""


class Fees(msgspec.Struct, frozen=True):
    """Fees for processing information in the year: notices sent, what they ask for and what was paid (yuan)."""

    notices: int = 0
    yuan: int = 0
    paid: int = 0
    collected: int = 0


class BrokenCheck(msgspec.Struct, frozen=True):
    """A check that does not hold: its name, the cells, what was found; a doubt fails nothing."""

    check: str
    cells: tuple[str, ...]
    told: str
    fails: bool = True


@event("audit.AnnualReportOpened", title="启动年度报告编制", rules=RULES, article=ARTICLE)
class AnnualReportOpened(Event, frozen=True):
    """The report of this year is to be made: whose (`own_agency` or `whole_government`), and by when it has to be published."""

    year: int
    kind: str
    due: date


@event("audit.AnnualReportDrafted", title="起草年度报告", rules=(*RULES, "NB-03.1"), article=CONTENT)
class AnnualReportDrafted(Event, frozen=True):
    """The sections that are text. Numbers that were counted before stay counted; what was approved is not approved any more."""

    sections: Sections
    kind: str
    due: date


@event("audit.AnnualReportCounted", title="由事件算出年度报告的数字", rules=(*RULES, "X-07"), article=NUMBERS)
class AnnualReportCounted(Event, frozen=True):
    """The numbers by replay of all logs up to these positions, for these agencies, with the checks that do not hold.

    `table2`: each cell as written, a number or "/"; one that is missing is blank. `table3`, `table4`: the rows by their key, their total last.
    `hash`: SHA-256 of all numbers.
    """

    positions: dict[str, int]
    agencies: tuple[str, ...]
    table2: dict[str, str]
    table3: dict[str, tuple[int, ...]]
    table4: dict[str, tuple[int, ...]]
    fees: Fees
    hash: str
    broken: tuple[BrokenCheck, ...] = ()


@event("audit.AnnualReportFrozen", title="审定年度报告", rules=(*RULES, "X-07"), article=ARTICLE)
class AnnualReportFrozen(Event, frozen=True):
    """Another person approves exactly this: text and numbers (`hash`), as all logs stood at these positions."""

    hash: str
    numbers: str
    positions: dict[str, int]


@event("audit.AnnualReportReturned", title="退回年度报告", rules=RULES, article=ARTICLE)
class AnnualReportReturned(Event, frozen=True):
    """Not approved: what has to be changed."""

    reason: str


@event("audit.AnnualReportPublished", title="公布年度报告", rules=RULES, article=ARTICLE)
class AnnualReportPublished(Event, frozen=True):
    """Submitted and made public, with the evidence; `late_days`: calendar days after the due date. `version` counts up with each correction."""

    version: int
    hash: str
    evidence: str
    late_days: int = 0


@event("audit.AnnualReportCorrected", title="更正已公布的年度报告", rules=RULES, article="国令711 第六条")
class AnnualReportCorrected(Event, frozen=True):
    """What was published stays on record; it is drafted, counted, approved and published again, for this reason."""

    reason: str
    version: int


@event("audit.AnnualReportReminded", title="提醒公布年度报告", rules=RULES, article=ARTICLE)
class AnnualReportReminded(Event, frozen=True):
    """The due date is near."""

    due: date


@event("audit.AnnualReportMissed", title="逾期未公布年度报告", rules=RULES, article=ARTICLE)
class AnnualReportMissed(Event, frozen=True):
    """The due date has passed without a publication."""

    due: date


@event("audit.AnnualReportMissWithdrawn", title="撤销逾期未公布年度报告", rules=RULES, article=ARTICLE)
class AnnualReportMissWithdrawn(Event, frozen=True):
    """A publication that was recorded later had been in time, or the report is due later."""

    due: date

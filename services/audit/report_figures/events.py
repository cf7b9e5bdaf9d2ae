"""Every event of the figures of a year."""

from shared.kernel.events import Event, event

ARTICLE = "国办公开办函〔2021〕30号"
RULES = ("X-07",)


@event("audit.FigureRecorded", title="登记年度报告表二的数字", rules=RULES, article=ARTICLE)
class FigureRecorded(Event, frozen=True):
    """What another system counted for this cell and year. `value`: a number as written, or "/" where the agency has no such power."""

    year: int
    cell: str
    value: str
    source: str
    evidence: str


@event("audit.FigureCorrected", title="更正年度报告表二的数字", rules=RULES, article=ARTICLE)
class FigureCorrected(Event, frozen=True):
    """What stood there was wrong; `value` None: nothing is known, the cell is blank again."""

    year: int
    cell: str
    value_before: str
    value: str | None
    source: str
    evidence: str
    reason: str

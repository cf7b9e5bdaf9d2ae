"""What may be decided about an annual report: whoever drafts does not approve, no check fails, and it is public by its day (Decree 711, 49, 50; NB-04a)."""

from collections.abc import Callable, Sequence
from datetime import date

from services.audit.annual_report import events as e
from services.audit.annual_report.state import TITLES, AnnualReport, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event
from shared.law.rulebook import YearlyDate

N = AnnualReport
Events = Sequence[Event]

DATES = {"own_agency": "annual_report", "whole_government": "government_report"}
"""The rulebook's date for each kind of report."""

FIRST_YEAR = 2008
"""Since when reports are made."""


def due_of(given: Given, kind: str, year: int) -> date:
    """By when the report of this year is published: in the year after it."""
    return rule(given, kind).of(year + 1)


def rule(given: Given, kind: str) -> YearlyDate:
    """What the rulebook says of the day."""
    return given.rulebook.dates[DATES[kind]]


def own(state: N, given: Given) -> None:
    """A report is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到这份年度报告，请核对编号。")


def at(*stages: Stage, code: str, remedy: str) -> Callable[[N, Given], None]:
    """Open just in these stages."""

    def guard(state: N, given: Given) -> None:
        own(state, given)
        if state.stage not in stages:
            raise Refused(code, f"年度报告目前“{TITLES[state.stage]}”，{remedy}", remedy=remedy)

    return guard


draftable = at(
    Stage.OPENED, Stage.DRAFTED, Stage.COUNTED, code="not-draftable", remedy="审定以后要修改，请先退回；公布以后要修改，请更正。"
)
freezable = at(Stage.COUNTED, code="not-counted", remedy="起草正文并由事件算出数字以后才能审定。")
returnable = at(Stage.COUNTED, Stage.FROZEN, code="not-returnable", remedy="没有待审定或者待公布的内容可以退回。")
publishable = at(Stage.FROZEN, code="not-frozen", remedy="审定以后才能公布。")
correctable = at(Stage.PUBLISHED, code="not-published", remedy="公布以后才需要更正；公布以前直接修改。")


def open_report(state: N, given: Given, year: int, kind: str) -> Events:
    """Once, and not for a year that has not begun."""
    if state.exists:
        raise Refused("report-open", f"{year} 年的年度报告已经启动，请在列表中打开。")
    if not FIRST_YEAR <= year <= given.today.year:
        sentence = f"应为 {FIRST_YEAR} 至 {given.today.year}"
        raise Invalid("bad-year", f"年份有误：{sentence}。", fields=[{"field": "year", "sentence": sentence}])
    return [e.AnnualReportOpened(year=year, kind=kind, due=due_of(given, kind, year))]


def draft(state: N, given: Given, sections: e.Sections, kind: str) -> Events:
    """The words, as often as wanted until they are approved. A report that is due later, because of whose it is, was not missed."""
    due = due_of(given, kind, state.year)
    events: list[Event] = [e.AnnualReportDrafted(sections=sections, kind=kind, due=due)]
    if state.missed and given.today <= due:
        events.append(e.AnnualReportMissWithdrawn(due=due))
    return events


def freeze(state: N, given: Given, approves: str) -> Events:
    """Another person than who has drafted or counted, for exactly what was shown, when the year is over and no check fails."""
    counted = state.counted
    assert counted is not None
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "起草年度报告或者算出数字的人不能审定，请由另一人审定。", article="国令711 第四十九条")
    if given.today.year <= state.year:
        raise Refused("year-not-over", f"{state.year} 年还没有结束，年度数字尚未齐全，请在次年审定。")
    if approves != state.hash:
        raise Refused("content-changed", "您看到的年度报告已有改动，请刷新页面、核对后再审定。")
    failed = [one for one in counted.broken if one.fails]
    if failed:
        told = "；".join(f"（{one.check}）{'、'.join(one.cells)}：{one.told}" for one in failed[:10])
        raise Refused("check-failed", f"以下核对不合格，更正后重新算出数字再审定：{told}。", article="国办公开办函〔2021〕30号")
    return [e.AnnualReportFrozen(hash=state.hash, numbers=counted.hash, positions=counted.positions)]


def make_public(state: N, given: Given, evidence: str) -> Events:
    """With its evidence; how late it is is counted in calendar days. One that is entered later but was in time takes the miss back."""
    assert state.due is not None
    first = state.published == 0
    late = max((given.today - state.due).days, 0) if first else 0
    events: list[Event] = [e.AnnualReportPublished(version=state.published + 1, hash=state.hash, evidence=evidence, late_days=late)]
    if state.missed and first and not late:
        events.append(e.AnnualReportMissWithdrawn(due=state.due))
    return events


def remind(state: N, given: Given) -> Events:
    """Once, while it is not public."""
    if state.published or state.reminded or state.due is None or given.today > state.due:
        return []
    return [e.AnnualReportReminded(due=state.due)]


def miss(state: N, given: Given) -> Events:
    """Once, when the day has passed without a publication."""
    if state.published or state.missed or state.due is None or given.today <= state.due:
        return []
    return [e.AnnualReportMissed(due=state.due)]

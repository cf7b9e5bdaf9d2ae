"""The annual report from its opening to its publication (NB-04a, X-07): drafted, counted by replay, approved by another, public by its day."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from demo import cli as _demo
from services.audit.annual_report import commands as c
from services.audit.annual_report import events as e
from services.audit.annual_report.state import AnnualReport, annual_report
from services.audit.earlier_report.commands import ImportEarlierReport
from services.audit.earlier_report.decisions import earlier_report
from services.audit.earlier_report.events import EarlierReportImported
from services.audit.report_figures.commands import CorrectFigure, RecordFigure
from services.audit.report_figures.decisions import report_figures
from services.audit.report_figures.events import FigureCorrected, FigureRecorded
from tests.contracts.examples.audit_reports import EXAMPLES
from tests.specification import Specification, given, person

CLERK = person("reporter", "disclosure_office")
HEAD = person("head", "agency_head")
OPENED = e.AnnualReportOpened(year=2025, kind="own_agency", due=date(2026, 1, 31))
SECTIONS = e.Sections("一", "五", "六")
DRAFTED = e.AnnualReportDrafted(sections=SECTIONS, kind="own_agency", due=date(2026, 1, 31))
COUNTED = replace(next(one for one in EXAMPLES if isinstance(one, e.AnnualReportCounted)), broken=())
DAY = date(2026, 1, 12)
DRAFT = c.DraftAnnualReport(general="一", problems="五", other="六")
SUQIAN = (Path(_demo.__file__).parent / "reports" / "suqian_2023.json").read_text(encoding="utf-8")


def report(*events: Any) -> Specification:
    """A report of 2025 by the clerk, in January 2026."""
    return given(annual_report, OPENED, *events, day=DAY, by=CLERK)


def hash_of(specification: Specification) -> str:
    state = specification.state
    assert isinstance(state, AnnualReport)
    return state.hash


def frozen(counted: e.AnnualReportCounted = COUNTED) -> e.AnnualReportFrozen:
    return e.AnnualReportFrozen(hash=hash_of(report(DRAFTED, counted)), numbers=counted.hash, positions=counted.positions)


@pytest.mark.rule("NB-04a")
@pytest.mark.parametrize(("kind", "due"), [("own_agency", date(2026, 1, 31)), ("whole_government", date(2026, 3, 31))])
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_a_report_is_due_by_the_day_of_its_kind(kind: Any, due: date, book: str) -> None:
    new = given(annual_report, day=DAY).under(book)
    new.when(c.OpenAnnualReport(year=2025, kind=kind), CLERK).then(e.AnnualReportOpened(year=2025, kind=kind, due=due))
    new.when(c.OpenAnnualReport(year=2027), CLERK).refused("bad-year")
    report().when(c.OpenAnnualReport(year=2025), CLERK).refused("report-open")


@pytest.mark.rule("NB-04a")
def test_a_report_is_drafted_counted_approved_by_another_and_published_in_time() -> None:
    report().when(DRAFT, CLERK).then(DRAFTED)
    report(DRAFTED).when(c.FreezeAnnualReport(approves="0" * 64), HEAD).refused("not-counted")
    report(DRAFTED).when(c.CountAnnualReport(made=COUNTED), CLERK).then(COUNTED)
    ready = report(DRAFTED, COUNTED)
    ready.when(c.FreezeAnnualReport(approves=hash_of(ready)), CLERK).refused("drafter-approves")
    ready.when(c.FreezeAnnualReport(approves="0" * 64), HEAD).refused("content-changed")
    approved = ready.when(c.FreezeAnnualReport(approves=hash_of(ready)), HEAD).then(frozen())
    approved.later().when(DRAFT, CLERK).refused("not-draftable")
    published = approved.later(date(2026, 1, 31)).when(c.PublishAnnualReport(evidence="网址"), CLERK)
    published.then(e.AnnualReportPublished(version=1, hash=frozen().hash, evidence="网址"))


@pytest.mark.rule("NB-04a")
def test_what_is_late_is_told_in_days_and_a_later_entry_of_a_timely_publication_takes_the_miss_back() -> None:
    missed = e.AnnualReportMissed(due=OPENED.due)
    ready = report(DRAFTED, COUNTED, frozen(), missed)
    late = ready.on(date(2026, 2, 3)).when(c.PublishAnnualReport(evidence="网址"), CLERK)
    late.then(e.AnnualReportPublished(version=1, hash=frozen().hash, evidence="网址", late_days=3))
    timely = ready.on(date(2026, 1, 30)).when(c.PublishAnnualReport(evidence="网址"), CLERK)
    timely.records(e.AnnualReportPublished, e.AnnualReportMissWithdrawn)
    later = report(missed).on(date(2026, 2, 3)).when(c.DraftAnnualReport(general="一", problems="五", kind="whole_government"), CLERK)
    later.records(e.AnnualReportDrafted, e.AnnualReportMissWithdrawn)


@pytest.mark.rule("NB-04a")
def test_it_is_reminded_of_once_and_missed_once() -> None:
    near = report().on(date(2026, 1, 25)).when(c.RemindAnnualReport()).then(e.AnnualReportReminded(due=OPENED.due))
    near.later().when(c.RemindAnnualReport()).then()
    report().on(OPENED.due).when(c.MissAnnualReport()).then()
    missed = report().on(date(2026, 2, 1)).when(c.MissAnnualReport()).then(e.AnnualReportMissed(due=OPENED.due))
    missed.later().when(c.MissAnnualReport()).then()
    public = report(DRAFTED, COUNTED, frozen(), e.AnnualReportPublished(version=1, hash="cd" * 32, evidence="网址"))
    public.on(date(2026, 2, 1)).when(c.MissAnnualReport()).then()
    public.when(c.RemindAnnualReport()).then()


@pytest.mark.rule("NB-04a", "X-07")
@pytest.mark.parametrize("check", ["a", "b", "c", "d", "e", "f", "h", "i", "shape"])
def test_no_report_is_approved_while_a_check_fails(check: str) -> None:
    broken = e.BrokenCheck(check, ("表三“三、（七）总计”×“自然人”",), "是 1，应为 2")
    ready = report(DRAFTED, replace(COUNTED, broken=(broken,)))
    refused = ready.when(c.FreezeAnnualReport(approves=hash_of(ready)), HEAD).refused("check-failed")
    assert f"（{check}）" in refused.sentence
    assert "表三“三、（七）总计”×“自然人”" in refused.sentence
    doubt = e.BrokenCheck("g", ("第一部分“不予公开”",), "正文 1，表三 2", fails=False)
    ready = report(DRAFTED, replace(COUNTED, broken=(doubt,)))
    ready.when(c.FreezeAnnualReport(approves=hash_of(ready)), HEAD).records(e.AnnualReportFrozen)


@pytest.mark.rule("NB-04a")
def test_who_counted_does_not_approve_nor_anyone_before_the_year_is_over() -> None:
    ready = given(annual_report, OPENED, DRAFTED, COUNTED, day=date(2025, 12, 30), by=CLERK)
    ready.when(c.FreezeAnnualReport(approves=hash_of(ready)), HEAD).refused("year-not-over")
    drafted = given(annual_report, OPENED, DRAFTED, day=DAY, by=person("other", "disclosure_office"))
    counted = drafted.when(c.CountAnnualReport(made=COUNTED), HEAD).later()
    counted.when(c.FreezeAnnualReport(approves=hash_of(counted)), HEAD).refused("drafter-approves")


@pytest.mark.rule("NB-04a")
def test_a_published_report_is_corrected_with_a_reason_and_goes_the_whole_way_again() -> None:
    public = report(DRAFTED, COUNTED, frozen(), e.AnnualReportPublished(version=1, hash="cd" * 32, evidence="网址"))
    corrected = public.when(c.CorrectAnnualReport(reason="表二漏登"), CLERK).then(e.AnnualReportCorrected(reason="表二漏登", version=1))
    again = corrected.later().when(DRAFT, CLERK).later().when(c.CountAnnualReport(made=COUNTED), CLERK).later()
    second = again.when(c.FreezeAnnualReport(approves=hash_of(again)), HEAD).later().on(date(2026, 6, 1))
    second.when(c.PublishAnnualReport(evidence="新网址"), CLERK).then(
        e.AnnualReportPublished(version=2, hash=frozen().hash, evidence="新网址")
    )
    returned = report(DRAFTED, COUNTED).when(c.ReturnAnnualReport(reason="太短了"), HEAD).then(e.AnnualReportReturned(reason="太短了"))
    returned.later().when(DRAFT, CLERK).records(e.AnnualReportDrafted)


RECORD = RecordFigure(year=2025, cell="licences", value="747", source="审批系统", evidence="统计表 1 号")
FACT = FigureRecorded(year=2025, cell="licences", value="747", source="审批系统", evidence="统计表 1 号")


@pytest.mark.rule("X-07")
def test_a_number_of_another_system_is_a_fact_with_its_source_and_corrected_by_a_further_fact() -> None:
    made = given(report_figures, day=DAY).when(RECORD, CLERK).then(FACT)
    made.later().when(RECORD, CLERK).refused("figure-recorded")
    change = CorrectFigure(cell="licences", value="748", source="审批系统", evidence="统计表 2 号", reason="漏计")
    fact = FigureCorrected(
        year=2025, cell="licences", value_before="747", value="748", source="审批系统", evidence="统计表 2 号", reason="漏计"
    )
    corrected = made.later().when(change, CLERK).then(fact)
    corrected.later().when(change, CLERK).refused("figure-unchanged")
    blank = corrected.later().when(change.model_copy(update={"value": None}), CLERK).then(replace(fact, value_before="748", value=None))
    blank.later().when(change, CLERK).refused("no-figure")
    blank.later().when(RECORD, CLERK).then(FACT)


@pytest.mark.rule("X-07")
@pytest.mark.parametrize(
    ("cell", "value", "right"),
    [
        ("licences", "0", True), ("licences", "/", True), ("licences", "3.5", False), ("licences", "-1", False), ("licences", "１", False),
        ("licences", "01", False), ("charges", "59237.2449", True), ("charges", "0.0000001", False), ("charges", "=1", False),
        ("licences", "", False),
    ],
)  # fmt: skip
def test_nought_blank_and_a_stroke_are_three_things(cell: Any, value: str, right: bool) -> None:
    new = given(report_figures, day=DAY)
    if value == "":
        with pytest.raises(ValueError, match="value"):
            RecordFigure(year=2025, cell=cell, value=value, source="系统", evidence="表 1")
        return
    outcome = new.when(RECORD.model_copy(update={"cell": cell, "value": value}), CLERK)
    if right:
        outcome.records(FigureRecorded)
    else:
        outcome.refused("bad-figure")
    new.when(RECORD.model_copy(update={"year": 2027}), CLERK).refused("bad-year")


@pytest.mark.rule("NB-04a")
def test_an_earlier_report_is_taken_over_once_and_replaced_for_a_reason() -> None:
    take = ImportEarlierReport(year=2023, report=SUQIAN)
    outcome = given(earlier_report, day=DAY).when(take, CLERK).records(EarlierReportImported)
    (event,) = outcome.events
    assert isinstance(event, EarlierReportImported)
    assert (event.table3["new_received"][-1], event.table2["charges"], event.table4["行政复议"][-1]) == (3511, "59237.2449", 440)
    outcome.later().when(take, CLERK).then()
    other = json.loads(SUQIAN)
    other["table4"]["行政复议"][0] += 1
    changed = ImportEarlierReport(year=2023, report=json.dumps(other, ensure_ascii=False))
    outcome.later().when(changed, CLERK).refused("report-imported")
    again = outcome.later().when(changed.model_copy(update={"reason": "原件有误"}), CLERK).records(EarlierReportImported)
    assert again.decided is not None
    assert [one["check"] for one in again.decided.reply["broken"]] == ["d"]


@pytest.mark.parametrize(
    ("year", "text"),
    [(2023, "[]"), (2023, "{]"), (2022, SUQIAN), (2023, '{"year": 2023}'), (2026, '{"year": 2026}'), (2023, '{"year": "2023"}')],
)
def test_what_is_no_earlier_report_is_refused(year: int, text: str) -> None:
    refused = given(earlier_report, day=DAY).when(ImportEarlierReport(year=year, report=text), CLERK).refused("bad-report")
    assert refused.fields[0]["field"] == "report"

"""A published report from events in a ledger: tables back cell for cell, every cell opens to as many things as it counts, positions freeze, agencies add up."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from demo import cli as _demo
from demo.plan import plan
from demo.planned import PlannedCase, Way
from services.audit.annual_report.events import (
    AnnualReportCorrected,
    AnnualReportDrafted,
    AnnualReportFrozen,
    AnnualReportOpened,
    AnnualReportPublished,
    Sections,
)
from services.audit.annual_report.state import annual_report_id
from services.audit.earlier_report.decisions import event_of
from services.audit.inspection.events import SurveyRun
from services.audit.report_figures.events import FigureCorrected, FigureRecorded
from services.audit.reports.cells import open_cell
from services.audit.reports.form import AFTER, DIRECT, RECONSIDERATION, TABLE_TWO, form
from services.audit.reports.making import (
    Scope,
    again,
    count,
    positions_now,
    report_now,
    reports_known,
    scope_of,
    standing_of,
)
from services.audit.reports.texts import beginning, oversight, unit_texts
from services.audit.unit_report.events import ReportCalled, UnitReportReturned, UnitReportSubmitted
from services.publishing.publication.events import InformationCreated, PublicationDrafted, Published, ValidityChanged
from services.requests.disclosure_request import events as r
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid
from shared.kernel.events import Actor, Event, Meta, write_state
from shared.kernel.identity import derived_id
from shared.law.calendar import national_calendar
from shared.law.deadlines import Deadline
from shared.platform.databases import statements
from shared.settings import Settings
from shared.trust.personal import Personal
from tests.contracts.examples.publishing import EXAMPLES as PUBLISHING
from tests.contracts.examples.requests import EXAMPLES
from tests.contracts.golden import TOKEN

UNIT: dict[str, Any] = json.loads((Path(_demo.__file__).parent / "reports" / "unnamed_unit_report29_2023.json").read_text(encoding="utf-8"))
YEAR = 2023
RECEIVED = next(one for one in EXAMPLES if isinstance(one, r.RequestReceived))
REGISTERED = next(one for one in EXAMPLES if isinstance(one, r.RequestRegistered))
FEE = next(one for one in EXAMPLES if isinstance(one, r.FeeAssessed))
PAID = next(one for one in EXAMPLES if isinstance(one, r.FeePaid))
ANSWER = Deadline(due=date(2023, 3, 15), calendar="t", rulebook="decree-711", article="行政复议法 第四十八条", provisional=False, days=10)
INSERT = """INSERT INTO ledger (source, position, incarnation, event_id, originator_id, originator_version, topic, case_id, agency, state, leaf)
    VALUES (%s, %s, %s, %s, %s, 1, %s, %s, %s, %s, '')"""


@dataclass
class Ledger:
    """A ledger that events are put into."""

    connection: psycopg.Connection[Any]
    positions: dict[str, int] = field(default_factory=dict)

    def put(self, agency: str, id: UUID, day: date, *events: Event) -> None:
        """These events of a thing, each with its own kind's service."""
        for event in events:
            source = event.spec.type.partition(".")[0]
            position = self.positions[source] = self.positions.get(source, 0) + 1
            sealed = {
                name: Personal.sealed(TOKEN, id, name, event.spec.topic) for name in event.spec.personal if getattr(event, name) is not None
            }
            meta = Meta(
                id=uuid4(), case=id, agency=agency, service=source, recorded_at=datetime(2024, 1, 1, tzinfo=UTC), effective_on=day,
                actor=Actor("clerk", ("clerk",)), command="test.Example", correlation="c", causation="c",
            )  # fmt: skip
            state = write_state(changed(event, **sealed), meta)
            self.connection.execute(INSERT, (source, position, UUID(int=9), meta.id, id, event.spec.topic, id, agency, state))

    def play(self, agency: str, cases: Sequence[PlannedCase]) -> None:
        """The cases of a plan, as far as the report reads of them."""
        for case in cases:
            id = derived_id(agency, case.number)
            received = changed(RECEIVED, received_on=case.received, applicant_kind=case.kind)
            self.put(agency, id, case.received, received, changed(REGISTERED, number=f"{agency}〔2023〕{case.number}号"))
            if case.way is not Way.OPEN:
                assert case.outcome is not None
                assert case.concluded is not None
                ends = {Way.AMENDMENT_LAPSED: r.AmendmentLapsed, Way.FEE_LAPSED: r.FeeLapsed}
                kind = ends.get(case.way)
                end = kind(outcome=case.outcome) if kind else r.ReplyDelivered(outcome=case.outcome, way="post", evidence="EMS")
                self.put(agency, id, case.concluded, end)
            for number, remedy in enumerate(case.remedies, 1):
                self.put(agency, id, remedy.filed, *filed(number, remedy.kind, remedy.filed))
                if remedy.result is not None and remedy.decided is not None:
                    concluded: Any = r.ReconsiderationConcluded if remedy.kind == "reconsideration" else r.LitigationConcluded
                    self.put(
                        agency,
                        id,
                        remedy.decided,
                        concluded(number=number, result=remedy.result, decided_on=remedy.decided, document="1号"),
                    )


def changed(event: Any, **fields: Any) -> Any:
    """An event with other fields."""
    return type(event)(**{**{name: getattr(event, name) for name in event.__struct_fields__}, **fields})


def filed(number: int, kind: str, day: date) -> list[Event]:
    if kind == "reconsideration":
        return [r.ReconsiderationFiled(number=number, organ="市政府", filed_on=day, received_on=day, simple=False, answer=ANSWER)]
    after = number - 1 or None
    return [r.LitigationFiled(number=number, court="法院", filed_on=day, received_on=day, after=after, answer=ANSWER)]


@pytest.fixture(scope="module")
def database(settings: Settings) -> Iterator[str]:
    name = f"gongkai_cells_{uuid4().hex[:8]}"
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'")
        dsn = settings.dsn("postgres").replace("dbname=postgres", f"dbname={name}")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statements("audit").encode())
        yield dsn
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """An empty one; what a test puts in is gone after it."""
    with psycopg.connect(database) as connection:
        yield Ledger(connection)
        connection.rollback()


@pytest.fixture
def unit(ledger: Ledger) -> Ledger:
    """The unit's report of 2023 as events."""
    ledger.play("unit", plan(UNIT, national_calendar()))
    return ledger


ONE = Scope("unit", "某单位", ("unit",))


@pytest.mark.rule("X-07")
def test_the_events_give_back_the_report_and_every_cell_opens_to_as_many_as_it_counts(unit: Ledger) -> None:
    report = report_now(unit.connection, ONE, YEAR)
    assert report["table3"]["rows"] == UNIT["table3"]["rows"]
    assert report["table4"] == UNIT["table4"]
    upto = report["as_of"]
    opened_count = 0
    for row in report["table3"]["rows"]:
        for column, value in enumerate(row["values"]):
            opened = open_cell(unit.connection, ONE, YEAR, upto, 3, row["key"], str(column), limit=500)
            assert (opened.count, len(opened.counted), opened.value) == (value, value, str(value)), (row["key"], column)
            assert len({one.case for one in opened.counted}) == value
            opened_count += 1
            for one in opened.counted:
                kinds = [event.type for event in one.events]
                ended = kinds[-1] in {"requests.ReplyDelivered", "requests.AmendmentLapsed", "requests.FeeLapsed"}
                assert kinds[0] == "requests.RequestReceived"
                assert ended == row["key"].startswith("r")
                assert one.number.startswith("unit〔2023〕")
                assert one.events[0].receipt == f"/api/audit/receipts/{one.events[0].position}?id={one.case}"
    for name in (RECONSIDERATION, DIRECT, AFTER):
        for column, value in enumerate(report["table4"][name]):
            opened = open_cell(unit.connection, ONE, YEAR, upto, 4, name, form()["table4"]["columns"][column])
            assert (opened.count, len(opened.counted)) == (value, value)
            assert all(
                event.type.startswith(("requests.Reconsideration", "requests.Litigation")) for one in opened.counted for event in one.events
            )
            opened_count += 1
    assert opened_count == 25 * 7 + 3 * 5
    page = open_cell(unit.connection, ONE, YEAR, upto, 3, "r7_total", "总计", offset=30, limit=4)
    assert (page.count, page.offset, len(page.counted)) == (UNIT["table3"]["rows"][23]["values"][6], 30, min(4, page.count - 30))


def test_a_cell_that_there_is_not_is_told(ledger: Ledger) -> None:
    for table, row, column in (
        (3, "nothing", "0"),
        (3, "r1_granted", "7"),
        (4, "行政复议", "五"),
        (4, "nothing", "0"),
        (2, "nothing", "0"),
    ):
        with pytest.raises(Invalid):
            open_cell(ledger.connection, ONE, YEAR, positions_now(ledger.connection), table, row, column)


FACT = FigureRecorded(year=YEAR, cell="licences", value="747", source="审批系统", evidence="1 号")


@pytest.mark.rule("X-07")
def test_table_two_is_facts_with_their_source_and_what_the_platform_has_published(ledger: Ledger) -> None:
    connection = ledger.connection
    assert set(cells(connection).values()) == {None}
    facts = derived_id("figures", YEAR)
    ledger.put(
        "unit", facts, date(2024, 1, 5), FACT, changed(FACT, cell="penalties", value="0"), changed(FACT, cell="compulsion", value="/")
    )
    ledger.put(
        "unit", facts, date(2024, 1, 5), changed(FACT, cell="charges", value="3.25"), changed(FACT, year=2022, cell="rules_made", value="9")
    )
    correction = FigureCorrected(
        year=YEAR, cell="licences", value_before="747", value="748", source="审批系统", evidence="2 号", reason="漏计"
    )
    ledger.put("unit", facts, date(2024, 1, 6), correction)
    created = next(one for one in PUBLISHING if isinstance(one, InformationCreated))
    drafted = next(one for one in PUBLISHING if isinstance(one, PublicationDrafted))
    public = next(one for one in PUBLISHING if isinstance(one, Published))
    for number, (issued, over) in enumerate(
        ((2022, None), (2023, None), (2023, None), (2022, 2023), (2021, 2022), (2024, None), (2023, 2024))
    ):
        id = derived_id("document", number)
        day = date(issued, 5, 1)
        ledger.put("unit", id, day, changed(created, kind="normative"), changed(drafted, date_of_issue=day), public, public)
        if over is not None:
            ledger.put("unit", id, date(over, 6, 1), ValidityChanged(validity="repealed", basis="清理"))
    ledger.put("unit", derived_id("document", 99), date(2023, 1, 9), changed(created, kind="notice"), drafted, public)
    found = cells(connection)
    assert {key: value for key, value in found.items() if value is not None} == {
        "licences": "748", "penalties": "0", "compulsion": "/", "charges": "3.25",
        "normative_made": "3", "normative_ended": "1", "normative_valid": "4",
    }  # fmt: skip
    upto = positions_now(connection)
    assert [
        len(open_cell(connection, ONE, YEAR, upto, 2, cell, "0").counted)
        for cell in ("licences", "normative_made", "normative_ended", "normative_valid")
    ] == [2, 3, 1, 4]
    assert open_cell(connection, ONE, YEAR, upto, 2, "rules_made", "0").value is None
    report = report_now(connection, ONE, YEAR)
    assert report["table2"]["art20_6"] == {"行政处罚": 0, "行政强制": "/"}
    assert report["table2"]["art20_8"] == {"行政事业性收费_万元": 3.25}
    assert report["table2"]["art20_1"]["规章"] == {"制发": None, "废止": None, "现行有效": None}


def cells(connection: psycopg.Connection[Any]) -> dict[str, str | None]:
    """Table two by its cells."""
    upto = positions_now(connection)
    return {cell: open_cell(connection, ONE, YEAR, upto, 2, cell, "0").value for cell in TABLE_TWO}


@pytest.mark.rule("NB-04a", "X-07")
def test_fees_are_counted_and_not_passed_over_in_section_six(unit: Ledger) -> None:
    ids = [derived_id("unit", number) for number in (1, 2)]
    for id in ids:
        unit.put("unit", id, date(2023, 4, 3), changed(FEE, yuan=140))
    unit.put("unit", ids[0], date(2023, 4, 10), PAID)
    silent = count(unit.connection, ONE, YEAR, Sections("一", "五", ""))
    assert (silent.fees.notices, silent.fees.yuan, silent.fees.paid, silent.fees.collected) == (2, 280, 1, 140)
    assert "h" in {one.check for one in silent.broken if one.fails}
    told = count(unit.connection, ONE, YEAR, Sections("收到申请 9999 件。", "五", "收取 1 件 140 元"))
    assert {one.check for one in told.broken if one.fails} == {"i"}
    assert all(one.cells[0].startswith("表二") for one in told.broken if one.check == "i")
    start = beginning(unit_texts(unit.connection, "unit", YEAR, 10**9), told.fees, {})
    assert "发出收费通知 2 件，总金额 280 元；实际收取信息处理费 1 件，140 元" in start.other


@pytest.mark.rule("NB-04a", "X-07")
def test_a_published_report_keeps_its_numbers_whatever_is_recorded_later_and_replays_to_them(unit: Ledger) -> None:
    connection, id = unit.connection, annual_report_id("unit", YEAR)
    sections = Sections("一", "五", "六")
    unit.put("unit", id, date(2024, 1, 2), AnnualReportOpened(year=YEAR, kind="own_agency", due=date(2024, 1, 31)))
    unit.put("unit", id, date(2024, 1, 9), AnnualReportDrafted(sections=sections, kind="own_agency", due=date(2024, 1, 31)))
    counted = count(connection, ONE, YEAR, sections)
    unit.put("unit", id, date(2024, 1, 9), counted)
    assert standing_of(connection, "unit", YEAR).settled is None
    frozen = AnnualReportFrozen(hash="ab" * 32, numbers=counted.hash, positions=counted.positions)
    unit.put("unit", id, date(2024, 1, 10), frozen, AnnualReportPublished(version=1, hash="ab" * 32, evidence="网址"))
    later = changed(RECEIVED, received_on=date(2023, 5, 5), applicant_kind="natural_person")
    unit.put("unit", uuid4(), date(2023, 5, 5), later)
    unit.put("unit", derived_id("figures", YEAR), date(2024, 1, 12), FACT)
    version = standing_of(connection, "unit", YEAR).published
    assert version is not None
    assert version.counted == counted
    assert again(connection, version, "unit", YEAR) == counted.hash
    assert report_now(connection, ONE, YEAR)["table3"]["rows"][0]["values"][6] == UNIT["table3"]["rows"][0]["values"][6] + 1
    known = reports_known(connection, "unit", 10**9)[YEAR]
    assert known["origin"] == "published"
    assert known["table3"]["rows"] == UNIT["table3"]["rows"]
    unit.put("unit", id, date(2024, 2, 1), AnnualReportCorrected(reason="漏登", version=1))
    standing = standing_of(connection, "unit", YEAR)
    assert (standing.frozen, standing.published, standing.version) == (None, version, 1)


@pytest.mark.rule("NB-04a")
def test_the_year_before_is_taken_from_an_imported_report(unit: Ledger) -> None:
    before = json.loads(json.dumps(UNIT))
    before["table3"]["rows"][24]["values"] = list(UNIT["table3"]["rows"][1]["values"])
    before["table3"]["rows"][24]["values"][0] += 1
    unit.put("unit", derived_id("earlier"), date(2024, 1, 2), event_of(before, 2022, "ab" * 32, ""))
    counted = count(unit.connection, ONE, YEAR, Sections())
    assert [one.cells for one in counted.broken if one.check == "e"] == [("表三“二、上年结转政府信息公开申请数量”×“自然人”",)]


@pytest.mark.rule("X-07")
def test_a_superior_adds_its_subordinates_and_their_cells_open_too(unit: Ledger) -> None:
    agencies = [
        AgencyFacts(code="city", name="市", rulebook="decree-711"),
        AgencyFacts(code="bureau", name="局", rulebook="decree-711", superior="city"),
        AgencyFacts(code="unit", name="单位", rulebook="decree-711", superior="bureau"),
        AgencyFacts(code="other", name="别处", rulebook="decree-711"),
    ]
    cases = plan(UNIT, national_calendar(), seed=2)
    for code in ("bureau", "other"):
        unit.play(code, cases)
    unit.put("unit", derived_id("figures", "unit"), date(2024, 1, 2), FACT, changed(FACT, cell="penalties", value="/"))
    unit.put(
        "bureau", derived_id("figures", "bureau"), date(2024, 1, 2), changed(FACT, value="3"), changed(FACT, cell="penalties", value="/")
    )
    scope = scope_of(agencies, agencies[0])
    assert scope.members == ("city", "bureau", "unit")
    report = report_now(unit.connection, scope, YEAR)
    assert [row["values"] for row in report["table3"]["rows"]] == [[2 * value for value in row["values"]] for row in UNIT["table3"]["rows"]]
    assert report["table4"]["行政复议"] == [2 * value for value in UNIT["table4"]["行政复议"]]
    assert report["table2"]["art20_5"] == {"行政许可": 750}
    assert report["table2"]["art20_6"] == {"行政处罚": "/", "行政强制": None}
    opened = open_cell(unit.connection, scope, YEAR, report["as_of"], 3, "new_received", "总计", limit=500)
    assert (opened.count, {one.agency for one in opened.counted}) == (2 * UNIT["table3"]["rows"][0]["values"][6], {"bureau", "unit"})
    assert len(open_cell(unit.connection, scope, YEAR, report["as_of"], 2, "licences", "0").counted) == 2
    alone = scope_of(agencies, agencies[0], rollup=False)
    assert report_now(unit.connection, alone, YEAR)["table3"]["rows"][0]["values"][6] == 0


@pytest.mark.rule("NB-04a", "NB-03.1")
def test_the_text_starts_from_what_the_units_have_submitted(ledger: Ledger) -> None:
    told = {"organisation": "新任负责人一名", "disclosure": "公开信息 12 条", "withheld": "不予公开 1 件", "media": "网站改版"}
    for unit, year, returned in (("zonghe", YEAR, False), ("shenpi", YEAR, True), ("jiandu", 2022, False)):
        id = derived_id("unit-report", unit)
        ledger.put("unit", id, date(year, 12, 1), ReportCalled(year=year, unit=unit, due=date(year, 12, 20), remind_on=date(year, 12, 15)))
        ledger.put("unit", id, date(year, 12, 18), UnitReportSubmitted(sections=told, figures=()))
        if returned:
            ledger.put("unit", id, date(year, 12, 19), UnitReportReturned(sections=("media",), reason="不全", until=date(year, 12, 20)))
    survey = SurveyRun(asked=100, aware=90, satisfied=80, method="问卷", among="办事群众")
    ledger.put("unit", derived_id("inspection"), date(YEAR, 6, 1), survey)
    ledger.put("unit", derived_id("inspection"), date(2022, 6, 1), survey)
    texts = unit_texts(ledger.connection, "unit", YEAR, 10**9)
    assert [one.unit for one in texts] == ["zonghe"]
    reviewed = oversight(ledger.connection, ("unit",), YEAR, 10**9)
    assert "社会评议 1 次，受访 100 人，满意 80 人；责任追究立案 0 件" in reviewed
    start = beginning(texts, count(ledger.connection, ONE, YEAR, Sections()).fees, {"zonghe": "综合科"}, reviewed)
    for line in (
        "（四）平台建设情况。\n综合科：网站改版",
        "（五）监督保障情况。\n综合科：新任负责人一名",
        f"（六）工作考核、社会评议和责任追究结果情况。\n{reviewed}",
    ):
        assert line in start.general
    assert start.other == ""

"""The whole report of an agency and year, made from the ledger as it was at named positions; a superior's adds its subordinate agencies."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.annual_report.events import AnnualReportCounted, AnnualReportDrafted, BrokenCheck, Fees, Sections
from services.audit.annual_report.state import annual_report_id
from services.audit.reports.check import check_report
from services.audit.reports.figures import Figure, fees, table_two, together
from services.audit.reports.form import form, label_of, table2_of
from services.audit.reports.tables import Request, requests_of, table_four, table_three
from services.audit.reports.texts import facts_in
from shared.kernel.commands import AgencyFacts
from shared.platform.databases import LOGS

POSITIONS = "SELECT name, coalesce((SELECT max(position) FROM ledger WHERE source = name), 0) FROM unnest(%s::text[]) AS name"

EARLIER = """SELECT topic, originator_id, state FROM ledger WHERE source = 'audit' AND agency = %s AND position <= %s
    AND split_part(topic, ':', 1) = ANY('{audit.EarlierReportImported,audit.AnnualReportOpened,audit.AnnualReportCounted,audit.AnnualReportPublished}')
    ORDER BY position"""


class Scope(NamedTuple):
    """Whose report it is: the agency, and the codes of all whose events count, its own first."""

    code: str
    name: str
    members: tuple[str, ...]


class Numbers(NamedTuple):
    """The numbers of a report, and what they were counted from."""

    positions: dict[str, int]
    table2: dict[str, Figure]
    table3: list[dict[str, Any]]
    table4: dict[str, list[int]]
    fees: Fees


def subordinates(agencies: Sequence[AgencyFacts], code: str) -> tuple[str, ...]:
    """The agency and all that stand below it, at whatever depth."""
    found = [code]
    for superior in found:
        found += sorted(one.code for one in agencies if one.superior == superior and one.code not in found)
    return tuple(found)


def scope_of(agencies: Sequence[AgencyFacts], agency: AgencyFacts, *, rollup: bool | None = None) -> Scope:
    """Whose events count: with those of subordinate agencies where there are any, unless it is wanted otherwise."""
    members = (agency.code,) if rollup is False else subordinates(agencies, agency.code)
    return Scope(agency.code, agency.name, members)


def positions_now(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How far the copy of each log is."""
    return dict(connection.cursor(row_factory=tuple_row).execute(POSITIONS, (list(LOGS),)).fetchall())


def requests_in(connection: psycopg.Connection[Any], members: Sequence[str], upto: int) -> dict[UUID, Request]:
    """The requests of these agencies."""
    found: dict[UUID, Request] = {}
    for code in members:
        found |= requests_of(connection, code, upto)
    return found


def figures_of(
    connection: psycopg.Connection[Any], members: Sequence[str], year: int, upto: Mapping[str, int], earlier: Mapping[str, str]
) -> dict[str, Figure]:
    """Table two of a year for these agencies. `earlier` goes on from the year before, which is told for one agency alone."""
    goes_on = earlier if len(members) == 1 else {}
    return together([table_two(connection, code, year, upto, goes_on) for code in members])


def numbers_of(
    connection: psycopg.Connection[Any], members: Sequence[str], year: int, upto: Mapping[str, int], earlier: Mapping[str, str]
) -> Numbers:
    """The numbers of a year for these agencies, as the logs were at these positions. `earlier`: table two of the year before."""
    requests = requests_in(connection, members, upto["requests"]).values()
    return Numbers(
        dict(upto),
        figures_of(connection, members, year, upto, earlier),
        table_three(requests, year),
        table_four(requests, year),
        fees(requests, year),
    )


def hash_of(table2: Mapping[str, str], table3: Mapping[str, Sequence[int]], table4: Mapping[str, Sequence[int]], paid: Fees) -> str:
    """The SHA-256 of all numbers of a report."""
    content = [sorted(table2.items()), sorted(table3.items()), sorted(table4.items()), msgspec.to_builtins(paid)]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def report_of_numbers(scope: Scope, year: int, numbers: Numbers, sections: Sections) -> dict[str, Any]:
    """The report with the shape of the published ones, its text and fees beside."""
    return {
        "agency": scope.name,
        "agency_code": scope.code,
        "agencies": list(scope.members),
        "year": year,
        "report_format": form()["report_format"],
        "as_of": numbers.positions,
        "table2": table2_of({cell: figure.value for cell, figure in numbers.table2.items() if figure.value is not None}),
        "table3": {"columns": form()["columns"], "rows": numbers.table3},
        "table4": {"columns": form()["table4"]["columns"], **numbers.table4},
        "fees": msgspec.to_builtins(numbers.fees),
        "fees_collected": numbers.fees.collected,
        "sections": msgspec.to_builtins(sections),
        "section6_fees": sections.other,
        "section1_text_facts": facts_in(sections.general),
    }


def report_now(
    connection: psycopg.Connection[Any],
    scope: Scope,
    year: int,
    upto: Mapping[str, int] | None = None,
    sections: Sections | None = None,
) -> dict[str, Any]:
    """The report of a year by replay of the ledger, as it is now or was at these positions."""
    positions = upto or positions_now(connection)
    before = reports_known(connection, scope.code, positions["audit"]).get(year - 1)
    numbers = numbers_of(connection, scope.members, year, positions, before["written"] if before else {})
    return report_of_numbers(scope, year, numbers, sections or Sections())


def count(connection: psycopg.Connection[Any], scope: Scope, year: int, sections: Sections) -> AnnualReportCounted:
    """The numbers of a report as they are put on record, with the checks that do not hold."""
    positions = positions_now(connection)
    before = reports_known(connection, scope.code, positions["audit"]).get(year - 1)
    numbers = numbers_of(connection, scope.members, year, positions, before["written"] if before else {})
    broken = check_report(report_of_numbers(scope, year, numbers, sections), before)
    table2, table3, table4, paid = written_of(numbers)
    return AnnualReportCounted(
        positions=positions,
        agencies=scope.members,
        table2=table2,
        table3=table3,
        table4=table4,
        fees=paid,
        hash=hash_of(table2, table3, table4, paid),
        broken=tuple(BrokenCheck(one.check, one.cells, one.told, one.fails) for one in broken),
    )


def report_of_counted(agency: str, name: str, year: int, counted: AnnualReportCounted, sections: Sections) -> dict[str, Any]:
    """A report as it was put on record."""
    numbers = Numbers(
        dict(counted.positions),
        {cell: Figure(value) for cell, value in counted.table2.items()},
        rows_of(counted.table3),
        {name: list(values) for name, values in counted.table4.items()},
        counted.fees,
    )
    return report_of_numbers(Scope(agency, name, counted.agencies), year, numbers, sections)


def rows_of(table3: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """Table three as a list of rows, in the order of the form."""
    return [{"key": row["key"], "label": label_of(row["key"]), "values": list(table3[row["key"]])} for row in form()["table3"]]


class _Known(msgspec.Struct, frozen=True):
    year: int = 0
    table2: dict[str, str] = {}
    table3: dict[str, tuple[int, ...]] = {}
    table4: dict[str, tuple[int, ...]] = {}


class _Event(msgspec.Struct, frozen=True):
    type: str
    data: _Known


_decoder = msgspec.json.Decoder(_Event)


def reports_known(connection: psycopg.Connection[Any], agency: str, upto: int) -> dict[int, dict[str, Any]]:
    """The reports of an agency that are on record, by year: imported ones, and those published here, which stand before an imported one."""
    imported: dict[int, dict[str, Any]] = {}
    published: dict[int, dict[str, Any]] = {}
    years: dict[UUID, int] = {}
    last: dict[UUID, _Known] = {}
    for _, id, state in connection.cursor(row_factory=tuple_row).execute(EARLIER, (agency, upto)):
        event = _decoder.decode(bytes(state))
        if event.type == "audit.EarlierReportImported":
            imported[event.data.year] = shaped(event.data.year, event.data, "imported")
        elif event.type == "audit.AnnualReportOpened":
            years[id] = event.data.year
        elif event.type == "audit.AnnualReportCounted":
            last[id] = event.data
        elif id in last:
            published[years[id]] = shaped(years[id], last[id], "published")
    return {**imported, **published}


def shaped(year: int, known: _Known, origin: str) -> dict[str, Any]:
    """A report on record with the shape of the published ones."""
    return {
        "year": year,
        "origin": origin,
        "written": known.table2,
        "table2": table2_of(known.table2),
        "table3": {"columns": form()["columns"], "rows": rows_of(known.table3)},
        "table4": {"columns": form()["table4"]["columns"], **{name: list(values) for name, values in known.table4.items()}},
    }


class Version(NamedTuple):
    """A report's words with its numbers as they were put on record."""

    sections: Sections
    counted: AnnualReportCounted


class Standing(msgspec.Struct):
    """How far a report has come, as the ledger tells: the words as they are now, what was last counted, what was approved, and what is public."""

    sections: Sections = Sections()
    counted: AnnualReportCounted | None = None
    frozen: Version | None = None
    published: Version | None = None
    published_on: date | None = None
    version: int = 0

    @property
    def settled(self) -> Version | None:
        """What was approved and may be published, or else what is public."""
        return self.frozen or self.published


class _Step(msgspec.Struct, frozen=True):
    type: str
    effective_on: date
    data: msgspec.Raw


_step_decoder = msgspec.json.Decoder(_Step)
_drafted_decoder = msgspec.json.Decoder(AnnualReportDrafted)
_counted_decoder = msgspec.json.Decoder(AnnualReportCounted)

STEPS = "SELECT state FROM ledger WHERE case_id = %s AND source = 'audit' AND originator_id = %s ORDER BY position"


def standing_of(connection: psycopg.Connection[Any], agency: str, year: int) -> Standing:
    """How far the report of an agency and year has come."""
    id = annual_report_id(agency, year)
    found = Standing()
    for (state,) in connection.cursor(row_factory=tuple_row).execute(STEPS, (id, id)):
        step = _step_decoder.decode(bytes(state))
        name = step.type.removeprefix("audit.AnnualReport")
        if name == "Drafted":
            found.sections = _drafted_decoder.decode(step.data).sections
        elif name == "Counted":
            found.counted = _counted_decoder.decode(step.data)
        elif name == "Frozen" and found.counted is not None:
            found.frozen = Version(found.sections, found.counted)
        elif name == "Returned":
            found.frozen = None
        elif name == "Corrected":
            found.frozen, found.counted = None, None
        elif name == "Published":
            found.published, found.version = found.frozen, found.version + 1
            found.published_on = found.published_on or step.effective_on
    return found


def again(connection: psycopg.Connection[Any], version: Version, agency: str, year: int) -> str:
    """The SHA-256 of the numbers when the logs are replayed once more up to the positions that were frozen."""
    counted = version.counted
    before = reports_known(connection, agency, counted.positions["audit"]).get(year - 1)
    numbers = numbers_of(connection, counted.agencies, year, counted.positions, before["written"] if before else {})
    return hash_of(*written_of(numbers))


def written_of(numbers: Numbers) -> tuple[dict[str, str], dict[str, tuple[int, ...]], dict[str, tuple[int, ...]], Fees]:
    """Numbers as they are put on record."""
    return (
        {cell: figure.value for cell, figure in numbers.table2.items() if figure.value is not None},
        {row["key"]: tuple(row["values"]) for row in numbers.table3},
        {name: tuple(values) for name, values in numbers.table4.items()},
        numbers.fees,
    )

"""What commands of audit are given from the ledger and the directory before they are decided: the units that there are, figures, revoked excellence."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.appraisal.commands import SetScope, SettleGrades
from services.audit.figures import Figure
from services.audit.measures import figures, folded
from services.audit.report_round.commands import CallReports
from services.audit.service_register.commands import ConfirmRegister, OfUnits, OpenRegister
from services.audit.unit_appraisal.commands import Barring, Commend, Measured, ScoreStandard, SubmitSelfCheck
from services.audit.unit_appraisal.state import unit_appraisal
from services.audit.unit_report.commands import SubmitReport
from services.audit.unit_report.state import unit_report
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.running import Running
from shared.kernel.service import Supply

EXCELLENCE = """SELECT position, topic, state FROM ledger WHERE source = 'audit' AND agency = %s
    AND split_part(topic, ':', 1) IN ('audit.ExcellenceRevoked', 'audit.ExcellenceRestored') ORDER BY position"""
"""Who lost the right to be chosen as excellent, and who got it back (ZR-06.4)."""


class _Told(msgspec.Struct, frozen=True):
    unit: str = ""
    persons: tuple[str, ...] = ()
    year: int = 0


class _Event(msgspec.Struct, frozen=True):
    effective_on: date
    data: _Told


_decoder = msgspec.json.Decoder(_Event)


def revoked(connection: psycopg.Connection[Any], agency: str, year: int) -> dict[str, str]:
    """Unit, or person, → the ledger's position of the event that bars it from being excellent in this year. Blocks."""
    found: dict[str, str] = {}
    for position, topic, state in connection.cursor(row_factory=tuple_row).execute(EXCELLENCE, (agency,), binary=True):
        event = _decoder.decode(bytes(state))
        if (event.data.year or event.effective_on.year) != year:
            continue
        for who in (event.data.unit, *event.data.persons):
            if topic.startswith("audit.ExcellenceRevoked:"):
                found[who] = f"audit:{position}"
            else:
                found.pop(who, None)
    return found


async def with_units(running: Running, command: OfUnits, _id: UUID, agency: AgencyFacts, _day: date) -> Command:
    """The units that the agency has now."""
    directory: Any = running.doorkeeper
    return command.among(tuple(one.code for one in directory.units(agency.code)))


def counted(running: Running, agency: str, unit: str, since: date, until: date) -> dict[str, Figure]:
    """A unit's figures of a period; what people say of the whole agency counts where nobody was asked about the unit. Blocks: call it in a thread."""
    with running.log.datastore.get_connection() as connection:
        found = figures(folded(connection, agency, until), since, until)
    return {**{key: one for key, one in found.get("", {}).items() if key == "satisfaction"}, **found.get(unit, {})}


async def with_report_figures(running: Running, command: SubmitReport, id: UUID, agency: AgencyFacts, day: date) -> Command:
    """The figures of the unit and its year, up to the day of the report."""
    state: Any
    state, _ = await asyncio.to_thread(running.load, unit_report, id)
    if not state.exists:
        return command
    until = min(day, date(state.year, 12, 31))
    found = await asyncio.to_thread(counted, running, agency.code, state.unit, date(state.year, 1, 1), until)
    return command.counting(tuple(found.values()))


async def with_figures(running: Running, command: Measured, id: UUID, agency: AgencyFacts, day: date) -> Command:
    """The figures of the unit and the appraised period, up to this day."""
    state: Any
    state, _ = await asyncio.to_thread(running.load, unit_appraisal, id)
    if not state.exists:
        return command
    found = await asyncio.to_thread(counted, running, agency.code, state.unit, state.since, min(day, state.until))
    return command.counting(found)


async def with_revoked(running: Running, command: Barring, id: UUID, agency: AgencyFacts, _day: date) -> Command:
    """Whose excellence was revoked in the year of the appraisal, or of the unit's part of it."""
    aggregate: Aggregate[Any] = command.spec.aggregate

    def read(year: int) -> dict[str, str]:
        with running.log.datastore.get_connection() as connection:
            return revoked(connection, agency.code, year)

    state: Any
    state, _ = await asyncio.to_thread(running.load, aggregate, id)
    return command.knowing(await asyncio.to_thread(read, state.year)) if state.exists else command


SUPPLIES: dict[type[Command], Supply] = {
    OpenRegister: with_units,
    ConfirmRegister: with_units,
    CallReports: with_units,
    SetScope: with_units,
    SubmitReport: with_report_figures,
    SubmitSelfCheck: with_figures,
    ScoreStandard: with_figures,
    SettleGrades: with_revoked,
    Commend: with_revoked,
}
"""By command."""

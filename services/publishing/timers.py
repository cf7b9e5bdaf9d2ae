"""What comes due in publishing: periods of the catalogue that end, and days that pass without a publication."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.publishing.catalogue_entry.classes import CADENCES, period_of
from services.publishing.catalogue_entry.commands import MissPublication, OpenPeriods
from services.publishing.interpretation.commands import MissMaterial
from services.publishing.publication.publishing_commands import MissDeadline
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

KEPT = "SELECT id, cadence FROM views.entries WHERE agency = %s AND NOT retired"

UNPUBLISHED = "SELECT id, period, due FROM views.entries WHERE agency = %s AND due < %s AND open > 0 ORDER BY due LIMIT 1000"

LATE = "SELECT id, due FROM views.publications WHERE agency = %s AND due < %s AND waits AND NOT missed ORDER BY due LIMIT 1000"


NO_MATERIAL = """SELECT i.id, i.due FROM views.interpretations i JOIN views.publications p ON p.id = i.publication AND p.agency = i.agency
    WHERE i.agency = %s AND i.due < %s AND i.waits AND NOT i.overdue AND p.stage <> 'withdrawn' ORDER BY i.due LIMIT 1000"""


def ended_periods(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Once in each period every entry is asked which have ended before it."""
    for agency, day in real_days(running, today):
        for row in running.query_now(KEPT, (agency,), agency=agency):
            if CADENCES[row["cadence"]]:
                now = period_of(row["cadence"], day).name
                yield Due(OpenPeriods(), row["id"], agency, f"periods/{row['id']}/{now}")


def missed_periods(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once for each period that was due."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNPUBLISHED, (agency, day), agency=agency):
            yield Due(MissPublication(), row["id"], agency, f"unpublished/{row['id']}/{row['period']}/{row['due']}")


def missed_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once for each publication."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE, (agency, day), agency=agency):
            yield Due(MissDeadline(), row["id"], agency, f"miss/{row['id']}/{row['due']}")


def missing_material(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Material of interpretations that is not there by its day."""
    for agency, day in real_days(running, today):
        for row in running.query_now(NO_MATERIAL, (agency, day), agency=agency):
            yield Due(MissMaterial(), row["id"], agency, f"material/{row['id']}/{row['due']}")

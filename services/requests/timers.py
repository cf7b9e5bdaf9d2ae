"""What comes due in requests: reply deadlines that are near or missed, silent third parties, deadlines that an announced calendar moves, claims to correct a record,
and answers to reconsideration organs and courts."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.requests.disclosure_request.commands import (
    MissDeadline,
    MissRemedyAnswer,
    PassOverSilence,
    RecomputeDeadline,
    RemindDeadline,
)
from services.requests.record_correction.commands import MissCorrection
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

LATE = """SELECT id, due FROM views.cases
    WHERE agency = %s AND due < %s AND running AND concluded_on IS NULL ORDER BY due LIMIT 1000"""

NEAR = """SELECT id, due FROM views.cases
    WHERE agency = %(agency)s AND due BETWEEN %(today)s AND %(until)s AND running AND concluded_on IS NULL
    AND reminded IS DISTINCT FROM due ORDER BY due LIMIT 1000"""

SILENT = """SELECT id, opinion_due FROM views.cases
    WHERE agency = %s AND opinion_due < %s AND concluded_on IS NULL ORDER BY opinion_due LIMIT 1000"""

OPEN = """SELECT id FROM views.cases WHERE agency = %s AND due IS NOT NULL AND concluded_on IS NULL AND (%s OR provisional)"""

UNCORRECTED = "SELECT id, due FROM views.corrections WHERE agency = %s AND due < %s AND running AND NOT missed ORDER BY due LIMIT 1000"

UNANSWERED = """SELECT id, request, number, due FROM views.remedies
    WHERE agency = %s AND due < %s AND running AND NOT missed ORDER BY due LIMIT 1000"""


def missed_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once for each due date: its command's id is made from case and date."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE, (agency, day), agency=agency):
            yield Due(MissDeadline(), row["id"], agency, f"miss/{row['id']}/{row['due']}")


def near_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Who works on it is reminded once, so many working days before each due date as the agency's rulebook says (limit `reminder`)."""
    for agency, day in real_days(running, today):
        laws = running.doorkeeper.laws(running.doorkeeper.agency(agency))
        until = laws.calendar.add_working_days(day, laws.rulebook.limit("reminder").days)
        for row in running.query_now(NEAR, {"agency": agency, "today": day, "until": until}, agency=agency):
            yield Due(RemindDeadline(), row["id"], agency, f"near/{row['id']}/{row['due']}")


def silent_third_parties(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Third parties whose period has passed without a word, all of a request at one time."""
    for agency, day in real_days(running, today):
        for row in running.query_now(SILENT, (agency, day), agency=agency):
            yield Due(PassOverSilence(), row["id"], agency, f"silent/{row['id']}/{row['opinion_due']}")


def recomputed_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """After an announcement each open clock is looked at once; only what changes is recorded.

    A process that has just started does not know what was announced while none ran: it looks at the provisional ones.
    """
    for agency in today:
        version = running.doorkeeper.laws(running.doorkeeper.agency(agency)).calendar.version
        seen = running.calendars_seen.get(agency)
        if seen == version:
            continue
        for row in running.query_now(OPEN, (agency, seen is not None), agency=agency):
            yield Due(RecomputeDeadline(), row["id"], agency, f"recompute/{row['id']}/{version}")
        running.calendars_seen[agency] = version


def missed_corrections(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Claims of which nothing has come in time, each once."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNCORRECTED, (agency, day), agency=agency):
            yield Due(MissCorrection(), row["id"], agency, f"uncorrected/{row['id']}/{row['due']}")


def missed_answers(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Reconsideration organs and courts that were not answered in time, each once."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNANSWERED, (agency, day), agency=agency):
            yield Due(MissRemedyAnswer(number=row["number"]), row["request"], agency, f"unanswered/{row['id']}/{row['due']}")

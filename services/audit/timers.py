"""What comes due in audit."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.audit.accountability_case.sanction_commands import MissCaseDeadline
from services.audit.accountability_lead.commands import MissLead
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

LATE_CASES = """SELECT id, owed, due FROM views.accountability_cases WHERE agency = %s AND due < %s
    AND NOT missed @> to_jsonb(ARRAY[owed || '/' || due]) ORDER BY due LIMIT 1000"""

LATE_LEADS = "SELECT id, due FROM views.accountability_leads WHERE agency = %s AND due < %s AND stage = 'open' AND NOT overdue LIMIT 1000"


def missed_case_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Triage, investigation, approval and review of a case of accountability: each day that passed, once (ZR-05a)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE_CASES, (agency, day), agency=agency):
            yield Due(MissCaseDeadline(), row["id"], agency, f"accountability/{row['id']}/{row['owed']}/{row['due']}")


def missed_leads(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Leads that have no conclusion by their day (X-08)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE_LEADS, (agency, day), agency=agency):
            yield Due(MissLead(), row["id"], agency, f"lead/{row['id']}/{row['due']}")

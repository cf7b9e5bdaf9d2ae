"""What comes due in audit: units' reports that are not there yet, and plans of rectification that are owed."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.audit.unit_appraisal.commands import MissPlan
from services.audit.unit_report.commands import MissReport, RemindInTime
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

TO_REMIND = "SELECT id, remind_on FROM views.unit_reports WHERE agency = %s AND waits AND reminders = 0 AND remind_on <= %s LIMIT 1000"

LATE_REPORTS = "SELECT id, due FROM views.unit_reports WHERE agency = %s AND waits AND NOT overdue AND due < %s ORDER BY due LIMIT 1000"

LATE_PLANS = """SELECT id, plan_due FROM views.unit_appraisals
    WHERE agency = %s AND stage = 'criticised' AND NOT plan_overdue AND plan_due < %s ORDER BY plan_due LIMIT 1000"""


def reports_to_remind(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Some working days before its day, a unit that has not reported is reminded once (NB-04b)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(TO_REMIND, (agency, day), agency=agency):
            yield Due(RemindInTime(), row["id"], agency, f"remind-report/{row['id']}/{row['remind_on']}")


def missed_reports(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once for each day by which a report was owed (NB-01)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE_REPORTS, (agency, day), agency=agency):
            yield Due(MissReport(), row["id"], agency, f"miss-report/{row['id']}/{row['due']}")


def missed_plans(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A plan of rectification that is not there after its week (KH-07b)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE_PLANS, (agency, day), agency=agency):
            yield Due(MissPlan(), row["id"], agency, f"miss-plan/{row['id']}/{row['plan_due']}")

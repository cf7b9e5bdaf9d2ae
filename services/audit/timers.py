"""What comes due in audit: feedback, complaints, problems of inspections, accountability, units' reports and plans of rectification."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.audit.accountability_case.sanction_commands import MissCaseDeadline
from services.audit.accountability_lead.commands import MissLead
from services.audit.complaint.commands import MissComplaint
from services.audit.feedback.commands import MissFeedback
from services.audit.inspection.commands import MissDay
from services.audit.unit_appraisal.commands import MissPlan
from services.audit.unit_report.commands import MissReport, RemindInTime
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

UNANSWERED = "SELECT id, due FROM views.feedbacks WHERE agency = %s AND due < %s AND running ORDER BY due LIMIT 1000"

UNCONCLUDED = "SELECT id, due FROM views.complaints WHERE agency = %s AND due < %s AND running ORDER BY due LIMIT 1000"

NOT_PUT_RIGHT = """SELECT id, due FROM views.inspections WHERE agency = %s AND due < %s AND stage NOT IN ('closed', 'cancelled')
    ORDER BY due LIMIT 1000"""


def unanswered_feedback(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Each day is missed once (DX-10b)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNANSWERED, (agency, day), agency=agency):
            yield Due(MissFeedback(), row["id"], agency, f"unanswered/{row['id']}/{row['due']}")


def unconcluded_complaints(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """The day of its acceptance and that of its conclusion are missed once each (YS-10.1, X-08)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNCONCLUDED, (agency, day), agency=agency):
            yield Due(MissComplaint(), row["id"], agency, f"unconcluded/{row['id']}/{row['due']}")


def problems_not_put_right(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """The days of problems and of orders (JD-02, BM-16); what came due since is another day."""
    for agency, day in real_days(running, today):
        for row in running.query_now(NOT_PUT_RIGHT, (agency, day), agency=agency):
            yield Due(MissDay(), row["id"], agency, f"not-put-right/{row['id']}/{row['due']}/{day}")


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

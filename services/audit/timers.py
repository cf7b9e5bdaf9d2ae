"""What comes due in audit: feedback that is not answered, complaints that come to nothing, problems that are not put right."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.audit.complaint.commands import MissComplaint
from services.audit.feedback.commands import MissFeedback
from services.audit.inspection.commands import MissDay
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

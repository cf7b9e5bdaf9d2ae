"""What comes due in press: hours that pass without an answer, days of inquiries, and days without a log."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.press.daily_log.commands import MissDailyLog
from services.press.daily_log.decisions import daily_log_id
from services.press.inquiry.commands import MissInquiry
from services.press.opinion_item.commands import MissResponse
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

LATE = "SELECT id, until FROM views.opinions WHERE agency = %s AND until < now() ORDER BY until LIMIT 1000"


def missed_responses(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Each instant that was owed is missed once (YQ-03.1c)."""
    for agency, _ in real_days(running, today):
        for row in running.query_now(LATE, (agency,), agency=agency):
            yield Due(MissResponse(), row["id"], agency, f"unanswered/{row['id']}/{row['until'].isoformat()}")


UNANSWERED = "SELECT id, due FROM views.inquiries WHERE agency = %s AND due < %s ORDER BY due LIMIT 1000"

UNLOGGED = """SELECT one.day::date AS day FROM views.rotas AS rota,
    generate_series(greatest(rota.month, rota.set_on), least((rota.month + interval '1 month')::date, %(today)s) - 1, interval '1 day') AS one(day)
    WHERE rota.agency = %(agency)s AND rota.month > %(today)s - 400
    AND NOT EXISTS (SELECT FROM views.daily_logs AS log WHERE log.agency = rota.agency AND log.day = one.day::date)
    ORDER BY day LIMIT 1000"""


def late_inquiries(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Answers and facts that are not there by their day (YQ-02.4)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNANSWERED, (agency, day), agency=agency):
            yield Due(MissInquiry(), row["id"], agency, f"inquiry/{row['id']}/{row['due']}")


def missing_logs(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Days that are over, of months with a rota, without a log (YQ-03.2c)."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNLOGGED, {"agency": agency, "today": day}, agency=agency):
            yield Due(MissDailyLog(day=row["day"]), daily_log_id(agency, row["day"]), agency, f"unlogged/{row['day']}")

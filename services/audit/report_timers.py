"""What comes due of annual reports: those that are to be made, that are near their day, and that have missed it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from services.audit.annual_report.commands import MissAnnualReport, OpenAnnualReport, RemindAnnualReport
from services.audit.annual_report.state import annual_report_id
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

OPENED = "SELECT 1 FROM views.annual_reports WHERE agency = %s AND year = %s"

NEAR = "SELECT id, due FROM views.annual_reports WHERE agency = %s AND due <= %s AND due >= %s AND waits AND NOT reminded AND NOT missed"

LATE = "SELECT id, due FROM views.annual_reports WHERE agency = %s AND due < %s AND waits AND NOT missed"


def annual_reports_to_open(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """With the new year the report of the last one is to be made, until the day by which it is due (NB-04a)."""
    for agency, day in real_days(running, today):
        last = running.doorkeeper.laws(running.doorkeeper.agency(agency)).rulebook.dates["annual_report"].of(day.year)
        if day <= last and not running.query_now(OPENED, (agency, day.year - 1), agency=agency):
            yield Due(
                OpenAnnualReport(year=day.year - 1),
                annual_report_id(agency, day.year - 1),
                agency,
                f"annual-report/{agency}/{day.year - 1}",
            )


def annual_reports_near(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """So many days before its day, once."""
    for agency, day in real_days(running, today):
        ahead = running.doorkeeper.laws(running.doorkeeper.agency(agency)).rulebook.limit("annual_report_reminder").days
        for row in running.query_now(NEAR, (agency, day + timedelta(days=ahead), day), agency=agency):
            yield Due(RemindAnnualReport(), row["id"], agency, f"annual-report-near/{row['id']}/{row['due']}")


def missed_annual_reports(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Not public when its day has passed."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE, (agency, day), agency=agency):
            yield Due(MissAnnualReport(), row["id"], agency, f"annual-report-missed/{row['id']}/{row['due']}")

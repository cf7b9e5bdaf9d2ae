"""What comes due in review: reviews whose period is over, letters that nobody answered, reports that were not handled."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.review.coordination.commands import MissAnswer
from services.review.inconsistency.commands import MissHandling
from services.review.secrecy_review.commands import MissDeadline
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days
from shared.kernel.views import EVERY_AGENCY

LATE = "SELECT id, due FROM views.reviews WHERE agency = %s AND due < %s AND decided_on IS NULL AND NOT missed ORDER BY due LIMIT 1000"

SILENT = """SELECT id, coordination, addressee, due FROM views.letters
    WHERE asker = %s AND due < %s AND answer = 'waiting' AND NOT closed ORDER BY due LIMIT 1000"""

UNHANDLED = "SELECT id, due FROM views.inconsistencies WHERE agency = %s AND due < %s AND running ORDER BY due LIMIT 1000"


def missed_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once: its command's id is made from review and date."""
    for agency, day in real_days(running, today):
        for row in running.query_now(LATE, (agency, day), agency=agency):
            yield Due(MissDeadline(), row["id"], agency, f"miss/{row['id']}/{row['due']}")


def silent_letters(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A letter's row is its addressee's; its silence is recorded by who has asked."""
    for agency, day in real_days(running, today):
        for row in running.query_now(SILENT, (agency, day), agency=EVERY_AGENCY):
            yield Due(MissAnswer(addressee=row["addressee"]), row["coordination"], agency, f"silent/{row['id']}/{row['due']}")


def unhandled_reports(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Reports of inconsistencies that were neither handled nor raised in time."""
    for agency, day in real_days(running, today):
        for row in running.query_now(UNHANDLED, (agency, day), agency=agency):
            yield Due(MissHandling(), row["id"], agency, f"unhandled/{row['id']}/{row['due']}")

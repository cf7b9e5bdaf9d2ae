"""What comes due in review: reviews whose period is over."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.review.secrecy_review.commands import MissDeadline
from shared.kernel.running import Running
from shared.kernel.service import Due

LATE = "SELECT id, due FROM views.reviews WHERE agency = %s AND due < %s AND decided_on IS NULL AND NOT missed ORDER BY due LIMIT 1000"


def missed_deadlines(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """A miss is recorded once: its command's id is made from review and date."""
    for agency, day in today.items():
        if not running.doorkeeper.agency(agency).simulated:
            for row in running.query_now(LATE, (agency, day), agency=agency):
                yield Due(MissDeadline(), row["id"], agency, f"miss/{row['id']}/{row['due']}")

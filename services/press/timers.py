"""What comes due in press: hours that pass without an answer."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.press.opinion_item.commands import MissResponse
from shared.kernel.running import Running
from shared.kernel.service import Due, real_days

LATE = "SELECT id, until FROM views.opinions WHERE agency = %s AND until < now() ORDER BY until LIMIT 1000"


def missed_responses(running: Running, today: Mapping[str, date]) -> Iterable[Due]:
    """Each instant that was owed is missed once (YQ-03.1c)."""
    for agency, _ in real_days(running, today):
        for row in running.query_now(LATE, (agency,), agency=agency):
            yield Due(MissResponse(), row["id"], agency, f"unanswered/{row['id']}/{row['until'].isoformat()}")

"""The two clocks. `instant()` is real, always; the civil day of an agency can be set only where the agency is simulated (demo, training)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def instant() -> datetime:
    """Now, in UTC: what recording, sessions, receipts and checkpoints are stamped with."""
    return datetime.now(UTC)


def civil_day(moment: datetime) -> date:
    """The civil date of an instant where the law counts its days, Asia/Shanghai."""
    return moment.astimezone(LEGAL_ZONE).date()


def today() -> date:
    """The civil date of now in Asia/Shanghai."""
    return civil_day(instant())

"""The state of the log of a day, and what may be decided: one a day, of today or before; a day without one is missed."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.press.daily_log.events import DailyLogFiled, DailyLogMissed, Figures
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id

Events = Sequence[Event]


class DailyLog(State, frozen=True):
    """The log of a day."""

    agency: str = ""
    day: date | None = None
    filed: DailyLogFiled | None = None
    missed: bool = False


daily_log: Aggregate[DailyLog] = Aggregate("press.DailyLog", DailyLog)


def daily_log_id(agency: str, day: date) -> UUID:
    """The log of an agency and day."""
    return derived_id("press", "daily-log", agency, day.isoformat())


@daily_log.evolves(DailyLogFiled)
def filed(state: DailyLog, event: DailyLogFiled, meta: Meta) -> DailyLog:
    """It is there."""
    return replace(state, agency=meta.agency, day=event.day, filed=event)


@daily_log.evolves(DailyLogMissed)
def missed(state: DailyLog, event: DailyLogMissed, meta: Meta) -> DailyLog:
    """It was not there in time."""
    return replace(state, agency=meta.agency, day=event.day, missed=True)


def file(state: DailyLog, given: Given, day: date, figures: Figures, note: str) -> Events:
    """Once; not of a day to come."""
    if day > given.today:
        raise Invalid("future-day", "不能填报以后的日志。", fields=[{"field": "day", "sentence": "不得晚于今天"}])
    if state.filed is not None:
        raise Refused("filed-already", f"{day} 的舆情日志已经填报；需要补充的，请另行登记专报。")
    return [DailyLogFiled(day=day, figures=figures, note=note, late=day < given.today)]


def miss(state: DailyLog, given: Given, day: date) -> Events:
    """Once, when the day is over."""
    if state.exists or day >= given.today:
        return []
    return [DailyLogMissed(day=day)]

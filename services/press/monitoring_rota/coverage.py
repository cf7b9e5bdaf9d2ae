"""Which sources and hours of a day are without cover: by the plan, and by the patrols that were made (YQ-03.1a). Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from services.press.monitoring_rota.events import PatrolLogged, ShiftPlanned, Source
from services.press.monitoring_rota.state import MonitoringRota
from shared.kernel.clocks import LEGAL_ZONE

DAY_HOURS = 24


class Hours(msgspec.Struct, frozen=True):
    """From one full hour to another of a day."""

    begins: int
    ends: int


class SourceCover(msgspec.Struct, frozen=True):
    """A source on a day: hours for which nobody is planned, hours that passed without a patrol, and what was done."""

    code: str
    kind: str
    name: str
    unplanned: tuple[Hours, ...]
    unpatrolled: tuple[Hours, ...]
    patrols: int
    found: int


class Coverage(msgspec.Struct, frozen=True):
    """A day: its sources, the hours in which nobody watches anything, and whether a rota was set at all."""

    day: date
    rota: bool
    every_hours: int
    sources: tuple[SourceCover, ...]
    unwatched: tuple[Hours, ...]

    @property
    def complete(self) -> bool:
        """Whether there is no gap."""
        return self.rota and not self.unwatched and not any(one.unplanned or one.unpatrolled for one in self.sources)


def coverage(rota: MonitoringRota, patrols: Sequence[PatrolLogged], day: date, now: datetime) -> Coverage:
    """The gaps of a day; windows that are not over yet are no gaps."""
    shifts = [one for one in rota.shifts if one.first <= day <= one.last]
    known = rota.sources if rota.exists else ()
    return Coverage(
        day=day,
        rota=bool(known),
        every_hours=rota.every_hours,
        sources=tuple(cover(source, shifts, patrols, day, now, rota.every_hours) for source in known),
        unwatched=gaps(hours_of(shifts)),
    )


def cover(
    source: Source, shifts: Sequence[ShiftPlanned], patrols: Sequence[PatrolLogged], day: date, now: datetime, every: int
) -> SourceCover:
    """One source."""
    mine = [one for one in patrols if one.source == source.code]
    midnight = datetime.combine(day, time(), tzinfo=LEGAL_ZONE)
    missed: list[int] = []
    for begins in range(0, DAY_HOURS, every):
        opened, over = midnight + timedelta(hours=begins), midnight + timedelta(hours=begins + every)
        if over <= now and not any(one.begun < over and one.ended > opened for one in mine):
            missed += range(begins, begins + every)
    return SourceCover(
        code=source.code,
        kind=source.kind,
        name=source.name,
        unplanned=gaps(hours_of(one for one in shifts if source.code in one.sources)),
        unpatrolled=runs(missed),
        patrols=len(mine),
        found=sum(one.found for one in mine),
    )


def hours_of(shifts: Iterable[ShiftPlanned]) -> set[int]:
    """The hours that shifts cover."""
    return {hour for one in shifts for hour in range(one.begins, one.ends)}


def gaps(covered: set[int]) -> tuple[Hours, ...]:
    """The hours of a day that are not covered."""
    return runs([hour for hour in range(DAY_HOURS) if hour not in covered])


def runs(hours: Sequence[int]) -> tuple[Hours, ...]:
    """Hours in ascending order, those that follow each other put together."""
    made: list[Hours] = []
    for hour in hours:
        if made and made[-1].ends == hour:
            made[-1] = Hours(made[-1].begins, hour + 1)
        else:
            made.append(Hours(hour, hour + 1))
    return tuple(made)

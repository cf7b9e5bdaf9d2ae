"""The rota of a month and the patrols of a day as they stand."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.press.monitoring_rota import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class MonitoringRota(State, frozen=True):
    """What is watched in a month, and who does it when."""

    agency: str = ""
    month: date | None = None
    sources: tuple[e.Source, ...] = ()
    every_hours: int = 24
    shifts: tuple[e.ShiftPlanned, ...] = ()
    planned: int = 0


class PatrolLog(State, frozen=True):
    """The patrols of a day."""

    agency: str = ""
    day: date | None = None
    patrols: tuple[e.PatrolLogged, ...] = ()


monitoring_rota: Aggregate[MonitoringRota] = Aggregate("press.MonitoringRota", MonitoringRota)
patrol_log: Aggregate[PatrolLog] = Aggregate("press.PatrolLog", PatrolLog)


def rota_id(agency: str, day: date) -> UUID:
    """The rota of an agency for the month of a day."""
    return derived_id("press", "rota", agency, day.strftime("%Y-%m"))


def patrol_log_id(agency: str, day: date) -> UUID:
    """The patrols of an agency on a day."""
    return derived_id("press", "patrols", agency, day.isoformat())


@monitoring_rota.evolves(e.RotaSet)
def rota_set(state: MonitoringRota, event: e.RotaSet, meta: Meta) -> MonitoringRota:
    """What is watched from now on; the shifts stay."""
    return replace(state, agency=meta.agency, month=event.month, sources=event.sources, every_hours=event.every_hours)


@monitoring_rota.evolves(e.ShiftPlanned)
def shift_planned(state: MonitoringRota, event: e.ShiftPlanned, _meta: Meta) -> MonitoringRota:
    """One more shift."""
    return replace(state, shifts=(*state.shifts, event), planned=event.number)


@monitoring_rota.evolves(e.ShiftWithdrawn)
def shift_withdrawn(state: MonitoringRota, event: e.ShiftWithdrawn, _meta: Meta) -> MonitoringRota:
    """One shift less."""
    return replace(state, shifts=tuple(one for one in state.shifts if one.number != event.number))


@patrol_log.evolves(e.PatrolLogged)
def patrol_logged(state: PatrolLog, event: e.PatrolLogged, meta: Meta) -> PatrolLog:
    """One more patrol."""
    return replace(state, agency=meta.agency, day=civil_of(event), patrols=(*state.patrols, event))


def civil_of(patrol: e.PatrolLogged) -> date:
    """The day of a patrol in Asia/Shanghai."""
    return patrol.begun.astimezone(LEGAL_ZONE).date()

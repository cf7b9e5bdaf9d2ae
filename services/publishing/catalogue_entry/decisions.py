"""The decisions about a catalogue entry: what comes due under it, and what was missed (DX-04, DX-05, DX-07)."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.publishing.catalogue_entry.classes import AUDIENCES, CHANNELS, Span, channels_of, periods_ended, span_named
from services.publishing.catalogue_entry.events import (
    EntryDefined,
    EntryRetired,
    EntryRevised,
    PeriodPublished,
    PublicationDue,
    PublicationMissed,
    PublicationMissWithdrawn,
)
from services.publishing.catalogue_entry.state import CatalogueEntry
from services.publishing.units import known_unit
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

E = CatalogueEntry
Events = Sequence[Event]


class Described(NamedTuple):
    """What a command says of an entry."""

    name: str
    category: str
    sphere: str
    basis: str
    unit: str
    audience: str
    cadence: str
    channels: tuple[str, ...]


def not_retired(state: E, given: Given) -> None:
    """Nothing happens to an entry that was retired."""
    if state.retired:
        raise Refused("entry-retired", "该事项已移出公开目录，如需恢复请重新编入。", article="国令711 第十二条")


def check_channels(audience: str, channels: tuple[str, ...]) -> None:
    """Each channel reaches the audience that the entry is for (DX-05a, DX-05b)."""
    wrong = [channel for channel in channels if channel not in channels_of(audience)]
    if wrong:
        names = "、".join(CHANNELS[channel] for channel in wrong)
        raise Invalid(
            "channel-not-for-audience",
            f"{AUDIENCES[audience]}的事项不能使用“{names}”，请更换载体或者公开范围。",
            fields=[{"field": "channels", "sentence": "与公开范围不符"}],
        )


def define(given: Given, said: Described) -> Events:
    """A new entry, of a unit of the agency."""
    known_unit(given, said.unit)
    check_channels(said.audience, said.channels)
    return [EntryDefined(**said._asdict())]


def revise(state: E, given: Given, said: Described, reason: str) -> Events:
    """Kept current, with the reason (KH-02.1)."""
    known_unit(given, said.unit)
    check_channels(said.audience, said.channels)
    if said == Described(*(getattr(state, field) for field in Described._fields)):
        raise Refused("nothing-revised", "内容没有变化，不需要更新。")
    return [EntryRevised(**said._asdict(), reason=reason)]


def retire(reason: str) -> Events:
    """No longer in the catalogue."""
    return [EntryRetired(reason=reason)]


def open_periods(state: E, given: Given) -> Events:
    """Every period of the entry's cadence that has ended and is not open yet comes due in the rulebook's working days from its end (DX-07)."""
    if state.retired or state.since is None:
        return []
    ended = periods_ended(state.cadence, state.since, given.today)
    return [due(span, given) for span in ended if state.period(span.name) is None]


def due(span: Span, given: Given) -> PublicationDue:
    """What a period covers is to be published in the rulebook's working days from its end."""
    facts = Facts(start=span.last, limit="proactive_disclosure")
    return PublicationDue(period=span.name, ended=span.last, deadline=deadline(facts, given.rulebook, given.calendar))


def end_stage(state: E, given: Given, stage: str) -> Events:
    """A stage of work that no calendar makes has ended (DX-07, KH-02.3d)."""
    if state.cadence != "staged":
        raise Refused("not-staged", "该事项不是逐段公开的事项，到期由系统按周期产生。", article="本局考核制度（KH-02.3d）")
    if state.period(stage) is not None:
        raise Refused("stage-ended-already", f"阶段“{stage}”已经登记，请填写另一个阶段。")
    due = deadline(Facts(start=given.today, limit="proactive_disclosure"), given.rulebook, given.calendar)
    return [PublicationDue(period=stage, ended=given.today, deadline=due)]


def miss(state: E, given: Given) -> Events:
    """Each period that is over its day and was not published, once."""
    return [
        PublicationMissed(period=period.name, due=period.due)
        for period in state.periods
        if period.published_on is None and not period.missed and given.today > period.due
    ]


def check_period(state: E, period: str) -> None:
    """What is to be published for an entry names a period of its cadence, or a stage that has ended; at once, whatever it wants."""
    if not period or state.cadence == "at_once" or state.period(period) is not None or span_named(state.cadence, period) is not None:
        return
    open_ones = "、".join(one.name for one in state.periods if one.published_on is None)
    told = f"待公开的有：{open_ones}。" if open_ones else "该事项没有待公开的周期或者阶段。"
    raise Invalid("no-such-period", f"该目录事项没有“{period}”这一周期；{told}", fields=[{"field": "period", "sentence": "请核对"}])


def published(state: E, given: Given, period: str, publication: UUID) -> Events:
    """What a publication means for the entry: its period is done, even before it has ended; a miss on record that was none is withdrawn."""
    found = state.period(period)
    if found is None:
        span = span_named(state.cadence, period)
        return [due(span, given), PeriodPublished(period=period, publication=publication)] if span and not state.retired else []
    if found.published_on is not None:
        return []
    made: list[Event] = [PeriodPublished(period=period, publication=publication)]
    if found.missed and given.today <= found.due:
        made.append(PublicationMissWithdrawn(period=period, due=found.due))
    return made

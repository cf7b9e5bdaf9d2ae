"""A service, put together: what it decides, its views, what it hears, when its timers are due, and its own routes.

    service = Service(name="requests", title="依申请公开", about=requests.__doc__, views=(cases,), timers=(missed_deadlines,), routers=(api.router, pages.router))

Its commands, events and reactions come from their declarations: importing the modules is what registers them.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

from fastapi import APIRouter

from shared.kernel.aggregates import Aggregate, aggregates
from shared.kernel.commands import AgencyFacts, Command, CommandSpec, commands
from shared.kernel.reactions import sources_heard
from shared.kernel.views import TableView

if TYPE_CHECKING:
    from shared.kernel.running import Running


@dataclass(frozen=True, slots=True)
class Due:
    """A command whose time has come: what, for which thing, of which agency; `once` names it, so that it is carried out once."""

    command: Command
    id: UUID
    agency: str
    once: str


Timer = Callable[["Running", Mapping[str, date]], Iterable[Due]]
"""Tells what is due, given the civil day of each agency; runs in a thread, reads views."""


Supply = Callable[["Running", Any, UUID, AgencyFacts, date], Awaitable[Command]]
"""Puts into a command what no person types and no decision may fetch (figures from the ledger, the agency's units): from the command, the thing's
id, its agency and the civil day. What it puts in stands in private attributes: no form asks for it, and no body can name it.
"""


def real_days(running: "Running", today: Mapping[str, date]) -> Iterator[tuple[str, date]]:
    """The agencies whose civil day is the real one, each with its day: a simulated one lives in a time of its own, where nothing comes due by itself."""
    return ((code, day) for code, day in today.items() if not running.doorkeeper.agency(code).simulated)


class Duty(Protocol):
    """What a worker does without end beside relays and inboxes; it is started again when it fails, and sees to it that two workers do no harm."""

    async def run(self) -> None:
        """Does it until cancelled."""

    @property
    def condition(self) -> dict[str, Any]:
        """What `/readyz` tells of it: `ok`, where it has any `lag` (events, or things that wait), and `alarm`, a sentence."""


class NavEntry(NamedTuple):
    """A page in a service's own navigation: its path and title, and the capability that it needs."""

    path: str
    title: str
    read: str


@dataclass(frozen=True, slots=True)
class Service:
    """What the kernel needs to know of a service to run it."""

    name: str
    title: str
    about: str
    views: tuple[TableView[Any], ...] = ()
    timers: tuple[Timer, ...] = ()
    routers: tuple[Callable[["Running"], APIRouter], ...] = ()
    pages: tuple[Callable[["Running"], APIRouter], ...] = ()
    nav: tuple[NavEntry, ...] = ()
    """Its own navigation on pages, as far as each person may go."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """The capability that reading a kind of thing needs, by the aggregate's name."""
    ledger: Callable[[str, str], Any] | None = None
    """Makes the writer that keeps a copy of a log: from the log's name and the service's own database (audit)."""
    duties: Mapping[str, Callable[["Running"], Duty]] = field(default_factory=dict)
    """What else its worker does without end, by name."""
    supplies: Mapping[type[Command], "Supply"] = field(default_factory=dict)
    """What a command is given from the service's own records before it is decided, by the command's class."""

    @property
    def commands(self) -> list[CommandSpec]:
        """The commands of this service."""
        return [spec for spec in commands.values() if spec.service == self.name]

    @property
    def aggregates(self) -> list[Aggregate[Any]]:
        """The kinds of things that this service records events of."""
        return [aggregate for aggregate in aggregates.values() if aggregate.service == self.name]

    @property
    def hears(self) -> list[str]:
        """The services whose events it reacts to."""
        return sources_heard(self.name)

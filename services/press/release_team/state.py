"""The organisation that speaks as it stands, and how each event changes it."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.press.release_team import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class Spokesperson(msgspec.Struct, frozen=True):
    """Who speaks for the agency, and of which rank."""

    person: UUID
    rank: str


class Training(msgspec.Struct, frozen=True):
    """A training: when, of what, and who came."""

    on: date
    topic: str
    attended: tuple[UUID, ...]


class ReleaseTeam(State, frozen=True):
    """The organisation of an agency. `network`: who collects and tells, by unit; `designated`: the one unit that responds, `responders` its people."""

    agency: str = ""
    members: tuple[e.Member, ...] = ()
    spokespersons: tuple[Spokesperson, ...] = ()
    liaisons: tuple[UUID, ...] = ()
    network: dict[str, UUID] = {}
    trainings: tuple[Training, ...] = ()
    designated: str = ""
    responders: tuple[UUID, ...] = ()

    def speaks(self, person: UUID | str) -> bool:
        """Whether somebody is an appointed spokesperson."""
        return any(str(one.person) == str(person) for one in self.spokespersons)

    @property
    def lead(self) -> UUID | None:
        """Who leads the work."""
        return next((one.person for one in self.members if one.duty == "lead"), None)

    @property
    def staff(self) -> tuple[UUID, ...]:
        """Everybody who is to be trained: spokespersons, liaison officers and the network, each once."""
        return tuple(dict.fromkeys((*(one.person for one in self.spokespersons), *self.liaisons, *self.network.values())))

    @property
    def untrained(self) -> tuple[UUID, ...]:
        """Who never came to a training."""
        trained = {person for training in self.trainings for person in training.attended}
        return tuple(person for person in self.staff if person not in trained)


release_team: Aggregate[ReleaseTeam] = Aggregate("press.ReleaseTeam", ReleaseTeam)
evolves = release_team.evolves
T = ReleaseTeam


def team_id(agency: str) -> UUID:
    """The one organisation of an agency."""
    return derived_id("press", "release-team", agency)


@evolves(e.GroupConstituted)
def constituted(state: T, event: e.GroupConstituted, meta: Meta) -> T:
    """Its members."""
    return replace(state, agency=meta.agency, members=event.members)


@evolves(e.SpokespersonAppointed)
def appointed(state: T, event: e.SpokespersonAppointed, _meta: Meta) -> T:
    """One more who speaks."""
    return replace(state, spokespersons=(*state.spokespersons, Spokesperson(event.person, event.rank)))


@evolves(e.SpokespersonDismissed)
def dismissed(state: T, event: e.SpokespersonDismissed, _meta: Meta) -> T:
    """One fewer."""
    return replace(state, spokespersons=tuple(one for one in state.spokespersons if one.person != event.person))


@evolves(e.LiaisonAppointed)
def liaison_appointed(state: T, event: e.LiaisonAppointed, _meta: Meta) -> T:
    """One more who does the office work."""
    return replace(state, liaisons=(*state.liaisons, event.person))


@evolves(e.LiaisonDismissed)
def liaison_dismissed(state: T, event: e.LiaisonDismissed, _meta: Meta) -> T:
    """One fewer."""
    return replace(state, liaisons=tuple(one for one in state.liaisons if one != event.person))


@evolves(e.NetworkJoined)
def joined(state: T, event: e.NetworkJoined, _meta: Meta) -> T:
    """The unit has somebody."""
    return replace(state, network={**state.network, event.unit: event.person})


@evolves(e.NetworkLeft)
def left(state: T, event: e.NetworkLeft, _meta: Meta) -> T:
    """The unit has nobody."""
    return replace(state, network={unit: person for unit, person in state.network.items() if unit != event.unit})


@evolves(e.TrainingHeld)
def trained(state: T, event: e.TrainingHeld, meta: Meta) -> T:
    """One more training."""
    return replace(state, trainings=(*state.trainings, Training(meta.effective_on, event.topic, event.attended)))


@evolves(e.ResponseUnitDesignated)
def designated(state: T, event: e.ResponseUnitDesignated, _meta: Meta) -> T:
    """This unit responds, by these people."""
    return replace(state, designated=event.unit, responders=event.people)

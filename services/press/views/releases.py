"""The list of releases: one row a release, who it waits for, and the event that is coming; and who speaks for the agency."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.press.press_release import events as e
from services.press.press_release.state import Plan, PressRelease, Stage, press_release
from services.press.press_release.waiting import waits_for
from services.press.release_team import events as t
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class ReleaseRow(ViewRow, frozen=True):
    """A release in the list. `waits`: who has to act; `form`, `at` and `place`: the event that is planned or was held."""

    title: str
    content: str
    origin: str
    proposed_at: datetime
    unit: str = ""
    emergency: bool = False
    opinion: UUID | None = None
    stage: str = Stage.PROPOSED
    waits: str = ""
    speaker: UUID | None = None
    form: str = ""
    at: datetime | None = None
    place: str = ""
    media: tuple[str, ...] = ()
    held: bool = False
    channels: tuple[str, ...] = ()


releases = TableView("press", "releases", "1", ReleaseRow, indexes=("agency, stage", "agency, at"))


@releases.creates(e.TopicProposed)
def proposed(id: UUID, event: e.TopicProposed, meta: Meta) -> ReleaseRow:
    """A new row."""
    state = press_release.apply(press_release.initial(id), event, meta)
    return ReleaseRow(
        id=id, agency=meta.agency, title=event.title, content=event.content, origin=event.origin, unit=event.unit,
        emergency=event.emergency, opinion=event.opinion, proposed_at=meta.recorded_at, stage=state.stage, waits=waits_for(state),
    )  # fmt: skip


@releases.evolves(*(cls for cls in press_release.events if cls not in (e.TopicProposed, e.EventHeld)))
def changed(row: ReleaseRow, event: Event, meta: Meta) -> ReleaseRow:
    """As the release itself changes."""
    return told(row, press_release.apply(before(row), event, meta))


@releases.evolves(e.EventHeld)
def held(row: ReleaseRow, event: e.EventHeld, meta: Meta) -> ReleaseRow:
    """The event was held."""
    return replace(told(row, press_release.apply(before(row), event, meta)), held=True)


def before(row: ReleaseRow) -> PressRelease:
    """The release as far as the row tells it."""
    held = e.EventHeld(form=row.form, speaker=row.id, speaks_for="", in_name_of="", questions=(), evidence="") if row.held else None
    return PressRelease(
        id=row.id, agency=row.agency, title=row.title, content=row.content, origin=row.origin, unit=row.unit, emergency=row.emergency,
        opinion=row.opinion, stage=Stage(row.stage), speaker=row.speaker, plan=Plan(row.form, row.at, row.place) if row.at else None,
        media=row.media, held=held, channels=row.channels,
    )  # fmt: skip


def told(row: ReleaseRow, state: PressRelease) -> ReleaseRow:
    """The row of a release."""
    plan = state.plan
    return replace(
        row, title=state.title, content=state.content, emergency=state.emergency, stage=state.stage, waits=waits_for(state),
        speaker=state.speaker, form=plan.form if plan else "", at=plan.at if plan else None, place=plan.place if plan else "",
        media=state.media, channels=state.channels,
    )  # fmt: skip


class TeamRow(ViewRow, frozen=True):
    """The organisation of an agency: by which document its leading group was constituted, and of how many members."""

    document: str
    members: int


team = TableView("press", "team", "1", TeamRow)


@team.creates(t.GroupConstituted)
def constituted(id: UUID, event: t.GroupConstituted, meta: Meta) -> TeamRow:
    """The group as it is now."""
    return TeamRow(id=id, agency=meta.agency, document=event.document, members=len(event.members))

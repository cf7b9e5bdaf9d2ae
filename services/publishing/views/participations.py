"""What the public sees of an important matter: the draft and its explanation, until when, meetings, what was said together and what came of it."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.publishing.consultation.events import (
    CommentsCollated,
    ConsultationOpened,
    DecisionLinked,
    FeedbackPublished,
    Group,
    HearingAnnounced,
    HearingHeld,
    MatterProposed,
    ResultPublished,
)
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class Meeting(msgspec.Struct, frozen=True):
    """A hearing or another meeting: when, where, and who takes part, which is public."""

    form: str
    on: date
    place: str
    participants: tuple[str, ...]


class ParticipationRow(ViewRow, frozen=True):
    """A matter as the public sees it, from the day on which its draft was published (`opened_on`). `draft` is the SHA-256 of the draft's bytes."""

    title: str
    unit: str
    opened_on: date | None = None
    until: date | None = None
    draft: str = ""
    explanation: str = ""
    ways: tuple[str, ...] = ()
    form: str = ""
    short_reason: str = ""
    meeting: Meeting | None = None
    held: bool = False
    groups: tuple[Group, ...] = ()
    count: int | None = None
    adopted: str = ""
    not_adopted: str = ""
    told_on: date | None = None
    decision: UUID | None = None
    discussion: str = ""
    result: UUID | None = None


participations = TableView("publishing", "participations", "2", ParticipationRow, indexes=("agency, until, id",))


@participations.creates(MatterProposed)
def proposed(id: UUID, event: MatterProposed, meta: Meta) -> ParticipationRow:
    """Nothing of it is public yet."""
    return ParticipationRow(id=id, agency=meta.agency, title=event.title, unit=event.unit)


@participations.evolves(ConsultationOpened)
def opened(row: ParticipationRow, event: ConsultationOpened, meta: Meta) -> ParticipationRow:
    """The draft is public."""
    return replace(
        row,
        opened_on=meta.effective_on,
        until=event.until,
        draft=event.draft,
        explanation=event.explanation,
        ways=event.ways,
        form=event.form,
        short_reason=event.short_reason,
    )


@participations.evolves(HearingAnnounced)
def announced(row: ParticipationRow, event: HearingAnnounced, _meta: Meta) -> ParticipationRow:
    """The public is invited."""
    return replace(row, meeting=Meeting(event.form, event.on, event.place, event.participants), held=False)


@participations.evolves(HearingHeld)
def held(row: ParticipationRow, _event: HearingHeld, _meta: Meta) -> ParticipationRow:
    """It took place."""
    return replace(row, held=True)


@participations.evolves(CommentsCollated)
def collated(row: ParticipationRow, event: CommentsCollated, _meta: Meta) -> ParticipationRow:
    """What was said, together."""
    return replace(row, groups=event.groups, count=event.count)


@participations.evolves(FeedbackPublished)
def fed_back(row: ParticipationRow, event: FeedbackPublished, meta: Meta) -> ParticipationRow:
    """What was adopted and what was not, with the reasons."""
    return replace(row, adopted=event.adopted, not_adopted=event.not_adopted, told_on=meta.effective_on)


@participations.evolves(DecisionLinked)
def decided(row: ParticipationRow, event: DecisionLinked, _meta: Meta) -> ParticipationRow:
    """The decision is public, with what was discussed."""
    return replace(row, decision=event.publication, discussion=event.discussion)


@participations.evolves(ResultPublished)
def resulted(row: ParticipationRow, event: ResultPublished, _meta: Meta) -> ParticipationRow:
    """The result is public."""
    return replace(row, result=event.publication)

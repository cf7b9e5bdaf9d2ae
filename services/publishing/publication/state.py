"""A publication as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.publishing.publication.events import (
    Addressee,
    Check,
    CoordinationConcluded,
    CoordinationRequested,
    CorrectionPublished,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    FeedbackRecorded,
    File,
    FileAttached,
    InformationCreated,
    OnlineDecided,
    PublicationApproved,
    PublicationDrafted,
    PublicationReturned,
    Published,
    QualityChecked,
    RelatedLinked,
    ReviewConcluded,
    ReviewRequested,
    ValidityChanged,
    Withdrawn,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.law.deadlines import Deadline


class Stage(StrEnum):
    """Where a publication stands."""

    CREATED = "created"
    DRAFTED = "drafted"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


TITLES: dict[Stage, str] = {
    Stage.CREATED: "待起草",
    Stage.DRAFTED: "审核中",
    Stage.APPROVED: "已批准，待公开",
    Stage.PUBLISHED: "已公开",
    Stage.WITHHELD: "不予公开",
    Stage.WITHDRAWN: "已撤下",
}


class Place(msgspec.Struct, frozen=True):
    """Where a version was published, when, and the evidence of it."""

    channel: str
    version: int
    on: date
    evidence: str


class Related(msgspec.Struct, frozen=True):
    """What press says of the same, the version that it agrees with, and the hash of exactly the content that it was compared with."""

    kind: str
    thing: UUID
    title: str
    version: int
    hash: str


class Publication(State, frozen=True):
    """A publication as it stands. `draft` is the content in work, `versions` what was published, oldest first."""

    agency: str = ""
    title: str = ""
    kind: str = ""
    origin: str = ""
    audience: str = "external"
    unit: str = ""
    concerns: tuple[Addressee, ...] = ()
    entry: UUID | None = None
    period: str = ""
    matter: UUID | None = None
    matter_stage: str = ""
    request: UUID | None = None
    offered: tuple[File, ...] = ()
    attached: tuple[File, ...] = ()
    rulebook: str | None = None
    created_on: date | None = None
    deadline: Deadline | None = None
    target: date | None = None
    online: OnlineDecided | None = None
    draft: PublicationDrafted | None = None
    drafted_by: tuple[str, ...] = ()
    versions: tuple[PublicationDrafted, ...] = ()
    checks: tuple[Check, ...] = ()
    quality: str = ""
    reviews: int = 0
    in_review: bool = False
    cleared: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    rounds: int = 0
    coordinating: bool = False
    agreed: frozenset[str] = frozenset()
    refused: bool = False
    approved: str = ""
    places: tuple[Place, ...] = ()
    feedback: int = 0
    withdrawn: bool = False
    validity: str = "in_force"
    missed: date | None = None
    related: tuple[Related, ...] = ()

    def file(self, sha256: str) -> File | None:
        """The file of this hash, if it was attached, offered or published."""
        drafts = [*self.versions, *((self.draft,) if self.draft else ())]
        known = (*self.attached, *self.offered, *(file for draft in drafts for file in draft.files))
        return next((one for one in known if one.sha256 == sha256), None)

    @property
    def to_compare(self) -> tuple[Related, ...]:
        """What press says of other content than what holds: it is compared with what holds now (YQ-03.5b)."""
        return tuple(one for one in self.related if one.hash != self.holding or self.withdrawn)

    @property
    def holding(self) -> str:
        """The hash of the content that holds: the latest that was published, else the draft."""
        if self.versions:
            return self.versions[-1].hash
        return self.draft.hash if self.draft else ""

    @property
    def published_on(self) -> date | None:
        """The day of the first publication."""
        return min((place.on for place in self.places), default=None)

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.withdrawn:
            return Stage.WITHDRAWN
        if self.online is not None and self.online.decision == "withheld":
            return Stage.WITHHELD
        if self.draft is None:
            return Stage.CREATED
        if any(place.version == self.draft.version for place in self.places):
            return Stage.PUBLISHED
        return Stage.APPROVED if self.approved == self.draft.hash else Stage.DRAFTED


publication: Aggregate[Publication] = Aggregate("publishing.Publication", Publication)
evolves = publication.evolves
P = Publication


@evolves(InformationCreated)
def created(state: P, event: InformationCreated, meta: Meta) -> P:
    """The clock runs."""
    return replace(
        state,
        agency=meta.agency,
        title=event.title,
        kind=event.kind,
        origin=event.origin,
        audience=event.audience,
        unit=event.unit,
        concerns=event.concerns,
        entry=event.entry,
        period=event.period,
        matter=event.matter,
        matter_stage=event.stage,
        request=event.request,
        offered=event.offered,
        rulebook=meta.rulebook,
        created_on=meta.effective_on,
        deadline=event.deadline,
        target=event.target,
    )


@evolves(OnlineDecided)
def decided(state: P, event: OnlineDecided, _meta: Meta) -> P:
    """Online, internal or withheld."""
    return replace(state, online=event)


@evolves(PublicationDrafted)
def drafted(state: P, event: PublicationDrafted, meta: Meta) -> P:
    """Other content: nothing that was approved or checked holds for it."""
    return replace(state, draft=event, title=event.title, drafted_by=tuple(sorted(meta.actor.persons)), approved="", quality="", checks=())


@evolves(QualityChecked)
def checked(state: P, event: QualityChecked, _meta: Meta) -> P:
    """The checklist."""
    return replace(state, checks=event.checks, quality=event.hash if event.passed else "")


@evolves(ReviewRequested)
def review_requested(state: P, event: ReviewRequested, _meta: Meta) -> P:
    """Waits for review."""
    return replace(state, reviews=event.review, in_review=True)


@evolves(ReviewConcluded)
def review_concluded(state: P, event: ReviewConcluded, _meta: Meta) -> P:
    """The latest conclusion about these bytes holds."""
    released, withheld = frozenset(event.released), frozenset(event.withheld)
    return replace(state, in_review=False, cleared=(state.cleared - withheld) | released, withheld=(state.withheld - released) | withheld)


@evolves(CoordinationRequested)
def coordination_requested(state: P, event: CoordinationRequested, _meta: Meta) -> P:
    """Waits for the agencies."""
    return replace(state, rounds=event.round, coordinating=True, refused=False)


@evolves(CoordinationConcluded)
def coordination_concluded(state: P, event: CoordinationConcluded, _meta: Meta) -> P:
    """They agree to these bytes, or do not."""
    agreed = state.agreed | frozenset(event.files) if event.agreed else state.agreed
    return replace(state, coordinating=False, agreed=agreed, refused=not event.agreed)


@evolves(PublicationApproved)
def approved(state: P, event: PublicationApproved, _meta: Meta) -> P:
    """This content may be published."""
    return replace(state, approved=event.hash)


@evolves(PublicationReturned)
def returned(state: P, _event: PublicationReturned, _meta: Meta) -> P:
    """It is checked again, after it was drafted again."""
    return replace(state, quality="", approved="")


@evolves(Published)
def published(state: P, event: Published, meta: Meta) -> P:
    """One more channel."""
    assert state.draft is not None
    place = Place(event.channel, event.version, meta.effective_on, event.evidence)
    first = all(version.version != event.version for version in state.versions)
    return replace(state, places=(*state.places, place), versions=(*state.versions, state.draft) if first else state.versions)


@evolves(FeedbackRecorded)
def fed_back(state: P, _event: FeedbackRecorded, _meta: Meta) -> P:
    """The fourth step."""
    return replace(state, feedback=state.feedback + 1)


@evolves(CorrectionPublished)
def corrected(state: P, _event: CorrectionPublished, _meta: Meta) -> P:
    """The versions tell."""
    return state


@evolves(Withdrawn)
def withdrawn(state: P, _event: Withdrawn, _meta: Meta) -> P:
    """Off every channel."""
    return replace(state, withdrawn=True)


@evolves(ValidityChanged)
def validity_changed(state: P, event: ValidityChanged, _meta: Meta) -> P:
    """In force or not."""
    return replace(state, validity=event.validity)


@evolves(DeadlineMissed)
def deadline_missed(state: P, event: DeadlineMissed, _meta: Meta) -> P:
    """Late."""
    return replace(state, missed=event.due)


@evolves(DeadlineMissWithdrawn)
def miss_withdrawn(state: P, _event: DeadlineMissWithdrawn, _meta: Meta) -> P:
    """Not late after all."""
    return replace(state, missed=None)


@evolves(RelatedLinked)
def linked(state: P, event: RelatedLinked, _meta: Meta) -> P:
    """The latest link to a thing counts."""
    others = tuple(one for one in state.related if one.thing != event.thing)
    return replace(state, related=(*others, Related(event.kind, event.thing, event.title, event.version, state.holding)))


@evolves(FileAttached)
def attached(state: P, event: FileAttached, _meta: Meta) -> P:
    """It may go into the content."""
    others = tuple(one for one in state.attached if one.sha256 != event.sha256)
    return replace(state, attached=(*others, File(event.name, event.sha256, event.size)))

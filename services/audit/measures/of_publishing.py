"""The catalogue's periods, publications and their channels, material of interpretations."""

import msgspec

from services.audit.measures.fold import Entry, Fold, Nothing, Owed, Row, WithDeadline, WithUnit, reads


class _Entry(msgspec.Struct, frozen=True):
    unit: str
    name: str


@reads(_Entry, "publishing.EntryDefined", "publishing.EntryRevised")
def listed(fold: Fold, row: Row, data: _Entry) -> None:
    """A line of the catalogue, and whose it is."""
    fold.entries[row.thing] = Entry(data.unit, data.name, row.case, row.on)


@reads(Nothing, "publishing.EntryRetired")
def unlisted(fold: Fold, row: Row, _data: Nothing) -> None:
    """It stands in the catalogue no more."""
    if row.thing in fold.entries:
        fold.entries[row.thing].retired = True


class _Period(msgspec.Struct, frozen=True):
    period: str
    deadline: Owed | None = None


@reads(_Period, "publishing.PublicationDue")
def period_due(fold: Fold, row: Row, data: _Period) -> None:
    """A period has ended: what it covers is to be published."""
    entry = fold.entries.get(row.thing)
    if entry is not None and data.deadline is not None:
        facts = {"unit": entry.unit, "title": f"{entry.name}（{data.period}）", "due": data.deadline.due}
        fold.open(row, "periods", row.thing, data.period, **facts)


@reads(_Period, "publishing.PeriodPublished")
def period_published(fold: Fold, row: Row, data: _Period) -> None:
    """It was."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.done = row.on
    if row.thing in fold.entries:
        fold.entries[row.thing].touched = row.on


@reads(_Period, "publishing.PublicationMissed")
def period_missed(fold: Fold, row: Row, data: _Period) -> None:
    """It was not."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.missed = True


@reads(_Period, "publishing.PublicationMissWithdrawn")
def period_not_missed(fold: Fold, row: Row, data: _Period) -> None:
    """It was after all."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.missed = False


class _Created(msgspec.Struct, frozen=True):
    title: str
    unit: str
    deadline: Owed
    audience: str = "external"


@reads(_Created, "publishing.InformationCreated")
def information_created(fold: Fold, row: Row, data: _Created) -> None:
    """Information that is to be published was made or has changed; what is for the public, on the portal too."""
    facts = {"unit": data.unit, "title": data.title, "due": data.deadline.due}
    fold.open(row, "publications", row.thing, **facts)
    if data.audience != "internal":
        fold.open(row, "portal", row.thing, **facts)
    fold.published[row.thing] = set()


class _Online(msgspec.Struct, frozen=True):
    decision: str


@reads(_Online, "publishing.OnlineDecided")
def online_decided(fold: Fold, row: Row, data: _Online) -> None:
    """What is withheld is not owed; what stays internal is not owed to the portal."""
    for measure, owed in (("publications", data.decision != "withheld"), ("portal", data.decision == "online")):
        matter = fold.of(measure, row.thing)
        if matter is not None:
            matter.counts = owed


class _Published(msgspec.Struct, frozen=True):
    channel: str
    late_days: int = 0
    overdue_reason: str = ""


@reads(_Published, "publishing.Published")
def published(fold: Fold, row: Row, data: _Published) -> None:
    """Told by one channel; the first one keeps the day, the portal its own."""
    for measure in ("publications", "portal"):
        matter = fold.of(measure, row.thing)
        if matter is not None and (matter.done is None or row.on < matter.done) and (measure != "portal" or data.channel == "portal"):
            matter.done, matter.reasoned = row.on, bool(data.overdue_reason)
    fold.published.setdefault(row.thing, set()).add(data.channel)


@reads(Nothing, "publishing.DeadlineMissed")
def publication_missed(fold: Fold, row: Row, _data: Nothing) -> None:
    """The day has passed."""
    matter = fold.of("publications", row.thing)
    if matter is not None:
        matter.missed = True


@reads(Nothing, "publishing.DeadlineMissWithdrawn")
def publication_not_missed(fold: Fold, row: Row, _data: Nothing) -> None:
    """It was in time after all."""
    matter = fold.of("publications", row.thing)
    if matter is not None:
        matter.missed = False


@reads(WithUnit, "publishing.PlanDrafted")
def interpretation_planned(fold: Fold, row: Row, data: WithUnit) -> None:
    """Whose interpretation it is."""
    fold.units[row.thing] = data.unit


@reads(WithDeadline, "publishing.MaterialDue")
def material_due(fold: Fold, row: Row, data: WithDeadline) -> None:
    """Its material is owed; it may be there already."""
    before = fold.of("interpretations", row.thing)
    due = data.deadline.due if data.deadline else None
    done = before.done if before is not None else None
    fold.open(row, "interpretations", row.thing, unit=fold.units.get(row.thing, ""), title="解读材料", due=due, done=done)


@reads(Nothing, "publishing.MaterialSubmitted")
def material_submitted(fold: Fold, row: Row, _data: Nothing) -> None:
    """It is there."""
    matter = fold.of("interpretations", row.thing)
    if matter is None:
        fold.open(row, "interpretations", row.thing, unit=fold.units.get(row.thing, ""), title="解读材料", done=row.on)
    elif matter.done is None:
        matter.done = row.on

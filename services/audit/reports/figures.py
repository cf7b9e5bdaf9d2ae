"""Table two and the fees: facts of other systems with their source, documents that this platform has published, notices of fees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.annual_report.events import Fees
from services.audit.reports.form import TABLE_TWO
from services.audit.reports.tables import Request

FACTS = """SELECT position, originator_id, topic, state FROM ledger WHERE source = %s AND agency = %s AND position <= %s
    AND split_part(topic, ':', 1) = ANY(%s) ORDER BY position"""
"""The events of some types of one log and agency."""

FIGURES = ["audit.FigureRecorded", "audit.FigureCorrected"]
DOCUMENTS = ["publishing.InformationCreated", "publishing.PublicationDrafted", "publishing.Published", "publishing.ValidityChanged"]
OVER = ("expired", "repealed")
"""With these a document is in force no more."""

NORMATIVE = ("normative_made", "normative_ended", "normative_valid")
"""The cells that the platform can count itself."""


class _Data(msgspec.Struct, frozen=True):
    """The fields that are read, of whichever event has them."""

    year: int = 0
    cell: str = ""
    value: str | None = None
    kind: str = ""
    validity: str = ""
    date_of_issue: date | None = None


class _Event(msgspec.Struct, frozen=True):
    effective_on: date
    data: _Data


class At(NamedTuple):
    """Where an event stands, and whose it is."""

    position: int
    id: UUID


class Figure(NamedTuple):
    """What stands in a cell of table two, and the events that make it up; None is blank."""

    value: str | None
    of: tuple[At, ...] = ()


class Document(msgspec.Struct):
    """A normative document as the report sees it: when it was issued and published, and each change of its validity."""

    id: UUID
    at: list[At] = []
    issued: date | None = None
    published: date | None = None
    changes: list[tuple[date, str, At]] = []

    @property
    def made(self) -> date | None:
        """When it was made: its date of issue, or else the day of its first publication; None while it is not public."""
        return None if self.published is None else self.issued or self.published

    def over(self, on: date) -> tuple[date, At] | None:
        """Since when it is in force no more, as of a day, and by which event; None where it is in force."""
        since: tuple[date, At] | None = None
        for day, validity, at in sorted(self.changes, key=lambda one: (one[0], one[2].position)):
            if day <= on:
                since = (since or (day, at)) if validity in OVER else None
        return since


_decoder = msgspec.json.Decoder(_Event)
Row = tuple[int, UUID, str, _Event]


def rows(connection: psycopg.Connection[Any], source: str, agency: str, upto: int, types: Sequence[str]) -> Iterator[Row]:
    """These events of a log, oldest first."""
    cursor = connection.cursor(row_factory=tuple_row).execute(FACTS, (source, agency, upto, list(types)), binary=True)
    for position, id, topic, state in cursor:
        yield position, id, topic.partition(":")[0], _decoder.decode(bytes(state))


def recorded(events: Iterable[Row], year: int) -> dict[str, Figure]:
    """What was recorded for a year, by its cell, as last corrected."""
    found: dict[str, Figure] = {}
    for position, id, _, event in events:
        if event.data.year == year and event.data.cell in TABLE_TWO:
            before = found.get(event.data.cell, Figure(None))
            found[event.data.cell] = Figure(event.data.value, (*before.of, At(position, id)))
    return found


def documents(events: Iterable[Row]) -> list[Document]:
    """The normative documents among these events of publications."""
    found: dict[UUID, Document] = {}
    for position, id, type_, event in events:
        at = At(position, id)
        if type_ == "publishing.InformationCreated":
            if event.data.kind == "normative":
                found[id] = Document(id)
        elif (document := found.get(id)) is not None:
            if type_ == "publishing.PublicationDrafted":
                document.issued = event.data.date_of_issue or document.issued
            elif type_ == "publishing.ValidityChanged":
                document.changes.append((event.effective_on, event.data.validity, at))
            elif document.published is None:
                document.published, document.at = event.effective_on, [at]
    return list(found.values())


def counted(known: Sequence[Document], year: int, before: str | None) -> dict[str, Figure]:
    """What the platform knows of normative documents. In force: those of the year before, if its report is known, and what has changed since."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    there = [one for one in known if one.made is not None and one.made <= last]
    if not there:
        return {}
    made = [one for one in there if one.made is not None and one.made >= first]
    ended = [(one, since[1]) for one in there if (since := one.over(last)) is not None and since[0] >= first]
    valid = [one for one in there if one.over(last) is None]
    in_force = len(valid) if before is None or not before.isdecimal() else int(before) + len(made) - len(ended)
    return {
        "normative_made": Figure(str(len(made)), tuple(at for one in made for at in one.at)),
        "normative_ended": Figure(str(len(ended)), tuple(at for _, at in ended)),
        "normative_valid": Figure(str(in_force), tuple(at for one in valid for at in one.at)),
    }


def table_two(
    connection: psycopg.Connection[Any], agency: str, year: int, upto: Mapping[str, int], before: Mapping[str, str]
) -> dict[str, Figure]:
    """The cells of table two that are not blank: what was recorded as a fact, else what the platform has counted itself."""
    own = counted(
        documents(rows(connection, "publishing", agency, upto["publishing"], DOCUMENTS)), year, before.get("normative_valid")
    )  # fmt: skip
    facts = recorded(rows(connection, "audit", agency, upto["audit"], FIGURES), year)
    return {**own, **{cell: figure for cell, figure in facts.items() if figure.value is not None}}


def together(parts: Sequence[Mapping[str, Figure]]) -> dict[str, Figure]:
    """Several agencies' cells in one: numbers are added; "/" stands where nobody has a number."""
    made: dict[str, Figure] = {}
    for cell in TABLE_TWO:
        there = [part[cell] for part in parts if cell in part]
        numbers = [Decimal(one.value) for one in there if one.value not in (None, "/")]
        if there:
            value = f"{sum(numbers, Decimal(0)):f}" if numbers else "/"
            made[cell] = Figure(value, tuple(at for one in there for at in one.of))
    return made


def fees(requests: Iterable[Request], year: int) -> Fees:
    """The fees of a year: notices by the day they were sent, payments by the day they came."""
    known = [request.fee for request in requests if request.counts and request.fee is not None]
    sent = [one for one in known if one.sent_on.year == year]
    paid = [one for one in known if one.paid_on is not None and one.paid_on.year == year]
    return Fees(notices=len(sent), yuan=sum(one.yuan for one in sent), paid=len(paid), collected=sum(one.yuan for one in paid))

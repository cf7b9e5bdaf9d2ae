"""What the public sees of a publication: its latest version on the portal. The view folds what is to come besides, each agency's own; of what it
folds, what is public goes on to the table `shown`, which the public's pages and the search read and nothing else.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec.structs import replace

from services.publishing.publication.events import (
    File,
    FileAttached,
    InformationCreated,
    OnlineDecided,
    PublicationDrafted,
    Published,
    ValidityChanged,
    Withdrawn,
)
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow
from shared.search.words import plain, words_of

PORTAL = "portal"
"""The channel that these pages are."""


class Content(msgspec.Struct, frozen=True):
    """What a version says, with its metadata (design/ops.md D1)."""

    version: int
    title: str
    text: str
    files: tuple[File, ...] = ()
    subject: str = ""
    issuer: str = ""
    document_number: str = ""
    date_of_issue: date | None = None
    keywords: tuple[str, ...] = ()
    correction: str = ""


class Version(msgspec.Struct, frozen=True):
    """A version that was on the portal: its number, since when, and why it took the place of the one before."""

    version: int
    on: date
    reason: str = ""


class PortalRow(ViewRow, frozen=True):
    """A publication on its way to the portal. `pending`: the content in work; `content`: what the portal shows; `changed_at`: since when.

    `kept`: the hashes of the files that the platform has, and so can give out.
    """

    kind: str
    entry: UUID | None = None
    matter: UUID | None = None
    pending: Content | None = None
    content: Content | None = None
    versions: tuple[Version, ...] = ()
    published_on: date | None = None
    changed_at: datetime | None = None
    validity: str = "in_force"
    basis: str = ""
    online: bool = False
    withdrawn: bool = False
    kept: tuple[str, ...] = ()


WRITE = """INSERT INTO shown (id, agency, position, gone, title, kind, entry, matter, subject, issuer, document_number, date_of_issue, published_on,
    changed_at, version, validity, basis, keywords, files, versions, hashes, text, compared, head, labels, words)
SELECT id, agency, position, gone, title, kind, entry, matter, subject, issuer, document_number, date_of_issue, published_on, changed_at, version,
    validity, basis, keywords, files, versions, string_to_array(hashes, ' '), text, compared, head, labels, array_to_tsvector(string_to_array(words, ' '))
FROM json_to_recordset(%s::json) AS u(id uuid, agency text, position bigint, gone boolean, title text, kind text, entry uuid, matter uuid,
    subject text, issuer text, document_number text, date_of_issue date, published_on date, changed_at timestamptz, version bigint, validity text,
    basis text, keywords jsonb, files jsonb, versions jsonb, hashes text, text text, compared text, head text, labels text, words text) ORDER BY id
ON CONFLICT (id) DO UPDATE SET (agency, position, gone, title, kind, entry, matter, subject, issuer, document_number, date_of_issue, published_on,
    changed_at, version, validity, basis, keywords, files, versions, hashes, text, compared, head, labels, words)
  = (excluded.agency, excluded.position, excluded.gone, excluded.title, excluded.kind, excluded.entry, excluded.matter, excluded.subject,
    excluded.issuer, excluded.document_number, excluded.date_of_issue, excluded.published_on, excluded.changed_at, excluded.version,
    excluded.validity, excluded.basis, excluded.keywords, excluded.files, excluded.versions, excluded.hashes, excluded.text, excluded.compared,
    excluded.head, excluded.labels, excluded.words)
WHERE shown.position <= excluded.position"""
"""A rebuild beside the version that serves may be behind it: what is newer stays. In the order of ids, so that two who write don't wait for each other."""

AT_ONCE = 200
"""Rows that are written to `shown` with one statement."""


class PortalView(TableView[PortalRow]):
    """Writes what is public of its rows to `shown`."""

    def store(self, connection: psycopg.Connection[Any], table: str, rows: Sequence[PortalRow]) -> None:
        """The rows, and what everybody may see of them."""
        super().store(connection, table, rows)
        show(connection, rows)

    def copy(self, connection: psycopg.Connection[Any], table: str, rows: Iterable[PortalRow]) -> None:
        """The same for a rebuild."""
        kept = list(rows)
        super().copy(connection, table, kept)
        show(connection, kept)


def show(connection: psycopg.Connection[Any], rows: Sequence[PortalRow]) -> None:
    """Writes what is public of these rows."""
    public = [row for row in rows if row.content is not None]
    for start in range(0, len(public), AT_ONCE):
        made = list(public_of(public[start : start + AT_ONCE]))
        connection.execute(WRITE, (msgspec.json.encode(made).decode(),))


def public_of(rows: Iterable[PortalRow]) -> Iterator[dict[str, Any]]:
    """What everybody may see of each row; of what was taken off, its title and its days alone."""
    for row in rows:
        assert row.content is not None
        said, gone = row.content, row.withdrawn or not row.online
        text, files, keywords = ("", (), ()) if gone else (said.text, said.files, said.keywords)
        labels = plain("\n".join((said.document_number, said.subject, *keywords, *(file.name for file in files))))
        head = plain(said.title)
        words = [] if gone else [f"@{row.agency}", *sorted(words_of(head, labels, text))]
        yield {
            "id": row.id,
            "agency": row.agency,
            "position": row.position,
            "gone": gone,
            "title": said.title,
            "kind": row.kind,
            "entry": row.entry,
            "matter": row.matter,
            "subject": said.subject,
            "issuer": said.issuer,
            "document_number": said.document_number,
            "date_of_issue": said.date_of_issue,
            "published_on": row.published_on,
            "changed_at": row.changed_at,
            "version": said.version,
            "validity": row.validity,
            "basis": row.basis,
            "keywords": keywords,
            "files": [{"name": file.name, "sha256": file.sha256, "size": file.size, "kept": file.sha256 in row.kept} for file in files],
            "versions": row.versions,
            "hashes": "" if gone else " ".join((hashlib.sha256(text.encode()).hexdigest(), *(file.sha256 for file in files))),
            "text": text,
            "compared": plain(text),
            "head": head,
            "labels": labels,
            "words": " ".join(words),
        }


portal = PortalView("publishing", "portal", "1", PortalRow)


def moment(meta: Meta) -> datetime:
    """When a fact became public: as recorded on its own day, or the beginning of an earlier day that it was recorded for."""
    recorded = meta.recorded_at.astimezone(LEGAL_ZONE)
    return recorded if recorded.date() == meta.effective_on else datetime.combine(meta.effective_on, time(), LEGAL_ZONE)


@portal.creates(InformationCreated)
def created(id: UUID, event: InformationCreated, meta: Meta) -> PortalRow:
    """Nothing of it is public."""
    kept = tuple(file.sha256 for file in event.offered)
    return PortalRow(id=id, agency=meta.agency, kind=event.kind, entry=event.entry, matter=event.matter, kept=kept)


@portal.evolves(FileAttached)
def attached(row: PortalRow, event: FileAttached, _meta: Meta) -> PortalRow:
    """The platform has it; whether it is public, the content tells."""
    return row if event.sha256 in row.kept else replace(row, kept=(*row.kept, event.sha256))


@portal.evolves(OnlineDecided)
def decided(row: PortalRow, event: OnlineDecided, meta: Meta) -> PortalRow:
    """Only what goes online stands on the portal; another decision takes it off."""
    online = event.decision == "online"
    return replace(row, online=online, changed_at=row.changed_at if online == row.online else moment(meta))


@portal.evolves(PublicationDrafted)
def drafted(row: PortalRow, event: PublicationDrafted, _meta: Meta) -> PortalRow:
    """Content that is not public yet."""
    return replace(row, pending=Content(**{name: getattr(event, name) for name in Content.__struct_fields__}))


@portal.evolves(Published)
def published(row: PortalRow, event: Published, meta: Meta) -> PortalRow:
    """By this channel: the content in work is what the portal shows from now on."""
    if event.channel != PORTAL or row.pending is None:
        return row
    version = Version(event.version, meta.effective_on, row.pending.correction if event.version > 1 else "")
    return replace(
        row,
        content=row.pending,
        versions=(*row.versions, version),
        published_on=row.published_on or meta.effective_on,
        changed_at=moment(meta),
    )


@portal.evolves(ValidityChanged)
def validity_changed(row: PortalRow, event: ValidityChanged, meta: Meta) -> PortalRow:
    """In force or not, and by which basis."""
    return replace(row, validity=event.validity, basis=event.basis, changed_at=moment(meta))


@portal.evolves(Withdrawn)
def withdrawn(row: PortalRow, _event: Withdrawn, meta: Meta) -> PortalRow:
    """That it was there stays known; what it said does not."""
    return replace(row, withdrawn=True, changed_at=moment(meta))

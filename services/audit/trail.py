"""The decision trail of a case: who, when, in which role, under which article, in which service, in order; made from the ledger alone.

As of a date it tells what had taken effect by then (`effect`: the civil date of the facts, whenever they were recorded), or what was on record by
then (`record`: whatever it was about).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from services.audit.titles import title_of
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.events import Envelope, read_envelope

SEALED = "gk1:"
"""How the token of an encrypted field begins; a trail never decrypts."""

HIDDEN = "〔个人信息，已加密〕"

ROWS = "SELECT source, position, topic, originator_version, case_id, agency, state FROM ledger WHERE case_id = %s"


By = Literal["effect", "record"]
"""Which of its two dates an event is measured by."""

READINGS = ("PersonalDataRead", "SecretItemRead", "AttachmentRead")
"""The types, within their service, of the events that tell who has read; they stand apart from what was decided."""

REASONS = ("reason", "finding", "why", "opinion", "remark", "overdue_reason", "found", "measures")
"""The fields in which an event tells why."""

DOCUMENTS = ("number", "document", "evidence", "tracking_number")
"""The fields that name a letter or document."""


class File(msgspec.Struct, frozen=True):
    """A file that an event names: its name, where that is not personal data, and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Entry(msgspec.Struct, frozen=True):
    """One event of a trail."""

    position: str
    service: str
    type: str
    title: str
    recorded_at: datetime
    effective_on: date
    actor: str
    person: str
    roles: tuple[str, ...]
    principal: str | None
    rules: tuple[str, ...]
    article: str | None
    rulebook: str | None
    command: str
    causation: str
    trace: str | None
    content: dict[str, Any]
    reasons: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    trace_url: str | None = None


class Trail(msgspec.Struct, frozen=True):
    """The trail of a case; `readings` are the events that tell who has read it, `later` how many events came after the date asked for."""

    case: UUID
    agency: str
    entries: tuple[Entry, ...]
    readings: tuple[Entry, ...] = ()
    as_of: date | None = None
    by: By = "record"
    later: int = 0


def make_trail(
    case: UUID,
    rows: Sequence[dict[str, Any]],
    name_of: Callable[[str], str],
    *,
    as_of: date | None = None,
    by: By = "record",
    trace_url: str = "",
) -> Trail:
    """The trail from the ledger's rows of a case; `name_of` tells how a person is called, `trace_url` where a trace is seen (`{trace}`)."""
    entries = in_order([_entry(row, name_of, trace_url) for row in rows])
    known = [entry for entry in entries if as_of is None or day_of(entry, by) <= as_of]
    return Trail(
        case,
        rows[0]["agency"] if rows else "",
        tuple(entry for entry in known if not is_reading(entry)),
        tuple(entry for entry in known if is_reading(entry)),
        as_of,
        by,
        len(entries) - len(known),
    )


def day_of(entry: Entry, by: By) -> date:
    """The civil date of an event: of its fact, or of its recording (Asia/Shanghai)."""
    return entry.effective_on if by == "effect" else entry.recorded_at.astimezone(LEGAL_ZONE).date()


def is_reading(entry: Entry) -> bool:
    """Whether an event tells that an official has read; what an applicant downloads was given to the applicant, and stands among what was done."""
    return entry.type.rpartition(".")[2] in READINGS and entry.person != "public"


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """By instant of recording; an event never stands before the one that caused it, whatever the clocks of two machines say."""
    waiting = sorted(entries, key=lambda entry: (entry.recorded_at, entry.service, int(entry.position.rpartition(":")[2])))
    known = {entry.content["_id"] for entry in waiting}
    placed: set[str] = set()
    ordered: list[Entry] = []
    while waiting:
        ready = next((entry for entry in waiting if entry.causation not in known or entry.causation in placed), waiting[0])
        waiting.remove(ready)
        placed.add(ready.content["_id"])
        ordered.append(ready)
    return [msgspec.structs.replace(entry, content={k: v for k, v in entry.content.items() if k != "_id"}) for entry in ordered]


def _entry(row: dict[str, Any], name_of: Callable[[str], str], trace_url: str) -> Entry:
    envelope: Envelope = read_envelope(bytes(row["state"]))
    content = hide_personal(msgspec.json.decode(envelope.data))
    return Entry(
        position=f"{row['source']}:{row['position']}",
        service=row["source"],
        type=envelope.type,
        title=title_of(envelope.type),
        recorded_at=envelope.recorded_at,
        effective_on=envelope.effective_on,
        actor=name_of(envelope.actor.person),
        person=envelope.actor.person,
        roles=envelope.actor.roles,
        principal=envelope.actor.principal,
        rules=envelope.rules,
        article=envelope.article,
        rulebook=envelope.rulebook,
        command=envelope.command,
        causation=envelope.causation,
        trace=envelope.trace,
        content={**content, "_id": str(envelope.id)},
        reasons=told_in(content, REASONS),
        documents=told_in(content, DOCUMENTS),
        files=tuple(files_in(content)),
        trace_url=trace_url.replace("{trace}", envelope.trace.split("-")[1]) if trace_url and envelope.trace else None,
    )


def told_in(content: dict[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """What these fields say in words, personal data left out."""
    return tuple(value for name in names if isinstance(value := content.get(name), str) and value and value != HIDDEN)


def files_in(content: Any) -> Iterator[File]:
    """Every file that the content of an event names."""
    if isinstance(content, dict):
        if isinstance(sha256 := content.get("sha256"), str) and sha256:
            yield File(str(content.get("name") or ""), sha256)
        for value in content.values():
            yield from files_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from files_in(value)


def hide_personal(content: Any) -> Any:
    """The content of an event with every encrypted field shown as hidden."""
    if isinstance(content, dict):
        return {name: hide_personal(value) for name, value in content.items()}
    if isinstance(content, list):
        return [hide_personal(value) for value in content]
    if isinstance(content, str) and content.startswith(SEALED):
        return HIDDEN
    return content

"""The decision trail of a case: who, when, in which role, under which article, in which service, in order; made from the ledger alone."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.audit.titles import title_of
from shared.kernel.events import Envelope, read_envelope

SEALED = "gk1:"
"""How the token of an encrypted field begins; a trail never decrypts."""

HIDDEN = "〔个人信息，已加密〕"

ROWS = "SELECT source, position, topic, originator_version, case_id, agency, state FROM ledger WHERE case_id = %s"


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


class Trail(msgspec.Struct, frozen=True):
    """The trail of a case."""

    case: UUID
    agency: str
    entries: tuple[Entry, ...]


def make_trail(case: UUID, rows: Sequence[dict[str, Any]], name_of: Callable[[str], str]) -> Trail:
    """The trail from the ledger's rows of a case; `name_of` tells how a person is called."""
    entries = [_entry(row, name_of) for row in rows]
    return Trail(case, rows[0]["agency"] if rows else "", tuple(in_order(entries)))


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


def _entry(row: dict[str, Any], name_of: Callable[[str], str]) -> Entry:
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
    )


def hide_personal(content: Any) -> Any:
    """The content of an event with every encrypted field shown as hidden."""
    if isinstance(content, dict):
        return {name: hide_personal(value) for name, value in content.items()}
    if isinstance(content, list):
        return [hide_personal(value) for value in content]
    if isinstance(content, str) and content.startswith(SEALED):
        return HIDDEN
    return content

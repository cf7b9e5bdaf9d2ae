"""The signed heads of the logs: made at intervals, taken to the witnesses, published when enough of them have cosigned.

No head is ever signed that has not grown from the last one: a log that shrank or changed is told, and stays with its last head.
"""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import structlog
from psycopg.rows import tuple_row

from services.audit.tree import Altered, grow, tree_of
from shared.platform.databases import LOGS
from shared.settings import Settings
from shared.trust.log_key import LogKey, LogKeyError
from shared.trust.verify_bundle import Checkpoint, Key, Policy, Unproved, encoded, opened

log = structlog.get_logger("gongkai.heads")

EVERY_SECONDS = 10.0
"""At least so long between two heads of a log that grows."""

AT_ONCE = 1000
"""New events after which a head is made earlier."""

LOOK_SECONDS = 2.0
"""How often it is looked whether a log has grown."""

WITNESS_SECONDS = 5.0
"""How long a witness may take to answer."""


HEADS = "SELECT DISTINCT ON (source) source, size, cosigned, signed_at, published_at FROM checkpoint ORDER BY source, size DESC"
"""The last head of each log."""


class Head(NamedTuple):
    """A stored checkpoint."""

    source: str
    size: int
    note: str
    cosigned: int
    signed_at: datetime
    published_at: datetime | None


class WitnessAt(NamedTuple):
    """A witness: its public key, and where it answers."""

    key: Key
    url: str


def origin(settings: Settings, source: str) -> str:
    """The name of a log in the world."""
    return f"{settings.ledger_name}/{source}"


def witnesses(settings: Settings) -> list[WitnessAt]:
    """The witnesses of the settings, each `key url`."""
    return [WitnessAt(Key.parse(one.split()[0]), one.split()[1].rstrip("/")) for one in settings.witnesses]


def policy_text(settings: Settings, key: LogKey) -> str:
    """The file of public keys that a verifier needs, as c2sp.org/tlog-policy."""
    lines = [f"log {public}" for source in LOGS for public in key.public(origin(settings, source))]
    known = witnesses(settings)
    names = [f"w{number}" for number, _ in enumerate(known, 1)]
    lines += [f"witness {name} {witness.key} {witness.url}" for name, witness in zip(names, known, strict=True)]
    if known and settings.witness_quorum:
        lines += [f"group witnesses {settings.witness_quorum} {' '.join(names)}", "quorum witnesses"]
    else:
        lines.append("quorum none")
    return "\n".join(lines) + "\n"


def newest(connection: psycopg.Connection[Any], source: str, *, published: bool = False) -> Head | None:
    """The last head of a log; the last published one if wanted."""
    row = (
        connection.cursor(row_factory=tuple_row)
        .execute(
            "SELECT source, size, note, cosigned, signed_at, published_at FROM checkpoint "
            f"WHERE source = %s {'AND published_at IS NOT NULL' if published else ''} ORDER BY size DESC LIMIT 1",
            (source,),
        )
        .fetchone()
    )
    return Head(*row) if row else None


def key_of(connection: psycopg.Connection[Any], settings: Settings) -> LogKey:
    """The signing key, made the first time; never a new one where heads were signed before. Raises `LogKeyError`."""
    path: Path = settings.ledger_key_path
    if not path.exists() and connection.execute("SELECT FROM checkpoint LIMIT 1").fetchone() is None:
        return LogKey.create(path)
    return LogKey.load(path)


def sign(connection: psycopg.Connection[Any], settings: Settings, key: LogKey, source: str) -> Head | None:
    """A new head of a log, stored unpublished; None where it has not grown. Raises `Altered` where it does not begin with the last one."""
    tree = tree_of(connection, source)
    last = newest(connection, source)
    if last is not None:
        before = Checkpoint.parse(opened(last.note, ())[0])
        if tree.size < before.size or tree.root(before.size) != before.root:
            raise Altered(source, min(tree.size, before.size))
    if not tree.size or (last is not None and last.size == tree.size):
        return None
    named = origin(settings, source)
    note = key.signed(Checkpoint(named, tree.size, tree.root()).text, named)
    head = Head(source, tree.size, note, 0, datetime.now(UTC), None)
    connection.execute("INSERT INTO checkpoint VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", head)
    return head


class Heads:
    """Grows the trees and keeps their heads signed, witnessed and published; part of audit's worker."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self.settings = settings
        self.dsn = dsn
        self.troubles: dict[str, str] = {}
        self._signed = dict.fromkeys(LOGS, 0.0)
        self._unsigned = dict.fromkeys(LOGS, 0)
        self._heard: dict[tuple[str, str], int] = {}

    async def run(self) -> None:
        """Looks every two seconds until cancelled."""
        async with httpx.AsyncClient(timeout=WITNESS_SECONDS) as client:
            while True:
                try:
                    for head in await asyncio.to_thread(self.look):
                        await self.witnessed(client, head)
                except (psycopg.Error, OSError) as error:
                    log.warning("heads were interrupted", error=type(error).__name__)
                except LogKeyError as error:
                    self._told("key", str(error))
                else:
                    self.troubles.pop("key", None)
                await asyncio.sleep(LOOK_SECONDS)

    @property
    def condition(self) -> dict[str, Any]:
        """What is not well: a log that differs from its signed head, a witness that is away or refuses, the signing key."""
        return {"ok": not self.troubles, "alarm": "；".join(self.troubles.values()) or None}

    def look(self, *, now: bool = False) -> list[Head]:
        """Grows the trees; signs the heads that are due (all that have grown: `now`); returns those that are still to be published."""
        waiting = []
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            key = key_of(connection, self.settings)
            for source in LOGS:
                try:
                    while taken := grow(connection, source):
                        self._unsigned[source] += taken
                    since = time.monotonic() - self._signed[source]
                    if now or self._unsigned[source] >= AT_ONCE or since > EVERY_SECONDS:
                        sign(connection, self.settings, key, source)
                        self._signed[source], self._unsigned[source] = time.monotonic(), 0
                    self.troubles.pop(source, None)
                except Altered as altered:
                    self._told(source, f"日志 {altered.source} 在第 {altered.position} 个事件处与已签的检查点不符")
                head = newest(connection, source)
                if head is not None and head.published_at is None:
                    waiting.append(head)
        return waiting

    def _told(self, what: str, trouble: str) -> None:
        if self.troubles.get(what) != trouble:
            self.troubles[what] = trouble
            log.error("a head is not signed", what=what, told=trouble)

    async def witnessed(self, client: httpx.AsyncClient, head: Head) -> Head:
        """Takes a head to the witnesses that have not cosigned it, and publishes it when the quorum has."""
        known = witnesses(self.settings)
        good = opened(head.note, [witness.key for witness in known])[1]
        lines = await asyncio.gather(*(self._cosigned(client, head, witness) for witness in known if witness.key not in good))
        note = head.note + "".join(line for line in lines if line)
        cosigned = len(good) + sum(1 for line in lines if line)
        published = datetime.now(UTC) if cosigned >= self.settings.witness_quorum else None
        if (note, published) != (head.note, head.published_at):
            await asyncio.to_thread(self._store, head, note, cosigned, published)
        return head._replace(note=note, cosigned=cosigned, published_at=published)

    def _store(self, head: Head, note: str, cosigned: int, published: datetime | None) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(
                "UPDATE checkpoint SET note = %s, cosigned = %s, published_at = coalesce(published_at, %s) WHERE source = %s AND size = %s",
                (note, cosigned, published, head.source, head.size),
            )

    async def _cosigned(self, client: httpx.AsyncClient, head: Head, witness: WitnessAt) -> str | None:
        """A witness's line under a head; None while it is away or refuses."""
        place = (witness.url, head.source)
        old = self._heard.get(place, 0)
        for _ in range(2):
            try:
                proof = await asyncio.to_thread(self._proof, head, old)
                asked = "\n".join((f"old {old}", *proof, "", head.note))
                answer = await client.post(f"{witness.url}/add-checkpoint", content=asked)
            except (httpx.HTTPError, ValueError) as error:
                self._told(f"witness {witness.key.name}", f"见证者 {witness.key.name} 无法访问（{type(error).__name__}）")
                return None
            if answer.status_code == 409 and answer.text.strip().isdecimal() and int(answer.text) not in (old, head.size):
                old = int(answer.text)
                continue
            break
        if answer.status_code != 200 or not self._holds(head, answer.text, witness.key):
            self._told(f"witness {witness.key.name}", f"见证者 {witness.key.name} 拒绝为 {head.source} 作证（{answer.status_code}）")
            return None
        self._heard[place] = head.size
        self.troubles.pop(f"witness {witness.key.name}", None)
        return answer.text

    def _proof(self, head: Head, old: int) -> list[str]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return [encoded(step) for step in tree_of(connection, head.source).consistency(old, head.size)]

    def _holds(self, head: Head, line: str, key: Key) -> bool:
        try:
            return line.count("\n") == 1 and key in opened(head.note + line, [key])[1]
        except Unproved:
            return False


def policy_of(connection: psycopg.Connection[Any], settings: Settings) -> Policy:
    """Whom this platform itself trusts."""
    return Policy.parse(policy_text(settings, key_of(connection, settings)))

"""The keys of personal data: one for each person, wrapped by the master key in a database of their own.

A key stands in the database before it is handed out, one of a block of prepared ones, so that a transaction of a service
never spans two databases; a key that is taken and never used is harmless. Destroying a person's key erases every field at
once, in every copy: each process drops it when it hears of it, and one that could not hear asks when it is connected again.
"""

import contextlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import ConnectionPool

from shared.kernel.identity import fresh_id
from shared.randomness import random_bytes
from shared.trust.master import MasterKey, MasterKeyError
from shared.trust.personal import Personal
from shared.trust.sealing import KEY_BYTES, Erased, KeyUnavailable, NotAtHand, Tampered, key_of, open_field, seal_field

__all__ = ["ERASED", "Erased", "KeyUnavailable", "Keys", "Tampered"]

log = structlog.get_logger("gongkai.trust")

CHANNEL = "keys"
"""The NOTIFY channel that names each destroyed key; the listener of a process that ends hears an empty word."""

ERASED = "〔已删除〕"
"""What a reader sees where personal data was erased."""

TIMEOUT = 5.0
"""Seconds to wait for a connection: somebody's command waits behind it."""

LISTENING: dict[str, Any] = {
    "application_name": "gongkai keys listener",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""The connection that listens: half a minute after its server is gone at the latest, it notices."""

# A version that was superseded meanwhile prepares nothing; the share lock makes a rotation wait for blocks under way, so that
# it sees them.
PREPARE: LiteralString = """WITH wraps AS (SELECT version FROM master_key_seen WHERE version = %s AND superseded_at IS NULL FOR SHARE)
    INSERT INTO person_key (id, agency, kek, wrapped) SELECT i, %s, version, w FROM wraps, unnest(%s::uuid[], %s::bytea[]) AS u(i, w)"""

DESTROY: LiteralString = """UPDATE person_key SET wrapped = NULL, destroyed_at = now(), requested_by = %s, approved_by = %s, basis = %s
    WHERE id = ANY(%s) AND wrapped IS NOT NULL"""


class Keys:
    """The keys in use by this process: at most `cache` persons' keys in memory, `block` prepared ones ahead for each agency."""

    def __init__(self, dsn: str, master: MasterKey, *, block: int = 1024, cache: int = 20_000) -> None:
        self._dsn = dsn
        self.master = master
        self.block = block
        self.cache = cache
        self._pool: ConnectionPool[psycopg.Connection[tuple[Any, ...]]] = ConnectionPool(
            dsn,
            min_size=1,
            max_size=4,
            max_idle=30.0,
            kwargs={"autocommit": True},
            open=True,
            timeout=TIMEOUT,
            check=ConnectionPool.check_connection,
        )
        self._dsn = dsn
        self._lock = threading.Lock()
        self._preparing: dict[str, threading.Lock] = {}
        self._prepared: dict[str, list[tuple[UUID, bytes]]] = {}
        self._refilling: set[str] = set()
        self._known: OrderedDict[UUID, bytes] = OrderedDict()
        self._erased: set[UUID] = set()
        self._closing = False
        try:
            self._meet_master()
        except BaseException:
            self._pool.close()
            raise
        self._listener = threading.Thread(target=self._listen, name="keys-listener", daemon=True)
        self._listener.start()

    def take(self, agency: str, *, wait: bool = True) -> UUID:
        """A fresh person's key, from the block of this agency; raises `KeyUnavailable`, or without `wait` `NotAtHand`. Safe for threads."""
        while True:
            with self._lock:
                prepared = self._prepared.get(agency)
                if prepared:
                    id, key = prepared.pop()
                    self._keep(id, key)
                    if len(prepared) < self.block // 4 and agency not in self._refilling:
                        self._refilling.add(agency)
                        threading.Thread(target=self._refill, args=(agency,), name="keys-refill", daemon=True).start()
                    return id
                preparing = self._preparing.setdefault(agency, threading.Lock())
            if not wait:
                raise NotAtHand(agency)
            with preparing:
                if not self._prepared.get(agency):
                    self._prepare(agency)

    def seal(self, key_id: UUID, event_id: UUID, field: str, topic: str, text: str) -> str:
        """The token of a field; raises `Erased`, `KeyUnavailable`, or `ValueError` where the text is not valid Unicode."""
        return seal_field(self._key(key_id), key_id, event_id, field, topic, text)

    def seal_all(self, key_id: UUID, event_id: UUID, topic: str, texts: Mapping[str, str]) -> dict[str, str]:
        """The tokens of an event's fields, by their names. Waits for nothing: raises `NotAtHand` where the person's key is not in memory; else as `seal`."""
        key = self._key(key_id, wait=False)
        return {field: seal_field(key, key_id, event_id, field, topic, text) for field, text in texts.items()}

    def file_key(self, key_id: UUID, derivation: bytes) -> bytes:
        """The key of one file (32 bytes), derived from its person's; raises `Erased` or `KeyUnavailable`. Blocks where the key is not in memory."""
        return hmac.digest(self._key(key_id), b"gongkai file\0" + derivation + b"\x01", "sha256")

    def bring(self, wanted: NotAtHand, persons: Iterable[UUID] = ()) -> None:
        """Brings what was not at hand into memory, and the keys of these persons with it; raises `KeyUnavailable`. Blocks: call it in a thread."""
        if isinstance(wanted.id, UUID):
            self.fetch({wanted.id, *persons})
            return
        self.fetch(persons)
        with self._lock:
            preparing = self._preparing.setdefault(wanted.id, threading.Lock())
        with preparing:
            if not self._prepared.get(wanted.id):
                self._prepare(wanted.id)

    def open(self, token: str, event_id: UUID, field: str, topic: str) -> str:
        """The text of a token; raises `Erased`, `Tampered` or `KeyUnavailable`, none of which tells anything of it."""
        return open_field(self._key(key_of(token)), token, event_id, field, topic)

    def open_many(self, values: Sequence[Personal]) -> list[str | Erased]:
        """The texts of sealed values, with one query for all keys that are not in memory; `Erased` stands where one was erased."""
        self.fetch({key_of(value.token) for value in values})
        return [self._open(value) for value in values]

    def show(self, value: Personal) -> str:
        """A personal value for a reader who may see it; erased data says so."""
        if not value.is_sealed:
            return value.reveal()
        opened = self._open(value)
        return opened if isinstance(opened, str) else ERASED

    def show_many(self, values: Sequence[Personal]) -> list[str]:
        """Many personal values for a reader who may see them, with one query."""
        self.fetch({key_of(value.token) for value in values if value.is_sealed})
        return [self.show(value) for value in values]

    def fetch(self, ids: Iterable[UUID]) -> None:
        """Brings keys into memory; raises `KeyUnavailable` if their database is out of reach."""
        with self._lock:
            missing = [id for id in ids if id not in self._known and id not in self._erased]
        if not missing:
            return
        with self._reaching() as connection:
            rows = connection.execute("SELECT id, kek, wrapped FROM person_key WHERE id = ANY(%s)", (missing,)).fetchall()
        for id, version, wrapped in rows:
            if wrapped is None:
                self._drop([id])
                continue
            key = self._unwrap(version, wrapped)
            with self._lock:
                self._keep(id, key)

    def destroy(self, key_ids: Iterable[UUID], *, requested_by: str, approved_by: str, basis: str) -> int:
        """Destroys keys, by the decision of two persons; other processes drop theirs at once.

        Returns how many were destroyed: doing it again changes nothing.
        """
        if requested_by == approved_by:
            raise PermissionError("erasing takes two persons")
        ids = list(key_ids)
        with self._reaching() as connection, connection.transaction():
            count: int = connection.execute(DESTROY, (requested_by, approved_by, basis, ids)).rowcount
            connection.execute("SELECT pg_notify(%s, id::text) FROM unnest(%s::uuid[]) AS id", (CHANNEL, ids))
        self._drop(ids)
        return count

    def destroyed(self) -> list[UUID]:
        """The keys of everybody whose data was erased; raises `KeyUnavailable`. Blocks: call it in a thread."""
        with self._reaching() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM person_key WHERE wrapped IS NULL").fetchall()]

    def close(self) -> None:
        """Ends the connections."""
        self._closing = True
        with contextlib.suppress(psycopg.Error, KeyUnavailable), self._reaching() as connection:
            connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
        self._listener.join(3)
        self._pool.close()

    def _open(self, value: Personal) -> str | Erased:
        event_id, field, topic = value.place
        try:
            return self.open(value.token, event_id, field, topic)
        except Erased as erased:
            return erased

    def _key(self, id: UUID, *, wait: bool = True) -> bytes:
        for _ in range(2):
            with self._lock:
                key = self._known.get(id)
                if key is not None:
                    self._known.move_to_end(id)
                    return key
                if id in self._erased:
                    raise Erased
            if not wait:
                raise NotAtHand(id)
            self.fetch([id])
        raise KeyUnavailable

    def _keep(self, id: UUID, key: bytes) -> None:
        """Under the lock. A key that was destroyed while it was on its way from the database is not kept."""
        if id in self._erased:
            return
        self._known[id] = key
        self._known.move_to_end(id)
        if len(self._known) > self.cache:
            self._known.popitem(last=False)

    def _drop(self, ids: Iterable[UUID]) -> None:
        with self._lock:
            for id in ids:
                self._known.pop(id, None)
                self._erased.add(id)

    def _refill(self, agency: str) -> None:
        try:
            with self._preparing[agency]:
                self._prepare(agency)
        except (KeyUnavailable, MasterKeyError) as error:
            log.warning("no keys could be prepared ahead", error=type(error).__name__)
        finally:
            with self._lock:
                self._refilling.discard(agency)

    def _prepare(self, agency: str) -> None:
        made = [(fresh_id(), random_bytes(KEY_BYTES)) for _ in range(self.block)]
        for _ in range(2):
            master = self.master
            wrapped = [master.wrap(key) for _, key in made]
            with self._reaching() as connection:
                stored = connection.execute(PREPARE, (master.newest, agency, [id for id, _ in made], wrapped)).rowcount
            if stored:
                with self._lock:
                    self._prepared.setdefault(agency, []).extend(made)
                return
            self._reload_master()
        raise MasterKeyError("主密钥已经轮换，而本机的主密钥文件还是旧的，请更新主密钥文件。")

    def _unwrap(self, version: int, wrapped: bytes) -> bytes:
        if version not in self.master.versions:
            self._reload_master()
        return self.master.unwrap(version, wrapped)

    def _reload_master(self) -> None:
        self.master = self.master.reload()
        self._meet_master()

    def _meet_master(self) -> None:
        with self._reaching() as connection:
            meet(connection, self.master)

    @contextlib.contextmanager
    def _reaching(self) -> Any:
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise KeyUnavailable from None

    def _listen(self) -> None:
        pause = threading.Event()
        while not self._closing:
            with contextlib.suppress(psycopg.Error, OSError), psycopg.connect(self._dsn, autocommit=True, **LISTENING) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                self._drop_destroyed(connection)
                while not self._closing:
                    for notice in connection.notifies(timeout=5, stop_after=1):
                        if notice.payload:
                            self._drop([UUID(notice.payload)])
            if not self._closing:
                pause.wait(0.2)

    def _drop_destroyed(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """What was destroyed while nobody listened."""
        with self._lock:
            known = list(self._known)
        rows = connection.execute("SELECT id FROM person_key WHERE id = ANY(%s) AND wrapped IS NULL", (known,)).fetchall()
        self._drop(row[0] for row in rows)


def meet(connection: psycopg.Connection[tuple[Any, ...]], master: MasterKey) -> None:
    """Compares a master key with what this database has met, and notes new versions; raises `MasterKeyError` if it is another key."""
    rows = connection.execute("SELECT version, fingerprint, removed_at IS NOT NULL FROM master_key_seen").fetchall()
    seen = {version: (fingerprint, removed) for version, fingerprint, removed in rows}
    for version in master.versions:
        if version in seen and seen[version][0] != master.fingerprint(version):
            raise MasterKeyError(
                "主密钥与数据不符：个人信息是用另一把主密钥加密的。请核对主密钥文件，或用两份托管份额恢复：gongkai keys restore。"
            )
    if any(version not in master.versions and not removed for version, (_, removed) in seen.items()):
        raise MasterKeyError("主密钥文件缺少仍在使用的版本，部分个人信息将无法解密。请用最近一次托管的两份额恢复：gongkai keys restore。")
    for version in master.versions:
        if version not in seen:
            connection.execute(
                "INSERT INTO master_key_seen (version, fingerprint) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (version, master.fingerprint(version)),
            )

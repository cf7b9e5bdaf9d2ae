"""The keys of personal data: one for each person, taken from a block of prepared ones, wrapped by the master key in a database of their own.

A field is encrypted with AES-256-GCM under a key derived from the person's key for just this event and field, and is bound to the stored topic,
the event and the field: moved elsewhere it does not open. Destroying the person's key erases every field at once, in every copy.
"""

import base64
import contextlib
import hmac
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

import psycopg
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from shared.kernel.identity import fresh_id
from shared.trust.master import MasterKey, MasterKeyError
from shared.trust.personal import Personal

log = structlog.get_logger("gongkai.trust")

PREFIX = "gk1"
CHANNEL = "keys"
ERASED = "〔已删除〕"
"""What a reader sees where personal data was erased."""

PREPARE = "INSERT INTO person_key (id, agency, kek, wrapped) SELECT i, a, %s, w FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS u(i, a, w)"


class Erased(Exception):
    """The person's key was destroyed: nobody can read this any more."""


class Tampered(Exception):
    """The token does not belong to this event, field or topic, or was changed."""


class KeyUnavailable(Exception):
    """No such key; or the database of keys is out of reach."""


class Keys:
    """The keys in use by this process: at most `cache` persons' keys in memory, `block` prepared ones ahead."""

    def __init__(self, dsn: str, master: MasterKey, *, block: int = 1024, cache: int = 20_000) -> None:
        self.master = master
        self.block = block
        self.cache = cache
        self._pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]] = ConnectionPool(
            dsn, min_size=1, max_size=4, kwargs={"autocommit": True}, open=True, timeout=10
        )
        self._lock = threading.Lock()
        self._prepared: dict[str, list[UUID]] = {}
        self._known: OrderedDict[UUID, bytes] = OrderedDict()
        self._erased: set[UUID] = set()
        self._refilling: set[str] = set()
        self._closing = False
        self._check_master()
        self._listener = threading.Thread(target=self._listen, name="keys-listener", daemon=True)
        self._listener.start()

    def take(self, agency: str) -> UUID:
        """A fresh person's key. From the block of this agency; a key that is taken and never used is harmless."""
        with self._lock:
            prepared = self._prepared.get(agency)
            if prepared:
                taken = prepared.pop()
                if len(prepared) < self.block // 4 and agency not in self._refilling:
                    self._refilling.add(agency)
                    threading.Thread(target=self._refill, args=(agency,), name="keys-refill", daemon=True).start()
                return taken
        self._prepare(agency)
        return self.take(agency)

    def seal(self, key_id: UUID, event_id: UUID, field: str, topic: str, text: str) -> str:
        """The token of a field: `gk1:<key>:<base64 of nonce, ciphertext and tag>`."""
        key, bound = _field_key(self._key(key_id), event_id, field, topic)
        nonce = os.urandom(12)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), bound)
        return f"{PREFIX}:{key_id.hex}:{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open(self, token: str, event_id: UUID, field: str, topic: str) -> str:
        """The text of a token; raises `Erased`, `Tampered` or `KeyUnavailable`, none of which tells anything of it."""
        try:
            prefix, key_hex, encoded = token.split(":")
            raw = base64.urlsafe_b64decode(encoded)
            key_id = UUID(hex=key_hex)
        except ValueError:
            raise Tampered from None
        if prefix != PREFIX:
            raise Tampered
        key, bound = _field_key(self._key(key_id), event_id, field, topic)
        try:
            return AESGCM(key).decrypt(raw[:12], raw[12:], bound).decode()
        except InvalidTag:
            raise Tampered from None

    def show(self, value: Personal) -> str:
        """A personal value for a reader who may see it; erased data says so."""
        if not value.is_sealed:
            return value.reveal()
        assert value.event_id is not None
        try:
            return self.open(value.token, value.event_id, value.field, value.topic)
        except Erased:
            return ERASED

    def show_many(self, values: Sequence[Personal]) -> list[str]:
        """Many personal values at once: one query for all keys that are not in memory."""
        self.fetch({UUID(hex=value.token.split(":")[1]) for value in values if value.is_sealed})
        return [self.show(value) for value in values]

    def fetch(self, ids: Iterable[UUID]) -> None:
        """Brings keys into memory."""
        with self._lock:
            missing = [id for id in ids if id not in self._known and id not in self._erased]
        if not missing:
            return
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT id, kek, wrapped FROM person_key WHERE id = ANY(%s)", (missing,)).fetchall()
        for id, version, wrapped in rows:
            assert isinstance(id, UUID) and isinstance(version, int)
            if wrapped is None:
                self._erased.add(id)
            else:
                assert isinstance(wrapped, bytes)
                self._remember(id, self.master.unwrap(version, wrapped))

    def destroy(self, ids: Sequence[UUID], *, requested_by: str, approved_by: str, basis: str) -> int:
        """Destroys keys, by the decision of two persons; other processes drop theirs at once. Doing it again changes nothing."""
        if requested_by == approved_by:
            raise PermissionError("erasing takes two persons")
        with self._pool.connection() as connection, connection.transaction():
            count = connection.execute(
                "UPDATE person_key SET wrapped = NULL, destroyed_at = now(), requested_by = %s, approved_by = %s, basis = %s "
                "WHERE id = ANY(%s) AND wrapped IS NOT NULL",
                (requested_by, approved_by, basis, list(ids)),
            ).rowcount
            for id in ids:
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(id)))
        self._drop(ids)
        return count

    def rewrap(self, master: MasterKey, *, batch: int = 1000) -> int:
        """Wraps every key under the newest version of `master`; no event changes. Returns how many."""
        count = 0
        with self._pool.connection() as connection:
            while True:
                with connection.transaction():
                    rows = connection.execute(
                        "SELECT id, kek, wrapped FROM person_key WHERE kek <> %s AND wrapped IS NOT NULL LIMIT %s FOR UPDATE", (master.newest, batch)
                    ).fetchall()
                    if not rows:
                        break
                    wrapped = [master.wrap(master.unwrap(int(str(row[1])), bytes(row[2]))) for row in rows]  # type: ignore[arg-type]
                    connection.execute(
                        "UPDATE person_key k SET kek = %s, wrapped = u.w FROM unnest(%s::uuid[], %s::bytea[]) AS u(i, w) WHERE k.id = u.i",
                        (master.newest, [row[0] for row in rows], wrapped),
                    )
                    count += len(rows)
        self.master = master
        self._check_master()
        return count

    def close(self) -> None:
        """Ends the connections."""
        self._closing = True
        self._listener.join(3)
        self._pool.close()

    def _key(self, id: UUID) -> bytes:
        key = self._known.get(id)
        if key is not None:
            return key
        self.fetch([id])
        key = self._known.get(id)
        if key is None:
            if id in self._erased:
                raise Erased
            raise KeyUnavailable
        return key

    def _remember(self, id: UUID, key: bytes) -> None:
        with self._lock:
            self._known[id] = key
            while len(self._known) > self.cache:
                self._known.popitem(last=False)

    def _drop(self, ids: Iterable[UUID]) -> None:
        with self._lock:
            for id in ids:
                self._known.pop(id, None)
                self._erased.add(id)

    def _refill(self, agency: str) -> None:
        try:
            self._prepare(agency)
        except Exception as error:
            log.warning("no keys could be prepared", error=type(error).__name__)
        finally:
            with self._lock:
                self._refilling.discard(agency)

    def _prepare(self, agency: str) -> None:
        made = {fresh_id(): secrets.token_bytes(32) for _ in range(self.block)}
        with self._pool.connection() as connection:
            connection.execute(
                PREPARE, (self.master.newest, list(made), [agency] * len(made), [self.master.wrap(key) for key in made.values()])
            )
        for id, key in made.items():
            self._remember(id, key)
        with self._lock:
            self._prepared.setdefault(agency, []).extend(made)

    def _check_master(self) -> None:
        with self._pool.connection() as connection:
            seen = dict(connection.execute("SELECT version, fingerprint FROM master_key_seen").fetchall())
            for version in self.master.versions:
                fingerprint = self.master.fingerprint(version)
                if seen.get(version, fingerprint) != fingerprint:
                    raise MasterKeyError("主密钥与数据不符：个人信息是用另一把主密钥加密的，请核对主密钥文件，或用托管份额恢复。")
                connection.execute("INSERT INTO master_key_seen (version, fingerprint) VALUES (%s, %s) ON CONFLICT DO NOTHING", (version, fingerprint))
            if set(seen) - set(self.master.versions):
                raise MasterKeyError("主密钥文件缺少以前的版本，部分个人信息将无法解密，请用托管份额恢复。")

    def _listen(self) -> None:
        while not self._closing:
            with contextlib.suppress(psycopg.Error, OSError), psycopg.connect(self._pool.conninfo, autocommit=True) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                while not self._closing:
                    for notice in connection.notifies(timeout=0.5):
                        self._drop([UUID(notice.payload)])
            if not self._closing:
                threading.Event().wait(0.5)


def _field_key(person: bytes, event_id: UUID, field: str, topic: str) -> tuple[bytes, bytes]:
    """The key of a field and what it is bound to. One block of HKDF-Expand: a person's key is uniform, so nothing is extracted (RFC 5869, 3.3)."""
    place = event_id.bytes + field.encode()
    return hmac.digest(person, place + b"\x01", "sha256"), topic.encode() + b"\0" + place

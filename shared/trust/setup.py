"""The life of the master key on a platform: made and put in escrow the first time, confirmed, rotated, restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from shared.settings import Settings
from shared.trust.escrow import read_shares, remove_shares, write_shares
from shared.trust.keys import meet
from shared.trust.master import RESTORE, MasterKey, MasterKeyError

Connection = psycopg.Connection[tuple[Any, ...]]

BATCH = 1000
"""Keys that are wrapped again in one transaction."""


class Condition(NamedTuple):
    """The master key and its escrow as they are. `versions`: fingerprint of each; keys are counted over all agencies."""

    versions: dict[int, str]
    escrowed: str | None
    shares_here: bool
    live: int
    destroyed: int

    @property
    def warning(self) -> str | None:
        """What is still to be done about the escrow; None if nothing is."""
        if self.escrowed is None:
            return (
                "主密钥尚未确认托管：丢失主密钥即丢失全部个人信息。请打印两份额，交两名保管人，"
                "用 gongkai keys escrow verify 核对，再用 gongkai keys escrow confirm 确认。"
            )
        return None


def escrow_directory(settings: Settings) -> Path:
    """Where the shares wait for their custodians."""
    return settings.data / "escrow"


def set_up(settings: Settings) -> MasterKey:
    """The master key of a platform, made and put in escrow the first time. The databases must be provisioned.

    Raises `MasterKeyError` if the key that the data was encrypted under is missing: a new one is never made in its place.
    """
    path = settings.master_key_path
    with _database(settings) as connection:
        if not path.exists():
            if connection.execute("SELECT FROM master_key_seen").fetchone() is not None:
                raise MasterKeyError(f"找不到主密钥文件 {path}，而平台已有用它加密的个人信息；{RESTORE}")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_shares(MasterKey.create(path), escrow_directory(settings))
        master = MasterKey.load(path)
        meet(connection, master)
    return master


def condition(settings: Settings) -> Condition:
    """How the master key and its escrow stand; raises `MasterKeyError` where the key is missing or another one."""
    master = MasterKey.load(settings.master_key_path)
    with _database(settings) as connection:
        meet(connection, master)
        escrow = connection.execute(
            "SELECT escrow_note FROM master_key_seen WHERE version = %s AND escrowed_at IS NOT NULL", (master.newest,)
        )
        confirmed = escrow.fetchone()
        counted = connection.execute("SELECT count(wrapped), count(*) - count(wrapped) FROM person_key").fetchone() or (0, 0)
    return Condition(
        {version: master.fingerprint(version) for version in sorted(master.versions)},
        str(confirmed[0]) if confirmed else None,
        any(escrow_directory(settings).glob("share-*.txt")),
        counted[0],
        counted[1],
    )


def make_escrow(settings: Settings) -> Path:
    """Two new shares of the master key as it is now; returns where they are. What was confirmed before has to be confirmed anew."""
    master = MasterKey.load(settings.master_key_path)
    with _database(settings) as connection:
        meet(connection, master)
        connection.execute("UPDATE master_key_seen SET escrowed_at = NULL, escrow_note = NULL WHERE version = %s", (master.newest,))
    write_shares(master, escrow_directory(settings))
    return escrow_directory(settings)


def verify_escrow(settings: Settings, first: Path, second: Path) -> MasterKey:
    """Proves that two shares restore the master key in use; raises `MasterKeyError` that says why they don't."""
    restored = read_shares(first, second)
    if restored.versions != MasterKey.load(settings.master_key_path).versions:
        raise MasterKeyError(
            "两份额合得出一把主密钥，但不是现在使用的这一把（可能是轮换以前的托管）。请用 gongkai keys escrow make 重新托管。"
        )
    return restored


def confirm_escrow(settings: Settings, note: str) -> None:
    """Notes that the shares are in the custodians' hands, and removes them here. `note` says who keeps them, or why nobody does."""
    master = MasterKey.load(settings.master_key_path)
    with _database(settings) as connection:
        meet(connection, master)
        connection.execute("UPDATE master_key_seen SET escrowed_at = now(), escrow_note = %s WHERE version = %s", (note, master.newest))
    remove_shares(escrow_directory(settings))


@contextmanager
def restored(path: Path, first: Path, second: Path) -> Iterator[MasterKey]:
    """Writes the master key's file from two shares, for as long as nothing in the `with` objects to it; a file that was in the
    way is kept beside it, as `.replaced`. Raises `MasterKeyError` if the shares don't fit together.

    The file comes first, because no platform starts without it; starting it is what proves that it is the right one.
    """
    master = read_shares(first, second)
    aside = path.with_name(f"{path.name}.replaced")
    there = path.exists()
    if there:
        path.replace(aside)
    path.parent.mkdir(parents=True, exist_ok=True)
    master.store(path)
    try:
        yield master
    except BaseException:
        if there:
            aside.replace(path)
        else:
            path.unlink()
        raise


def rotate(settings: Settings) -> int:
    """A new version of the master key, under which every person's key is wrapped again; no event changes. Returns how many were.

    Its shares and the file are written first, then older versions stop wrapping, then keys are wrapped again: ended
    anywhere, running it again goes on. Programs that run notice by themselves. The new shares are to be handed over and
    confirmed.
    """
    path = settings.master_key_path
    master = MasterKey.load(path)
    with _database(settings) as connection:
        meet(connection, master)
        if not _rotation_under_way(connection, master):
            master = master.rotated()
            write_shares(master, escrow_directory(settings))
            master.store(path)
            meet(connection, master)
        connection.execute(
            "UPDATE master_key_seen SET superseded_at = now() WHERE version < %s AND superseded_at IS NULL", (master.newest,)
        )
        return _wrap_again(connection, master)


def retire(settings: Settings) -> list[int]:
    """Removes older versions from the master key's file, so that old backups of the keys open nothing; returns which.

    Raises `MasterKeyError` while keys are wrapped under one. New shares are made: the custodians destroy theirs.
    """
    path = settings.master_key_path
    master = MasterKey.load(path)
    older = sorted(set(master.versions) - {master.newest})
    if not older:
        return []
    with _database(settings) as connection:
        meet(connection, master)
        if _rotation_under_way(connection, master):
            raise MasterKeyError("还有个人信息的密钥由旧版本主密钥保护，请先完成轮换：gongkai keys rotate。")
        write_shares(master.newest_only(), escrow_directory(settings))
        connection.execute("UPDATE master_key_seen SET escrowed_at = NULL, escrow_note = NULL WHERE version = %s", (master.newest,))
        connection.execute("UPDATE master_key_seen SET removed_at = now() WHERE version = ANY(%s)", (older,))
        master.newest_only().store(path)
    return older


def _rotation_under_way(connection: Connection, master: MasterKey) -> bool:
    unfinished = connection.execute(
        "SELECT FROM master_key_seen WHERE version < %s AND superseded_at IS NULL "
        "UNION ALL SELECT FROM person_key WHERE kek <> %s AND wrapped IS NOT NULL LIMIT 1",
        (master.newest, master.newest),
    )
    return unfinished.fetchone() is not None


def _wrap_again(connection: Connection, master: MasterKey) -> int:
    count = 0
    last = "00000000-0000-0000-0000-000000000000"
    while True:
        with connection.transaction():
            rows = connection.execute(
                "SELECT id, kek, wrapped FROM person_key WHERE id > %s AND kek <> %s AND wrapped IS NOT NULL "
                "ORDER BY id LIMIT %s FOR UPDATE",
                (last, master.newest, BATCH),
            ).fetchall()
            if not rows:
                return count
            wrapped = [master.wrap(master.unwrap(version, key)) for _, version, key in rows]
            connection.execute(
                "UPDATE person_key k SET kek = %s, wrapped = u.w FROM unnest(%s::uuid[], %s::bytea[]) AS u(i, w) WHERE k.id = u.i",
                (master.newest, [row[0] for row in rows], wrapped),
            )
        count += len(rows)
        last = rows[-1][0]


@contextmanager
def _database(settings: Settings) -> Iterator[Connection]:
    try:
        with psycopg.connect(settings.dsn("keys", role="gongkai_keys"), autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError:
        raise MasterKeyError("密钥数据库无法访问，请确认平台的 PostgreSQL 正在运行（gongkai doctor）。") from None

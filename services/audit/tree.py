"""The Merkle tree of each log, grown from the ledger's rows, and its proofs.

A leaf is made again from the row that is stored, so that a row that was changed after it came is found when the tree grows, and later by `gongkai verify`.
"""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from services.audit.ledger import leaf
from shared.trust.merkle import Tree, grown

BATCH = 20_000
"""Leaves taken in one transaction."""

TREE_LOCK = 7301

NEXT = """SELECT position, originator_id, originator_version, topic, case_id, state, leaf FROM ledger
    WHERE source = %s AND position > %s ORDER BY position LIMIT %s"""


class Altered(Exception):
    """A row of the ledger is not what its leaf says."""

    def __init__(self, source: str, position: int) -> None:
        super().__init__(f"{source}:{position}")
        self.source = source
        self.position = position


def tree_of(connection: psycopg.Connection[Any], source: str) -> Tree:
    """The tree of a log as far as it has grown."""
    row = connection.cursor(row_factory=tuple_row).execute("SELECT size FROM tree WHERE source = %s", (source,)).fetchone()
    return Tree(lambda level, number: read_tile(connection, source, level, number), row[0] if row else 0)


def read_tile(connection: psycopg.Connection[Any], source: str, level: int, number: int) -> bytes:
    """The hashes of a tile; empty where there is none."""
    found = connection.cursor(row_factory=tuple_row).execute(
        "SELECT hashes FROM tile WHERE source = %s AND level = %s AND number = %s", (source, level, number)
    )
    row = found.fetchone()
    return bytes(row[0]) if row else b""


def grow(connection: psycopg.Connection[Any], source: str, batch: int = BATCH) -> int:
    """Takes the next rows of the ledger into the tree, up to the first gap; returns how many. Raises `Altered`."""
    with connection.transaction():
        cursor = connection.cursor(row_factory=tuple_row)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (TREE_LOCK, source))
        size = tree_of(connection, source).size
        leaves: list[bytes] = []
        for position, id, version, topic, case, state, stored in cursor.execute(NEXT, (source, size, batch), binary=True):
            if position != size + len(leaves) + 1:
                break
            made = leaf(source, position, id, version, topic, case, bytes(state))
            if made != bytes(stored):
                raise Altered(source, position)
            leaves.append(made)
        if leaves:
            tiles = list(grown(lambda level, number: read_tile(connection, source, level, number), size, leaves))
            connection.execute(
                "INSERT INTO tile SELECT %s, l, n, h FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[]) AS u(l, n, h) "
                "ON CONFLICT (source, level, number) DO UPDATE SET hashes = excluded.hashes",
                (source, [tile[0] for tile in tiles], [tile[1] for tile in tiles], [tile[2] for tile in tiles]),
            )
            connection.execute(
                "INSERT INTO tree VALUES (%s, %s) ON CONFLICT (source) DO UPDATE SET size = excluded.size", (source, size + len(leaves))
            )
    return len(leaves)


def made_again(connection: psycopg.Connection[Any], source: str, size: int) -> tuple[bytes, dict[tuple[int, int], bytes]]:
    """The root over the first `size` rows of the ledger and the tiles (by level and number) beneath it, from the rows themselves and nothing else.

    Raises `Altered` at the first gap. Takes some 35 MB for a million events.
    """
    tiles: dict[tuple[int, int], bytes] = {}
    done = 0
    while done < size:
        leaves: list[bytes] = []
        rows = connection.cursor(row_factory=tuple_row).execute(NEXT, (source, done, min(BATCH, size - done)), binary=True)
        for position, id, version, topic, case, state, _ in rows:
            if position != done + len(leaves) + 1:
                raise Altered(source, done + len(leaves) + 1)
            leaves.append(leaf(source, position, id, version, topic, case, bytes(state)))
        if not leaves:
            raise Altered(source, done + 1)
        for level, number, hashes in grown(lambda level, number: tiles.get((level, number), b""), done, leaves):
            tiles[level, number] = hashes
        done += len(leaves)
    return Tree(lambda level, number: tiles.get((level, number), b""), size).root(), tiles


def tiles_kept(connection: psycopg.Connection[Any], source: str, tiles: dict[tuple[int, int], bytes]) -> bool:
    """Whether what is stored begins with these tiles."""
    stored = connection.cursor(row_factory=tuple_row).execute(
        "SELECT level, number, hashes FROM tile WHERE source = %s", (source,), binary=True
    )
    found = {(level, number): bytes(hashes) for level, number, hashes in stored}
    return all(found.get(place, b"").startswith(hashes) for place, hashes in tiles.items())

"""A log as a Merkle tree (RFC 6962) kept in tiles of 256 hashes (c2sp.org/tlog-tiles).

Tile (level L, number N) holds up to 256 hashes of full subtrees of height 8 L: at level 0 the leaves, at level 1 the roots of full tiles, and so on.
Every other node is made from a tile when it is wanted, so that a proof in a log of a million reads three tiles for each of its ends.
"""

from collections.abc import Callable, Iterable, Iterator

from shared.trust.verify_bundle import HASH_BYTES, node_hash

WIDTH = 256
"""Hashes in a full tile."""

EMPTY = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""The root of a tree without leaves."""

ReadTile = Callable[[int, int], bytes]
"""Gives a tile's hashes, one after another, by level and number; empty where there is none."""


class Tree:
    """A tree of `size` leaves over the tiles that `read` gives."""

    def __init__(self, read: ReadTile, size: int) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, 32 bytes."""
        return self._over(0, self.size if size is None else size)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that a leaf stands in the tree of the first `size`; raises `ValueError` out of range."""
        end = self.size if size is None else size
        if not 0 <= index < end <= self.size:
            raise ValueError("no such leaf")
        low, high = 0, end
        parts: list[tuple[int, int]] = []
        while high - low > 1:
            middle = low + _left(high - low)
            if index < middle:
                parts.append((middle, high))
                high = middle
            else:
                parts.append((low, middle))
                low = middle
        return [self._over(*part) for part in reversed(parts)]

    def consistency(self, older: int, newer: int | None = None) -> list[bytes]:
        """The proof that the tree of `newer` leaves begins with that of `older`; empty for 0 and for the same; raises `ValueError` out of range."""
        end = self.size if newer is None else newer
        if not 0 <= older <= end <= self.size:
            raise ValueError("no such sizes")
        if older in (0, end):
            return []
        low, high, whole = 0, end, True
        parts: list[tuple[int, int]] = []
        while older != high:
            middle = low + _left(high - low)
            if older <= middle:
                parts.append((middle, high))
                high = middle
            else:
                parts.append((low, middle))
                low, whole = middle, False
        if not whole:
            parts.append((low, high))
        return [self._over(*part) for part in reversed(parts)]

    def _over(self, low: int, high: int) -> bytes:
        """The hash over leaves [low, high), a range of RFC 6962's recursion."""
        if low == high:
            return EMPTY
        parts = []
        while low < high:
            height = (high - low).bit_length() - 1
            if low:
                height = min(height, (low & -low).bit_length() - 1)
            parts.append(self._full(height, low >> height))
            low += 1 << height
        root = parts.pop()
        while parts:
            root = node_hash(parts.pop(), root)
        return root

    def _full(self, height: int, index: int) -> bytes:
        """The root of the full subtree of a height, counted from the left."""
        level, above = divmod(height, 8)
        first = index << above
        number, within = divmod(first, WIDTH)
        tile = self._tile(level, number)
        hashes = [tile[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(within, within + (1 << above))]
        if len(hashes[-1]) != HASH_BYTES:
            raise ValueError(f"tile {level}/{number} is too short")
        return folded(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        tile = self._tiles.get((level, number))
        if tile is None:
            tile = self._tiles[level, number] = self._read(level, number)
        return tile


def _left(count: int) -> int:
    """How many of `count` (at least 2) leaves stand on the left: the largest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


def folded(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def grown(read: ReadTile, size: int, leaves: Iterable[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The tiles (level, number, hashes) that change when these leaf hashes follow the first `size`."""
    level, count = 0, size
    added = list(leaves)
    while added:
        number, within = divmod(count, WIDTH)
        tile = bytearray(read(level, number)[: within * HASH_BYTES]) if within else bytearray()
        if len(tile) != within * HASH_BYTES:
            raise ValueError(f"tile {level}/{number} is too short")
        full: list[bytes] = []
        for hash in added:
            tile += hash
            if len(tile) == WIDTH * HASH_BYTES:
                done = bytes(tile)
                yield level, number, done
                full.append(folded([done[at : at + HASH_BYTES] for at in range(0, len(done), HASH_BYTES)]))
                tile = bytearray()
                number += 1
        if tile:
            yield level, number, bytes(tile)
        level, count, added = level + 1, count >> 8, full

"""The tree, its tiles and its proofs: the published vectors of RFC 6962, and every proof against a tree that is made the slow way."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trust.merkle import EMPTY, WIDTH, Tree, grown
from shared.trust.verify_bundle import Unproved, check_consistency, leaf_hash, node_hash, root_from_inclusion

LEAVES = [
    bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The leaves of the Certificate Transparency reference tests."""

ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Their roots, for one leaf to eight."""


def grew(leaves: list[bytes], *, at: int = 0) -> Tree:
    """A tree of these leaf hashes, grown in two steps."""
    tiles: dict[tuple[int, int], bytes] = {}
    for size, step in ((0, leaves[:at]), (at, leaves[at:])):
        for level, number, hashes in grown(lambda level, number: tiles.get((level, number), b""), size, step):
            tiles[level, number] = hashes
    return Tree(lambda level, number: tiles.get((level, number), b""), len(leaves))


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, to the letter."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node_hash(slow_root(leaves[:left]), slow_root(leaves[left:]))


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def test_the_published_vectors_hold() -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [grew(hashes[:count]).root().hex() for count in range(1, 9)] == list(ROOTS)
    assert grew([]).root() == EMPTY


def test_the_published_proofs_hold() -> None:
    tree = grew([leaf_hash(leaf) for leaf in LEAVES])
    assert [step.hex() for step in tree.inclusion(5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in tree.consistency(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 33])
def test_every_proof_of_a_small_tree_holds(count: int) -> None:
    leaves = some(count)
    tree = grew(leaves)
    for size in range(1, count + 1):
        root = slow_root(leaves[:size])
        assert tree.root(size) == root
        for index in range(size):
            assert root_from_inclusion(leaves[index], index, size, tree.inclusion(index, size)) == root
        for older in range(1, size + 1):
            check_consistency(older, size, slow_root(leaves[:older]), root, tree.consistency(older, size))


@given(st.integers(1, WIDTH * 5), st.data())
def test_trees_over_many_tiles_agree_with_the_slow_way(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    at = data.draw(st.integers(0, count))
    tree = grew(leaves, at=at)
    size = data.draw(st.integers(1, count))
    index = data.draw(st.integers(0, size - 1))
    older = data.draw(st.integers(1, size))
    root = slow_root(leaves[:size])
    assert tree.root(size) == root
    assert root_from_inclusion(leaves[index], index, size, tree.inclusion(index, size)) == root
    check_consistency(older, size, slow_root(leaves[:older]), root, tree.consistency(older, size))


def test_a_third_level_of_tiles_is_reached() -> None:
    leaves = some(WIDTH * WIDTH + 1)
    tree = grew(leaves, at=WIDTH * 17 + 3)
    assert root_from_inclusion(leaves[-1], WIDTH * WIDTH, WIDTH * WIDTH + 1, tree.inclusion(WIDTH * WIDTH)) == tree.root()
    assert root_from_inclusion(leaves[70], 70, WIDTH * WIDTH + 1, tree.inclusion(70)) == slow_root(leaves)


@given(st.integers(2, 80), st.data())
def test_a_proof_with_anything_changed_fails(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    tree = grew(leaves)
    index = data.draw(st.integers(0, count - 1))
    proof = tree.inclusion(index)
    kind = data.draw(st.sampled_from(("flip", "drop", "add", "index", "leaf")))
    leaf, at = leaves[index], index
    if kind == "flip":
        step = data.draw(st.integers(0, len(proof) - 1))
        bit = data.draw(st.integers(0, 255))
        proof[step] = (int.from_bytes(proof[step], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == "drop":
        del proof[data.draw(st.integers(0, len(proof) - 1))]
    elif kind == "add":
        proof.append(leaf_hash(b"more"))
    elif kind == "index":
        at = data.draw(st.integers(0, count - 1).filter(lambda other: other != index))
    else:
        leaf = leaf_hash(b"another")
    try:
        root = root_from_inclusion(leaf, at, count, proof)
    except Unproved:
        return
    assert root != tree.root()


@given(st.integers(2, 80), st.data())
def test_a_head_that_did_not_grow_from_the_other_is_found(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    tree = grew(leaves)
    older = data.draw(st.integers(1, count - 1))
    changed = [*leaves]
    changed[data.draw(st.integers(0, older - 1))] = leaf_hash(b"rewritten")
    with pytest.raises(Unproved):
        check_consistency(older, count, slow_root(leaves[:older]), slow_root(changed), tree.consistency(older))
    with pytest.raises(Unproved):
        check_consistency(older, count, slow_root(leaves[:older]), slow_root(changed), grew(changed).consistency(older))

"""Our roots and proofs under an implementation that is not ours (scitt-cose: Apache-2.0, written from RFC 6962 and RFC 9162 alone)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scitt_cose.merkle import merkle_root, verify_consistency, verify_inclusion

from shared.trust.verify_bundle import leaf_hash
from tests.unit.trust.test_merkle import grew


def entries(count: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(count)]


def hexed(proof: list[bytes]) -> list[str]:
    return [step.hex() for step in proof]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 255, 256, 257, 700])
def test_it_finds_the_same_root(count: int) -> None:
    made = entries(count)
    assert grew([leaf_hash(one) for one in made]).root().hex() == merkle_root([one.hex() for one in made])


@given(st.integers(1, 700), st.data())
def test_it_takes_our_proofs_and_no_others(count: int, data: st.DataObject) -> None:
    made = entries(count)
    tree = grew([leaf_hash(one) for one in made])
    index = data.draw(st.integers(0, count - 1))
    proof, root = hexed(tree.inclusion(index)), tree.root().hex()
    assert verify_inclusion(made[index].hex(), index, count, proof, root)
    assert not verify_inclusion((made[index] + b"!").hex(), index, count, proof, root)
    assert not verify_inclusion(made[index].hex(), index, count, [*proof, root], root)
    if count > 1:
        other = data.draw(st.integers(0, count - 1).filter(lambda one: one != index))
        assert not verify_inclusion(made[index].hex(), other, count, proof, root)
    older = data.draw(st.integers(1, count))
    grown = hexed(tree.consistency(older))
    assert verify_consistency(tree.root(older).hex(), root, older, count, grown)
    if older < count:
        assert not verify_consistency(leaf_hash(b"another").hex(), root, older, count, grown)

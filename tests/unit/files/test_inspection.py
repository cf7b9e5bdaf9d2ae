"""A file is looked into by a child process, for a bounded time; one that can't be looked into is not taken."""

import pytest

from shared.files.directions import Direction
from shared.files.inspection import clean, inspect, prove
from shared.kernel.errors import Refused
from tests.unit.files import samples
from tests.unit.files.samples import BLACK_BOX, SECRET


async def test_the_child_tells_what_a_file_is_and_hides() -> None:
    report = await inspect(samples.pdf(after=BLACK_BOX), "预算.pdf", giving=True, seconds=30)
    assert (report.kind, [one.code for one in report.blocks]) == ("pdf", ["covered-text"])


async def test_a_file_that_takes_too_long_is_not_taken() -> None:
    report = await inspect(samples.pdf(), "预算.pdf", giving=True, seconds=0.01)
    assert [one.code for one in report.refusals] == ["unreadable"]


async def test_the_child_makes_a_copy_and_proves_it() -> None:
    boxed = samples.pdf(after=BLACK_BOX)
    cleaned = await clean(boxed, "pdf", seconds=30)
    proof = await prove(cleaned, "pdf", boxed, "pdf", (Direction(SECRET),), seconds=30)
    assert proof is not None
    assert (proof.remains, proof.unproved) == ((), ())
    assert await prove(b"%PDF-no", "pdf", b"", "", (Direction(SECRET),), seconds=30) is None


async def test_what_can_not_be_cleaned_is_said() -> None:
    for content, kind, code in ((b"x", "ofd", "not-cleanable"), (b"x", "pdf", "clean-failed")):
        with pytest.raises(Refused) as refused:
            await clean(content, kind, seconds=30)
        assert refused.value.code == code

"""Comments together: which of them say the same, named by their numbers, so that none is left out, none is counted twice, and nobody types a sum (JC-03a)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.publishing.consultation.events import CommentsCollated, Group
from shared.kernel.errors import Invalid

SEPARATORS = re.compile(r"[\s,，、;；]+")
RANGE = re.compile(r"(\d{1,7})(?:[-–—~～至](\d{1,7}))?")

TOLD = 10
"""Numbers that a sentence tells at most."""


class Saying(NamedTuple):
    """Opinions that say the same, as typed: their gist, the numbers of the comments (1-3、7), and how many more came on paper or were said aloud."""

    gist: str
    numbers: str
    on_paper: int


def collated(groups: Sequence[Saying], received: int) -> CommentsCollated:
    """Every comment that the platform received stands in exactly one group; raises `Invalid` with the difference."""
    made = []
    found: set[int] = set()
    for place, one in enumerate(groups):
        numbers = read_numbers(one.numbers, received, f"groups.{place}.numbers")
        if not numbers and not one.on_paper:
            raise wrong("group-empty", f"“{one.gist}”下没有意见，请填写意见序号或者书面意见的条数。", f"groups.{place}.numbers")
        twice = found & set(numbers)
        if twice:
            raise wrong("comment-counted-twice", f"{told(twice)}号意见归入了两个要点，请只归入一个。", f"groups.{place}.numbers")
        found |= set(numbers)
        made.append(Group(one.gist, len(numbers) + one.on_paper, numbers, one.on_paper))
    left_out = set(range(1, received + 1)) - found
    if left_out:
        sentence = f"平台收到 {received} 条意见，归纳了 {len(found)} 条，还差 {len(left_out)} 条：{told(left_out)}号没有归入任何要点。"
        raise wrong("comments-left-out", sentence, "groups")
    return CommentsCollated(groups=tuple(made), count=sum(group.count for group in made))


def read_numbers(typed: str, received: int, field: str) -> tuple[int, ...]:
    """The numbers that were typed, in order; raises `Invalid` for what is no number of a comment."""
    numbers: set[int] = set()
    for part in SEPARATORS.split(typed.strip()):
        if not part:
            continue
        match = RANGE.fullmatch(part)
        if match is None:
            raise wrong("bad-numbers", f"“{part}”不是意见序号，请按“1-3、7”的样子填写。", field)
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= received:
            known = f"序号为 1 至 {received}" if received else "没有序号"
            raise wrong("no-such-number", f"没有第 {part} 号意见：平台收到 {received} 条，{known}。", field)
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def as_ranges(numbers: Sequence[int]) -> str:
    """Numbers as they are typed, the shortest way: 1-3、7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)


def told(numbers: set[int]) -> str:
    """Numbers in a sentence, the first few of many."""
    first = sorted(numbers)[:TOLD]
    return f"第 {'、'.join(map(str, first))} {'等' if len(numbers) > TOLD else ''}"


def wrong(code: str, sentence: str, field: str) -> Invalid:
    """What is to be mended, and where."""
    return Invalid(code, sentence, fields=[{"field": field, "sentence": "请核对"}])

"""Which characters the letters' font has, so that a name that it cannot show is told before a letter is issued."""

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

_LAYOUT = frozenset("\n\t ")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Mn", "Zs", "Zl", "Zp"})


def font_file() -> Path:
    """The collection that letters are set in: Noto Sans CJK (OFL-1.1), some 44,800 characters, from a package and not from the system."""
    return Path(str(files("noto_cjk_sans_otc").joinpath("NotoSansCJK-Regular.ttc")))


def missing_characters(text: str) -> tuple[str, ...]:
    """The characters of a text that the font does not have, each once, in their order; empty if all can be shown."""
    starts, ends = _ranges()
    found: dict[str, None] = {}
    for character in text:
        if character in _LAYOUT:
            continue
        place = bisect_right(starts, ord(character)) - 1
        if place < 0 or ord(character) > ends[place]:
            found[character] = None
    return tuple(found)


def named(character: str) -> str:
    """A character with its code point, for a person who must find it: 𰻝（U+30EDD）; one that cannot be seen stands by its code alone."""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character) in _UNSEEN else f"{character}（{code}）"


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code point of each range in the font's full character map (`cmap` format 12, OpenType 1.9), in rising order."""
    with font_file().open("rb") as font:

        def read(place: int, shape: str) -> tuple[Any, ...]:
            font.seek(place)
            return struct.unpack(shape, font.read(struct.calcsize(shape)))

        tag, _version, _fonts, first = read(0, ">4sIII")
        if tag != b"ttcf":
            raise ValueError("the letters' font is no OpenType collection")
        (tables,) = read(first + 4, ">H")
        directory = {}
        for n in range(tables):
            name, _sum, offset, _length = read(first + 12 + 16 * n, ">4sIII")
            directory[name] = offset
        cmap = directory[b"cmap"]
        _version, maps = read(cmap, ">HH")
        for n in range(maps):
            _platform, _encoding, offset = read(cmap + 4 + 8 * n, ">HHI")
            (form,) = read(cmap + offset, ">H")
            if form == 12:
                _form, _reserved, _length, _language, count = read(cmap + offset, ">HHIII")
                groups = [read(cmap + offset + 16 + 12 * g, ">III") for g in range(count)]
                return tuple(group[0] for group in groups), tuple(group[1] for group in groups)
    raise ValueError("the letters' font has no full character map")

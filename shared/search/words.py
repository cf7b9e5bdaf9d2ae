"""Texts and queries as words, and where a query stands in a text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

MOST_TERMS = 8
"""Terms of a query that count; more are not read."""

MOST_LETTERS = 100
"""Characters of a query that count."""

MOST_WORDS = 100_000
"""Different words of one text that can be found: a tsvector of PostgreSQL holds 1 MB. A book of 200,000 characters has some 40,000."""


class _Folding(dict[int, str]):
    """Each character as it is compared: full width as half width, capitals as small letters. One stays one, so that places stay where they are."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = unicodedata.normalize("NFKC", letter).casefold()
        self[code] = folded if len(folded) == 1 else letter
        return self[code]


_FOLDING = _Folding()
_RUN = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """A text as it is compared; as long as it was."""
    return text.translate(_FOLDING)


def words_of(*texts: str) -> set[str]:
    """The words of texts: the pairs of neighbouring letters and figures, and the last of each run alone, so that single ones are found too."""
    found: set[str] = set()
    for text in texts:
        for match in _RUN.finditer(plain(text)):
            run = match.group()
            found.update(map("".join, pairwise(run)))
            found.add(run[-1])
    return found if len(found) <= MOST_WORDS else set(sorted(found)[:MOST_WORDS])


class Query(NamedTuple):
    """A query: its terms as they are compared. `exact`: the words alone decide, as none is longer than a pair."""

    terms: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether what has the words is what is meant."""
        return all(len(term) <= 2 for term in self.terms)

    @property
    def long(self) -> tuple[str, ...]:
        """The terms that have to be compared as a whole."""
        return tuple(term for term in self.terms if len(term) > 2)


def query_of(typed: str) -> Query:
    """What was typed, as terms: runs of letters and figures, all of which have to be there."""
    runs = dict.fromkeys(match.group() for match in _RUN.finditer(plain(typed[:MOST_LETTERS])))
    return Query(tuple(runs)[:MOST_TERMS])


def tsquery(query: Query, *marks: str) -> str:
    """A query as PostgreSQL reads it. `marks` are further words that have to be there, as they stand."""
    parts = [_quoted(mark) for mark in marks]
    for term in query.terms:
        if len(term) == 1:
            parts.append(f"{_quoted(term)}:*")
        else:
            parts.extend(_quoted(first + second) for first, second in dict.fromkeys(pairwise(term)))
    return " & ".join(parts)


def pattern(term: str) -> str:
    """A term as a pattern of LIKE that finds it anywhere."""
    escaped = re.sub(r"([\\%_])", r"\\\1", term)
    return f"%{escaped}%"


def marked(text: str, terms: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the terms: what is shown marked."""
    if not terms or not text:
        return [(text, False)] if text else []
    pieces, at = [], 0
    compared = plain(text)
    for match in re.finditer("|".join(re.escape(term) for term in _longest_first(terms)), compared):
        if match.start() > at:
            pieces.append((text[at : match.start()], False))
        pieces.append((text[match.start() : match.end()], True))
        at = match.end()
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def _longest_first(terms: Iterable[str]) -> list[str]:
    return sorted(terms, key=len, reverse=True)


def _quoted(word: str) -> str:
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"

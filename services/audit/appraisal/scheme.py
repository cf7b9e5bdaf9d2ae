"""The scheme of appraisal (scheme.toml): four standards with their criteria, and the grades. Scores are hundredths of a point, whole numbers."""

import tomllib
from pathlib import Path

import msgspec

from services.audit.figures import Figure

FULL = 10_000
"""The full score, in hundredths of a point."""


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked at: its share of the standard (percent), its rule, and the measure that tells it, unless people judge it.

    `deduct`: points that each case of the measure costs; None: the share of what was kept counts.
    """

    title: str
    weight: int
    rule: str
    measure: str = ""
    deduct: int | None = None


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the four: its share of the whole (percent) and its criteria by key."""

    title: str
    weight: int
    criteria: dict[str, Criterion]

    @property
    def judged(self) -> tuple[str, ...]:
        """The criteria that people judge."""
        return tuple(key for key, one in self.criteria.items() if not one.measure)


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade: its title and the least points that it takes."""

    title: str
    least: int


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    late_with_reason: int
    standards: dict[str, Standard]
    grades: dict[str, Grade]

    def points(self, criterion: Criterion, figure: Figure | None) -> int | None:
        """The score of a measured criterion in hundredths; None where nothing was due: it tells nothing then."""
        if criterion.deduct is not None:
            return max(0, FULL - 100 * criterion.deduct * (figure.missed if figure is not None else 0))
        if figure is None or not figure.due:
            return None
        return (FULL * figure.on_time + 100 * self.late_with_reason * figure.reasoned) // figure.due

    def grade_of(self, total: int) -> str:
        """The grade of a total in hundredths."""
        return next(key for key, grade in self.grades.items() if total >= 100 * grade.least)

    def total(self, scores: dict[str, int]) -> int:
        """The whole in hundredths, from the score of each standard; a half is rounded up."""
        return (2 * sum(self.standards[key].weight * score for key, score in scores.items()) + 100) // 200

    @property
    def best(self) -> str:
        """The highest grade: excellent."""
        return next(iter(self.grades))

    @property
    def failing(self) -> str:
        """The lowest."""
        return list(self.grades)[-1]


SCHEME = msgspec.convert(tomllib.loads((Path(__file__).parent / "scheme.toml").read_text("utf-8")), Scheme)


def points_told(score: int) -> str:
    """A score as people read it: 87.50."""
    return f"{score // 100}.{score % 100:02d}"

"""Which open deadlines a newly announced calendar moves."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from shared.law.calendar import WorkingCalendar
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import Rulebook

K = TypeVar("K")


def changed_deadlines(
    open: Iterable[tuple[K, Facts, Deadline]],
    rulebook_of: Callable[[str], Rulebook],
    calendar: WorkingCalendar,
) -> list[tuple[K, Deadline, Deadline]]:
    """The open deadlines that differ under this calendar, as (key, old, new), in the order given.

    One differs if its date moved, or if it was provisional and is now certain (its date the same). Those that stay are
    left out: nothing is recorded of them. `open` leaves out clocks that stand still: they have no due date to move.
    """
    changed = []
    for key, facts, old in open:
        new = deadline(facts, rulebook_of(old.rulebook), calendar)
        if (new.due, new.provisional) != (old.due, old.provisional):
            changed.append((key, old, new))
    return changed

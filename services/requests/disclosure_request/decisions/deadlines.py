"""The clock of a case: its rulebook, its due dates, what is missed, and what an announced calendar moves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.requests.disclosure_request.events import DeadlineApproaching, DeadlineMissed, DeadlineRecomputed
from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.kernel.commands import Given
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import Rulebook

R = DisclosureRequest
Events = Sequence[Event]


def book_of(state: R, given: Given) -> Rulebook:
    """The rulebook of the case: the one of the day it was received."""
    return given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook


def due(state: R, given: Given, limit: str, start: date, **more: Any) -> Deadline:
    """A due date under the rulebook of the case and the calendar of its agency."""
    return deadline(Facts(start=start, limit=limit, **more), book_of(state, given), given.calendar)


def reply_due(state: R, given: Given, start: date, **changes: Any) -> Deadline:
    """The reply's due date when the clock starts on `start`."""
    facts = Facts(
        start=start,
        days=changes.get("days", state.redo_days),
        extension_days=changes.get("extension_days", state.extension_days) + changes.get("excess_days", state.excess_days),
        not_counted=changes.get("not_counted", ()),
    )
    return deadline(facts, book_of(state, given), given.calendar)


def miss_deadline(state: R, given: Given) -> Events:
    """The due date has passed, the clock was running, and it is not on record yet."""
    if state.closed or state.deadline is None or state.stage in (Stage.AMENDING, Stage.UNPAID) or state.stands_still:
        return []
    if given.today <= state.deadline.due or state.deadline.due in state.missed:
        return []
    return [DeadlineMissed(due=state.deadline.due)]


def remind(state: R, given: Given) -> Events:
    """The due date is not past, the clock runs, and nobody was reminded of this date yet."""
    if state.closed or state.deadline is None or state.stage in (Stage.AMENDING, Stage.UNPAID) or state.stands_still:
        return []
    if given.today > state.deadline.due or state.deadline.due == state.reminded:
        return []
    return [DeadlineApproaching(due=state.deadline.due, left=given.calendar.working_days_between(given.today, state.deadline.due))]


def recompute_deadline(state: R, given: Given) -> Events:
    """The open reply clock under the calendar as it is now announced; nothing if nothing changes."""
    facts = state.clock()
    if state.closed or state.deadline is None or facts is None or state.stands_still:
        return []
    made = deadline(facts, book_of(state, given), given.calendar)
    if (made.due, made.provisional) == (state.deadline.due, state.deadline.provisional):
        return []
    return [DeadlineRecomputed(before=state.deadline, deadline=made)]

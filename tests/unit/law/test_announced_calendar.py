"""What an announced calendar moves among the open deadlines (X-01)."""

from datetime import date

from shared.law.calendar import AnnouncedYear, Span, WorkingCalendar, national_calendar
from shared.law.changes import changed_deadlines
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import rulebook

CALENDAR = national_calendar()
NOTICE = AnnouncedYear(
    year=2027,
    holidays=tuple(
        date(2027, month, day)
        for month, days in ((1, (1, 2, 3)), (2, range(5, 14)), (4, (3, 4, 5)), (5, range(1, 6)), (10, range(1, 8)))
        for day in days
    ),
    working_weekends=(date(2027, 1, 31), date(2027, 2, 20)),
    source="国务院办公厅关于2027年部分节假日安排的通知",
)
ANNOUNCED = CALENDAR.with_years(NOTICE)


def set_under(calendar: WorkingCalendar, facts: Facts, book: str = "decree-711") -> tuple[Facts, Deadline]:
    return facts, deadline(facts, rulebook(book), calendar)


def test_only_what_changed_is_told_with_both_dates() -> None:
    cases = {
        "certain": set_under(CALENDAR, Facts(date(2026, 11, 2))),
        "moved": set_under(CALENDAR, Facts(date(2027, 1, 18))),
        "confirmed": set_under(CALENDAR, Facts(date(2026, 12, 22))),
    }
    told = changed_deadlines([(key, *case) for key, case in cases.items()], rulebook, ANNOUNCED)
    assert [key for key, _, _ in told] == ["moved", "confirmed"]
    moved, confirmed = told[0], told[1]
    assert moved[1] == cases["moved"][1]
    assert (moved[1].due, moved[2].due) == (date(2027, 2, 19), date(2027, 2, 20))
    assert confirmed[1].due == confirmed[2].due
    assert (confirmed[1].provisional, confirmed[2].provisional) == (True, False)
    assert all(new.calendar == ANNOUNCED.version for _, _, new in told)


def test_told_once_the_announcement_changes_nothing_more() -> None:
    facts = Facts(date(2027, 1, 18))
    assert changed_deadlines([("case", *set_under(ANNOUNCED, facts))], rulebook, ANNOUNCED) == []


def test_a_case_is_recomputed_under_its_own_rulebook_and_with_its_suspensions() -> None:
    facts = Facts(date(2027, 1, 18), extension_days=5, not_counted=(Span(date(2027, 1, 25), date(2027, 1, 27)),))
    ((_, old, new),) = changed_deadlines([("case", *set_under(CALENDAR, facts, "bureau-2019"))], rulebook, ANNOUNCED)
    assert old.rulebook == new.rulebook == "bureau-2019"
    assert new == deadline(facts, rulebook("bureau-2019"), ANNOUNCED)


def test_a_notice_that_moves_the_december_before_it_moves_a_certain_deadline() -> None:
    with_december = AnnouncedYear(
        year=2027,
        holidays=(date(2026, 12, 31), *NOTICE.holidays),
        working_weekends=NOTICE.working_weekends,
        source=NOTICE.source,
    )
    facts, old = set_under(CALENDAR, Facts(date(2026, 12, 3)))
    assert (old.due, old.provisional) == (date(2026, 12, 31), False)
    ((_, _, new),) = changed_deadlines([("case", facts, old)], rulebook, CALENDAR.with_years(with_december))
    assert new.due == date(2027, 1, 4)

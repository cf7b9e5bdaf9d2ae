"""Taking over an open case from another system: nothing of it is invented, and its due date has to be the one that the rules give."""

from datetime import date

from shared.kernel.errors import Invalid, Refused
from shared.law.calendar import WorkingCalendar
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import NoRulebook, Rulebook, rulebook_in_force


def wrong(field: str, sentence: str) -> Invalid:
    """A field that can't be right."""
    return Invalid("takeover-wrong", sentence, fields=[{"field": field, "sentence": sentence}])


def book_of_receipt(received_on: date, adopted: str, today: date) -> Rulebook:
    """The rulebook of a case received on that day; raises `Invalid` or `Refused`."""
    if received_on > today:
        raise wrong("received_on", f"收到日期（{received_on}）晚于今天（{today}）。")
    try:
        return rulebook_in_force(received_on, adopted)
    except NoRulebook:
        raise Refused(
            "no-rulebook", f"{received_on}收到的申请没有可以适用的规则集，请核对收到日期。", article="国令711 第五十六条"
        ) from None


def clock_taken_over(
    book: Rulebook,
    calendar: WorkingCalendar,
    today: date,
    *,
    channel: str,
    received_on: date,
    started: date | None,
    extension_days: int,
    due: date | None,
) -> tuple[date | None, Deadline | None]:
    """The start of the clock and the due date of a case; raises `Invalid` where the other system's facts do not fit together.

    `started`: None where the period runs from the receipt, or where it waits for a confirmation. `due`: as the other system has it, to compare.
    """
    if started is None and not book.starts_on_confirmation(channel):
        started = received_on
    if started is None:
        if due is not None or extension_days:
            raise wrong("clock_start", "尚未双方确认收到的，没有期限，也不能已经延期；已确认的，请填写起算日期。")
        return None, None
    if not received_on <= started <= today:
        raise wrong("clock_start", f"起算日期（{started}）应在收到日期（{received_on}）和今天（{today}）之间。")
    if extension_days > book.limit("extension").days:
        raise wrong("extension_days", f"延长期限最多 {book.limit('extension').days} 个工作日。")
    made = deadline(Facts(start=started, extension_days=extension_days), book, calendar)
    if due is not None and due != made.due:
        raise wrong(
            "due",
            f"原系统的期限是 {due}，按规则（自 {started} 起 {made.days} 个工作日）应为 {made.due}；请核对起算日期和延期天数，或不填期限。",
        )
    return started, made

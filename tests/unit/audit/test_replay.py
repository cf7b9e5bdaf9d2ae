"""Counterfactual replay: known dates under the two rulebooks and another calendar, and the steps that one of them refuses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.audit.replay import READ, Replay, World, rows_of, told_again, world_of
from services.requests.disclosure_request import events
from services.review.secrecy_review.events import ReviewApproved, ReviewOpened
from shared.kernel.errors import Invalid
from shared.kernel.events import Actor, Event, Meta, write_state
from shared.kernel.identity import derived_id
from shared.law.calendar import Span, national_calendar
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import rulebook
from shared.trust.personal import Personal
from tests.contracts.examples.requests import EXAMPLES

CALENDAR = national_calendar()
CASE = derived_id("test", "replayed")
RECEIVED = next(event for event in EXAMPLES if isinstance(event, events.RequestReceived))
CONSULTED = next(event for event in EXAMPLES if isinstance(event, events.ThirdPartyConsulted))
SEALED = Personal.sealed("gk1:x", CASE, "", "")
DAY = date(2025, 9, 22)
"""A Monday. The fifteenth working day is 17 October, the twentieth 24 October: eight days off, and two weekend days worked, lie between."""


UNSWAPPED = b"""{"year": 2025, "status": "announced", "source": "without swapped days", "festivals": [
    {"name": "1", "off": ["2025-01-01"]}, {"name": "5", "off": ["2025-05-01"]},
    {"name": "10", "off": ["2025-10-01", "2025-10-02", "2025-10-03"]}]}"""
"""The year as it would be without days exchanged: only the statutory holidays of fixed date."""


def due(limit: str = "reply", start: date = DAY, book: str = "decree-711", **more: object) -> Deadline:
    return deadline(Facts(start, limit, **more), rulebook(book), CALENDAR)  # type: ignore[arg-type]


def received(book: str = "decree-711", channel: str = "registered_post", on: date = DAY, deadline: Deadline | None = None) -> Event:
    made = replace(RECEIVED, channel=channel, received_on=on, rulebook=book, deadline=deadline or due(start=on, book=book))
    return replace(made, applicant_name=SEALED, contact=SEALED, content=SEALED, id_number=None, address=None)


def state_of(event: Event, on: date, number: int, book: str, roles: Sequence[str] = ("clerk",)) -> bytes:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    id = derived_id("test", "replayed event", number)
    return write_state(event, Meta(id, CASE, "gy", "s", at, on, Actor("p", tuple(roles)), "c", "c", "c", event.spec.rules, None, book))


def replayed(
    *told: tuple[Event, date] | tuple[Event, date, Sequence[str]],
    under: str = "bureau-2019",
    year: int = 2025,
    book: str = "decree-711",
    world: World | None = None,
) -> Replay:
    rows: list[tuple[str, int, UUID, str, bytes, UUID]] = []
    for number, (event, on, *roles) in enumerate(told, 1):
        service = event.spec.type.partition(".")[0]
        assert event.spec.type in READ
        rows.append((service, number, CASE, event.spec.topic, state_of(event, on, number, book, *roles), CASE))
    return told_again(rows_of(rows), "gy", year, world or world_of(under, CALENDAR, date(2026, 6, 1)))


REPLIED = events.ReplyDelivered(outcome="r1_granted", way="post", evidence="EMS 1")


def test_fifteen_days_instead_of_twenty() -> None:
    assert due().due == date(2025, 10, 24)
    found = replayed((received(), DAY), (REPLIED, date(2025, 10, 22)))
    (one,) = found.changed
    assert (one.due, one.due_then, one.was, one.would) == (date(2025, 10, 24), date(2025, 10, 17), "kept", "missed")
    assert one.article == "本局考核制度（KH-02.3b）"
    assert found.counts == {"reply": {"kept→missed": 1}}
    back = replayed((received("bureau-2019"), DAY), (REPLIED, date(2025, 10, 22)), under="decree-711", book="bureau-2019")
    assert [(one.was, one.would, one.due_then) for one in back.changed] == [("missed", "kept", date(2025, 10, 24))]


def test_the_same_rulebook_and_calendar_change_nothing() -> None:
    found = replayed((received(), DAY), (REPLIED, date(2025, 10, 22)), under="decree-711")
    assert (found.changed, found.steps, found.counts) == ((), (), {"reply": {"kept→kept": 1}})


def test_another_calendar_moves_what_it_moves() -> None:
    world = world_of("decree-711", CALENDAR, date(2026, 6, 1), UNSWAPPED)
    (one,) = replayed((received(), DAY), (REPLIED, date(2025, 10, 24)), world=world).changed
    assert (one.due, one.due_then, one.was, one.would) == (date(2025, 10, 24), date(2025, 10, 23), "kept", "missed")


def test_an_extension_is_capped_and_needs_the_other_rulebooks_approver() -> None:
    extended = events.ReplyExtended(working_days=20, deadline=due(extension_days=20))
    found = replayed((received(), DAY), (extended, DAY, ("head_of_disclosure_office",)), (REPLIED, date(2025, 11, 7)))
    assert [(step.kind, step.article) for step in found.steps] == [
        ("changed", "本局依申请公开制度（YS-F.3）"),
        ("refused", "本局依申请公开制度（YS-F.3）"),
    ]
    (one,) = found.changed
    assert one.due_then == due(book="bureau-2019", extension_days=15).due


def test_consulting_a_third_party_counts_under_the_old_rules_and_its_refusal_blocks() -> None:
    asked, heard = date(2025, 9, 24), date(2025, 10, 15)
    spans = (Span(asked, heard, "consulting"),)
    consulted = replace(
        CONSULTED, third_party=SEALED, contact=SEALED, sent_on=asked, counted=False, deadline=due("third_party_opinion", asked)
    )
    objected = events.ThirdPartyObjected(number=1, why=SEALED, person_key=CASE, reasonable=False, reply=due(not_counted=spans))
    told = ((received(), DAY), (consulted, asked), (objected, heard), (REPLIED, date(2025, 10, 30)))
    found = replayed(*told)
    (one,) = found.changed
    assert (one.was, one.would, one.due_then) == ("kept", "missed", date(2025, 10, 17))
    assert [step.kind for step in found.steps] == ["changed"]
    counted = replace(consulted, counted=True)
    back = replayed(
        (received("bureau-2019"), DAY),
        (counted, asked),
        (replace(objected, reply=None), heard),
        (REPLIED, date(2025, 10, 30)),
        under="decree-711",
        book="bureau-2019",
    )
    assert [(one.was, one.would, one.due_then) for one in back.changed] == [("missed", "kept", due(not_counted=spans).due)]


def test_a_suspension_is_refused_where_the_rulebook_knows_none() -> None:
    since, resumed = date(2025, 9, 25), date(2025, 10, 10)
    spans = (Span(since, resumed, "suspended"),)
    found = replayed(
        (received("bureau-2019"), DAY),
        (events.ClockSuspended(reason="洪灾", since=since), since),
        (events.ClockResumed(resumed_on=resumed, deadline=due(book="bureau-2019", not_counted=spans)), resumed),
        (REPLIED, date(2025, 10, 24)),
        under="decree-711",
        book="bureau-2019",
    )
    assert [step.told for step in found.steps] == ["不能中止期限"]
    assert [(one.was, one.would, one.due_then) for one in found.changed] == [("kept", "kept", date(2025, 10, 24))]


def test_what_ended_too_early_for_the_other_rules_is_told() -> None:
    fee = events.FeeAssessed(basis="items", count=35, yuan=3000, deadline=due("fee_payment"))
    found = replayed((received(), DAY), (fee, DAY), (events.FeeLapsed(outcome="r6_2_overdue_fee"), date(2025, 10, 30)))
    assert [step.told for step in found.steps] == ["没有信息处理费"]
    amend = events.AmendmentRequested(items=("年份",), deadline=due("amendment_period", days=5))
    early = replayed(
        (received(), DAY),
        (amend, DAY),
        (events.AmendmentLapsed(outcome="r6_1_overdue_correction"), date(2025, 9, 29)),
        world=world_of("decree-711", CALENDAR, DAY, UNSWAPPED),
    )
    assert [step.kind for step in early.steps] == ["refused"]


def test_a_due_date_that_the_facts_do_not_give_is_not_compared() -> None:
    wrong = replace(due(), due=date(2025, 12, 1))
    found = replayed((received(deadline=wrong), DAY), (REPLIED, date(2025, 10, 24)))
    assert (found.counts, found.changed) == ({}, ())
    assert "不作比较" in found.not_compared[0]


def test_what_never_was_a_request_and_what_waits_is_left_alone() -> None:
    voided = replayed((received(), DAY), (events.RequestVoided(reason="误"), DAY))
    assert voided.counts == {}
    waits = replayed((received(), DAY), under="decree-711")
    assert waits.counts == {"reply": {"missed→missed": 1}}
    assert replayed((received(), DAY), year=2024).counts == {}


def test_the_clocks_of_the_other_services_are_told_too() -> None:
    opened = ReviewOpened(source="requests", subject=CASE, review=1, files=(), deadline=due("secrecy_review"))
    approved = ReviewApproved(source="requests", subject=CASE, review=1, approves="x", released=(), withheld=())
    found = replayed((opened, DAY), (approved, date(2025, 10, 11)))
    assert found.counts == {"secrecy_review": {"kept→kept": 1}}


@pytest.mark.parametrize(("book", "file"), [("nothing", None), ("decree-711", b"{}"), ("decree-711", b"no json")])
def test_what_is_no_rulebook_or_calendar_is_refused(book: str, file: bytes | None) -> None:
    with pytest.raises(Invalid):
        world_of(book, CALENDAR, DAY, file)

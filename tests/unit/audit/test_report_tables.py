"""Tables three and four by replay (X-07; design: the national annual report): what counts where, and in which year."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.reports.cells import remedies_for, rows_for
from services.audit.reports.form import AFTER, DIRECT, RECONSIDERATION, form
from services.audit.reports.tables import KINDS, RESULTS, Remedy, Request, fold, table_four, table_three
from services.requests.disclosure_request import events
from shared.kernel.events import Actor, Event, Meta, write_state
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from tests.contracts.examples.requests import EXAMPLES
from tests.contracts.golden import stored

CASE = derived_id("test", "contested")
FILED = date(2023, 3, 1)
ANSWER = Deadline(
    due=date(2023, 3, 15), calendar="test", rulebook="decree-711", article="行政复议法 第四十八条", provisional=False, days=10
)
RECONSIDERED = events.ReconsiderationFiled(number=1, organ="市政府", filed_on=FILED, received_on=FILED, simple=False, answer=ANSWER)
SUED = events.LitigationFiled(number=1, court="法院", filed_on=FILED, received_on=FILED, after=None, answer=ANSWER)
GROUNDS = (events.Ground("r2_partial", "国令711 第三十七条"), events.Ground("r3_6_process", "国令711 第十六条"))
REPLIED = events.ReplyDelivered(outcome="r2_partial", way="post", evidence="EMS 1")
DRAFTED = next(event for event in EXAMPLES if isinstance(event, events.ReplyDrafted))
RECEIVED = next(event for event in EXAMPLES if isinstance(event, events.RequestReceived))


def history(*told: tuple[Event, date]) -> list[tuple[UUID, str, bytes]]:
    """Ledger rows: each event on its civil day, after a receipt in February 2023."""
    rows = [(CASE, RECEIVED.spec.topic, stored(RECEIVED).replace(b'"received_on":"2025-09-22"', b'"received_on":"2023-02-01"'))]
    for number, (event, day) in enumerate(told):
        meta = Meta(
            id=derived_id("test", "event", number),
            case=CASE,
            agency="guyuan-spj",
            service="requests",
            recorded_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
            effective_on=day,
            actor=Actor("clerk", ("clerk",)),
            command="test.Example",
            correlation="c",
            causation="c",
            rules=event.spec.rules,
            article=event.spec.article("decree-711"),
            rulebook="decree-711",
        )
        rows.append((CASE, event.spec.topic, write_state(event, meta)))
    return rows


def fourth(year: int, *told: tuple[Event, date]) -> dict[str, list[int]]:
    """Table four of a year, its rows that are not empty."""
    table = table_four(fold(history((REPLIED, date(2023, 2, 20)), *told)).values(), year)
    return {row: values for row, values in table.items() if any(values)}


def third(year: int, told: Sequence[tuple[Event, date]]) -> dict[str, int]:
    """Table three of a year: the totals that are not nought."""
    return {row["key"]: row["values"][6] for row in table_three(fold(history(*told)).values(), year) if row["values"][6]}


@pytest.mark.rule("X-07")
@pytest.mark.parametrize(("result", "column"), [("upheld", 0), ("overturned", 1), ("other_result", 2)])
def test_a_remedy_counts_under_its_result_in_the_year_of_the_decision_and_as_pending_before(result: str, column: int) -> None:
    decided = events.ReconsiderationConcluded(number=1, result=result, decided_on=date(2024, 1, 9), document="1号")
    told = [(RECONSIDERED, FILED), (decided, date(2024, 1, 10))]
    assert fourth(2022, *told) == {}
    assert fourth(2023, *told) == {"行政复议": [0, 0, 0, 1, 1]}
    assert fourth(2024, *told) == {"行政复议": [*(int(one == column) for one in range(3)), 0, 1]}
    assert fourth(2025, *told) == {}


@pytest.mark.rule("X-07")
def test_a_suit_stands_in_the_row_of_its_way_and_beside_the_reconsideration_that_went_before() -> None:
    assert fourth(2023, (SUED, FILED)) == {"行政诉讼_未经复议直接起诉": [0, 0, 0, 1, 1]}
    decided = events.ReconsiderationConcluded(number=1, result="upheld", decided_on=date(2023, 4, 3), document="1号")
    after = events.LitigationFiled(
        number=2, court="法院", filed_on=date(2023, 4, 10), received_on=date(2023, 4, 12), after=1, answer=ANSWER
    )
    told = [(RECONSIDERED, FILED), (decided, date(2023, 4, 4)), (after, date(2023, 4, 12))]
    assert fourth(2023, *told) == {"行政复议": [1, 0, 0, 0, 1], "行政诉讼_复议后起诉": [0, 0, 0, 1, 1]}


@pytest.mark.rule("X-07")
def test_what_was_voided_or_registered_wrongly_counts_as_it_really_was() -> None:
    voided = events.RemedyVoided(number=1, pending=True, reason="误登记")
    assert fourth(2023, (RECONSIDERED, FILED), (voided, FILED)) == {}
    decided = events.ReconsiderationConcluded(number=1, result="upheld", decided_on=date(2023, 4, 3), document="1号")
    put_right = events.RemedyResultCorrected(
        number=1, result_before="upheld", result="other_result", decided_on=date(2023, 4, 3), reason="登记错误"
    )
    told = [(RECONSIDERED, FILED), (decided, date(2023, 4, 4)), (put_right, date(2023, 4, 5))]
    assert fourth(2023, *told) == {"行政复议": [0, 0, 1, 0, 1]}


@pytest.mark.rule("X-07")
def test_a_request_counts_once_whatever_is_replied_again() -> None:
    reopened = events.RequestReopened(number=1, reason="责令重新答复", since=date(2024, 1, 10), days=None, deadline=ANSWER)
    again = events.ReplyDelivered(outcome="r1_granted", way="post", evidence="EMS 2")
    told = [(REPLIED, date(2023, 2, 20)), (reopened, date(2024, 1, 10)), (again, date(2024, 1, 20))]
    assert third(2023, told) == {"new_received": 1, "r2_partial": 1, "r7_total": 1}
    assert third(2024, told) == {}


@pytest.mark.rule("X-07", "YS-07.5")
def test_a_reply_with_several_grounds_counts_once_under_its_result() -> None:
    several = events.ReplyDrafted(
        outcome="r2_partial", grounds=GROUNDS, text=DRAFTED.text.sealed("gk1:0", CASE, "text", DRAFTED.spec.topic), hash="12" * 32
    )
    told = [(several, date(2023, 2, 15)), (REPLIED, date(2023, 2, 20))]
    assert third(2023, told) == {"new_received": 1, "r2_partial": 1, "r7_total": 1}


@pytest.mark.rule("X-07")
def test_a_request_that_goes_over_into_the_next_year_stands_in_both() -> None:
    told = [(REPLIED, date(2024, 1, 5))]
    assert third(2023, told) == {"new_received": 1, "carried_forward": 1}
    assert third(2024, told) == {"carried_over": 1, "r2_partial": 1, "r7_total": 1}


RESULT_KEYS = [row["key"] for row in form()["table3"][2:23]]
ROWS_OF_FOUR = [RECONSIDERATION, DIRECT, AFTER]
KINDS_AND_OUTCOMES = st.tuples(
    st.sampled_from(KINDS),
    st.dates(date(2022, 6, 1), date(2024, 6, 30)),
    st.none() | st.tuples(st.sampled_from(RESULT_KEYS), st.integers(0, 400)),
    st.lists(
        st.tuples(st.sampled_from(ROWS_OF_FOUR), st.integers(0, 300), st.none() | st.tuples(st.sampled_from(RESULTS), st.integers(0, 300)))
    ),
    st.booleans(),
)


@pytest.mark.rule("X-07")
@given(st.lists(KINDS_AND_OUTCOMES, max_size=12), st.integers(2022, 2025))
def test_what_a_cell_opens_to_is_what_the_tables_count(drawn: list[Any], year: int) -> None:
    requests = []
    for kind, received, ended, remedies, counts in drawn:
        request = Request(received, kind, counts=counts)
        if ended is not None:
            request.outcome, request.concluded_on = ended[0], received + timedelta(days=ended[1])
        for number, (row, after, decided) in enumerate(remedies, 1):
            remedy = request.remedies[number] = Remedy(row, received + timedelta(days=after))
            if decided is not None:
                remedy.result, remedy.decided_on = decided[0], remedy.filed_on + timedelta(days=decided[1])
        requests.append(request)
    for row in table_three(requests, year):
        opened = [sum(row["key"] in rows_for(one, year) for one in requests if one.kind == kind) for kind in KINDS]
        assert row["values"] == [*opened, sum(opened)]
    for name, values in table_four(requests, year).items():
        stands = [column for one in requests for _, row_, column in remedies_for(one, year) if row_ == name]
        assert values == [*(stands.count(column) for column in range(4)), len(stands)]

"""Reading on the spot, and copies, once the reply that gives is approved (YS-G.1, YS-G.2; Decree 711 Art. 40)."""

from datetime import date

import pytest

from services.requests.disclosure_request.commands import ArrangeInspection, GroundIn, ProvideCopies, RecordInspection
from services.requests.disclosure_request.events import CopiesProvided, InspectionArranged, InspectionHeld
from tests.unit.requests.cases import OFFICE, RECEIVED_ON, approved, assigned, drafted, reply

FRIDAY = date(2025, 9, 26)
READING = ArrangeInspection(on=FRIDAY, time="09:30", place="政务大厅三楼阅览室")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


@pytest.mark.rule("YS-G.1")
@BOOKS
def test_it_has_a_time_and_a_place_and_is_kept_or_missed(book: str) -> None:
    case = approved(drafted(assigned(book=book)))
    arranged = case.when(READING, by=OFFICE).then(InspectionArranged(on=FRIDAY, time="09:30", place="政务大厅三楼阅览室")).later()
    arranged.when(RecordInspection(came=True), by=OFFICE).refused("inspection-to-come")
    held = arranged.on(FRIDAY).when(RecordInspection(came=False, note="改约"), by=OFFICE)
    held.then(InspectionHeld(on=FRIDAY, came=False, note="改约"))
    held.later().when(RecordInspection(came=True), by=OFFICE).refused("no-inspection")
    held.later().when(READING, by=OFFICE).records(InspectionArranged)


@pytest.mark.rule("YS-G.1")
def test_it_is_on_a_working_day_to_come() -> None:
    case = approved()
    case.when(READING.model_copy(update={"on": date(2025, 9, 27)}), by=OFFICE).refused("inspection-holiday")
    case.on(date(2025, 9, 29)).when(READING, by=OFFICE).refused("inspection-past")


@pytest.mark.rule("YS-G.1", "YS-G.2")
def test_only_what_is_given_may_be_read_or_copied() -> None:
    assigned().when(READING, by=OFFICE).refused("nothing-to-read")
    refusal = approved(
        drafted(
            command=reply(
                "r4_1_not_held",
                GroundIn(outcome="r4_1_not_held", article="国令711 第三十六条第四项", ground="检索后没有", reason="没有制作或者保存"),
            )
        )
    )
    refusal.when(READING, by=OFFICE).refused("nothing-to-read")
    refusal.when(ProvideCopies(form="printed", pages=3), by=OFFICE).refused("nothing-to-read")


@pytest.mark.rule("YS-G.2")
@BOOKS
def test_printed_or_copied_at_the_applicants_wish(book: str) -> None:
    case = approved(drafted(assigned(RECEIVED_ON, book)))
    case.when(ProvideCopies(form="copied", pages=12), by=OFFICE).then(CopiesProvided(form="copied", pages=12))

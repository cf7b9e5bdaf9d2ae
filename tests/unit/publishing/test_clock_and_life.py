"""The clock from the creation of information, what is late, the four steps, corrections, withdrawal and validity."""

from datetime import date

import pytest

from services.publishing.catalogue_entry.commands import DefineEntry, EndStage
from services.publishing.catalogue_entry.events import PeriodPublished
from services.publishing.catalogue_entry.state import catalogue_entry
from services.publishing.publication.content import differences
from services.publishing.publication.events import (
    CorrectionPublished,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    FeedbackRecorded,
    Published,
    ValidityChanged,
    Withdrawn,
)
from services.publishing.publication.publishing_commands import (
    ChangeValidity,
    MissDeadline,
    RecordFeedback,
    WithdrawPublication,
)
from services.publishing.publication.state import Stage, publication
from shared.kernel.aggregates import State
from shared.kernel.commands import On
from shared.kernel.identity import derived_id
from tests.specification import Specification, given
from tests.unit.publishing.items import (
    DRAFTER,
    MADE_ON,
    SYSTEM,
    TEN_DAYS,
    TWENTY_DAYS,
    approved,
    approving,
    checked,
    content,
    information,
    made,
    online,
    published,
    publishing,
    reviewed,
    standing,
    state_of,
)


@pytest.mark.rule("KH-02.3a", "X-02")
@pytest.mark.parametrize(("book", "due"), [("decree-711", TWENTY_DAYS), ("bureau-2019", TEN_DAYS)])
def test_it_is_due_within_the_working_days_of_its_rulebook(book: str, due: date) -> None:
    state = standing(made(book))
    assert state.deadline is not None
    assert (state.deadline.due, state.target) == (due, TEN_DAYS), "the agency's own target is the stricter one"


@pytest.mark.rule("KH-02.3a")
@pytest.mark.parametrize(("book", "due", "after"), [("decree-711", TWENTY_DAYS, 27), ("bureau-2019", TEN_DAYS, 13)])
def test_a_late_publication_needs_its_reason_and_counts_its_days(book: str, due: date, after: int) -> None:
    case = approved(made(book))
    assert case.on(due).when(publishing()).events[0].late_days == 0  # type: ignore[attr-defined]
    late = case.on(date(2025, 10, after))
    late.when(publishing()).refused("overdue-reason-missing")
    told = late.when(publishing(overdue_reason="等待上级批复")).events[0]
    assert isinstance(told, Published)
    assert (told.late_days, told.overdue_reason) == (1, "等待上级批复")


@pytest.mark.rule("KH-02.3a")
def test_a_miss_is_recorded_once_and_withdrawn_if_it_was_none() -> None:
    case = approved()
    assert case.on(TWENTY_DAYS).when(MissDeadline(), by=SYSTEM).events == []
    missed = case.on(date(2025, 10, 25)).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=TWENTY_DAYS)).later()
    assert missed.when(MissDeadline(), by=SYSTEM).events == []
    missed.on(date(2025, 10, 22)).when(publishing()).records(Published, DeadlineMissWithdrawn)
    withheld = made().when(online("withheld", ground="state_secret")).later(date(2025, 11, 3))
    assert withheld.when(MissDeadline(), by=SYSTEM).events == []


@pytest.mark.rule("KH-02.3c")
def test_the_fourth_step_is_what_comes_back() -> None:
    said = RecordFeedback(feedback="公众询问口径", handling="已在栏目说明")
    approved().when(said).refused("not-published")
    published().when(said).then(FeedbackRecorded(feedback="公众询问口径", handling="已在栏目说明"))


@pytest.mark.rule("WZ-4.1", "DX-04.5")
def test_a_correction_is_a_version_of_its_own_that_goes_through_every_gate() -> None:
    case = published()
    case.when(content(text="更正后的正文。")).refused("correction-reason-missing")
    redrafted = case.when(content(text="更正后的正文。", correction="数字有误"), by=DRAFTER).later()
    assert standing(redrafted).stage is Stage.DRAFTED
    redrafted.when(publishing()).refused("not-approved")
    after = approving(reviewed(checked(redrafted))).later().when(publishing()).records(Published, CorrectionPublished)
    first, second = state_of(after).versions
    assert (first.version, second.version) == (1, 2)
    assert differences(first, second)[-1] == "+更正后的正文。"
    assert "-办理地点为市政务服务中心。" in differences(first, second)


def test_what_was_withdrawn_stays_so() -> None:
    after = published().when(WithdrawPublication(reason="附件有误")).then(Withdrawn(reason="附件有误")).later()
    assert standing(after).stage is Stage.WITHDRAWN
    after.when(publishing("newspaper")).refused("publication-withdrawn")


@pytest.mark.rule("DX-04.5")
def test_a_document_tells_whether_it_is_in_force() -> None:
    repealed = ChangeValidity(validity="repealed", basis="固审批发〔2026〕1号")
    after = published().when(repealed).then(ValidityChanged(validity="repealed", basis="固审批发〔2026〕1号")).later()
    after.when(repealed).refused("validity-unchanged")


@pytest.mark.rule("KH-02.1", "DX-07")
def test_the_first_publication_fulfils_its_line_of_the_catalogue() -> None:
    define = DefineEntry(
        name="重点项目进展",
        category="decisions",
        sphere="government",
        basis="国令711 第二十条",
        unit="zonghe",
        audience="external",
        cadence="staged",
        channels=("portal",),
    )
    entry = given(catalogue_entry, day=MADE_ON).on(MADE_ON).when(define).later().when(EndStage(stage="立项")).later()
    case = approved(made_for(entry.state))
    outcome = case.when(publishing())
    assert outcome.decided is not None
    told = [item for item in outcome.decided.events if isinstance(item, On)]
    assert [(item.id, item.event) for item in told] == [(entry.state.id, PeriodPublished(period="立项", publication=case.state.id))]
    again = outcome.later().when(publishing("newspaper"))
    again.records(Published)


def made_for(entry: State) -> Specification:
    """Information that fulfils the entry's stage."""
    start = given(publication, id=derived_id("test", "item"), day=MADE_ON).on(MADE_ON).beside(entry)
    start.when(information(entry=derived_id("test", "other"), period="立项")).refused("no-such-entry")
    return start.when(information(entry=entry.id, period="立项"), by=DRAFTER).later()

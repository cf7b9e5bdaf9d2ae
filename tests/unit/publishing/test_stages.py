"""What joins a publication to others: the stage of an important matter that it is, the request that it was given out on, what press says of the same."""

from datetime import date

import pytest

from services.publishing.catalogue_entry.commands import DefineEntry
from services.publishing.catalogue_entry.events import PeriodPublished, PublicationDue
from services.publishing.catalogue_entry.state import catalogue_entry
from services.publishing.consultation.commands import HearRisk, RecordRisk
from services.publishing.consultation.events import RiskRecorded
from services.publishing.consultation.state import consultation
from services.publishing.publication.commands import CheckQuality, FileIn
from services.publishing.publication.events import InformationCreated, PublicationApproved, PublicationDrafted, RelatedLinked
from services.publishing.publication.press_commands import TakeUpStatement, statement_id
from services.publishing.publication.publishing_commands import LinkRelated, WithdrawPublication
from services.publishing.publication.request_commands import TakeUp, taken_up_id
from services.publishing.publication.state import publication
from shared.kernel.aggregates import State
from shared.kernel.commands import On
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, Outcome, Specification, given
from tests.unit.publishing.items import (
    DRAFTER,
    LEADER,
    MADE_ON,
    SYSTEM,
    TWENTY_DAYS,
    approving,
    checked,
    content,
    drafted,
    information,
    online,
    published,
    publishing,
    reviewed,
    standing,
)
from tests.unit.publishing.test_consultation import LINK, MATTER, collated, matter, opened

STATEMENT = derived_id("test", "statement")
REQUEST = derived_id("test", "request")
RISK = RecordRisk(methods=("tracking",), level="low", plan="加强解释")


def stage_of(stage: str, of: State) -> Specification:
    """A publication of this stage, past quality and secrecy, that waits for its approval."""
    start = given(publication, day=MADE_ON).on(MADE_ON).beside(of)
    made = start.when(information(matter=MATTER, stage=stage), by=DRAFTER).later()
    return reviewed(checked(drafted(made))).beside(*made.others.values())


@pytest.mark.rule("DX-06b", "DX-06c", "YQ-03.2b")
def test_a_decision_is_not_approved_before_comments_and_risk() -> None:
    approving(stage_of("decision", matter().state)).refused("comments-missing")
    approving(stage_of("decision", opened().state)).refused("comments-missing")
    approving(stage_of("decision", collated().state)).records(PublicationApproved)
    touching = collated(opened(touches_interests=True))
    refusal = approving(stage_of("decision", touching.state)).refused("risk-unassessed")
    assert refusal.remedy
    approving(stage_of("decision", touching.when(RISK).later().state)).records(PublicationApproved)


@pytest.mark.rule("DX-06c")
def test_a_result_is_not_approved_before_the_decision() -> None:
    approving(stage_of("result", collated().state)).refused("decision-unpublished")
    approving(stage_of("result", collated().when(LINK).later().state)).records(PublicationApproved)


def test_a_stage_names_its_matter_and_the_matter_is_one() -> None:
    start = given(publication, day=MADE_ON).on(MADE_ON)
    none = given(consultation, id=MATTER, day=MADE_ON).state
    start.when(information(stage="decision"), by=DRAFTER).refused("stage-without-matter")
    start.beside(matter().state).when(information(matter=MATTER), by=DRAFTER).refused("stage-without-matter")
    start.beside(none).when(information(matter=MATTER, stage="result"), by=DRAFTER).refused("no-such-matter")


@pytest.mark.rule("YQ-03.2b")
def test_what_press_has_assessed_opens_the_gate_once_and_not_after_the_decision() -> None:
    heard = HearRisk(assessment=STATEMENT, methods=("tracking",), level="high", plan="加强解释")
    case = collated(opened(touches_interests=True))
    told = RiskRecorded(methods=("tracking",), level="high", plan="加强解释", assessment=STATEMENT)
    assessed = case.when(heard, by=SYSTEM).then(told).later()
    assessed.when(heard, by=SYSTEM).then()
    assessed.when(LINK).later().when(heard.model_copy(update={"level": "low"}), by=SYSTEM).then()


@pytest.mark.rule("KH-02.3a")
def test_what_was_given_on_request_gets_a_clock_and_offers_its_files_once() -> None:
    file = FileIn(name="采购合同.pdf", sha256="ab" * 32, size=20_480)
    command = TakeUp(request=REQUEST, title="政务服务大厅采购合同", unit="zonghe", files=(file,))
    start = given(publication, id=taken_up_id(REQUEST), day=MADE_ON).on(MADE_ON)
    outcome = start.when(command, by=SYSTEM).records(InformationCreated)
    made = outcome.events[0]
    assert isinstance(made, InformationCreated)
    assert (made.deadline.due, made.request, made.origin, made.offered[0].sha256) == (TWENTY_DAYS, REQUEST, "requested", "ab" * 32)
    outcome.later().when(command, by=SYSTEM).then()


@pytest.mark.rule("YQ-03.5b")
def test_publication_release_and_response_agree_on_a_version_and_a_correction_is_compared_anew() -> None:
    said = LinkRelated(kind="response", thing=STATEMENT, title="关于办事大厅搬迁的回应")
    case = published()
    linked = (
        case.when(said, by=DRAFTER).then(RelatedLinked(kind="response", thing=STATEMENT, title="关于办事大厅搬迁的回应", version=1)).later()
    )
    linked.when(said, by=DRAFTER).refused("linked-already")
    assert standing(linked).to_compare == ()
    corrected = linked.when(content(text="办理地点为新大厅。", correction="地点有误"), by=DRAFTER).later()
    again = published(approving(reviewed(checked(corrected))).later())
    assert [one.thing for one in standing(again).to_compare] == [STATEMENT]
    assert standing(again.when(said, by=DRAFTER).later()).to_compare == ()
    withdrawn = linked.when(WithdrawPublication(reason="内容有误"), by=LEADER).later()
    assert [one.thing for one in standing(withdrawn).to_compare] == [STATEMENT]


@pytest.mark.rule("YQ-03.5b")
def test_only_what_is_public_is_linked() -> None:
    drafted().when(LinkRelated(kind="statement", thing=STATEMENT, title="发布稿"), by=DRAFTER).refused("not-published")


def said_by_press() -> Specification:
    """What publishing has made of a statement, where it was decided that it goes online."""
    command = TakeUpStatement(release=STATEMENT, title="一件事一次办改革进展", text="改革进展如下。", unit="综合科")
    start = given(publication, id=statement_id(STATEMENT), day=MADE_ON).on(MADE_ON)
    outcome = start.when(command, by=SYSTEM).records(InformationCreated, PublicationDrafted, RelatedLinked)
    made, drafted, linked = outcome.events
    assert isinstance(made, InformationCreated)
    assert isinstance(drafted, PublicationDrafted)
    assert (made.origin, made.maker, made.deadline.due, drafted.text) == ("made", AGENCY.code, TWENTY_DAYS, command.text)
    assert linked == RelatedLinked(kind="statement", thing=STATEMENT, title=command.title, version=1)
    outcome.later().when(command, by=SYSTEM).then()
    return outcome.later()


@pytest.mark.rule("YQ-03.5b", "XW-05")
def test_what_press_has_said_goes_through_every_gate_and_names_the_release() -> None:
    case = said_by_press()
    case.when(CheckQuality(confirmed=("accurate", "fluent", "style"))).refused("online-undecided")
    approving(case).refused("online-undecided")
    decided = case.when(online()).later()
    approving(checked(decided)).refused("content-unreviewed")
    public = published(approving(reviewed(checked(decided))).later())
    assert standing(public).to_compare == ()
    again = LinkRelated(kind="statement", thing=STATEMENT, title="一件事一次办改革进展")
    public.when(again, by=DRAFTER).refused("linked-already")


@pytest.mark.rule("YQ-03.5b")
def test_a_statement_that_is_published_in_other_words_is_compared() -> None:
    decided = said_by_press().when(online()).later()
    changed = decided.when(content(text="改革已经完成。", title="一件事一次办改革进展"), by=DRAFTER).later()
    public = published(approving(reviewed(checked(changed))).later())
    assert [one.thing for one in standing(public).to_compare] == [STATEMENT]
    linked = public.when(LinkRelated(kind="statement", thing=STATEMENT, title="一件事一次办改革进展"), by=DRAFTER)
    assert standing(linked.later()).to_compare == ()


def fulfilling(cadence: str, period: str, day: date = MADE_ON) -> Outcome:
    """Information that is to fulfil this period of an entry."""
    define = DefineEntry(
        name="部门预算执行",
        category="finance",
        sphere="government",
        basis="国令711 第二十条",
        unit="zonghe",
        audience="external",
        cadence=cadence,
        channels=("portal",),
    )
    entry = given(catalogue_entry, day=day).on(day).when(define).later().state
    return given(publication, day=day).on(day).beside(entry).when(information(entry=entry.id, period=period), by=DRAFTER)


@pytest.mark.rule("DX-07", "KH-02.1")
def test_what_is_published_for_an_entry_names_one_of_its_periods() -> None:
    fulfilling("quarter", "2025-Q3").records(InformationCreated)
    fulfilling("quarter", "").records(InformationCreated)
    fulfilling("at_once", "随时").records(InformationCreated)
    for cadence, period in (("quarter", "三季度"), ("quarter", "2025-Q5"), ("month", "2025-Q3"), ("year", "0001"), ("staged", "主体完工")):
        fulfilling(cadence, period).refused("no-such-period")


@pytest.mark.rule("DX-07", "KH-02.1")
def test_what_is_published_before_its_period_ends_counts_for_it() -> None:
    made = fulfilling("quarter", "2025-Q3").later()
    outcome = approving(reviewed(checked(drafted(made)))).later().when(publishing())
    assert outcome.decided is not None
    told = [item.event for item in outcome.decided.events if isinstance(item, On)]
    assert [type(one) for one in told] == [PublicationDue, PeriodPublished]
    due = told[0]
    assert isinstance(due, PublicationDue)
    assert (due.period, due.ended) == ("2025-Q3", date(2025, 9, 30))

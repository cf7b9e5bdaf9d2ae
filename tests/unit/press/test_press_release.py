"""A release from its topic to the statement (XW-02 to XW-08): under both rulebooks the same procedure."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

import pytest

from services.press.clearance.events import CoordinationConcluded, CoordinationRequested, File, ReviewConcluded, ReviewRequested
from services.press.clearance.state import clearance, clearance_id
from services.press.opinion_item.commands import AssessOpinion
from services.press.opinion_item.events import OpinionDetected, PressEventLinked
from services.press.opinion_item.response_commands import IssueResponse
from services.press.opinion_item.state import OpinionItem, opinion_item
from services.press.press_release.commands import (
    AcceptTopic,
    ApproveDraft,
    AuthoriseSpokesperson,
    ConfirmTopic,
    Content,
    PrepareDraft,
    ProposeTopic,
    RequestReleaseCoordination,
    RequestReleaseReview,
    ReturnDraft,
    ReturnTopic,
    ReviewTopic,
    ReviseTopic,
    RevokeAuthorisation,
)
from services.press.press_release.events import (
    AuthorisationRevoked,
    DraftApproved,
    DraftPrepared,
    DraftReturned,
    EventCancelled,
    EventHeld,
    EventPlanned,
    EventPostponed,
    JournalistsInvited,
    PublicationLinked,
    ReleaseCancelled,
    SpokespersonAuthorised,
    StatementIssued,
    TopicAccepted,
    TopicProposed,
    TopicReturned,
    TopicReviewed,
    TopicRevised,
)
from services.press.press_release.saying_commands import (
    CancelEvent,
    CancelRelease,
    HoldEvent,
    InviteJournalists,
    IssueStatement,
    LinkPublication,
    Media,
    PlanEvent,
    PostponeEvent,
)
from services.press.press_release.scheme import SCHEME
from services.press.press_release.state import PressRelease, Stage, press_release
from services.press.press_release.waiting import what_comes_next
from services.press.release_team.events import (
    GroupConstituted,
    Member,
    ResponseUnitDesignated,
    SpokespersonAppointed,
    SpokespersonDismissed,
)
from services.press.release_team.state import release_team, team_id
from shared.kernel.aggregates import State
from shared.kernel.commands import On
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, CASE, DAY, Outcome, Specification, given, person, play
from tests.unit.press import test_opinion_item as opinions

HEAD_OF_UNIT = person("unit", "unit_head")
LEADER = person("leader", "leader_in_charge")
CHIEF = person("chief", "agency_head", "head_of_leading_group")
GENERAL = person("general", "general_office")
SPEAKING = person("speaker", "spokesperson")
LIAISON = person("liaison", "liaison_officer")
SYSTEM = person("service", "system")
SPEAKER, OTHER = UUID(SPEAKING.person), derived_id("person", "other")
OPINION = derived_id("test", "opinion")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
TOMORROW = datetime(2025, 9, 23, 1, 30, tzinfo=UTC)


def release(state: Any) -> PressRelease:
    """A release."""
    return cast("PressRelease", state)


def speaking(*more: Event) -> State:
    """The organisation with its spokesperson."""
    group = GroupConstituted(members=(Member(OTHER, "deputy_head", "lead"),), document="局办〔2025〕3号")
    appointed = SpokespersonAppointed(person=SPEAKER, rank="general_office_head", document="局办〔2025〕3号")
    return given(release_team, group, appointed, *more, id=team_id(AGENCY.code)).state


def proposing(by: Actor = HEAD_OF_UNIT, book: str = "decree-711", beside: tuple[State, ...] = (), **more: Any) -> Outcome:
    """A topic is proposed."""
    said = {"title": "一件事一次办", "summary": "介绍阶段性成果", "content": "stage_result", "origin": "unit", "unit": "touzi", **more}
    start = given(press_release).under(book).with_units("zonghe", "touzi").beside(*beside)
    return start.when(ProposeTopic.model_validate(said), by=by)


def proposed(book: str = "decree-711", **more: Any) -> Specification:
    return proposing(book=book, **more).records(TopicProposed).later()


def accepted(book: str = "decree-711", **more: Any) -> Specification:
    """A unit's topic after both reviews, with the general office."""
    case = proposed(book, **more).when(ReviewTopic(opinion="同意"), by=LEADER).records(TopicReviewed).later()
    confirmed = case.when(ConfirmTopic(), by=CHIEF).records(TopicReviewed).later()
    return confirmed.when(AcceptTopic(), by=GENERAL).records(TopicAccepted).later().beside(speaking())


def draft(statement: str = "改革进展如下。", line: str = "年底前全面实施。", **more: Any) -> PrepareDraft:
    return PrepareDraft.model_validate({"statement": statement, "answers": [{"question": "何时实施", "line": line}], **more})


def drafted(book: str = "decree-711", **more: Any) -> Specification:
    return accepted(book, **more).when(draft(), by=SPEAKING).records(DraftPrepared).later()


def hash_of(case: Specification) -> str:
    """The hash of the draft in work."""
    written = release(case.state).draft
    assert written is not None
    return written.hash


def cleared(hash: str, *answers: Event) -> State:
    """Review has released it, and whatever else was answered."""
    asked = (ReviewRequested(review=1, files=(File("发布稿", hash, 100),)), ReviewConcluded(review=1, released=(hash,)))
    return given(clearance, *asked, *answers, id=clearance_id(CASE)).state


def approved(book: str = "decree-711", **more: Any) -> Specification:
    """Its draft was approved; the team and the clearance are at hand."""
    case = drafted(book, **more)
    case = case.beside(speaking(), cleared(hash_of(case)))
    return case.when(ApproveDraft(approves=hash_of(case)), by=CHIEF).records(DraftApproved).later()


def authorise(who: UUID = SPEAKER, authority: str = "city_government") -> AuthoriseSpokesperson:
    return AuthoriseSpokesperson.model_validate({"person": who, "authority": authority, "document": "市政府办公室通知"})


def authorised(book: str = "decree-711", **more: Any) -> Specification:
    return approved(book, **more).when(authorise(), by=GENERAL).records(SpokespersonAuthorised).later()


def planning(form: str = "press_conference", at: datetime = TOMORROW) -> PlanEvent:
    return PlanEvent.model_validate({"form": form, "at": at, "place": "政务大厅三楼"})


def invited(book: str = "decree-711", form: str = "press_conference", **more: Any) -> Specification:
    planned = authorised(book, **more).when(planning(form), by=GENERAL).records(EventPlanned).later()
    return planned.when(InviteJournalists(media=("city_daily",)), by=GENERAL).records(JournalistsInvited).later().on(TOMORROW.date())


HOLD = HoldEvent.model_validate({"questions": [{"question": "何时实施", "answer": "年底前。"}], "evidence": "录像 1 号"})
WEIBO = IssueStatement(channel="weibo", evidence="https://weibo.example/1")


@pytest.mark.rule("XW-07.4")
def test_the_five_classes_and_the_media_of_the_forms_are_the_datas() -> None:
    assert list(get_args(Content)) == list(SCHEME.contents)
    assert len(SCHEME.contents) == 5
    assert list(get_args(Media)) == list(SCHEME.media)


@pytest.mark.rule("XW-07.4")
@BOOKS
@pytest.mark.parametrize("content", list(SCHEME.contents))
def test_a_topic_is_of_one_of_five_classes(book: str, content: str) -> None:
    state = release(proposed(book, content=content).state)
    assert (state.content, state.emergency) == (content, content == "emergency")
    with pytest.raises(ValueError, match="content"):
        proposing(book=book, content="weather")


@pytest.mark.rule("XW-07.3a")
@BOOKS
@pytest.mark.parametrize("origin", ["superior", "group"])
def test_what_a_superior_or_the_group_sets_needs_no_review(book: str, origin: str) -> None:
    set_above: dict[str, Any] = {"origin": origin, "basis": "会议纪要〔2025〕2号", "book": book}
    refusal = proposing(**set_above).refused("topic-set-above")
    assert "XW-07.3" in (refusal.article or "")
    proposing(by=GENERAL, **{**set_above, "basis": ""}).refused("basis-missing")
    case = proposing(by=GENERAL, **set_above).records(TopicProposed).later()
    case.when(ReviewTopic(), by=LEADER).refused("not-for-leader")
    assert release(case.when(AcceptTopic(), by=GENERAL).records(TopicAccepted).later().state).stage is Stage.ACCEPTED
    back = case.when(ReturnTopic(reason="请核对"), by=GENERAL).later()
    other = ReviseTopic(title="另一个主题", summary="补充数据", content="other")
    back.when(other, by=HEAD_OF_UNIT).refused("topic-set-above")
    assert release(back.when(other, by=GENERAL).records(TopicRevised).later().state).stage is Stage.CONFIRMED


@pytest.mark.rule("XW-07.3b")
@BOOKS
def test_a_units_topic_is_reviewed_by_two_persons_and_then_goes_to_the_general_office(book: str) -> None:
    case = proposed(book)
    refusal = case.when(AcceptTopic(), by=GENERAL).refused("not-acceptable")
    assert "分管领导和主要领导审核" in refusal.sentence
    case.when(ConfirmTopic(), by=CHIEF).refused("not-for-head")
    case.when(ReviewTopic(), by=person("unit", "leader_in_charge")).refused("proposer-reviews")
    reviewed = case.when(ReviewTopic(opinion="同意"), by=LEADER).then(TopicReviewed(level="leader", opinion="同意")).later()
    reviewed.when(AcceptTopic(), by=GENERAL).refused("not-acceptable")
    reviewed.when(ConfirmTopic(), by=person("leader", "agency_head")).refused("same-reviewer")
    reviewed.when(draft(), by=SPEAKING).refused("not-draftable")
    confirmed = reviewed.when(ConfirmTopic(), by=CHIEF).then(TopicReviewed(level="head")).later()
    confirmed.when(AcceptTopic(), by=GENERAL).records(TopicAccepted)
    proposing(book=book, unit="nowhere").refused("no-such-unit")


@pytest.mark.rule("XW-07.3b")
@BOOKS
@pytest.mark.parametrize("reviews", [0, 1, 2])
def test_a_topic_that_was_returned_is_revised_and_reviewed_anew(book: str, reviews: int) -> None:
    case = proposed(book)
    for command, by in ((ReviewTopic(), LEADER), (ConfirmTopic(), CHIEF))[:reviews]:
        case = case.when(command, by=by).later()
    case.when(ReviseTopic(title="一件事", summary="补充数据", content="other"), by=HEAD_OF_UNIT).refused("not-revisable")
    back = case.when(ReturnTopic(reason="补充数据"), by=LEADER).records(TopicReturned).later()
    back.when(ReturnTopic(reason="补充数据"), by=LEADER).refused("not-returnable")
    again = back.when(ReviseTopic(title="一件事", summary="补充数据", content="other"), by=HEAD_OF_UNIT).records(TopicRevised).later()
    again.when(ConfirmTopic(), by=CHIEF).refused("not-for-head")
    again.when(ReviewTopic(), by=LEADER).records(TopicReviewed)


@pytest.mark.rule("XW-08.2")
@BOOKS
def test_a_topic_may_rest_on_what_collectors_have_found(book: str) -> None:
    seen = given(
        opinion_item, OpinionDetected(source="forum", place="论坛", title="排队", summary="排队", detected_at=TOMORROW), id=OPINION
    ).state
    resting: dict[str, Any] = {"rests_on": [{"opinion": str(OPINION)}], "book": book}
    assert release(proposed(beside=(seen,), **resting).state).rests_on == (OPINION,)
    proposing(**resting).refused("no-such-opinion")
    proposing(opinion=OPINION, book=book).refused("no-such-opinion")


@pytest.mark.rule("XW-07.3c")
@BOOKS
def test_a_spokesperson_drafts_and_the_head_approves_exactly_that(book: str) -> None:
    accepted(book).when(draft(), by=person("pretender", "spokesperson")).refused("not-spokesperson")
    case = drafted(book)
    approve = ApproveDraft(approves=hash_of(case))
    case.when(approve, by=CHIEF).refused("not-reviewed")
    case = case.beside(speaking(), cleared(hash_of(case)))
    case.when(ApproveDraft(approves="0" * 64), by=CHIEF).refused("draft-changed")
    case.when(approve, by=SPEAKING).refused("drafter-approves")
    done = case.when(approve, by=CHIEF).then(DraftApproved(hash=hash_of(case))).later()
    changed = done.when(draft(line="明年实施。"), by=SPEAKING).records(DraftPrepared).later()
    assert hash_of(changed) != hash_of(case), "the lines to answer by are part of what was approved"
    changed.when(approve, by=CHIEF).refused("draft-changed")
    changed.when(ApproveDraft(approves=hash_of(changed)), by=CHIEF).refused("not-reviewed")
    back = case.when(ReturnDraft(reason="口径不够具体"), by=CHIEF).records(DraftReturned).later()
    back.when(approve, by=CHIEF).refused("not-drafted")


@pytest.mark.rule("XW-07.3c", "BM-03b", "XT-04")
@BOOKS
def test_review_and_the_agencies_that_it_concerns_are_asked_about_the_draft(book: str) -> None:
    case = drafted(book)
    asked = case.when(RequestReleaseReview(), by=SPEAKING)
    assert asked.decided is not None
    (on,) = asked.decided.events
    assert isinstance(on, On)
    assert isinstance(on.event, ReviewRequested)
    assert (on.id, on.case, on.event.files[0].sha256) == (clearance_id(CASE), CASE, hash_of(case))
    case.beside(cleared(hash_of(case))).when(RequestReleaseReview(), by=SPEAKING).refused("reviewed-already")
    letter = RequestReleaseCoordination(text="请确认所述数据。")
    case.when(letter, by=SPEAKING).refused("concerns-nobody")
    named = accepted(book).among("guyuan-gaj", AGENCY.code)
    named.when(draft(concerns=[{"code": "nobody", "name": "某局"}]), by=SPEAKING).refused("no-such-agency")
    concerning = named.when(draft(concerns=[{"code": "guyuan-gaj", "name": "市公安局"}]), by=SPEAKING).later()
    hash = hash_of(concerning)
    concerning.beside(cleared(hash)).when(ApproveDraft(approves=hash), by=CHIEF).refused("not-coordinated")
    told = concerning.when(letter, by=SPEAKING)
    assert told.decided is not None
    (on,) = told.decided.events
    assert isinstance(on, On)
    assert isinstance(on.event, CoordinationRequested)
    agreed = cleared(hash, on.event, CoordinationConcluded(round=1, agreed=True, how="confirmed", files=(hash,)))
    concerning.beside(agreed).when(ApproveDraft(approves=hash), by=CHIEF).records(DraftApproved)


@pytest.mark.rule("XW-06")
@BOOKS
def test_no_word_before_somebody_is_authorised_and_only_for_the_agency(book: str) -> None:
    case = approved(book)
    refusal = case.when(WEIBO, by=SPEAKING).refused("not-authorised")
    assert "XW-06" in (refusal.article or "")
    assert refusal.remedy
    case.when(authorise(OTHER), by=GENERAL).refused("not-spokesperson")
    case.when(authorise(authority="bureau"), by=GENERAL).refused("bureau-authorises")
    case.when(authorise(authority="bureau"), by=CHIEF).records(SpokespersonAuthorised)
    ready = case.when(authorise(), by=GENERAL).records(SpokespersonAuthorised).later()
    ready.when(authorise(), by=GENERAL).refused("authorised-already")
    dismissed = speaking(SpokespersonDismissed(person=SPEAKER, reason="岗位调整"))
    ready.beside(dismissed, cleared(hash_of(ready))).when(WEIBO, by=SPEAKING).refused("not-spokesperson")
    (issued,) = ready.when(WEIBO, by=SPEAKING).events
    assert isinstance(issued, StatementIssued)
    assert (issued.speaker, issued.speaks_for) == (SPEAKER, AGENCY.name)
    taken = ready.when(RevokeAuthorisation(reason="另行安排"), by=GENERAL).records(AuthorisationRevoked).later()
    taken.when(RevokeAuthorisation(reason="另行安排"), by=GENERAL).refused("nobody-authorised")
    taken.when(WEIBO, by=SPEAKING).refused("not-authorised")
    drafted(book).when(WEIBO, by=SPEAKING).refused("not-approved")


@pytest.mark.rule("XW-05", "XW-06")
@BOOKS
def test_the_statement_is_exactly_what_was_approved_once_on_each_channel(book: str) -> None:
    ready = authorised(book)
    outcome = ready.when(WEIBO, by=SPEAKING)
    (issued,) = outcome.events
    assert isinstance(issued, StatementIssued)
    assert (issued.text, issued.hash, issued.unit, issued.title) == ("改革进展如下。", hash_of(ready), "touzi", "一件事一次办")
    said = outcome.later()
    assert release(said.state).stage is Stage.ISSUED
    said.when(WEIBO, by=SPEAKING).refused("issued-already")
    said.when(IssueStatement(channel="radio", evidence="播出单"), by=SPEAKING).records(StatementIssued)
    said.when(draft("另一稿内容。"), by=SPEAKING).refused("not-draftable")
    said.when(CancelRelease(reason="不再发布"), by=GENERAL).refused("said-already")
    withheld = given(
        clearance,
        ReviewRequested(review=1, files=()),
        ReviewConcluded(review=1, released=(), withheld=(hash_of(ready),)),
        id=clearance_id(CASE),
    ).state
    ready.beside(speaking(), withheld).when(WEIBO, by=SPEAKING).refused("review-withheld")


@pytest.mark.rule("XW-04a")
@BOOKS
def test_the_event_is_organised_in_the_name_of_the_general_office(book: str) -> None:
    proposed(book).when(planning(), by=GENERAL).refused("not-organised")
    case = authorised(book)
    case.when(planning(at=TOMORROW - timedelta(2)), by=GENERAL).refused("in-the-past")
    case.when(HOLD, by=GENERAL).refused("event-unplanned")
    outcome = case.when(planning(), by=GENERAL)
    outcome.then(EventPlanned(form="press_conference", at=TOMORROW, place="政务大厅三楼", in_name_of="general_office"))
    planned = outcome.later()
    planned.when(planning(), by=GENERAL).refused("planned-already")
    same = PostponeEvent(at=TOMORROW, place="政务大厅三楼", reason="改期")
    planned.when(same, by=GENERAL).refused("plan-unchanged")
    later = TOMORROW + timedelta(1)
    moved = planned.when(PostponeEvent(at=later, place="市发布厅", reason="场地"), by=GENERAL).records(EventPostponed).later()
    plan = release(moved.state).plan
    assert plan is not None
    assert (plan.at, plan.place) == (later, "市发布厅")
    off = moved.when(CancelEvent(reason="改为书面"), by=GENERAL).records(EventCancelled).later()
    assert release(off.state).plan is None
    off.when(planning(), by=GENERAL).records(EventPlanned)


@pytest.mark.rule("XW-07.5")
@BOOKS
def test_normally_the_media_of_this_city_are_invited(book: str) -> None:
    planned = authorised(book).when(planning(), by=GENERAL).later()
    authorised(book).when(InviteJournalists(media=("city_daily",)), by=GENERAL).refused("event-unplanned")
    refusal = planned.when(InviteJournalists(media=("city_daily", "central_media")), by=GENERAL).refused("not-local-media")
    assert "中央媒体" in refusal.sentence
    wide = InviteJournalists(media=("city_daily", "central_media"), reason="全国首创")
    planned.when(wide, by=GENERAL).then(JournalistsInvited(media=("city_daily", "central_media"), reason="全国首创"))
    local = InviteJournalists(media=("city_daily", "county_media"), reason="不必写")
    asked = planned.when(local, by=GENERAL).then(JournalistsInvited(media=("city_daily", "county_media"))).later()
    asked.when(local, by=GENERAL).refused("invited-already")
    planned.on(TOMORROW.date()).when(HOLD, by=GENERAL).refused("nobody-invited")


@pytest.mark.rule("XW-02", "XW-05", "XW-04a")
@BOOKS
@pytest.mark.parametrize("form", ["press_conference", "journalists_met"])
def test_the_spokesperson_answers_for_the_agency_at_the_event(book: str, form: str) -> None:
    case = invited(book, form)
    case.on(DAY).when(HOLD, by=LIAISON).refused("event-not-begun")
    outcome = case.when(HOLD, by=LIAISON)
    (held,) = outcome.events
    assert isinstance(held, EventHeld)
    assert (held.form, held.speaker, held.speaks_for, held.in_name_of) == (form, SPEAKER, AGENCY.name, "general_office")
    assert [(one.question, one.answer) for one in held.questions] == [("何时实施", "年底前。")]
    done = outcome.later()
    done.when(HOLD, by=LIAISON).refused("held-already")
    done.when(planning(), by=GENERAL).refused("held-already")
    done.when(CancelRelease(reason="不再发布"), by=GENERAL).refused("said-already")
    done.when(IssueStatement(channel="newspaper", evidence="第 3 版"), by=SPEAKING).records(StatementIssued)
    revoked = case.when(RevokeAuthorisation(reason="另行安排"), by=GENERAL).later()
    revoked.when(HOLD, by=LIAISON).refused("not-authorised")


@pytest.mark.rule("YQ-04.2c", "XW-02")
@BOOKS
@pytest.mark.parametrize(("form", "owed"), [("press_conference", {"authoritative"}), ("journalists_met", {"authoritative", "conference"})])
def test_a_press_conference_about_a_major_item_is_what_the_item_owes(book: str, form: str, owed: set[str]) -> None:
    assessed = opinions.assessed(9, book)
    item = cast("OpinionItem", assessed.state)
    assert set(item.owed) == {"authoritative", "conference"}
    case = invited(book, form, opinion=item.id, beside=(item,))
    case = case.beside(speaking(), cleared(hash_of(case)), item)
    outcome = case.when(HOLD, by=LIAISON).records(EventHeld)
    assert outcome.decided is not None
    on = outcome.decided.events[1]
    assert isinstance(on, On)
    late = int((datetime(2025, 9, 23, 2, tzinfo=UTC) - item.owed["conference"]).total_seconds() // 60)
    assert on.event == PressEventLinked(release=CASE, title="一件事一次办", form=form, late_minutes=late)
    assert late == 90
    after = Specification(opinion_item, play(opinion_item, item, [on.event], DAY))
    linked = cast("OpinionItem", after.state)
    assert set(linked.owed) == owed
    assert linked.releases == (CASE,)
    assert "authoritative" in linked.owed, "what is authoritative is said by a response of who is in charge"
    again = after.when(AssessOpinion(content=3, public=3, media=3, respond=True, reason="再次研判"), by=opinions.OFFICE).later()
    assert set(cast("OpinionItem", again.state).owed) == owed, "what was held stays held"


@pytest.mark.rule("YQ-03.5a")
@BOOKS
def test_a_response_is_issued_by_the_designated_unit(book: str) -> None:
    ready = opinions.sayable(2, "weibo", book=book)
    said = IssueResponse(channel="weibo", evidence="截图 1")
    handler = UUID(opinions.HANDLER.person)
    others = tuple(ready.others.values())
    elsewhere = speaking(ResponseUnitDesignated(unit="zonghe", people=(SPEAKER,), document="局办〔2025〕4号"))
    ready.beside(*others, elsewhere).when(said, by=opinions.HANDLER).refused("not-designated")
    mine = speaking(ResponseUnitDesignated(unit="zonghe", people=(SPEAKER, handler), document="局办〔2025〕4号"))
    assert ready.beside(*others, mine).when(said, by=opinions.HANDLER).events
    assert ready.beside(*others, mine).when(said, by=SPEAKING).events
    assert {"unit_head", "general_office", "spokesperson"} <= set(rulebook(book).grantees(said.spec.capability).roles), (
        "whichever unit it is"
    )
    assert ready.when(said, by=opinions.HANDLER).events, "until a unit is designated, who is in charge answers in time"


@pytest.mark.rule("YQ-03.5b")
def test_a_release_knows_the_publication_that_says_the_same() -> None:
    said = authorised().when(WEIBO, by=SPEAKING).later()
    publication = derived_id("test", "publication")
    link = LinkPublication(publication=publication, edition=1)
    linked = said.when(link, by=SYSTEM).then(PublicationLinked(publication=publication, edition=1)).later()
    linked.when(link, by=SYSTEM).then()
    again = linked.when(LinkPublication(publication=publication, edition=2), by=SYSTEM).later()
    assert (release(again.state).publication, release(again.state).edition) == (publication, 2)


def test_what_is_not_released_is_cancelled_with_a_reason() -> None:
    planned = authorised().when(planning(), by=GENERAL).later()
    off = planned.when(CancelRelease(reason="事项调整"), by=GENERAL).records(ReleaseCancelled).later()
    assert (release(off.state).stage, release(off.state).plan) == (Stage.CANCELLED, None)
    off.when(WEIBO, by=SPEAKING).refused("release-cancelled")


def test_every_step_says_what_comes_next() -> None:
    steps = [proposed(), accepted(), drafted(), approved(), authorised(), invited(), authorised().when(planning(), by=GENERAL).later()]
    told = [what_comes_next(release(case.state)) for case in steps]
    assert len(set(told)) == len(told)
    assert all(sentence.endswith("。") for sentence in told)

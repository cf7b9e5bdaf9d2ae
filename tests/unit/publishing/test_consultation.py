"""Important matters in three stages, and what the public says of them: period, form, meetings, collation, each comment answered."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.publishing.comment.commands import AnswerComment, ExamineComment, SendReasons, SubmitComment
from services.publishing.comment.decisions import comment
from services.publishing.comment.events import CommentAnswered, CommentExamined, CommentReceived, ReasonsSent
from services.publishing.comment_register.events import CommentNumbered
from services.publishing.comment_register.state import comment_register, register_id
from services.publishing.consultation.collation import as_ranges
from services.publishing.consultation.commands import (
    AnnounceHearing,
    Collate,
    FileReport,
    GroupIn,
    LinkDecision,
    OmitStage,
    OpenToComments,
    ProposeMatter,
    RecordHearing,
    RecordRisk,
    TellAdoption,
    TellResult,
)
from services.publishing.consultation.decisions import FORMS
from services.publishing.consultation.events import (
    CommentsCollated,
    ConsultationOpened,
    DecisionLinked,
    FeedbackPublished,
    Group,
    HearingAnnounced,
    HearingHeld,
    ReportFiled,
    ResultPublished,
    RiskRecorded,
    StageOmitted,
)
from services.publishing.consultation.progress import next_step
from services.publishing.consultation.state import Consultation, consultation
from services.publishing.holdings import why_kept
from shared.kernel.commands import On
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import Specification, given
from tests.unit.publishing.items import MADE_ON, approved, published

HASH = "ab" * 32
UNTIL = date(2025, 10, 22)
"""30 days after 22 September 2025."""
AFTER = date(2025, 10, 23)
MATTER = derived_id("test", "matter")
ANYBODY = Actor("public", ("public",))
PUBLIC = published()
UNPUBLISHED = approved()
LINK = LinkDecision(publication=PUBLIC.state.id, discussion="局务会讨论通过")
RESULT = TellResult(publication=PUBLIC.state.id)
RISK = RecordRisk(methods=("tracking", "visits"), level="medium", plan="加强解释")


def matter(**changes: Any) -> Specification:
    """A matter that is to be decided, with a publication at hand."""
    fields = {"title": "办事大厅搬迁", "unit": "zonghe", "impact": "limited", **changes}
    start = given(consultation, id=MATTER, day=MADE_ON).on(MADE_ON)
    return start.when(ProposeMatter(**fields)).later().beside(PUBLIC.state)


def opening(**changes: Any) -> OpenToComments:
    """A draft for 30 days."""
    fields: dict[str, Any] = {"draft": HASH, "explanation": "背景和依据", "ways": ("online",), "until": UNTIL, "form": "open"}
    return OpenToComments(**{**fields, **changes})


def opened(**changes: Any) -> Specification:
    """A draft that takes comments."""
    form = changes.pop("form", "open")
    return matter(**changes).when(opening(form=form)).later()


def collated(case: Specification | None = None) -> Specification:
    """With all opinions together."""
    return (case or opened()).on(AFTER).when(Collate(groups=(GroupIn(gist="保留老窗口", on_paper=3),))).later()


def with_comments(count: int) -> Specification:
    """After the period, with so many comments that came through the platform."""
    numbered = (CommentNumbered(consultation=MATTER, comment=derived_id("test", str(one)), number=one) for one in range(1, count + 1))
    register = given(comment_register, *numbered, id=register_id(MATTER)).state
    return opened().on(AFTER).beside(PUBLIC.state, register)


def hearing(**changes: Any) -> AnnounceHearing:
    """A hearing in good time."""
    fields: dict[str, Any] = {
        "on": date(2025, 10, 15),
        "place": "市政务服务中心",
        "participants": ("街道代表",),
        "material_on": date(2025, 10, 8),
    }
    return AnnounceHearing(**{**fields, **changes})


@pytest.mark.rule("JC-01a", "DX-06a", "X-02")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_a_draft_is_public_for_thirty_days_or_tells_why_not(book: str) -> None:
    case = matter().under(book)
    case.when(opening()).records(ConsultationOpened)
    case.when(opening(until=date(2025, 10, 21))).refused("short-period-unexplained")
    case.when(opening(until=date(2025, 10, 21), short_reason="汛期紧急")).records(ConsultationOpened)
    case.when(opening(until=date(2025, 9, 19), short_reason="汛期紧急")).refused("ended-before-opened")


@pytest.mark.rule("JC-01a")
@pytest.mark.parametrize("missing", ["draft", "explanation", "ways", "until"])
def test_what_is_published_with_a_draft(missing: str) -> None:
    fields = opening().model_dump(exclude={missing, "effective_on", "late_reason"})
    with pytest.raises(ValidationError, match=missing):
        OpenToComments(**fields)


@pytest.mark.rule("JC-02")
@pytest.mark.parametrize("impact", FORMS)
def test_the_form_follows_from_how_far_the_matter_reaches(impact: str) -> None:
    for form in ("hearing", "forum", "consultation_meeting", "open"):
        outcome = matter(impact=impact).when(opening(form=form))
        if form in FORMS[impact]:
            outcome.records(ConsultationOpened)
        else:
            outcome.refused("form-does-not-fit")
    assert FORMS["major"] == {"hearing"}
    assert "open" not in FORMS["wide"]


@pytest.mark.rule("JC-02")
def test_a_hearing_has_its_material_a_week_before_public_participants_and_a_signed_record() -> None:
    case = opened(impact="major", form="hearing")
    refusal = case.when(hearing(material_on=date(2025, 10, 9))).refused("material-too-late")
    assert refusal.article == "国令713 第十六条"
    case.when(hearing(participants=())).refused("participants-missing")
    case.when(RecordHearing(record=HASH, signed=True)).refused("not-announced")
    announced = case.when(hearing()).records(HearingAnnounced).later()
    announced.when(RecordHearing(record=HASH, signed=True)).refused("held-before-day")
    on_day = announced.on(date(2025, 10, 15))
    on_day.when(RecordHearing(record=HASH, signed=False)).refused("record-unsigned")
    on_day.when(RecordHearing(record=HASH, signed=True)).records(HearingHeld)


@pytest.mark.rule("JC-03a")
def test_all_opinions_are_collated_after_the_period() -> None:
    groups = (GroupIn(gist="保留老窗口", numbers="1-2", on_paper=1), GroupIn(gist="推迟搬迁", numbers="3"))
    opened().on(UNTIL).when(Collate(groups=groups)).refused("still-consulting")
    made = with_comments(3).when(Collate(groups=groups)).events[0]
    assert isinstance(made, CommentsCollated)
    assert made.count == 4
    assert made.groups == (Group("保留老窗口", 3, (1, 2), 1), Group("推迟搬迁", 1, (3,), 0))
    matter().when(Collate(groups=groups)).refused("not-consulting")


@pytest.mark.rule("JC-03a")
@pytest.mark.parametrize(
    ("numbers", "code", "told"),
    [
        (("1-3", "5"), "comments-left-out", "平台收到 5 条意见，归纳了 4 条，还差 1 条：第 4 号没有归入"),
        (("", ""), "group-empty", "请填写意见序号"),
        (("1-5", "2,4"), "comment-counted-twice", "第 2、4 号意见归入了两个要点"),
        (("1-5、6", ""), "no-such-number", "序号为 1 至 5"),
        (("0-5", ""), "no-such-number", "序号为 1 至 5"),
        (("全部", ""), "bad-numbers", "请按“1-3、7”的样子填写"),
    ],
)
def test_a_collation_leaves_no_comment_out_and_counts_none_twice(numbers: tuple[str, str], code: str, told: str) -> None:
    groups = tuple(GroupIn(gist="保留老窗口", numbers=one) for one in numbers if one or code == "group-empty")
    assert told in with_comments(5).when(Collate(groups=groups)).refused(code).sentence


@pytest.mark.rule("JC-03a")
def test_nobody_can_collate_away_what_was_received_and_a_draft_without_comments_says_so() -> None:
    refusal = with_comments(12).when(Collate(groups=())).refused("comments-left-out")
    assert "还差 12 条：第 1、2、3、4、5、6、7、8、9、10 等号" in refusal.sentence
    with_comments(0).when(Collate(groups=())).then(CommentsCollated(groups=(), count=0))
    assert as_ranges((1, 2, 3, 7, 9, 10)) == "1-3、7、9-10"


@pytest.mark.rule("DX-06b", "DX-06c")
def test_the_decision_comes_after_the_comments_or_the_reason_for_leaving_them_out() -> None:
    matter().when(LINK).refused("comments-missing")
    opened().when(LINK).refused("comments-missing")
    collated().when(LINK).records(DecisionLinked)
    omitted = matter().when(OmitStage(stage="comments", reason="应急处置")).then(StageOmitted(stage="comments", reason="应急处置"))
    omitted.later().when(LINK).records(DecisionLinked)
    collated().when(LINK).later().when(opening()).refused("decided-already")


@pytest.mark.rule("DX-06b")
def test_the_decision_is_a_publication_that_is_public() -> None:
    collated().beside(UNPUBLISHED.state).when(LINK).refused("not-published")


@pytest.mark.rule("DX-06c")
def test_the_result_comes_after_both_stages_or_the_reasons_for_leaving_them_out() -> None:
    collated().when(RESULT).refused("decision-unpublished")
    collated().when(LINK).later().when(RESULT).then(ResultPublished(publication=PUBLIC.state.id))
    without = collated().when(OmitStage(stage="decision", reason="与草案一致")).later()
    without.when(RESULT).records(ResultPublished)
    none = matter().when(OmitStage(stage="decision", reason="应急处置")).later()
    none.when(RESULT).refused("comments-missing")
    none.when(OmitStage(stage="comments", reason="应急处置")).later().when(RESULT).records(ResultPublished)


@pytest.mark.rule("YQ-03.2b")
def test_what_touches_peoples_interests_waits_for_the_assessment_of_its_risk() -> None:
    case = collated(opened(touches_interests=True))
    case.when(LINK).refused("risk-unassessed")
    assessed = case.when(RISK).then(RiskRecorded(methods=("tracking", "visits"), level="medium", plan="加强解释")).later()
    assessed.when(LINK).records(DecisionLinked)
    for missing in ("methods", "level", "plan"):
        with pytest.raises(ValidationError, match=missing):
            RecordRisk(**RISK.model_dump(exclude={missing, "effective_on", "late_reason"}))


@pytest.mark.rule("JC-06a")
def test_the_report_of_the_meeting_is_a_basis_of_the_decision() -> None:
    case = collated(opened(impact="major", form="hearing"))
    case.when(LINK).refused("report-missing")
    case.when(FileReport(report=HASH)).refused("nothing-held")
    held = case.when(hearing()).later().on(AFTER).when(RecordHearing(record=HASH, signed=True)).later()
    held.when(LINK).refused("report-missing")
    held.when(FileReport(report=HASH)).then(ReportFiled(report=HASH)).later().when(LINK).records(DecisionLinked)


@pytest.mark.rule("JC-03c", "JC-06c")
def test_everybody_is_told_what_was_adopted_and_why_not() -> None:
    told = TellAdoption(adopted="保留老窗口", not_adopted="不推迟搬迁，因租约到期", channels=("portal",), evidence="栏目截图")
    opened().when(told).refused("comments-missing")
    collated().when(told).records(FeedbackPublished)
    with pytest.raises(ValidationError, match="channels"):
        TellAdoption(adopted="保留老窗口", not_adopted="无理由", channels=(), evidence="栏目截图")


def said(**changes: Any) -> SubmitComment:
    """Somebody's opinion."""
    return SubmitComment(consultation=MATTER, text="建议保留老窗口", name="某某", contact="某处", **changes)


def commented(**changes: Any) -> Specification:
    """An opinion that waits for its answer."""
    return given(comment, day=MADE_ON).on(MADE_ON).beside(opened().state).when(said(**changes), by=ANYBODY).later()


@pytest.mark.rule("JC-01a")
def test_anybody_may_comment_while_the_period_runs_and_is_protected() -> None:
    start = given(comment, day=MADE_ON).on(UNTIL).beside(opened().state)
    outcome = start.when(said(), by=ANYBODY).records(CommentReceived)
    assert "老窗口" not in repr(outcome.events) + str(outcome.events)
    assert outcome.decided is not None
    assert outcome.decided.case == MATTER
    beside = outcome.decided.events[1]
    assert isinstance(beside, On)
    assert (beside.id, beside.event) == (register_id(MATTER), CommentNumbered(consultation=MATTER, comment=start.state.id, number=1))
    start.on(AFTER).when(said(), by=ANYBODY).refused("not-consulting")
    start.beside(matter().state).when(said(), by=ANYBODY).refused("not-consulting")
    given(comment).when(said(), by=ANYBODY).refused("no-such-consultation")


@pytest.mark.rule("JC-06d", "JC-03b")
def test_each_comment_is_examined_then_adopted_or_refused_with_a_reason() -> None:
    case = commented()
    case.when(AnswerComment(adopted=True)).refused("not-examined")
    examined = case.when(ExamineComment(reasonable=True, argument="成本可以承受")).records(CommentExamined).later()
    examined.when(AnswerComment(adopted=False)).refused("reason-missing")
    answered = examined.when(AnswerComment(adopted=True)).then(CommentAnswered(adopted=True)).later()
    answered.when(AnswerComment(adopted=True)).refused("answered-already")
    answered.when(ExamineComment(reasonable=False, argument="再看一次")).refused("answered-already")


@pytest.mark.rule("JC-06b")
def test_a_representative_has_the_reasons_in_writing() -> None:
    sent = SendReasons(document="固审批函〔2025〕3号")

    def refused_to(case: Specification) -> Specification:
        examined = case.when(ExamineComment(reasonable=False, argument="租约到期")).later()
        return examined.when(AnswerComment(adopted=False, reason="租约到期")).later()

    commented(representative=True).when(sent).refused("no-reasons-owed")
    refused_to(commented()).when(sent).refused("no-reasons-owed")
    refused_to(commented(representative=True)).when(sent).then(ReasonsSent(document="固审批函〔2025〕3号"))


def test_a_commenters_data_is_kept_until_the_answer() -> None:
    case = commented()
    assert why_kept(case.state) == "意见尚未答复"  # type: ignore[arg-type]
    after = case.when(ExamineComment(reasonable=True, argument="可行")).later().when(AnswerComment(adopted=True)).later()
    assert why_kept(after.state) is None  # type: ignore[arg-type]


@pytest.mark.rule("DX-06a", "DX-06b", "DX-06c")
def test_a_matter_tells_what_comes_next() -> None:
    def told(case: Specification, received: int = 0, unanswered: int = 0, owed: int = 0) -> str:
        assert isinstance(case.state, Consultation)
        return next_step(case.state, {"received": received, "unanswered": unanswered, "reasons_owed": owed}, case.day)

    assert "评估舆情风险" in told(matter(touches_interests=True))
    assert "公布草案" in told(matter())
    assert told(opened()) == f"征求意见到 {UNTIL} 截止，还没有收到意见。"
    assert told(opened(), 3, 2) == f"征求意见到 {UNTIL} 截止，已收到 3 条，其中 2 条待答复。"
    meeting = opened(impact="major", form="hearing")
    assert "请公告会议" in told(meeting)
    announced = meeting.when(hearing()).later()
    assert "还没有收到意见" in told(announced)
    assert "请举行会议" in told(announced.on(AFTER))
    held = announced.on(AFTER).when(RecordHearing(record=HASH, signed=True)).later()
    assert "请形成会议报告" in told(held)
    reported = held.when(FileReport(report=HASH)).later()
    assert "平台收到 3 条，序号 1 至 3" in told(reported, 3)
    case = collated()
    assert told(case, 3, 2) == "还有 2 条意见待答复。"
    assert "1 位公众代表" in told(case, 3, 0, 1)
    assert "公布采纳情况" in told(case)
    fed_back = case.when(TellAdoption(adopted="保留老窗口", not_adopted="没有", channels=("portal",), evidence="栏目截图")).later()
    assert "决策的公开" in told(fed_back)
    decided = fed_back.when(LINK).later()
    assert "有了结果" in told(decided)
    assert told(decided.when(RESULT).later()) == "三个阶段都已公开。"
    assert "决策的公开" in told(matter().when(OmitStage(stage="comments", reason="应急处置")).later())

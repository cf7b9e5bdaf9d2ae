"""The decisions about a unit's appraisal (KH-02, KH-03, KH-07)."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.audit.appraisal.scheme import SCHEME, Standard
from services.audit.figures import Figure
from services.audit.unit_appraisal import events as e
from services.audit.unit_appraisal.state import Stage, UnitAppraisal
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused, Unavailable
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

U = UnitAppraisal
Events = Sequence[Event]
STANDARDS = "本局考核制度（KH-03）"
FAILING = "本局考核制度（KH-07b）"


def ungraded(state: U, given: Given) -> None:
    """Nothing is settled yet."""
    if state.stage not in (Stage.SELF_CHECK, Stage.SCORING):
        raise Refused("graded-already", "考核等次已经审定或者考核已经取消，不能再办理。", article="本局考核制度（KH-01）")


def scorable(state: U, given: Given) -> None:
    """The unit has checked itself, or its time for that is over."""
    ungraded(state, given)
    if state.self_check is None and state.self_check_by is not None and given.today <= state.self_check_by:
        raise Refused("self-check-runs", f"科室自查还没有提交，{state.self_check_by} 以后才能直接评分。", article=STANDARDS)


def has_scores(state: U, given: Given) -> None:
    """There is a score to object to, and no objection waits."""
    ungraded(state, given)
    if not state.scores:
        raise Refused("unscored", "还没有评分。")
    if state.correction is not None:
        raise Refused("correction-open", "上一项异议还没有答复。")


def objected(state: U, given: Given) -> None:
    """An objection waits."""
    ungraded(state, given)
    if state.correction is None:
        raise Refused("no-correction", "没有等待答复的异议。")


def excellent(state: U, given: Given) -> None:
    """It has the best grade, and was not commended yet."""
    if state.stage is not Stage.GRADED or state.grade != SCHEME.best:
        raise Refused("not-excellent", "评为优秀的科室才通报表扬。", article="本局考核制度（KH-07a）")


def failed(state: U, given: Given) -> None:
    """It has the lowest grade, and was not criticised yet."""
    if state.stage is not Stage.GRADED or state.grade != SCHEME.failing:
        raise Refused("not-failed", "考核不合格的科室才通报批评、限期整改。", article=FAILING)


def owes_plan(state: U, given: Given) -> None:
    """A plan of rectification is owed."""
    if state.stage is not Stage.CRITICISED:
        raise Refused("no-plan-owed", "现在不需要提出整改措施。", article=FAILING)


def plan_waits(state: U, given: Given) -> None:
    """A plan waits for the office."""
    if state.stage is not Stage.PLAN_SUBMITTED:
        raise Refused("no-plan", "没有等待审核的整改措施。", article=FAILING)


def rectifying(state: U, given: Given) -> None:
    """A plan is carried out."""
    if state.stage is not Stage.RECTIFYING:
        raise Refused("not-rectifying", "整改措施同意以后，才能登记整改完成。", article=FAILING)


def another(given: Given, before: tuple[str, ...], refusal: str) -> None:
    """Nobody judges what is his own."""
    if given.actor.persons & set(before):
        raise Refused("own-matter", refusal, article="本局考核制度（KH-01）", remedy="请由其他人员办理。")


def self_check(state: U, given: Given, findings: str, measures: str, figures: tuple[Figure, ...] | None) -> Events:
    """By the unit, with its figures as the ledger tells them; once more until it is scored."""
    if figures is None:
        raise Unavailable("figures-missing", "暂时无法从总账取得数字，请稍后再提交；填写的内容没有保存。")
    if state.scores:
        raise Refused("scored-already", "已经开始评分，自查不能再改；对评分有异议的，请提出异议。")
    assert state.self_check_by is not None
    return [e.SelfCheckSubmitted(findings=findings, measures=measures, figures=figures, late=given.today > state.self_check_by)]


def score(
    state: U, given: Given, standard: str, judged: Mapping[str, tuple[int, str]], figures: Mapping[str, Figure] | None, corrects: str
) -> Events:
    """One standard: what the ledger tells counts as it tells it, people judge only the rest, each with a reason (KH-03).

    `judged`: criterion → points (0 to 100) and reason.
    """
    if figures is None:
        raise Unavailable("figures-missing", "暂时无法从总账取得数字，请稍后再评分。")
    another(given, state.self_checked_by, "提交自查的人不能给本科室评分。")
    found = SCHEME.standards[standard]
    check_judged(found, judged)
    if standard in state.scores and not corrects:
        raise Invalid("reason-missing", "重新评分须写明理由。", article=STANDARDS, fields=[{"field": "corrects", "sentence": "请填写理由"}])
    bases = []
    for key, one in found.criteria.items():
        if one.measure:
            figure = figures.get(one.measure)
            bases.append(e.Basis(criterion=key, weight=one.weight, points=SCHEME.points(one, figure), figure=figure))
        else:
            points, reason = judged[key]
            bases.append(e.Basis(criterion=key, weight=one.weight, points=100 * points, reason=reason))
    return [
        e.StandardScored(
            standard=standard, score=weighted(bases), bases=tuple(bases), corrects=corrects if standard in state.scores else ""
        )
    ]  # fmt: skip


def check_judged(standard: Standard, judged: Mapping[str, tuple[int, str]]) -> None:
    """Exactly what people judge; no figure of the ledger is overruled."""
    computed = [key for key in judged if key in standard.criteria and standard.criteria[key].measure]
    if computed:
        named = "、".join(standard.criteria[key].title for key in computed)
        raise Invalid(
            "computed-criterion",
            f"“{named}”由事件得出，不能由人评分。",
            article=STANDARDS,
            fields=[{"field": "judged", "sentence": "请删去"}],
        )
    strange = [key for key in judged if key not in standard.criteria]
    missing = [key for key in standard.judged if key not in judged]
    if strange or missing:
        named = "、".join(standard.criteria[key].title for key in standard.judged)
        raise Invalid(
            "judgement-missing",
            f"“{standard.title}”须评分的是：{named}。",
            article=STANDARDS,
            fields=[{"field": "judged", "sentence": "请核对"}],
        )


def weighted(bases: Sequence[e.Basis]) -> int:
    """The score of a standard in hundredths: criteria that tell nothing leave their weight to the others; a half is rounded up."""
    telling = [(one.weight, one.points) for one in bases if one.points is not None]
    weight = sum(share for share, _ in telling)
    return (2 * sum(share * points for share, points in telling) + weight) // (2 * weight)


def request_correction(state: U, standard: str, reason: str) -> Events:
    """Before anything is settled."""
    if standard not in state.scores:
        raise Refused("unscored", f"“{SCHEME.standards[standard].title}”还没有评分。")
    return [e.CorrectionRequested(standard=standard, reason=reason)]


def answer_correction(state: U, given: Given, accepted: bool, reason: str) -> Events:
    """Yes or no, with the reason."""
    another(given, state.objected_by, "提出异议的人不能自己答复。")
    assert state.correction is not None
    return [e.CorrectionAnswered(standard=state.correction.standard, accepted=accepted, reason=reason)]


def commend(document: str, people: tuple[str, ...], revoked: Mapping[str, str] | None) -> Events:
    """The unit and its best people; nobody whose excellence was revoked that year (KH-07a, ZR-06.4)."""
    if revoked is None:
        raise Unavailable("ledger-unreachable", "暂时无法从总账核对评优资格，请稍后再办理。")
    barred = [one for one in people if one in revoked]
    if barred:
        positions = "、".join(revoked[one] for one in barred)
        raise Refused(
            "excellence-revoked",
            f"有人员本年度已被取消评优资格（{positions}），不能表扬为先进个人。",
            article="本局责任追究制度（ZR-06.4）",
            remedy="请从先进个人中去掉该人员。",
        )
    return [e.Commended(document=document, people=people)]


def criticise(given: Given, document: str, received_on: date | None) -> Events:
    """The week runs from the day on which the unit received the circular (KH-07b)."""
    received = received_on or given.today
    if received > given.today:
        raise Invalid("received-future", "接到通报的日期不能晚于今天。", fields=[{"field": "received_on", "sentence": "请核对"}])
    due = deadline(Facts(start=received, limit="rectification_plan"), given.rulebook, given.calendar)
    return [e.AppraisalCriticised(document=document, received_on=received, deadline=due)]


def submit_plan(state: U, given: Given, measures: str, done_by: date) -> Events:
    """Within the week, or late: then the miss and the plan both stay (KH-07b)."""
    if done_by < given.today:
        raise Invalid("done-by-past", "整改完成的日期不能早于今天。", fields=[{"field": "done_by", "sentence": "请填写今天以后的日期"}])
    assert state.plan_due is not None
    late = max(0, (given.today - state.plan_due).days)
    made: list[Event] = [e.RectificationPlanSubmitted(measures=measures, done_by=done_by, late_days=late)]
    if state.plan_due in state.plan_overdue and not late:
        made.append(e.RectificationPlanOverdueWithdrawn(due=state.plan_due))
    return made


def miss_plan(state: U, given: Given) -> Events:
    """Once for each day by which it was owed."""
    if state.stage is not Stage.CRITICISED or state.plan_due is None or given.today <= state.plan_due:
        return []
    return [] if state.plan_due in state.plan_overdue else [e.RectificationPlanOverdue(due=state.plan_due)]


def accept_plan(state: U, given: Given) -> Events:
    """By another than has submitted it."""
    another(given, state.planned_by, "提出整改措施的人不能自己同意。")
    return [e.RectificationPlanAccepted()]


def return_plan(given: Given, reason: str, until: date) -> Events:
    """Not enough: why, and by when another one is owed."""
    if until < given.today:
        raise Invalid("until-past", "再次提出的日期不能早于今天。", fields=[{"field": "until", "sentence": "请填写今天以后的日期"}])
    return [e.RectificationPlanReturned(reason=reason, until=until)]

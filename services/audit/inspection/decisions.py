"""What may be decided about an inspection: planned and approved, held by six questions, every problem put right before it is closed."""

from collections.abc import Sequence
from datetime import date

from services.audit.inspection import events as e
from services.audit.inspection.scheme import SCHEME
from services.audit.inspection.state import TITLES, Inspection, Issue, Order, Stage
from services.audit.supervisor.decisions import Supervisor
from shared.kernel.commands import Given
from shared.kernel.errors import Forbidden, Invalid, Refused
from shared.kernel.events import Event

N = Inspection
RULES = "本局监督检查制度（JD-02）"
RECTIFIED = "本局保密审查制度（BM-16）"


def plan(given: Given, made: e.InspectionPlanned) -> Sequence[Event]:
    """Of a unit of the agency; what is for the supervision office alone, by it alone (BM-15)."""
    if not given.knows_unit(made.unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请核对。", fields=[{"field": "unit", "sentence": "请选择本机关的科室"}])
    may_inspect(made.subject, given)
    return [made]


def may_inspect(subject: str, given: Given) -> None:
    """Whether the actor is of a role that inspects this."""
    roles = SCHEME.subjects[subject].roles
    if roles and not set(roles) & set(given.actor.roles):
        raise Forbidden("not-supervision", "保密审查由监察室监督检查。", article=SCHEME.subjects[subject].article)


def going(state: N, _given: Given) -> None:
    """Neither closed nor cancelled."""
    if state.stage in (Stage.CLOSED, Stage.CANCELLED):
        raise Refused("inspection-over", f"该检查{TITLES[state.stage]}。", remedy="已经办结的，可以“重新检查”。")


def not_held(state: N, given: Given) -> None:
    """Before there is a result."""
    going(state, given)
    if state.held:
        raise Refused("inspection-held", "已经登记检查结果。")


def approvable(state: N, given: Given) -> None:
    """A plan that waits for approval."""
    not_held(state, given)
    if not SCHEME.kinds[state.kind].approval:
        raise Refused("no-approval-needed", f"{SCHEME.kinds[state.kind].title}不需要批准方案。")
    if state.stage is Stage.APPROVED:
        raise Refused("approved-already", "检查方案已经批准。")


def ready(state: N, given: Given) -> None:
    """Approved, and with a team, where its method needs them (JD-01, JD-04+05)."""
    going(state, given)
    may_inspect(state.subject, given)
    kind = SCHEME.kinds[state.kind]
    if kind.approval and state.stage is Stage.PLANNED:
        raise Refused("plan-not-approved", "检查方案须先经党组或者领导小组负责人批准。", article="本局监督检查制度（JD-01）")
    if kind.team and state.head is None:
        raise Refused("no-team", "督导须先成立督导组。", article="本局监督检查制度（JD-04、JD-05）")


def scorable(state: N, given: Given) -> None:
    """By the six questions."""
    ready(state, given)
    if SCHEME.kinds[state.kind].survey:
        raise Refused("survey-only", "测评登记调查结果，不按六问评分。")


def held(state: N, given: Given) -> None:
    """There is a result."""
    going(state, given)
    if not state.held:
        raise Refused("not-inspected", "还没有登记检查结果。", article=RULES)


def finding(state: N, given: Given) -> None:
    """Problems are found by who inspects."""
    held(state, given)
    may_inspect(state.subject, given)


def with_open_issue(state: N, given: Given) -> None:
    """Something is not put right."""
    held(state, given)
    if not state.open_issues:
        raise Refused("no-open-issue", "没有未解决的问题。", article=RULES)


def with_issue_to_close(state: N, given: Given) -> None:
    """By who inspects."""
    with_open_issue(state, given)
    may_inspect(state.subject, given)


def with_closed_issue(state: N, given: Given) -> None:
    """Something was put right."""
    held(state, given)
    if all(not one.closed for one in state.issues):
        raise Refused("no-closed-issue", "没有已经销号的问题。")


def with_open_order(state: N, given: Given) -> None:
    """Something is ordered and not done."""
    going(state, given)
    if not state.open_orders:
        raise Refused("no-open-order", "没有未完成的整改。", article=RECTIFIED)


def with_done_order(state: N, given: Given) -> None:
    """Something was reported as done."""
    going(state, given)
    if all(not one.report for one in state.orders):
        raise Refused("no-done-order", "没有已经报告完成的整改。", article=RECTIFIED)


def closable(state: N, given: Given) -> None:
    """Nothing is open any more (JD-02, X-08)."""
    held(state, given)
    may_inspect(state.subject, given)
    if state.open_issues:
        numbers = "、".join(str(one.number) for one in state.open_issues)
        raise Refused("open-issues", f"还有未解决的问题（第 {numbers} 项），解决并销号以后才能办结。", article=RULES)
    if state.open_orders:
        raise Refused("open-orders", "还有未完成的限期整改。", article=RECTIFIED)


def reopenable(state: N, _given: Given) -> None:
    """Once closed."""
    if state.stage is not Stage.CLOSED:
        raise Refused("inspection-open", "该检查还没有办结。")


def approve(state: N, given: Given) -> Sequence[Event]:
    """By another person than the planner."""
    if given.actor.persons & set(state.planned_by):
        raise Refused("planner-approves", "制定方案的人员不能自己批准，请由其他人员批准。", article="本局监督检查制度（JD-01）")
    return [e.InspectionApproved()]


def form_team(state: N, given: Given, made: e.SupervisionTeamFormed) -> Sequence[Event]:
    """Each person once; volunteers who are in office."""
    if made.head in made.members or len(set(made.members)) != len(made.members):
        raise Invalid("twice-in-team", "督导组的每个人只列一次。", fields=[{"field": "members", "sentence": "有人重复"}])
    for id in made.supervisors:
        one = given.others[id]
        if not isinstance(one, Supervisor) or not one.in_office(given.today):
            raise Refused("no-such-supervisor", "没有这一位监督员，或者聘期已满，请核对。")
    return [made]


def record(state: N, given: Given, scores: dict[str, int], notes: dict[str, str], summary: str) -> Sequence[Event]:
    """All six; a question that lost points says why."""
    unexplained = [name for name, points in scores.items() if points < SCHEME.points and not notes.get(name)]
    if unexplained:
        titles = "、".join(SCHEME.questions[name] for name in unexplained)
        fields = [{"field": f"{name}_note", "sentence": "扣分须说明"} for name in unexplained]
        raise Invalid("score-unexplained", f"扣分的须说明情况：{titles}。", fields=fields)
    before = state.recorded.total if state.recorded else None
    told = {name: note for name, note in notes.items() if note}
    return [
        e.InspectionRecorded(
            scores=scores, notes=told, total=sum(scores.values()), unit=state.unit, year=state.year, summary=summary, replaces=before
        )
    ]  # fmt: skip


def survey(made: e.SurveyRun) -> Sequence[Event]:
    """No more know or are satisfied than were asked."""
    wrong = [
        {"field": name, "sentence": "不得多于被调查的人数"} for name in ("aware", "satisfied") if getattr(made, name) > made.asked
    ]  # fmt: skip
    if wrong:
        raise Invalid("more-than-asked", "知晓、满意的人数不得多于被调查的人数。", fields=wrong)
    return [made]


def rate(part: int, whole: int) -> str:
    """A rate as people read it, in percent with one digit, rounded half up."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def future(given: Given, due: date) -> None:
    """A day that is set is one to come."""
    if due <= given.today:
        raise Invalid("due-not-future", "期限须晚于今天。", fields=[{"field": "due", "sentence": "须晚于今天"}])


def open_issue(state: N, given: Given, question: str, what: str, due: date) -> Sequence[Event]:
    """With its day."""
    future(given, due)
    return [
        e.IssueOpened(number=len(state.issues) + 1, question=question, what=what, due=due, unit=state.unit, year=state.year)
    ]  # fmt: skip


def issue_of(state: N, number: int) -> Issue:
    """The problem of this number."""
    if not 1 <= number <= len(state.issues):
        raise Invalid("no-such-issue", "没有这一项问题，请核对序号。", fields=[{"field": "number", "sentence": "没有这一项"}])
    return state.issues[number - 1]


def order_of(state: N, number: int) -> Order:
    """The order of this number."""
    if not 1 <= number <= len(state.orders):
        raise Invalid("no-such-order", "没有这一项整改，请核对序号。", fields=[{"field": "number", "sentence": "没有这一项"}])
    return state.orders[number - 1]


def close_issue(state: N, given: Given, number: int, how: str, evidence: str) -> Sequence[Event]:
    """After the unit has done what was ordered, and by another person than who reported that."""
    if issue_of(state, number).closed:
        raise Refused("issue-closed", "该问题已经销号。")
    orders = [one for one in state.orders if number in one.issues]
    if any(not one.report for one in orders):
        raise Refused("rectification-not-done", "该问题已经责令限期整改，科室报告完成整改以后才能销号。", article=RECTIFIED)
    if any(given.actor.persons & set(one.done_by) for one in orders):
        raise Refused("reporter-closes", "报告整改的人员不能自己销号，请由检查人员核实。", article=RECTIFIED)
    return [*miss(state, given), e.IssueClosed(number=number, how=how, evidence=evidence, unit=state.unit, year=state.year)]


def reopen_issue(state: N, given: Given, number: int, reason: str, due: date) -> Sequence[Event]:
    """By another day."""
    if not issue_of(state, number).closed:
        raise Refused("issue-open", "该问题还没有销号。")
    future(given, due)
    return [e.IssueReopened(number=number, reason=reason, due=due, unit=state.unit, year=state.year)]


def order(state: N, given: Given, issues: Sequence[int], demand: str, due: date, document: str) -> Sequence[Event]:
    """For problems that are open and under no other order that is."""
    future(given, due)
    for number in issues:
        if issue_of(state, number).closed:
            raise Refused("issue-closed", f"第 {number} 项问题已经销号，不需要整改。", article=RECTIFIED)
        if any(number in one.issues for one in state.open_orders):
            raise Refused("ordered-already", f"第 {number} 项问题已经责令限期整改。", article=RECTIFIED)
    numbers = tuple(sorted(set(issues)))
    return [
        *miss(state, given),
        e.RectificationOrdered(number=len(state.orders) + 1, issues=numbers, demand=demand, due=due, document=document),
    ]


def report_done(state: N, given: Given, number: int, report: str) -> Sequence[Event]:
    """By the unit; late, it is a miss."""
    if order_of(state, number).report:
        raise Refused("order-done", "该项整改已经报告完成。")
    return [*miss(state, given), e.RectificationDone(number=number, report=report)]


def return_report(state: N, given: Given, number: int, reason: str, due: date) -> Sequence[Event]:
    """By another day."""
    if not order_of(state, number).report:
        raise Refused("order-open", "该项整改还没有报告完成。")
    future(given, due)
    return [e.RectificationReturned(number=number, reason=reason, due=due)]


def criticise(state: N, reason: str, document: str) -> Sequence[Event]:
    """For what was found."""
    if not state.issues:
        raise Refused("nothing-found", "检查没有发现问题，不能通报批评。", article=RECTIFIED)
    return [e.CriticismCirculated(unit=state.unit, reason=reason, document=document)]


def miss(state: N, given: Given) -> list[Event]:
    """Each day that is over, once."""
    if state.stage in (Stage.CLOSED, Stage.CANCELLED):
        return []
    orders = [e.RectificationOverdue(number=one.number, due=one.due) for one in state.open_orders if late(one, given.today)]
    return [*(e.IssueOverdue(number=one.number, due=one.due) for one in state.open_issues if late(one, given.today)), *orders]


def late(one: Issue | Order, today: date) -> bool:
    """Whether its day is over and that is not recorded."""
    return not one.missed and one.due < today

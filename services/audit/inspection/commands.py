"""The commands of an inspection."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.audit.inspection import decisions, events
from services.audit.inspection.scheme import SCHEME
from services.audit.inspection.state import Inspection, inspection
from services.audit.supervisor.decisions import supervisor
from shared.kernel.commands import Command, Decision, Given, command, handles

N = Inspection
INSPECTION = "国令711 第四十六条、第四十七条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=5000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]
Points = Annotated[int, Field(ge=0, le=SCHEME.points)]
Note = Annotated[str, Field(max_length=1000)]
Number = Annotated[int, Field(ge=1, le=999)]
Question = Literal["content", "procedure", "form", "rules", "execution", "effect"]


@command(
    of=inspection,
    verb="plan",
    title="制定检查方案",
    capability="audit.plan_inspection",
    creates=True,
    rules=("JD-01", "JD-03", "YQ-04.3a", "BM-15"),
    article=INSPECTION,
    events=(events.InspectionPlanned,),
)
class PlanInspection(Command):
    """对一个科室的检查：方法、内容和时间；党组负责，公开办组织实施。"""

    name: Line = Field(title="检查的名称")
    kind: Literal["supervision", "daily", "periodic", "survey"] = Field(title="方法")
    subject: Literal["work", "website", "accounts", "secrecy"] = Field(default="work", title="检查的内容")
    unit: str = Field(title="被检查的科室", min_length=1, max_length=40)
    on: date = Field(title="检查日期")
    basis: Line = Field(title="依据")


@handles(PlanInspection)
def plan(command: PlanInspection, _state: N, given: Given) -> Decision:
    """As the decision has it."""
    made = events.InspectionPlanned(
        name=command.name, kind=command.kind, subject=command.subject, unit=command.unit, on=command.on, year=command.on.year,
        basis=command.basis,
    )  # fmt: skip
    return decisions.plan(given, made)


@command(
    of=inspection,
    verb="approve",
    title="批准检查方案",
    capability="audit.approve_inspection",
    rules=("JD-01",),
    article=INSPECTION,
    opens=decisions.approvable,
    events=(events.InspectionApproved,),
)
class ApproveInspection(Command):
    """党组负责：督导和定期检查的方案经批准后实施。"""


@handles(ApproveInspection)
def approve(_command: ApproveInspection, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.approve(state, given)


@command(
    of=inspection,
    verb="cancel",
    title="取消检查",
    capability="audit.plan_inspection",
    rules=("JD-01",),
    article=INSPECTION,
    opens=decisions.not_held,
    events=(events.InspectionCancelled,),
)
class CancelInspection(Command):
    """还没有登记结果的，可以取消。"""

    reason: Line = Field(title="理由")


@handles(CancelInspection)
def cancel(command: CancelInspection, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.InspectionCancelled(reason=command.reason)]


@command(
    of=inspection,
    verb="form-team",
    title="成立督导组",
    capability="audit.plan_inspection",
    rules=("JD-04+05",),
    article=INSPECTION,
    also=lambda command, _agency, _day, _state: [(supervisor, id) for id in dict.fromkeys(command.supervisors)],
    opens=decisions.going,
    events=(events.SupervisionTeamFormed,),
)
class FormTeam(Command):
    """组长、成员，以及随行的义务监督员；再次办理即调整成员。"""

    head: UUID = Field(title="组长")
    members: tuple[UUID, ...] = Field(default=(), title="成员", max_length=20)
    supervisors: tuple[UUID, ...] = Field(default=(), title="义务监督员", max_length=20)


@handles(FormTeam)
def form_team(command: FormTeam, state: N, given: Given) -> Decision:
    """As the decision has it."""
    made = events.SupervisionTeamFormed(head=command.head, members=command.members, supervisors=command.supervisors)
    return decisions.form_team(state, given, made)


@command(
    of=inspection,
    verb="record",
    title="登记检查结果",
    capability="audit.inspect",
    rules=("JD-02", "YQ-04.3a", "BM-15", "JD-06a"),
    article=INSPECTION,
    opens=decisions.scorable,
    events=(events.InspectionRecorded,),
)
class RecordInspection(Command):
    """按六问逐项评分；再次登记即更正。"""

    content: Points = Field(title="内容全面（0–10）")
    content_note: Note = Field(default="", title="内容全面：情况说明", description="扣分的须说明")
    procedure: Points = Field(title="程序规范（0–10）")
    procedure_note: Note = Field(default="", title="程序规范：情况说明", description="扣分的须说明")
    form: Points = Field(title="形式恰当（0–10）")
    form_note: Note = Field(default="", title="形式恰当：情况说明", description="扣分的须说明")
    rules: Points = Field(title="制度健全（0–10）")
    rules_note: Note = Field(default="", title="制度健全：情况说明", description="扣分的须说明")
    execution: Points = Field(title="执行到位（0–10）")
    execution_note: Note = Field(default="", title="执行到位：情况说明", description="扣分的须说明")
    effect: Points = Field(title="效果明显（0–10）")
    effect_note: Note = Field(default="", title="效果明显：情况说明", description="扣分的须说明")
    summary: Text = Field(title="总的情况")


@handles(RecordInspection)
def record(command: RecordInspection, state: N, given: Given) -> Decision:
    """As the decision has it."""
    scores = {name: getattr(command, name) for name in SCHEME.questions}
    notes = {name: getattr(command, f"{name}_note") for name in SCHEME.questions}
    return decisions.record(state, given, scores, notes, command.summary)


@command(
    of=inspection,
    verb="run-survey",
    title="登记测评结果",
    capability="audit.inspect",
    rules=("JD-03", "JD-04+05"),
    article=INSPECTION,
    opens=decisions.ready,
    events=(events.SurveyRun,),
)
class RunSurvey(Command):
    """知晓率、满意率由人数算出。"""

    asked: int = Field(title="被调查的人数", ge=1, le=10_000_000)
    aware: int = Field(title="知晓的人数", ge=0, le=10_000_000)
    satisfied: int = Field(title="满意的人数", ge=0, le=10_000_000)
    method: Line = Field(title="测评方法", description="如：问卷、电话访问、网上调查")
    among: Line = Field(title="调查对象")


@handles(RunSurvey)
def run_survey(command: RunSurvey, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    made = events.SurveyRun(
        asked=command.asked, aware=command.aware, satisfied=command.satisfied, method=command.method, among=command.among
    )  # fmt: skip
    return decisions.survey(made)


@command(
    of=inspection,
    verb="open-issue",
    title="登记问题",
    capability="audit.inspect",
    rules=("JD-02", "BM-15", "X-08"),
    article=INSPECTION,
    opens=decisions.finding,
    events=(events.IssueOpened,),
)
class OpenIssue(Command):
    """发现的问题逐项登记，限期解决。"""

    question: Question = Field(title="属于六问中的哪一问")
    what: Text = Field(title="问题")
    due: date = Field(title="解决的期限")


@handles(OpenIssue)
def open_issue(command: OpenIssue, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.open_issue(state, given, command.question, command.what, command.due)


@command(
    of=inspection,
    verb="close-issue",
    title="问题销号",
    capability="audit.inspect",
    rules=("JD-02", "BM-15", "X-08"),
    article=INSPECTION,
    opens=decisions.with_issue_to_close,
    events=(events.IssueClosed, events.IssueOverdue, events.RectificationOverdue),
)
class CloseIssue(Command):
    """核实已经解决的，逐项销号。"""

    number: Number = Field(title="第几项问题")
    how: Text = Field(title="怎样解决的")
    evidence: Line = Field(title="凭据")


@handles(CloseIssue)
def close_issue(command: CloseIssue, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.close_issue(state, given, command.number, command.how, command.evidence)


@command(
    of=inspection,
    verb="reopen-issue",
    title="问题重新挂号",
    capability="audit.inspect",
    rules=("JD-02", "X-08"),
    article=INSPECTION,
    opens=decisions.with_closed_issue,
    events=(events.IssueReopened,),
)
class ReopenIssue(Command):
    """销号以后发现没有解决的，重新挂号，另定期限。"""

    number: Number = Field(title="第几项问题")
    reason: Line = Field(title="理由")
    due: date = Field(title="解决的期限")


@handles(ReopenIssue)
def reopen_issue(command: ReopenIssue, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.reopen_issue(state, given, command.number, command.reason, command.due)


@command(
    of=inspection,
    verb="order-rectification",
    title="责令限期整改",
    capability="audit.order_rectification",
    rules=("BM-16",),
    article=INSPECTION,
    opens=decisions.with_open_issue,
    events=(events.RectificationOrdered, events.IssueOverdue, events.RectificationOverdue),
)
class OrderRectification(Command):
    """执行不力、存在隐患的，由领导小组责令限期整改。"""

    issues: tuple[Number, ...] = Field(title="问题的序号", min_length=1, max_length=100)
    demand: Text = Field(title="整改要求")
    due: date = Field(title="整改期限")
    document: Line = Field(title="文号")


@handles(OrderRectification)
def order_rectification(command: OrderRectification, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.order(state, given, command.issues, command.demand, command.due, command.document)


@command(
    of=inspection,
    verb="report-rectification",
    title="报告完成整改",
    capability="audit.rectify",
    rules=("BM-16",),
    article=INSPECTION,
    opens=decisions.with_open_order,
    events=(events.RectificationDone, events.RectificationOverdue, events.IssueOverdue),
)
class ReportRectification(Command):
    """被检查的科室报告整改情况，由检查人员核实销号。"""

    number: Number = Field(title="第几项整改")
    report: Text = Field(title="整改情况")


@handles(ReportRectification)
def report_rectification(command: ReportRectification, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.report_done(state, given, command.number, command.report)


@command(
    of=inspection,
    verb="return-rectification",
    title="退回整改",
    capability="audit.inspect",
    rules=("BM-16",),
    article=INSPECTION,
    opens=decisions.with_done_order,
    events=(events.RectificationReturned,),
)
class ReturnRectification(Command):
    """整改不到位的，退回并另定期限。"""

    number: Number = Field(title="第几项整改")
    reason: Line = Field(title="理由")
    due: date = Field(title="整改期限")


@handles(ReturnRectification)
def return_rectification(command: ReturnRectification, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.return_report(state, given, command.number, command.reason, command.due)


@command(
    of=inspection,
    verb="circulate-criticism",
    title="通报批评",
    capability="audit.order_rectification",
    rules=("BM-16",),
    article=INSPECTION,
    opens=decisions.held,
    events=(events.CriticismCirculated,),
)
class CirculateCriticism(Command):
    """由领导小组通报批评。"""

    reason: Text = Field(title="理由")
    document: Line = Field(title="通报的文号")


@handles(CirculateCriticism)
def circulate_criticism(command: CirculateCriticism, state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.criticise(state, command.reason, command.document)


@command(
    of=inspection,
    verb="close",
    title="办结检查",
    capability="audit.inspect",
    rules=("JD-02", "X-08"),
    article=INSPECTION,
    opens=decisions.closable,
    events=(events.InspectionClosed,),
)
class CloseInspection(Command):
    """问题全部解决、整改全部完成以后办结，写明结论。"""

    conclusion: Text = Field(title="检查结论")


@handles(CloseInspection)
def close(command: CloseInspection, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.InspectionClosed(conclusion=command.conclusion)]


@command(
    of=inspection,
    verb="reopen",
    title="重新检查",
    capability="audit.plan_inspection",
    rules=("JD-02",),
    article=INSPECTION,
    opens=decisions.reopenable,
    events=(events.InspectionReopened,),
)
class ReopenInspection(Command):
    """办结以后又发现问题的，重新检查。"""

    reason: Line = Field(title="理由")


@handles(ReopenInspection)
def reopen(command: ReopenInspection, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.InspectionReopened(reason=command.reason)]


@command(
    of=inspection,
    verb="miss",
    title="记录问题、整改逾期",
    capability="audit.keep_time",
    internal=True,
    rules=("JD-02", "BM-16", "X-08"),
    article=INSPECTION,
    events=(events.IssueOverdue, events.RectificationOverdue),
)
class MissDay(Command):
    """问题或者整改的期限届满。"""


@handles(MissDay)
def miss(_command: MissDay, state: N, given: Given) -> Decision:
    """Each once."""
    return decisions.miss(state, given)

"""The commands of a case, from its opening to the approval of what was found."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.audit.accountability_case import events, guards
from services.audit.accountability_case.decisions import investigation, opening
from services.audit.accountability_case.decisions.opening import Allegation
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase, accountability_case
from shared.kernel.commands import Command, Decision, Given, command, handles

S = AccountabilityCase
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Hashes = Annotated[tuple[Sha256, ...], Field(max_length=50)]
WRITTEN: list[Any] = [key for key, ground in SCHEME.grounds.items() if ground.written]
"""The grounds that forms offer."""

GroundKey = Annotated[str, Field(pattern=f"^({'|'.join(SCHEME.grounds)})$", json_schema_extra={"enum": WRITTEN})]
SourceKey = Literal["complaint", "inspection", "self_check", "overdue", "opinion", "leak", "media", "paid_disclosure"]
NAMELESS = "不写群众的姓名、联系方式"


class Alleged(Command):
    """What a case is about."""

    title: Line = Field(title="案由")
    facts: Text = Field(title="线索反映的事实", description=NAMELESS)
    questions: tuple[Line, ...] = Field(
        title="需要查清的问题", min_length=1, max_length=20, description="每行一个；结案时每个问题都要有结论"
    )
    ground: GroundKey = Field(title="追究情形")
    unit: str = Field(title="被调查科室", min_length=1, max_length=40)
    persons: tuple[UUID, ...] = Field(default=(), title="被调查人", max_length=20, description="尚不清楚的可以不填，调查结论中再写明")
    head: UUID | None = Field(default=None, title="被调查科室负责人")
    press_item: UUID | None = Field(default=None, title="舆情事项（编号）", description="媒体曝光、舆情处置的填写")
    secrecy: Literal["", "state_secret", "work_secret", "trade_secret", "personal_privacy"] = Field(
        default="", title="泄露的秘密", description="泄密事件填写"
    )

    @property
    def allegation(self) -> Allegation:
        """As the decisions read it."""
        return Allegation(
            self.title,
            self.facts,
            self.questions,
            self.ground,
            self.unit,
            ids(self.persons),
            text(self.head),
            self.press_item,
            self.secrecy,
        )


class Sourced(Command):
    """Where a case comes from."""

    source: SourceKey = Field(title="来源")
    reference: str = Field(title="来源编号", min_length=1, max_length=100, description="投诉、检查、考核、舆情等事项的编号")


def ids(persons: tuple[UUID, ...]) -> tuple[str, ...]:
    """Persons as events name them."""
    return tuple(str(one) for one in persons)


def text(person: UUID | None) -> str:
    """A person as events name him; '' for none."""
    return "" if person is None else str(person)


@command(
    of=accountability_case,
    verb="open",
    title="责任追究立案",
    capability="audit.open_case",
    creates=True,
    rules=("ZR-05a", "ZR-04.5", "YQ-04.3c", "BM-17", "YS-08x.2", "ZR-06.4", "X-08"),
    article="国令711 第五十三条",
    identity=lambda command, agency, _day: opening.case_id(agency.code, command.source, command.reference),
    events=(events.CaseOpened, events.GroundRecorded, events.LeakIncidentOpened),
)
class OpenCase(Alleged, Sourced):
    """对投诉、检查、自查、逾期、舆情、泄密、曝光、有偿提供等问题立案；同一来源只立一案。"""


@handles(OpenCase)
def open_case(command: OpenCase, state: S, given: Given) -> Decision:
    """One for a source."""
    return opening.open_case(state, given, command.source, command.reference, command.allegation)


@command(
    of=accountability_case,
    verb="record-ground",
    title="登记追究情形",
    capability="audit.open_case",
    rules=("ZR-04.5",),
    article="国令711 第五十三条",
    opens=guards.askable,
    events=(events.GroundRecorded,),
)
class RecordGround(Command):
    """调查中发现还有其他情形的，增加登记。"""

    ground: GroundKey = Field(title="追究情形")


@handles(RecordGround)
def record_ground(command: RecordGround, state: S, given: Given) -> Decision:
    """One more."""
    return opening.record_ground(state, given, command.ground)


@command(
    of=accountability_case,
    verb="add-question",
    title="增加调查问题",
    capability="audit.open_case",
    rules=("ZR-05a",),
    opens=guards.askable,
    events=(events.QuestionAdded,),
)
class AddQuestion(Command):
    """调查中出现的新问题，同样要有结论。"""

    question: Line = Field(title="问题")


@handles(AddQuestion)
def add_question(command: AddQuestion, state: S, _given: Given) -> Decision:
    """One more."""
    return opening.add_question(state, command.question)


@command(
    of=accountability_case,
    verb="route",
    title="分流",
    capability="audit.triage_case",
    rules=("ZR-05b", "ZR-05c", "ZR-05d"),
    opens=guards.routable,
    events=(events.CaseRouted,),
)
class RouteCase(Command):
    """一般问题转相关科室调查处理，重要问题由领导小组调查处理。"""

    level: Literal["ordinary", "important"] = Field(title="一般还是重要")
    unit: str = Field(default="", title="调查科室", max_length=40, description="一般问题填写；重要问题不填")
    reason: Line = Field(title="理由")


@handles(RouteCase)
def route(command: RouteCase, state: S, given: Given) -> Decision:
    """To the unit, or to the leading group."""
    return opening.route(state, given, command.level, command.unit, command.reason)


@command(
    of=accountability_case,
    verb="begin",
    title="确定调查人员",
    capability="audit.investigate_case",
    rules=("ZR-05a", "ZR-05c", "ZR-05d"),
    opens=guards.to_begin,
    events=(events.InvestigationBegun,),
)
class BeginInvestigation(Command):
    """二人以上，与本案没有利害关系；被调查人不得参加。"""

    investigators: tuple[UUID, ...] = Field(title="调查人员", min_length=1, max_length=10)
    no_interest: bool = Field(default=False, title="调查人员均已声明与本案没有利害关系")


@handles(BeginInvestigation)
def begin(command: BeginInvestigation, state: S, given: Given) -> Decision:
    """By the uninterested."""
    return investigation.begin(state, given, ids(command.investigators), no_interest=command.no_interest)


@command(
    of=accountability_case,
    verb="recuse",
    title="调查人员回避",
    capability="audit.investigate_case",
    rules=("ZR-05a",),
    opens=guards.investigating,
    events=(events.InvestigatorRecused,),
)
class RecuseInvestigator(Command):
    """有利害关系的调查人员回避，另确定一人。"""

    person: UUID = Field(title="回避的调查人员")
    reason: Line = Field(title="理由")
    replacement: UUID = Field(title="接替的调查人员")


@handles(RecuseInvestigator)
def recuse(command: RecuseInvestigator, state: S, given: Given) -> Decision:
    """Another in his place."""
    return investigation.recuse(state, given, str(command.person), command.reason, str(command.replacement))


@command(
    of=accountability_case,
    verb="verify",
    title="登记核实情况",
    capability="audit.investigate_case",
    rules=("ZR-05a",),
    opens=guards.both(guards.investigating, guards.investigator),
    events=(events.FactsVerified,),
)
class VerifyFacts(Command):
    """核实了什么，凭什么证据，听取了谁的陈述和申辩。"""

    account: Text = Field(title="核实情况", description=NAMELESS)
    evidence: Hashes = Field(title="证据（SHA-256）", min_length=1)
    heard: tuple[UUID, ...] = Field(default=(), title="已听取陈述和申辩的人员", max_length=20)


@handles(VerifyFacts)
def verify(command: VerifyFacts, _state: S, given: Given) -> Decision:
    """By an investigator."""
    return investigation.verify(given, command.account, command.evidence, ids(command.heard))


class AnswerIn(BaseModel):
    """The answer to a question."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    found: Literal["true", "partly", "unfounded"] = Field(title="是否属实")
    facts: str = Field(title="查明的事实", min_length=2, max_length=5000, description=NAMELESS)


class ResponsibleIn(BaseModel):
    """Somebody who is responsible."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    person: UUID = Field(title="责任人员")
    role: Literal["direct", "in_charge", "leader"] = Field(title="责任")
    party_member: bool = Field(default=False, title="党员")


@command(
    of=accountability_case,
    verb="find",
    title="作出调查结论",
    capability="audit.investigate_case",
    rules=("ZR-05a", "ZR-05e", "X-08"),
    opens=guards.both(guards.investigating, guards.investigator, investigation.was_verified),
    events=(events.FindingMade,),
)
class MakeFinding(Command):
    """按顺序对每个问题作出结论；属实的写明责任人员和有无不良后果。"""

    answers: tuple[AnswerIn, ...] = Field(title="对每个问题的结论", min_length=1, max_length=50)
    harm: bool = Field(default=False, title="造成不良后果")
    harm_facts: str = Field(default="", title="不良后果", max_length=5000)
    responsible: tuple[ResponsibleIn, ...] = Field(default=(), title="责任人员", max_length=20)
    evidence: Hashes = Field(title="证据（SHA-256）", min_length=1)


@handles(MakeFinding)
def find(command: MakeFinding, state: S, given: Given) -> Decision:
    """Every question has its answer."""
    answers = tuple(events.Answer(one.found, one.facts) for one in command.answers)
    responsible = tuple(events.Responsible(str(one.person), one.role, one.party_member) for one in command.responsible)
    return investigation.find(state, given, answers, (command.harm, command.harm_facts), responsible, command.evidence)


@command(
    of=accountability_case,
    verb="report-up",
    title="报领导小组",
    capability="audit.submit_determination",
    rules=("ZR-05d",),
    opens=guards.both(guards.found, investigation.own_staff),
    events=(events.CaseReportedUp,),
)
class ReportUpCase(Command):
    """涉及本科室人员的，科室将调查情况报领导小组。"""

    report: Text = Field(title="调查情况", description=NAMELESS)
    evidence: Hashes = Field(default=(), title="附件（SHA-256）")


@handles(ReportUpCase)
def report_up(command: ReportUpCase, _state: S, _given: Given) -> Decision:
    """To the leading group."""
    return investigation.report_up(command.report, command.evidence)


@command(
    of=accountability_case,
    verb="record-cooperation",
    title="登记科室配合调查",
    capability="audit.investigate_case",
    rules=("ZR-05d",),
    opens=guards.both(guards.investigating, investigation.asked_to_cooperate),
    events=(events.CooperationRecorded,),
)
class RecordCooperation(Command):
    """被举报人科室配合了什么。"""

    unit: str = Field(title="配合科室", min_length=1, max_length=40)
    what: Line = Field(title="配合情况")


@handles(RecordCooperation)
def cooperate(command: RecordCooperation, state: S, _given: Given) -> Decision:
    """On record."""
    return investigation.cooperate(state, command.unit, command.what)


@command(
    of=accountability_case,
    verb="submit-determination",
    title="报送认定意见",
    capability="audit.submit_determination",
    rules=("ZR-05e",),
    opens=guards.both(guards.found, investigation.submittable),
    events=(events.DeterminationSubmitted,),
)
class SubmitDetermination(Command):
    """属实且造成不良后果的，科室负责人将材料和认定意见报领导小组审批。"""

    opinion: Text = Field(title="认定意见", description=NAMELESS)
    material: Hashes = Field(title="材料（SHA-256）", min_length=1)


@handles(SubmitDetermination)
def submit(command: SubmitDetermination, state: S, given: Given) -> Decision:
    """Material with an opinion."""
    return investigation.submit(state, given, command.opinion, command.material)


@command(
    of=accountability_case,
    verb="approve-determination",
    title="批准认定意见",
    capability="audit.decide_case",
    rules=("ZR-05e", "X-04"),
    opens=guards.both(guards.submitted, investigation.answers_another),
    events=(events.DeterminationApproved,),
)
class ApproveDetermination(Command):
    """领导小组审批；批准的就是看到的内容。"""

    approves: Sha256 = Field(title="认定意见（SHA-256）")


@handles(ApproveDetermination)
def approve(command: ApproveDetermination, state: S, _given: Given) -> Decision:
    """By another."""
    return investigation.approve(state, command.approves)


@command(
    of=accountability_case,
    verb="return-determination",
    title="退回认定意见",
    capability="audit.decide_case",
    rules=("ZR-05e",),
    opens=guards.both(guards.submitted, investigation.answers_another),
    events=(events.DeterminationReturned,),
)
class ReturnDetermination(Command):
    """需要修改或者重新调查。"""

    reason: Line = Field(title="理由")
    again: bool = Field(default=False, title="重新调查")


@handles(ReturnDetermination)
def send_back(command: ReturnDetermination, _state: S, given: Given) -> Decision:
    """To who submitted, or to who investigates."""
    return investigation.send_back(given, command.reason, again=command.again)


@command(
    of=accountability_case,
    verb="handle-by-unit",
    title="登记科室处理情况",
    capability="audit.submit_determination",
    rules=("ZR-05f",),
    opens=guards.both(guards.found, investigation.self_found),
    events=(events.HandledByUnit,),
)
class HandleByUnit(Command):
    """考核或者自查发现、没有造成不良后果的，科室按规定处理，再报备案。"""

    how: Text = Field(title="处理情况", description=NAMELESS)
    evidence: Hashes = Field(default=(), title="附件（SHA-256）")


@handles(HandleByUnit)
def handle(command: HandleByUnit, _state: S, _given: Given) -> Decision:
    """Put right."""
    return investigation.handle(command.how, command.evidence)

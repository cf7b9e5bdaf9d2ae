"""The commands of a case from its severity to its end: measures, outside approvals, carrying out, appeals, filing."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.audit.accountability_case import events, guards
from services.audit.accountability_case.commands import NAMELESS, Line, Text
from services.audit.accountability_case.decisions import sanctions
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase, accountability_case
from shared.kernel.commands import Command, Decision, Given, command, handles

S = AccountabilityCase
MeasureKey = Annotated[str, Field(pattern=f"^({'|'.join(SCHEME.measures)})$", json_schema_extra={"enum": list(SCHEME.measures)})]
APPEALS = "公务员法 第九十五条"


class SanctionIn(BaseModel):
    """A measure for a person."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    person: UUID = Field(title="责任人员")
    measure: MeasureKey = Field(title="方式")


class ExemptIn(BaseModel):
    """Somebody who gets none."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    person: UUID = Field(title="责任人员")
    reason: Line = Field(title="不予追究的理由")


@command(
    of=accountability_case,
    verb="set-severity",
    title="确定情节",
    capability="audit.decide_case",
    rules=("ZR-06.0", "BM-17"),
    opens=guards.both(guards.determined, sanctions.independent),
    events=(events.SeveritySet,),
)
class SetSeverity(Command):
    """先确定情节轻重；只能给予与情节相当的方式。"""

    severity: Literal["minor", "ordinary", "serious", "criminal"] = Field(title="情节")
    reason: Line = Field(title="理由")


@handles(SetSeverity)
def set_severity(command: SetSeverity, state: S, _given: Given) -> Decision:
    """How grave."""
    return sanctions.set_severity(state, command.severity, command.reason)


@command(
    of=accountability_case,
    verb="decide",
    title="作出追究决定",
    capability="audit.decide_case",
    rules=("ZR-03", "ZR-06.0", "ZR-06.2", "ZR-06.4", "ZR-06.5", "ZR-06.6", "BM-17", "X-04"),
    opens=guards.both(guards.determined, sanctions.independent, sanctions.has_severity),
    events=(events.SanctionDecided,),
)
class DecideSanctions(Command):
    """对每个责任人员给予一种或者几种方式，或者写明不予追究的理由。"""

    sanctions: tuple[SanctionIn, ...] = Field(default=(), title="追究方式", max_length=50)
    exempt: tuple[ExemptIn, ...] = Field(default=(), title="不予追究的人员", max_length=20)
    reason: Text = Field(title="决定的理由", description=NAMELESS)
    leader_reason: str = Field(default="", title="没有领导责任的理由", max_length=2000, description="情节严重而责任人员中没有领导的填写")


@handles(DecideSanctions)
def decide(command: DecideSanctions, state: S, _given: Given) -> Decision:
    """Something about everyone."""
    chosen = tuple(events.Sanction(str(one.person), one.measure) for one in command.sanctions)
    exempt = tuple(events.Exempt(str(one.person), one.reason) for one in command.exempt)
    return sanctions.decide(state, chosen, exempt, command.reason, command.leader_reason)


@command(
    of=accountability_case,
    verb="record-dismissal-approval",
    title="登记区人事部门的审批",
    capability="audit.approve_dismissal",
    rules=("ZR-06.5",),
    opens=guards.both(guards.decided, sanctions.outside("dismissal")),
    events=(events.ExternalApprovalRecorded,),
)
class RecordDismissalApproval(Command):
    """辞退须经区人事部门批准才能生效；不批准的，重新决定。"""

    person: UUID = Field(title="拟辞退的人员")
    organ: Line = Field(title="审批机关")
    document: Line = Field(title="批复文号")
    granted: bool = Field(title="批准")


@handles(RecordDismissalApproval)
def approve_dismissal(command: RecordDismissalApproval, state: S, _given: Given) -> Decision:
    """From outside."""
    event = events.ExternalApprovalRecorded(
        person=str(command.person), organ=command.organ, document=command.document, granted=command.granted
    )
    return sanctions.approve_dismissal(state, event)


@command(
    of=accountability_case,
    verb="decide-party-discipline",
    title="党组审议党纪处分",
    capability="audit.decide_party_discipline",
    rules=("ZR-06.5",),
    opens=guards.both(guards.decided, sanctions.outside("party_discipline")),
    events=(events.PartyDisciplineDecided,),
)
class DecidePartyDiscipline(Command):
    """党员的党纪处分由党组审议；不同意的，重新决定。"""

    person: UUID = Field(title="党员")
    document: Line = Field(title="会议纪要或者文号")
    granted: bool = Field(title="同意")


@handles(DecidePartyDiscipline)
def decide_party_discipline(command: DecidePartyDiscipline, state: S, _given: Given) -> Decision:
    """By the Party group."""
    event = events.PartyDisciplineDecided(person=str(command.person), document=command.document, granted=command.granted)
    return sanctions.decide_party_discipline(state, event)


@command(
    of=accountability_case,
    verb="notify",
    title="送达决定",
    capability="audit.carry_out_measure",
    rules=("ZR-06.0",),
    article=APPEALS,
    opens=guards.both(guards.decided, sanctions.all_approved),
    events=(events.MeasuresNotified,),
)
class NotifyMeasures(Command):
    """决定送达本人，告知申请复核的期限；全部送达以后生效。"""

    person: UUID = Field(title="送达给")
    way: Line = Field(title="方式")
    evidence: Line = Field(title="凭据", description="送达回证编号等")


@handles(NotifyMeasures)
def notify(command: NotifyMeasures, state: S, given: Given) -> Decision:
    """Told, with the period of appeal."""
    return sanctions.notify(state, given, str(command.person), command.way, command.evidence)


@command(
    of=accountability_case,
    verb="make-apology",
    title="登记赔礼道歉",
    capability="audit.carry_out_measure",
    rules=("ZR-06.2",),
    opens=guards.both(guards.in_effect, sanctions.due_now("apology")),
    events=(events.ApologyMade,),
)
class MakeApology(Command):
    """领导带当事人向服务对象赔礼道歉。"""

    led_by: UUID = Field(title="带领的领导")
    way: Line = Field(title="方式", description="当面、书面等；不写服务对象的姓名")
    evidence: Line = Field(title="凭据")


@handles(MakeApology)
def apologise(command: MakeApology, state: S, given: Given) -> Decision:
    """Led by the head."""
    return sanctions.apologise(state, given, str(command.led_by), command.way, command.evidence)


@command(
    of=accountability_case,
    verb="circulate-criticism",
    title="通报批评",
    capability="audit.carry_out_measure",
    rules=("ZR-06.2", "ZR-06.4"),
    opens=guards.both(guards.in_effect, sanctions.due_now("criticism")),
    events=(events.CaseCriticismCirculated,),
)
class CirculateCaseCriticism(Command):
    """印发通报。"""

    scope: Line = Field(title="通报范围")
    document: Line = Field(title="文号")


@handles(CirculateCaseCriticism)
def circulate(command: CirculateCaseCriticism, state: S, _given: Given) -> Decision:
    """So far."""
    return sanctions.circulate(state, command.scope, command.document)


@command(
    of=accountability_case,
    verb="admonish",
    title="行政告诫",
    capability="audit.carry_out_measure",
    rules=("ZR-06.4",),
    opens=guards.both(guards.in_effect, sanctions.due_now("admonition")),
    events=(events.Admonished,),
)
class AdmonishPersons(Command):
    """书面告诫。"""

    document: Line = Field(title="文号")


@handles(AdmonishPersons)
def admonish(command: AdmonishPersons, state: S, _given: Given) -> Decision:
    """In writing."""
    return sanctions.admonish(state, command.document)


@command(
    of=accountability_case,
    verb="revoke-excellence",
    title="免除评优",
    capability="audit.carry_out_measure",
    rules=("ZR-06.4",),
    opens=guards.both(guards.in_effect, sanctions.due_now("excellence")),
    events=(events.ExcellenceRevoked,),
)
class RevokeExcellence(Command):
    """免除当年评优资格；考核时据此办理。"""

    year: int = Field(title="年度", ge=2008, le=2100)


@handles(RevokeExcellence)
def revoke_excellence(command: RevokeExcellence, state: S, _given: Given) -> Decision:
    """For the year."""
    return sanctions.revoke_excellence(state, command.year)


@command(
    of=accountability_case,
    verb="transfer-to-judicial",
    title="移送司法机关",
    capability="audit.carry_out_measure",
    rules=("ZR-06.6", "BM-17"),
    opens=guards.both(guards.in_effect, sanctions.due_now("judicial")),
    events=(events.TransferredToJudicial,),
)
class TransferToJudicial(Command):
    """涉嫌犯罪的，移送司法机关。"""

    organ: Line = Field(title="司法机关")
    document: Line = Field(title="移送文书文号")


@handles(TransferToJudicial)
def transfer(command: TransferToJudicial, state: S, _given: Given) -> Decision:
    """Handed over."""
    return sanctions.transfer(state, command.organ, command.document)


@command(
    of=accountability_case,
    verb="carry-out",
    title="执行其他方式",
    capability="audit.carry_out_measure",
    rules=("ZR-03", "ZR-06.5"),
    opens=guards.both(guards.in_effect, sanctions.due_otherwise),
    events=(events.MeasureCarriedOut,),
)
class CarryOutMeasure(Command):
    """批评教育、处分、调离、辞退等已经执行。"""

    measure: MeasureKey = Field(title="方式")
    evidence: Line = Field(title="凭据")


@handles(CarryOutMeasure)
def carry_out(command: CarryOutMeasure, state: S, _given: Given) -> Decision:
    """Done."""
    return sanctions.carry_out(state, command.measure, command.evidence)


@command(
    of=accountability_case,
    verb="appeal",
    title="申请复核",
    capability="audit.appeal_measure",
    rules=("ZR-06.0",),
    article=APPEALS,
    opens=guards.appealable,
    events=(events.AppealFiled,),
)
class AppealMeasures(Command):
    """被追究的人员不服的，在期限内申请复核，或者由监察室、人事部门代为登记。"""

    person: UUID = Field(title="申请人")
    grounds: Text = Field(title="复核的理由", description=NAMELESS)


@handles(AppealMeasures)
def appeal(command: AppealMeasures, state: S, given: Given) -> Decision:
    """In time."""
    return sanctions.appeal(state, given, str(command.person), command.grounds)


@command(
    of=accountability_case,
    verb="decide-appeal",
    title="作出复核决定",
    capability="audit.decide_appeal",
    rules=("ZR-06.0", "X-04"),
    article="公务员法 第九十六条",
    opens=guards.both(guards.appealed, sanctions.reviewed_by_another),
    events=(events.AppealDecided, events.ExcellenceRestored),
)
class DecideAppeal(Command):
    """由没有参加调查、报送、批准和决定的人作出；不得加重。"""

    person: UUID = Field(title="申请人")
    result: Literal["maintained", "changed", "revoked"] = Field(title="决定")
    measures: tuple[MeasureKey, ...] = Field(default=(), title="变更后保留的方式", max_length=14, description="变更的填写")
    reason: Text = Field(title="理由", description=NAMELESS)


@handles(DecideAppeal)
def decide_appeal(command: DecideAppeal, state: S, _given: Given) -> Decision:
    """By others."""
    return sanctions.decide_appeal(state, str(command.person), command.result, command.reason, command.measures)


@command(
    of=accountability_case,
    verb="file",
    title="报备案",
    capability="audit.close_case",
    rules=("ZR-05f",),
    opens=guards.both(guards.fileable, sanctions.unfiled),
    events=(events.CaseFiled,),
)
class FileCase(Command):
    """处理结果报备案。"""

    number: Line = Field(title="备案号")
    to: Line = Field(title="报备机关")


@handles(FileCase)
def file(command: FileCase, _state: S, _given: Given) -> Decision:
    """For the record."""
    return sanctions.file(command.number, command.to)


@command(
    of=accountability_case,
    verb="close",
    title="结案",
    capability="audit.close_case",
    rules=("X-08", "ZR-05a"),
    opens=guards.both(guards.closable, sanctions.concluded),
    events=(events.CaseClosed,),
)
class CloseCase(Command):
    """每个问题都有结论，决定都已执行，复核期满，才能结案。"""

    reason: Text = Field(title="结案意见", description=NAMELESS)


@handles(CloseCase)
def close(command: CloseCase, state: S, _given: Given) -> Decision:
    """With a conclusion."""
    return sanctions.close(state, command.reason)


@command(
    of=accountability_case,
    verb="miss-deadline",
    title="记录责任追究办理逾期",
    capability="audit.keep_accountability_time",
    internal=True,
    rules=("ZR-05a",),
    events=(events.CaseDeadlineMissed,),
)
class MissCaseDeadline(Command):
    """分流、调查、审批或者复核的期限已过。"""


@handles(MissCaseDeadline)
def miss(_command: MissCaseDeadline, state: S, given: Given) -> Decision:
    """Each once."""
    return sanctions.miss(state, given)

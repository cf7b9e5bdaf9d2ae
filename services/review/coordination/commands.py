"""The commands of a coordination. Answers name nothing but the coordination: which letter is answered follows from whose official acts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.coordination import decisions, events, guards
from services.review.coordination.decisions import Addressee, Asked
from services.review.coordination.state import Coordination, coordination
from services.review.letter_series.series import LetterNumbersTaken, letter_series, series_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decided, Decision, Given, command, handles
from shared.kernel.identity import derived_id

C = Coordination
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Text = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]
ENDS = (events.CoordinationConcluded, events.LetterClosed)
ARTICLE = "国令711 第十一条"


class AddresseeIn(BaseModel):
    """An agency that is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: str = Field(title="机关代码", min_length=2, max_length=40)
    name: str = Field(title="机关名称", min_length=2, max_length=100)
    outside: bool = Field(default=False, title="不在本平台，书面答复")


class CoordinatedFile(BaseModel):
    """A file, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")


class ParticipantIn(BaseModel):
    """Who takes part in a panel."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(title="单位或者姓名", min_length=2, max_length=100)
    kind: Literal["unit", "authority", "expert"] = Field(title="身份")


def coordination_id(subject: UUID, round: int) -> UUID:
    """The coordination of a subject: one for each time it is asked."""
    return derived_id("review", "coordination", subject, round)


def numbers(command: Any, agency: AgencyFacts, day: Any, _state: C) -> list[tuple[Aggregate[Any], UUID]]:
    """The series that the letters' numbers come from."""
    return [(letter_series, series_id(agency.code, (command.effective_on or day).year))]


class Opening(Command):
    """What both ways of opening say."""

    source: str = Field(title="来自", max_length=20)
    subject: UUID = Field(title="事项")
    item: Line = Field(title="拟公开的信息", description="不要写入申请人的个人信息")
    text: Text = Field(title="协调函正文")
    addressees: tuple[AddresseeIn, ...] = Field(title="涉及的机关", min_length=1, max_length=20)
    urgent: bool = Field(default=False, title="紧急，请即时答复")
    co_made: bool = Field(default=False, title="共同制作的信息，依申请公开")
    files: tuple[CoordinatedFile, ...] = Field(default=(), title="文件", max_length=100)
    unit: str = Field(default="", title="承办科室", max_length=40)
    approval_by: str = Field(
        default="", title="须经批准的，批准机关", max_length=100, description="依照国家规定需要批准的，未经批准不得公开"
    )


def asked(command: Opening, round: int) -> Asked:
    """What a command asks."""
    return Asked(
        source=command.source,
        subject=command.subject,
        round=round,
        item=command.item,
        text=command.text,
        files=tuple(events.File(file.name, file.sha256) for file in command.files),
        addressees=tuple(Addressee(one.code, one.name, one.outside) for one in command.addressees),
        urgent=command.urgent,
        co_made=command.co_made,
        unit=command.unit,
        approval_by=command.approval_by,
    )


@command(
    of=coordination,
    verb="coordinate",
    title="提请协调确认",
    capability="review.open_coordination",
    creates=True,
    internal=True,
    rules=("XT-04", "XT-05a", "XT-05b"),
    article=ARTICLE,
    identity=lambda command, _agency, _day: coordination_id(command.subject, command.round),
    also=numbers,
    events=(events.CoordinationOpened, events.LetterSent, LetterNumbersTaken),
)
class CoordinateSubject(Opening):
    """另一个服务办理的事项涉及其他行政机关，提请协调确认。"""

    round: int = Field(title="第几次", ge=1)


@handles(CoordinateSubject)
def coordinate_subject(command: CoordinateSubject, state: C, given: Given) -> Decision:
    """Filed in the case of its subject."""
    return Decided(decisions.open_coordination(state, given, asked(command, command.round)), case=command.subject)


@command(
    of=coordination,
    verb="open",
    title="提出协调确认",
    capability="review.open_coordination",
    creates=True,
    rules=("XT-04", "XT-05a", "XT-05b", "YQ-03.5d"),
    article=ARTICLE,
    also=numbers,
    events=(events.CoordinationOpened, events.LetterSent, LetterNumbersTaken),
)
class OpenCoordination(Opening):
    """拟发布的信息涉及其他行政机关的，发布前书面征求其确认。"""

    source: Literal["publishing", "press"] = Field(default="publishing", title="用于")


@handles(OpenCoordination)
def open_coordination(command: OpenCoordination, state: C, given: Given) -> Decision:
    """Each agency has its letter."""
    return Decided(decisions.open_coordination(state, given, asked(command, 1)), case=command.subject)


class Answering(Command):
    """What every answer may say."""

    addressee: str = Field(default="", title="答复的机关代码", max_length=40, description="登记书面答复时填写；本机关自己答复不用填写")
    document: str = Field(default="", title="书面答复的文号", max_length=200, description="登记书面答复时填写")
    letter_hash: str = Field(default="", title="函件内容（SHA-256）", max_length=64, description="可以填写，用以核对所看到的内容")


@command(
    of=coordination,
    verb="confirm-letter",
    title="确认",
    capability="review.answer_letter",
    rules=("XT-05b",),
    article="国令711 第十一条、第三十四条",
    opens=guards.may_answer,
    shared=True,
    events=(events.Confirmed, events.ReplyOverdueWithdrawn, *ENDS),
)
class ConfirmLetter(Answering):
    """收到协调函的机关确认内容准确一致，可以公开。"""

    remark: str = Field(default="", title="说明", max_length=2000, json_schema_extra=TEXTAREA)


@handles(ConfirmLetter)
def confirm_letter(command: ConfirmLetter, state: C, given: Given) -> Decision:
    """By the agency itself."""
    letter = decisions.letter_answered(state, given, command.addressee, command.document, command.letter_hash)
    return decisions.confirm(state, given, letter, command.remark, command.document)


@command(
    of=coordination,
    verb="object-to-letter",
    title="提出异议",
    capability="review.answer_letter",
    rules=("XT-05b",),
    article="国令711 第十一条、第三十四条",
    opens=guards.may_object,
    shared=True,
    events=(events.Objected, events.ReplyOverdueWithdrawn),
)
class ObjectToLetter(Answering):
    """收到协调函的机关不同意公开，或者认为内容不准确、不一致，写明意见和依据。"""

    opinion: Text = Field(title="意见")
    basis: Line = Field(title="依据")


@handles(ObjectToLetter)
def object_to_letter(command: ObjectToLetter, state: C, given: Given) -> Decision:
    """With its basis."""
    letter = decisions.letter_answered(state, given, command.addressee, command.document, command.letter_hash)
    return decisions.object_to(state, given, letter, command.opinion, command.basis, command.document)


@command(
    of=coordination,
    verb="miss-answer",
    title="记录逾期未答复",
    capability="review.miss_deadline",
    internal=True,
    rules=("XT-05b",),
    events=(events.ReplyOverdue, *ENDS),
)
class MissAnswer(Command):
    """答复期限届满而没有答复。"""

    addressee: str = Field(title="机关代码", max_length=40)


@handles(MissAnswer)
def miss_answer(command: MissAnswer, state: C, given: Given) -> Decision:
    """Once."""
    return decisions.miss_answer(state, given, command.addressee)


@command(
    of=coordination,
    verb="record-silence",
    title="登记逾期未答复",
    capability="review.escalate_coordination",
    rules=("XT-05b",),
    article="国令711 第十一条、第三十四条",
    opens=guards.may_record_silence,
    events=(events.ReplyOverdue, *ENDS),
)
class RecordSilence(Command):
    """答复期限届满而没有答复；系统每天自动登记，也可以由承办人员登记。"""

    addressee: str = Field(title="没有答复的机关代码", min_length=2, max_length=40)


@handles(RecordSilence)
def record_silence(command: RecordSilence, state: C, given: Given) -> Decision:
    """What the keeper would record."""
    return decisions.record_silence(state, given, command.addressee)


@command(
    of=coordination,
    verb="resolve-by-competence",
    title="依权限认定",
    capability="review.resolve_coordination",
    rules=("XT-06.1",),
    article=ARTICLE,
    opens=guards.may_resolve,
    events=(events.ResolvedByCompetence, *ENDS),
)
class ResolveByCompetence(Command):
    """意见不一致，内容属于其中一个机关法定权限的，以该机关的意见为准。"""

    competent: str = Field(title="有权机关的代码", min_length=2, max_length=40)
    basis: Line = Field(title="权限依据", description="如“三定”规定、法律法规的条款")


@handles(ResolveByCompetence)
def resolve_by_competence(command: ResolveByCompetence, state: C, given: Given) -> Decision:
    """Its opinion holds."""
    return decisions.resolve(state, given, command.competent, command.basis)


@command(
    of=coordination,
    verb="escalate-for-ruling",
    title="报请主管部门决定",
    capability="review.escalate_coordination",
    rules=("XT-06.2a",),
    article=ARTICLE,
    opens=guards.disputed,
    events=(events.EscalatedForRuling,),
)
class EscalateForRuling(Command):
    """不能依权限认定的，报同级主管部门协调决定。"""

    department: str = Field(default="", title="主管部门的机关代码", max_length=40, description="在本平台上的填写")
    name: Line = Field(title="主管部门")
    reason: Text = Field(title="不能依权限认定的理由")


@handles(EscalateForRuling)
def escalate_for_ruling(command: EscalateForRuling, state: C, given: Given) -> Decision:
    """To none of those who disagree."""
    return decisions.escalate(state, given, command.department, command.name, command.reason)


@command(
    of=coordination,
    verb="convene-panel",
    title="组织研究",
    capability="review.rule",
    rules=("XT-06.2b",),
    article=ARTICLE,
    opens=guards.may_convene,
    shared=True,
    events=(events.PanelConvened,),
)
class ConvenePanel(Command):
    """主管部门组织涉及单位、业务主管部门和专家研究。"""

    participants: tuple[ParticipantIn, ...] = Field(title="参加研究的", min_length=1, max_length=50)
    minutes: Text = Field(title="研究意见")


@handles(ConvenePanel)
def convene_panel(command: ConvenePanel, _state: C, _given: Given) -> Decision:
    """All three kinds."""
    return decisions.convene(tuple(events.Participant(one.name, one.kind) for one in command.participants), command.minutes)


@command(
    of=coordination,
    verb="issue-ruling",
    title="作出协调决定",
    capability="review.rule",
    rules=("XT-06.2b",),
    article=ARTICLE,
    opens=guards.may_rule,
    shared=True,
    events=(events.RulingIssued,),
)
class IssueRuling(Command):
    """主管部门研究后，确定可否发布。"""

    publish: bool = Field(title="可以发布")
    document: Line = Field(title="决定文号")
    reason: Text = Field(title="理由")


@handles(IssueRuling)
def issue_ruling(command: IssueRuling, state: C, _given: Given) -> Decision:
    """Once."""
    return decisions.rule(state, command.publish, command.document, command.reason)


@command(
    of=coordination,
    verb="confirm-ruling",
    title="书面确认回复",
    capability="review.rule",
    rules=("XT-06.2c",),
    article=ARTICLE,
    opens=guards.may_confirm_ruling,
    shared=True,
    events=(events.RulingConfirmed, *ENDS),
)
class ConfirmRuling(Command):
    """主管部门把决定书面确认给每一个涉及单位。"""

    document: Line = Field(title="书面回复的文号")


@handles(ConfirmRuling)
def confirm_ruling(command: ConfirmRuling, state: C, given: Given) -> Decision:
    """To all."""
    return decisions.confirm_ruling(state, given, command.document)


@command(
    of=coordination,
    verb="authorise-publication",
    title="登记批准意见",
    capability="review.authorise_publication",
    rules=("XT-07",),
    article=ARTICLE,
    opens=guards.may_authorise,
    events=(events.PublicationAuthorised, *ENDS),
)
class AuthorisePublication(Command):
    """依照国家规定需要批准的，登记批准机关的意见；未经批准不得公开。"""

    granted: bool = Field(title="批准公开")
    document: Line = Field(title="批准文号")


@handles(AuthorisePublication)
def authorise_publication(command: AuthorisePublication, state: C, _given: Given) -> Decision:
    """Or not."""
    return decisions.authorise(state, command.granted, command.document)


@command(
    of=coordination,
    verb="withdraw",
    title="撤回协调",
    capability="review.withdraw_coordination",
    rules=("XT-04",),
    article=ARTICLE,
    opens=guards.own,
    events=(events.CoordinationWithdrawn, events.LetterClosed),
)
class WithdrawCoordination(Command):
    """不再公开，或者需要重新提出的，撤回协调。"""

    reason: Text = Field(title="理由")


@handles(WithdrawCoordination)
def withdraw_coordination(command: WithdrawCoordination, state: C, _given: Given) -> Decision:
    """Nobody need answer any more."""
    return decisions.withdraw(state, command.reason)

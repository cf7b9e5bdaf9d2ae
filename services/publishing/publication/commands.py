"""The commands of a publication. Each handler is a few lines that call a decision."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.catalogue_entry.state import catalogue_entry
from services.publishing.consultation.state import consultation
from services.publishing.interpretation.state import interpretation, interpretation_id
from services.publishing.publication import decisions, events, guards
from services.publishing.publication.decisions import Information, Origin
from services.publishing.publication.state import Publication, publication
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import Command, Decision, Given, command, handles

P = Publication
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Text = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]
Agency = Annotated[str, Field(max_length=40)]
CLOCK = "国令711 第二十六条"
STEPS = "国令711 第六条"


class FileIn(BaseModel):
    """A file, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=0)


class ConcernedIn(BaseModel):
    """An agency that the content concerns."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: str = Field(title="机关代码", min_length=2, max_length=40)
    name: str = Field(title="机关名称", min_length=2, max_length=100)
    outside: bool = Field(default=False, title="不在本平台，书面答复")


def entry_of(entry: UUID | None) -> list[tuple[Aggregate[Any], UUID]]:
    """The line of the catalogue that a publication fulfils."""
    return [] if entry is None else [(catalogue_entry, entry)]


def matter_of(matter: UUID | None) -> list[tuple[Aggregate[Any], UUID]]:
    """The important matter that it is a stage of."""
    return [] if matter is None else [(consultation, matter)]


@command(
    of=publication,
    verb="create",
    title="登记应当公开的信息",
    capability="publishing.draft",
    creates=True,
    rules=("KH-02.3a", "XT-03a", "XT-03b", "XT-03c", "XT-08"),
    article=CLOCK,
    also=lambda command, _agency, _day, _state: [*entry_of(command.entry), *matter_of(command.matter)],
    events=(events.InformationCreated,),
)
class CreateInformation(Command):
    """信息形成或者变更之日起计算公开期限；由制作、保存或者牵头的机关公开。"""

    title: Line = Field(title="标题")
    kind: Literal["normative", "policy", "budget", "procedure", "notice", "guide", "institution", "annual_report", "other"] = Field(
        default="other", title="种类"
    )
    origin: Literal["made", "obtained", "joint"] = Field(title="来源")
    maker: Agency = Field(default="", title="制作机关代码", description="制作的信息填写")
    keeper: Agency = Field(default="", title="保存机关代码", description="从公民、法人和其他组织获取的信息填写")
    lead: Agency = Field(default="", title="牵头单位代码", description="多家联合起草的填写")
    audience: Literal["external", "internal", "both"] = Field(default="external", title="公开范围")
    unit: str = Field(title="责任科室", min_length=1, max_length=40)
    concerns: tuple[ConcernedIn, ...] = Field(default=(), title="涉及的其他机关", max_length=20)
    entry: UUID | None = Field(default=None, title="目录事项")
    period: str = Field(default="", title="目录周期", max_length=200)
    change_of: UUID | None = Field(default=None, title="变更的是")
    matter: UUID | None = Field(default=None, title="重要事项")
    stage: Literal["", "decision", "result"] = Field(default="", title="公开的阶段", description="属于重要事项的，选择决策或者结果")


@handles(CreateInformation)
def create_information(command: CreateInformation, _state: P, given: Given) -> Decision:
    """By the right publisher."""
    concerns = tuple(events.Addressee(one.code, one.name, one.outside) for one in command.concerns)
    said = Information(
        command.title,
        command.kind,
        command.audience,
        command.unit,
        concerns,
        command.entry,
        command.period,
        command.change_of,
        command.matter,
        command.stage,
    )
    return decisions.create(given, Origin(command.origin, command.maker, command.keeper, command.lead), said)


@command(
    of=publication,
    verb="decide-online",
    title="确定是否上网",
    capability="publishing.decide_online",
    rules=("WZ-3", "WZ-3.1", "WZ-3.2", "WZ-3.3"),
    article="国令711 第十三条、第十八条",
    opens=guards.alive,
    events=(events.OnlineDecided,),
)
class DecideOnline(Command):
    """不涉及国家秘密、商业秘密和个人隐私而公众需要的，都应当上网；不予公开的定期重新评估。"""

    decision: Literal["online", "internal", "withheld"] = Field(title="决定")
    ground: Literal["", "state_secret", "work_secret", "trade_secret", "personal_privacy", "three_securities"] = Field(
        default="", title="不予公开的情形"
    )
    reason: Text = Field(title="理由")


@handles(DecideOnline)
def decide_online(command: DecideOnline, state: P, _given: Given) -> Decision:
    """With its ground."""
    return decisions.decide_online(state, command.decision, command.ground, command.reason)


@command(
    of=publication,
    verb="draft",
    title="起草公开内容",
    capability="publishing.draft",
    rules=("KH-02.3c", "DX-04.5"),
    article=STEPS,
    opens=guards.draftable,
    events=(events.PublicationDrafted,),
)
class DraftPublication(Command):
    """起草或者修改公开内容；修改已公开的内容须写明更正理由，并重新审核。"""

    title: Line = Field(title="标题")
    text: str = Field(title="正文", min_length=2, max_length=200_000, json_schema_extra=TEXTAREA)
    files: tuple[FileIn, ...] = Field(default=(), title="附件", max_length=100)
    subject: str = Field(default="", title="主题分类", max_length=100)
    issuer: str = Field(default="", title="发文机关", max_length=100)
    document_number: str = Field(default="", title="发文字号", max_length=60)
    date_of_issue: date | None = Field(default=None, title="成文日期")
    keywords: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(default=(), title="主题词", max_length=10)
    correction: str = Field(default="", title="更正理由", max_length=500)


@handles(DraftPublication)
def draft(command: DraftPublication, state: P, _given: Given) -> Decision:
    """The next version."""
    files = tuple(events.File(file.name, file.sha256, file.size) for file in command.files)
    said = events.PublicationDrafted(
        version=0,
        hash="",
        files=files,
        **command.model_dump(include={"title", "text", "subject", "issuer", "document_number", "date_of_issue", "keywords", "correction"}),
    )
    return decisions.draft(state, said)


@command(
    of=publication,
    verb="check-quality",
    title="质量检查",
    capability="publishing.check_quality",
    rules=("WZ-4.1",),
    article=STEPS,
    opens=guards.in_draft,
    events=(events.QualityChecked,),
)
class CheckQuality(Command):
    """机器能查的由系统检查，其余由检查人确认。"""

    confirmed: tuple[Literal["accurate", "fluent", "style"], ...] = Field(default=(), title="已确认", max_length=3)


@handles(CheckQuality)
def check_quality(command: CheckQuality, state: P, _given: Given) -> Decision:
    """The checklist."""
    return decisions.check_quality(state, command.confirmed)


@command(
    of=publication,
    verb="request-review",
    title="提请保密审查",
    capability="publishing.draft",
    rules=("BM-03b", "KH-02.3c"),
    article=guards.SECRECY,
    opens=guards.reviewable,
    events=(events.ReviewRequested,),
)
class RequestReview(Command):
    """把正文和附件提请保密审查，以内容的散列为准。"""


@handles(RequestReview)
def request_review(_command: RequestReview, state: P, _given: Given) -> Decision:
    """Asks review, over NATS."""
    return decisions.request_review(state)


@command(
    of=publication,
    verb="conclude-review",
    title="收到保密审查结论",
    capability="publishing.keep_time",
    internal=True,
    rules=("BM-03b",),
    events=(events.ReviewConcluded,),
)
class ConcludeReview(Command):
    """保密审查作出结论。"""

    review: int = Field(title="第几次审查")
    released: tuple[Sha256, ...] = Field(title="可以公开的")
    withheld: tuple[Sha256, ...] = Field(default=(), title="不予公开的")


@handles(ConcludeReview)
def conclude_review(command: ConcludeReview, state: P, _given: Given) -> Decision:
    """What review answered."""
    return decisions.conclude_review(state, command.review, command.released, command.withheld)


@command(
    of=publication,
    verb="request-coordination",
    title="提请协调确认",
    capability="publishing.draft",
    rules=("XT-04",),
    article=guards.AGREED,
    opens=guards.concerning,
    events=(events.CoordinationRequested,),
)
class RequestCoordination(Command):
    """涉及其他机关的，发布前书面征求其确认。"""

    text: Text = Field(title="协调函正文")
    urgent: bool = Field(default=False, title="紧急，请即时答复")
    approval_by: str = Field(default="", title="须经批准的，批准机关", max_length=100)


@handles(RequestCoordination)
def request_coordination(command: RequestCoordination, state: P, _given: Given) -> Decision:
    """All of them."""
    return decisions.request_coordination(state, command.text, command.urgent, command.approval_by)


@command(
    of=publication,
    verb="conclude-coordination",
    title="收到协调确认结论",
    capability="publishing.keep_time",
    internal=True,
    rules=("XT-04",),
    events=(events.CoordinationConcluded,),
)
class ConcludeCoordination(Command):
    """协调确认作出结论。"""

    round: int = Field(title="第几次")
    agreed: bool = Field(title="可以公开")
    how: str = Field(title="如何达成", max_length=40)
    files: tuple[Sha256, ...] = Field(default=(), title="文件")
    opinion: str = Field(default="", title="意见", max_length=4000)


@handles(ConcludeCoordination)
def conclude_coordination(command: ConcludeCoordination, state: P, _given: Given) -> Decision:
    """What they came to."""
    concluded = events.CoordinationConcluded(
        round=command.round, agreed=command.agreed, how=command.how, files=command.files, opinion=command.opinion
    )
    return decisions.conclude_coordination(state, concluded)


@command(
    of=publication,
    verb="approve",
    title="批准公开",
    capability="publishing.approve",
    rules=("KH-02.3c", "BM-03b", "XT-04", "WZ-4.1", "ZJ-06.1a", "YQ-03.2b", "DX-06c"),
    article=STEPS,
    opens=guards.ready,
    also=lambda _command, _agency, _day, state: [(interpretation, interpretation_id(state.id)), *matter_of(state.matter)],
    events=(events.PublicationApproved,),
)
class ApprovePublication(Command):
    """质量检查、保密审查和协调确认都已通过的，由分管领导批准。"""

    approves: Sha256 = Field(title="批准的内容（SHA-256）")


@handles(ApprovePublication)
def approve(command: ApprovePublication, state: P, given: Given) -> Decision:
    """Not by who drafted it."""
    return decisions.approve(state, given, command.approves)


@command(
    of=publication,
    verb="return-draft",
    title="退回修改",
    capability="publishing.approve",
    rules=("KH-02.3c",),
    article=STEPS,
    opens=guards.in_draft,
    events=(events.PublicationReturned,),
)
class ReturnDraft(Command):
    """不批准的，写明理由退回。"""

    reason: Text = Field(title="理由")


@handles(ReturnDraft)
def return_draft(command: ReturnDraft, _state: P, _given: Given) -> Decision:
    """With its reason."""
    return decisions.return_draft(command.reason)

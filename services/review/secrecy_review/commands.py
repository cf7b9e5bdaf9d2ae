"""The commands of a secrecy review. Each handler is a few lines that call a decision."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.marked_content.register import ContentMarked, content_id, marked_content
from services.review.secrecy_review import decisions, events, guards
from services.review.secrecy_review.state import SecrecyReview, secrecy_review
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decided, Decision, Given, command, handles
from shared.kernel.identity import derived_id

S = SecrecyReview
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Text = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA)]


class FileIn(BaseModel):
    """A file, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=0)


class OpinionIn(BaseModel):
    """The opinion on one file."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    sha256: Sha256 = Field(title="文件（SHA-256）")
    opinion: Literal["release", "exempt", "partial", "escalate"] = Field(title="意见")
    bases: tuple[Annotated[str, Field(min_length=2, max_length=200)], ...] = Field(title="审查依据", min_length=1, max_length=10)
    reason: Text = Field(title="理由")
    ground: Literal["", "state_secret", "work_secret", "trade_secret", "personal_privacy", "three_securities"] = Field(
        default="", title="不公开的情形"
    )


def review_id(subject: UUID, review: int) -> UUID:
    """The review of a subject: one for each time it is asked."""
    return derived_id("review", subject, review)


def review_before(command: "OpenReview") -> UUID | None:
    """The review of the same subject before this one; None for the first."""
    return review_id(command.subject, command.review - 1) if command.review > 1 else None


def marks_of(agency: AgencyFacts, hashes: Iterable[str]) -> list[tuple[Aggregate[Any], UUID]]:
    """What the register of marked content says of these bytes."""
    return [(marked_content, content_id(agency.code, sha256)) for sha256 in hashes]


@command(
    of=secrecy_review,
    verb="open",
    title="提请保密审查",
    capability="review.open",
    creates=True,
    internal=True,
    rules=("BM-02", "BM-03a", "BM-03b"),
    identity=lambda command, _agency, _day: review_id(command.subject, command.review),
    also=lambda command, agency, _day, _review: [
        *marks_of(agency, (file.sha256 for file in command.files)),
        *((secrecy_review, before) for before in [review_before(command)] if before is not None),
    ],
    events=(events.ReviewOpened,),
)
class OpenReview(Command):
    """把拟公开的文件提请保密审查。"""

    source: str = Field(title="来自", max_length=20)
    subject: UUID = Field(title="事项")
    review: int = Field(title="第几次", ge=1)
    files: tuple[FileIn, ...] = Field(title="文件", min_length=1)
    unit: str = Field(default="", title="科室", max_length=40)
    stored: tuple[Sha256, ...] = Field(default=(), title="平台保存的文件（SHA-256）")


@handles(OpenReview)
def open_review(command: OpenReview, state: S, given: Given) -> Decision:
    """Filed in the case of its subject."""
    files = tuple(events.File(file.name, file.sha256, file.size) for file in command.files)
    made = decisions.open_review(
        state, given, command.source, command.subject, command.review, files, command.unit, command.stored, review_before(command)
    )
    return Decided(made, case=command.subject)


@command(
    of=secrecy_review,
    verb="mark",
    title="标明是否涉密",
    capability="review.mark",
    rules=("BM-12a", "BM-07.1"),
    also=lambda command, agency, _day, _review: marks_of(agency, (command.sha256,)),
    opens=guards.may_opine,
    events=(events.SecrecyMarked, ContentMarked),
)
class Mark(Command):
    """信息产生时标明是否属于国家秘密、工作秘密或者商业秘密。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    mark: Literal["none", "secret", "confidential", "top_secret", "work_secret", "trade_secret"] = Field(title="标识")
    until: date | None = Field(default=None, title="保密期限至")


@handles(Mark)
def mark(command: Mark, state: S, given: Given) -> Decision:
    """Marks it."""
    return decisions.mark(state, given, command.sha256, command.mark, command.until)


@command(
    of=secrecy_review,
    verb="give-opinion",
    title="提出审查意见",
    capability="review.give_opinion",
    rules=("BM-03a", "BM-05", "BM-07.1", "BM-07.2", "BM-07.3", "BM-09", "BM-12b", "X-05"),
    article="国令711 第十七条",
    also=lambda command, agency, _day, _review: marks_of(agency, (one.sha256 for one in command.opinions)),
    opens=guards.may_opine,
    events=(events.OpinionGiven, events.ReviewEscalated),
)
class GiveOpinion(Command):
    """对每一份文件提出意见：公开、免于公开、区分处理或者报请确定，并注明依据和理由。"""

    opinions: tuple[OpinionIn, ...] = Field(title="意见", min_length=1, max_length=100)
    joint_units: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(
        default=(), title="共同形成的其他科室", description="须征得书面同意后方可公开", max_length=20
    )
    escalate_to: Literal["superior", "secrecy_office"] = Field(
        default="superior", title="报请", description="有“报请确定”的意见时：业务方面报上级机关，其他方面报保密行政管理部门"
    )


@handles(GiveOpinion)
def give_opinion(command: GiveOpinion, state: S, given: Given) -> Decision:
    """On each file."""
    opinions = tuple(events.Opinion(one.sha256, one.opinion, one.bases, one.reason, one.ground) for one in command.opinions)
    return decisions.give_opinion(state, given, opinions, command.joint_units, command.escalate_to)


@command(
    of=secrecy_review,
    verb="consent",
    title="共同科室同意",
    capability="review.consent",
    rules=("BM-09",),
    opens=guards.not_decided,
    events=(events.UnitsConsented,),
)
class Consent(Command):
    """共同形成信息的科室书面同意公开。"""

    unit: str = Field(title="科室", min_length=1, max_length=40)
    document: str = Field(title="书面意见", min_length=2, max_length=200)


@handles(Consent)
def consent(command: Consent, state: S, _given: Given) -> Decision:
    """In writing."""
    return decisions.consent(state, command.unit, command.document)


@command(
    of=secrecy_review,
    verb="refuse-consent",
    title="共同科室不同意",
    capability="review.consent",
    rules=("BM-09",),
    opens=guards.not_decided,
    events=(events.UnitRefused,),
)
class RefuseConsent(Command):
    """共同形成信息的科室书面表示不同意公开；在其同意之前不得公开。"""

    unit: str = Field(title="科室", min_length=1, max_length=40)
    reason: Text = Field(title="理由")


@handles(RefuseConsent)
def refuse_consent(command: RefuseConsent, state: S, _given: Given) -> Decision:
    """With its reason."""
    return decisions.refuse_consent(state, command.unit, command.reason)


@command(
    of=secrecy_review,
    verb="escalate",
    title="报请确定",
    capability="review.escalate",
    rules=("BM-10a", "BM-10b"),
    opens=guards.may_opine,
    events=(events.ReviewEscalated,),
)
class Escalate(Command):
    """不能确定是否可以公开的，报有关主管部门或者保密行政管理部门确定。"""

    to: Literal["superior", "secrecy_office"] = Field(title="报请")
    reason: Text = Field(title="理由")


@handles(Escalate)
def escalate(command: Escalate, _state: S, _given: Given) -> Decision:
    """Up."""
    return [events.ReviewEscalated(to=command.to, reason=command.reason)]


@command(
    of=secrecy_review,
    verb="record-determination",
    title="登记确定意见",
    capability="review.record_determination",
    rules=("BM-10a", "BM-10b"),
    opens=guards.may_record_determination,
    events=(events.DeterminationReceived,),
)
class RecordDetermination(Command):
    """登记有权机关的确定意见。"""

    secret: bool = Field(title="确定为国家秘密")
    document: str = Field(title="文号", min_length=2, max_length=200)


@handles(RecordDetermination)
def record_determination(command: RecordDetermination, _state: S, _given: Given) -> Decision:
    """Records it."""
    return [events.DeterminationReceived(secret=command.secret, document=command.document)]


@command(
    of=secrecy_review,
    verb="declassify",
    title="办理解密",
    capability="review.declassify",
    rules=("BM-11",),
    also=lambda command, agency, _day, _review: marks_of(agency, (command.sha256,)),
    opens=guards.may_opine,
    events=(events.DeclassificationRecorded, ContentMarked),
)
class Declassify(Command):
    """保密期限届满，或者有权机关确定不属于国家秘密的，先办理解密再审查。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    document: str = Field(title="解密文件", min_length=2, max_length=200)


@handles(Declassify)
def declassify(command: Declassify, state: S, given: Given) -> Decision:
    """First."""
    return decisions.declassify(state, given, command.sha256, command.document)


@command(
    of=secrecy_review,
    verb="direct-redactions",
    title="指明区分处理",
    capability="review.direct_redactions",
    rules=("BM-14", "YS-07.5"),
    opens=guards.may_opine,
    events=(events.RedactionsDirected,),
)
class DirectRedactions(Command):
    """指明文件中不公开的内容，其余可以公开。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    parts: tuple[Annotated[str, Field(min_length=2, max_length=500)], ...] = Field(title="不公开的内容", min_length=1, max_length=100)


@handles(DirectRedactions)
def direct_redactions(command: DirectRedactions, state: S, _given: Given) -> Decision:
    """Directs them."""
    decisions.known(state, command.sha256)
    return [events.RedactionsDirected(sha256=command.sha256, parts=command.parts)]


@command(
    of=secrecy_review,
    verb="verify-redactions",
    title="核验区分处理",
    capability="review.direct_redactions",
    internal=True,
    rules=("BM-14", "YS-07.5"),
    opens=guards.not_decided,
    events=(events.RedactionsVerified,),
)
class VerifyRedactions(Command):
    """平台提取文件的文字，没有再找到应当区分处理的内容；不能用文字核验的，已人工核对。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    directions: Sha256 = Field(title="指明的内容（散列）")
    unproved: tuple[int, ...] = Field(default=(), title="不能用文字核验的项")
    images: int = Field(default=0, title="图像页数", ge=0)
    confirmed: bool = Field(default=False, title="已人工逐页核对")


@handles(VerifyRedactions)
def verify_redactions(command: VerifyRedactions, state: S, _given: Given) -> Decision:
    """Of exactly these bytes."""
    return decisions.verify_redactions(state, command.sha256, command.directions, command.unproved, command.images, command.confirmed)


@command(
    of=secrecy_review,
    verb="approve",
    title="批准审查意见",
    capability="review.approve",
    rules=("BM-03b", "BM-06b", "BM-06c", "BM-07.1", "X-03", "X-04"),
    article="国令711 第十七条",
    also=lambda _command, agency, _day, review: marks_of(agency, review.hashes()),
    opens=guards.may_approve,
    events=(events.ReviewApproved,),
)
class Approve(Command):
    """分管领导批准审查意见；须注明所批准的意见。"""

    approves: Sha256 = Field(title="所批准的意见（散列）")


@handles(Approve)
def approve(command: Approve, state: S, given: Given) -> Decision:
    """Exactly that opinion."""
    return decisions.approve(state, given, command.approves)


@command(
    of=secrecy_review,
    verb="reject",
    title="不批准",
    capability="review.reject",
    rules=("BM-06c",),
    opens=guards.may_decide,
    events=(events.ReviewRejected,),
)
class Reject(Command):
    """分管领导不批准审查意见。"""

    reason: Text = Field(title="理由")


@handles(Reject)
def reject(command: Reject, state: S, _given: Given) -> Decision:
    """Nothing leaves."""
    return decisions.reject(state, command.reason)


@command(
    of=secrecy_review,
    verb="miss-deadline",
    title="记录逾期",
    capability="review.miss_deadline",
    internal=True,
    events=(events.DeadlineMissed,),
)
class MissDeadline(Command):
    """审查期限届满而没有结论。"""


@handles(MissDeadline)
def miss_deadline(_command: MissDeadline, state: S, given: Given) -> Decision:
    """Once."""
    return decisions.miss_deadline(state, given)

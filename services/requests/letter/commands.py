"""The commands of letters. The one that issues has no route: only the platform, that has set the letter and kept its bytes, gives it."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from pydantic import AfterValidator, Field

from services.requests.disclosure_request.commands.fields import Line, Reason
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.letter import decisions, events
from services.requests.letter.decisions import Letter, Letterhead, letter, letter_number, letter_series_id, letterhead, letterhead_id
from services.requests.number_series.series import NumberSeries, NumberTaken, number_series
from shared.kernel.commands import AgencyFacts, Command, Decided, Decision, Given, On, command, handles
from shared.letters.content import LetterContent
from shared.trust.personal import Personal

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
WAYS = Literal["email", "post", "fax", "pick_up", "online"]


def words_of_a_letter(text: str) -> str:
    """The words of a letter, as JSON."""
    try:
        msgspec.json.decode(text, type=LetterContent)
    except msgspec.MsgspecError:
        raise ValueError("不是文书的内容") from None
    return text


@command(
    of=letter,
    verb="issue",
    title="制发文书",
    capability="requests.issue_letter",
    rules=("X-06",),
    article="国令711 第四十五条",
    creates=True,
    internal=True,
    also=lambda command, agency, day, _state: [
        (disclosure_request, command.request),
        (number_series, letter_series_id(agency.code, command.kind, day.year)),
    ],
    events=(events.LetterIssued, NumberTaken),
)
class IssueLetter(Command):
    """一份已经排版并保存的文书。"""

    request: UUID = Field(title="申请")
    kind: str = Field(title="文书种类", max_length=40)
    party: int = Field(default=0, title="第三方序号", ge=0)
    sequence: int = Field(title="序号", ge=1)
    words: Annotated[str, AfterValidator(words_of_a_letter)] = Field(title="内容", max_length=200_000)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=1)
    kept_sha256: Sha256 = Field(title="保存内容的 SHA-256")
    kept: int = Field(title="保存的字节数", ge=1)
    file: UUID = Field(title="文件编号")
    template: Sha256 = Field(title="模板版本")


@handles(IssueLetter)
def issue(command: IssueLetter, _state: Letter, given: Given) -> Decision:
    """Takes the next number of its kind, agency and year, which stands on it already."""
    request = given.others[command.request]
    series = given.others[letter_series_id(given.agency.code, command.kind, given.today.year)]
    assert isinstance(request, DisclosureRequest)
    assert isinstance(series, NumberSeries)
    said = msgspec.json.decode(command.words, type=LetterContent)
    kind = decisions.check_issue(request, series, given, command.kind, command.party, command.sequence, said.dated)
    key = request.person_key
    if command.party:
        key = next(one.person_key for one in request.third_parties if one.number == command.party)
    assert key is not None
    number = letter_number(given.agency.code, kind, given.today.year, command.sequence)
    issued = events.LetterIssued(
        request=command.request, kind=command.kind, number=number, person_key=key, words=Personal.plain(command.words),
        sha256=command.sha256, size=command.size, kept_sha256=command.kept_sha256, kept=command.kept, file=command.file,
        template=command.template, party=command.party,
        draft=request.draft.hash if command.kind == "reply" and request.draft is not None else "", unit=request.unit,
    )  # fmt: skip
    taken = On(number_series, series.id, NumberTaken(number=command.sequence, request=command.request))
    return Decided([issued, taken], {"number": number, "sha256": command.sha256}, case=command.request)


@command(
    of=letter,
    verb="send",
    title="登记发出",
    capability="requests.issue_letter",
    rules=("X-06",),
    events=(events.LetterSent,),
)
class SendLetter(Command):
    """文书已经发出，记录方式和凭据。"""

    way: WAYS = Field(title="送达方式")
    evidence: Line = Field(title="发出凭据", min_length=2, max_length=200, description="如：挂号信号码")


@handles(SendLetter)
def send(command: SendLetter, state: Letter, _given: Given) -> Decision:
    """On its way."""
    return decisions.send(state, command.way, command.evidence)


@command(
    of=letter,
    verb="record-delivery",
    title="登记送达",
    capability="requests.issue_letter",
    rules=("X-06",),
    events=(events.LetterDelivered,),
)
class RecordLetterDelivery(Command):
    """文书已经送达，留存凭据。"""

    evidence: Line = Field(title="送达凭据", min_length=2, max_length=200, description="如：回执签收、当面签收")


@handles(RecordLetterDelivery)
def deliver(command: RecordLetterDelivery, state: Letter, _given: Given) -> Decision:
    """Arrived."""
    return decisions.deliver(state, command.evidence)


@command(
    of=letter,
    verb="record-return",
    title="登记退回",
    capability="requests.issue_letter",
    rules=("X-06",),
    events=(events.LetterReturned,),
)
class RecordLetterReturn(Command):
    """文书无法送达，被退回。"""

    reason: Reason = Field(title="退回原因")


@handles(RecordLetterReturn)
def come_back(command: RecordLetterReturn, state: Letter, _given: Given) -> Decision:
    """Came back."""
    return decisions.come_back(state, command.reason)


@command(
    of=letter,
    verb="withdraw",
    title="撤销文书",
    capability="requests.issue_letter",
    rules=("X-06",),
    also=lambda command, _agency, _day, _state: [(letter, command.replaced_by)] if command.replaced_by else [],
    events=(events.LetterWithdrawn,),
)
class WithdrawLetter(Command):
    """撤销文书；已经发出的，须由另一份同种文书替代。"""

    reason: Reason = Field(title="撤销理由")
    replaced_by: UUID | None = Field(default=None, title="替代的文书")


@handles(WithdrawLetter)
def withdraw(command: WithdrawLetter, state: Letter, given: Given) -> Decision:
    """Holds no more."""
    further = given.others.get(command.replaced_by) if command.replaced_by else None
    return decisions.withdraw(
        state, command.reason, further if isinstance(further, Letter) and further.exists else None, command.replaced_by
    )


def own_letterhead(_command: Any, agency: AgencyFacts, _day: Any) -> UUID:
    """Each agency has one."""
    return letterhead_id(agency.code)


@command(
    of=letterhead,
    verb="set",
    title="设置文书信息",
    capability="requests.set_letterhead",
    article="国令711 第四十五条",
    creates=True,
    identity=own_letterhead,
    events=(events.LetterheadSet,),
)
class SetLetterhead(Command):
    """本机关文书上的联系方式，以及行政复议机关和管辖法院。"""

    contact: Line = Field(title="联系方式", min_length=3, max_length=200)
    reconsideration_organ: Line = Field(title="行政复议机关", min_length=2, max_length=100)
    court: Line = Field(title="管辖法院", min_length=2, max_length=100)


@handles(SetLetterhead)
def set_letterhead(command: SetLetterhead, _state: Letterhead, _given: Given) -> Decision:
    """From now on."""
    return [events.LetterheadSet(contact=command.contact, reconsideration_organ=command.reconsideration_organ, court=command.court)]


@command(
    of=letterhead,
    verb="adopt-template",
    title="采用文书模板",
    capability="requests.set_letterhead",
    article="国令711 第四十五条",
    creates=True,
    internal=True,
    identity=own_letterhead,
    events=(events.LetterTemplateAdopted,),
)
class AdoptLetterTemplate(Command):
    """一个已经试排成功的模板。"""

    source: str = Field(title="模板", min_length=10, max_length=60_000)


@handles(AdoptLetterTemplate)
def adopt_template(command: AdoptLetterTemplate, state: Letterhead, _given: Given) -> Decision:
    """From now on; the same again is nothing new."""
    return [] if state.sources and state.sources[-1] == command.source else [events.LetterTemplateAdopted(source=command.source)]


@command(
    of=letterhead,
    verb="adopt-docx-template",
    title="采用可编辑副本的模板",
    capability="requests.set_letterhead",
    article="国令711 第四十五条",
    creates=True,
    internal=True,
    identity=own_letterhead,
    events=(events.LetterDocxTemplateAdopted,),
)
class AdoptDocxTemplate(Command):
    """一个已经试填成功并保存的模板；不填 SHA-256 即恢复平台自带的。"""

    sha256: str = Field(default="", title="SHA-256", pattern="^([0-9a-f]{64})?$")
    size: int = Field(default=0, title="字节数", ge=0)


@handles(AdoptDocxTemplate)
def adopt_docx_template(command: AdoptDocxTemplate, state: Letterhead, _given: Given) -> Decision:
    """From now on; the same again is nothing new."""
    return [] if state.docx == command.sha256 else [events.LetterDocxTemplateAdopted(sha256=command.sha256, size=command.size)]

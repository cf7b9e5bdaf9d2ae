"""A comment as it stands, and the decisions about it: examined before it is answered, and never refused without a reason (JC-03, JC-06)."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from services.publishing.comment.events import CommentAnswered, CommentExamined, CommentReceived, ReasonsSent
from services.publishing.comment_register.events import CommentNumbered
from services.publishing.comment_register.state import CommentRegister, comment_register
from services.publishing.consultation.state import Consultation
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.trust.personal import Personal

Events = Sequence[Event]


class Comment(State, frozen=True):
    """A comment as it stands."""

    consultation: UUID | None = None
    unit: str = ""
    number: int = 0
    text: Personal | None = None
    person_key: UUID | None = None
    representative: bool = False
    argument: str = ""
    reasonable: bool | None = None
    adopted: bool | None = None
    reason: str = ""
    reasons_sent: bool = False


comment: Aggregate[Comment] = Aggregate("publishing.Comment", Comment)
evolves = comment.evolves


@evolves(CommentReceived)
def received(state: Comment, event: CommentReceived, _meta: Meta) -> Comment:
    """What was said."""
    return replace(
        state,
        consultation=event.consultation,
        unit=event.unit,
        number=event.number,
        text=event.text,
        person_key=event.person_key,
        representative=event.representative,
    )


@evolves(CommentExamined)
def examined(state: Comment, event: CommentExamined, _meta: Meta) -> Comment:
    """The argument."""
    return replace(state, argument=event.argument, reasonable=event.reasonable)


@evolves(CommentAnswered)
def answered(state: Comment, event: CommentAnswered, _meta: Meta) -> Comment:
    """Adopted or not."""
    return replace(state, adopted=event.adopted, reason=event.reason)


@evolves(ReasonsSent)
def reasons_sent(state: Comment, _event: ReasonsSent, _meta: Meta) -> Comment:
    """In writing."""
    return replace(state, reasons_sent=True)


def receive(
    given: Given, draft: Consultation, register: CommentRegister, text: str, name: str, contact: str, representative: bool
) -> Sequence[Event | On]:
    """From anybody, while the period runs; it gets its number."""
    if not draft.exists:
        raise NotFound("no-such-consultation", "没有找到该征求意见的事项，请核对编号。")
    if not draft.takes_comments(given.today):
        raise Refused("not-consulting", "该事项现在不征求意见，或者期限已过。", article="国令713 第十五条")
    number = register.received + 1
    numbered = CommentNumbered(consultation=draft.id, comment=given.id, number=number)
    return [
        CommentReceived(
            consultation=draft.id,
            text=Personal.plain(text),
            person_key=given.new_person(),
            name=Personal.plain(name) if name else None,
            contact=Personal.plain(contact) if contact else None,
            representative=representative,
            unit=draft.unit,
            number=number,
        ),
        On(comment_register, register.id, numbered, case=draft.id),
    ]


def unanswered(state: Comment, given: Given) -> None:
    """It waits for its answer."""
    if state.adopted is not None:
        raise Refused("answered-already", "已经决定是否采纳。")


def was_examined(state: Comment, given: Given) -> None:
    """There is an argument, and no answer yet."""
    unanswered(state, given)
    if state.reasonable is None:
        raise Refused("not-examined", "决定是否采纳以前，须充分论证并记录。", article="本局公众参与制度（JC-06d）")


def owed_reasons(state: Comment, given: Given) -> None:
    """A representative's opinion that was not adopted."""
    if not state.representative or state.adopted is not False:
        raise Refused("no-reasons-owed", "只有公众代表的意见未采纳时，才书面说明理由。", article="本局公众参与制度（JC-06b）")


def examine(reasonable: bool, argument: str) -> Events:
    """Before it is answered (JC-06d)."""
    return [CommentExamined(reasonable=reasonable, argument=argument)]


def answer(adopted: bool, reason: str) -> Events:
    """A reasonable one should be adopted; one that is not has its reason (JC-03b)."""
    if not adopted and not reason:
        raise Invalid("reason-missing", "不采纳的须说明理由。", fields=[{"field": "reason", "sentence": "请填写"}])
    return [CommentAnswered(adopted=adopted, reason=reason)]


def send_reasons(document: str) -> Events:
    """To a representative whose opinion was not adopted (JC-06b)."""
    return [ReasonsSent(document=document)]

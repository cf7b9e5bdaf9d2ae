"""When each step of a coordination is open: guards that refuse, with what would make it possible."""

from services.review.coordination.state import TITLES, Answer, Coordination, Letter, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.law.rulebook import Rulebook

C = Coordination


def book_of(state: C, given: Given) -> Rulebook:
    """The rulebook of the coordination: the one of the day it was opened."""
    return given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook


def not_closed(state: C, given: Given) -> None:
    """Nothing happens to a coordination that has ended."""
    if state.closed:
        raise Refused("coordination-closed", f"该协调{TITLES[state.stage]}，已经办结，不能再办理。", article="国令711 第十一条")


def own(state: C, given: Given) -> None:
    """The agency that has asked does this; the others answer."""
    not_closed(state, given)
    if given.acting_for != state.agency:
        raise Refused("asking-agency-acts", "这一步由提出协调的机关办理，贵机关可以确认或者提出异议。")


def letters_to_answer(state: C, given: Given) -> list[Letter]:
    """The letters that this actor may answer: its own agency's; officials of the asking one record the answers that come on paper."""
    own = given.acting_for == state.agency
    return [letter for letter in state.letters if (letter.outside if own else letter.addressee == given.acting_for)]


def may_answer(state: C, given: Given) -> None:
    """A letter to this agency waits, is overdue without consent, or was objected to; the dispute is not decided yet."""
    not_closed(state, given)
    mine = letters_to_answer(state, given)
    if not mine:
        raise Refused("no-letter", "没有发给本机关而待答复的协调函；发给平台上其他机关的函，由该机关自己答复。")
    if state.settled is not None or state.escalation is not None:
        raise Refused("dispute-decided", "已经依权限认定、报请主管部门决定或者取得一致意见，不再答复。", article="国令711 第十一条")
    if all(letter.answer is Answer.CONFIRMED for letter in mine):
        raise Refused("answered-already", "已经确认，不必再次答复。")


def may_object(state: C, given: Given) -> None:
    """Besides, what was objected to is not objected to again."""
    may_answer(state, given)
    if all(letter.answer in (Answer.CONFIRMED, Answer.OBJECTED) for letter in letters_to_answer(state, given)):
        raise Refused("answered-already", "已经答复，不必再次提出异议；意见改变的，可以办理“确认”。")


def may_record_silence(state: C, given: Given) -> None:
    """A letter is not answered, and its day is over."""
    own(state, given)
    if not any(letter.answer is Answer.WAITING and letter.deadline.due < given.today for letter in state.letters):
        raise Refused("nobody-silent", "没有逾期未答复的函。", article="国令711 第十一条")


def disputed(state: C, given: Given) -> None:
    """Every letter was answered or is overdue, and not all agree."""
    own(state, given)
    if state.stage is Stage.WAITING:
        waiting = "、".join(letter.name for letter in state.letters if letter.answer is Answer.WAITING)
        raise Refused("answers-awaited", f"尚待答复：{waiting}。答复到齐或者逾期之后，才能处理不一致的意见。", article="国令711 第十一条")
    if state.stage is not Stage.DISPUTED:
        raise Refused("no-dispute", f"该协调{TITLES[state.stage]}，没有待处理的不一致意见。")


def may_resolve(state: C, given: Given) -> None:
    """By another person than who has asked."""
    disputed(state, given)
    if given.actor.persons & set(state.opened_by):
        raise Refused("opener-resolves", "提出协调的人不能自己认定结果，请由有权认定的另一人办理。")


def ruler(state: C, given: Given) -> None:
    """The department that was asked to decide does this; where it is not on this platform, the asking agency records what it wrote."""
    not_closed(state, given)
    if state.escalation is None:
        raise Refused("not-escalated", "没有报请主管部门协调决定。", remedy="不能依权限认定的，请先办理“报请主管部门决定”。")
    if given.acting_for != (state.escalation.department or state.agency):
        raise Refused(
            "department-decides", f"由{state.escalation.name}协调决定，其他机关不能办理。", article="本局信息发布协调制度（XT-06.2a）"
        )


def may_convene(state: C, given: Given) -> None:
    """Before the decision."""
    ruler(state, given)
    if state.ruling is not None:
        raise Refused("ruled-already", "已经作出协调决定。")


def may_rule(state: C, given: Given) -> None:
    """Once, after the panel where the rulebook asks for one."""
    may_convene(state, given)
    book = book_of(state, given)
    if book.says("panel_before_ruling") and not state.panel:
        raise Refused(
            "panel-missing",
            "主管部门须先组织涉及单位、业务主管部门和专家研究，再作出决定。",
            article=book.provisions["panel_before_ruling"].article,
            remedy="请先办理“组织研究”。",
        )


def may_confirm_ruling(state: C, given: Given) -> None:
    """Once there is a decision that was not told yet."""
    ruler(state, given)
    if state.ruling is None:
        raise Refused("no-ruling", "还没有协调决定，不能书面确认。", remedy="请先办理“作出协调决定”。")
    if state.ruling_confirmed:
        raise Refused("ruling-told", "协调决定已经书面确认给各单位。")


def may_authorise(state: C, given: Given) -> None:
    """Where an approval is needed, and is not on record."""
    own(state, given)
    if not state.approval_by:
        raise Refused("no-approval-needed", "该信息的公开不需要另行批准。")
    if state.approved is not None:
        raise Refused("approved-already", "批准意见已经登记。")

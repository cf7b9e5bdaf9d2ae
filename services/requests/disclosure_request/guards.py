"""When each step of a request's life is open: guards that refuse, with what would make it possible."""

from collections.abc import Callable

from services.requests.disclosure_request.state import TITLES, DisclosureRequest, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import NotFound, Refused

WORKED_ON = frozenset({Stage.ASSIGNED, Stage.IN_REVIEW})
RUNNING = frozenset({Stage.REGISTERED, Stage.ASSIGNED, Stage.IN_REVIEW, Stage.COORDINATING, Stage.DRAFTED, Stage.APPROVED})


def own(state: DisclosureRequest, given: Given) -> None:
    """A request is its agency's alone: to another, there is none."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def not_closed(state: DisclosureRequest, given: Given) -> None:
    """Nothing happens to a request that has ended."""
    own(state, given)
    if state.closed:
        raise Refused("case-closed", f"该申请{TITLES[state.stage]}，不能再办理。")


def with_a_unit(state: DisclosureRequest, given: Given) -> None:
    """Some unit has it."""
    not_closed(state, given)
    if not state.unit:
        raise Refused("no-unit-yet", "还没有承办科室，请先“分派承办科室”。")


def at(*stages: Stage, code: str, remedy: str) -> Callable[[DisclosureRequest, Given], None]:
    """Open just in these stages."""

    def guard(state: DisclosureRequest, given: Given) -> None:
        not_closed(state, given)
        if state.stage not in stages:
            raise Refused(code, f"该申请目前“{TITLES[state.stage]}”，{remedy}", remedy=remedy)

    return guard


register = at(Stage.RECEIVED, code="already-registered", remedy="已经登记，不必重复登记。")
assign = at(Stage.REGISTERED, Stage.ASSIGNED, code="not-assignable", remedy="登记之后、提请审查或拟稿之前可以分派。")
give_back = at(Stage.ASSIGNED, code="not-assigned", remedy="分派之后才能退回办公室。")
amendable = at(Stage.REGISTERED, Stage.ASSIGNED, code="not-amendable", remedy="登记之后、拟稿之前可以告知补正。")
amending = at(Stage.AMENDING, code="not-amending", remedy="没有待补正的通知。")
chargeable = at(Stage.ASSIGNED, code="not-chargeable", remedy="分派之后、拟稿之前可以发出收费通知。")
unpaid = at(Stage.UNPAID, code="not-unpaid", remedy="没有待缴费的通知。")
coordinable = at(Stage.ASSIGNED, code="not-coordinable", remedy="分派之后、拟稿之前可以提请协调确认。")
reviewable = at(Stage.ASSIGNED, code="not-reviewable", remedy="分派之后、拟稿之前可以提请保密审查。")
draftable = at(Stage.ASSIGNED, code="not-draftable", remedy="分派之后、保密审查有结论之后可以拟稿。")
consultable = at(Stage.ASSIGNED, code="not-consultable", remedy="分派之后、拟稿之前可以征求第三方意见。")
drafted = at(Stage.DRAFTED, code="not-drafted", remedy="没有待审批的答复。")
approved = at(Stage.APPROVED, code="not-approved", remedy="答复经审批之后才能送达。")


def remediable(state: DisclosureRequest, given: Given) -> None:
    """There is something to complain about: a reply, an ending for want of an answer or a payment, or a due date that has passed."""
    own(state, given)
    late = state.deadline is not None and given.today > state.deadline.due
    if state.stage not in (Stage.DELIVERED, Stage.LAPSED) and not (late and not state.closed):
        raise Refused("nothing-to-contest", "答复送达、申请终结或者逾期未答复之后，才能登记复议、诉讼。")


def remedy_recorded(state: DisclosureRequest, given: Given) -> None:
    """There is a reconsideration or a suit."""
    own(state, given)
    if not state.remedies:
        raise Refused("no-remedy", "该申请没有登记的复议、诉讼。")


def reopenable(state: DisclosureRequest, given: Given) -> None:
    """It has ended, and a result wants it otherwise."""
    own(state, given)
    if state.stage not in (Stage.DELIVERED, Stage.LAPSED):
        raise Refused("not-reopenable", f"该申请目前“{TITLES[state.stage]}”，答复送达或者终结之后才能责令重新答复。")
    if not any(one.result == "overturned" and not one.reopened for one in state.remedies):
        raise Refused("not-corrected", "没有结果纠正的复议、诉讼。")


def correctable(state: DisclosureRequest, given: Given) -> None:
    """What counts in the report can be put right, also after the reply."""
    if state.stage in (Stage.VOIDED, Stage.MERGED):
        not_closed(state, given)
    own(state, given)


def confirmable(state: DisclosureRequest, given: Given) -> None:
    """A receipt is confirmed once, where the law asks for it."""
    not_closed(state, given)
    if state.clock_start is not None:
        raise Refused("receipt-certain", "收到日期已经确定，不需要再确认。")


def unverified(state: DisclosureRequest, given: Given) -> None:
    """An identity is verified once."""
    not_closed(state, given)
    if state.identity_verified:
        raise Refused("identity-verified", "申请人身份已经核验。")


def weighable(state: DisclosureRequest, given: Given) -> None:
    """Reasons were asked for, and there is no draft yet."""
    not_closed(state, given)
    if state.reasons != "asked" or state.stage not in (Stage.REGISTERED, *WORKED_ON):
        raise Refused("reasons-not-asked", "没有待审核的申请理由，请先要求申请人说明理由。", article="国令711 第三十五条")


def clock_runs(state: DisclosureRequest, given: Given) -> None:
    """The reply period runs, and is not over."""
    if state.stage not in RUNNING or state.deadline is None or state.stands_still:
        raise Refused("clock-not-running", "答复期限尚未起算或已停止，不能延期。")
    if given.today > state.deadline.due:
        raise Refused("extension-too-late", f"答复期限已于 {state.deadline.due} 届满，届满后不能延期。", article=state.deadline.article)


def extendable(state: DisclosureRequest, given: Given) -> None:
    """Once, before the due date, while nobody else has asked."""
    not_closed(state, given)
    if state.extension_days:
        raise Refused(
            "extended-already",
            "答复期限只能延长一次，该申请已经延长过。",
            article=given.rulebook_of(state.rulebook or "").limit("extension").article,
        )
    if state.extension_wanted:
        raise Refused("extension-pending", "延期申请正在审批，不必重复申请。")
    clock_runs(state, given)


def extension_pending(state: DisclosureRequest, given: Given) -> None:
    """Somebody has asked, and it is not oneself who decides."""
    not_closed(state, given)
    if not state.extension_wanted:
        raise Refused("no-extension-wanted", "没有待审批的延期申请。")
    if given.actor.persons & set(state.extension_by):
        raise Refused("requester-approves", "申请延期的人不能审批自己的申请，请由有权审批的另一人办理。")


def extension_approvable(state: DisclosureRequest, given: Given) -> None:
    """Somebody else has asked, and the due date has not passed."""
    extension_pending(state, given)
    clock_runs(state, given)


def may_approve(state: DisclosureRequest, given: Given) -> None:
    """There is a draft, and it is not one's own."""
    drafted(state, given)
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "拟稿人不能审批自己拟的答复，请由另一位有审批权限的领导办理。")


def suspendable(state: DisclosureRequest, given: Given) -> None:
    """Only where the rulebook knows it."""
    not_closed(state, given)
    book = given.rulebook_of(state.rulebook or given.rulebook.id)
    if not book.says("suspension_for_force_majeure"):
        raise Refused(
            "no-suspension",
            f"《{book.title}》没有中止期限的规定，不能中止。",
            article=book.provisions["suspension_for_force_majeure"].article,
        )
    if state.stage not in (Stage.REGISTERED, Stage.ASSIGNED) or state.deadline is None:
        raise Refused("clock-not-running", "答复期限尚未起算或已停止，不能中止。")


resumable = at(Stage.SUSPENDED, code="not-suspended", remedy="期限没有中止。")


def mergeable(state: DisclosureRequest, given: Given) -> None:
    """Before it is replied to."""
    not_closed(state, given)
    if state.stage in (Stage.DRAFTED, Stage.APPROVED):
        raise Refused("reply-in-hand", "答复已经拟出，不能并入其他申请。")


def consulted(state: DisclosureRequest, given: Given) -> None:
    """A third party was asked, and no reply stands yet."""
    not_closed(state, given)
    if not state.third_parties:
        raise Refused("nobody-consulted", "没有征求过第三方意见。", remedy="先办理“书面征求第三方意见”。")
    if state.stage in (Stage.DRAFTED, Stage.APPROVED):
        raise Refused("drafted-already", "答复已拟稿；第三方意见有变化的，请先退回修改答复。")


def inspectable(state: DisclosureRequest, given: Given) -> None:
    """What may be given out may be read on the spot, or copied: once its reply is approved."""
    own(state, given)
    if (
        state.stage not in (Stage.APPROVED, Stage.DELIVERED)
        or state.draft is None
        or state.draft.outcome not in ("r1_granted", "r2_partial")
    ):
        raise Refused("nothing-to-read", "决定公开或部分公开的答复经审批之后，才能当场阅读、复制。", article="国令711 第四十条")


def inspection_arranged(state: DisclosureRequest, given: Given) -> None:
    """There is an appointment."""
    own(state, given)
    if state.inspection is None:
        raise Refused("no-inspection", "没有安排当场阅读。", remedy="先办理“安排当场阅读、抄录”。")


def publishable(state: DisclosureRequest, given: Given) -> None:
    """What was given out may be published, once; one's own records never."""
    own(state, given)
    if state.stage is not Stage.DELIVERED or state.outcome not in ("r1_granted", "r2_partial"):
        raise Refused("nothing-to-publish", "已决定公开或者部分公开并送达的，才能纳入主动公开。", article="国令711 第四十四条")
    if state.own_records:
        raise Refused("own-records", "申请人查询的是自身信息，不能纳入主动公开。", article="国令711 第十五条")
    if state.proactive == "moved":
        raise Refused("moved-already", "已纳入主动公开，请在“主动公开”中办理。", article="国令711 第四十四条")

"""When each step of a release is open, with the article and what would make it possible."""

from collections.abc import Callable

from services.press.press_release.state import TITLES, PressRelease, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import NotFound, Refused

R = PressRelease
PROCEDURE = "本局新闻发布制度（XW-07.3）"
AUTHORISED = "本局新闻发布制度（XW-06）"
INVITED = "本局新闻发布制度（XW-07.5）"


def own(state: R, given: Given) -> None:
    """A release is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def alive(state: R, given: Given) -> None:
    """Not cancelled."""
    own(state, given)
    if state.stage is Stage.CANCELLED:
        raise Refused("release-cancelled", "该发布已经取消；需要重新发布的，请另行提出主题。")


def at(*stages: Stage, code: str, remedy: str) -> Callable[[R, Given], None]:
    """Open just in these stages."""

    def guard(state: R, given: Given) -> None:
        alive(state, given)
        if state.stage not in stages:
            raise Refused(code, f"该发布目前“{TITLES[state.stage]}”，{remedy}", article=PROCEDURE, remedy=remedy)

    return guard


proposed = at(Stage.PROPOSED, code="not-for-leader", remedy="没有待分管领导审核的主题。")
reviewed = at(Stage.REVIEWED, code="not-for-head", remedy="科室的主题先由分管领导审核，再由主要领导审核。")
confirmed = at(Stage.CONFIRMED, code="not-acceptable", remedy="科室的主题经分管领导和主要领导审核后，报综合科受理。")
returnable = at(Stage.PROPOSED, Stage.REVIEWED, Stage.CONFIRMED, code="not-returnable", remedy="没有待审核的主题。")
revisable = at(Stage.RETURNED, code="not-revisable", remedy="主题退回以后才能修改。")
draftable = at(
    Stage.ACCEPTED, Stage.DRAFTED, Stage.APPROVED, code="not-draftable", remedy="综合科受理主题以后、发布以前，由发言人拟定发布稿。"
)
drafted = at(Stage.DRAFTED, code="not-drafted", remedy="没有待审定的发布稿，请发言人先拟定。")
organised = at(
    Stage.ACCEPTED, Stage.DRAFTED, Stage.APPROVED, Stage.ISSUED, code="not-organised", remedy="综合科受理主题以后办理。"
)  # fmt: skip
sayable = at(Stage.APPROVED, Stage.ISSUED, code="not-approved", remedy="发布稿和答问口径经主要领导审定以后才能发布。")


def plannable(state: R, given: Given) -> None:
    """Nothing is planned, and nothing was held."""
    unheld(state, given)
    if state.plan is not None:
        raise Refused("planned-already", "发布活动已经安排；改期请办理“发布活动改期”。")


def unheld(state: R, given: Given) -> None:
    """No event was held yet."""
    organised(state, given)
    if state.held is not None:
        raise Refused("held-already", "发布活动已经举行。")


def planned(state: R, given: Given) -> None:
    """An event is planned."""
    unheld(state, given)
    if state.plan is None:
        raise Refused(
            "event-unplanned",
            "还没有安排发布活动。",
            article="本局新闻发布制度（XW-04）",
            remedy="请综合科先办理“安排发布活动”。",
        )


def authorised(state: R, given: Given) -> None:
    """Approved, and somebody is authorised to speak: no word before (XW-06)."""
    sayable(state, given)
    if state.speaker is None:
        raise Refused(
            "not-authorised",
            "还没有授权，任何人不得发布。",
            article=AUTHORISED,
            remedy="请先依市委、政府或者本局的授权办理“授权发布”。",
        )


def holdable(state: R, given: Given) -> None:
    """Planned, journalists were invited, and somebody is authorised."""
    authorised(state, given)
    planned(state, given)
    if not state.media:
        raise Refused("nobody-invited", "还没有邀请记者。", article=INVITED, remedy="请综合科先办理“邀请记者”。")


def unsaid(state: R, given: Given) -> None:
    """Nothing was said yet."""
    alive(state, given)
    if state.said:
        raise Refused("said-already", "已经发布，不能取消；需要更正的，请提出新的主题。")


def with_speaker(state: R, given: Given) -> None:
    """Somebody is authorised, and has not spoken yet."""
    unsaid(state, given)
    if state.speaker is None:
        raise Refused("nobody-authorised", "还没有授权，不需要收回。", article=AUTHORISED)

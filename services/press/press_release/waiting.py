"""Who has to act on a release now, and what comes next in a sentence."""

from services.press.press_release.state import PressRelease, Stage

R = PressRelease

WAITING: dict[str, str] = {
    "leader_in_charge": "分管领导",
    "agency_head": "主要领导",
    "general_office": "综合科",
    "unit": "提出的科室",
    "spokesperson": "新闻发言人",
    "": "不等待",
}
"""Who a release may wait for."""

BY_STAGE: dict[Stage, tuple[str, str]] = {
    Stage.PROPOSED: ("leader_in_charge", "分管领导审核主题。"),
    Stage.REVIEWED: ("agency_head", "主要领导审核主题。"),
    Stage.CONFIRMED: ("general_office", "综合科受理主题。"),
    Stage.RETURNED: ("unit", "提出的科室修改主题。"),
    Stage.ACCEPTED: ("spokesperson", "新闻发言人拟定发布稿和答问口径。"),
    Stage.DRAFTED: ("agency_head", "主要领导审定发布稿和答问口径。"),
    Stage.CANCELLED: ("", "已取消，不再办理。"),
}


def step(state: R) -> tuple[str, str]:
    """Who has to act, and what is to be done."""
    if state.stage in BY_STAGE:
        return BY_STAGE[state.stage]
    if state.speaker is None:
        return "general_office", "依市委、政府或者本局的授权，登记“授权发布”；没有授权不得发布。"
    if state.held is None and state.plan is not None:
        return ("general_office", "综合科登记发布活动，并由发言人发布新闻稿。") if state.media else ("general_office", "综合科邀请记者。")
    if not state.channels:
        told = "发言人逐个渠道发布新闻稿。" if state.held else "发言人发布新闻稿；需要举行发布会或者约见记者的，综合科安排发布活动。"
        return "spokesperson", told
    return "", "已发布；新闻稿已转主动公开，按程序在门户网站公开。"


def waits_for(state: R) -> str:
    """Who has to act."""
    return step(state)[0]


def what_comes_next(state: R) -> str:
    """What is to be done, in a sentence."""
    return step(state)[1]

"""What comes next in an important matter, in a sentence."""

from collections.abc import Mapping
from datetime import date

from services.publishing.consultation.state import Consultation


def next_step(state: Consultation, counts: Mapping[str, int], today: date) -> str:
    """What is to be done now. `counts`: how many comments came through the platform (`received`), how many wait for an answer (`unanswered`), and how
    many representatives for the reasons in writing (`reasons_owed`).
    """
    if state.result is not None:
        return "三个阶段都已公开。"
    if state.decision is None and state.touches_interests and state.risk is None:
        return "请先评估舆情风险，确定等级和处置预案。"
    if "comments" not in state.omitted:
        if state.opened is None:
            return "请公布草案，公开征求意见；省略的登记理由。"
        told = while_open(state, counts, today) if state.takes_comments(today) else when_over(state, counts)
        if told:
            return told
    if state.decision is None and "decision" not in state.omitted:
        return "请办理决策的公开，公开后登记。"
    return "有了结果，请公开并登记。"


def while_open(state: Consultation, counts: Mapping[str, int], today: date) -> str:
    """While comments may be made."""
    assert state.opened is not None
    if state.opened.form != "open" and state.hearing is None:
        return f"请公告会议；征求意见到 {state.opened.until} 截止。"
    waiting = f"已收到 {counts['received']} 条，其中 {counts['unanswered']} 条待答复" if counts["received"] else "还没有收到意见"
    return f"征求意见到 {state.opened.until} 截止，{waiting}。"


def when_over(state: Consultation, counts: Mapping[str, int]) -> str:
    """After the period; '' when nothing of this stage is open any more."""
    assert state.opened is not None
    if state.opened.form != "open" and state.decision is None and not state.report:
        return "会议已经举行，请形成会议报告。" if state.held else "请举行会议并登记。"
    if state.collated is None and state.decision is None:
        received = counts["received"]
        return f"征求意见已经截止，请归纳整理意见：平台收到 {received} 条{f'，序号 1 至 {received}' if received else ''}。"
    if counts["unanswered"]:
        return f"还有 {counts['unanswered']} 条意见待答复。"
    if counts["reasons_owed"]:
        return f"还有 {counts['reasons_owed']} 位公众代表待书面说明理由。"
    return "" if state.feedback else "请向社会公布采纳情况和未采纳的理由。"

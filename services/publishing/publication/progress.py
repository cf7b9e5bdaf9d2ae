"""How far a publication has come: each of its gates, whether it is passed for the content in work, and what is still to be done."""

import msgspec

from services.publishing.consultation.gates import check_decision, check_result
from services.publishing.consultation.state import Consultation
from services.publishing.interpretation.state import Interpretation
from services.publishing.publication.content import bytes_of
from services.publishing.publication.decisions import EXPLAINED
from services.publishing.publication.state import Publication, Stage
from shared.kernel.errors import Refused

P = Publication

DECISIONS = {"online": "上网公开", "internal": "对内公开", "withheld": "不予公开"}


class Gate(msgspec.Struct, frozen=True):
    """A gate: its title, whether it is passed, and in a sentence how it stands."""

    title: str
    passed: bool
    told: str


def gates_of(state: P, explained: Interpretation | None, matter: Consultation | None) -> list[Gate]:
    """The gates that this publication has to pass, in their order; one that does not concern it is not told."""
    gates = [online(state), quality(state), secrecy(state)]
    if state.concerns:
        gates.append(coordination(state))
    if state.kind in EXPLAINED:
        planned = explained is not None and explained.plan_approved
        gates.append(
            Gate("解读方案", planned, "已审定" if planned else "待审定" if explained is not None and explained.exists else "待编制")
        )
    if matter is not None:
        gates.append(stage(state, matter))
    passed = state.draft is not None and state.approved == state.draft.hash
    return [*gates, Gate("批准", passed, "已批准" if passed else "待批准")]


def online(state: P) -> Gate:
    """Where it goes."""
    decided = state.online
    return Gate("确定是否上网", decided is not None, DECISIONS[decided.decision] if decided else "待确定")


def quality(state: P) -> Gate:
    """The checklist for this content."""
    passed = state.draft is not None and state.quality == state.draft.hash
    return Gate("质量检查", passed, "已通过" if passed else "未通过，见检查表" if state.checks else "待检查")


def secrecy(state: P) -> Gate:
    """The review of these bytes."""
    hashes = {file.sha256 for file in bytes_of(state.draft)} if state.draft else set()
    passed = bool(hashes) and hashes <= state.cleared
    if passed:
        return Gate("保密审查", True, "已通过")
    withheld = hashes & state.withheld
    return Gate("保密审查", False, "正在审查" if state.in_review else "其中有内容不能公开" if withheld else "待提请")


def coordination(state: P) -> Gate:
    """The agencies that it concerns, about these bytes."""
    hashes = {file.sha256 for file in bytes_of(state.draft)} if state.draft else set()
    names = "、".join(one.name for one in state.concerns)
    if hashes and hashes <= state.agreed:
        return Gate("协调确认", True, f"{names}已确认")
    return Gate(
        "协调确认", False, f"等待{names}答复" if state.coordinating else "有关机关不同意" if state.refused else f"待征求{names}确认"
    )


def stage(state: P, matter: Consultation) -> Gate:
    """The stages of its matter that come before, and the risk."""
    try:
        (check_result if state.matter_stage == "result" else check_decision)(matter)
    except Refused as refusal:
        return Gate("重要事项", False, refusal.sentence)
    return Gate("重要事项", True, "前面的阶段已经办理")


def next_step(state: P, gates: list[Gate]) -> str:
    """What is to be done now, in a sentence."""
    if state.stage in (Stage.WITHHELD, Stage.WITHDRAWN):
        return "不再办理。"
    if state.stage is Stage.PUBLISHED:
        told = [one.title for one in state.to_compare]
        return f"内容已更正，请核对并重新关联：{'、'.join(told)}。" if told else "已公开；收到反馈的，登记反馈和处理。"
    if state.online is None:
        return "请确定是否上网。"
    if state.draft is None:
        return "请起草公开内容。"
    open_gates = [gate for gate in gates if not gate.passed]
    return f"{open_gates[0].title}：{open_gates[0].told}。" if open_gates else "已批准，请在公开后逐个载体登记。"

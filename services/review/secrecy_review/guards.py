"""When each step of a review is open: guards that refuse, with what would make it possible."""

from services.review.secrecy_review.state import TITLES, SecrecyReview, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Refused

S = SecrecyReview


def not_decided(state: S, _given: Given) -> None:
    """Nothing happens to a review that was decided."""
    if state.closed:
        raise Refused("review-decided", f"该审查{TITLES[state.stage]}；内容改变后须重新提请审查。", article="国令711 第十七条")


def may_opine(state: S, given: Given) -> None:
    """Not while a determination is waited for: neither an opinion nor a mark gets around it."""
    not_decided(state, given)
    if state.stage is Stage.ESCALATED:
        raise Refused("determination-pending", "已报请确定，请在登记确定意见之后再办理。", article="国令711 第十七条")


def may_record_determination(state: S, given: Given) -> None:
    """Only what was asked is answered."""
    not_decided(state, given)
    if state.stage is not Stage.ESCALATED:
        raise Refused("not-escalated", "没有报请确定，不能登记确定意见。", remedy="不能确定是否可以公开的，请先办理“报请确定”。")


def may_decide(state: S, given: Given) -> None:
    """There is an opinion, and it is not one's own."""
    not_decided(state, given)
    if state.stage is not Stage.OPINION:
        raise Refused("no-opinion", "还没有审查意见，不能作出决定。", remedy="请先由承办科室或者审查员提出审查意见。")
    if given.actor.persons & set(state.opinion_by):
        raise Refused("reviewer-approves", "提出审查意见的人不能审批自己的意见，请由分管领导办理。")


def may_approve(state: S, given: Given) -> None:
    """Besides, whoever wants the files out doesn't approve it, and every unit that made them together has consented (BM-09)."""
    may_decide(state, given)
    if state.asked_by in given.actor.persons:
        raise Refused("asker-approves", "提请审查的人不能批准该审查，请由分管领导办理。")
    if state.refused:
        raise Refused(
            "consent-refused",
            f"共同形成的信息，{'、'.join(state.refused)}不同意公开。",
            remedy="请与该科室协商一致并登记其书面同意，或者办理“不批准”。",
        )
    waiting = [unit for unit in state.joint_units if unit not in state.consented]
    if waiting:
        raise Refused(
            "consent-missing", f"共同形成的信息须征得其他科室书面同意，尚缺：{'、'.join(waiting)}。", remedy="请先办理“共同科室同意”。"
        )
    unverified = [
        one.sha256 for one in state.opinions if one.opinion == "release" and one.sha256 in state.stored and one.sha256 not in state.verified
    ]
    if state.directed and unverified:
        names = "、".join(file.name for file in state.files if file.sha256 in unverified)
        raise Refused(
            "redactions-unverified",
            f"此前指明了区分处理的内容，尚未核验已从文件中去除：{names}。",
            article="国令711 第三十七条",
            remedy="请先办理“核验区分处理”。",
        )

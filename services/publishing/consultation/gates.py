"""What has to be done before a stage of an important matter: asked by the matter itself and by the publication of a stage (DX-06, YQ-03.2b, JC-06a)."""

from services.publishing.consultation.state import Consultation
from shared.kernel.errors import Refused


def check_decision(matter: Consultation) -> None:
    """The risk was assessed; what the public says was collated, with the report of a meeting, or left out with a reason."""
    if matter.touches_interests and matter.risk is None:
        raise Refused(
            "risk-unassessed",
            "涉及群众切身利益的重大决策，须先评估舆情风险，确定等级和预案。",
            article="国办发〔2016〕61号",
            remedy="由新闻与舆情评估，或者在重要事项中登记评估。",
        )
    if "comments" in matter.omitted:
        return
    if matter.collated is None:
        raise Refused("comments-missing", "决策前应当公开征求意见并归纳整理；省略的须登记理由。", article="国令713 第十五条、第十八条")
    if matter.opened is not None and matter.opened.form != "open" and not matter.report:
        raise Refused("report-missing", "会议报告是决策的依据，请先举行会议并形成报告。", article="本局公众参与制度（JC-06a）")


def check_result(matter: Consultation) -> None:
    """The decision is public and comments were asked for before it, each left out only with a reason (DX-06c)."""
    if matter.decision is None and "decision" not in matter.omitted:
        raise Refused("decision-unpublished", "决策还没有公开；省略的须登记理由。", article="本局党务政务公开制度（DX-06）")
    if matter.opened is None and "comments" not in matter.omitted:
        raise Refused("comments-missing", "决策前没有公开征求意见；省略的须登记理由。", article="本局党务政务公开制度（DX-06）")

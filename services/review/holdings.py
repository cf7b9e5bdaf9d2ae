"""What review holds of people: who reported an inconsistency, and when that has to be kept."""

from services.review.inconsistency.decisions import InconsistencyReport, Stage, inconsistency_report
from shared.trust.erasure.holdings import keeps


@keeps(inconsistency_report)
def why_kept(report: InconsistencyReport) -> str | None:
    """Why a reporter's personal data can't be erased yet; None if it can."""
    return None if report.stage is Stage.CLOSED else "反映尚未办结"

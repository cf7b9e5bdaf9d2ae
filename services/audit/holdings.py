"""What audit holds of people: who gave feedback, who complained, who supervises as a volunteer, and when that has to be kept."""

from services.audit.complaint.decisions import Complaint, complaint
from services.audit.complaint.decisions import Stage as ComplaintStage
from services.audit.feedback.decisions import Feedback, feedback
from services.audit.feedback.decisions import Stage as FeedbackStage
from services.audit.supervisor.decisions import Supervisor, supervisor
from shared.trust.erasure.holdings import keeps


@keeps(feedback)
def why_feedback_is_kept(state: Feedback) -> str | None:
    """Why a submitter's personal data can't be erased yet; None if it can."""
    return None if state.stage is FeedbackStage.CLOSED else "意见建议尚未办结"


@keeps(complaint)
def why_a_complaint_is_kept(state: Complaint) -> str | None:
    """Why a complainant's personal data can't be erased yet; None if it can."""
    return None if state.stage is ComplaintStage.CLOSED else "投诉举报尚未办结"


@keeps(supervisor)
def why_a_supervisor_is_kept(state: Supervisor) -> str | None:
    """Why a volunteer's personal data can't be erased yet; None if it can."""
    return None if state.ended_on is not None else "监督员尚在聘期内，未解聘"

"""What press holds of people: who has asked or complained, and when that has to be kept."""

from services.press.inquiry.state import Inquiry, Stage, inquiry
from shared.trust.erasure.holdings import keeps


@keeps(inquiry)
def why_kept(state: Inquiry) -> str | None:
    """Why the personal data of who has asked can't be erased yet; None if it can."""
    return None if state.stage is Stage.CLOSED else "咨询投诉尚未办结"

"""What press does when publishing has a decision that touches people's interests: an assessment of its risk is owed (YQ-03.2b)."""

from uuid import UUID

from services.press.risk_assessment.commands import OpenFor, SettleRisk
from services.press.risk_assessment.decisions import risk_id
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class MatterProposed(Heard, frozen=True):
    """An important matter of publishing."""

    title: str
    unit: str
    touches_interests: bool


class RiskRecorded(Heard, frozen=True):
    """Publishing knows the risk of a matter: from press, or recorded there by hand."""

    assessment: UUID | None = None


@reacts(source="publishing", to="publishing.MatterProposed")
def proposed(heard: MatterProposed, meta: Meta) -> Reaction | None:
    """It waits in press, in the case of the matter."""
    if not heard.touches_interests:
        return None
    command = OpenFor(source="publishing", subject=meta.case, title=heard.title, unit=heard.unit)
    return Reaction(command, risk_id("publishing", meta.case))


@reacts(source="publishing", to="publishing.RiskRecorded")
def recorded(heard: RiskRecorded, meta: Meta) -> Reaction | None:
    """What was assessed there by hand is owed here no more."""
    if heard.assessment is not None:
        return None
    return Reaction(SettleRisk(), risk_id("publishing", meta.case))

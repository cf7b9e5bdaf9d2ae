"""Every event of a claim to have a record corrected. Who claims, about which record and why is personal data; what the agency says of it too."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

CLAIMED = {"decree-711": "国令711 第四十一条", "bureau-2019": "本局依申请公开制度（YS-09a）"}
TRANSFERRED = {"decree-711": "国令711 第四十一条", "bureau-2019": "本局依申请公开制度（YS-09b）"}


@event("requests.CorrectionClaimed", title="收到更正申请", rules=("YS-09a",), article=CLAIMED)
class CorrectionClaimed(Event, frozen=True):
    """Somebody finds a record about itself wrong. `ground`: inaccurate, incomplete, out_of_date or irrelevant, as the rulebook knows them.

    `proof` is what shows it, where the rulebook asks for evidence; `channel` how the claim came, `receipt` the evidence of that.
    """

    channel: str
    ground: str
    claimant_name: Personal
    contact: Personal
    record: Personal
    wanted: Personal
    person_key: UUID
    deadline: Deadline
    id_number: Personal | None = None
    proof: Personal | None = None
    receipt: str = ""


@event("requests.ClaimantVerified", title="核验更正申请人身份", rules=("YS-09a",), article=CLAIMED)
class ClaimantVerified(Event, frozen=True):
    """The claimant is whom the record is about."""

    how: str
    evidence: str


@event("requests.CorrectionDecided", title="作出更正决定", rules=("YS-09a",), article=CLAIMED)
class CorrectionDecided(Event, frozen=True):
    """`decision`: corrected or refused, with its reason; `document` names the act by which the record was put right."""

    decision: str
    reason: Personal
    document: str = ""


@event("requests.ClaimTransferred", title="转送有权更正的机关", rules=("YS-09b",), article=TRANSFERRED)
class ClaimTransferred(Event, frozen=True):
    """This agency may not correct the record. `how`: transferred, by the letter `document`, to the agency that may; or told, to ask there."""

    how: str
    agency: str
    contact: str
    document: str = ""


@event("requests.ClaimantNotified", title="告知更正申请人", rules=("YS-09a", "YS-09b"), article=TRANSFERRED)
class ClaimantNotified(Event, frozen=True):
    """The claimant was told what came of its claim."""

    way: str
    evidence: str
    text: Personal


@event("requests.ClaimWithdrawn", title="撤回更正申请", rules=("YS-09a",), article=CLAIMED)
class ClaimWithdrawn(Event, frozen=True):
    """The claimant does not want it any more."""

    evidence: str


@event("requests.CorrectionOverdue", title="更正逾期", rules=("YS-09a",), article=CLAIMED)
class CorrectionOverdue(Event, frozen=True):
    """The due date has passed, and nothing was decided and nothing transferred. Recorded once."""

    due: date

"""Number or frequency clearly beyond what is reasonable: reasons are asked for, and weighed (Article 35)."""

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


@event("requests.ReasonsAsked", title="要求说明理由", article="国令711 第三十五条")
class ReasonsAsked(Event, frozen=True):
    """The applicant is asked why it asks so much or so often. `found`: what number or frequency was found, in words."""

    found: str


@event("requests.ReasonsWeighed", title="审核申请理由", article="国令711 第三十五条")
class ReasonsWeighed(Event, frozen=True):
    """What the applicant has said, and whether it is reasonable. `deadline`: a later due date, where it is but cannot be done in the period;
    `working_days`: so many more.
    """

    given: Personal
    reasonable: bool
    finding: str
    working_days: int = 0
    deadline: Deadline | None = None

"""What has to be amended, and whether it was (Article 30)."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


@event("requests.AmendmentRequested", title="告知补正", rules=("YS-06.3",), article="国令711 第三十条")
class AmendmentRequested(Event, frozen=True):
    """The applicant was told, once, everything that has to be amended, and until when."""

    items: tuple[str, ...]
    deadline: Deadline


@event("requests.RequestAmended", title="收到补正", rules=("YS-06.3",), article="国令711 第三十条")
class RequestAmended(Event, frozen=True):
    """The amended request has arrived: the clock starts anew. `good_reason`: why it was good to come after its due date."""

    amended_on: date
    content: Personal
    deadline: Deadline
    good_reason: Personal | None = None


@event("requests.AmendmentLapsed", title="逾期不补正", rules=("YS-06.3",), article="国令711 第三十条")
class AmendmentLapsed(Event, frozen=True):
    """Not amended in time without good reason: the request is taken as given up."""

    outcome: str

"""What was registered wrongly is put right."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline


@event("requests.FactsCorrected", title="更正登记内容", article="国令711 第四十五条")
class FactsCorrected(Event, frozen=True):
    """What was registered wrongly, as it was and as it is; a due date that follows from it is set anew."""

    reason: str
    received_on_before: date | None = None
    received_on: date | None = None
    applicant_kind_before: str | None = None
    applicant_kind: str | None = None
    deadline: Deadline | None = None

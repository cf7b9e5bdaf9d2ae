"""What is recorded of a request that began in another system."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline


@event("requests.RequestTakenOver", title="接续其他系统的案件", article="国令711 第四十五条")
class RequestTakenOver(Event, frozen=True):
    """An open case goes on here with its old number and its clock. `system`: where it began.

    `clock_start`: the civil day from which its period ran there (receipt, confirmation, or the day on which it was amended or the fee was
    paid); `extension_days`: working days that had been granted there; None and 0 while it is not confirmed yet.
    """

    number: str
    system: str
    clock_start: date | None = None
    extension_days: int = 0
    deadline: Deadline | None = None

"""Reading on the spot, and copies."""

from datetime import date

from shared.kernel.events import Event, event


@event("requests.InspectionArranged", title="安排当场阅读、抄录", rules=("YS-G.1",), article="国令711 第四十条")
class InspectionArranged(Event, frozen=True):
    """The applicant may read and copy by hand at this place and time."""

    on: date
    time: str
    place: str


@event("requests.InspectionHeld", title="当场阅读、抄录", rules=("YS-G.1",), article="国令711 第四十条")
class InspectionHeld(Event, frozen=True):
    """The applicant came, or did not."""

    on: date
    came: bool
    note: str


@event("requests.CopiesProvided", title="提供打印、复制件", rules=("YS-G.2",), article="国令711 第四十条")
class CopiesProvided(Event, frozen=True):
    """Printed or copied at the applicant's wish."""

    form: str
    pages: int

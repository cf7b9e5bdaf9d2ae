"""Which unit is responsible."""

from shared.kernel.events import Event, event


@event("requests.RequestAssigned", title="分派承办科室", rules=("YS-11",), article="国令711 第四十五条")
class RequestAssigned(Event, frozen=True):
    """A unit is responsible."""

    unit: str


@event("requests.RequestHandedOver", title="移交科室", rules=("YS-11",), article="国令711 第四十五条")
class RequestHandedOver(Event, frozen=True):
    """Another unit goes on with it, wherever it stands: units were merged, or their duties have changed. `before`: who had it."""

    unit: str
    before: str
    reason: str


@event("requests.RequestReturned", title="退回办公室", article="国令711 第四十五条")
class RequestReturned(Event, frozen=True):
    """The unit gives the case back to the disclosure office."""

    reason: str

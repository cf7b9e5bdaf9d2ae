"""How a unit kept one of its duties in a period: a figure, with the positions of the logs that it was counted up to."""

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """How many were done in time, late (`reasoned` of them with a reason), and not done at all although their day was over; `open`: not due yet.

    `positions`: by log, the last event that was counted.
    """

    measure: str
    on_time: int = 0
    late: int = 0
    reasoned: int = 0
    missed: int = 0
    open: int = 0
    positions: dict[str, int] = {}

    @property
    def due(self) -> int:
        """How many there were to be kept."""
        return self.on_time + self.late + self.missed

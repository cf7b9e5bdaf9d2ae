"""Who acts on an agency, a person or an account acts within one's own agency."""

from typing import Protocol

from shared.kernel.commands import Given
from shared.kernel.errors import Forbidden


class Belongs(Protocol):
    """A state that belongs to an agency."""

    @property
    def agency(self) -> str:
        """The agency's code."""
        ...


def own(state: Belongs, given: Given) -> None:
    """Refuses what belongs to another agency: a person is an identity within one agency, and its authority ends there."""
    if state.agency != given.agency.code:
        raise Forbidden("other-agency", "这是其他机关的事项，您不能查看或办理。")

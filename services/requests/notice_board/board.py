"""How far an official has read what is new: one board a person, which remembers a position of the log."""

from uuid import UUID

from msgspec.structs import replace
from pydantic import Field

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.events import Event, Meta, event
from shared.kernel.identity import derived_id


@event("requests.NoticesRead", title="已阅通知", article="国令711 第四十五条")
class NoticesRead(Event, frozen=True):
    """Everything up to this position of the log was read."""

    up_to: int


class NoticeBoard(State, frozen=True):
    """What one person has read."""

    up_to: int = 0


notice_board: Aggregate[NoticeBoard] = Aggregate("requests.NoticeBoard", NoticeBoard)


@notice_board.evolves(NoticesRead)
def read(state: NoticeBoard, event: NoticesRead, _meta: Meta) -> NoticeBoard:
    """That far."""
    return replace(state, up_to=event.up_to)


def board_id(agency: str, person: str) -> UUID:
    """The board of a person in an agency."""
    return derived_id("requests", "notice-board", agency, person)


@command(
    of=notice_board,
    verb="mark-read",
    title="通知标为已阅",
    capability="requests.read",
    internal=True,
    creates=True,
    identity=lambda command, agency, _day: board_id(agency.code, command.person),
    events=(NoticesRead,),
)
class MarkNoticesRead(Command):
    """到此为止的通知都已阅。"""

    person: str = Field(title="阅读人")
    up_to: int = Field(title="位置", ge=0)


@handles(MarkNoticesRead)
def mark_read(command: MarkNoticesRead, state: NoticeBoard, _given: Given) -> Decision:
    """Never back."""
    return [NoticesRead(command.up_to)] if command.up_to > state.up_to else []

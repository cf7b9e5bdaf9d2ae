"""A share of an inbox: the lanes that one process reads, how far it has taken each, and what stands still in them."""

from collections import deque
from uuid import UUID

import msgspec

from shared.messaging.messages import Message
from shared.messaging.provisioning import ConsumerSpec, stream_name

WHOLE = -1
"""The lane under which a reader of the whole log keeps its position."""


class AnotherLog(Exception):
    """The source's log is not the one whose events were handled so far (restored from a backup); the text says what an operator must do."""


class Waiting(msgspec.Struct):
    """A lane that stands still behind an event that failed."""

    messages: deque[Message]
    error: str
    attempts: int
    again_at: float


class Share:
    """The lanes of one share as this process reads them. `taken` is how far each has been taken, `owed` which are to be asked of the owner."""

    def __init__(self, spec: ConsumerSpec) -> None:
        self.spec = spec
        self.lanes = [WHOLE] if spec.whole_log else spec.lanes
        self.taken: dict[int, int] = {}
        self.owed: set[int] = set()
        self.incarnation: UUID | None = None
        self.waiting: dict[int, Waiting] = {}
        self.parked: set[UUID] = set()
        self.pending = 0
        self.reads = False
        self.idle = False
        self.alone = False

    @property
    def number(self) -> int:
        """Which share it is, from 0."""
        return self.spec.share

    @property
    def held(self) -> int:
        """Events that stand behind one that failed."""
        return sum(len(waiting.messages) for waiting in self.waiting.values())

    def lane(self, message: Message) -> int:
        """The lane that a message counts in for this reader."""
        return WHOLE if self.spec.whole_log else message.lane

    def before(self, message: Message) -> int:
        """The position that should have come before it."""
        return message.position - 1 if self.spec.whole_log else message.lane_before

    def compare(self, incarnation: UUID) -> None:
        """Raises `AnotherLog` where what arrives is not of the log that was handled so far."""
        reader, source = self.spec.reader, self.spec.source
        if self.incarnation is None:
            self.incarnation = incarnation
        elif incarnation != self.incarnation:
            raise AnotherLog(
                f"{source} 的日志换了一份（incarnation 原为 {self.incarnation}，现为 {incarnation}），可能是从备份恢复的；{reader} 在此之前不再处理。"
                f"请核对恢复到第几条，再由数据库管理员在 gongkai_{reader} 执行 UPDATE inbox SET incarnation = '{incarnation}', "
                f"position = least(position, 恢复到的条数) WHERE source = '{source}'。"
            )

    def shorter(self, last: int, reached: int) -> AnotherLog:
        """That the log ends at `last`, although this reader has seen `reached`."""
        reader, source = self.spec.reader, self.spec.source
        return AnotherLog(
            f"{source} 的日志只到第 {last} 条，而 {reader} 已收到第 {reached} 条：日志可能恢复了较早的备份。请用更新的备份恢复日志；确认无法恢复的，"
            f"由数据库管理员在 gongkai_{source} 执行 UPDATE log_identity SET incarnation = gen_random_uuid()，删除数据流 {stream_name(source)}，再按新的提示处理。"
        )

"""Streams and consumers as data. What is missing is made; what is there is compared, and a difference is named, never rewritten silently.

A reader's position stands in its own database, so a consumer can be made again at any time; a stream can be filled again from its log.
"""

from collections.abc import Sequence

import msgspec
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import BadRequestError, NotFoundError

from shared.settings import Settings

ACK_WAIT_SECONDS = 60.0
"""After this a message that was not acknowledged is delivered again."""

MAX_ACK_PENDING = 2000
"""Messages of a consumer that may be under way."""


STREAM_FIELDS = (
    "subjects", "retention", "storage", "discard", "num_replicas", "deny_delete", "deny_purge", "allow_atomic", "sealed", "mirror", "sources",
    "max_age", "max_bytes", "max_msgs", "max_msgs_per_subject", "max_msg_size",
)  # fmt: skip
"""What is compared of a stream: everything that could lose, refuse or rewrite a message."""

CONSUMER_FIELDS = (
    "ack_policy", "ack_wait", "deliver_policy", "max_deliver", "max_ack_pending", "filter_subject", "filter_subjects", "headers_only",
    "deliver_subject", "inactive_threshold", "backoff", "replay_policy",
)  # fmt: skip
"""What is compared of a consumer: everything that could pass over a message, or hold it back."""

UNSET: tuple[object, ...] = (None, 0, -1, False, "", [], "instant")
"""What NATS answers for settings that were left alone."""


class Drift(RuntimeError):
    """A stream or consumer is not as it should be; the text names the field, what is wanted and what is there."""


class StreamSpec(msgspec.Struct, frozen=True):
    """The stream of a log."""

    service: str
    replicas: int = 1

    @property
    def name(self) -> str:
        """Its name, e.g. GK_REQUESTS."""
        return stream_name(self.service)

    def config(self) -> StreamConfig:
        """As NATS wants it: kept for ever, nothing deleted or purged message by message, batches stored whole or not at all."""
        return StreamConfig(
            name=self.name,
            description=f"gongkai: the log of {self.service}",
            subjects=[f"gk.{self.service}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            num_replicas=self.replicas,
            deny_delete=True,
            deny_purge=True,
            allow_atomic=True,
            duplicate_window=120,
        )


class ConsumerSpec(msgspec.Struct, frozen=True):
    """A durable consumer: `reader` reads the lanes of one share of `source`'s stream (share 0 of 1: all)."""

    reader: str
    source: str
    share: int = 0
    shares: int = 1
    whole_log: bool = False

    @property
    def name(self) -> str:
        """Its durable name, e.g. `audit-ledger` or `review-0of1`."""
        return f"{self.reader}-ledger" if self.whole_log else f"{self.reader}-{self.share}of{self.shares}"

    @property
    def lanes(self) -> list[int]:
        """The lanes of its share."""
        return [lane for lane in range(16) if lane % self.shares == self.share]

    def config(self) -> ConsumerConfig:
        """As NATS wants it: pull, filtered by lane and never by type; the reader acknowledges, once its effects are stored, with the last
        message of a batch all before it. What it had taken and not stored when it died, it fetches from the owner when it starts again.
        """
        filters = None if self.shares == 1 else [f"gk.{self.source}.{lane}.>" for lane in self.lanes]
        return ConsumerConfig(
            durable_name=self.name,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.ALL,
            ack_wait=ACK_WAIT_SECONDS,
            max_deliver=-1,
            max_ack_pending=MAX_ACK_PENDING,
            filter_subjects=filters,
        )


def stream_name(service: str) -> str:
    """The stream of a service's log."""
    return f"GK_{service.upper()}"


async def provision(client: Client, services: Sequence[str], settings: Settings) -> None:
    """Makes the missing streams of these services, and compares the others."""
    stream = client.jetstream(timeout=10)
    for service in services:
        await provision_stream(stream, StreamSpec(service, settings.stream_replicas))


async def provision_stream(stream: JetStreamContext, spec: StreamSpec) -> None:
    """Makes a stream that is missing; raises `Drift` where it differs."""
    wanted = spec.config()
    try:
        found = (await stream.stream_info(spec.name)).config
    except NotFoundError:
        try:
            found = (await stream.add_stream(wanted)).config
        except BadRequestError:
            # Another process has made it in this moment.
            found = (await stream.stream_info(spec.name)).config
    compare(f"数据流 {spec.name}", wanted, found, STREAM_FIELDS)


async def provision_consumer(stream: JetStreamContext, spec: ConsumerSpec) -> ConsumerInfo:
    """Makes a consumer that is missing, and tells how it stands; raises `Drift` where it differs, `NotFoundError` where its stream is missing."""
    wanted = spec.config()
    name = stream_name(spec.source)
    try:
        found: ConsumerInfo = await stream.consumer_info(name, spec.name)
    except NotFoundError:
        found = await stream.add_consumer(name, wanted)
    compare(f"数据流 {name} 的消费者 {spec.name}", wanted, found.config, CONSUMER_FIELDS)
    return found


def compare(name: str, wanted: StreamConfig | ConsumerConfig, found: StreamConfig | ConsumerConfig, fields: Sequence[str]) -> None:
    """Raises `Drift` at the first field that differs."""
    for field in fields:
        want, have = getattr(wanted, field), getattr(found, field)
        if want != have and not (want in UNSET and have in UNSET):
            raise Drift(
                f"{name} 的设置 {field} 应为 {plain(want)}，现为 {plain(have)}；平台不会自行改写：请由运维人员核对后更正，"
                "或删除它，由平台重新建立（内容会从日志补齐）。"
            )


def plain(value: object) -> str:
    """A setting as an operator types it."""
    return "未设置" if value in UNSET else str(getattr(value, "value", value))

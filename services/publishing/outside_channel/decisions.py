"""An outside channel as it stands, and the decisions about it."""

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from msgspec.structs import replace

from services.publishing.outside_channel.events import ChannelClosed, ChannelOpened
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.trust.personal import Personal

Events = Sequence[Event]

KINDS: dict[str, str] = {"webhook": "推送接口（签名）", "websub": "WebSub 订阅中心", "smtp": "电子邮箱"}

REPEATABLE = frozenset({"webhook", "websub"})
"""Where the same message may be sent again: who receives it knows it by its id, or it only says that there is something new. Of a mail nobody knows."""


class OutsideChannel(State, frozen=True):
    """An outside channel as it stands."""

    never_told: ClassVar[tuple[str, ...]] = ("secret",)

    kind: str = ""
    title: str = ""
    target: str = ""
    secret: Personal | None = None
    person_key: UUID | None = None
    closed: bool = False


outside_channel: Aggregate[OutsideChannel] = Aggregate("publishing.OutsideChannel", OutsideChannel)
evolves = outside_channel.evolves


@evolves(ChannelOpened)
def opened(state: OutsideChannel, event: ChannelOpened, _meta: Meta) -> OutsideChannel:
    """It is told from now on."""
    return replace(state, kind=event.kind, title=event.title, target=event.target, secret=event.secret, person_key=event.person_key)


@evolves(ChannelClosed)
def closed(state: OutsideChannel, _event: ChannelClosed, _meta: Meta) -> OutsideChannel:
    """It is told nothing more."""
    return replace(state, closed=True)


def still_open(state: OutsideChannel, given: Given) -> None:
    """Not closed yet."""
    if state.closed:
        raise Refused("channel-closed", "该通道已经关闭；需要时请开通新的通道。")


def open_channel(given: Given, kind: str, title: str, target: str, secret: str) -> Events:
    """To an address that fits its kind; a webhook has the secret that its messages are signed with."""
    problem = wrong_address(kind, target)
    if problem:
        raise Invalid("bad-target", f"目的地址有误：{problem}。", fields=[{"field": "target", "sentence": problem}])
    if (kind == "webhook") != bool(secret):
        sentence = "推送接口须有签名密钥" if kind == "webhook" else "只有推送接口使用签名密钥"
        raise Invalid("bad-secret", f"{sentence}。", fields=[{"field": "secret", "sentence": sentence}])
    key = given.new_person() if secret else None
    return [ChannelOpened(kind=kind, title=title, target=target, secret=Personal.plain(secret) if secret else None, person_key=key)]


def wrong_address(kind: str, target: str) -> str:
    """What is wrong with an address; '' if nothing is. Whether it leads into the agency's own network is seen when it is resolved."""
    if kind == "smtp":
        local, at, host = target.rpartition("@")
        right = at and local and "." in host and target.isascii() and target.isprintable() and not set(target) & set(' <>,;:"()[]\\')
        return "" if right else "应为一个电子邮箱，如 gongbao@example.gov.cn"
    parts = urlsplit(target)
    try:
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or parts.username is not None or parts.password is not None or parts.fragment:
        return "应为 https://主机/路径，不带用户名、口令和片段"
    return "" if target.isascii() and target.isprintable() and " " not in target else "网址只能使用 ASCII 字符，其他字符请先编码"

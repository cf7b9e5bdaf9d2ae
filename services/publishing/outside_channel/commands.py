"""The commands of an outside channel: an administrator opens and closes it, as it leads out of the platform."""

from typing import Annotated, Literal

from pydantic import Field

from services.publishing.outside_channel import decisions, events
from services.publishing.outside_channel.decisions import OutsideChannel, outside_channel
from shared.kernel.commands import Command, Decision, Given, command, handles

ARTICLE = "国令711 第二十三条"
Line = Annotated[str, Field(min_length=2, max_length=200)]


@command(
    of=outside_channel,
    verb="open",
    title="开通对外通道",
    capability="publishing.keep_channels",
    creates=True,
    rules=("DX-05a",),
    article=ARTICLE,
    events=(events.ChannelOpened,),
)
class OpenChannel(Command):
    """此后在门户公开、撤下和调整有效性的信息，都告知这个通道：每件至少一次，编号不变。"""

    kind: Literal["webhook", "websub", "smtp"] = Field(title="通道种类")
    title: Line = Field(title="名称")
    target: str = Field(title="目的地址", min_length=6, max_length=500, description="网址，或者单位的公用邮箱；不要使用个人邮箱")
    secret: str = Field(
        default="",
        title="签名密钥",
        pattern=r"^(whsec_[A-Za-z0-9+/]{32,86}={0,2})?$",
        description="推送接口填写：whsec_ 加 24 至 64 字节随机数的 Base64（Standard Webhooks）；加密保存，不再显示",
    )


@handles(OpenChannel)
def open_channel(command: OpenChannel, _state: OutsideChannel, given: Given) -> Decision:
    """From now on."""
    return decisions.open_channel(given, command.kind, command.title, command.target, command.secret)


@command(
    of=outside_channel,
    verb="close",
    title="关闭对外通道",
    capability="publishing.keep_channels",
    rules=("DX-05a",),
    article=ARTICLE,
    opens=decisions.still_open,
    events=(events.ChannelClosed,),
)
class CloseChannel(Command):
    """不再告知这个通道；尚未送达的不再投递。"""

    reason: Line = Field(title="理由")


@handles(CloseChannel)
def close_channel(command: CloseChannel, _state: OutsideChannel, _given: Given) -> Decision:
    """For good."""
    return [events.ChannelClosed(reason=command.reason)]

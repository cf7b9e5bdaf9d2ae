"""The commands with which a request waits for other agencies, and goes on."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Sha256
from services.requests.disclosure_request.decisions import coordination
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest
TEXTAREA: dict[str, Any] = {"widget": "textarea"}


class AddresseeIn(BaseModel):
    """An agency that is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: str = Field(title="机关代码", min_length=2, max_length=40)
    name: str = Field(title="机关名称", min_length=2, max_length=100)
    outside: bool = Field(default=False, title="不在本平台，书面答复")


class CoordinatedFileIn(BaseModel):
    """A file, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")


@command(
    of=disclosure_request,
    verb="request-coordination",
    title="提请协调确认",
    capability="requests.request_coordination",
    rules=("XT-04",),
    article="国令711 第十一条、第三十三条、第三十四条",
    opens=guards.coordinable,
    events=(events.CoordinationRequested,),
)
class RequestCoordination(Command):
    """申请的信息涉及其他行政机关，或者与其共同制作的，公开前书面征求其意见；答复之前不能拟稿。"""

    item: str = Field(title="拟公开的信息", min_length=2, max_length=200, description="不要写入申请人的个人信息")
    text: str = Field(title="协调函正文", min_length=2, max_length=2000, json_schema_extra=TEXTAREA)
    addressees: tuple[AddresseeIn, ...] = Field(title="涉及的机关", min_length=1, max_length=20)
    files: tuple[CoordinatedFileIn, ...] = Field(default=(), title="文件", max_length=100, description="只涉及部分文件的填写")
    urgent: bool = Field(default=False, title="紧急，请即时答复")
    co_made: bool = Field(default=False, title="共同制作的信息")
    approval_by: str = Field(default="", title="须经批准的，批准机关", max_length=100)


@handles(RequestCoordination)
def request_coordination(command: RequestCoordination, state: R, given: Given) -> Decision:
    """Asks review, over NATS."""
    return coordination.request_coordination(
        state,
        given,
        command.item,
        command.text,
        tuple(events.Addressee(one.code, one.name, one.outside) for one in command.addressees),
        tuple(events.CoordinatedFile(file.name, file.sha256) for file in command.files),
        urgent=command.urgent,
        co_made=command.co_made,
        approval_by=command.approval_by,
    )


@command(
    of=disclosure_request,
    verb="conclude-coordination",
    title="收到协调结论",
    capability="requests.lapse",
    internal=True,
    rules=("XT-04", "X-03"),
    events=(events.CoordinationConcluded,),
)
class ConcludeCoordination(Command):
    """有关机关的意见、权限认定或者协调决定。"""

    round: int = Field(title="第几次")
    agreed: bool = Field(title="可以公开")
    how: str = Field(title="依据", max_length=20)
    opinion: str = Field(default="", title="意见", max_length=4000)
    files: tuple[Sha256, ...] = Field(default=(), title="文件")


@handles(ConcludeCoordination)
def conclude_coordination(command: ConcludeCoordination, state: R, given: Given) -> Decision:
    """Records what came of it."""
    return coordination.conclude_coordination(state, given, command.round, command.agreed, command.how, command.opinion, command.files)

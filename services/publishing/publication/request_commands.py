"""The command that takes up what was given on request and concerns everybody (Decree 711, Article 44)."""

from uuid import UUID

from pydantic import Field

from services.publishing.publication import decisions, events
from services.publishing.publication.commands import FileIn, Line, P
from services.publishing.publication.decisions import Information
from services.publishing.publication.state import publication
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id


def taken_up_id(request: UUID) -> UUID:
    """The publication of what was given on a request."""
    return derived_id("publishing", "requested", request)


@command(
    of=publication,
    verb="take-up",
    title="登记依申请转主动公开",
    capability="publishing.keep_time",
    creates=True,
    internal=True,
    rules=("KH-02.3a",),
    article="国令711 第四十四条",
    identity=lambda command, _agency, _day: taken_up_id(command.request),
    events=(events.InformationCreated,),
)
class TakeUp(Command):
    """依申请公开的信息纳入主动公开，从纳入之日起计算公开期限。"""

    request: UUID = Field(title="申请")
    title: Line = Field(title="标题")
    unit: str = Field(title="责任科室", min_length=1, max_length=40)
    files: tuple[FileIn, ...] = Field(default=(), title="已经提供的文件", max_length=100)


@handles(TakeUp)
def take_up(command: TakeUp, state: P, given: Given) -> Decision:
    """Once for each request."""
    files = tuple(events.File(file.name, file.sha256, file.size) for file in command.files)
    said = Information(command.title, "other", "external", command.unit, (), None, "", None)
    return decisions.take_up(state, given, said, command.request, files)

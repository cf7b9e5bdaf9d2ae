"""The commands of a volunteer supervisor."""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.audit.supervisor import decisions, events
from services.audit.supervisor.decisions import Supervisor, supervisor
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.trust.personal import Personal

ARTICLE = "国令711 第四十六条"


@command(
    of=supervisor,
    verb="appoint",
    title="聘请义务监督员",
    capability="audit.appoint_supervisor",
    creates=True,
    rules=("DX-10a",),
    article=ARTICLE,
    events=(events.SupervisorAppointed,),
)
class AppointSupervisor(Command):
    """从社会各界聘请义务监督员；外部人员的姓名和联系方式加密保存。"""

    number: str = Field(title="聘书编号", min_length=1, max_length=60)
    sphere: str = Field(title="代表的方面", min_length=2, max_length=100, description="如：企业、社区、人大代表")
    since: date = Field(title="聘期自")
    until: date = Field(title="聘期至")
    name: str = Field(default="", title="姓名（外部人员）", max_length=100)
    contact: str = Field(default="", title="联系方式（外部人员）", max_length=200)
    person: UUID | None = Field(default=None, title="本机关的人员")


@handles(AppointSupervisor)
def appoint_supervisor(command: AppointSupervisor, _state: Supervisor, given: Given) -> Decision:
    """An outsider under a key of its own."""
    outsider = bool(command.name or command.contact)
    made = events.SupervisorAppointed(
        number=command.number,
        sphere=command.sphere,
        since=command.since,
        until=command.until,
        person=command.person,
        person_key=given.new_person() if outsider else None,
        name=Personal.plain(command.name) if command.name else None,
        contact=Personal.plain(command.contact) if command.contact else None,
    )
    return decisions.appoint(given, made)


@command(
    of=supervisor,
    verb="renew",
    title="续聘",
    capability="audit.appoint_supervisor",
    rules=("DX-10a",),
    article=ARTICLE,
    opens=decisions.not_ended,
    events=(events.SupervisorRenewed,),
)
class RenewSupervisor(Command):
    """延长聘期。"""

    until: date = Field(title="聘期至")


@handles(RenewSupervisor)
def renew_supervisor(command: RenewSupervisor, state: Supervisor, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.renew(state, command.until)


@command(
    of=supervisor,
    verb="end",
    title="解聘",
    capability="audit.appoint_supervisor",
    rules=("DX-10a",),
    article=ARTICLE,
    opens=decisions.not_ended,
    events=(events.SupervisorEnded,),
)
class EndSupervisor(Command):
    """自当日起不再担任监督员。"""

    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(EndSupervisor)
def end_supervisor(command: EndSupervisor, _state: Supervisor, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.SupervisorEnded(reason=command.reason)]

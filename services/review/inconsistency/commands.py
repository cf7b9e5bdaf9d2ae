"""The commands of an inconsistency report."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.review.inconsistency import decisions, events
from services.review.inconsistency.decisions import InconsistencyReport, inconsistency_report
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.trust.personal import Personal

S = InconsistencyReport
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]


class PublishedIn(BaseModel):
    """Where information was published."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    agency: str = Field(title="发布机关", min_length=2, max_length=100)
    where: str = Field(title="标题或者网址", min_length=2, max_length=500)


def published(each: tuple[PublishedIn, ...]) -> tuple[events.Published, ...]:
    """As the events name it."""
    return tuple(events.Published(one.agency, one.where) for one in each)


@command(
    of=inconsistency_report,
    verb="report",
    title="反映信息不一致",
    capability="review.report_inconsistency",
    creates=True,
    public=True,
    rules=("XT-10a", "XT-10b"),
    article="国令711 第六条",
    events=(events.InconsistencyReported, events.InconsistencyFound),
)
class ReportInconsistency(Command):
    """公众发现发布的政府信息不准确、不一致的，可以反映；本机关发现其他机关信息不准确、不一致的，由工作人员登记，及时反映。"""

    content: Text = Field(title="不准确、不一致的内容")
    published: tuple[PublishedIn, ...] = Field(title="在哪里发布", min_length=1, max_length=10)
    contact: str = Field(default="", title="联系方式", max_length=200, description="不填写的不答复，仍会处理")
    own_finding: bool = Field(default=False, title="本机关发现的", description="工作人员填写；须是其他机关发布的信息，内容不要写入个人信息")


@handles(ReportInconsistency)
def report_inconsistency(command: ReportInconsistency, _state: S, given: Given) -> Decision:
    """A citizen's is handled by its day, the agency's own raised by its day."""
    if command.own_finding:
        return decisions.find(given, command.content, published(command.published))
    return decisions.report(given, command.content, command.contact, published(command.published))


@command(
    of=inconsistency_report,
    verb="raise",
    title="向主管部门或者监察部门反映",
    capability="review.raise_inconsistency",
    rules=("XT-10a", "XT-10b"),
    article="国令711 第六条",
    opens=decisions.raisable,
    events=(events.InconsistencyRaised, events.HandlingOverdue),
)
class RaiseInconsistency(Command):
    """涉及其他机关的，及时书面反映。"""

    to: Literal["competent_department", "supervision_department"] = Field(title="反映给")
    name: Line = Field(title="部门名称")
    document: Line = Field(title="文号")


@handles(RaiseInconsistency)
def raise_inconsistency(command: RaiseInconsistency, state: S, given: Given) -> Decision:
    """In writing."""
    return decisions.raise_it(state, given, command.to, command.name, command.document)


@command(
    of=inconsistency_report,
    verb="handle",
    title="作出处理",
    capability="review.handle_inconsistency",
    rules=("XT-10a", "X-08"),
    article="国令711 第六条",
    opens=decisions.handleable,
    events=(events.InconsistencyHandled, events.HandlingOverdue),
)
class HandleInconsistency(Command):
    """核实并处理：更正、请有关机关更正、撤下，或者说明一致。"""

    finding: Literal["corrected", "corrected_by_other", "consistent", "withdrawn"] = Field(title="结论")
    measures: Text = Field(title="处理情况")
    evidence: Line = Field(title="依据（文号、网址）")


@handles(HandleInconsistency)
def handle_inconsistency(command: HandleInconsistency, state: S, given: Given) -> Decision:
    """With its evidence."""
    return decisions.handle(state, given, command.finding, command.measures, command.evidence)


@command(
    of=inconsistency_report,
    verb="answer-reporter",
    title="答复反映人",
    capability="review.answer_inconsistency",
    rules=("XT-10a",),
    article="国令711 第六条",
    opens=decisions.answerable,
    events=(events.ReporterAnswered,),
)
class AnswerReporter(Command):
    """把处理情况答复反映人。"""

    way: Literal["email", "post", "fax", "online"] = Field(title="答复方式")
    text: Text = Field(title="答复内容")


@handles(AnswerReporter)
def answer_reporter(command: AnswerReporter, _state: S, _given: Given) -> Decision:
    """What came of it."""
    return [events.ReporterAnswered(way=command.way, text=Personal.plain(command.text))]


@command(
    of=inconsistency_report,
    verb="miss-handling",
    title="记录处理逾期",
    capability="review.miss_deadline",
    internal=True,
    rules=("XT-10a", "XT-10b"),
    events=(events.HandlingOverdue,),
)
class MissHandling(Command):
    """处理或者反映的期限届满。"""


@handles(MissHandling)
def miss_handling(_command: MissHandling, state: S, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)

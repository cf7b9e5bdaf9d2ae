"""The commands of a catalogue entry."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.publishing.catalogue_entry import decisions, events
from services.publishing.catalogue_entry.decisions import Described
from services.publishing.catalogue_entry.state import CatalogueEntry, catalogue_entry
from shared.kernel.commands import Command, Decision, Given, command, handles

E = CatalogueEntry
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA)]
Category = Literal["decisions", "ideology", "organisation", "conduct", "rules", "functions", "policy", "finance"]
Channel = Literal[
    "portal", "notice_board", "newspaper", "radio", "official_account", "screen", "reception_day", "telephone",
    "staff_meeting", "briefing", "stage_meeting", "handbook",
]  # fmt: skip
ARTICLE = "国令711 第十二条、第二十条"


class Describing(Command):
    """What both commands say of an entry."""

    name: Line = Field(title="公开事项")
    category: Category = Field(title="类别")
    sphere: Literal["party", "government"] = Field(title="党务或者政务")
    basis: Line = Field(title="公开依据")
    unit: str = Field(title="责任科室", min_length=1, max_length=40)
    audience: Literal["external", "internal", "both"] = Field(title="公开范围")
    cadence: Literal["year", "half_year", "quarter", "month", "staged", "at_once"] = Field(title="公开周期")
    channels: tuple[Channel, ...] = Field(title="公开载体", min_length=1, max_length=12)


def described(command: Describing) -> Described:
    """What a command says."""
    return Described(*(getattr(command, field) for field in Described._fields))


@command(
    of=catalogue_entry,
    verb="define",
    title="编入公开目录",
    capability="publishing.keep_catalogue",
    creates=True,
    rules=(*events.LISTED, "DX-05a", "DX-05b", "KH-02.3d"),
    article=ARTICLE,
    events=(events.EntryDefined,),
)
class DefineEntry(Describing):
    """把一项应当公开的内容编入目录，写明依据、责任科室、范围、周期和载体。"""


@handles(DefineEntry)
def define_entry(command: DefineEntry, _state: E, given: Given) -> Decision:
    """A new entry."""
    return decisions.define(given, described(command))


@command(
    of=catalogue_entry,
    verb="revise",
    title="更新目录事项",
    capability="publishing.keep_catalogue",
    rules=("KH-02.1",),
    article=ARTICLE,
    opens=decisions.not_retired,
    events=(events.EntryRevised,),
)
class ReviseEntry(Describing):
    """目录适时更新。"""

    reason: Text = Field(title="更新理由")


@handles(ReviseEntry)
def revise_entry(command: ReviseEntry, state: E, given: Given) -> Decision:
    """As it is from now on."""
    return decisions.revise(state, given, described(command), command.reason)


@command(
    of=catalogue_entry,
    verb="retire",
    title="移出目录",
    capability="publishing.keep_catalogue",
    rules=("KH-02.1",),
    article=ARTICLE,
    opens=decisions.not_retired,
    events=(events.EntryRetired,),
)
class RetireEntry(Command):
    """不再公开的事项移出目录。"""

    reason: Text = Field(title="理由")


@handles(RetireEntry)
def retire_entry(command: RetireEntry, _state: E, _given: Given) -> Decision:
    """With its reason."""
    return decisions.retire(command.reason)


@command(
    of=catalogue_entry,
    verb="end-stage",
    title="登记阶段结束",
    capability="publishing.keep_catalogue",
    rules=("DX-07", "KH-02.3d"),
    opens=decisions.not_retired,
    events=(events.PublicationDue,),
)
class EndStage(Command):
    """逐段公开的事项，一个阶段结束，应当公开。"""

    stage: Line = Field(title="阶段")


@handles(EndStage)
def end_stage(command: EndStage, state: E, given: Given) -> Decision:
    """It comes due."""
    return decisions.end_stage(state, given, command.stage)


@command(
    of=catalogue_entry,
    verb="open-periods",
    title="产生到期事项",
    capability="publishing.keep_time",
    internal=True,
    rules=("DX-07",),
    events=(events.PublicationDue,),
)
class OpenPeriods(Command):
    """一个周期结束，产生应当公开的事项。"""


@handles(OpenPeriods)
def open_periods(_command: OpenPeriods, state: E, given: Given) -> Decision:
    """Those that have ended."""
    return decisions.open_periods(state, given)


@command(
    of=catalogue_entry,
    verb="miss-publication",
    title="记录逾期未公开",
    capability="publishing.keep_time",
    internal=True,
    rules=("DX-07",),
    events=(events.PublicationMissed,),
)
class MissPublication(Command):
    """期限届满而没有公开。"""


@handles(MissPublication)
def miss_publication(_command: MissPublication, state: E, given: Given) -> Decision:
    """Each once."""
    return decisions.miss(state, given)

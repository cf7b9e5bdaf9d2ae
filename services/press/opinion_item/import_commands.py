"""The command that takes a detection from a file: the same item of the same source is the same thing, and is taken once."""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.press.opinion_item import decisions, events
from services.press.opinion_item.commands import ARTICLE, DetectOpinion, utc
from services.press.opinion_item.state import OpinionItem, opinion_item
from shared.kernel.commands import AgencyFacts, Decided, Decision, Given, command, handles
from shared.kernel.identity import derived_id


def imported_id(agency: str, source: str, key: str) -> UUID:
    """The item of an agency that a source names so: by its address, or the id that a feed gives it."""
    return derived_id("press", "opinion", agency, source, key)


def item_of(command: "ImportOpinion", agency: AgencyFacts, _day: date) -> UUID:
    """The same each time."""
    return imported_id(agency.code, command.source, command.key)


@command(
    of=opinion_item,
    verb="import",
    title="导入舆情",
    capability="press.monitor",
    creates=True,
    internal=True,
    identity=item_of,
    rules=("YQ-03.1a", "XW-08.2"),
    article=ARTICLE,
    events=(events.OpinionDetected,),
)
class ImportOpinion(DetectOpinion):
    """从 CSV、RSS 或者 Atom 文件登记发现的舆情；不读取发布人的姓名、账号。"""

    key: str = Field(title="来源中的编号或者网址", min_length=1, max_length=500)


@handles(ImportOpinion)
def import_opinion(command: ImportOpinion, state: OpinionItem, given: Given) -> Decision:
    """Once."""
    if state.exists:
        return Decided([], {"new": False})
    seen = events.OpinionDetected(
        source=command.source, place=command.place, title=command.title, summary=command.summary,
        detected_at=utc(command.detected_at), published_at=utc(command.published_at) if command.published_at else None,
    )  # fmt: skip
    return Decided(decisions.detect(given, seen), {"new": True})

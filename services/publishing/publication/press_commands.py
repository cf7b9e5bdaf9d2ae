"""The command that takes up what press has said for the agency, so that the portal says the same (YQ-03.5b)."""

from uuid import UUID

from pydantic import Field

from services.publishing.publication import decisions, events
from services.publishing.publication.commands import Line, P
from services.publishing.publication.decisions import Information
from services.publishing.publication.state import publication
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id


def statement_id(release: UUID) -> UUID:
    """The publication of the statement of a release."""
    return derived_id("publishing", "statement", release)


@command(
    of=publication,
    verb="take-up-statement",
    title="登记发布的新闻稿",
    capability="publishing.keep_time",
    creates=True,
    internal=True,
    rules=("YQ-03.5b", "KH-02.3a"),
    article=events.RELATED,
    identity=lambda command, _agency, _day: statement_id(command.release),
    events=(events.InformationCreated, events.PublicationDrafted, events.RelatedLinked),
)
class TakeUpStatement(Command):
    """新闻发布的内容纳入主动公开，按程序审查、批准后在门户网站公开。"""

    release: UUID = Field(title="新闻发布")
    title: Line = Field(title="标题")
    text: str = Field(title="正文", min_length=2, max_length=200_000)
    unit: str = Field(title="责任科室", min_length=1, max_length=40)


@handles(TakeUpStatement)
def take_up_statement(command: TakeUpStatement, state: P, given: Given) -> Decision:
    """Once for each release, on however many channels it was said."""
    said = Information(command.title, "notice", "external", command.unit, (), None, "", None)
    return decisions.take_up_statement(state, given, said, command.text, command.release)

"""The commands of a clearance: what review answers. What asks for it are commands of the things that are to be said."""

from typing import Annotated

from pydantic import Field

from services.press.clearance import decisions, events
from services.press.clearance.state import Clearance, clearance
from shared.kernel.commands import Command, Decision, Given, command, handles

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@command(
    of=clearance,
    verb="conclude-review",
    title="收到保密审查结论",
    capability="press.keep_time",
    internal=True,
    rules=("BM-03b",),
    events=(events.ReviewConcluded,),
)
class ConcludeReview(Command):
    """保密审查作出结论。"""

    review: int = Field(title="第几次审查")
    released: tuple[Sha256, ...] = Field(title="可以发布的")
    withheld: tuple[Sha256, ...] = Field(default=(), title="不予发布的")


@handles(ConcludeReview)
def conclude_review(command: ConcludeReview, state: Clearance, _given: Given) -> Decision:
    """What review answered."""
    concluded = events.ReviewConcluded(review=command.review, released=command.released, withheld=command.withheld)
    return decisions.conclude_review(state, concluded)


@command(
    of=clearance,
    verb="conclude-coordination",
    title="收到协调确认结论",
    capability="press.keep_time",
    internal=True,
    rules=("YQ-03.5d", "XT-04"),
    events=(events.CoordinationConcluded,),
)
class ConcludeCoordination(Command):
    """协调确认作出结论。"""

    round: int = Field(title="第几次")
    agreed: bool = Field(title="可以发布")
    how: str = Field(title="如何达成", max_length=40)
    files: tuple[Sha256, ...] = Field(default=(), title="内容")
    opinion: str = Field(default="", title="意见", max_length=4000)


@handles(ConcludeCoordination)
def conclude_coordination(command: ConcludeCoordination, state: Clearance, _given: Given) -> Decision:
    """What they came to."""
    concluded = events.CoordinationConcluded(**command.model_dump(include={"round", "agreed", "how", "files", "opinion"}))
    return decisions.conclude_coordination(state, concluded)

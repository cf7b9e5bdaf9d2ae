"""The commands of the secrecy review of what is to be given out."""

from pydantic import Field

from services.requests.attachment.decisions import attachments_of, check_stored, stored_here
from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import FileIn, Sha256
from services.requests.disclosure_request.decisions import review
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="request-review",
    title="提请保密审查",
    capability="requests.draft_reply",
    rules=("BM-03b", "YS-07.5"),
    article="国令711 第十七条",
    opens=guards.reviewable,
    also=lambda _command, _agency, _day, state: attachments_of(state.id),
    events=(events.SecrecyReviewRequested,),
)
class RequestReview(Command):
    """把拟提供的文件提请保密审查，以文件内容的散列为准。"""

    files: tuple[FileIn, ...] = Field(title="文件", min_length=1, max_length=100)


@handles(RequestReview)
def request_review(command: RequestReview, state: R, given: Given) -> Decision:
    """Asks review, over NATS. Files that are stored here have to hide nothing."""
    hashes = [file.sha256 for file in command.files]
    check_stored(given, state.id, hashes)
    return review.request_review(state, tuple(file.file() for file in command.files), stored_here(given, state.id, hashes))


@command(
    of=disclosure_request,
    verb="conclude-review",
    title="收到审查结论",
    capability="requests.lapse",
    internal=True,
    rules=("BM-03b",),
    events=(events.SecrecyReviewConcluded,),
)
class ConcludeReview(Command):
    """保密审查作出结论。"""

    review: int = Field(title="第几次审查")
    released: tuple[Sha256, ...] = Field(title="可以公开的")
    withheld: tuple[Sha256, ...] = Field(default=(), title="不予公开的")


@handles(ConcludeReview)
def conclude_review(command: ConcludeReview, state: R, _given: Given) -> Decision:
    """Records what review answered."""
    return review.conclude_review(state, command.review, command.released, command.withheld)

"""What was given on request moves to what is published, when many ask for it or the applicant suggests it (Decree 711, Article 44)."""

from collections.abc import Sequence

from services.requests.disclosure_request.events import MovedToProactive, ProactiveDeclined, ProactiveSuggested
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]

ARTICLE = "国令711 第四十四条"


def suggest(state: R, given: Given, reason: str) -> Events:
    """By the applicant, or written down for it; one at a time."""
    if state.proactive == "suggested":
        raise Refused("suggested-already", "已经收到过建议，正在审核。", article=ARTICLE)
    by = "applicant" if given.actor.person == "public" else "clerk"
    return [ProactiveSuggested(by=by, reason=Personal.plain(reason))]


def decline(state: R, reason: str) -> Events:
    """With the reason that the applicant is told."""
    if state.proactive != "suggested":
        raise Refused("nothing-suggested", "没有待审核的建议。", article=ARTICLE)
    return [ProactiveDeclined(reason=reason)]


def move(state: R, title: str, ground: str, reason: str) -> Events:
    """The files that were given out, exactly these bytes: publishing reviews and approves them by its own rules."""
    if ground == "suggested" and state.proactive != "suggested":
        raise Refused(
            "nothing-suggested", "没有待审核的建议；请选择其他缘由。", article=ARTICLE, remedy="先登记申请人的建议，或者选择其他缘由。"
        )
    assert state.draft is not None
    return [
        MovedToProactive(title=title, ground=ground, reason=reason, unit=state.unit, outcome=state.draft.outcome, files=state.draft.files)
    ]

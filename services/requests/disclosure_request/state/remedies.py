"""What reconsideration and litigation change: what is pending, what came of it, and a request that is open again."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import (
    LitigationConcluded,
    LitigationFiled,
    ReconsiderationConcluded,
    ReconsiderationFiled,
    RemedyAnswered,
    RemedyAnswerMissed,
    RemedyResultCorrected,
    RemedyVoided,
    RequestReopened,
)
from services.requests.disclosure_request.state.request import DisclosureRequest, Remedy, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ReconsiderationFiled, LitigationFiled)
def filed(state: R, event: ReconsiderationFiled | LitigationFiled, _meta: Meta) -> R:
    """One more is pending."""
    if isinstance(event, ReconsiderationFiled):
        made = Remedy(event.number, "reconsideration", event.filed_on, event.answer, forum=event.organ)
    else:
        made = Remedy(event.number, "litigation", event.filed_on, event.answer, forum=event.court, after=event.after)
    return replace(state, remedies=(*state.remedies, made))


@evolves(RemedyAnswered)
def answered(state: R, event: RemedyAnswered, _meta: Meta) -> R:
    """The agency has said what it has to say."""
    return _changed(state, event.number, answered_on=event.answered_on)


@evolves(RemedyAnswerMissed)
def answer_missed(state: R, event: RemedyAnswerMissed, _meta: Meta) -> R:
    """Late, once."""
    return _changed(state, event.number, missed=True)


@evolves(ReconsiderationConcluded, LitigationConcluded, RemedyResultCorrected)
def concluded(state: R, event: ReconsiderationConcluded | LitigationConcluded | RemedyResultCorrected, _meta: Meta) -> R:
    """It has come to a result, or to another than was registered."""
    return _changed(state, event.number, result=event.result, decided_on=event.decided_on)


@evolves(RemedyVoided)
def remedy_voided(state: R, event: RemedyVoided, _meta: Meta) -> R:
    """It never was."""
    return replace(state, remedies=tuple(one for one in state.remedies if one.number != event.number), last_remedy=event.number)


@evolves(RequestReopened)
def reopened(state: R, event: RequestReopened, _meta: Meta) -> R:
    """To be replied to again, under a clock of its own; what was drafted, extended and stood still belongs to the reply that is gone."""
    remade = _changed(state, event.number, reopened=True)
    return replace(
        remade,
        stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED,
        clock_start=event.since,
        redo_days=event.days,
        deadline=event.deadline,
        not_counted=(),
        extension_wanted=0,
        extension_by=(),
        extension_days=0,
        excess_days=0,
        draft=None,
        drafted_by=(),
        outcome=None,
        concluded_on=None,
        inspection=None,
        proactive="",
    )


def _changed(state: R, number: int, **changes: object) -> R:
    return replace(state, remedies=tuple(replace(one, **changes) if one.number == number else one for one in state.remedies))

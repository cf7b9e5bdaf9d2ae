"""What may be decided about a claim: it comes to a correction, a refusal with reason, or to the agency that may correct; and the claimant is told."""

from collections.abc import Sequence

from services.requests.record_correction.events import (
    ClaimantNotified,
    ClaimTransferred,
    CorrectionDecided,
    CorrectionOverdue,
)
from services.requests.record_correction.state import GROUNDS, TITLES, RecordCorrection, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import Rulebook
from shared.trust.personal import Personal

S = RecordCorrection
Events = Sequence[Event]


def book_of(state: S, given: Given) -> Rulebook:
    """The rulebook of the claim: the one of the day it came."""
    return given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook


def own(state: S, given: Given) -> None:
    """A claim is its agency's alone: to another, there is none."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def undecided(state: S, given: Given) -> None:
    """Before it has come to something."""
    own(state, given)
    if not state.open:
        raise Refused("claim-decided", f"该更正申请{TITLES[state.stage]}，不能再办理。")


def unverified(state: S, given: Given) -> None:
    """Once."""
    undecided(state, given)
    if state.verified:
        raise Refused("identity-verified", "更正申请人的身份已经核验。")


def decidable(state: S, given: Given) -> None:
    """A record is put right for whom it is about."""
    undecided(state, given)
    if not state.verified:
        raise Refused(
            "identity-unverified",
            "只有与自身相关的记录可以申请更正，请先核验申请人身份。",
            article=book_of(state, given).correction.article,
            remedy="先办理“核验更正申请人身份”。",
        )


def notifiable(state: S, given: Given) -> None:
    """After it has come to something, once."""
    own(state, given)
    if state.open or state.closed:
        raise Refused("nothing-to-notify", "作出决定或者转送之后才能告知申请人，且只告知一次。")


def check_claim(given: Given, channel: str, ground: str, proof: str, receipt: str) -> None:
    """The grounds, and whether evidence is asked for, are the rulebook's; a member of the public claims by internet, a clerk names how it came."""
    law = given.rulebook.correction
    if ground not in law.grounds:
        known = "、".join(GROUNDS[one] for one in law.grounds)
        raise Refused(
            "no-such-ground",
            f"《{given.rulebook.title}》规定可以申请更正的情形是：{known}。",
            article=law.article,
            remedy=f"请选择“{GROUNDS[law.grounds[0]]}”，或者说明记录哪里不准确。",
        )
    needed = given.rulebook.provisions["correction_needs_evidence"]
    if needed.holds and not proof:
        raise Invalid(
            "proof-missing", "请写明能证明记录不准确的证据。", article=needed.article, fields=[{"field": "proof", "sentence": "必填"}]
        )
    public = given.actor.person == "public"
    if public and (channel != "internet" or receipt):
        raise Refused("channel-by-clerk", "网上提交的渠道只能是“互联网”，不用填写收到的凭据；其他渠道请交由工作人员登记。")
    if not public and channel != "internet" and not receipt:
        raise Invalid("evidence-missing", "请写明收到的凭据（如收件登记号）。", fields=[{"field": "receipt", "sentence": "必填"}])


def claim_due(given: Given) -> Deadline:
    """The clock of a claim starts on the day it comes."""
    return deadline(Facts(start=given.today, limit="correction"), given.rulebook, given.calendar)


def decide(state: S, given: Given, decision: str, reason: str, document: str) -> Events:
    """Corrected, and by which act; or refused. Either with its reason (X-05)."""
    if decision == Stage.CORRECTED and not document:
        raise Invalid(
            "document-missing",
            "已更正的，请写明更正所依据的文书或者登记号。",
            article=book_of(state, given).correction.article,
            fields=[{"field": "document", "sentence": "必填"}],
        )
    return [CorrectionDecided(decision=decision, reason=Personal.plain(reason), document=document), *miss(state, given)]


def transfer(state: S, given: Given, how: str, agency: str, contact: str, document: str) -> Events:
    """To the agency that may correct it; under the decree the claimant may be told to ask there instead (YS-09b; Article 41)."""
    provision = book_of(state, given).provisions["correction_may_be_referred"]
    if how == "told" and not provision.holds:
        raise Refused(
            "transfer-only",
            f"《{book_of(state, given).title}》规定无权更正的应当转送有权机关，不能只告知申请人。",
            article=provision.article,
            remedy="请选择“转送”，并写明转送函文号。",
        )
    if how == "transferred" and not document:
        raise Invalid("document-missing", "请写明转送函的文号。", fields=[{"field": "document", "sentence": "必填"}])
    return [ClaimTransferred(how=how, agency=agency, contact=contact, document=document), *miss(state, given)]


def notify(way: str, evidence: str, text: str) -> Events:
    """In writing, with evidence."""
    return [ClaimantNotified(way=way, evidence=evidence, text=Personal.plain(text))]


def miss(state: S, given: Given) -> list[Event]:
    """Once, when the day is over and nothing had come of it."""
    if not state.open or state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    return [CorrectionOverdue(due=state.deadline.due)]

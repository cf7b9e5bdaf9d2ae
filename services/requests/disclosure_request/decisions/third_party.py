"""Third parties: asked in writing, heard, and overruled only for the public interest (Decree 711, Article 32; YS-07.6)."""

from collections.abc import Sequence

import msgspec

from services.requests.disclosure_request.decisions.deadlines import book_of, due, reply_due
from services.requests.disclosure_request.events import (
    File,
    PublicInterestOverrode,
    ThirdPartyConsented,
    ThirdPartyConsulted,
    ThirdPartyObjected,
    ThirdPartySilent,
)
from services.requests.disclosure_request.state import DisclosureRequest, ThirdParty
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]

ARTICLE = "国令711 第三十二条"


def consult(state: R, given: Given, touches: str, third_party: str, contact: str, files: tuple[str, ...]) -> Events:
    """Fifteen working days to answer, from the day on which the letter arrives; they do not count for the reply where the rulebook says so."""
    if state.clock_start is None:
        raise Refused("clock-not-running", "请先由双方确认收到申请，再征求第三方意见。", article=ARTICLE)
    return [
        ThirdPartyConsulted(
            number=len(state.third_parties) + 1,
            touches=touches,
            third_party=Personal.plain(third_party),
            contact=Personal.plain(contact),
            person_key=given.new_person(),
            files=files,
            sent_on=given.today,
            deadline=due(state, given, "third_party_opinion", given.today),
            counted=not book_of(state, given).says("consultation_not_counted"),
        )
    ]


def consent(state: R, given: Given, number: int, evidence: str) -> Events:
    """It agrees, also after it had objected: until the reply is drafted it may change its mind."""
    party = asked(state, number)
    if party.stands == "consented":
        raise Refused("answered-already", "该第三方已同意公开。", article=ARTICLE)
    return [ThirdPartyConsented(number=number, evidence=evidence, reply=clock_again(state, given, number))]


def object_to(state: R, given: Given, number: int, why: str, reasonable: bool | None) -> Events:
    """It does not agree. Where the rulebook weighs reasons, the agency says what it finds of this one."""
    party = asked(state, number)
    if party.stands == "objected":
        raise Refused("answered-already", "该第三方的不同意见已登记。", article=ARTICLE)
    blocks = book_of(state, given).says("third_party_refusal_blocks")
    if not blocks and reasonable is None:
        raise Invalid(
            "reason-unweighed",
            "第三方不同意公开的，请写明其理由是否合理。",
            article=ARTICLE,
            fields=[{"field": "reasonable", "sentence": "必填"}],
        )
    return [
        ThirdPartyObjected(
            number=number,
            why=Personal.plain(why),
            person_key=party.person_key,
            reasonable=None if blocks else reasonable,
            reply=clock_again(state, given, number),
        )
    ]


def silent(state: R, given: Given, number: int) -> Events:
    """Nothing came within its period: the agency decides by itself."""
    party = asked(state, number)
    if party.stands != "waiting":
        raise Refused("answered-already", "该第三方已提出意见。", article=ARTICLE)
    if given.today <= party.deadline.due:
        raise Refused("third-party-still-open", f"第三方提出意见的期限到 {party.deadline.due} 为止。", article=ARTICLE)
    return [ThirdPartySilent(number=number, due=party.deadline.due, reply=clock_again(state, given, number))]


def pass_over_silence(state: R, given: Given) -> Events:
    """The silence of all whose period has passed, as the keeper finds it; with the last of them the reply period goes on.

    Nobody may be late twice: one that has answered, or whose silence is on record, is left out; so is a request that has ended.
    """
    if state.closed:
        return []
    late = [party for party in state.third_parties if party.stands == "waiting" and given.today > party.deadline.due]
    others = any(party.stands == "waiting" and party not in late for party in state.third_parties)
    recorded = [ThirdPartySilent(number=party.number, due=party.deadline.due, reply=None) for party in late]
    if recorded and not others:
        recorded[-1] = msgspec.structs.replace(recorded[-1], reply=reply_goes_on(state, given))
    return recorded


def override(state: R, given: Given, number: int, reason: str, notice: str) -> Events:
    """For the public interest, where the rulebook knows it, and the third party is told in writing what is disclosed and why."""
    book = book_of(state, given)
    provision = book.provisions["public_interest_overrides"]
    if not provision.holds:
        raise Refused("no-override", f"《{book.title}》规定第三方不同意的不得公开，没有公共利益优先的规定。", article=provision.article)
    if asked(state, number).stands != "objected":
        raise Refused("nothing-to-override", "该第三方没有不同意公开。", article=provision.article)
    return [PublicInterestOverrode(number=number, reason=reason, notice=notice)]


def asked(state: R, number: int) -> ThirdParty:
    """The consultation of this number."""
    found = next((party for party in state.third_parties if party.number == number), None)
    if found is None:
        raise Invalid("no-such-consultation", "没有这一次征求意见，请核对序号。", fields=[{"field": "number", "sentence": "请核对"}])
    return found


def clock_again(state: R, given: Given, number: int) -> Deadline | None:
    """The reply's due date when this was the last answer to come; None while another is still to come, or where the days counted anyway."""
    if any(party.stands == "waiting" and party.number != number for party in state.third_parties):
        return None
    return reply_goes_on(state, given)


def reply_goes_on(state: R, given: Given) -> Deadline | None:
    """The reply's due date when nobody is to answer any more; None where the days counted anyway."""
    if not state.consulting:
        return None
    assert state.clock_start is not None
    spans = tuple(msgspec.structs.replace(span, end=given.today) if span.end is None else span for span in state.not_counted)
    return reply_due(state, given, state.clock_start, not_counted=spans)


def check_reply(state: R, given: Given, outcome: str, files: tuple[File, ...]) -> None:
    """Nothing is given out while a third party is still to answer, nor what it rightly refuses; and then the applicant is told why it is withheld."""
    if outcome not in ("r1_granted", "r2_partial"):
        return
    if any(party.stands == "waiting" for party in state.third_parties):
        raise Refused(
            "third-party-waiting",
            "第三方尚未提出意见，期限也未届满，不能决定公开。",
            article=ARTICLE,
            remedy="等待第三方意见或者期限届满。",
        )
    blocks = book_of(state, given).says("third_party_refusal_blocks")
    refusing = [party for party in state.third_parties if party.stands == "objected" and (blocks or party.reasonable)]
    if refusing and outcome == "r1_granted":
        raise Refused(
            "third-party-objects",
            "第三方不同意公开，其涉及的内容不得公开；请作出不予公开或者部分公开的答复，并向申请人说明。",
            article=ARTICLE,
            remedy="不公开可能对公共利益造成重大影响的，办理“公共利益优先，决定公开”（国令711）。",
        )
    withheld = {hash for party in refusing for hash in party.files}
    named = [file.name for file in files if file.sha256 in withheld]
    if named:
        raise Refused("third-party-objects", f"第三方不同意公开：{'、'.join(named)}。", article=ARTICLE)

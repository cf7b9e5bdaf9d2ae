"""What concerns other agencies waits for them, and their time is not the applicant's loss alone: under the decree it is not counted (Article 33)."""

from collections.abc import Sequence

from msgspec.structs import replace

from services.requests.disclosure_request.events import Addressee, CoordinatedFile, CoordinationConcluded, CoordinationRequested, File
from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, deadline

R = DisclosureRequest
GIVES = ("r1_granted", "r2_partial")
"""The outcomes that give something out."""


def request_coordination(
    state: R,
    given: Given,
    item: str,
    text: str,
    addressees: tuple[Addressee, ...],
    files: tuple[CoordinatedFile, ...],
    *,
    urgent: bool,
    co_made: bool,
    approval_by: str,
) -> Sequence[Event]:
    """Each agency once, not oneself; the reply period stands still where the rulebook says so."""
    check_addressees(given, addressees)
    if state.consulting:
        raise Refused("third-party-waiting", "正在征求第三方意见，待意见齐备后再与有关机关协调。", article="国令711 第三十二条")
    book = given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook
    return [
        CoordinationRequested(
            round=state.coordinations + 1,
            item=item,
            text=text,
            addressees=addressees,
            files=files,
            urgent=urgent,
            co_made=co_made,
            unit=state.unit,
            approval_by=approval_by,
            since=given.today if book.says("consultation_not_counted") else None,
        )
    ]


def check_addressees(given: Given, addressees: tuple[Addressee, ...]) -> None:
    """What review would refuse later is refused here, while somebody can put it right."""
    for number, one in enumerate(addressees):
        field = f"addressees.{number}.code"
        if one.code == given.agency.code:
            raise Invalid("asks-itself", "协调函不能发给本机关。", fields=[{"field": field, "sentence": "请填写其他机关"}])
        if one.code in [other.code for other in addressees[:number]]:
            raise Invalid("asked-twice", "同一机关只发一份协调函。", fields=[{"field": field, "sentence": "重复"}])
        if given.is_agency is not None and one.outside is given.is_agency(one.code):
            told = "该机关在本平台上，由其自行答复" if one.outside else "平台上没有这个机关；不在平台上的请勾选“书面答复”"
            raise Invalid("wrong-addressee", f"{one.name}：{told}。", fields=[{"field": field, "sentence": told}])


def conclude_coordination(
    state: R, given: Given, round: int, agreed: bool, how: str, opinion: str, files: tuple[str, ...]
) -> Sequence[Event]:
    """What review has heard of them. A case that ended meanwhile, or a round that was overtaken, is left alone."""
    if state.stage is not Stage.COORDINATING or round != state.coordinations:
        return []
    return [
        CoordinationConcluded(
            round=round,
            agreed=agreed,
            how=how,
            opinion=opinion,
            files=files,
            concluded_on=given.today,
            deadline=due_again(state, given),
        )
    ]


def due_again(state: R, given: Given) -> Deadline | None:
    """The due date with the days of asking left out; None where the clock has not stood still."""
    facts = state.clock()
    if facts is None or not state.stands_still:
        return None
    spans = tuple(replace(span, end=given.today) if span.end is None else span for span in state.not_counted)
    book = given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook
    return deadline(replace(facts, not_counted=spans), book, given.calendar)


def check_confirmed(state: R, outcome: str, files: tuple[File, ...]) -> None:
    """Nothing is given out to which an agency concerned has not agreed, and no decision has overruled it (XT-04)."""
    if outcome not in GIVES:
        return
    refused = [file.name for file in files if file.sha256 in state.unconfirmed]
    if refused or (state.unconfirmed_whole and (files or outcome == "r1_granted")):
        told = f"：{'、'.join(refused)}" if refused else ""
        raise Refused(
            "not-confirmed",
            f"涉及其他机关的信息未取得一致意见，不得公开{told}。",
            article="国令711 第十一条",
            remedy="可以再次提请协调确认，或者不予公开。",
        )

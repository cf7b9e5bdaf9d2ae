"""Requests at each point of an ordinary life, made by the commands themselves, as the tests of the decisions start from them."""

from datetime import date
from typing import Any, cast

from services.requests.disclosure_request.commands import (
    ApproveReply,
    Assign,
    ConcludeReview,
    ConfirmReceipt,
    DraftReply,
    FileIn,
    GroundIn,
    Register,
    RequestReview,
    Submit,
)
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.number_series.series import number_series, series_id
from shared.kernel.events import Actor
from tests.specification import AGENCY, Outcome, Specification, given, person

RECEIVED_ON = date(2025, 9, 22)
"""A Monday; the 20th working day after it is 24 October 2025, the 15th 17 October."""

PUBLIC = Actor("public", ("public",))
SYSTEM = Actor("system:keeper", ("system",))
OFFICE = person("office", "disclosure_office")
DRAFTER = person("drafter", "clerk")
LEADER = person("leader", "leader_in_charge")
HEAD = person("head", "head_of_disclosure_office")
LEADING_GROUP = person("leading group", "head_of_leading_group")

CONTRACT = FileIn(name="采购合同.pdf", sha256="ab" * 32, size=20_480)
LETTER = FileIn(name="往来函件.pdf", sha256="cd" * 32, size=4_096)

GRANTED = GroundIn(outcome="r1_granted", article="国令711 第三十六条第二项")
PARTIAL = GroundIn(
    outcome="r2_partial", article="国令711 第三十七条", ground="含有他人联系方式", reason="公开会侵害个人隐私", part="第三页"
)
WITHHELD = GroundIn(outcome="r3_1_state_secret", article="国令711 第十四条", ground="属于国家秘密", reason="已标明密级，在保密期限内")


def submission(**changes: Any) -> Submit:
    """A request handed in at the counter, as a clerk enters it."""
    fields: dict[str, Any] = {
        "applicant_name": "马䶮",
        "contact": "13800000000",
        "content": "2024年政务服务大厅采购合同",
        "channel": "in_person",
        "evidence": "收件登记 0001",
    }
    return Submit(**{**fields, **changes})


def submitted(day: date = RECEIVED_ON, by: Actor = DRAFTER, book: str = "decree-711", **changes: Any) -> Outcome:
    """What comes of a submission."""
    return given(disclosure_request, day=day).under(book).on(day).when(submission(**changes), by=by)


def state_of(outcome: Outcome) -> DisclosureRequest:
    """The state after it."""
    return cast("DisclosureRequest", outcome.state)


def standing(case: Specification) -> DisclosureRequest:
    """The request as it stands."""
    return cast("DisclosureRequest", case.state)


def with_series(case: Specification, issued: int = 0) -> Specification:
    """With the agency's number series of the year at hand."""
    series = number_series.initial(series_id(AGENCY.code, case.day.year))
    return case.beside(type(series)(id=series.id, version=issued, last=issued))


def received(day: date = RECEIVED_ON, book: str = "decree-711", **changes: Any) -> Specification:
    """Received, not yet registered."""
    return submitted(day, book=book, **changes).later()


def registered(day: date = RECEIVED_ON, book: str = "decree-711", **changes: Any) -> Specification:
    """It bears its number."""
    return with_series(received(day, book, **changes)).when(Register()).later()


def assigned(day: date = RECEIVED_ON, book: str = "decree-711", **changes: Any) -> Specification:
    """A unit has it."""
    return registered(day, book, **changes).when(Assign(unit="综合科"), by=OFFICE).later()


def confirmed(on: date, day: date = RECEIVED_ON, book: str = "decree-711", channel: str = "internet") -> Specification:
    """By internet or fax; both sides confirmed on this day."""
    return registered(day, book, channel=channel).on(on).when(ConfirmReceipt(how="电话确认")).later()


def reviewed(released: tuple[FileIn, ...] = (CONTRACT,), withheld: tuple[FileIn, ...] = (), book: str = "decree-711") -> Specification:
    """Its files came back from secrecy review."""
    asked = assigned(book=book).when(RequestReview(files=(*released, *withheld)), by=DRAFTER).later()
    answer = ConcludeReview(review=1, released=tuple(f.sha256 for f in released), withheld=tuple(f.sha256 for f in withheld))
    return asked.when(answer, by=SYSTEM).later()


def reply(outcome: str = "r1_granted", *grounds: GroundIn, **more: Any) -> DraftReply:
    """A reply to be drafted."""
    return DraftReply(outcome=outcome, grounds=grounds or (GRANTED,), text="现将有关信息提供给你。", **more)


def drafted(case: Specification | None = None, command: DraftReply | None = None) -> Specification:
    """A draft waits for approval."""
    return (case or assigned()).when(command or reply(), by=DRAFTER).later()


def approval(case: Specification) -> ApproveReply:
    """The approval of just the draft that stands."""
    draft = standing(case).draft
    assert draft is not None
    return ApproveReply(approves=draft.hash)


def approved(case: Specification | None = None) -> Specification:
    """It may be delivered."""
    case = case or drafted()
    return case.when(approval(case), by=LEADER).later()

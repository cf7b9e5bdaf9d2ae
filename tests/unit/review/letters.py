"""Coordinations at each point of their life, made by the commands themselves, as the tests of the decisions start from them."""

from datetime import date
from typing import Any, cast

from services.review.coordination.commands import (
    AddresseeIn,
    ConfirmLetter,
    ConvenePanel,
    CoordinatedFile,
    CoordinateSubject,
    EscalateForRuling,
    IssueRuling,
    MissAnswer,
    ObjectToLetter,
    ParticipantIn,
    coordination_id,
)
from services.review.coordination.state import Coordination, Letter, coordination
from services.review.letter_series.series import letter_series, series_id
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, Outcome, Specification, given, person

SENT_ON = date(2025, 9, 22)
"""A Monday; the 10th working day after it is 11 October 2025, the 15th 17 October."""

DUE = date(2025, 10, 11)
CO_MAKERS_DUE = date(2025, 10, 17)

BY_REQUESTS = Actor("service:requests", ("system",))
SYSTEM = Actor("system:keeper", ("system",))
OFFICER = person("officer", "coordination_officer")
LEADER = person("leader", "leader_in_charge")

FINANCE, WATER, COUNTY = "guyuan-czj", "guyuan-swj", "pengyang"
OF_FINANCE = Actor("finance liaison", ("agency_liaison",), agency=FINANCE)
OF_WATER = Actor("agency:guyuan-swj", ("agency_liaison",), agency=WATER)
DEPARTMENT = "guyuan-zfb"
OF_DEPARTMENT = Actor("department", ("competent_department",), agency=DEPARTMENT)

TO_FINANCE = AddresseeIn(code=FINANCE, name="固原市财政局")
TO_WATER = AddresseeIn(code=WATER, name="固原市水务局")
ON_PAPER = AddresseeIn(code=COUNTY, name="彭阳县人民政府", outside=True)

SUBJECT = derived_id("test", "request")
PLAN = CoordinatedFile(name="联合方案.pdf", sha256="ab" * 32)


def asking(*addressees: AddresseeIn, round: int = 1, **more: Any) -> CoordinateSubject:
    """What requests asks for."""
    fields: dict[str, Any] = {
        "source": "requests",
        "subject": SUBJECT,
        "item": "2024年联合验收方案",
        "text": "请确认拟公开的方案是否准确一致。",
    }
    return CoordinateSubject(**{**fields, **more}, round=round, addressees=addressees or (TO_FINANCE,), files=(PLAN,))


def nothing(book: str = "decree-711", issued: int = 0, day: date = SENT_ON) -> Specification:
    """Nothing was asked yet; so many letters were sent this year."""
    series = letter_series.initial(series_id(AGENCY.code, day.year))
    start = given(coordination, id=coordination_id(SUBJECT, 1), day=day).on(day).under(book)
    return start.beside(type(series)(id=series.id, version=issued, last=issued))


def opened(*addressees: AddresseeIn, book: str = "decree-711", day: date = SENT_ON, **more: Any) -> Specification:
    """The letters are out."""
    return nothing(book, day=day).when(asking(*addressees, **more), by=BY_REQUESTS).later()


def standing(case: Specification) -> Coordination:
    """The coordination as it stands."""
    return cast("Coordination", case.state)


def state_of(outcome: Outcome) -> Coordination:
    """The coordination after it."""
    return cast("Coordination", outcome.state)


def letter_to(code: str, case: Specification) -> Letter:
    """The letter to this agency."""
    letter = standing(case).letter(code)
    assert letter is not None
    return letter


def confirming(**more: Any) -> ConfirmLetter:
    """An agency agrees."""
    return ConfirmLetter(**more)


def objecting(**more: Any) -> ObjectToLetter:
    """An agency does not."""
    return ObjectToLetter(**{"opinion": "数据与决算不一致", "basis": "预算法第十四条", **more})


def disputed(*addressees: AddresseeIn, book: str = "decree-711", **more: Any) -> Specification:
    """Finance has objected, everybody else has confirmed."""
    case = opened(*(addressees or (TO_FINANCE,)), book=book, **more)
    for one in standing(case).letters:
        if one.addressee == WATER:
            case = case.when(confirming(), by=OF_WATER).later()
    return case.when(objecting(), by=OF_FINANCE).later()


def silent(case: Specification, code: str = FINANCE, day: date = date(2025, 10, 20)) -> Outcome:
    """The day of the answer has passed."""
    return case.on(day).when(MissAnswer(addressee=code), by=SYSTEM)


def escalated(case: Specification | None = None, department: str = DEPARTMENT) -> Specification:
    """The competent department is asked to decide."""
    command = EscalateForRuling(department=department, name="固原市人民政府办公室", reason="双方均有部分权限，不能认定")
    return (case or disputed()).when(command, by=OFFICER).later()


PANEL = ConvenePanel(
    participants=(
        ParticipantIn(name="固原市财政局", kind="unit"),
        ParticipantIn(name="自治区财政厅", kind="authority"),
        ParticipantIn(name="宁夏大学 张教授", kind="expert"),
    ),
    minutes="与会各方认为数据口径可以说明。",
)


def ruling(publish: bool = True) -> IssueRuling:
    """The department decides."""
    return IssueRuling(publish=publish, document="固政办函〔2025〕31号", reason="数据口径不同，注明后可以公开")


def ruled(publish: bool = True, case: Specification | None = None) -> Specification:
    """It has decided after a panel."""
    case = (case or escalated()).when(PANEL, by=OF_DEPARTMENT).later()
    return case.when(ruling(publish), by=OF_DEPARTMENT).later()

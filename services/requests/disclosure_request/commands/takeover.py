"""The command that takes over an open case from another system: at the server alone, for a whole file (`gongkai requests import`)."""

import base64
import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from services.requests.disclosure_request import events
from services.requests.disclosure_request.commands.fields import Channel, Kind, Line, Text
from services.requests.disclosure_request.decisions.takeover import book_of_receipt, clock_taken_over, wrong
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.number_series.series import NumbersContinued, NumberSeries, number_series, series_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decided, Decision, Given, On, command, handles
from shared.kernel.identity import derived_id
from shared.randomness import random_bytes
from shared.trust.personal import Personal

R = DisclosureRequest


def taken_over_id(agency: str, number: str) -> UUID:
    """The case of an old number: the same every time, so that a file that is imported twice makes nothing twice."""
    return derived_id("requests", "taken-over", agency, number)


def series(command: Any, agency: AgencyFacts, _day: date, _state: R) -> list[tuple[Aggregate[Any], UUID]]:
    """The series that goes on after the old number."""
    return [(number_series, series_id(agency.code, command.number_year))] if command.number_year else []


@command(
    of=disclosure_request,
    verb="take-over",
    title="接续其他系统的案件",
    capability="requests.register",
    creates=True,
    internal=True,
    article="国令711 第四十五条",
    identity=lambda command, agency, _day: taken_over_id(agency.code, command.number),
    also=series,
    events=(events.RequestReceived, events.RequestTakenOver, events.RequestAssigned, NumbersContinued),
)
class TakeOver(Command):
    """在办的案件由其他系统接续到本平台：沿用原编号和期限。"""

    number: Line = Field(title="编号", min_length=1, max_length=100)
    number_year: int | None = Field(default=None, title="编号年份", ge=2008, le=2100)
    number_last: int | None = Field(default=None, title="编号序号", ge=1, le=10_000_000)
    system: Line = Field(title="原系统", min_length=1, max_length=100)
    received_on: date = Field(title="收到日期")
    channel: Channel = Field(title="渠道")
    clock_start: date | None = Field(default=None, title="起算日期")
    extension_days: int = Field(default=0, title="已延期工作日", ge=0, le=400)
    due: date | None = Field(default=None, title="期限")
    applicant_kind: Kind = Field(title="申请人类别")
    applicant_name: Line = Field(title="申请人", min_length=1, max_length=100)
    id_number: Line | None = Field(default=None, title="身份证明号码", max_length=60)
    contact: Line = Field(title="联系方式", min_length=3, max_length=200)
    address: Line | None = Field(default=None, title="通信地址", max_length=300)
    content: Text = Field(title="申请内容", min_length=2, max_length=5000)
    unit: Line = Field(default="", title="承办科室", max_length=40)


@handles(TakeOver)
def take_over(command: TakeOver, state: R, given: Given) -> Decision:
    """Its receipt, its number and clock, its unit; and the series goes on after it. What was taken over before is left as it is."""
    if state.exists:
        return Decided([], {"taken_over": False})
    if command.unit and not given.knows_unit(command.unit):
        raise wrong("unit", f"本机关没有科室 {command.unit}，请先设立，或核对代码。")
    book = book_of_receipt(command.received_on, given.agency.rulebook, given.today)
    started, due = clock_taken_over(
        book,
        given.calendar,
        given.today,
        channel=command.channel,
        received_on=command.received_on,
        started=command.clock_start,
        extension_days=command.extension_days,
        due=command.due,
    )
    tracking, password = random_bytes(6).hex().upper(), base64.urlsafe_b64encode(random_bytes(12)).decode("ascii")
    made: list[Any] = [
        events.RequestReceived(
            channel=command.channel,
            received_on=command.received_on,
            rulebook=book.id,
            applicant_kind=command.applicant_kind,
            applicant_name=Personal.plain(command.applicant_name),
            id_number=Personal.plain(command.id_number) if command.id_number else None,
            contact=Personal.plain(command.contact),
            address=Personal.plain(command.address) if command.address else None,
            content=Personal.plain(command.content),
            person_key=given.new_person(),
            tracking_number=tracking,
            password_hash=hashlib.sha256(password.encode()).hexdigest(),
            evidence=f"{command.system}：{command.number}",
        ),
        events.RequestTakenOver(
            number=command.number, system=command.system, clock_start=started, extension_days=command.extension_days, deadline=due
        ),
    ]
    if command.unit and started is not None:
        made.append(events.RequestAssigned(unit=command.unit))
    if command.number_year and command.number_last:
        id = series_id(given.agency.code, command.number_year)
        known = given.others[id]
        assert isinstance(known, NumberSeries)
        if command.number_last > known.last:
            made.append(On(number_series, id, NumbersContinued(last=command.number_last, system=command.system)))
    return Decided(made, {"taken_over": True, "tracking_number": tracking, "query_password": password})

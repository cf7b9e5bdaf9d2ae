"""What comes due by itself: a missed deadline is recorded once; an announced calendar moves the open clocks that it moves, and no other."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.requests.disclosure_request.commands import (
    ApproveExtension,
    Assign,
    ConsultThirdParty,
    FileReconsideration,
    RecordThirdPartyConsent,
    Register,
    RequestExtension,
    Submit,
)
from services.requests.disclosure_request.events import (
    DeadlineApproaching,
    DeadlineMissed,
    DeadlineRecomputed,
    RemedyAnswerMissed,
    ThirdPartySilent,
)
from services.requests.disclosure_request.state import disclosure_request
from services.requests.record_correction.commands import ClaimCorrection
from services.requests.record_correction.events import CorrectionOverdue
from services.requests.service import service
from shared.access.agency.commands import AnnounceCalendar, CloseUnit, FoundAgency, OpenUnit, agency_id
from shared.access.service import Access, open_access
from shared.kernel.clocks import today
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Invalid
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id, fresh_id
from shared.kernel.keeper import Keeper
from shared.kernel.running import Running
from shared.settings import Settings
from shared.trust.keys import Keys

SYSTEM = Actor("system:setup", ("system",))
CLERK = Actor(str(derived_id("person", "clerk")), ("clerk",))
HEAD = Actor(str(derived_id("person", "head")), ("head_of_disclosure_office",))


class Desk:
    """Requests of one agency, on the real log."""

    def __init__(self, access: Access, running: Running, *, simulated: bool) -> None:
        self.access = access
        self.running = running
        self.facts = AgencyFacts(code=f"a{fresh_id().hex[-12:]}", name="测试机关", rulebook="decree-711", simulated=simulated)

    async def found(self) -> None:
        command = FoundAgency(code=self.facts.code, name=self.facts.name, simulated=self.facts.simulated)
        receipt = await self.access.running.execute(command, None, SYSTEM, self.facts)
        await self.access.directory.caught_up(receipt.position)
        await self.change(OpenUnit(unit="zonghe", name="综合科"))

    async def change(self, command: Command) -> None:
        """Of the agency itself."""
        receipt = await self.access.running.execute(command, agency_id(self.facts.code), SYSTEM, self.facts)
        await self.access.directory.caught_up(receipt.position)

    async def act(self, command: Command, id: UUID | None, day: date | None = None, by: Actor = CLERK) -> UUID:
        receipt = await self.running.execute(command, id, by, self.facts, today=day)
        await self.running.views.wait(receipt.position, 5)
        return receipt.id

    async def received(self, day: date, today_: date | None = None) -> UUID:
        command = Submit(
            applicant_name="王五", contact="13900000000", content="预算", channel="in_person", received_on=day, evidence="收件 1"
        )
        id = await self.act(command, None, today_)
        await self.act(Register(), id, today_)
        await self.act(Assign(unit="zonghe"), id, today_)
        return id

    def recorded(self, id: UUID, kind: type[Event]) -> list[Event]:
        events = [row.recorded().event for row in self.running.log.rows.read_aggregate(id)]
        return [event for event in events if isinstance(event, kind)]


@pytest.fixture
async def desks(settings: Settings, keys: Keys) -> AsyncIterator[tuple[Desk, Desk]]:
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.start()
    made = Desk(access, running, simulated=False), Desk(access, running, simulated=True)
    for desk in made:
        await desk.found()
    yield made
    running.stop()
    access.stop()


@pytest.mark.rule("YS-F.1-2", "KH-02.3b")
async def test_a_missed_deadline_is_recorded_once_whoever_looks(desks: tuple[Desk, Desk]) -> None:
    desk, _ = desks
    late, fresh = await desk.received(today() - timedelta(days=60)), await desk.received(today())
    for keeper in (Keeper(desk.running), Keeper(desk.running)):
        await keeper.look()
    assert len(desk.recorded(late, DeadlineMissed)) == 1
    assert desk.recorded(fresh, DeadlineMissed) == []


@pytest.mark.rule("YS-07.6")
async def test_a_third_party_that_is_silent_is_recorded_once_and_the_reply_period_goes_on(desks: tuple[Desk, Desk]) -> None:
    desk, _ = desks
    long_ago, lately = today() - timedelta(days=40), today() - timedelta(days=3)
    silent, partly, waiting = [await desk.received(long_ago) for _ in range(3)]
    for id, day in ((silent, long_ago), (silent, long_ago), (partly, long_ago), (partly, lately), (waiting, lately)):
        ask = ConsultThirdParty(
            touches="privacy", third_party="甲某", contact="0954-2080000", effective_on=day, late_reason="补录征求意见函"
        )
        await desk.act(ask, id)
    for keeper in (Keeper(desk.running), Keeper(desk.running)):
        await keeper.look()
    both = desk.recorded(silent, ThirdPartySilent)
    assert [(one.number, one.reply is None) for one in both if isinstance(one, ThirdPartySilent)] == [(1, True), (2, False)]
    state, _ = desk.running.load(disclosure_request, silent)
    assert not state.consulting
    assert [one.number for one in desk.recorded(partly, ThirdPartySilent) if isinstance(one, ThirdPartySilent)] == [1]
    assert desk.recorded(waiting, ThirdPartySilent) == []
    await desk.act(RecordThirdPartyConsent(number=2, evidence="复函 2 号"), partly)
    (row,) = await desk.running.query("SELECT opinion_due, running FROM views.cases WHERE id = %s", (partly,), agency=desk.facts.code)
    assert row == {"opinion_due": None, "running": True}


@pytest.mark.rule("YS-11")
async def test_a_request_goes_to_an_open_unit_of_its_own_agency_alone(desks: tuple[Desk, Desk]) -> None:
    desk, other = desks
    await other.change(OpenUnit(unit="falv", name="法规科"))
    id = await desk.received(today())
    for unit in ("falv", "综合科", "x"):
        with pytest.raises(Invalid) as refused:
            await desk.act(Assign(unit=unit), id)
        assert refused.value.code == "no-such-unit" and unit in refused.value.sentence
    await desk.change(CloseUnit(unit="zonghe", reason="机构改革"))
    with pytest.raises(Invalid):
        await desk.act(Assign(unit="zonghe"), id)


@pytest.mark.rule("YS-09a")
async def test_a_claim_of_which_nothing_came_and_an_organ_that_was_not_answered_are_recorded_once(desks: tuple[Desk, Desk]) -> None:
    desk, _ = desks
    contested = await desk.received(today() - timedelta(days=90))
    long_ago = today() - timedelta(days=40)
    await desk.act(FileReconsideration(organ="市人民政府", filed_on=long_ago, received_on=long_ago), contested)
    claim = ClaimCorrection(
        claimant_name="王五",
        contact="13900000000",
        record="登记的住所",
        wanted="改为现住所",
        proof="户口簿",
        effective_on=today() - timedelta(days=60),
        late_reason="补录",
    )
    overdue = await desk.act(claim, None)
    fresh = await desk.act(claim.model_copy(update={"effective_on": None, "late_reason": None}), None)
    for keeper in (Keeper(desk.running), Keeper(desk.running)):
        await keeper.look()
    assert len(desk.recorded(overdue, CorrectionOverdue)) == 1
    assert desk.recorded(fresh, CorrectionOverdue) == []
    assert len(desk.recorded(contested, RemedyAnswerMissed)) == 1


async def test_an_announced_calendar_moves_the_open_clocks_that_it_moves(desks: tuple[Desk, Desk]) -> None:
    _, desk = desks
    running = desk.running
    day = date(2098, 12, 1)
    certain_day = date(2026, 9, 1)
    moving, other = await desk.received(day, day), await desk.received(certain_day, certain_day)
    await desk.act(RequestExtension(working_days=20, reason="材料较多"), moving, day)
    await desk.act(ApproveExtension(), moving, day, HEAD)
    before, _ = running.load(disclosure_request, moving)
    assert before.deadline is not None and before.deadline.provisional
    keeper = Keeper(running)
    await keeper.look()
    holidays = tuple(date(2099, month, first) for month, first in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)))
    statutory = [desk_day for desk_day in holidays_of_2099() if desk_day not in holidays]
    command = AnnounceCalendar(
        year=2099, holidays=(*holidays, *statutory, date(2099, 1, 2), date(2099, 1, 5)), source="测试：国办发明电〔2098〕1号"
    )
    receipt = await desk.access.running.execute(command, agency_id(desk.facts.code), HEAD, desk.facts)
    await desk.access.directory.caught_up(receipt.position)
    await keeper.look()
    (moved,) = desk.recorded(moving, DeadlineRecomputed)
    assert isinstance(moved, DeadlineRecomputed)
    assert moved.before.due == before.deadline.due
    assert moved.deadline.due != moved.before.due
    assert desk.recorded(other, DeadlineRecomputed) == []


def holidays_of_2099() -> list[date]:
    """The statutory holidays of that year, as the library has them."""
    import holidays

    return sorted(holidays.country_holidays("CN", years=2099))


async def test_a_near_deadline_is_told_once(desks: tuple[Desk, Desk]) -> None:
    desk, simulated = desks
    calendar = desk.running.doorkeeper.laws(desk.facts).calendar
    near = calendar.subtract_working_days(today(), 18)
    far = calendar.subtract_working_days(today(), 10)
    cases = {day: await desk.received(day) for day in (near, far)}
    elsewhere = await simulated.received(near)
    keeper = Keeper(desk.running)
    await keeper.look()
    await desk.running.views.wait(desk.running.pipeline.last, 5)
    await keeper.look()
    assert len(desk.recorded(cases[near], DeadlineApproaching)) == 1
    assert desk.recorded(cases[far], DeadlineApproaching) == []
    assert simulated.recorded(elsewhere, DeadlineApproaching) == [], "it lives in a time of its own"

"""A year of the catalogue on the real log: periods end and come due, one is published in time, one late, the keeper finds the rest missed."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest

from services.publishing.catalogue_entry.commands import DefineEntry, MissPublication, OpenPeriods
from services.publishing.due import what_is_due
from services.publishing.publication.commands import ApprovePublication, CheckQuality, ConcludeReview, RequestReview
from services.publishing.publication.content import bytes_of
from services.publishing.publication.state import Publication, publication
from services.publishing.service import service
from services.publishing.year import overview
from shared.access.agency.commands import FoundAgency, OpenUnit
from shared.access.service import open_access
from shared.kernel.clocks import today
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.keeper import Keeper
from shared.kernel.running import Running
from shared.settings import Settings
from shared.trust.keys import Keys
from tests.unit.publishing.items import DRAFTER, LEADER, SYSTEM, content, information, online, publishing


class Desk:
    """Publications of one real agency."""

    def __init__(self, running: Running, facts: AgencyFacts) -> None:
        self.running = running
        self.facts = facts

    async def act(self, command: Command, id: UUID | None, day: date, by: Actor = DRAFTER) -> UUID:
        receipt = await self.running.execute(command, id, by, self.facts, today=day)
        await self.running.views.wait(receipt.position, 5)
        return receipt.id

    async def entry(self) -> UUID:
        """A line of every quarter."""
        said = {"name": "部门预算执行", "category": "finance", "sphere": "government", "basis": "国令711 第二十条", "unit": "zonghe"}
        command = DefineEntry(**said, audience="external", cadence="quarter", channels=("portal",))
        return await self.act(command, None, date(2025, 1, 2))

    async def published(self, entry: UUID, period: str, day: date) -> None:
        """From its creation to the portal, on one day."""
        made = await self.act(information(maker=self.facts.code, entry=entry, period=period), None, day)
        for command in (
            online(),
            content(title=f"{period}预算执行"),
            CheckQuality(confirmed=("accurate", "fluent", "style")),
            RequestReview(),
        ):
            await self.act(command, made, day)
        state, _ = self.running.load(publication, made)
        assert isinstance(state, Publication)
        assert state.draft is not None
        hashes = tuple(file.sha256 for file in bytes_of(state.draft))
        await self.act(ConcludeReview(review=1, released=hashes), made, day, SYSTEM)
        await self.act(ApprovePublication(approves=state.draft.hash), made, day, LEADER)
        await self.act(publishing(), made, day)


@pytest.fixture
async def desk(settings: Settings, keys: Keys) -> AsyncIterator[Desk]:
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.start()
    facts = AgencyFacts(code=f"y{fresh_id().hex[-12:]}", name="测试机关", rulebook="decree-711", simulated=False)
    receipt = await access.running.execute(FoundAgency(code=facts.code, name=facts.name), None, SYSTEM, facts)
    opened = await access.running.execute(OpenUnit(unit="zonghe", name="综合科"), receipt.id, SYSTEM, facts)
    await access.directory.caught_up(opened.position)
    yield Desk(running, facts)
    running.stop()
    access.stop()


@pytest.mark.rule("DX-07", "KH-02.1", "KH-02.3d")
async def test_a_year_with_things_missed(desk: Desk) -> None:
    entry = await desk.entry()
    await desk.act(OpenPeriods(), entry, date(2025, 4, 1), SYSTEM)
    await desk.published(entry, "2025-Q1", date(2025, 4, 10))
    await desk.act(OpenPeriods(), entry, date(2025, 7, 1), SYSTEM)
    await desk.act(MissPublication(), entry, date(2025, 8, 4), SYSTEM)
    await desk.published(entry, "2025-Q2", date(2025, 8, 5))
    for _ in range(2):
        await Keeper(desk.running).look()
        await desk.running.views.wait(desk.running.pipeline.last, 5)
    year = await overview(desk.running, desk.facts.code, None, 2025, today())
    cells = {cell["period"]: cell["state"] for cell in year["entries"][0]["cells"]}
    assert cells == {"2025-Q1": "published", "2025-Q2": "late", "2025-Q3": "missed", "2025-Q4": "missed"}
    assert (year["counts"]["missed"], year["due"], year["in_time_percent"]) == (2, 4, 25)
    running_year = await overview(desk.running, desk.facts.code, None, today().year, today())
    assert running_year["entries"][0]["cells"][-1]["period"] == f"{today().year}-Q4"
    due = await what_is_due(desk.running, desk.facts, None)
    assert {row["kind"] for row in due} == {"period"}
    assert all(row["left"] < 0 for row in due if row["due"] < today())
    assert await what_is_due(desk.running, desk.facts, frozenset({"其他科"})) == []

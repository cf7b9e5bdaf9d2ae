"""A published annual report played as a year of commands, day by day, through the real services."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from demo.office import Office
from demo.plan import plan
from demo.planned import PlannedCase, PlannedRemedy, Way
from services.audit.reports.form import table2_written
from shared.law.calendar import WorkingCalendar, national_calendar

Progress = Callable[[int, int], None]
Step = Callable[[], Awaitable[None]]

AT_ONCE = 32
"""Cases that are worked on side by side on one day."""


class Year:
    """A year of an office."""

    def __init__(self, office: Office, report: Mapping[str, Any], progress: Progress = lambda done, total: None) -> None:
        self.office = office
        self.calendar: WorkingCalendar = national_calendar()
        self.cases = plan(report, self.calendar)
        self.year = int(report["year"])
        self.figures = table2_written(report.get("table2"))
        self.progress = progress
        self.ids: dict[int, str] = {}
        self.done = 0

    async def play(self) -> int:
        """Every day in its order; the cases of a day side by side. Returns how many commands were given."""
        days: dict[date, list[Step]] = defaultdict(list)
        for case in self.cases:
            for day, step in self.steps(case):
                days[day].append(step)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(step: Step) -> None:
            async with gate:
                await step()

        for day in sorted(days):
            await asyncio.gather(*(one(step) for step in days[day]))
        await self.record()
        return self.office.commands

    async def record(self) -> None:
        """What other systems have counted, recorded at the year's end with its source: table two."""
        for cell, value in self.figures.items():
            fact = {"year": self.year, "cell": cell, "value": value, "source": "业务系统（演示）", "evidence": f"{self.year} 年度统计表"}
            await self.office.post("/api/audit/report-figures", "office", date(self.year, 12, 31), fact)

    def steps(self, case: PlannedCase) -> list[tuple[date, Step]]:
        """What happens to a case, and on which day; two things on one day are one step."""
        middle = case.middle
        last = case.concluded or middle or case.received
        days = sorted({day for day in (case.received, middle, case.concluded) if day is not None})
        contested = [found for number, remedy in enumerate(case.remedies, start=1) for found in self._contest(case, number, remedy)]
        return [*((day, self._step(case, day, last=day == last)) for day in days), *contested]

    def _contest(self, case: PlannedCase, number: int, remedy: PlannedRemedy) -> list[tuple[date, Step]]:
        """A reconsideration or suit comes in, and is decided."""
        forum = {"organ": "市人民政府"} if remedy.kind == "reconsideration" else {"court": "市中级人民法院"}

        async def filed() -> None:
            day = remedy.filed
            body = {**forum, "filed_on": day.isoformat(), "received_on": day.isoformat()}
            await self.office.act(self.ids[case.number], f"file-{remedy.kind}", "clerk", day, **body)

        async def decided() -> None:
            day = remedy.decided
            assert day is not None
            body = {"number": number, "result": remedy.result, "decided_on": day.isoformat(), "document": f"〔{day.year}〕{case.number}号"}
            await self.office.act(self.ids[case.number], f"conclude-{remedy.kind}", "clerk", day, **body)

        steps: list[tuple[date, Step]] = [(remedy.filed, filed)]
        return [*steps, (remedy.decided, decided)] if remedy.decided is not None else steps

    def _step(self, case: PlannedCase, day: date, *, last: bool) -> Step:
        async def step() -> None:
            if day == case.received:
                self.ids[case.number] = await self.office.receive(case.kind, day)
            if day == case.middle:
                await self._middle(case, day)
            if day == case.concluded:
                await self._conclude(case, day)
            if last:
                self.done += 1
                self.progress(self.done, len(self.cases))

        return step

    async def _middle(self, case: PlannedCase, day: date) -> None:
        id, office = self.ids[case.number], self.office
        if case.way is Way.FEE_LAPSED:
            await office.act(id, "assess-fee", "clerk", day, basis="items", count=35)
            return
        await office.act(id, "request-amendment", "clerk", day, items=["请说明所需信息的名称、文号或者其他特征性描述"])
        if case.way is Way.UNCLEAR_AFTER_AMENDMENT:
            await office.act(id, "amend", "clerk", day, content="补正后的内容仍为：有关情况的全部材料")

    async def _conclude(self, case: PlannedCase, day: date) -> None:
        id, office = self.ids[case.number], self.office
        if case.way is Way.AMENDMENT_LAPSED:
            await office.act(id, "lapse-amendment", "clerk", day)
        elif case.way is Way.FEE_LAPSED:
            await office.act(id, "lapse-fee", "clerk", day)
        elif case.way is Way.WITHDRAWN:
            await office.act(id, "withdraw", "clerk", day, reason="申请人书面撤回")
        else:
            assert case.outcome is not None
            if case.extended:
                asked = self.calendar.add_working_days(case.received, 15)
                await office.act(id, "extend", "unit", asked, working_days=20, reason="需要检索的材料较多，不能按期答复")
                await office.act(id, "approve-extension", "head", asked)
            files = await office.review(id, day) if case.reviewed else None
            await office.reply(id, case.outcome, day, files=files)

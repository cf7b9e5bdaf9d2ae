"""The courier of publishing: a duty of its worker, which tells every open outside channel what the portal publishes, withdraws or gives another validity.

What was published stands in the log; what a channel is told of it is recorded before anything leaves, with an id that stays the same. A channel that is
away, slow or wrong keeps no other waiting, and what concerns one publication is told in its order.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from services.publishing import feeds
from services.publishing.delivery.commands import BeginDelivery, ConcludeDelivery, DropDelivery, OfferDelivery
from services.publishing.delivery.decisions import ACTS, Delivery, Stage, delivery
from services.publishing.outside_channel.decisions import OutsideChannel, outside_channel
from services.publishing.publication.events import Published, ValidityChanged, Withdrawn
from services.publishing.publication.state import Publication, publication
from services.publishing.reaching import Known, mailbox, webhook, websub
from shared.kernel.commands import Command
from shared.kernel.errors import Problem
from shared.kernel.events import Actor, Event, Recorded
from shared.kernel.identity import derived_id
from shared.kernel.leading import Leading
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.trust.keys import KeyUnavailable

log = structlog.get_logger("gongkai.channels")

PORTAL = "portal"

ACTED: Mapping[type[Event], str] = {Published: "published", Withdrawn: "withdrawn", ValidityChanged: "validity"}

BATCH = 500

AT_ONCE = 100

OPEN = "SELECT id, agency FROM views.channels WHERE NOT closed"

LAST = "SELECT max(follows) AS last FROM views.deliveries"

DUE = """SELECT d.id, d.agency, d.channel, d.stage FROM views.deliveries d
    WHERE (d.stage = 'begun' OR (d.stage = 'due' AND d.next_at <= now()))
    AND NOT EXISTS (SELECT FROM views.deliveries e WHERE e.agency = d.agency AND e.channel = d.channel AND e.publication = d.publication
        AND e.follows < d.follows AND e.stage IN ('due', 'begun', 'uncertain'))
    ORDER BY d.follows LIMIT %(limit)s"""

LEFT = """SELECT d.id, d.agency FROM views.deliveries d JOIN views.channels c ON c.id = d.channel
    WHERE c.closed AND d.stage IN ('due', 'begun', 'uncertain') LIMIT %(limit)s"""

UNCERTAIN = "SELECT count(*) AS uncertain FROM views.deliveries WHERE stage = 'uncertain'"

ACTOR = Actor("system:courier", ("system",))


class Courier(Leading):
    """Tells the outside channels of one platform."""

    lock = 7421

    def __init__(self, running: Running) -> None:
        super().__init__(running)
        self.uncertain = 0
        self._read: int | None = None

    @property
    def condition(self) -> dict[str, Any]:
        """What waits, and what a person has to look at. A channel that is away is no fault of the platform's."""
        alarm = f"有 {self.uncertain} 次对外投递的结果待人工确定" if self.uncertain else None
        return {**super().condition, "alarm": alarm}

    async def look(self) -> int:
        """Offers what is new, and carries what is due; returns how much that was."""
        done = await self._offer()
        for row in await self._rows(LEFT, limit=AT_ONCE):
            await self._do(DropDelivery(), row["id"], row["agency"])
            done += 1
        rows = await self._rows(DUE, limit=AT_ONCE)
        self.lag = len(rows)
        self.uncertain = int((await self._rows(UNCERTAIN))[0]["uncertain"])
        of_channel: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            of_channel[row["channel"]].append(row)
        await asyncio.gather(*(self._carry_all(one) for one in of_channel.values()))
        return done + len(rows)

    async def _offer(self) -> int:
        channels = await self._rows(OPEN)
        if not channels:
            self._read = None
            return 0
        since = {row["id"]: (await self._opened(row["id"]), row["agency"]) for row in channels}
        if self._read is None:
            last = (await self._rows(LAST))[0]["last"]
            self._read = max(last - 1, 0) if last else min(position for position, _ in since.values())
        rows = await asyncio.to_thread(self.running.log.rows.read, self._read, BATCH)
        topics = {cls.spec.type for cls in ACTED}
        made = 0
        for row in rows:
            if row.topic.rpartition(":")[0] in topics:
                recorded = row.recorded()
                for id, (position, agency) in since.items():
                    if position < row.position and agency == recorded.meta.agency:
                        made += await self._offered(id, agency, recorded, row.position)
            self._read = row.position
        return made

    async def _offered(self, channel: UUID, agency: str, recorded: Recorded, position: int) -> bool:
        event = recorded.event
        state, _ = await asyncio.to_thread(self.running.load, publication, recorded.originator_id)
        to, _ = await asyncio.to_thread(self.running.load, outside_channel, channel)
        assert isinstance(state, Publication)
        assert isinstance(to, OutsideChannel)
        if isinstance(event, Published) and event.channel != PORTAL:
            return False
        if not any(version.version for version in state.versions):
            return False  # never on the portal: there is nothing to take back
        version = event.version if isinstance(event, Published) else state.versions[-1].version
        offer = OfferDelivery(
            channel=channel,
            kind=to.kind,
            publication=state.id,
            act=ACTED[type(event)],
            version=version,
            title=state.title,
            follows=position,
        )
        # Its id comes from the channel and from what it tells: offered again after a crash, it exists already.
        return await self._do(offer, derived_id("publishing", "delivery", channel, position), agency)

    async def _opened(self, channel: UUID) -> int:
        rows = await asyncio.to_thread(self.running.log.rows.read_aggregate, channel)
        return rows[0].position

    async def _carry_all(self, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            state, _ = await asyncio.to_thread(self.running.load, delivery, row["id"])
            assert isinstance(state, Delivery)
            if state.stage is Stage.BEGUN:  # its courier ended in between: nobody knows what became of it
                await self._conclude(state, row["agency"], state.attempt, Known("unanswered"))
            elif state.stage is Stage.DUE and await self._do(BeginDelivery(), state.id, row["agency"]):
                await self._conclude(state, row["agency"], state.attempt + 1, await self._told(state, row["agency"]))

    async def _told(self, state: Delivery, agency: str) -> Known:
        assert state.channel is not None
        running, settings = self.running, self.running.settings
        to, _ = await asyncio.to_thread(running.load, outside_channel, state.channel)
        assert isinstance(to, OutsideChannel)
        if to.kind == "websub":
            return await websub(settings, to.target, feeds.feed_address(running, agency))
        if to.kind == "smtp":
            name = running.doorkeeper.agency(agency).name
            text = f"{name}{ACTS[state.act]}：{state.title}\n\n{feeds.address(running, state.publication)}\n"
            return await mailbox(settings, to.target, state.id, f"{name}{ACTS[state.act]}：{state.title}", text)
        assert to.secret is not None
        try:
            secret = await asyncio.to_thread(running.keys.show, to.secret)
        except KeyUnavailable:
            return Known("unreached", "密钥暂时无法读取")
        return await webhook(settings, to.target, secret, state.id, self._content(state, agency))

    def _content(self, state: Delivery, agency: str) -> bytes:
        """The same bytes in every attempt."""
        told = {
            "type": f"publication.{state.act}",
            "data": {
                "agency": agency,
                "publication": str(state.publication),
                "version": state.publication_version,
                "title": state.title,
                "position": state.follows,
                "url": feeds.address(self.running, state.publication),
            },
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()

    async def _conclude(self, state: Delivery, agency: str, attempt: int, known: Known) -> None:
        waits = tuple(round(one * 1000) for one in self.running.settings.channel_retry_seconds)
        log.info("a channel was told", delivery=str(state.id), outcome=known.outcome, answer=known.answer, attempt=attempt)
        command = ConcludeDelivery(attempt=attempt, outcome=known.outcome, answer=known.answer, waits=waits)
        await self._do(command, state.id, agency)

    async def _do(self, command: Command, id: UUID, agency: str) -> bool:
        """Whether it was done; refused where a person or an administrator has acted meanwhile."""
        try:
            receipt = await self.running.execute(command, id, ACTOR, self.running.doorkeeper.agency(agency))
        except Problem as problem:
            log.info("refused", command=command.spec.name, code=problem.code)
            return False
        await self.running.views.wait(receipt.position, self.running.settings.view_wait_seconds)
        return True

    async def _rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        return await self.running.query(sql, parameters, agency=EVERY_AGENCY)

"""What agencies ask and answer: a duty of a service's worker. The subject tells who asks, since the server itself writes the account into it.

Every request is answered by JSON: `{"ok": true, …}`, or `{"ok": false, "code": …, "sentence": …}` with what to do. Nothing is dropped; what is too
large, too much or not JSON is answered as such.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.kernel.errors import Invalid, Problem, TooMany
from shared.kernel.places import place
from shared.kernel.running import Running
from shared.messaging.agencies.accounts import INTAKE
from shared.messaging.connection import connect

log = structlog.get_logger("gongkai.agencies")

BODY_BYTES = 64 * 1024
"""The largest request."""

PER_MINUTE = 300
"""Requests of one agency a minute."""

AT_ONCE = 16
"""Requests of all agencies that are under way."""

AT_ONCE_EACH = 4
"""Of these, one agency's: whoever asks without end keeps nobody else waiting."""

WAITING_EACH = 64
"""Requests of one agency that may wait for their turn; what comes beyond them is answered at once: too many."""

LOOK_SECONDS = 0.5
"""How often it is looked which agencies have an account."""

Asked = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Carries out what an agency (by its code) asks; raises `Problem`."""


class Room:
    """One agency's subscription and its requests: those that run, and those that wait."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(AT_ONCE_EACH)
        self.tasks: set[asyncio.Task[None]] = set()
        self.subscription: Subscription | None = None


class Intake:
    """Answers the agencies; `verbs` by what stands after the agency's code in the subject. Each agency is listened to by itself."""

    def __init__(self, running: Running, verbs: Mapping[str, Asked]) -> None:
        self.running = running
        self.verbs = verbs
        self._rate = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(PER_MINUTE)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._rooms: dict[str, Room] = {}
        self._client: Client | None = None

    @property
    def condition(self) -> dict[str, Any]:
        """Whether it listens, and how many requests are under way."""
        listens = self._client is not None and self._client.is_connected
        alarm = None if listens else "没有连上 NATS，其他机关的询问和答复无法到达"
        return {"ok": listens, "lag": sum(len(room.tasks) for room in self._rooms.values()), "alarm": alarm}

    async def run(self) -> None:
        """Answers until cancelled."""
        self._client = client = await connect(self.running.settings, name="gongkai intake")
        try:
            while True:
                await self._listen(client, set(self.running.doorkeeper.feed_accounts()))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            under_way = [task for room in self._rooms.values() for task in room.tasks]
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            self._rooms.clear()
            await client.close()

    async def _listen(self, client: Client, codes: set[str]) -> None:
        for code in codes - set(self._rooms):
            room = self._rooms[code] = Room()
            room.subscription = await client.subscribe(f"{INTAKE}.{code}.>", queue="gongkai", cb=self._took(room), pending_msgs_limit=4096)
        for code in set(self._rooms) - codes:
            gone = self._rooms.pop(code).subscription
            if gone is not None:
                await gone.unsubscribe()

    def _took(self, room: Room) -> Callable[[Msg], Awaitable[None]]:
        """What happens to each request of an agency: too many are answered as such at once, the others have their turn."""

        async def in_turn(message: Msg) -> None:
            async with room.turns, self._turns:
                await self._answer(message)

        async def took(message: Msg) -> None:
            code = message.subject.split(".", 2)[1]
            if len(room.tasks) >= WAITING_EACH or not self._rate.hit(self._limit, code):
                await self._tell(message, refused(TooMany("too-many", f"每分钟最多 {PER_MINUTE} 次，请稍后再试。", retry_after=60)))
                return
            task = asyncio.create_task(in_turn(message))
            room.tasks.add(task)
            task.add_done_callback(room.tasks.discard)

        return took

    @staticmethod
    async def _tell(message: Msg, told: dict[str, Any]) -> None:
        if message.reply:
            await message.respond(json.dumps(told, ensure_ascii=False, default=str).encode())

    async def _answer(self, message: Msg) -> None:
        _, code, verb = message.subject.split(".", 2)
        told: dict[str, Any]
        try:
            told = {"ok": True, **await self.carry_out(code, verb, message.data)}
        except Problem as problem:
            told = refused(problem)
        except Exception as error:
            log.error("an agency's request failed", verb=verb if verb in self.verbs else "?", error=type(error).__name__, at=place(error))
            told = {"ok": False, "code": "failed", "sentence": "平台暂时无法完成此操作，没有保存任何内容，请稍后重试。"}
        await self._tell(message, told)

    async def carry_out(self, code: str, verb: str, body: bytes) -> dict[str, Any]:
        """What a request comes to; raises `Problem`."""
        asked = self.verbs.get(verb)
        if asked is None:
            raise Invalid("no-such-verb", f"没有“{verb[:40]}”这一项，可以使用：{'、'.join(self.verbs)}。")
        if len(body) > BODY_BYTES:
            raise Invalid("too-large", f"内容不得超过 {BODY_BYTES} 字节。")
        try:
            content = json.loads(body or b"{}")
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            raise Invalid("not-json", "内容不是 UTF-8 编码的 JSON，请核对。") from None
        if not isinstance(content, dict):
            raise Invalid("not-json", "内容应为一个 JSON 对象。")
        return await asked(code, content)


def refused(problem: Problem) -> dict[str, Any]:
    """How a refusal is answered."""
    told: dict[str, Any] = {"ok": False, "code": problem.code, "sentence": problem.sentence}
    return {**told, "fields": problem.fields} if problem.fields else told

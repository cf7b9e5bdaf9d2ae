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
from nats.aio.msg import Msg

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

Asked = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Carries out what an agency (by its code) asks; raises `Problem`."""


class Intake:
    """Answers the agencies; `verbs` by what stands after the agency's code in the subject."""

    def __init__(self, running: Running, verbs: Mapping[str, Asked]) -> None:
        self.running = running
        self.verbs = verbs
        self._rate = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(PER_MINUTE)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Answers until cancelled."""
        client = await connect(self.running.settings, name="gongkai intake")
        under_way: set[asyncio.Task[None]] = set()

        def ended(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            self._room.release()

        async def took(message: Msg) -> None:
            await self._room.acquire()
            task = asyncio.create_task(self._answer(message))
            under_way.add(task)
            task.add_done_callback(ended)

        try:
            await client.subscribe(f"{INTAKE}.*.>", queue="gongkai", cb=took, pending_msgs_limit=1000)
            await asyncio.Event().wait()
        finally:
            await client.close()

    async def _answer(self, message: Msg) -> None:
        _, code, verb = message.subject.split(".", 2)
        told: dict[str, Any]
        try:
            told = {"ok": True, **await self.carry_out(code, verb, message.data)}
        except Problem as problem:
            told = {"ok": False, "code": problem.code, "sentence": problem.sentence}
            if problem.fields:
                told["fields"] = problem.fields
        except Exception as error:
            log.error("an agency's request failed", verb=verb if verb in self.verbs else "?", error=type(error).__name__, at=place(error))
            told = {"ok": False, "code": "failed", "sentence": "平台暂时无法完成此操作，没有保存任何内容，请稍后重试。"}
        if message.reply:
            await message.respond(json.dumps(told, ensure_ascii=False, default=str).encode())

    async def carry_out(self, code: str, verb: str, body: bytes) -> dict[str, Any]:
        """What a request comes to; raises `Problem`."""
        if not self._rate.hit(self._limit, code):
            raise TooMany("too-many", f"每分钟最多 {PER_MINUTE} 次，请稍后再试。", retry_after=60)
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

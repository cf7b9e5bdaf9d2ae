"""A standing request for the messages of a durable consumer.

One request of a pull consumer serves many messages, each as it is stored. nats-py's `fetch` asks twice for every batch, and waits for the answer
between: at a hundred commands a second that was a tenth of the worker's time and a journey to the server in every step.
"""

import asyncio
import contextlib
import json

from nats.aio.client import Client
from nats.aio.msg import Msg

LASTS_SECONDS = 2.0
"""How long a request stands; the next is made when it has ended, or this long after a connection was lost with it."""

GRACE_SECONDS = 0.5
"""How much later than the server we take a request for ended that it never told us of."""

BURST = 8
"""Messages at once from which on more are about to come."""

BURST_SECONDS = 0.004
"""How long they are waited for, as long as they come."""

REFUSED_SECONDS = 0.2
"""How long we wait after the server refused a request (409: too much is not acknowledged, the consumer is gone)."""


class Pull:
    """The messages of a consumer, `batch` at most without a further request. One reader takes them."""

    def __init__(self, client: Client, stream: str, consumer: str, *, batch: int) -> None:
        self.client = client
        self.subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self.batch = batch
        self._request = json.dumps({"batch": batch, "expires": int(LASTS_SECONDS * 1e9)}).encode()
        self._inbox = client.new_inbox()
        self._came = asyncio.Event()
        self._messages: list[Msg] = []
        self._left = 0
        self._ends = 0.0
        self._not_before = 0.0

    async def open(self) -> None:
        """Begins to listen; the first request is made when somebody takes."""
        self._subscription = await self.client.subscribe(self._inbox, cb=self._hear)

    async def close(self) -> None:
        """Ends; what had come and was not taken is delivered again to whoever asks next."""
        await self._subscription.unsubscribe()

    async def take(self, timeout: float) -> list[Msg]:
        """What has come, or what comes within `timeout` seconds; nothing if nothing does."""
        clock = asyncio.get_running_loop().time
        until = clock() + timeout
        while not self._messages:
            self._came.clear()
            now = clock()
            if now >= until:
                return []
            if (self._left <= 0 or now >= self._ends) and now >= self._not_before:
                self._left, self._ends = self.batch, now + LASTS_SECONDS + GRACE_SECONDS
                await self.client.publish(self.subject, self._request, reply=self._inbox)
            next_look = self._not_before if self._left <= 0 else self._ends
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.001, min(until, next_look) - clock())):
                    await self._came.wait()
        # A burst comes in pieces; taken together it is one transaction.
        seen = 0
        while seen < len(self._messages) and len(self._messages) >= BURST and self._left > 0:
            seen = len(self._messages)
            await asyncio.sleep(BURST_SECONDS)
        taken, self._messages = self._messages, []
        return taken

    async def _hear(self, message: Msg) -> None:
        status = message.headers.get("Status") if message.headers else None
        if status is None:
            self._left -= 1
            self._messages.append(message)
        else:
            # 404 and 408: it has ended; anything else: it was refused.
            self._left = 0
            if status not in ("404", "408"):
                self._not_before = asyncio.get_running_loop().time() + REFUSED_SECONDS
        self._came.set()

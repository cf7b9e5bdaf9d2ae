"""Files are parsed in memory: so many at a time, each for a bounded time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from shared.kernel.errors import Overloaded, Unavailable
from shared.settings import Settings

PATIENCE_SECONDS = 10.0
"""How long an upload waits for its turn."""


class Turns:
    """The turns of one process at a service's files."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = 2 * settings.file_seconds
        self._free = asyncio.Semaphore(settings.files_at_once)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn, and ends it when its time is over; raises `Overloaded` or `Unavailable`."""
        try:
            await asyncio.wait_for(self._free.acquire(), PATIENCE_SECONDS)
        except TimeoutError:
            raise Overloaded("files-busy", "正在处理的文件较多，请稍后再上传。", retry_after=15) from None
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError:
            raise Unavailable(
                "file-too-slow", "上传或者检查文件超过了时限，没有保存；请检查网络，或者拆分后再上传。", retry_after=60
            ) from None
        finally:
            self._free.release()

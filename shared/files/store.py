"""Where the bytes of files are kept: a directory, or an S3-compatible store, by one library (obstore).

A file is named by its agency and by the SHA-256 of the bytes that are kept (`<agency>/<ab>/<abcd…>`), so that the same bytes are kept once, an
agency reaches its own alone, and whoever reads can prove what was read. It is written under a name of its own first, and named by its hash when
all of it is there and on disk: half a file never stands under a hash.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.identity import fresh_id
from shared.settings import Settings

PIECE_BYTES = 262_144
"""How much is read from the store at once."""

_ADDRESS = re.compile("[0-9a-f]{64}")
_AGENCY = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class FileStore:
    """The files of all agencies, each by agency and hash."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._root = Path(str(store.prefix)) if isinstance(store, LocalStore) else None

    def writing(self, agency: str) -> "Writing":
        """A new file of this agency; see `Writing`."""
        return Writing(self, agency)

    async def read(self, agency: str, sha256: str) -> AsyncIterator[bytes]:
        """The kept bytes in pieces; raises `NotFound` or `Unavailable`. What they are is for the reader to prove."""
        async for piece in self._stream(path_of(agency, sha256)):
            yield piece

    async def _stream(self, path: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, path)
            async for piece in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)
        except FileNotFoundError:
            raise NotFound("file-missing", "文件存储中没有这份文件，请联系运维人员。") from None
        except (BaseError, OSError):
            raise unreachable() from None

    async def size(self, agency: str, sha256: str) -> int | None:
        """How many bytes are kept under this hash; None if there is no such file."""
        try:
            return int((await obstore.head_async(self._store, path_of(agency, sha256)))["size"])
        except FileNotFoundError:
            return None
        except (BaseError, OSError):
            raise unreachable() from None

    async def remove(self, agency: str, sha256: str) -> None:
        """Takes a file away, if it is there."""
        await self._delete(path_of(agency, sha256))

    async def _delete(self, path: str) -> None:
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return
        except (BaseError, OSError):
            raise unreachable() from None

    def _settle(self, path: str) -> None:
        """On a disk: bytes and name survive a power cut from here on."""
        assert self._root is not None
        target = self._root / path
        for one, flags in ((target, os.O_RDONLY), (target.parent, os.O_RDONLY | os.O_DIRECTORY)):
            handle = os.open(one, flags)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class Writing:
    """A file that is being written. Use it in `async with`: what was not `keep`-t is taken away again."""

    def __init__(self, store: FileStore, agency: str) -> None:
        self._files = store
        self._agency = agency
        self._staged = f"{_checked(agency)}/staging/{fresh_id().hex}"
        self._hash = hashlib.sha256()
        self._writer: Any = None
        self._kept = False
        self.size = 0

    async def __aenter__(self) -> Self:
        self._writer = obstore.open_writer_async(self._files._store, self._staged)
        return self

    async def write(self, piece: bytes) -> None:
        """More of it; raises `Unavailable`."""
        if piece:
            self._hash.update(piece)
            self.size += len(piece)
            try:
                await self._writer.write(piece)
            except (BaseError, OSError):
                raise unreachable() from None

    async def finish(self) -> str:
        """It is complete; returns the SHA-256 of its bytes (64 hex digits). It can be read back, and is `keep`-t or gone."""
        try:
            await self._writer.close()
        except (BaseError, OSError):
            raise unreachable() from None
        return self._hash.hexdigest()

    async def read_back(self) -> AsyncIterator[bytes]:
        """What was written, after `finish`, as it stands in the store."""
        async for piece in self._files._stream(self._staged):
            yield piece

    async def keep(self) -> str:
        """After `finish`: from here on it stands under its hash, which is returned, and survives a power cut."""
        sha256 = self._hash.hexdigest()
        path = path_of(self._agency, sha256)
        try:
            await obstore.rename_async(self._files._store, self._staged, path)
            if self._files._root is not None:
                await asyncio.to_thread(self._files._settle, path)
        except (BaseError, OSError):
            raise unreachable() from None
        self._kept = True
        return sha256

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._kept:
            if not self._writer.closed():
                await self._writer.close()
            await self._files._delete(self._staged)


def path_of(agency: str, sha256: str) -> str:
    """Where a file stands; raises `NotFound` for what is no agency's code or no hash, so that nothing else is ever reached."""
    if not _ADDRESS.fullmatch(sha256):
        raise NotFound("no-such-file", "没有这份文件，请从页面上选择。")
    return f"{_checked(agency)}/{sha256[:2]}/{sha256}"


def _checked(agency: str) -> str:
    if not _AGENCY.fullmatch(agency):
        raise NotFound("no-such-agency", "没有这个机关，请核对机关代码。")
    return agency


def unreachable() -> Unavailable:
    """The store does not answer."""
    return Unavailable("files-unreachable", "文件存储暂时无法访问，请稍后再试；没有保存任何内容。", retry_after=30)


def open_store(settings: Settings) -> FileStore:
    """The store that the settings name: `s3://bucket/prefix` (credentials and endpoint by the usual AWS variables), else the data directory."""
    return _open(settings.file_store, settings.data)


@cache
def _open(url: str, data: Path) -> FileStore:
    if url == "memory://":
        return FileStore(MemoryStore())
    if url:
        return FileStore(from_url(url))
    root = data / "files"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileStore(LocalStore(root.resolve()))

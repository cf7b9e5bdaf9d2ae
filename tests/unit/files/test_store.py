"""What is kept stands under the hash of its bytes, each agency's apart; what a person sent is sealed under that person's key."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from obstore.store import LocalStore, MemoryStore

from shared.files.giving import WHOLE_BYTES, Changed, Mismatch, download_headers, proved, safe_name
from shared.files.sealed import CHUNK_BYTES, HEAD_BYTES, TAG_BYTES, Place, Sealer, opened
from shared.files.store import FileStore, open_store, path_of
from shared.kernel.errors import NotFound, Unavailable
from shared.settings import Settings
from shared.trust.keys import Erased, Keys
from shared.trust.sealing import Tampered

PLACE = Place("guyuan-spj", UUID(int=1), UUID(int=2))


@pytest.fixture(params=["directory", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return FileStore(LocalStore(tmp_path) if request.param == "directory" else MemoryStore())


async def all_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def pieces_of(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def kept(store: FileStore, content: bytes, agency: str = "guyuan-spj") -> str:
    async with store.writing(agency) as file:
        async for piece in pieces_of(content, 70_000):
            await file.write(piece)
        assert await file.finish() == hashlib.sha256(content).hexdigest()
        assert await all_of(file.read_back()) == content
        return await file.keep()


async def test_a_file_stands_under_its_hash_for_its_agency_alone(store: FileStore) -> None:
    content = os.urandom(300_000)
    sha256 = await kept(store, content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert await all_of(store.read("guyuan-spj", sha256)) == content
    assert await store.size("guyuan-spj", sha256) == 300_000
    assert await store.size("another", sha256) is None
    with pytest.raises(NotFound):
        await all_of(store.read("another", sha256))
    assert await kept(store, content) == sha256
    await store.remove("guyuan-spj", sha256)
    await store.remove("guyuan-spj", sha256)
    assert await store.size("guyuan-spj", sha256) is None


async def test_what_was_not_kept_is_gone(tmp_path: Path) -> None:
    store = FileStore(LocalStore(tmp_path))
    await asyncio.gather(broken_off(store), return_exceptions=True)
    async with store.writing("guyuan-spj") as file:
        await file.write(b"refused")
        await file.finish()
    assert files_in(tmp_path) == []


async def broken_off(store: FileStore) -> None:
    async with store.writing("guyuan-spj") as file:
        await file.write(b"half of it")
        raise ValueError("broken off")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("agency", "sha256"), [("..", "a" * 64), ("a/b", "a" * 64), ("a", "../../../etc/passwd"), ("a", "A" * 64), ("", "a" * 64)]
)
def test_nothing_else_is_ever_reached(agency: str, sha256: str) -> None:
    with pytest.raises(NotFound):
        path_of(agency, sha256)


async def test_a_store_that_is_away_is_told_so(tmp_path: Path) -> None:
    store = FileStore(LocalStore(tmp_path))
    folder = tmp_path / "guyuan-spj"
    folder.write_text("a file where a directory should be")
    with pytest.raises(Unavailable):
        await kept(store, b"content")


async def test_the_settings_name_the_store(tmp_path: Path) -> None:
    local = open_store(Settings(data=tmp_path))
    sha256 = await kept(local, b"content")
    assert (tmp_path / "files" / "guyuan-spj" / sha256[:2] / sha256).read_bytes() == b"content"
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
    assert open_store(Settings(data=tmp_path, file_store="memory://")) is open_store(Settings(data=tmp_path, file_store="memory://"))


def sealed(keys: Keys, key: UUID, content: bytes, place: Place = PLACE) -> bytes:
    sealer = Sealer(keys, key, place)
    pieces = [sealer.feed(content[start : start + 10_000]) for start in range(0, len(content), 10_000)]
    return sealer.head + b"".join(pieces) + sealer.end()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
async def test_a_sealed_file_opens_where_it_belongs(keys: Keys, size: int) -> None:
    key, content = keys.take("guyuan-spj"), os.urandom(size)
    made = sealed(keys, key, content)
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert len(made) == HEAD_BYTES + size + chunks * TAG_BYTES
    assert size < 16 or content[:64] not in made, "a few bytes may stand anywhere by chance"
    assert await all_of(opened(keys, PLACE, pieces_of(made, 7001))) == content


async def test_chunks_can_not_be_moved_left_out_repeated_cut_or_taken_elsewhere(keys: Keys) -> None:
    key, content = keys.take("guyuan-spj"), os.urandom(3 * CHUNK_BYTES)
    made = sealed(keys, key, content)
    step = CHUNK_BYTES + TAG_BYTES
    head, first, second, third = made[:HEAD_BYTES], made[HEAD_BYTES : HEAD_BYTES + step], made[HEAD_BYTES + step : HEAD_BYTES + 2 * step], made[HEAD_BYTES + 2 * step :]  # fmt: skip
    wrong = [
        head + second + first + third,
        head + first + third,
        head + first + first + second + third,
        head + first + second,
        made[:-1],
        made + b"x",
        made[:100] + bytes([made[100] ^ 1]) + made[101:],
        head[:20] + uuid4().bytes + made[HEAD_BYTES:],
        made[:10],
        b"",
    ]
    for content in wrong:
        with pytest.raises(Tampered):
            await all_of(opened(keys, PLACE, pieces_of(content, 50_000)))
    for place in (
        Place("another", UUID(int=1), UUID(int=2)),
        Place("guyuan-spj", UUID(int=3), UUID(int=2)),
        Place("guyuan-spj", UUID(int=1), UUID(int=4)),
    ):
        with pytest.raises(Tampered):
            await all_of(opened(keys, place, pieces_of(made)))


async def test_destroying_the_key_erases_the_file(keys: Keys) -> None:
    key = keys.take("guyuan-spj")
    made = sealed(keys, key, b"a citizen's own words")
    keys.destroy([key], requested_by="a", approved_by="b", basis="test")
    with pytest.raises(Erased):
        await all_of(opened(keys, PLACE, pieces_of(made)))


async def test_exactly_the_reviewed_bytes_leave_or_nothing() -> None:
    for size in (10, WHOLE_BYTES, WHOLE_BYTES + 300_000):
        content = os.urandom(size)
        sha256 = hashlib.sha256(content).hexdigest()
        assert await all_of(proved(pieces_of(content, 262_144), sha256, size)) == content
        for altered in (content[:-1] + bytes([content[-1] ^ 1]), content[:-1], content + b"x"):
            left = bytearray()
            with pytest.raises(Mismatch if size <= WHOLE_BYTES else Changed):
                await into(left, proved(pieces_of(altered, 262_144), sha256, size))
            assert len(left) < size
            assert size > WHOLE_BYTES or not left


async def into(left: bytearray, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        left += piece


def test_a_download_is_saved_under_its_name_and_never_shown() -> None:
    headers = download_headers('预算"；x=1\r\n.pdf', 5)
    assert headers["Content-Disposition"] == "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E9%A2%84%E7%AE%97%EF%BC%9Bx%3D1.pdf"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Length"] == "5"


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\文件\\\\预算.pdf", "预算.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ("   ", "附件"),
        ("长" * 200 + ".pdf", "长" * 146 + ".pdf"),
        ("䶮𠅤.docx", "䶮𠅤.docx"),
    ],
)
def test_a_name_is_kept_without_path_and_tricks(given: str, kept_as: str) -> None:
    assert safe_name(given) == kept_as

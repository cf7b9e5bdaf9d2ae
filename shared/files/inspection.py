"""Looking into a file in a child process: what a stranger sent is parsed with bounded memory and time, away from the keys and the databases.

The child reads one JSON line (what is asked) and the file from its standard input, and writes its answer to its standard output. It is killed when
its time is over; then, or when it dies, the file counts as one that can't be opened.
"""

import asyncio
import contextlib
import resource
import sys
from typing import Any, Literal

import msgspec

from shared.files.directions import Direction, Proof
from shared.files.finding import CLEANABLE, Finding, Report
from shared.kernel.errors import Refused

MEMORY_BYTES = 2_147_483_648
"""Address space of the child; a file that needs more counts as one that can't be opened."""

CPU_SECONDS = 120
"""Time of the processor for one file."""


class Asked(msgspec.Struct, frozen=True):
    """What the child is to do with the file that follows. `directions`: what had to go, for `prove`; `original` follows behind `size` bytes."""

    what: Literal["report", "clean", "prove"]
    size: int
    name: str = ""
    giving: bool = False
    kind: str = ""
    original_kind: str = ""
    directions: tuple[Direction, ...] = ()


async def inspect(content: bytes, name: str, *, giving: bool, seconds: float) -> Report:
    """What a file is and hides. A parser that fails, or takes too long, tells that it can't be opened: nothing unchecked is taken."""
    answer = await _ask(Asked("report", len(content), name=name, giving=giving), content, b"", seconds)
    return msgspec.json.decode(answer, type=Report) if answer is not None else Report("", (Finding("unreadable"),))


async def clean(content: bytes, kind: str, *, seconds: float) -> bytes:
    """A copy that hides nothing; raises `Refused` where none can be made."""
    if kind not in CLEANABLE:
        raise Refused("not-cleanable", "这种文件不能自动清理，请在办公软件中处理后重新上传。")
    answer = await _ask(Asked("clean", len(content), kind=kind), content, b"", seconds)
    if not answer:
        raise Refused("clean-failed", "没有能够自动清理这份文件（例如公式没有保存计算结果），请在办公软件中处理后重新上传。")
    return answer


async def prove(
    content: bytes, kind: str, original: bytes, original_kind: str, directions: tuple[Direction, ...], *, seconds: float
) -> Proof | None:
    """Whether what had to go is gone from these bytes; None where they can't be read. `original`: b'' where it is not at hand."""
    asked = Asked("prove", len(content), kind=kind, original_kind=original_kind, directions=directions)
    answer = await _ask(asked, content, original, seconds)
    return msgspec.json.decode(answer, type=Proof) if answer is not None else None


async def _ask(asked: Asked, content: bytes, further: bytes, seconds: float) -> bytes | None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.files.inspection",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(path or "." for path in sys.path), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    try:
        given = msgspec.json.encode(asked) + b"\n" + content + further
        answer, _ = await asyncio.wait_for(child.communicate(given), seconds)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return answer if child.returncode == 0 else None


def answer_to(asked: Asked, content: bytes, further: bytes) -> bytes:
    """What the child answers. The parsers are loaded here: who asks has no use for them, and they take 40 MB."""
    from shared.files.redactions import proof
    from shared.files.report import CLEANED, report

    done: Any
    if asked.what == "report":
        done = report(content, asked.name, giving=asked.giving)
    elif asked.what == "prove":
        done = proof(content, asked.kind, further, asked.original_kind, asked.directions)
    else:
        return CLEANED[asked.kind](content)
    return msgspec.json.encode(done)


def main() -> None:
    """The child."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    given = sys.stdin.buffer
    asked = msgspec.json.decode(given.readline(), type=Asked)
    content = given.read(asked.size)
    sys.stdout.buffer.write(answer_to(asked, content, given.read()))


if __name__ == "__main__":
    main()

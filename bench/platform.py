"""A platform of its own for a benchmark: the real program as a child, with an agency, its officials, and a load to put on it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.load import Load
from demo.bureau import DemoAccount, set_up
from demo.cli import access_of
from shared.platform.processes import free_port
from shared.platform.running import attached, base_url
from shared.settings import Settings, load_settings

AGENCY = "bench"
BODY = json.dumps(
    {
        "applicant_kind": "natural_person",
        "applicant_name": "张三丰",
        "id_number": "640402199001010011",
        "contact": "13900000000",
        "address": "宁夏固原市原州区文化街1号",
        "content": "申请公开2024年度固原市行政审批服务局部门预算及三公经费决算情况说明",
        "form": "electronic",
        "delivery": "email",
    },
    ensure_ascii=False,
).encode()
PATH = "/api/requests/disclosure-requests"


@contextmanager
def started(data: Path, *arguments: str) -> Iterator[tuple[str, float]]:
    """The program on a data directory; gives its address and the seconds that its start took."""
    port = free_port()
    begun = time.perf_counter()
    environment = {
        **os.environ,
        "GONGKAI_SIGN_INS_PER_MINUTE": "10000",
        "GONGKAI_PUBLIC_REQUESTS_PER_MINUTE": "100000000",
        "GONGKAI_DEFAULT_AGENCY": AGENCY,
        "GONGKAI_LOG_LEVEL": "ERROR",
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "shared.cli", "run", "--data", str(data), "--port", str(port), *arguments],
        stdout=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        while base_url(data) is None:
            if child.poll() is not None:
                raise RuntimeError("the program did not start")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}", time.perf_counter() - begun
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


@contextmanager
def peer(name: str, settings: Settings) -> Iterator[str]:
    """A peer's server."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.peers", name, "--port", str(port)],
        env={**os.environ, **settings.environment()},
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)


async def load(url: str, seconds: float, *, key: bool, connections: int = 64) -> dict[str, Any]:
    """The same body and generator for everyone."""
    return await Load(f"{url}{PATH}", BODY, connections=connections, seconds=seconds, headers={}, key=key).go()


def drained(url: str, seconds: float) -> float | None:
    """How long it took until nothing was behind; None if that took longer than `seconds`."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        checks = httpx.get(f"{url}/readyz", trust_env=False).json()["checks"]
        if all(not check.get("lag") for check in checks.values()):
            return time.perf_counter() - begun
        time.sleep(0.1)
    return None


async def bureau(data: Path) -> list[DemoAccount]:
    """Founds the bench's agency beside the running program."""
    with attached(data, load_settings(data=data)) as platform, access_of(platform.settings) as access:
        return await set_up(access, AGENCY, "基准测试机关")


def memory(data: Path) -> dict[str, float]:
    """The proportional memory (PSS, MB) of everything that a platform runs."""
    content = json.loads((data / "platform.json").read_text(encoding="utf-8"))
    program = psutil.Process(content["pid"])
    processes = [program, *program.children(recursive=True)]
    total: dict[str, float] = {}
    for process in processes:
        try:
            total[process.name()] = total.get(process.name(), 0.0) + process.memory_full_info().pss / 1024**2
        except psutil.Error:
            continue
    return {name: round(size, 1) for name, size in total.items()} | {"total": round(sum(total.values()), 1)}

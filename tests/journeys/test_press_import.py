"""Detections taken from a file by the command, on the platform as it runs: wholly, and once."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from demo.office import Office
from tests.journeys.test_opinion import until
from tests.town import Running

ROOT = Path(__file__).parents[2]
HEAD = "来源,网址,标题,摘要"


def imported(running: Running, agency: str, file: Path, *more: str) -> tuple[int, str]:
    line = [sys.executable, "-m", "shared.cli", "press", "import", str(file), "--agency", agency, "--data", str(running.data), *more]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=90, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
async def test_a_file_is_taken_wholly_and_once(office: Office, running: Running, tmp_path: Path) -> None:
    file = tmp_path / "seen.csv"
    lines = [f"论坛,https://bbs.example.cn/import/{number},导入的舆情 {number},称排队三小时" for number in range(3)]
    file.write_text("\n".join([HEAD, *lines, "飞鸽,https://a.example.cn,标题,摘要"]), encoding="utf-8")
    status, told = await asyncio.to_thread(imported, running, office.agency, file)
    assert (status, "第 5 行" in told, "没有保存任何内容" in told) == (1, True, True), told
    file.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    for more, expected in ((("--dry-run",), "核对无误：3 条"), ((), "新登记 3 条，此前已登记 0 条"), ((), "新登记 0 条，此前已登记 3 条")):
        status, told = await asyncio.to_thread(imported, running, office.agency, file, *more)
        assert (status, expected in told) == (0, True), told
    rows = await until(
        office,
        "/api/press/opinions?stage=detected",
        "monitor",
        lambda found: sum("导入的" in row["title"] for row in found["opinions"]) == 3,
    )
    assert {row["source"] for row in rows["opinions"] if "导入的" in row["title"]} == {"forum"}
    for more in (("--source", "飞鸽"), ()):
        status, told = await asyncio.to_thread(imported, running, office.agency if more else "nobody-here", file, *more)
        assert (status, "Traceback" in told) == (2, False), told

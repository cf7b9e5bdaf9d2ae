"""A running year taken over by the command, on the platform as it runs: twice the same file, and the numbers go on."""

import asyncio
import subprocess
import sys
from pathlib import Path

from demo.office import Office
from shared.kernel.clocks import today
from tests.town import Running

ROOT = Path(__file__).parents[2]


def imported(running: Running, agency: str, file: Path, *more: str) -> tuple[int, str]:
    line = [sys.executable, "-m", "shared.cli", "requests", "import", str(file), "--agency", agency, "--data", str(running.data), *more]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", timeout=90, check=False)
    return done.returncode, done.stdout + done.stderr


async def test_a_file_is_taken_over_once_and_wholly(office: Office, running: Running, tmp_path: Path) -> None:
    day = today()
    head = "编号,收到日期,渠道,申请人类别,申请人,联系方式,申请内容"
    lines = [f"老〔{day.year}〕{number}号,{day},当面,自然人,申请人{number},1380000000{number},申请内容" for number in range(1, 4)]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([head, *lines, f"老〔{day.year}〕4号,{day},飞鸽,自然人,甲,13800000000,内容"]), encoding="utf-8")
    status, told = await asyncio.to_thread(imported, running, office.agency, file)
    assert (status, "第 5 行“渠道”" in told) == (1, True), told

    async def numbers() -> list[str]:
        found = (await office.get("/api/requests/disclosure-requests", "office"))["cases"]
        return sorted(row["number"] for row in found if (row["number"] or "").startswith("老〔"))

    assert await numbers() == []
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    status, told = await asyncio.to_thread(imported, running, office.agency, file, "--dry-run")
    assert (status, "3 件可以接续" in told) == (0, True), told
    assert await numbers() == []
    for expected in ("已接续 3 件，此前已接续 0 件", "已接续 0 件，此前已接续 3 件"):
        status, told = await asyncio.to_thread(imported, running, office.agency, file, "--system", "老系统")
        assert (status, expected in told) == (0, True), told
    for _ in range(200):
        if len(await numbers()) == 3:
            break
        await asyncio.sleep(0.05)
    assert await numbers() == [f"老〔{day.year}〕{number}号" for number in range(1, 4)]
    status, told = await asyncio.to_thread(imported, running, "nobody-here", file)
    assert status == 2
    assert "Traceback" not in told

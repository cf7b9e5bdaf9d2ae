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


async def test_files_come_with_their_cases_once(office: Office, running: Running, tmp_path: Path) -> None:
    day = today()
    scans = tmp_path / "扫描件"
    scans.mkdir()
    (scans / "申请书.txt").write_text("申请公开某某项目的中标通知书", encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"MZ not a pdf")
    (tmp_path.parent / "外面.txt").write_text("x", encoding="utf-8")
    head = "编号,收到日期,渠道,申请人类别,申请人,联系方式,申请内容,附件"
    line = f"附〔{day.year}〕1号,{day},当面,自然人,申请人,13800000001,申请内容,"
    file = tmp_path / "cases.csv"
    for name, wrong in (("没有.txt", "没有找到"), ("../外面.txt", "没有找到"), ("坏.pdf", "附〔")):
        file.write_text(f"{head}\n{line}{name}", encoding="utf-8")
        status, told = await asyncio.to_thread(imported, running, office.agency, file)
        assert (status, wrong in told, "没有保存任何内容" in told) == (1, True, True), told
    file.write_text(f"{head}\n{line}申请书.txt；", encoding="utf-8")
    for expected in ("新收附件 1 份", "新收附件 0 份"):
        status, told = await asyncio.to_thread(imported, running, office.agency, file, "--files", str(scans))
        assert (status, expected in told) == (0, True), told
    for _ in range(200):
        found = (await office.get(f"/api/requests/disclosure-requests?number=附〔{day.year}〕1号", "office"))["cases"]
        if found:
            break
        await asyncio.sleep(0.05)
    files = (await office.get(f"/api/requests/disclosure-requests/{found[0]['id']}/attachments", "office"))["files"]
    assert [(one["name"], one["direction"]) for one in files] == [("申请书.txt", "received")]

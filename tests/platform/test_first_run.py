"""What a newcomer meets after `make run`: a demonstration that is loaded, and an installation in which the doctor finds nothing."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.cli.run import DEMO_ESCROW
from tests.directories import temporary
from tests.town import start, stop


@pytest.fixture
def first_run() -> Iterator[tuple[Path, Path]]:
    """`gongkai run` on a directory that was not there: the directory, and what it prints."""
    above = temporary("first")
    data, log = above / "var", above / "program.log"
    child, _ = start(data, log, demo=True)
    yield data, log
    stop(child)
    shutil.rmtree(above, ignore_errors=True)


def gongkai(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shared.cli", *arguments, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_after_the_demonstration_is_loaded_the_doctor_finds_nothing(first_run: tuple[Path, Path]) -> None:
    data, log = first_run
    deadline = time.monotonic() + 90
    while "演示机关" not in (told := log.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, told
        time.sleep(0.1)
    assert "演示数据已装入：" in told
    found = gongkai(data, "doctor")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "✗" not in found.stdout
    assert f"主密钥托管：{DEMO_ESCROW}" in found.stdout
    # For real use its escrow is made anew; from then on, custodians are asked for.
    assert gongkai(data, "keys", "escrow", "make").returncode == 0
    due = gongkai(data, "doctor")
    assert due.returncode == 1
    assert [line for line in due.stdout.splitlines() if line.startswith("✗")] == ["✗ 主密钥托管：尚未确认"]
    assert gongkai(data, "keys", "escrow", "verify").returncode == 0
    assert gongkai(data, "keys", "escrow", "confirm", "--note", "甲、乙，各在其保险柜").returncode == 0
    assert "主密钥托管：甲、乙，各在其保险柜" in gongkai(data, "doctor").stdout

"""`gongkai demo`: loads the small demonstration; with `--report FILE`, plays a published annual report as a year through the real services."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from demo import small
from demo.bureau import set_up
from demo.office import Office
from demo.plan import NotPlausible, scaled, table_three
from demo.year import Year
from shared.access.service import Access, open_access
from shared.platform.processes import free_port
from shared.platform.running import Platform, attached, base_url
from shared.settings import Settings, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey

app = typer.Typer(add_completion=False, help="装入演示数据，或按已发布的年度报告演示一年。")


@app.callback(invoke_without_command=True)
def demo(
    report: Annotated[Path | None, typer.Option(help="已发布的年度报告（JSON）；不填则装入小型演示")] = None,
    agency: Annotated[str | None, typer.Option(help="演示机关的代码；不填则按年份取名")] = None,
    share: Annotated[int, typer.Option(help="只演示几分之一", min=1, max=1000)] = 1,
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """装入演示数据。平台在运行就连接它，否则临时启动，完成后停止。"""
    data.mkdir(parents=True, exist_ok=True)
    with program(data) as platform:
        if report is None:
            count = asyncio.run(_small(platform, data))
            typer.echo(f"演示数据已装入：{count} 件申请。")
            return
        found = read_report(report, share)
        code = agency or f"demo-{found['year']}-{int(time.time()) % 100_000}"
        commands, cases, seconds = asyncio.run(_year(platform, found, code))
    typer.echo(
        f"已演示 {found['agency']} {found['year']} 年：{cases} 件申请，{commands} 条命令，{seconds:.0f} 秒（每秒 {commands / seconds:.0f} 条）。"
    )
    typer.echo(f"查看年度报告：gongkai report annual --agency {code} --year {found['year']} --data {data}")


def read_report(path: Path, share: int = 1) -> dict[str, Any]:
    """A published report; refuses what is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        table_three(found)
        return scaled(found, share) if share > 1 else found
    except OSError:
        raise typer.BadParameter(f"读不到文件 {path}。") from None
    except (ValueError, KeyError, TypeError, NotPlausible) as error:
        raise typer.BadParameter(f"{path} 不是年度报告：{error}") from None


@contextmanager
def program(data: Path) -> Iterator[Platform]:
    """The running platform of a data directory; else one is started for this command and stopped after it."""
    if base_url(data) is not None:
        with attached(data, load_settings(data=data)) as platform:
            yield platform
        return
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "shared.cli", "run", "--no-demo", "--data", str(data), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ,
    )
    try:
        deadline = time.monotonic() + 60
        while base_url(data) is None and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if base_url(data) is None:
            raise RuntimeError("平台没有启动成功，请运行 gongkai doctor 检查。")
        with attached(data, load_settings(data=data)) as platform:
            yield platform
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


@contextmanager
def access_of(settings: Settings) -> Iterator[Access]:
    """Access on the databases of a platform, beside the running program: agencies are founded here, not over HTTP."""
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    try:
        yield access
    finally:
        access.stop()
        keys.close()


async def _small(platform: Platform, data: Path) -> int:
    assert platform.base_url is not None
    with access_of(platform.settings) as access:
        return await small.load(access, platform.base_url, data)


async def _year(platform: Platform, report: dict[str, Any], code: str) -> tuple[int, int, float]:
    assert platform.base_url is not None
    with access_of(platform.settings) as access:
        accounts = await set_up(access, code, str(report["agency"])[:70])
    started = time.perf_counter()
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task(f"{report['year']} 年", total=None)
        async with Office(platform.base_url, code, accounts) as office:
            year = Year(office, report, lambda done, total: bar.update(task, completed=done, total=total))
            commands = await year.play()
    return commands, len(year.cases), time.perf_counter() - started

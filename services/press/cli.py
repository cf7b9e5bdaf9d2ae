"""`gongkai press import`: detections of public opinion from a CSV, RSS or Atom file; all of a file or nothing."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.press.importing import COLUMNS, SOURCES, import_file, shown
from services.press.service import service
from shared.access.service import open_access
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.running import Running
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError

press = typer.Typer(add_completion=False, help="新闻发布与舆情：导入发现的舆情。", no_args_is_help=True)

OPERATOR = Actor("system:operator", ("system",))
"""Who acts at the server's command line."""


@press.callback()
def _press() -> None:
    """新闻发布与舆情。"""


@press.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV、RSS 或者 Atom 文件", exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option(help="机关代码")],
    source: Annotated[str, typer.Option(help=f"RSS、Atom 的来源：{'、'.join(SOURCES)}")] = "网站",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不保存")] = False,
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """导入发现的舆情。有一条不对，整个文件都不保存；重复导入不会重复登记；不读取发布人的姓名、账号。"""
    if source not in SOURCES:
        typer.echo(f"没有“{source}”这种来源，应为：{'、'.join(SOURCES)}。", err=True)
        raise typer.Exit(2)
    try:
        with attached(data, load_settings(data=data)) as here:
            status = asyncio.run(_imported(here.settings, file.read_bytes(), agency, SOURCES[source], dry_run))
    except (Problem, SettingsError, MasterKeyError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@press.command("columns")
def columns() -> None:
    """CSV 文件的表头。"""
    typer.echo(",".join(COLUMNS))


async def _imported(settings: Settings, content: bytes, code: str, source: str, dry_run: bool) -> int:
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.pipeline.start()
    try:
        done = await import_file(running, access.directory.agency(code), OPERATOR, content, source=source, dry_run=dry_run, wait=False)
    finally:
        await asyncio.to_thread(running.pipeline.stop)
        running.log.close()
        await asyncio.to_thread(access.stop)
        keys.close()
    for line in shown(done.wrong):
        typer.echo(line)
    if done.wrong:
        typer.echo(f"{len(done.wrong)} 处不对，没有保存任何内容。请更正后重新导入。")
        return 1
    typer.echo(f"核对无误：{done.new} 条（没有保存）。" if dry_run else f"新登记 {done.new} 条，此前已登记 {done.known} 条。")
    return 0

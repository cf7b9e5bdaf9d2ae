"""`gongkai requests import`: a running year of another system, taken over from a CSV; all of a file or nothing."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from services.requests.disclosure_request.commands.takeover import TakeOver, taken_over_id
from services.requests.service import service
from services.requests.takeover import heading, read_file, shown
from shared.access.service import Access, open_access
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.running import Running
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError

requests = typer.Typer(add_completion=False, help="依申请公开：接续其他系统的案件。", no_args_is_help=True)

OPERATOR = Actor("system:operator", ("system",))
"""Who acts at the server's command line."""

AT_ONCE = 200


@requests.callback()
def _requests() -> None:
    """依申请公开。"""


@requests.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV 文件，说明和样例见 docs/import.md", exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option(help="机关代码")],
    system: Annotated[str, typer.Option(help="原系统的名称")] = "原系统",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不保存")] = False,
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """接续在办的案件：沿用原编号和期限。有一行不对，整个文件都不保存；重复导入不会重复建案。"""
    try:
        with attached(data, load_settings(data=data)) as here:
            status = asyncio.run(_imported(here.settings, file.read_bytes(), agency, system, dry_run))
    except (Problem, SettingsError, MasterKeyError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@requests.command("columns")
def columns() -> None:
    """导入文件的表头。"""
    typer.echo(heading())


async def _imported(settings: Settings, content: bytes, code: str, system: str, dry_run: bool) -> int:
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.pipeline.start()
    try:
        facts = access.directory.agency(code)
        calendar = access.directory.laws(facts).calendar
        units = [unit.code for unit in access.directory.units(code)]
        made, wrong = read_file(content, facts, calendar, access.directory.today(facts), units, system)
        for line in shown(wrong):
            typer.echo(line)
        if wrong:
            typer.echo(f"{len(wrong)} 处不对，没有保存任何内容。请更正后重新导入。")
            return 1
        if dry_run:
            typer.echo(f"核对无误：{len(made)} 件可以接续（没有保存）。")
            return 0
        new = await _taken_over(running, access, facts, made)
        typer.echo(f"已接续 {new} 件，此前已接续 {len(made) - new} 件。新的编号接在原编号之后。")
        return 0
    finally:
        await asyncio.to_thread(running.pipeline.stop)
        running.log.close()
        await asyncio.to_thread(access.stop)
        keys.close()


async def _taken_over(running: Running, access: Access, facts: AgencyFacts, made: Sequence[TakeOver]) -> int:
    """Takes them over, in the order of the file; how many are new. A file that was cut off goes on where it was when it is imported again."""
    new = 0
    today = access.directory.today(facts)
    for start in track(range(0, len(made), AT_ONCE), description="接续", transient=True):
        done = await asyncio.gather(
            *(
                running.execute(command, taken_over_id(facts.code, command.number), OPERATOR, facts, today=today)
                for command in made[start : start + AT_ONCE]
            )
        )
        new += sum(receipt.reply.get("taken_over", False) for receipt in done)
    return new

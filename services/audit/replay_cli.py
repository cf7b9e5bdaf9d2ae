"""`gongkai replay`: the deadlines and steps of a year under another rulebook or calendar; nothing is written."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import psycopg
import typer
from rich.console import Console
from rich.table import Table

from services.audit.replay import MARKS, TITLES, Replay, lines, world_of
from services.audit.replay import replay as replayed
from shared.access.service import open_directory
from shared.kernel.errors import Invalid
from shared.platform.running import attached
from shared.settings import load_settings


def replay(
    rulebook: Annotated[str, typer.Option(help="规则集，如 bureau-2019、decree-711")],
    year: Annotated[int, typer.Option(help="期限起算的年份", min=2008, max=2100)],
    agency: Annotated[str | None, typer.Option(help="机关代码；不填则逐个机关")] = None,
    calendar: Annotated[
        Path | None, typer.Option(help="另一放假安排（JSON，格式同 shared/law/calendars）", exists=True, dir_okay=False)
    ] = None,
    format: Annotated[Literal["json", "table"], typer.Option(help="json 或 table")] = "table",
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """在另一规则集或者放假安排下，哪些期限会逾期、会按期，哪些步骤会被拒绝或者不同。不写入任何内容。"""
    settings = load_settings(data=data)
    with (
        attached(data, settings) as platform,
        psycopg.connect(platform.settings.dsn("audit", role="gongkai_audit"), autocommit=True) as ledger,
    ):
        directory = open_directory(platform.settings)
        chosen = [directory.agency(agency)] if agency else list(directory.agencies())
        content = calendar.read_bytes() if calendar else None
        found = []
        for one in chosen:
            try:
                world = world_of(rulebook, directory.calendar(one.code), directory.today(one), content)
            except Invalid as error:
                typer.echo(error.sentence, err=True)
                raise typer.Exit(2) from None
            found.append(replayed(ledger, one.code, year, world))
    if format == "json":
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=1))
        return
    for made in found:
        if agency or made.counts or made.steps:
            told(Console(), made)
    typer.echo("不能说明的：")
    for sentence in found[0].cannot if found else ():
        typer.echo(f"  · {sentence}")


def told(console: Console, found: Replay) -> None:
    """What came of it, for the terminal."""
    table = Table(title=f"{found.agency} {found.year} 年在 {found.rulebook}（{found.calendar}）下重放")
    for title in ("期限", "件数", "按期→逾期", "逾期→按期", "期限日移动"):
        table.add_column(title, justify="left" if title == "期限" else "right")
    for title, *numbers in lines(found):
        table.add_row(title, *map(str, numbers))
    console.print(table)
    for one in found.changed:
        if one.was != one.would:
            console.print(
                f"  {TITLES[one.limit]} {one.number or one.case}：{day(one.due)} → {day(one.due_then)}，{MARKS[one.was]} → {MARKS[one.would]}（{one.article}）"
            )
    for step in found.steps:
        console.print(f"  {step.number or step.case} {step.position}：{step.told}（{step.article}）")
    for sentence in found.not_compared:
        console.print(f"  未比较：{sentence}")


def day(due: date | None) -> str:
    """A due date, or that there is none."""
    return due.isoformat() if due else "无"

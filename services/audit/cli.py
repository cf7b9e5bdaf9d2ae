"""`gongkai trail ID` and `gongkai report annual`: what the auditor reads, on the command line of the machine itself."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import psycopg
import typer
from psycopg.rows import dict_row
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.audit.earlier_report.commands import ImportEarlierReport
from services.audit.evidence import bundle
from services.audit.knowing import GRANT_TYPES, GRANTS, could_read, grants_held
from services.audit.reports.check import CHECKS, check_report
from services.audit.reports.documents import FORMATS, made_as
from services.audit.reports.making import report_now, report_of_counted, reports_known, scope_of, standing_of
from services.audit.service import service
from services.audit.trail import ROWS, By, Trail, make_trail
from services.audit.trail_pdf import as_of_told, moment, trail_pdf, what_was_read
from shared.access.directory import Directory
from shared.access.service import open_access, open_directory
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.running import Running
from shared.law.roles import ROLES
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError

Data = Annotated[Path, typer.Option(help="平台数据目录")]

BY_NUMBER = """SELECT case_id FROM ledger WHERE source = 'requests' AND topic LIKE 'requests.RequestRegistered:%%'
    AND convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'number' = %s"""


CASES = """SELECT l.case_id, l.agency, min(l.received_at) AS since, count(*) AS events,
        min(convert_from(l.state, 'UTF8')::jsonb -> 'data' ->> 'number') FILTER (WHERE l.topic LIKE 'requests.RequestRegistered:%%') AS number
    FROM ledger AS l WHERE (%s::text IS NULL OR l.agency = %s) AND l.source IN ('requests', 'review', 'publishing', 'press')
    GROUP BY l.case_id, l.agency ORDER BY since DESC LIMIT %s"""


def trail(
    id: Annotated[str, typer.Argument(help="事项编号（UUID）或申请的登记编号")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    listed: Annotated[bool, typer.Option("--list", help="列出最近的事项")] = False,
    agency: Annotated[str | None, typer.Option(help="只列这个机关的")] = None,
    limit: Annotated[int, typer.Option(help="最多列几件", min=1, max=1000)] = 30,
    out: Annotated[Path | None, typer.Option(help="写成可离线核对的证据包；文件名以 .pdf 结尾则写成 PDF")] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="日期", help="截至这一天，如 2025-09-22")
    ] = None,
    by: Annotated[By, typer.Option(help="截至哪一天以什么为准：effect 生效日期，record 记录时间")] = "record",
    data: Data = Path("var"),
) -> None:
    """一件事的办理全过程：何人、何时、以何角色、依据哪一条、在哪个服务。"""
    if listed == bool(id):
        raise typer.BadParameter("请给出一件事的编号，或用 --list 列出最近的事项")
    settings = load_settings(data=data)
    with (
        attached(data, settings) as platform,
        psycopg.connect(platform.settings.dsn("audit", role="gongkai_audit"), row_factory=dict_row) as ledger,
    ):
        if listed:
            list_cases(ledger.execute(CASES, (agency, agency, limit)).fetchall())
            return
        directory = open_directory(platform.settings)
        found = read_trail(ledger, id, directory, as_of.date() if as_of else None, by, settings.trace_url_template)
        if found is None:
            typer.echo(f"总账中没有 {id}，请核对编号。", err=True)
            raise typer.Exit(2)
        facts = directory.agency(found.agency)
        day = found.as_of or directory.today(facts)
        held = grants_held(ledger.execute(GRANTS, (found.agency, GRANT_TYPES)))
        could = could_read(found, held, directory.laws(facts).rulebook, day, directory.name_of)
        if out is not None and out.suffix.lower() == ".pdf":
            out.write_bytes(asyncio.run(trail_pdf(found, could, facts.name, directory.today(facts))))
            typer.echo(f"已写入 {out}：{len(found.entries)} 个事件。")
            return
        if out is not None and as_of is not None:
            raise typer.BadParameter("证据包证明的是全部事件，不能截至某日；请写成 .pdf 或去掉 --as-of", param_hint="--as-of")
        if out is not None:
            out.write_bytes(bundle(ledger, found.case))
            typer.echo(f"已写入 {out}：{len(found.entries)} 个事件及其证明。核对：gongkai verify {out} --keys 公钥文件")
            return
    if as_json:
        typer.echo(json.dumps({**msgspec.to_builtins(found), "could_read": msgspec.to_builtins(could)}, ensure_ascii=False, indent=1))
    else:
        console = Console()
        console.print(trail_table(found))
        console.print(as_of_told(found))
        for one in found.readings:
            console.print(f"查阅：{moment(one)} {one.actor} {one.service} {what_was_read(one)}")


def list_cases(rows: Sequence[dict[str, Any]]) -> None:
    """The newest cases, a line each so that their ids can be copied, or that there are none."""
    if not rows:
        typer.echo("总账中还没有事项。")
        return
    for row in rows:
        typer.echo(
            f"{row['case_id']}  {row['since']:%Y-%m-%d %H:%M}  {row['events']:>4} 个事件  {row['agency']}  {row['number'] or '（无登记编号）'}"
        )


def read_trail(
    ledger: psycopg.Connection[dict[str, Any]],
    id: str,
    directory: Directory,
    as_of: date | None = None,
    by: By = "record",
    trace_url: str = "",
) -> Trail | None:
    """The trail of a case by its id or number, as of a date; None if the ledger has none."""
    try:
        case = UUID(id)
    except ValueError:
        found = ledger.execute(BY_NUMBER, (id,)).fetchone()
        if found is None:
            return None
        case = found["case_id"]
    rows = ledger.execute(ROWS, (case,)).fetchall()
    return make_trail(case, rows, directory.name_of, as_of=as_of, by=by, trace_url=trace_url) if rows else None


def trail_table(found: Trail) -> Table:
    """A trail as a table for the terminal."""
    table = Table(title=f"办理全过程 {found.case}（{found.agency}）")
    for title in ("记录时间（UTC）", "生效日期", "服务", "事项", "何人", "角色", "依据"):
        table.add_column(title)
    for entry in found.entries:
        roles = "、".join(ROLES[role].title if role in ROLES else role for role in entry.roles)
        table.add_row(
            f"{entry.recorded_at:%Y-%m-%d %H:%M:%S}",
            f"{entry.effective_on}",
            entry.service,
            entry.title,
            entry.actor,
            roles,
            entry.article or "",
        )
    return table


report = typer.Typer(add_completion=False, help="年度报告：由事件重放得出，不由人填写。", no_args_is_help=True)


@report.callback()
def _reports() -> None:
    """年度报告：由事件重放得出，不由人填写。"""


@report.command("annual")
def annual(
    agency: Annotated[str, typer.Option(help="机关代码")],
    year: Annotated[int, typer.Option(help="年份", min=2008, max=2100)],
    format: Annotated[str, typer.Option(help="table、json、html、docx、xlsx 或 pdf")] = "table",
    out: Annotated[Path | None, typer.Option(help="写成文件")] = None,
    rollup: Annotated[bool | None, typer.Option("--rollup/--alone", help="汇总下级机关，或者只看本机关；不填则有下级的汇总")] = None,
    live: Annotated[bool, typer.Option("--live", help="不用审定时固定的数字，按现在的日志重放")] = False,
    data: Data = Path("var"),
) -> None:
    """国务院办公厅格式的年度报告：数字由事件重放得出；已经审定的，是审定的数字和文字。"""
    if format != "table" and format not in FORMATS:
        raise typer.BadParameter(f"格式应为 table、{'、'.join(FORMATS)}。")
    if out is None and format in ("docx", "xlsx", "pdf"):
        raise typer.BadParameter(f"{format} 请用 --out 写成文件。")
    settings = load_settings(data=data)
    with attached(data, settings) as platform, psycopg.connect(platform.settings.dsn("audit", role="gongkai_audit")) as ledger:
        directory = open_directory(platform.settings)
        known = directory.agency(agency)
        standing = standing_of(ledger, known.code, year)
        settled = standing.settled
        if settled is not None and not live and rollup is None:
            made = report_of_counted(known.code, known.name, year, settled.counted, settled.sections)
        else:
            made = report_now(ledger, scope_of(directory.agencies(), known, rollup=rollup), year, None, standing.sections)
        others = reports_known(ledger, known.code, made["as_of"]["audit"])
    if format == "table":
        Console().print(table_three_shown(made))
        return
    content = asyncio.run(made_as(format, made, others))
    if out is None:
        typer.echo(content.decode(), nl=False)
    else:
        out.write_bytes(content)
        typer.echo(f"已写入 {out}（{len(content)} 字节）。")


def table_three_shown(made: dict[str, Any]) -> Table:
    """Table three for the terminal."""
    table = Table(title=f"{made['agency']} {made['year']} 年收到和处理政府信息公开申请情况")
    table.add_column("项目")
    for column in made["table3"]["columns"]:
        table.add_column(column, justify="right")
    for row in made["table3"]["rows"]:
        table.add_row(row["label"], *(str(value) for value in row["values"]))
    return table


OPERATOR = Actor("system:operator", ("system",))
"""Who acts at the server's command line."""


@report.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="往年的年度报告（JSON）", exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option(help="机关代码")],
    reason: Annotated[str, typer.Option(help="替换已经导入的报告的理由")] = "",
    data: Data = Path("var"),
) -> None:
    """导入一份往年的年度报告，用于核对两年的衔接和比较；同一文件再次导入没有影响。"""
    year = read_report(file).get("year")
    try:
        command = ImportEarlierReport(year=year, report=file.read_text(encoding="utf-8"), reason=reason)
    except ValidationError:
        typer.echo(f"{file} 中没有年度（year），或者文件过大，没有导入。", err=True)
        raise typer.Exit(2) from None
    try:
        with attached(data, load_settings(data=data)) as here:
            told = asyncio.run(imported(here.settings, agency, command))
    except (Problem, SettingsError, MasterKeyError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(2) from None
    for one in told.get("broken", ()):
        typer.echo(f"？ ({one['check']}) {CHECKS[one['check']]}：{'、'.join(one['cells'])}：{one['told']}")
    typer.echo(f"{'已导入' if told.get('new') else '此前已经导入'} {year} 年的报告（SHA-256 {told.get('sha256')}）。")


async def imported(settings: Settings, code: str, command: ImportEarlierReport) -> dict[str, Any]:
    """Gives the command beside the platform as it runs; what it told."""
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.pipeline.start()
    try:
        receipt = await running.execute(command, None, OPERATOR, access.directory.agency(code))
        return dict(receipt.reply)
    finally:
        await asyncio.to_thread(running.pipeline.stop)
        running.log.close()
        await asyncio.to_thread(access.stop)
        keys.close()


REPORT_BYTES = 4 * 1024 * 1024
"""The largest report that is read."""


@report.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="年度报告（JSON）", exists=True, dir_okay=False)],
    before: Annotated[Path | None, typer.Option(help="上年的年度报告，用以核对两年的衔接", exists=True, dir_okay=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """核对一份年度报告（本机关的或者别的机关的）。有不合格的，逐项说明，退出码为 1；读不出的，退出码为 2。"""
    found = check_report(read_report(file), read_report(before) if before else None)
    failed = any(one.fails for one in found)
    if as_json:
        told = [{"check": one.check, "title": CHECKS[one.check], "cells": one.cells, "told": one.told, "fails": one.fails} for one in found]
        typer.echo(json.dumps({"passed": not failed, "broken": told}, ensure_ascii=False, indent=1))
    else:
        for one in found:
            typer.echo(f"{'✗' if one.fails else '？'} ({one.check}) {CHECKS[one.check]}：{'、'.join(one.cells)}：{one.told}")
        across = "" if before else "；没有给出上年的报告（--before），两年的衔接未核对"
        typer.echo(f"{'✗ 不合格' if failed else '✓ 合格'}{across}")
    raise typer.Exit(1 if failed else 0)


def read_report(file: Path) -> dict[str, Any]:
    """A report's file; ends with 2 and a sentence where it is none."""
    try:
        if file.stat().st_size > REPORT_BYTES:
            raise ValueError
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        typer.echo(f"{file} 不是年度报告：应为 UTF-8 编码的 JSON 对象，不超过 4 MB。", err=True)
        raise typer.Exit(2)
    return read

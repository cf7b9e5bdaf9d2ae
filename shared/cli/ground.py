"""`gongkai provision`, `gongkai doctor`, `gongkai settings`: the ground that a platform stands on, made, examined and described."""

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import psycopg
import typer
from rich.console import Console
from rich.table import Column, Table

from shared.kernel.clocks import today
from shared.law.calendar import national_calendar
from shared.messaging.connection import connect
from shared.messaging.provisioning import Drift
from shared.messaging.provisioning import provision as provision_streams
from shared.platform import databases
from shared.platform.running import attached
from shared.settings import Settings, load_settings
from shared.trust.master import MasterKeyError
from shared.trust.setup import condition

Data = Annotated[Path, typer.Option(help="平台数据目录")]

LEAST_FREE = 2 * 1024**3
"""Free disk space below which the doctor warns, in bytes."""


class Finding(msgspec.Struct, frozen=True):
    """What was examined, whether it is well, and what to do if it is not."""

    what: str
    well: bool
    told: str
    remedy: str = ""


def settings() -> None:
    """列出全部设置：名称、默认值、单位、说明。"""
    table = Table(*(Column(title, overflow="fold") for title in ("名称", "默认值", "单位", "说明")))
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        table.add_row(f"GONGKAI_{name.upper()}", _told(field.default), str(extra.get("unit", "")), field.description or "")
    Console().print(table)


def _told(default: Any) -> str:
    """A default as people write it; nothing for none."""
    if isinstance(default, tuple):
        return ",".join(str(part) for part in default)
    return "" if default is None else str(default)


def provision(data: Data = Path("var")) -> None:
    """建立数据库、角色和数据流；已有的只比对，不改写。"""
    wanted = load_settings(data=data)
    data.mkdir(parents=True, exist_ok=True)
    with attached(data, wanted) as platform:
        done = databases.provision(platform.settings)
        asyncio.run(_streams(platform.settings))
    typer.echo("已就绪。" + ("新建：" + "、".join(done) if done else "没有需要新建的。"))


async def _streams(settings: Settings) -> None:
    client = await connect(settings, name="gongkai provision")
    try:
        await provision_streams(client, databases.LOGS, settings)
    finally:
        await client.close()


def doctor(as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False, data: Data = Path("var")) -> None:
    """检查安装：每一项是否正常，不正常的如何处理。"""
    findings = list(examine(data))
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(findings), ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            typer.echo(
                f"{'✓' if finding.well else '✗'} {finding.what}：{finding.told}"
                + (f"\n    处理办法：{finding.remedy}" if not finding.well else "")
            )
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def examine(data: Path) -> Iterator[Finding]:
    """Everything that an installation needs, one finding each."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "请安装 Python 3.11 或更高版本。")
    wanted = load_settings(data=data)
    yield Finding("设置", True, "全部有效")
    free = shutil.disk_usage(data if data.exists() else Path()).free
    yield Finding("磁盘空间", free > LEAST_FREE, f"可用 {free / 1024**3:.1f} GB", "请清理磁盘，或用 --data 指定另一块磁盘上的目录。")
    for year in (today().year, today().year + 1):
        announced = national_calendar().announced(year) is not None
        yield Finding(
            f"{year} 年放假安排",
            announced or year > today().year,
            "已公布" if announced else "尚未公布，期限标注“暂定”",
            "请更新平台，或由机关录入放假安排。",
        )
    if not data.exists() and wanted.database_url is None:
        yield Finding("数据目录", False, f"{data} 不存在", "请先运行 make run（或 gongkai run）。")
        return
    try:
        with attached(data, wanted) as platform:
            yield from examine_servers(platform.settings)
    except (RuntimeError, psycopg.Error, OSError) as error:
        yield Finding("服务器", False, str(error) or type(error).__name__, "请查看数据目录中的 postgres.log 和 nats.log。")


def examine_servers(settings: Settings) -> Iterator[Finding]:
    """PostgreSQL, its databases and roles; NATS and its streams; the master key and its escrow."""
    for name in databases.LOGS:
        with psycopg.connect(settings.dsn(name, role=f"gongkai_{name}"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT count(*), coalesce(max(position), 0), has_table_privilege('events', 'UPDATE'), has_table_privilege('events', 'DELETE') FROM events"
            ).fetchone()
            assert row is not None
            yield Finding(f"日志 {name} 连续", row[0] == row[1], f"{row[0]} 条", "日志有缺失：请立即停止写入，从备份恢复。")
            yield Finding(f"角色 gongkai_{name}", not (row[2] or row[3]), "只能新增事件", "请运行 gongkai provision 恢复权限。")
            parked = connection.execute("SELECT count(*) FROM inbox_parked").fetchone()
            yield Finding(
                f"{name} 搁置的事件",
                not (parked and parked[0]),
                f"{parked[0] if parked else 0} 个",
                f"请运行 gongkai parked list {name} 查看。",
            )
            cases = connection.execute("SELECT view, count(DISTINCT case_id) FROM views.parked GROUP BY view ORDER BY view").fetchall()
            yield Finding(
                f"{name} 视图搁置的事项",
                not cases,
                "、".join(f"{view} {number} 件" for view, number in cases) or "0 件",
                f"这些事项在列表中停在旧状态：请升级改正程序，再运行 gongkai rebuild {name} 视图名。",
            )
    try:
        key = condition(settings)
        yield Finding("主密钥", True, f"与数据相符（{len(key.versions)} 个版本）")
        yield Finding("主密钥托管", key.warning is None, key.escrowed or "尚未确认", key.warning or "")
    except MasterKeyError as error:
        yield Finding("主密钥", False, str(error), "请用两份托管份额恢复：gongkai keys restore。")
    try:
        asyncio.run(_streams(settings))
        yield Finding("NATS 数据流", True, "与规定相符")
    except Drift as error:
        yield Finding("NATS 数据流", False, str(error), "请由运维人员核对后更正。")
    except (OSError, TimeoutError) as error:
        yield Finding("NATS", False, type(error).__name__, "请检查 NATS 是否运行、地址和口令是否正确。")

"""`gongkai parked list|show|release`: what could not be handled and waits, and how it goes on."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from psycopg.rows import dict_row

from shared.kernel.clocks import LEGAL_ZONE
from shared.messaging.parking import BEHIND
from shared.platform.databases import LOGS
from shared.platform.running import attached
from shared.settings import Settings, load_settings

app = typer.Typer(add_completion=False, help="搁置的事项：处理失败的事件与其后同一件事的事件，修复后按顺序放行。", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="平台数据目录")]
Service = Annotated[str, typer.Argument(help="收件的服务，如 review")]

LIST = """SELECT source, case_id, count(*) AS events, min(position) AS first, min(parked_at) AS since, max(attempts) AS attempts,
    (array_agg(error ORDER BY position))[1] AS error, bool_or(released_at IS NOT NULL) AS released
    FROM inbox_parked GROUP BY source, case_id ORDER BY since"""


def connect(settings: Settings, service: str) -> "psycopg.Connection[dict[str, object]]":
    """The service's own database; refuses a service that does not exist."""
    if service not in LOGS:
        raise typer.BadParameter(f"没有服务 {service}；可选：{'、'.join(LOGS)}。")
    return psycopg.connect(settings.dsn(service, role=f"gongkai_{service}"), row_factory=dict_row, autocommit=True)


@app.command("list")
def listed(service: Service, data: Data = Path("var")) -> None:
    """列出搁置的事项。"""
    with attached(data, load_settings(data=data)) as platform, connect(platform.settings, service) as connection:
        rows = connection.execute(LIST).fetchall()
    if not rows:
        typer.echo(f"{service} 没有搁置的事项。")
        return
    for row in rows:
        # Lines, not a table: an id is copied into the next command, and a narrow screen would cut it.
        typer.echo(f"{row['case_id']}（{'已放行，等待处理' if row['released'] else '等待放行'}）")
        typer.echo(
            f"    来自 {row['source']}，自第 {row['first']} 条起 {row['events']} 个事件，{plain(row['since'])} 搁置，"
            f"已试 {row['attempts']} 次，原因 {plain(row['error'])}"
        )


@app.command("show")
def show(service: Service, case: Annotated[UUID, typer.Argument(help="事项编号")], data: Data = Path("var")) -> None:
    """查看一件事搁置的每个事件（不含个人信息：加密的内容不解密）。"""
    with attached(data, load_settings(data=data)) as platform, connect(platform.settings, service) as connection:
        rows = connection.execute(
            "SELECT source, position, topic, error, attempts, parked_at, convert_from(state, 'UTF8') AS state FROM inbox_parked WHERE case_id = %s ORDER BY position",
            (case,),
        ).fetchall()
    if not rows:
        typer.echo("没有这件搁置的事项。")
        return
    typer.echo(json.dumps([{name: plain(value) for name, value in row.items()} for row in rows], ensure_ascii=False, indent=1))


@app.command("release")
def release(service: Service, case: Annotated[UUID, typer.Argument(help="事项编号")], data: Data = Path("var")) -> None:
    """放行一件事：按顺序重新处理，之后的事件随后处理。平台运行时几秒内完成。"""
    with attached(data, load_settings(data=data)) as platform, connect(platform.settings, service) as connection:
        count = connection.execute("UPDATE inbox_parked SET released_at = now() WHERE case_id = %s", (case,)).rowcount
    typer.echo(f"已放行 {count} 个事件。" if count else "没有这件搁置的事项。")


def plain(value: object) -> str:
    """A value as people read it; instants in Asia/Shanghai."""
    if isinstance(value, datetime):
        return value.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    return "排在搁置的事件之后" if value == BEHIND else str(value)

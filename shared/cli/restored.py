"""`gongkai restored`: after the databases were restored from a backup, the logs begin another life, and the streams are filled from them anew.

A backup is behind what was sent. Streams that know more than the logs stop the relays; readers that know more than a log stop, too. All databases
of one moment agree with one another, so it is enough to empty the streams, and to give every log a new incarnation, by which readers elsewhere
notice that what they had after that moment is gone.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import psycopg
import typer
from nats.js.errors import NotFoundError

from shared.messaging.agencies.accounts import STREAM as AGENCIES
from shared.messaging.connection import connect
from shared.messaging.provisioning import provision, stream_name
from shared.platform.databases import LOGS, OWNER
from shared.platform.running import attached, held
from shared.settings import Settings, load_settings


class NotOfOneMoment(RuntimeError):
    """A reader has handled more than its source's log holds; the text names both."""


def restored(data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var")) -> None:
    """从备份恢复数据库之后、启动平台之前运行：核对各库是否为同一时刻，各份日志换新的 incarnation，清空数据流由日志重新填充。"""
    with held(data), attached(data, load_settings(data=data)) as platform:
        settings = platform.settings
        ends = agreeing(settings)
        asyncio.run(empty_streams(settings))
        renew(settings)
    for log, end in ends.items():
        typer.echo(f"日志 {log}：恢复到第 {end} 条")
    typer.echo(
        "已清空数据流，各份日志换了新的 incarnation；启动平台后由日志重新填充。备份之后办理的、清除的都已不在：请重新办理、重新清除。"
    )


@contextmanager
def owner_of(settings: Settings, log: str) -> Iterator[psycopg.Connection[Any]]:
    """The database of a log, as the owner of its tables; one transaction."""
    with psycopg.connect(settings.dsn(log)) as connection:
        connection.execute(f"SET ROLE {OWNER}")
        yield connection


def agreeing(settings: Settings) -> dict[str, int]:
    """The last position of each log; raises `NotOfOneMoment` where a reader is ahead of its source."""
    ends: dict[str, int] = {}
    reached: list[tuple[str, str, int]] = []
    for log in LOGS:
        with owner_of(settings, log) as connection:
            row = connection.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
            ends[log] = int(row[0]) if row else 0
            reached += [
                (log, str(source), int(position))
                for source, position in connection.execute("SELECT source, max(position) FROM inbox GROUP BY source")
            ]
    for reader, source, position in reached:
        if position > ends.get(source, 0):
            raise NotOfOneMoment(
                f"各库不是同一时刻的：{reader} 已处理 {source} 的第 {position} 条，而 {source} 的日志只到第 {ends.get(source, 0)} 条。"
                "请把全部数据库恢复到同一个备份；没有改动任何内容。"
            )
    return ends


async def empty_streams(settings: Settings) -> None:
    """Removes the streams of all logs, and makes them again, empty."""
    client = await connect(settings, name="gongkai restored")
    try:
        streams = client.jetstream(timeout=10)
        # What agencies were told is told again from review's log, with the same ids.
        for name in (*map(stream_name, LOGS), AGENCIES):
            try:
                await streams.delete_stream(name)
            except NotFoundError:
                continue
        await provision(client, LOGS, settings)
    finally:
        await client.close()


def renew(settings: Settings) -> None:
    """Gives every log a new incarnation, and tells its readers. Ended anywhere, it can be run again."""
    lives: dict[str, tuple[UUID, UUID]] = {}
    for log in LOGS:
        with owner_of(settings, log) as connection:
            row = connection.execute("SELECT incarnation FROM log_identity").fetchone()
            assert row is not None
            lives[log] = (row[0], uuid4())
    for log in LOGS:
        with owner_of(settings, log) as connection:
            connection.execute("UPDATE log_identity SET incarnation = %s", (lives[log][1],))
            tell_readers(connection, lives)


def tell_readers(connection: psycopg.Connection[Any], lives: Mapping[str, tuple[UUID, UUID]]) -> None:
    """What this service has handled and parked counts as handled and parked of the new lives."""
    for source, (old, new) in lives.items():
        connection.execute("UPDATE inbox SET incarnation = %s WHERE source = %s", (new, source))
        connection.execute(
            "UPDATE inbox_parked SET headers = replace(headers::text, %s, %s)::jsonb WHERE source = %s", (str(old), str(new), source)
        )

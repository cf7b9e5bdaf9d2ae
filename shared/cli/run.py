"""`gongkai run`: everything on one machine at one port. `gongkai serve SERVICE`: one service alone, against servers that others run."""

import asyncio
import contextlib
import importlib
import time
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvloop

from shared import telemetry
from shared.cli.beside import WorkerBeside
from shared.kernel import program
from shared.platform import running
from shared.platform.watching import keep, watch
from shared.settings import Settings, load_settings
from shared.trust import setup

DEMO_PASSWORD_FILE = "demo-accounts.txt"  # noqa: S105
"""Where the demo's accounts are written, in the data directory, readable by its owner."""

DEMO_ESCROW = "演示环境，没有保管人；正式使用前须重新托管：gongkai keys escrow make"
"""What stands as the custodians of the demo's master key: it protects nobody who exists."""

log = structlog.get_logger("gongkai.run")


def run(
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
    port: Annotated[int | None, typer.Option(help="网页端口")] = None,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="首次运行时装入演示数据")] = True,
) -> None:
    """在本机运行整个平台：五个服务、内置 PostgreSQL 和 NATS，一个端口。按 Ctrl-C 停止。"""
    started = time.perf_counter()
    settings = load_settings(data=data)
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    telemetry.start_logging(settings.log_level)
    telemetry.start_tracing("all")
    with running.held(data):
        servers = running.Servers(settings)
        try:
            ready = servers.start()
            uvloop.run(_run(ready, servers, data, started, demo=demo))
        finally:
            running.withdraw(data)
            servers.stop()
    typer.echo("已停止。")


async def _run(settings: Settings, servers: running.Servers, data: Path, started: float, *, demo: bool) -> None:
    worker = WorkerBeside(settings, data)
    worker.start()
    watching = asyncio.gather(watch(servers), keep(worker, worker.start))
    try:
        await _serve(settings, worker.socket, data, started, demo=demo)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        worker.stop()


async def _serve(settings: Settings, socket: Path, data: Path, started: float, *, demo: bool) -> None:
    made = program.Program(settings, work=False, sibling=str(socket))
    base = settings.base_url
    told = settings.public_url or base
    loading: list[asyncio.Task[None]] = []

    def ready() -> None:
        running.announce(data, base)
        typer.echo(f"\n公开平台已就绪（{time.perf_counter() - started:.1f} 秒）：{told}")
        if demo and not made.access.directory.agencies():
            loading.append(asyncio.create_task(_load_demo(base, data, made)))
        else:
            tell_accounts(data)

    await program.serve(made, settings.host, settings.port, ready=ready)


async def _load_demo(base: str, data: Path, made: program.Program) -> None:
    load = importlib.import_module("demo.small").load

    typer.echo("首次运行，正在装入演示数据……")
    try:
        count = await load(made.access, base, data)
        await asyncio.to_thread(_confirm_demo_escrow, made.settings)
    except Exception as error:
        log.error("the demonstration was not loaded", error=type(error).__name__)
        typer.echo("演示数据没有装完；平台可以照常使用。重新装入：换一个数据目录再运行。", err=True)
        return
    typer.echo(f"演示数据已装入：{count} 件申请。")
    tell_accounts(data)


def _confirm_demo_escrow(settings: Settings) -> None:
    """Newcomers are not asked for custodians; what was confirmed by people stays."""
    if setup.condition(settings).escrowed is None:
        setup.confirm_escrow(settings, DEMO_ESCROW)


def tell_accounts(data: Path) -> None:
    """Prints where to go and with which demo account."""
    accounts = data / DEMO_PASSWORD_FILE
    if accounts.exists():
        typer.echo(accounts.read_text(encoding="utf-8"))


def serve(
    service: Annotated[str, typer.Argument(help="服务：requests、review、publishing、press、audit")],
    port: Annotated[int | None, typer.Option(help="网页端口")] = None,
) -> None:
    """单独运行一个服务，使用 GONGKAI_DATABASE_URL 和 GONGKAI_NATS_URL。"""
    if service not in program.SERVICES:
        raise typer.BadParameter(f"没有服务 {service}；可选：{'、'.join(program.SERVICES)}。")
    settings = load_settings()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    telemetry.start_logging(settings.log_level)
    telemetry.start_tracing(service)
    made = program.Program(settings, (service,))
    told = f"{service} 已就绪：{settings.base_url}"
    uvloop.run(program.serve(made, settings.host, settings.port, ready=lambda: typer.echo(told)))

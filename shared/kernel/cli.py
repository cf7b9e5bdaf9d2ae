"""`gongkai rebuild SERVICE VIEW`: builds a view again beside the one that serves, with progress."""

import importlib
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from shared.kernel.program import load_service
from shared.kernel.rebuild import AlreadyRebuilding, parked_cases
from shared.kernel.rebuild import rebuild as rebuild_view
from shared.kernel.views import views
from shared.platform.running import attached
from shared.settings import load_settings

app = typer.Typer(add_completion=False, help="重建视图：在旁边重新生成，完成后替换，期间页面照常可用；搁置的案件随之重新处理。")


@app.callback(invoke_without_command=True)
def rebuild(
    service: Annotated[str, typer.Argument(help="服务，如 requests")],
    view: Annotated[str, typer.Argument(help="视图，如 cases；写 all 表示全部")],
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
    processes: Annotated[int | None, typer.Option(min=1, max=16, help="用几个进程；不填则按事件多少和处理器数决定")] = None,
) -> None:
    """重建一个服务的视图。视图搁置了案件的，改正程序后重建即可恢复。"""
    settings = load_settings(data=data)
    if service == "access":
        importlib.import_module("shared.access.service")
    else:
        load_service(service)
    chosen = [made for (owner, name), made in views.items() if owner == service and view in (name, "all")]
    if not chosen:
        known = "、".join(name for owner, name in views if owner == service) or "（无）"
        raise typer.BadParameter(f"服务 {service} 没有视图 {view}；现有：{known}")
    with attached(data, settings) as platform:
        dsn = platform.settings.dsn(service, role=f"gongkai_{service}")
        for each in chosen:
            started = time.perf_counter()
            # Drawn when told, not by a thread: children start by forking, and a fork takes no threads along.
            with Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), auto_refresh=False
            ) as progress:
                task = progress.add_task(f"{service}.{each.name}", total=None)
                try:
                    read = rebuild_view(dsn, each, partial(told, progress, task), processes=processes)
                except AlreadyRebuilding as other:
                    typer.echo(str(other), err=True)
                    raise typer.Exit(1) from None
            seconds = time.perf_counter() - started
            typer.echo(f"{service}.{each.name} 已重建：{read} 个事件，{seconds:.1f} 秒（每秒 {read / max(seconds, 0.001):,.0f} 个）")
            if parked := parked_cases(dsn, each):
                typer.echo(f"仍有 {parked} 件因视图无法处理其事件而搁置，请查看日志中的 “a view parked a case”，改正程序后再重建。")


def told(progress: Progress, task: TaskID, done: int, total: int) -> None:
    """Moves the bar."""
    progress.update(task, completed=done, total=total, refresh=True)

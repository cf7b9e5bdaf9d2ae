"""`gongkai rebuild SERVICE VIEW`: builds a view again beside the one that serves, with progress."""

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from shared.kernel.program import load_service
from shared.kernel.rebuild import rebuild as rebuild_view
from shared.kernel.views import views
from shared.platform.running import attached
from shared.settings import load_settings

app = typer.Typer(help="重建视图：在旁边重新生成，完成后替换，期间页面照常可用。")


@app.callback(invoke_without_command=True)
def rebuild(
    service: Annotated[str, typer.Argument(help="服务，如 requests")],
    view: Annotated[str, typer.Argument(help="视图，如 cases；写 all 表示全部")],
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """重建一个服务的视图。"""
    settings = load_settings(data=data)
    load_service(service)
    chosen = [made for (owner, name), made in views.items() if owner == service and view in (name, "all")]
    if not chosen:
        known = "、".join(name for owner, name in views if owner == service) or "（无）"
        raise typer.BadParameter(f"服务 {service} 没有视图 {view}；现有：{known}")
    with attached(data, settings) as platform:
        for each in chosen:
            started = time.perf_counter()
            with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
                task = progress.add_task(f"{service}.{each.name}", total=None)
                dsn = platform.settings.dsn(service, role=f"gongkai_{service}")
                read = rebuild_view(dsn, each, partial(told, progress, task))
            seconds = time.perf_counter() - started
            typer.echo(f"{service}.{each.name} 已重建：{read} 个事件，{seconds:.1f} 秒（每秒 {read / max(seconds, 0.001):,.0f} 个）")


def told(progress: Progress, task: TaskID, done: int, total: int) -> None:
    """Moves the bar."""
    progress.update(task, completed=done, total=total)

"""`make rules`: each rule with the commands, events and tests that carry it, and how many are proved."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from shared.kernel.commands import commands
from shared.kernel.events import registry
from shared.kernel.program import SERVICES, load_service
from tools.rules.catalogue import Carried, UnknownRule, carried, marked_tests, read_catalogue

app = typer.Typer(help="规则目录：每条规则由哪些命令、事件和测试承载。")


def declared() -> Iterator[tuple[str, str, str]]:
    """(rule id, kind, name) of every command and event of the five services and access."""
    for service in SERVICES:
        load_service(service)
    for spec in commands.values():
        for rule in spec.rules:
            yield rule, "commands", spec.name
    for event in registry.values():
        for rule in event.rules:
            yield rule, "events", event.type


@app.callback(invoke_without_command=True)
def rules(
    service: Annotated[str | None, typer.Option(help="只看一个服务的规则，如 requests")] = None,
    unproved: Annotated[bool, typer.Option(help="只看尚未由测试证明的")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    tests: Annotated[Path, typer.Option(help="测试目录")] = Path("tests"),
) -> None:
    """列出每条规则及其命令、事件、测试，并统计已证明的条数。"""
    try:
        rows = carried(read_catalogue(), declared(), marked_tests(tests.resolve()))
    except UnknownRule as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    chosen = [row for row in rows if (service is None or service in row.rule.services or row.rule.services == ("all",))]
    must = [row for row in chosen if row.rule.kind == "behaviour"]
    shown = [row for row in chosen if not (unproved and (row.proved or row.rule.kind != "behaviour"))]
    if as_json:
        typer.echo(json.dumps([_row(row) for row in shown], ensure_ascii=False, indent=1))
        return
    for row in shown:
        mark = "✓" if row.proved else ("·" if row.rule.kind != "behaviour" else "✗")
        typer.echo(f"{mark} {row.rule.id:<10} {','.join(row.rule.services):<20} {row.rule.text}")
        for kind, names in (("命令", row.commands), ("事件", row.events), ("测试", row.tests)):
            if names:
                typer.echo(f"      {kind}  {'、'.join(sorted(set(names)))}")
    typer.echo(f"\n已由测试证明 {sum(row.proved for row in must)} / {len(must)} 条行为规则")


def _row(row: Carried) -> dict[str, object]:
    return {
        "id": row.rule.id,
        "kind": row.rule.kind,
        "services": row.rule.services,
        "text": row.rule.text,
        "commands": sorted(set(row.commands)),
        "events": sorted(set(row.events)),
        "tests": row.tests,
        "proved": row.proved,
    }

"""The command line `gongkai`. Each command lives beside what it works on, and is loaded when it is called, so that `gongkai --help` is quick."""

import importlib
import os
import sys
from typing import Any

import click
import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("shared.cli.run:run", "在本机运行整个平台（首次自动装入演示数据）"),
    "serve": ("shared.cli.run:serve", "单独运行一个服务"),
    "provision": ("shared.cli.ground:provision", "建立数据库、角色和数据流"),
    "doctor": ("shared.cli.ground:doctor", "检查安装并说明如何处理"),
    "settings": ("shared.cli.ground:settings", "列出全部设置"),
    "demo": ("demo.cli:app", "装入演示数据，或按已发布的年度报告演示一年"),
    "law": ("shared.law.cli:app", "计算期限和收费"),
    "trail": ("services.audit.cli:trail", "一件事的办理全过程"),
    "report": ("services.audit.cli:report", "年度报告"),
    "rebuild": ("shared.kernel.cli:rebuild", "重建视图"),
    "parked": ("shared.messaging.cli:app", "搁置的事项：查看、放行"),
    "keys": ("shared.trust.cli:keys", "主密钥：托管、恢复、轮换"),
    "erase": ("shared.trust.cli:erase", "清除个人信息（两人办理）"),
    "rules": ("tools.rules.cli:app", "规则目录及其证明"),
}


class Lazy(TyperGroup):
    """Knows its commands by name, and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        target, help_text = COMMANDS[cmd_name]
        module, _, name = target.partition(":")
        found: Any = getattr(importlib.import_module(module), name)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command(name=cmd_name)(found)
            found = single
        command = get_command(found)
        command.name = cmd_name
        command.help = command.help or help_text
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without loading anything."""
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


app = typer.Typer(cls=Lazy, add_completion=False, rich_markup_mode=None, help="公开（Gongkai）：行政机关履行公开职责的平台。")


@app.callback()
def _root() -> None:
    """公开（Gongkai）：行政机关履行公开职责的平台。"""


def main() -> None:
    """Runs a command; what goes wrong is told in one sentence, exit code 2 (GONGKAI_DEBUG=1 shows where)."""
    try:
        app()
    except Exception as error:
        if os.environ.get("GONGKAI_DEBUG"):
            raise
        sentence = getattr(error, "sentence", None) or str(error) or type(error).__name__
        sys.stderr.write(f"{sentence}\n")
        raise SystemExit(2) from None

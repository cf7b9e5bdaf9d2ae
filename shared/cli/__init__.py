"""The command line `gongkai`. Each command lives beside what it works on, and is loaded when it is called, so that `gongkai --help` is quick."""

import importlib
import os
import sys
from typing import Any

import typer

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("shared.cli.run:run", "在本机运行整个平台（首次自动装入演示数据）"),
    "serve": ("shared.cli.run:serve", "单独运行一个服务"),
    "provision": ("shared.cli.ground:provision", "建立数据库、角色和数据流"),
    "doctor": ("shared.cli.ground:doctor", "检查安装并说明如何处理"),
    "restored": ("shared.cli.restored:restored", "从备份恢复数据库之后，启动之前"),
    "settings": ("shared.cli.ground:settings", "列出全部设置"),
    "demo": ("demo.cli:app", "装入演示数据，或按已发布的年度报告演示一年"),
    "law": ("shared.law.cli:app", "计算期限和收费"),
    "requests": ("services.requests.cli:requests", "接续其他系统的在办案件"),
    "press": ("services.press.cli:press", "导入发现的舆情（CSV、RSS、Atom）"),
    "trail": ("services.audit.cli:trail", "一件事的办理全过程"),
    "verify": ("services.audit.evidence_cli:verify", "核对证据包，或核对全部日志"),
    "ledger": ("services.audit.evidence_cli:ledger", "总账：公钥、检查点、签名密钥"),
    "witness": ("shared.trust.witness:witness", "为另一机关的日志作见证"),
    "report": ("services.audit.cli:report", "年度报告"),
    "replay": ("services.audit.replay_cli:replay", "在另一规则或放假安排下重放一年的期限"),
    "rebuild": ("shared.kernel.cli:rebuild", "重建视图"),
    "parked": ("shared.messaging.cli:app", "搁置的事项：查看、放行"),
    "agency": ("shared.messaging.agencies.cli:app", "其他机关的 NATS 账号"),
    "access": ("shared.access.cli:app", "设立机关和三员"),
    "keys": ("shared.trust.cli:keys", "主密钥：托管、恢复、轮换"),
    "erase": ("shared.trust.cli:erase", "清除个人信息（两人办理）"),
    "rules": ("tools.rules.cli:app", "规则目录及其证明"),
}


def load(name: str) -> typer.Typer:
    """The command of a name as an application of its own."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found: Any = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return found
    single = typer.Typer(add_completion=False, help=COMMANDS[name][1])
    single.command()(found)
    return single


def help_text() -> str:
    """The table of commands; loads none of them."""
    width = max(map(len, COMMANDS)) + 2
    rows = "\n".join(f"  {name:<{width}}{text}" for name, (_, text) in COMMANDS.items())
    return f"公开（Gongkai）：行政机关履行公开职责的平台。\n\n用法：gongkai 命令 [选项]；gongkai 命令 --help 查看选项。\n\n命令：\n{rows}\n"


def main() -> None:
    """Runs a command; what goes wrong is told in one sentence, exit code 2 (GONGKAI_DEBUG=1 shows where)."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        sys.stdout.write(help_text())
        return
    name = arguments[0]
    if name not in COMMANDS:
        sys.stderr.write(f"没有命令 {name}。\n\n{help_text()}")
        raise SystemExit(2)
    try:
        load(name)(args=arguments[1:], prog_name=f"gongkai {name}")
    except Exception as error:
        if os.environ.get("GONGKAI_DEBUG"):
            raise
        sentence = getattr(error, "sentence", None) or str(error) or type(error).__name__
        sys.stderr.write(f"{sentence}\n")
        raise SystemExit(2) from None

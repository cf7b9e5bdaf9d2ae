"""`gongkai verify` and `gongkai ledger`: what anyone can check of the logs, and the keys to check it with."""

import importlib.resources
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
import psycopg
import typer

from services.audit.evidence import Trouble, compared, heads_hold
from services.audit.heads import WITNESS_SECONDS, key_of, newest, origin, policy_of, policy_text
from services.audit.held_heads import held_agree, witnesses_agree
from shared.platform.databases import LOGS
from shared.platform.running import attached
from shared.settings import load_settings
from shared.trust.log_key import LogKey
from shared.trust.verify_bundle import Policy, Unproved, checked, told

Data = Annotated[Path, typer.Option(help="平台数据目录")]


def verify(
    bundle: Annotated[Path | None, typer.Argument(help="证据包（gongkai trail ID --out 的文件）", exists=True, dir_okay=False)] = None,
    keys: Annotated[Path | None, typer.Option(help="公钥文件（gongkai ledger keys 的输出）", exists=True, dir_okay=False)] = None,
    stores: Annotated[bool, typer.Option("--stores", help="核对本平台：各服务的日志、总账、已签的检查点")] = False,
    held: Annotated[
        list[Path] | None, typer.Option(help="与 --stores 同用：他人持有的检查点、回执或证据包，可多次给出", exists=True, dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    data: Data = Path("var"),
) -> None:
    """核对证据包（离线，只需公钥），或核对本平台的全部日志。有不符的，退出码为 1。"""
    if stores == (bundle is not None):
        raise typer.BadParameter("请给出一个证据包，或用 --stores 核对本平台")
    if bundle is not None:
        if keys is None:
            raise typer.BadParameter("核对证据包需要公钥文件", param_hint="--keys")
        try:
            finding = checked(bundle.read_bytes(), Policy.parse(keys.read_text(encoding="utf-8")))
        except Unproved as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None
        if as_json:
            typer.echo(json.dumps({"case": finding.case, "events": len(finding.events), "problems": finding.problems}, ensure_ascii=False))
        else:
            typer.echo(told(finding), nl=False)
        raise typer.Exit(1 if finding.problems else 0)
    troubles = verify_stores(data, quiet=as_json, held=[path.read_text(encoding="utf-8") for path in held or ()])
    if as_json:
        typer.echo(json.dumps([trouble._asdict() for trouble in troubles], ensure_ascii=False))
    raise typer.Exit(1 if troubles else 0)


def verify_stores(data: Path, *, quiet: bool = False, held: Sequence[str] = ()) -> list[Trouble]:
    """Compares every service's log with the ledger, the ledger with the signed heads, and these with what witnesses and others hold.

    Tells each difference.
    """
    settings = load_settings(data=data)
    troubles: list[Trouble] = []

    def say(line: str) -> None:
        if not quiet:
            typer.echo(line)

    with attached(data, settings) as here, psycopg.connect(here.settings.dsn("audit", role="gongkai_audit")) as ledger:
        for source in LOGS:
            with psycopg.connect(here.settings.dsn(source, role=f"gongkai_{source}")) as log:
                agreeing, found = compared(ledger, log, source)
            troubles += found
            say(f"{'✗' if found else '✓'} 日志 {source}：{agreeing} 个事件与总账逐字节一致")
            for trouble in found:
                say(f"    第 {trouble.position} 个：{trouble.told}")
        signed = 0
        for own in heads_hold(ledger, policy_of(ledger, here.settings), LOGS):
            if isinstance(own, Trouble):
                troubles.append(own)
                say(f"✗ 检查点 {own.source}{f' 第 {own.position} 个' if own.position else ''}：{own.told}")
            else:
                signed += 1
                say(f"✓ 检查点 {own.origin}：{own.size} 个事件，根由总账重新算出")
        for other in held_agree(ledger, policy_of(ledger, here.settings), held):
            if isinstance(other, Trouble):
                troubles.append(other)
            say(
                f"✗ {other.source}：{other.told}"
                if isinstance(other, Trouble)
                else f"✓ 他人持有的检查点 {other.origin}：{other.size} 个事件"
            )
        with httpx.Client(timeout=WITNESS_SECONDS) as client:
            for seen in witnesses_agree(client, ledger, here.settings, LOGS):
                if isinstance(seen, Trouble):
                    troubles.append(seen)
                say(f"✗ {seen.source}：{seen.told}" if isinstance(seen, Trouble) else f"？ {seen}")
        if not signed and not troubles:
            say("还没有已签的检查点（平台运行约十秒后产生）。")
    say("✗ 有不符之处" if troubles else "✓ 全部一致")
    return troubles


ledger = typer.Typer(add_completion=False, help="总账：公钥、检查点、签名密钥。", no_args_is_help=True)


@ledger.command("keys")
def keys_(data: Data = Path("var")) -> None:
    """核对证据包所需的公钥（日志、见证者、须有几个见证）。请经可信的途径公布。"""
    settings = load_settings(data=data)
    with attached(data, settings) as here, psycopg.connect(here.settings.dsn("audit", role="gongkai_audit")) as connection:
        typer.echo(policy_text(settings, key_of(connection, settings)), nl=False)


@ledger.command("status")
def status(data: Data = Path("var")) -> None:
    """各日志最近的检查点：多少事件、何时签署、几个见证、是否公布。"""
    settings = load_settings(data=data)
    with attached(data, settings) as here, psycopg.connect(here.settings.dsn("audit", role="gongkai_audit")) as connection:
        for source in LOGS:
            head = newest(connection, source)
            if head is None:
                typer.echo(f"{origin(settings, source)}：还没有检查点")
                continue
            published = "已公布" if head.published_at else f"等待见证（{head.cosigned}/{settings.witness_quorum}）"
            typer.echo(
                f"{origin(settings, source)}：{head.size} 个事件，{head.signed_at:%Y-%m-%d %H:%M:%S} UTC，{head.cosigned} 个见证，{published}"
            )


@ledger.command("new-key")
def new_key(
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    data: Data = Path("var"),
) -> None:
    """更换签名密钥：新旧密钥此后同时签名，信任旧公钥的人由此认得新的。平台重新启动后生效。"""
    settings = load_settings(data=data)
    path = settings.ledger_key_path
    if not yes:
        typer.confirm(f"在 {path} 中增加一把签名密钥？", abort=True)
    if path.exists():
        LogKey.load(path).rotated(path)
    else:
        LogKey.create(path)
    typer.echo("已更换。请重新启动平台，并用 gongkai ledger keys 公布新的公钥。")


@ledger.command("verifier")
def verifier(out: Annotated[Path, typer.Argument(help="写到哪个文件")] = Path("verify_bundle.py")) -> None:
    """写出核对程序：一个文件，只需 Python 自带的库，可交给法院。"""
    out.write_bytes((importlib.resources.files("shared.trust") / "verify_bundle.py").read_bytes())
    typer.echo(f"已写入 {out}。用法：python {out.name} 证据包 --keys 公钥文件")

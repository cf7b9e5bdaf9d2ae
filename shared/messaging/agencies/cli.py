"""`gongkai agency`: accounts of outside agencies on NATS. What is recorded comes first, the server's configuration follows from it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from nats.js.errors import NotFoundError

from shared.access.agency.commands import AddFeedKey, RemoveFeedKey, agency_id
from shared.access.feed_accounts import FeedAccount
from shared.access.service import open_access, open_directory
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.commands import Command
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.messaging.agencies import nkey
from shared.messaging.agencies.accounts import SERVER, STREAM, accounts, exports
from shared.messaging.connection import connect
from shared.platform.nats import EmbeddedNats, NatsUnavailable
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError, write_secret

app = typer.Typer(add_completion=False, help="其他机关的 NATS 账号：开通、更换密钥、停用。", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="平台数据目录")]
Code = Annotated[str, typer.Argument(help="机关代码（已用 gongkai access found 设立）")]

PENDING = "，但 NATS 服务器重新加载配置以前，原有的密钥和连接仍然有效"
"""What is to be known where the server is another one."""

OPERATOR = Actor("system:operator", ("system",))
"""Who acts at the server's command line."""


@app.command()
def add(
    code: Code,
    key: Annotated[str | None, typer.Option(help="机关自己生成的公钥（U…）；不填则在此生成一把密钥")] = None,
    out: Annotated[Path | None, typer.Option(help="生成的密钥写到哪个文件（默认 机关代码.nk）")] = None,
    data: Data = Path("var"),
) -> None:
    """为一个机关开通账号，或者登记它的第二把密钥（更换时）。"""
    with told():
        public = _new_key(code, key, out)
        _recorded_or_removed(data, code, public, None if key else out or Path(f"{code}.nk"))
        typer.echo(f"已为 {code} 登记公钥 {public}")


@app.command()
def rotate(
    code: Code,
    finish: Annotated[bool, typer.Option("--finish", help="停用旧的一把，只留新的")] = False,
    key: Annotated[str | None, typer.Option(help="机关自己生成的新公钥（U…）")] = None,
    out: Annotated[Path | None, typer.Option(help="新密钥写到哪个文件（默认 机关代码.nk）")] = None,
    data: Data = Path("var"),
) -> None:
    """更换密钥：先登记新的，新旧并用；机关换用后以 --finish 停用旧的。"""
    with told():
        if not finish:
            public = _new_key(code, key, out)
            _recorded_or_removed(data, code, public, None if key else out or Path(f"{code}.nk"))
            typer.echo(f"新公钥 {public} 已登记，新旧并用。机关换用后请运行 gongkai agency rotate {code} --finish。")
            return
        with attached(data, load_settings(data=data)) as here:
            account = _account(here.settings, code)
        if len(account.public) < 2:
            typer.echo(f"{code} 只有一把密钥，没有旧的可停用。", err=True)
            raise typer.Exit(2)
        applied = _changed(data, code, [RemoveFeedKey(key=old, reason="更换密钥") for old in account.public[:-1]])
        typer.echo(f"{'已停用' if applied else '已登记停用'}旧密钥，{code} 只能使用 {account.public[-1]}{'' if applied else PENDING}。")


@app.command()
def remove(code: Code, reason: Annotated[str, typer.Option(help="理由")] = "停用账号", data: Data = Path("var")) -> None:
    """停用一个机关的账号：现有连接立即断开。"""
    with told():
        with attached(data, load_settings(data=data)) as here:
            account = _account(here.settings, code)
        applied = _changed(data, code, [RemoveFeedKey(key=key, reason=reason) for key in account.public])
        typer.echo(f"已停用 {code} 的账号，它的连接已断开。" if applied else f"已登记停用 {code} 的账号{PENDING}。")


@app.command("list")
def list_(data: Data = Path("var")) -> None:
    """已开通的机关和它们的公钥。"""
    with told(), attached(data, load_settings(data=data)) as here:
        found = open_directory(here.settings).feed_history()
        waiting = asyncio.run(_waiting(here.settings)) if any(account.public for account in found) else {}
        for account in found:
            typer.echo(f"{account.code}  {waiting.get(account.code, '还没有收取通道（开通后数秒内建立）') if account.public else '已停用'}")
            for key in account.history:
                until = f"至 {beijing(key.until)}（{key.reason}）" if key.until else "有效"
                typer.echo(f"  {key.public}  自 {beijing(key.since)}  {until}")
        if not found:
            typer.echo("还没有开通账号的机关；用 gongkai agency add 机关代码 开通。")


@app.command()
def configuration(
    out: Annotated[Path, typer.Option(help="写到哪个目录")] = Path(),
    data: Data = Path("var"),
) -> None:
    """写出另设的 NATS 服务器的配置：nats-server.conf（只准 TLS 连接）和它引用的账号，即 nats-exports.conf、nats-agencies.conf。"""
    with told(), attached(data, load_settings(data=data)) as here:
        keys = open_directory(here.settings).feed_accounts()
    out.mkdir(parents=True, exist_ok=True)
    for name, text in (("nats-exports.conf", exports(keys)), ("nats-agencies.conf", accounts(keys)), ("nats-server.conf", SERVER)):
        (out / name).write_text(text, encoding="utf-8")
    typer.echo(
        f"已写入 {out}。请核对（nats-server -t -c nats-server.conf）后重新加载两次（nats-server --signal reload）：新账号在第二次后可用。"
    )


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong is told in one sentence, exit code 2."""
    try:
        yield
    except Problem as problem:
        sentence = problem.sentence
    except FileExistsError as error:
        sentence = f"文件 {error.filename} 已存在，请用 --out 指定另一个。"
    except (SettingsError, MasterKeyError, NatsUnavailable, nkey.WrongKey) as error:
        sentence = str(error)
    else:
        return
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


async def _waiting(settings: Settings) -> dict[str, str]:
    """What waits for each agency, and when it last took something, as its durable consumer has it."""
    client = await connect(settings, name="gongkai agency list")
    told = {}
    try:
        for consumer in await client.jetstream(timeout=5).consumers_info(STREAM):
            waits = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
            taken = consumer.ack_floor.last_active if consumer.ack_floor else None
            told[str(consumer.name)] = f"待收 {waits} 条，{f'最近收取 {beijing(taken)}' if taken else '还没有收取过'}"
    except NotFoundError:
        pass
    finally:
        await client.close()
    return told


def beijing(moment: datetime) -> str:
    """An instant as people here read it."""
    return moment.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _account(settings: Settings, code: str) -> FeedAccount:
    found = {account.code: account for account in open_directory(settings).feed_history() if account.public}.get(code)
    if found is None:
        typer.echo(f"{code} 没有开通账号；gongkai agency list 列出已开通的。", err=True)
        raise typer.Exit(2)
    return found


def _new_key(code: str, key: str | None, out: Path | None) -> str:
    """The public key to record: the one that was given, or that of a new seed, which is written to a file for the agency."""
    if key is not None:
        return nkey.check_public(key)
    file = out or Path(f"{code}.nk")
    seed = nkey.new_seed()
    write_secret(file, seed + "\n")
    typer.echo(f"密钥已写入 {file}（只有这一份，请经可靠的途径交给该机关，然后删除）。")
    return nkey.public_of(seed)


def _recorded_or_removed(data: Path, code: str, public: str, file: Path | None) -> None:
    """Records a new key; where that is refused, the file of a seed that was made for it goes again."""
    try:
        _changed(data, code, [AddFeedKey(key=public)])
    except Problem:
        if file is not None:
            file.unlink(missing_ok=True)
        raise


def _changed(data: Path, code: str, wanted: Sequence[Command]) -> bool:
    """Records what is wanted, then has the server know it; whether it does already."""
    with attached(data, load_settings(data=data)) as here:
        asyncio.run(_recorded(here.settings, code, wanted))
        return apply(here.settings, data)


async def _recorded(settings: Settings, code: str, wanted: Sequence[Command]) -> None:
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    try:
        facts = access.directory.agency(code)
        for command in wanted:
            await access.running.execute(command, agency_id(code), OPERATOR, facts)
    finally:
        await asyncio.to_thread(access.stop)
        keys.close()


def apply(settings: Settings, data: Path) -> bool:
    """Has the embedded server know the accounts as they are recorded; with another server, tells what to do. Whether the server knows them now."""
    keys = open_directory(settings).feed_accounts()
    if load_settings(data=data).nats_url is None:
        EmbeddedNats(data).admit(exports(keys), accounts(keys))
        return True
    typer.echo("NATS 是另设的：请用 gongkai agency configuration 写出配置，交由运维人员重新加载。")
    return False

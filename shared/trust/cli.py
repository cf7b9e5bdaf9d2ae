"""`gongkai keys …`: the master key and its escrow. `gongkai erase …`: erasing personal data, by two persons who sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from shared.platform.running import attached, base_url
from shared.settings import Settings, SettingsError, load_settings
from shared.trust import setup
from shared.trust.erasure.decisions import BASES, TITLES, Basis, Stage
from shared.trust.erasure.desk import Desk, Told
from shared.trust.master import MasterKeyError

keys = typer.Typer(add_completion=False, help="主密钥：查看、托管、轮换、恢复。", no_args_is_help=True)
escrow = typer.Typer(help="托管：主密钥分成两份额，交两名保管人；任何一份单独都无用。", no_args_is_help=True)
keys.add_typer(escrow, name="escrow")
erase = typer.Typer(
    add_completion=False,
    help="清除个人信息：一人申请，各服务核对，另一人批准；清除后任何人都无法恢复。平台须正在运行。",
    no_args_is_help=True,
)

WAIT_SECONDS = 15.0
"""How long a command waits for the services' answers."""

Data = Annotated[Path, typer.Option(help="平台数据目录")]
First = Annotated[Path | None, typer.Argument(help="份额 1 的文件；不填则为数据目录中的")]
Case = Annotated[UUID, typer.Argument(help="案件编号")]
Agency = Annotated[str, typer.Option(help="机关代码", envvar="GONGKAI_AGENCY")]
Login = Annotated[str, typer.Option(help="登录名", envvar="GONGKAI_LOGIN")]
Password = Annotated[str, typer.Option(help="口令；不填则询问", envvar="GONGKAI_PASSWORD", prompt="口令", hide_input=True)]
Second = Annotated[Path | None, typer.Argument(help="份额 2 的文件")]


@contextmanager
def platform(data: Path) -> Iterator[Settings]:
    """The settings of a platform that can be worked on; what goes wrong is one sentence on standard error and exit code 2."""
    try:
        with attached(data, load_settings(data=data)) as found:
            yield found.settings
    except (MasterKeyError, SettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@keys.command()
def status(data: Data = Path("var")) -> None:
    """主密钥的版本、指纹、托管情况和个人密钥的数目。"""
    with platform(data) as settings:
        found = setup.condition(settings)
    for version, fingerprint in found.versions.items():
        typer.echo(f"主密钥第 {version} 版  指纹 {fingerprint}{'  （现用）' if version == max(found.versions) else ''}")
    typer.echo(f"个人密钥 {found.live} 把，已销毁 {found.destroyed} 把")
    typer.echo(found.warning or f"已托管：{found.escrowed}")
    if found.escrowed is not None and found.shares_here:
        typer.echo("托管份额仍留在本机，请交保管人后删除。")


@keys.command()
def rotate(data: Data = Path("var")) -> None:
    """换一把主密钥，并用它重新包裹全部个人密钥；事件不变，运行中的程序不必停。中断后再运行一次即可。"""
    with platform(data) as settings:
        count = setup.rotate(settings)
        typer.echo(f"已轮换主密钥，重新包裹 {count} 把个人密钥。")
        typer.echo(f"新的托管份额在 {setup.escrow_directory(settings)}，请交保管人，并用 gongkai keys escrow confirm 确认。")


@keys.command()
def retire(data: Data = Path("var")) -> None:
    """从主密钥文件中删去旧版本：此后旧的密钥备份打不开任何内容。请先确认不再需要轮换以前的备份。"""
    with platform(data) as settings:
        removed = setup.retire(settings)
        if removed:
            typer.echo(f"已删去主密钥第 {'、'.join(map(str, removed))} 版。")
            typer.echo(f"请保管人销毁旧份额，换成 {setup.escrow_directory(settings)} 中的新份额。")
        else:
            typer.echo("主密钥只有现用版本，没有可删去的。")


@keys.command()
def restore(
    first: Annotated[Path, typer.Argument(help="份额 1 的文件")],
    second: Annotated[Path, typer.Argument(help="份额 2 的文件")],
    data: Data = Path("var"),
) -> None:
    """用两份额恢复主密钥文件；与数据不符的份额不予采用。"""
    try:
        path = load_settings(data=data).master_key_path
        with setup.restored(path, first, second) as master, platform(data):
            typer.echo(f"已恢复主密钥（指纹 {master.fingerprint()}）：{path}")
    except (MasterKeyError, SettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@escrow.command()
def make(data: Data = Path("var")) -> None:
    """重新生成两份额；以前的份额不再算数。"""
    with platform(data) as settings:
        typer.echo(f"两份额已写入 {setup.make_escrow(settings)}，请分别打印，交两名保管人。")


@escrow.command()
def verify(first: First = None, second: Second = None, data: Data = Path("var")) -> None:
    """验证两份额能恢复现用的主密钥。"""
    with platform(data) as settings:
        here = setup.escrow_directory(settings)
        master = setup.verify_escrow(settings, first or here / "share-1.txt", second or here / "share-2.txt")
        typer.echo(f"两份额能恢复现用的主密钥（指纹 {master.fingerprint()}）。")


@escrow.command()
def confirm(
    note: Annotated[str, typer.Option(help="由谁保管、存放何处；演示环境写明理由", prompt="由谁保管、存放何处")],
    data: Data = Path("var"),
) -> None:
    """确认两份额已交保管人；本机的份额随即删除。"""
    with platform(data) as settings:
        setup.confirm_escrow(settings, note)
        typer.echo("已确认托管，本机的份额已删除。")


@contextmanager
def desk(data: Path, agency: str, login: str, password: str) -> Iterator[Desk]:
    """A person signed in to the running platform; what goes wrong is one sentence on standard error and exit code 2."""
    try:
        address = base_url(data)
        if address is None:
            raise Told(f"{data} 的平台没有运行；清除个人信息须由各服务核对，请先启动平台（make run 或 gongkai run）。")
        with Desk(address, agency, login, password) as signed_in:
            yield signed_in
    except Told as told:
        typer.echo(str(told), err=True)
        raise typer.Exit(2) from None


@erase.command("request")
def request_erasure(
    case: Case,
    agency: Agency,
    login: Login,
    password: Password,
    basis: Annotated[Basis, typer.Option(help="依据：" + "；".join(f"{name.value} {title}" for name, title in BASES.items()))],
    document: Annotated[str | None, typer.Option(help="依据文书的文号")] = None,
    data: Data = Path("var"),
) -> None:
    """申请清除一个案件的个人信息。案件尚未办结、已封存，或者有服务没有答复的，不予清除。"""
    with desk(data, agency, login, password) as person:
        person.request(case, basis, document)
        _tell(person, case)


@erase.command("approve")
def approve_erasure(case: Case, agency: Agency, login: Login, password: Password, data: Data = Path("var")) -> None:
    """批准清除；须由申请人以外的人批准，随即销毁密钥。"""
    with desk(data, agency, login, password) as person:
        person.approve(case)
        _tell(person, case)


@erase.command("decline")
def decline_erasure(
    case: Case,
    agency: Agency,
    login: Login,
    password: Password,
    why: Annotated[str, typer.Option(help="理由（不得写入个人信息）")],
    data: Data = Path("var"),
) -> None:
    """不批准清除。"""
    with desk(data, agency, login, password) as person:
        person.decline(case, why)
        typer.echo("已不批准清除。")


@erase.command("list")
def list_erasures(agency: Agency, login: Login, password: Password, data: Data = Path("var")) -> None:
    """本机关清除个人信息的申请。"""
    with desk(data, agency, login, password) as person:
        for one in person.all():
            why = f"：{one['why_not']}" if one["why_not"] else ""
            typer.echo(f"{one['requested_on']}  {one['concerns']}  {one['stage_title']}{why}")


def _tell(person: Desk, case: UUID) -> None:
    found = person.outcome(case, WAIT_SECONDS)
    if found["stage"] == Stage.REFUSED:
        raise Told(f"不予清除：{found['why_not']}")
    typer.echo(TITLES[Stage(found["stage"])])

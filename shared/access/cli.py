"""`gongkai access …`: what has to be done at the server, before anybody can sign in."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from shared.access.agency.commands import FoundAgency
from shared.access.founding import ADMINISTRATORS, Administrator, Founded
from shared.access.founding import found as found_agency
from shared.access.service import open_access, open_directory
from shared.kernel.errors import Invalid, Problem
from shared.kernel.routes import invalid
from shared.law.roles import ROLES
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError

app = typer.Typer(add_completion=False, help="机关和三员：设立、列出。", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="平台数据目录")]


@app.callback()
def _access() -> None:
    """机关和三员。"""


@app.command()
def found(
    code: Annotated[str, typer.Option(help="机关代码：小写字母、数字和短横线")],
    name: Annotated[str, typer.Option(help="机关名称")],
    system_administrator: Annotated[str, typer.Option(help="系统管理员姓名")],
    security_administrator: Annotated[str, typer.Option(help="安全保密管理员姓名")],
    audit_administrator: Annotated[str, typer.Option(help="安全审计员姓名")],
    rulebook: Annotated[str, typer.Option(help="规则集")] = "decree-711",
    superior: Annotated[str | None, typer.Option(help="上级机关代码")] = None,
    simulated: Annotated[bool, typer.Option("--simulated", help="模拟机关（演示、培训）")] = False,
    data: Data = Path("var"),
) -> None:
    """设立一个机关和它的三员，口令随机生成，只显示这一次，首次登录须更改。"""
    three = [
        Administrator(role=role, name=person, login=role.replace("_administrator", "-admin"))
        for role, person in zip(ADMINISTRATORS, (system_administrator, security_administrator, audit_administrator), strict=True)
    ]
    try:
        wanted = _wanted(code=code, name=name, rulebook=rulebook, superior=superior, simulated=simulated)
        with attached(data, load_settings(data=data)) as platform:
            told = asyncio.run(_found(platform.settings, wanted, three))
    except (Problem, SettingsError, MasterKeyError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"已设立机关 {name}（{code}）。三员的账号如下，口令只显示这一次，请分别交给本人；首次登录须更改。")
    for one in told:
        typer.echo(f"  {ROLES[one.role].title}  登录名 {one.login}  口令 {one.password}")


@app.command("list")
def list_agencies(data: Data = Path("var")) -> None:
    """列出已设立的机关。"""
    try:
        with attached(data, load_settings(data=data)) as platform:
            directory = open_directory(platform.settings)
    except (SettingsError, MasterKeyError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    agencies = directory.agencies()
    for agency in agencies:
        kind = "（模拟）" if agency.simulated else ""
        typer.echo(f"{agency.code}  {agency.name}{kind}  规则集 {agency.rulebook}  人员 {len(directory.people(agency.code))}")
    if not agencies:
        typer.echo("还没有机关；请用 gongkai access found 设立。")


def _wanted(**fields: object) -> FoundAgency:
    try:
        return FoundAgency.model_validate(fields)
    except ValidationError as error:
        problem: Invalid = invalid(error)
        raise problem from None


async def _found(settings: Settings, wanted: FoundAgency, three: list[Administrator]) -> list[Founded]:
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    try:
        return await found_agency(access, wanted, three)
    finally:
        await asyncio.to_thread(access.stop)
        keys.close()

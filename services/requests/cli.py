"""`gongkai requests import`: a running year of another system, taken over from a CSV; all of a file or nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from services.requests.attachments import Admitted, Attachments, attachments_in
from services.requests.disclosure_request.commands.takeover import TakeOver, taken_over_id
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.letters import letters_in
from services.requests.service import service
from services.requests.takeover import FILES, BadLine, files_in, heading, read_file, shown
from shared.access.service import Access, open_access
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.running import Running
from shared.letters.docx_template import check
from shared.letters.editable import sample_template
from shared.letters.rendering import check_template
from shared.letters.template import Template, built_in
from shared.platform.running import attached
from shared.settings import Settings, SettingsError, load_settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey, MasterKeyError

requests = typer.Typer(add_completion=False, help="依申请公开：接续其他系统的案件，文书模板。", no_args_is_help=True)
template = typer.Typer(add_completion=False, help="文书模板：导出、试排、采用（写法见 docs/letters.md）。", no_args_is_help=True)
requests.add_typer(template, name="template")

OPERATOR = Actor("system:operator", ("system",))
"""Who acts at the server's command line."""

AT_ONCE = 200


@requests.callback()
def _requests() -> None:
    """依申请公开。"""


@requests.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV 文件，说明和样例见 docs/import.md", exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option(help="机关代码")],
    system: Annotated[str, typer.Option(help="原系统的名称")] = "原系统",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不保存")] = False,
    files: Annotated[Path | None, typer.Option(help="附件所在的目录；不填则为 CSV 文件所在的目录", exists=True, file_okay=False)] = None,
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """接续在办的案件：沿用原编号和期限。有一行不对，整个文件都不保存；重复导入不会重复建案。"""
    try:
        with attached(data, load_settings(data=data)) as here:
            status = asyncio.run(_imported(here.settings, file.read_bytes(), agency, system, files or file.parent, dry_run))
    except (Problem, SettingsError, MasterKeyError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@requests.command("columns")
def columns() -> None:
    """导入文件的表头。"""
    typer.echo(heading())


@template.command("export")
def export(folder: Annotated[Path, typer.Argument(help="写到这个目录")]) -> None:
    """写出平台自带的模板，作为修改的起点：letter.typ（PDF）和 letter.docx（可编辑副本）。"""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("letter.typ", built_in().source.encode()), ("letter.docx", sample_template())):
        if (folder / name).exists():
            typer.echo(f"{folder / name} 已经存在，没有改动。", err=True)
            raise typer.Exit(2)
        (folder / name).write_bytes(content)
        typer.echo(f"已写出 {folder / name}")


@template.command("check")
def check_(file: Annotated[Path, typer.Argument(help=".typ 或 .docx 文件", exists=True, dir_okay=False)]) -> None:
    """用样本试排一个模板，不采用。"""
    try:
        if file.suffix == ".docx":
            asyncio.run(check(file.read_bytes()))
        else:
            asyncio.run(check_template(Template(file.read_text("utf-8"))))
    except UnicodeDecodeError:
        typer.echo("模板应为 UTF-8 编码的 .typ 文件，或者 .docx 文件。", err=True)
        raise typer.Exit(1) from None
    except Problem as problem:
        typer.echo(problem.sentence, err=True)
        raise typer.Exit(1) from None
    typer.echo("试排成功，可以采用。")


@template.command("use")
def use(
    file: Annotated[Path, typer.Argument(help=".typ 或 .docx 文件", exists=True, dir_okay=False)],
    agency: Annotated[str, typer.Option(help="机关代码")],
    data: Annotated[Path, typer.Option(help="平台数据目录")] = Path("var"),
) -> None:
    """试排成功后采用；此前制发的文书保留原来的版式。"""

    async def used(running: Running, access: Access) -> None:
        letters, facts = letters_in(running), access.directory.agency(agency)
        if file.suffix == ".docx":
            await letters.adopt_docx(facts, OPERATOR, file.read_bytes())
        else:
            await letters.adopt(facts, OPERATOR, file.read_text("utf-8"))

    async def opened(settings: Settings) -> None:
        async with _platform(settings) as (running, access):
            await used(running, access)

    try:
        with attached(data, load_settings(data=data)) as here:
            asyncio.run(opened(here.settings))
    except (Problem, SettingsError, MasterKeyError, UnicodeDecodeError) as error:
        typer.echo(error.sentence if isinstance(error, Problem) else str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo("已采用。")


@contextlib.asynccontextmanager
async def _platform(settings: Settings) -> AsyncIterator[tuple[Running, Access]]:
    """Requests, beside the platform as it runs."""
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.start()
    running = Running(service, settings, access.directory, keys)
    running.pipeline.start()
    try:
        yield running, access
    finally:
        await asyncio.to_thread(running.pipeline.stop)
        running.log.close()
        await asyncio.to_thread(access.stop)
        keys.close()


async def _imported(settings: Settings, content: bytes, code: str, system: str, folder: Path, dry_run: bool) -> int:
    async with _platform(settings) as (running, access):
        facts = access.directory.agency(code)
        calendar = access.directory.laws(facts).calendar
        units = [unit.code for unit in access.directory.units(code)]
        made, wrong = read_file(content, facts, calendar, access.directory.today(facts), units, system)
        attachments, found = attachments_in(running), dict[str, list[Path]]()
        if not wrong:
            found, wrong = files_in(content, folder, settings.file_limit_bytes)
            wrong += [] if wrong else await _looked_into(attachments, found)
        for line in shown(wrong):
            typer.echo(line)
        if wrong:
            typer.echo(f"{len(wrong)} 处不对，没有保存任何内容。请更正后重新导入。")
            return 1
        if dry_run:
            typer.echo(f"核对无误：{len(made)} 件可以接续（没有保存）。")
            return 0
        new = await _taken_over(running, access, facts, made)
        typer.echo(f"已接续 {new} 件，此前已接续 {len(made) - new} 件。新的编号接在原编号之后。")
        if found:
            typer.echo(f"新收附件 {await _attached(attachments, facts, found)} 份。")
        return 0


async def _taken_over(running: Running, access: Access, facts: AgencyFacts, made: Sequence[TakeOver]) -> int:
    """Takes them over, in the order of the file; how many are new. A file that was cut off goes on where it was when it is imported again."""
    new = 0
    today = access.directory.today(facts)
    for start in track(range(0, len(made), AT_ONCE), description="接续", transient=True):
        done = await asyncio.gather(
            *(
                running.execute(command, taken_over_id(facts.code, command.number), OPERATOR, facts, today=today)
                for command in made[start : start + AT_ONCE]
            )
        )
        new += sum(receipt.reply.get("taken_over", False) for receipt in done)
    return new


async def _looked_into(attachments: Attachments, found: Mapping[str, Sequence[Path]]) -> list[BadLine]:
    """What is wrong with the files themselves, before anything is stored."""
    wrong = []
    for number, paths in track(found.items(), description="检查附件", transient=True):
        for path in paths:
            try:
                await attachments.check(await asyncio.to_thread(path.read_bytes), path.name)
            except Problem as problem:
                wrong.append(BadLine(0, FILES, f"{number} 的“{path.name}”：{problem.sentence}"))
    return wrong


async def _attached(attachments: Attachments, facts: AgencyFacts, found: Mapping[str, Sequence[Path]]) -> int:
    """Takes the files of the cases; one that is there already is not taken twice. How many are new."""
    new = 0
    for number, paths in track(found.items(), description="附件", transient=True):
        request, _ = await asyncio.to_thread(attachments.running.load, disclosure_request, taken_over_id(facts.code, number))
        assert isinstance(request, DisclosureRequest)
        there = {(row["name"], row["size"]) for row in await attachments.told(await attachments.folder(request.id))}
        for path in paths:
            content = await asyncio.to_thread(path.read_bytes)
            if (path.name, len(content)) not in there:
                await attachments.receive(content, path.name, Admitted(request, facts, OPERATOR, giving=False))
                new += 1
    return new

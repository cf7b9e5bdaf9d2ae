"""`gongkai law`: working days, deadlines and fees on the command line, for whoever wants to check one by hand."""

import json
from datetime import date
from typing import Annotated, Any, NoReturn

import typer

from shared.law.calendar import FIRST_YEAR, LAST_YEAR, DayKind, OutOfCalendar, national_calendar
from shared.law.deadlines import Facts, deadline, explain
from shared.law.fees import fee_for_items, fee_for_pages
from shared.law.rulebook import rulebook

app = typer.Typer(help="期限与费用：工作日推算、逐日说明、信息处理费、放假安排。", no_args_is_help=True, add_completion=False)

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出。")]


@app.command()
def due(
    start: Annotated[str, typer.Option("--from", metavar="日期", help="起算日（收到之日），例如 2025-09-22；次日为第1日。")] = "",
    working_days: Annotated[str, typer.Option("--working-days", metavar="N", help="工作日数。")] = "",
    explained: Annotated[bool, typer.Option("--explain", help="逐日说明哪一天计入、哪一天不计入。")] = False,
    as_json: Json = False,
) -> None:
    """推算期限届满日。"""
    facts = Facts(_date(start, "--from"), days=_count(working_days, "--working-days", least=1))
    book, calendar = rulebook("decree-711"), national_calendar()
    try:
        answer = deadline(facts, book, calendar)
    except OutOfCalendar as beyond:
        _refuse(str(beyond))
    days = explain(facts, book, calendar) if explained else []
    if as_json:
        told: dict[str, Any] = {
            "from": facts.start.isoformat(),
            "working_days": answer.days,
            "due": answer.due.isoformat(),
            "provisional": answer.provisional,
            "calendar": answer.calendar,
        }
        if explained:
            told["days"] = [{"day": day.day.isoformat(), "kind": day.kind, "count": day.count, "sentence": day.sentence} for day in days]
        _print_json(told)
        return
    for day in days:
        typer.echo(day.sentence)
    provisional = "（暂定：其间有年度的放假安排尚未公布）" if answer.provisional else ""
    typer.echo(f"自{facts.start}起第{answer.days}个工作日：{answer.due}{provisional}")


@app.command()
def fee(
    items: Annotated[str, typer.Option("--items", metavar="N", help="按件：同一申请人一个自然月内的件数。")] = "",
    pages: Annotated[str, typer.Option("--pages", metavar="N", help="按量：一件申请的页数。")] = "",
    as_json: Json = False,
) -> None:
    """计算信息处理费（国办函〔2020〕109号），单位为元。"""
    if bool(items) == bool(pages):
        _refuse("请给出 --items 或者 --pages 之一；按件、按量不得并用。")
    if items:
        count, unit = _count(items, "--items"), "件"
        yuan = fee_for_items(count)
    else:
        count, unit = _count(pages, "--pages"), "页"
        yuan = fee_for_pages(count)
    if as_json:
        _print_json({"items" if items else "pages": count, "yuan": yuan})
    else:
        typer.echo(f"{count}{unit}：{yuan}元")


@app.command()
def calendar(
    year: Annotated[str, typer.Option("--year", metavar="年份", help="年份，例如 2026。")] = "",
    as_json: Json = False,
) -> None:
    """列出一年的放假日期和调休上班日期。"""
    number = _count(year, "--year", least=FIRST_YEAR, most=LAST_YEAR)
    days = national_calendar()
    announced = days.announced(number)
    every = [date.fromordinal(ordinal) for ordinal in range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal())]
    off = {day.isoformat(): days.holiday_name(day) for day in every if days.kind(day) is DayKind.HOLIDAY}
    worked = [day.isoformat() for day in every if days.kind(day) is DayKind.SWAPPED]
    source = announced.source if announced else None
    working_days = sum(days.is_working(day) for day in every)
    if as_json:
        _print_json(
            {
                "year": number,
                "provisional": announced is None,
                "source": source,
                "working_days": working_days,
                "holidays": off,
                "working_weekends": worked,
                "calendar": days.version,
            }
        )
        return
    typer.echo(f"{number}年，工作日{working_days}天。{source or '放假安排尚未公布，以下只有法定节假日，没有调休（暂定）。'}")
    for day, name in off.items():
        typer.echo(f"{day} 放假 {name}")
    for day in worked:
        typer.echo(f"{day} 调休上班")


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(f"{option} 应为日期，格式如 2025-09-22。" if text else f"请用 {option} 给出日期，例如 2025-09-22。")


def _count(text: str, option: str, *, least: int = 0, most: int = 1_000_000) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        _refuse(f"{option} 应为{least}至{most}之间的整数。")
    return number


def _print_json(told: dict[str, Any]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)

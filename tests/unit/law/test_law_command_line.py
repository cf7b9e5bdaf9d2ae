"""`gongkai law`: what it prints, and the sentence and exit code when it cannot."""

import json

import pytest
from typer.testing import CliRunner, Result

from shared.law.cli import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_due() -> None:
    told = run("due", "--from", "2025-09-22", "--working-days", "20")
    assert told.exit_code == 0
    assert told.stdout == "自2025-09-22起第20个工作日：2025-10-24\n"


def test_due_as_json() -> None:
    told = json.loads(run("due", "--from", "2025-09-22", "--working-days", "20", "--json").stdout)
    assert told.pop("calendar").startswith("cn-2004-")
    assert told == {"from": "2025-09-22", "working_days": 20, "due": "2025-10-24", "provisional": False}


def test_due_in_a_year_without_a_notice_is_marked() -> None:
    assert "暂定" in run("due", "--from", "2026-12-22", "--working-days", "20").stdout
    assert json.loads(run("due", "--from", "2026-12-22", "--working-days", "20", "--json").stdout)["provisional"] is True


def test_due_explained_day_by_day() -> None:
    lines = run("due", "--from", "2025-09-22", "--working-days", "7", "--explain").stdout.splitlines()
    assert lines[0] == "2025年9月22日（星期一）：起算日，次日为第1日。"
    assert lines[6] == "2025年9月28日（星期日）：调休上班，第5个工作日。"
    days = json.loads(run("due", "--from", "2025-09-22", "--working-days", "7", "--explain", "--json").stdout)["days"]
    assert [day["sentence"] for day in days] == lines[:-1]


def test_fee() -> None:
    assert run("fee", "--items", "35").stdout == "35件：3000元\n"
    assert run("fee", "--pages", "72").stdout == "72页：420元\n"
    assert json.loads(run("fee", "--items", "45", "--json").stdout) == {"items": 45, "yuan": 5500}
    assert json.loads(run("fee", "--pages", "250", "--json").stdout) == {"pages": 250, "yuan": 4700}


def test_calendar_of_an_announced_and_of_a_provisional_year() -> None:
    announced = json.loads(run("calendar", "--year", "2026", "--json").stdout)
    assert announced["provisional"] is False
    assert "国办发明电〔2025〕7号" in announced["source"]
    assert announced["working_weekends"][0] == "2026-01-04"
    assert announced["holidays"]["2026-02-17"] == "春节"
    assert "尚未公布" in run("calendar", "--year", "2027").stdout
    assert json.loads(run("calendar", "--year", "2027", "--json").stdout)["working_weekends"] == []
    assert "2025-09-28 调休上班" in run("calendar", "--year", "2025").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("due", "--working-days", "3"), "--from"),
        (("due", "--from", "2025-02-30", "--working-days", "3"), "--from 应为日期"),
        (("due", "--from", "2025-09-22"), "--working-days"),
        (("due", "--from", "2025-09-22", "--working-days", "0"), "1至"),
        (("due", "--from", "2025-09-22", "--working-days", "二十"), "整数"),
        (("due", "--from", "2025-09-22", "--working-days", "900000"), "超出日历范围"),
        (("fee",), "之一"),
        (("fee", "--items", "3", "--pages", "3"), "不得并用"),
        (("fee", "--items", "-3"), "整数"),
        (("calendar", "--year", "1949"), "1950至2100"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == 1

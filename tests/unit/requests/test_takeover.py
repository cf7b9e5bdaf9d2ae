"""Open cases of another system: read from a CSV, checked line by line, and taken over with their old numbers and clocks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from services.requests.disclosure_request.commands import TakeOver
from services.requests.disclosure_request.events import RequestAssigned, RequestReceived, RequestTakenOver
from services.requests.disclosure_request.state import DisclosureRequest, Stage, disclosure_request
from services.requests.number_series.series import NumbersContinued, NumberSeries, series_id
from services.requests.takeover import COLUMNS, NEEDED, BadLine, heading, read_file
from shared.kernel.commands import On
from shared.kernel.events import Event
from shared.law.calendar import national_calendar
from tests.specification import AGENCY, Outcome, given
from tests.unit.requests.cases import SYSTEM

TODAY = date(2025, 10, 9)
EXAMPLE = (Path(__file__).parents[3] / "docs" / "examples" / "takeover.csv").read_bytes()
LINE = {
    "编号": "依申请〔2025〕9号", "收到日期": "2025-09-22", "渠道": "当面", "申请人类别": "自然人", "申请人": "马䶮", "联系方式": "13800000000",
    "申请内容": "采购合同", "起算日期": "", "已延期工作日": "", "期限": "", "承办科室": "",
}  # fmt: skip


def read(content: bytes) -> tuple[list[TakeOver], list[BadLine]]:
    return read_file(content, AGENCY, national_calendar(), TODAY, ["zonghe"], "老系统")


def lines(*rows: dict[str, str]) -> bytes:
    return "\n".join([",".join(LINE), *(",".join({**LINE, **row}.values()) for row in rows)]).encode()


def taken(command: TakeOver, last: int = 0) -> Outcome:
    series = NumberSeries(id=series_id(AGENCY.code, 2025), last=last)
    return given(disclosure_request, day=TODAY).with_units("zonghe").beside(series).on(TODAY).when(command, by=SYSTEM)


def decided(command: TakeOver, last: int) -> Sequence[Event | On]:
    outcome = taken(command, last)
    assert outcome.decided is not None
    return outcome.decided.events


def result(command: TakeOver) -> DisclosureRequest:
    state = taken(command).state
    assert isinstance(state, DisclosureRequest)
    return state


def test_the_example_of_the_documentation_is_taken() -> None:
    made, wrong = read(EXAMPLE)
    assert wrong == []
    assert [(one.number_last, one.unit) for one in made] == [(15, "zonghe"), (16, "zonghe"), (17, "")]
    assert heading() == EXAMPLE.decode().splitlines()[0]
    again, _ = read(EXAMPLE.decode().encode("gb18030"))
    assert again == made, "as a spreadsheet program may save it"


def test_a_case_goes_on_with_its_number_and_clock() -> None:
    made, _ = read(EXAMPLE)
    received, over, assigned, on = decided(made[0], last=14)
    assert isinstance(received, RequestReceived)
    assert isinstance(over, RequestTakenOver)
    assert over.deadline is not None
    assert (over.number, over.clock_start, over.deadline.due) == ("依申请〔2025〕15号", date(2025, 9, 22), date(2025, 10, 24))
    assert assigned == RequestAssigned(unit="zonghe")
    assert isinstance(on, On)
    assert on.event == NumbersContinued(last=15, system="老系统")
    state = result(made[0])
    assert (state.stage, state.unit, state.number) == (Stage.ASSIGNED, "zonghe", "依申请〔2025〕15号")


def test_an_extension_counts_and_a_second_one_is_refused() -> None:
    made, _ = read(EXAMPLE)
    state = result(made[1])
    assert state.deadline is not None
    assert (state.extension_days, state.deadline.days) == (20, 40)
    assert state.clock() is not None


def test_what_was_not_confirmed_there_waits_for_it_here() -> None:
    made, _ = read(EXAMPLE)
    state = result(made[2])
    assert (state.stage, state.deadline, state.unit) == (Stage.UNCONFIRMED, None, "")


def test_numbers_go_on_after_the_highest_and_never_back() -> None:
    made, _ = read(EXAMPLE)
    assert not any(isinstance(event, On) for event in decided(made[0], last=90))
    assert [event.event for event in decided(made[2], last=14) if isinstance(event, On)] == [NumbersContinued(last=17, system="老系统")]


@pytest.mark.parametrize(
    ("changed", "column", "told"),
    [
        ({"渠道": "邮件"}, "渠道", "应为：互联网"),
        ({"申请人类别": "个人"}, "申请人类别", "应为：自然人"),
        ({"收到日期": "2025-10-10"}, "收到日期", "晚于今天"),
        ({"收到日期": "22/9/2025"}, "收到日期", "日期"),
        ({"收到日期": ""}, "收到日期", ""),
        ({"起算日期": "2025-09-01"}, "起算日期", "应在收到日期"),
        ({"已延期工作日": "21"}, "已延期工作日", "最多 20 个工作日"),
        ({"已延期工作日": "两周"}, "已延期工作日", "整数"),
        ({"期限": "2025-10-27"}, "期限", "应为 2025-10-24"),
        ({"渠道": "传真", "期限": "2025-10-27"}, "起算日期", "尚未双方确认"),
        ({"承办科室": "caiwu"}, "承办科室", "没有科室 caiwu"),
        ({"联系方式": "1"}, "联系方式", ""),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_column(changed: dict[str, str], column: str, told: str) -> None:
    made, wrong = read(lines({}, {"编号": "依申请〔2025〕10号", **changed}))
    assert len(made) == 1
    assert [(one.line, one.column) for one in wrong] == [(3, column)]
    assert told in wrong[0].told


def test_the_same_number_twice_and_a_line_of_another_length_are_named() -> None:
    _, wrong = read(lines({}, {}) + "\n多,余\n".encode())
    assert [(one.line, one.told[:4]) for one in wrong] == [(3, "与第 2"), (4, "有 2 ")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "缺少“编号"),
        ("编号,收到日期,颜色\n".encode(), "不认识“颜色”"),
        (b"\xff\xff\xff\xff", "不是 UTF-8"),
        (lines({"申请内容": '"没有结束的引号'}), "引号没有成对"),
        (",".join([*NEEDED, "编号"]).encode(), "列名重复"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused_as_a_whole(content: bytes, told: str) -> None:
    made, wrong = read(content)
    assert made == []
    assert told in wrong[0].told


def test_every_column_fills_a_field_of_the_command() -> None:
    assert set(COLUMNS.values()) <= set(TakeOver.model_fields)

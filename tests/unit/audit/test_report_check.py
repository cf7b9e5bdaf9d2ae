"""The checks of an annual report: both published reports pass; a report with any one number changed fails, and the cell is named."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from demo import cli as _demo
from services.audit.cli import report as command
from services.audit.reports.check import CHECKS, check_report

REPORTS = Path(_demo.__file__).parent / "reports"
SUQIAN: dict[str, Any] = json.loads((REPORTS / "suqian_2023.json").read_text(encoding="utf-8"))


def names(report: dict[str, Any], before: dict[str, Any] | None = None) -> set[str]:
    return {broken.check for broken in check_report(report, before) if broken.fails}


def test_every_published_report_passes() -> None:
    files = sorted(REPORTS.glob("*.json"))
    assert files
    for file in files:
        assert check_report(json.loads(file.read_text(encoding="utf-8"))) == [], file.name


@given(st.integers(0, 24), st.integers(0, 6), st.integers(-3, 5000))
def test_any_number_of_table_three_that_is_changed_is_found(row: int, column: int, value: int) -> None:
    report = copy.deepcopy(SUQIAN)
    values = report["table3"]["rows"][row]["values"]
    if values[column] == value:
        return
    values[column] = value
    assert names(report)
    if value >= 0:
        assert any("表三" in cell for broken in check_report(report) for cell in broken.cells)


@given(st.sampled_from(["行政复议", "行政诉讼_未经复议直接起诉", "行政诉讼_复议后起诉"]), st.integers(0, 4), st.integers(0, 900))
def test_any_number_of_table_four_that_is_changed_is_found(row: str, column: int, value: int) -> None:
    report = copy.deepcopy(SUQIAN)
    if report["table4"][row][column] == value:
        return
    report["table4"][row][column] = value
    (broken,) = check_report(report)
    assert (broken.check, broken.cells) == ("d", (f"表四“{row}”×“总计”",))


@pytest.mark.parametrize("nothing", [None, "", "/", "0", 0.0, True])
def test_what_is_no_number_is_not_taken_for_nought(nothing: object) -> None:
    report = copy.deepcopy(SUQIAN)
    # This cell is 0 in the report: whatever else stands there changes no sum.
    report["table3"]["rows"][0]["values"][2] = nothing
    (broken,) = check_report(report)
    assert (broken.check, broken.cells) == ("i", ("表三“一、本年新收政府信息公开申请数量”×“科研机构”",))


def test_two_years_have_to_agree() -> None:
    before = copy.deepcopy(SUQIAN)
    before["table3"]["rows"][-1]["values"] = list(SUQIAN["table3"]["rows"][1]["values"])
    before["table2"]["art20_1"] = {"规章": {"制发": 1, "废止": 0, "现行有效": 9}, "行政规范性文件": {"制发": 1, "废止": 1, "现行有效": 977}}
    assert names(SUQIAN, before) == set()
    before["table3"]["rows"][-1]["values"][0] += 1
    before["table2"]["art20_1"]["规章"]["现行有效"] = 10
    assert {(one.check, one.cells[0]) for one in check_report(SUQIAN, before)} == {
        ("e", "表三“二、上年结转政府信息公开申请数量”×“自然人”"),
        ("f", "表二“规章”×“现行有效”"),
    }


def test_the_text_is_doubted_and_fees_are_explained() -> None:
    report = copy.deepcopy(SUQIAN)
    report["section1_text_facts"]["不予公开"] = 141
    (doubt,) = check_report(report)
    assert (doubt.check, doubt.fails) == ("g", False)
    report = {**SUQIAN, "fees_collected": 2950, "section6_fees": " "}
    assert names(report) == {"h"}
    assert names({**SUQIAN, "fees_collected": 0, "section6_fees": ""}) == set()


@pytest.mark.parametrize("missing", ["table3", "table4"])
def test_a_report_without_a_table_is_told_so(missing: str) -> None:
    for wrong in (None, [], {}, {"rows": []}):
        report = {**SUQIAN, missing: wrong}
        assert names(report) == {"shape"}


def test_the_command_tells_the_cells_and_ends_accordingly(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command, ["check", str(REPORTS / "suqian_2023.json")]).exit_code == 0
    changed = copy.deepcopy(SUQIAN)
    changed["table3"]["rows"][2]["values"][0] += 1
    file = tmp_path / "report.json"
    file.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    told = runner.invoke(command, ["check", str(file)])
    assert told.exit_code == 1
    for line in ("✗ (b) 表三各列", "✗ (c) 表三各行", "“三、（一）予以公开”×“总计”"):
        assert line in told.output
    as_json = json.loads(runner.invoke(command, ["check", str(file), "--json"]).output)
    assert {one["check"] for one in as_json["broken"]} == {"b", "c"}
    assert set(CHECKS) >= {one["check"] for one in as_json["broken"]}
    for wrong in ("[]", "{", "\x00"):
        file.write_text(wrong, encoding="utf-8")
        assert runner.invoke(command, ["check", str(file)]).exit_code == 2

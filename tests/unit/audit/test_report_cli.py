"""`gongkai report`: what is refused before a platform is asked."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.audit.cli import report as command


@pytest.mark.parametrize(("format", "told"), [("odt", "格式应为"), ("pdf", "--out"), ("xlsx", "--out"), ("docx", "--out")])
def test_a_document_needs_a_known_format_and_a_file(format: str, told: str) -> None:
    done = CliRunner().invoke(command, ["annual", "--agency", "x", "--year", "2025", "--format", format])
    assert done.exit_code == 2
    assert told in done.output


@pytest.mark.parametrize("content", ["[]", "{", '{"year": "x"}', '{"year": 1999}', "{}"])
def test_a_file_that_is_no_report_is_not_imported(tmp_path: Path, content: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(command, ["import", str(file), "--agency", "x", "--data", str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "report.json" in done.output.replace("\n", "")
    assert not (tmp_path / "none").exists()

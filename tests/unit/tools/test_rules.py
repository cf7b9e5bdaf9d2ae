"""The catalogue of rules is whole, and every rule id that stands in a test exists."""

from pathlib import Path

import pytest

from tools.rules.catalogue import Rule, UnknownRule, carried, marked_tests, read_catalogue

TESTS = Path(__file__).parents[2]


def test_the_catalogue_has_the_178_behaviours() -> None:
    rules = read_catalogue()
    assert len({rule.id for rule in rules}) == len(rules)
    assert sum(rule.kind == "behaviour" for rule in rules) == 178
    assert {rule.kind for rule in rules} == {"behaviour", "context", "missing"}


def test_every_rule_that_a_test_names_exists() -> None:
    carried(read_catalogue(), [], marked_tests(TESTS))


def test_a_rule_that_does_not_exist_is_told() -> None:
    with pytest.raises(UnknownRule, match="YS-99"):
        carried([Rule("YS-01", "behaviour", ("requests",), "", "")], [("YS-99", "commands", "requests.X")], [])


def test_marks_of_functions_classes_and_modules_are_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(
        "import pytest\npytestmark = [pytest.mark.rule('A')]\n@pytest.mark.rule('B')\nclass TestY:\n"
        "    @pytest.mark.rule('C', 'D')\n    def test_z(self): ...\n",
        encoding="utf-8",
    )
    found = dict(marked_tests(tmp_path / "tests"))
    assert found == dict.fromkeys("ABCD", "tests/test_x.py::TestY::test_z")

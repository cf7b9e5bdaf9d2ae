"""The catalogue of rules, and what carries each: commands and events say so in their declaration, tests by `@pytest.mark.rule(...)`."""

import ast
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

CATALOGUE = Path(__file__).with_name("rules.csv")


class Rule(msgspec.Struct, frozen=True):
    """A row of the catalogue. `kind`: behaviour (must be proved), context (needs no test), missing (lost in the source)."""

    id: str
    kind: str
    services: tuple[str, ...]
    text: str
    limit: str


class Carried(msgspec.Struct):
    """What carries a rule."""

    rule: Rule
    commands: list[str] = []
    events: list[str] = []
    tests: list[str] = []

    @property
    def proved(self) -> bool:
        """Whether a test proves it."""
        return bool(self.tests)


class UnknownRule(ValueError):
    """A command, event or test names a rule that the catalogue does not have."""


def read_catalogue(path: Path = CATALOGUE) -> list[Rule]:
    """The rows of the catalogue, in their order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Rule(
                row["id"],
                row["kind"],
                tuple(name.strip() for name in row["service"].split(",")),
                row["rule_zh"],
                row["limit"].strip("–") or "",
            )
            for row in csv.DictReader(file)
        ]


def marked_tests(folder: Path) -> Iterator[tuple[str, str]]:
    """(rule id, test) for every `@pytest.mark.rule` in a folder, on functions, classes and whole modules (`pytestmark`)."""
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = [mark for node in tree.body if isinstance(node, ast.Assign) for mark in _module_marks(node)]
        yield from _marks(tree.body, f"{path.relative_to(folder.parent)}", module)


def _marks(body: Iterable[ast.stmt], place: str, inherited: list[str]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            own = inherited + [mark for decorator in node.decorator_list for mark in _rule_ids(decorator)]
            yield from _marks(node.body, f"{place}::{node.name}", own)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for mark in dict.fromkeys(inherited + [mark for decorator in node.decorator_list for mark in _rule_ids(decorator)]):
                yield mark, f"{place}::{node.name}"


def _module_marks(node: ast.Assign) -> list[str]:
    if not any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets):
        return []
    values = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return [mark for value in values for mark in _rule_ids(value)]


def _rule_ids(decorator: ast.expr) -> list[str]:
    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr == "rule":
        return [str(argument.value) for argument in decorator.args if isinstance(argument, ast.Constant)]
    return []


def carried(rules: list[Rule], declared: Iterable[tuple[str, str, str]], tests: Iterable[tuple[str, str]]) -> list[Carried]:
    """What carries each rule; `declared` gives (rule id, "commands" or "events", name). Raises `UnknownRule`."""
    rows = {rule.id: Carried(rule) for rule in rules}
    for id, kind, name in declared:
        if id not in rows:
            raise UnknownRule(f"{name} 声明了目录中没有的规则 {id}")
        getattr(rows[id], kind).append(name)
    for id, test in tests:
        if id not in rows:
            raise UnknownRule(f"{test} 声明了目录中没有的规则 {id}")
        rows[id].tests.append(test)
    return list(rows.values())

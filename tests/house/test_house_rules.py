"""The rules of the house, as checks: each tells what to do instead. Which package may import which stands in pyproject.toml (import-linter)."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.aggregates import aggregates
from shared.kernel.commands import commands
from shared.kernel.events import registry
from shared.kernel.program import SERVICES, load_service
from shared.law.rulebook import rulebook

ROOT = Path(__file__).parents[2]

DECIDING = {"decisions", "guards", "state", "events", "series", "register"}
PURE = sorted(
    path
    for folder in ("services", "shared/access", "shared/trust/erasure")
    for path in (ROOT / folder).rglob("*.py")
    if {path.stem, path.parent.name} & DECIDING
)
"""Files whose functions decide or evolve, and those of the packages that are split by topic."""

IMPURE_CALLS = {
    "now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "uuid1", "uuid4", "urandom", "token_bytes", "token_hex",
    "token_urlsafe", "randint", "random", "choice", "fresh_id", "instant", "random_bytes", "open", "print", "getenv", "connect", "execute",
}  # fmt: skip
IMPURE_MODULES = {"os", "time", "random", "secrets", "socket", "subprocess", "httpx", "psycopg", "nats", "asyncio", "threading"}

FORBIDDEN_TEXT = re.compile(
    r"(^|[^a-zA-Z0-9_.-])/(work|farm|root)/|pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org"
)


@pytest.fixture(scope="module", autouse=True)
def everything() -> None:
    for service in SERVICES:
        load_service(service)


def ours(specs: Iterable[Any]) -> list[Any]:
    """Without the toys of the kernel's own tests."""
    return [spec for spec in specs if not spec.cls.__module__.startswith("tests.")]


def tracked(*patterns: str) -> Iterator[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (ROOT / line for line in listed.splitlines() if (ROOT / line).is_file())


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_decisions_read_no_clock_make_no_random_id_and_do_no_io(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            assert not {alias.name.partition(".")[0] for alias in node.names} & IMPURE_MODULES, f"{place}: take it from `given` instead"
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in IMPURE_MODULES, f"{place}: take it from `given` instead"
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            # `given.today` and `given.now` are values; calling a clock is not.
            assert name not in IMPURE_CALLS, f"{place}: {name}() — a decision takes the time, ids and secrets that its command gives it"
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await), f"{place}: decisions wait for nothing"


def test_events_are_published_in_one_place_with_a_message_id() -> None:
    for path in (*(ROOT / "shared").rglob("*.py"), *(ROOT / "services").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\.publish(_async)?\(", text):
            # A pull asks the server for messages: what it publishes is no event. What agencies are told is made from the log, with the event's id.
            places = ("shared/messaging/relay.py", "shared/messaging/pull.py", "shared/messaging/agencies/feed.py")
            assert path.relative_to(ROOT).as_posix() in places, f"{path}: publish through the relay: record an event instead"
    assert re.findall(r"publish\(([^,]+),", (ROOT / "shared/messaging/pull.py").read_text(encoding="utf-8")) == ["self.subject"]
    assert 'self.subject = f"$JS.API.' in (ROOT / "shared/messaging/pull.py").read_text(encoding="utf-8")
    for file in ("messages.py", "agencies/feed.py"):
        assert '"Nats-Msg-Id"' in (ROOT / "shared/messaging" / file).read_text(encoding="utf-8")


def test_every_command_says_who_may_and_what_it_rests_on() -> None:
    for spec in ours(commands.values()):
        assert spec.capability, f"{spec.name}: name a capability of shared/law/capabilities.toml"
        assert re.search("[\u4e00-\u9fff]", spec.title), f"{spec.name}: give it a Chinese title"
        assert spec.handler is not None, f"{spec.name}: bind a handler with @handles"
        for name, field in spec.cls.model_fields.items():
            assert field.title, f"{spec.name}.{name}: give the field a title, it is the form's label"
        if spec.service in SERVICES and not spec.internal:
            rests = spec.rules or spec.article or rulebook("decree-711").grantees(spec.capability).article
            assert rests, f"{spec.name}: name its rules or its article, or let its capability have one"


def test_every_route_is_one_commands() -> None:
    paths = [(spec.service, spec.path) for spec in ours(commands.values()) if not spec.internal]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    assert not twice, f"{twice}: two commands claim this route; let one command tell the two apart by a field"


def test_every_event_of_a_case_rests_on_an_article_and_is_evolved() -> None:
    evolved = {cls for aggregate in aggregates.values() for cls in aggregate.events}
    for spec in ours(registry.values()):
        assert spec.cls in evolved, f"{spec.type}: nothing evolves it"
        if spec.type.partition(".")[0] in SERVICES:
            assert spec.article("decree-711"), f"{spec.type}: name its article; platform events alone have none"


def test_no_event_holds_a_float() -> None:
    for spec in ours(registry.values()):
        for name in spec.cls.__struct_fields__:
            assert "float" not in str(spec.cls.__annotations__.get(name, "")), (
                f"{spec.type}.{name}: no floats in events; use yuan, days or text"
            )


def test_no_path_of_a_machine_and_no_registry_stands_in_the_repository() -> None:
    this = Path(__file__).relative_to(ROOT).as_posix()
    for path in tracked():
        if path.suffix in (".png", ".lock") or path.relative_to(ROOT).as_posix() == this:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            assert not FORBIDDEN_TEXT.search(line), f"{path.relative_to(ROOT)}:{number}"


def test_the_log_never_enables_the_librarys_db_functions() -> None:
    for path in tracked("*.py"):
        if path != Path(__file__):
            assert "ENABLE_DB_FUNCTIONS" not in path.read_text(encoding="utf-8"), (
                f"{path}: it loses trackings and mixes services (stack.md)"
            )

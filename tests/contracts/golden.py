"""The golden corpus: for every event that was ever released, the exact bytes of one that is stored.

    python -m tests.contracts.golden            writes those that are missing, from the examples
    python -m tests.contracts.golden --check    reads every file and names what differs

A file, once released, never changes: published events change by addition only, and a new version is a new file beside the old one.
"""

import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from shared.kernel.events import Actor, Event, EventSpec, Meta, read_envelope, read_recorded, registry, write_state
from shared.kernel.identity import derived_id
from shared.trust.personal import Personal

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).with_name("golden")
EXAMPLES = Path(__file__).with_name("examples")
DECLARED_IN = ("services", "shared")
"""The folders whose events are released; those that tests declare for themselves are not."""

TOKEN = "gk1:" + "00" * 16 + ":" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo"
"""Stands for an encrypted field: of the right form, opened by no key."""


def released() -> dict[str, EventSpec]:
    """Every event that the services and the shared parts declare, by its type."""
    for folder in DECLARED_IN:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "\n@event(" in path.read_text("utf-8"):
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {type_: spec for type_, spec in sorted(registry.items()) if spec.cls.__module__.partition(".")[0] in DECLARED_IN}


def examples() -> dict[str, Event]:
    """The example of each event, by its type: from the `EXAMPLES` of every module in the folder of that name."""
    found: dict[str, Event] = {}
    for path in sorted(EXAMPLES.glob("[a-z]*.py")):
        module = importlib.import_module(f"tests.contracts.examples.{path.stem}")
        found.update({event.spec.type: event for event in module.EXAMPLES})
    return found


def golden_path(spec: EventSpec) -> Path:
    """Where the bytes of the present version stand."""
    return FOLDER / f"{spec.type}.{spec.version}.json"


def stored(event: Event) -> bytes:
    """The bytes of an example as they would be stored, its personal fields sealed."""
    spec = event.spec
    id = derived_id("golden", spec.topic)
    sealed = {name: Personal.sealed(TOKEN, id, name, spec.topic) for name in spec.personal if getattr(event, name) is not None}
    meta = Meta(
        id=id,
        case=derived_id("golden", "case"),
        agency="guyuan-spj",
        service=spec.type.partition(".")[0],
        recorded_at=datetime(2025, 9, 22, 1, 2, 3, 456789, tzinfo=UTC),
        effective_on=date(2025, 9, 22),
        actor=Actor(str(derived_id("golden", "person")), ("clerk",), str(derived_id("golden", "grant"))),
        command="golden.Example",
        correlation=str(derived_id("golden", "correlation")),
        causation=str(derived_id("golden", "causation")),
        rules=spec.rules,
        article=spec.article("decree-711"),
        rulebook="decree-711",
        trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    return write_state(msgspec.structs.replace(event, **sealed), meta)


def difference(path: Path) -> str | None:
    """What is wrong with a golden file; None if it is read and, where its version is the present one, written again to the same bytes."""
    state = path.read_bytes()
    envelope = read_envelope(state)
    spec = registry.get(envelope.type)
    if spec is None:
        return f"{path.name}: no event of this type is declared any more; keep reading what was released"
    if path.name != f"{envelope.type}.{envelope.version}.json":
        return f"{path.name}: holds {envelope.type}, version {envelope.version}"
    topic = f"{envelope.type}:{envelope.version}"
    recorded = read_recorded(UUID(int=1), 1, topic, state)
    if envelope.version == spec.version and write_state(recorded.event, recorded.meta) != state:
        return f"{path.name}: is written differently now; a change of a released event is a new version with an upcaster"
    return None


def missing() -> Iterator[EventSpec]:
    """The events whose present version has no golden file."""
    return (spec for spec in released().values() if not golden_path(spec).exists())


def differences() -> list[str]:
    """What is wrong with the corpus, one sentence for each file."""
    found = [f"{spec.topic}: has no golden file; declare an example and run python -m tests.contracts.golden" for spec in missing()]
    return found + [problem for path in sorted(FOLDER.glob("*.json")) if (problem := difference(path))]


def main() -> int:
    """Writes what is missing, or checks all; returns the exit status."""
    if "--check" in sys.argv:
        found = differences()
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 1 if found else 0
    known = examples()
    without = []
    for spec in list(missing()):
        if spec.type in known:
            golden_path(spec).write_bytes(stored(known[spec.type]))
            sys.stdout.write(f"written: {golden_path(spec).name}\n")
        else:
            without.append(spec.type)
    sys.stdout.writelines(f"no example: {type_}\n" for type_ in without)
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())

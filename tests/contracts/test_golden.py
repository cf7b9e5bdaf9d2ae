"""Every released event has a golden file, which any later version of the program reads, and writes again to the same bytes."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.kernel.events import EventSpec, read_envelope
from tests.contracts import golden

RELEASED = golden.released()


@pytest.mark.parametrize("spec", RELEASED.values(), ids=RELEASED.keys())
def test_every_event_has_a_golden_file(spec: EventSpec) -> None:
    path = golden.golden_path(spec)
    assert path.exists(), f"declare an example of {spec.type} in tests/contracts/examples and run python -m tests.contracts.golden"
    assert golden.difference(path) is None


@pytest.mark.parametrize("path", sorted(golden.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_no_personal_field_is_readable_in_a_golden_file(path: Path) -> None:
    envelope = read_envelope(path.read_bytes())
    spec = RELEASED[envelope.type]
    event = spec.decode(envelope.data, envelope.version)
    for name in spec.personal:
        value = getattr(event, name)
        assert value is None or value.token.startswith("gk1:"), name


def test_a_fresh_interpreter_reads_them_all() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.contracts.golden", "--check"],
        cwd=golden.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    original = next(path for path in sorted(golden.FOLDER.glob("requests.RequestRegistered.*.json")))
    changed = tmp_path / original.name
    changed.write_bytes(original.read_bytes().replace(b'"data":{', b'"data":{"later":1,'))
    assert "differently" in (golden.difference(changed) or "")

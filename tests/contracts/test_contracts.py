"""The published contracts are what the code does; they change by addition only, and never unnoticed."""

import subprocess
import sys


def test_the_contracts_are_as_the_code_has_them() -> None:
    told = subprocess.run([sys.executable, "-m", "tools.contracts", "--check"], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr

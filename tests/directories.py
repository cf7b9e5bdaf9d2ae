"""Directories for the tests' platforms. Others may pass through (not look): as root PostgreSQL runs as an unprivileged user, in the directory itself."""

import tempfile
from pathlib import Path


def temporary(name: str) -> Path:
    """A new directory of its own."""
    made = Path(tempfile.mkdtemp(prefix=f"gongkai-{name}-"))
    made.chmod(0o711)
    return made

"""ZIP archives, and what is one inside (DOCX, XLSX, PPTX, OFD): their directory is judged before anything is unpacked."""

import stat
from zipfile import ZipInfo

from shared.files.finding import Finding

TOTAL_BYTES = 209_715_200
"""All entries together, unpacked."""

RATIO = 100
"""An entry above 1 MiB may grow by this factor when unpacked."""

ENTRIES = 2000

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".iso")
PROGRAMS = (
    ".exe", ".dll", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".msi", ".scr", ".jar", ".lnk", ".sh",
    ".docm", ".xlsm", ".pptm", ".html", ".htm", ".svg", ".chm", ".apk", ".url",
)  # fmt: skip


def judge_directory(entries: list[ZipInfo]) -> list[Finding]:
    """What is wrong with an archive, from its directory alone."""
    found: dict[str, Finding] = {}
    names = [entry.filename for entry in entries]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or total > TOTAL_BYTES or any(_swells(entry) for entry in entries):
        found["bomb"] = Finding("bomb")
    if len({name.casefold() for name in names}) < len(names) or any(_leaves(entry) for entry in entries):
        found["bad-entry"] = Finding("bad-entry")
    if any(entry.flag_bits & 1 for entry in entries):
        found["encrypted"] = Finding("encrypted")
    return list(found.values())


def judge_contents(names: list[str]) -> list[Finding]:
    """What an archive of files may not hold: further archives, and programs."""
    lowered = [name.lower() for name in names]
    nested = sum(name.endswith(ARCHIVES) for name in lowered)
    programs = sum(name.endswith(PROGRAMS) for name in lowered)
    found = [Finding("nested-archive", count=nested)] if nested else []
    return found + ([Finding("program", count=programs)] if programs else [])


def _swells(entry: ZipInfo) -> bool:
    return entry.file_size > 1_048_576 and entry.file_size > RATIO * max(entry.compress_size, 1)


def _leaves(entry: ZipInfo) -> bool:
    """Whether a name leads out of where it is unpacked, or is a link or device."""
    name = entry.filename.replace("\\", "/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    odd = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    return odd or name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in name

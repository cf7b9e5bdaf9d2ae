"""Escrow of the master key: two shares for two custodians, proved to restore it, and confirmed once both have been handed over."""

from pathlib import Path

from shared.trust.master import MasterKey, MasterKeyError, join, split


def write_shares(key_path: Path, folder: Path) -> tuple[Path, Path]:
    """Writes two share files, and proves that they restore the key; each goes to another custodian and is then removed from here."""
    master = MasterKey.load(key_path)
    shares = split(master)
    if join(*shares).text() != master.text():
        raise MasterKeyError("托管份额不能恢复主密钥，请重试。")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = (folder / "escrow-share-1.txt", folder / "escrow-share-2.txt")
    for path, share in zip(paths, shares, strict=True):
        path.touch(mode=0o600)
        path.write_text(share + "\n", encoding="ascii")
    return paths


def verify(key_path: Path, first: str, second: str) -> None:
    """Raises `MasterKeyError` unless the two shares restore exactly this key."""
    if join(first, second).text() != MasterKey.load(key_path).text():
        raise MasterKeyError("两份份额恢复出的不是现用的主密钥，请重新托管。")


def confirm(key_path: Path, note: str) -> None:
    """Both shares are with their custodians: the platform does not ask any more, until the key is rotated."""
    master = MasterKey.load(key_path)
    _note(key_path).write_text(f"{master.newest} {master.fingerprint(master.newest)} {note}\n", encoding="utf-8")


def confirmed(key_path: Path) -> bool:
    """Whether the newest version of the key is in escrow."""
    try:
        version, fingerprint = _note(key_path).read_text(encoding="utf-8").split()[:2]
        master = MasterKey.load(key_path)
    except (OSError, ValueError, MasterKeyError):
        return False
    return int(version) == master.newest and fingerprint == master.fingerprint(master.newest)


def restore(key_path: Path, first: str, second: str) -> None:
    """Writes the key that two shares restore; refuses to overwrite one."""
    if key_path.exists():
        raise MasterKeyError(f"{key_path} 已存在；确需恢复时请先把它移走。")
    master = join(first, second)
    key_path.touch(mode=0o600)
    key_path.write_text(master.text(), encoding="ascii")


def _note(key_path: Path) -> Path:
    return key_path.with_suffix(".escrowed")

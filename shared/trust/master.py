"""The master key, which wraps every person's key. Losing it erases everyone, so its escrow is part of setting the platform up.

The file holds one line a version, `<version> <64 hex digits>`, the newest last, and is read by its owner alone. Escrow splits the whole file into
two shares, for two custodians; neither share alone tells anything, both together restore it.
"""

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap


class MasterKeyError(RuntimeError):
    """The master key is missing, unreadable or not the one that this platform's data was encrypted under."""


class MasterKey:
    """The versions of the master key; the newest wraps, all unwrap."""

    def __init__(self, versions: dict[int, bytes]) -> None:
        self.versions = versions
        self.newest = max(versions)

    @classmethod
    def create(cls, path: Path) -> "MasterKey":
        """Makes a new master key file; refuses to overwrite one."""
        made = cls({1: secrets.token_bytes(32)})
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(made.text())
            file.flush()
            os.fsync(file.fileno())
        return made

    @classmethod
    def load(cls, path: Path) -> "MasterKey":
        """Reads a master key file."""
        try:
            return cls.from_text(path.read_text(encoding="ascii"))
        except OSError:
            raise MasterKeyError(f"读不到主密钥文件 {path}。没有它，个人信息无法解密；请用两份托管份额恢复：gongkai keys restore。") from None

    @classmethod
    def from_text(cls, text: str) -> "MasterKey":
        """From the content of a file."""
        try:
            versions = {int(version): bytes.fromhex(key) for version, key in (line.split() for line in text.splitlines() if line.strip())}
        except ValueError:
            raise MasterKeyError("主密钥文件的内容有误，请用托管份额恢复。") from None
        if not versions or any(len(key) != 32 for key in versions.values()):
            raise MasterKeyError("主密钥文件的内容有误，请用托管份额恢复。")
        return cls(versions)

    def text(self) -> str:
        """The content of its file."""
        return "".join(f"{version} {key.hex()}\n" for version, key in sorted(self.versions.items()))

    def fingerprint(self, version: int) -> str:
        """Tells one key from another without telling the key: 16 hex digits."""
        return hashlib.sha256(b"gongkai master key\0" + self.versions[version]).hexdigest()[:16]

    def wrap(self, key: bytes) -> bytes:
        """A person's key under the newest version."""
        return aes_key_wrap(self.versions[self.newest], key)

    def unwrap(self, version: int, wrapped: bytes) -> bytes:
        """A person's key; raises `MasterKeyError` if this is not the key that wrapped it."""
        try:
            return aes_key_unwrap(self.versions[version], wrapped)
        except (KeyError, InvalidUnwrap):
            raise MasterKeyError("主密钥与数据不符：个人信息是用另一把主密钥加密的，请核对主密钥文件。") from None

    def rotated(self) -> "MasterKey":
        """With one more version, which wraps from now on."""
        return MasterKey({**self.versions, self.newest + 1: secrets.token_bytes(32)})


def split(master: MasterKey) -> tuple[str, str]:
    """Two shares, each a line of text with a checksum; one alone tells nothing."""
    content = master.text().encode()
    pad = secrets.token_bytes(len(content))
    other = bytes(a ^ b for a, b in zip(content, pad, strict=True))
    return _share(1, pad), _share(2, other)


def join(first: str, second: str) -> MasterKey:
    """The master key of two shares; raises `MasterKeyError` for a wrong or mistyped one."""
    shares = dict(_read_share(share) for share in (first, second))
    if set(shares) != {1, 2} or len(shares[1]) != len(shares[2]):
        raise MasterKeyError("需要同一次托管的两份不同份额。")
    try:
        return MasterKey.from_text(bytes(a ^ b for a, b in zip(shares[1], shares[2], strict=True)).decode("ascii"))
    except UnicodeDecodeError:
        raise MasterKeyError("两份份额不属于同一次托管。") from None


def _share(number: int, content: bytes) -> str:
    return f"gongkai-escrow-{number}:{content.hex()}:{hashlib.sha256(content).hexdigest()[:8]}"


def _read_share(text: str) -> tuple[int, bytes]:
    try:
        name, content, checksum = text.strip().split(":")
        number, raw = int(name.rpartition("-")[2]), bytes.fromhex(content)
    except ValueError:
        raise MasterKeyError("托管份额的格式有误。") from None
    if hashlib.sha256(raw).hexdigest()[:8] != checksum:
        raise MasterKeyError(f"第 {number} 份托管份额抄写有误（校验不符）。")
    return number, raw

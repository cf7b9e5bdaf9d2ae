"""The master key, which wraps every person's key (AES-KW, RFC 3394).

Losing it erases everyone, so its escrow is part of setting the platform up (`shared.trust.escrow`). The file holds one line
a version, `<version> <64 hex digits>`, the newest last, and is read by its owner alone. The newest version wraps; older ones
are kept until nothing is wrapped under them, and no backup that is still needed is.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
RESTORE = "可用两份托管份额恢复：gongkai keys restore。"


class MasterKeyError(RuntimeError):
    """The master key is missing, unreadable or not the one of this platform's data. The text is a sentence to act on."""


class MasterKey:
    """The versions of the master key; the newest wraps, all unwrap. `path` is where it was read, None if it was not."""

    def __init__(self, versions: dict[int, bytes], path: Path | None = None) -> None:
        self.versions = versions
        self.newest = max(versions)
        self.path = path

    @classmethod
    def create(cls, path: Path) -> "MasterKey":
        """Makes a new master key file, for its owner alone; raises `FileExistsError` rather than overwrite one."""
        made = cls({1: secrets.token_bytes(KEY_BYTES)}, path)
        write_secret(path, made.text())
        return made

    @classmethod
    def load(cls, path: Path) -> "MasterKey":
        """Reads a master key file; raises `MasterKeyError`."""
        try:
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise MasterKeyError(f"找不到主密钥文件 {path}。没有它，个人信息无法解密；{RESTORE}") from None
        except (OSError, UnicodeDecodeError):
            raise MasterKeyError(f"读不出主密钥文件 {path}，请核对其权限和内容，{RESTORE}") from None
        made = cls.from_text(text)
        made.path = path
        return made

    @classmethod
    def from_text(cls, text: str) -> "MasterKey":
        """From the content of a file; raises `MasterKeyError`."""
        broken = MasterKeyError(f"主密钥文件的内容有误，{RESTORE}")
        versions: dict[int, bytes] = {}
        for line in text.splitlines():
            version, _, key = line.partition(" ")
            # A wrong line stands in the error of int() and of fromhex(): it must not be the context of ours.
            with contextlib.suppress(ValueError):
                versions[int(version)] = bytes.fromhex(key)
                continue
            raise broken
        if not versions or any(len(key) != KEY_BYTES for key in versions.values()):
            raise broken
        return cls(versions)

    def text(self) -> str:
        """The content of its file."""
        return "".join(f"{version} {key.hex()}\n" for version, key in sorted(self.versions.items()))

    def store(self, path: Path) -> None:
        """Puts this in the place of a master key file: all of it or nothing, whatever happens meanwhile."""
        beside = path.with_name(f"{path.name}.new")
        beside.unlink(missing_ok=True)
        write_secret(beside, self.text())
        beside.replace(path)
        sync_directory(path.parent)
        self.path = path

    def reload(self) -> "MasterKey":
        """As its file is now: another process may have added a version."""
        return self if self.path is None else MasterKey.load(self.path)

    def fingerprint(self, version: int | None = None) -> str:
        """Tells one key from another without telling the key: 16 hex digits. Of the newest version unless another is named."""
        return hashlib.sha256(b"gongkai master key\0" + self.versions[version or self.newest]).hexdigest()[:16]

    def derived(self, purpose: bytes) -> bytes:
        """A key for another purpose (32 bytes), from the newest version; tells nothing of it."""
        return hmac.digest(self.versions[self.newest], b"gongkai derived key\0" + purpose, "sha256")

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
        return MasterKey({**self.versions, self.newest + 1: secrets.token_bytes(KEY_BYTES)}, self.path)

    def newest_only(self) -> "MasterKey":
        """Without the older versions."""
        return MasterKey({self.newest: self.versions[self.newest]}, self.path)


def write_secret(path: Path, text: str) -> None:
    """Writes a new file that its owner alone can read, and makes it durable; raises `FileExistsError` rather than overwrite one."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

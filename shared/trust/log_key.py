"""The key with which the platform signs the heads of its logs (Ed25519). It proves who signed; the witnesses prove when, and that there is one head.

The file holds one line a key, `<64 hex digits>`, the newest last, and is read by its owner alone. The newest signs; after a rotation the older ones
sign beside it, so that whoever trusts one of them learns the next. All logs are signed by the same key under names of their own, because the
formats want a key to be named after its log (c2sp.org/tlog-checkpoint).
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.trust.master import write_secret
from shared.trust.verify_bundle import COSIGNATURE, ED25519, Key, encoded


class LogKeyError(RuntimeError):
    """The signing key is missing or unreadable. The text is a sentence to act on."""


class LogKey:
    """The signing keys of a platform, the newest last."""

    def __init__(self, keys: list[Ed25519PrivateKey]) -> None:
        self.keys = keys

    @classmethod
    def load(cls, path: Path) -> "LogKey":
        """Reads a file of signing keys; raises `LogKeyError`."""
        try:
            lines = path.read_text(encoding="ascii").split()
            return cls([Ed25519PrivateKey.from_private_bytes(bytes.fromhex(line)) for line in lines])
        except FileNotFoundError:
            raise LogKeyError(
                f"找不到总账签名密钥 {path}。请从备份恢复；确已丢失的，用 gongkai ledger new-key 另立一把，并向公众公告。"
            ) from None
        except (OSError, ValueError):
            # The text of the error would hold the key.
            raise LogKeyError(f"读不出总账签名密钥 {path}，请核对其权限和内容。") from None

    @classmethod
    def create(cls, path: Path) -> "LogKey":
        """Makes a new file, for its owner alone; raises `FileExistsError` rather than overwrite one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_hex(32) + "\n")
        return cls.load(path)

    def rotated(self, path: Path) -> "LogKey":
        """With one more key, which signs from now on; writes the file anew beside the old one and takes its place."""
        new = path.with_name(f"{path.name}.new")
        write_secret(new, "".join(f"{key.private_bytes_raw().hex()}\n" for key in self.keys) + secrets.token_hex(32) + "\n")
        new.replace(path)
        return LogKey.load(path)

    def public(self, origin: str) -> list[Key]:
        """The public keys under which the log of this origin is signed, the newest first."""
        return [Key(origin, ED25519, key.public_key().public_bytes_raw()) for key in reversed(self.keys)]

    def signed(self, text: str, origin: str) -> str:
        """The note of a checkpoint, signed by all, the newest first."""
        lines = [
            signature_line(public, key.sign(text.encode())) for public, key in zip(self.public(origin), reversed(self.keys), strict=True)
        ]
        return f"{text}\n{''.join(lines)}"


def signature_line(key: Key, signature: bytes) -> str:
    """A line of a note."""
    return f"— {key.name} {encoded(key.id + signature)}\n"


def cosignature(key: Ed25519PrivateKey, name: str, text: str, time: int) -> str:
    """The line by which a witness says that it saw this head, and none that contradicts it, at `time` (s since 1970)."""
    public = Key(name, COSIGNATURE, key.public_key().public_bytes_raw())
    return signature_line(public, time.to_bytes(8, "big") + key.sign(f"cosignature/v1\ntime {time}\n{text}".encode()))

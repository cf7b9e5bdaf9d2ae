"""Escrow: the master key in two shares, each handed to a custodian on paper or on a medium of its own.

One share alone is random and tells nothing; both together are the content of the master key's file. A share is a text
that can be printed and typed in again: each line of it has a checksum, so that a slip of the pen is found in its line.
"""

import hashlib
import re
import secrets
from pathlib import Path

import msgspec

from shared.trust.master import MasterKey, MasterKeyError, write_secret

LINE_BYTES = 16
"""Bytes of a share in one printed line: eight groups of four hex digits."""

SHARES = ("share-1.txt", "share-2.txt")

TITLE = "公开平台主密钥托管份额"
_HEAD = re.compile(r"^份额 ([12])/2 套号 ([0-9a-f]{8}) 指纹 ([0-9a-f]{16})$")
_LINE = re.compile(r"^(\d{2}) ([0-9a-f ]+) \[([0-9a-f]{4})\]$")


class Share(msgspec.Struct, frozen=True):
    """One of two. `made_with` is the same in both shares of one escrow; `fingerprint` is that of the newest master key in it."""

    number: int
    made_with: str
    fingerprint: str
    content: bytes

    def __repr__(self) -> str:
        return f"Share({self.number}/2 of {self.made_with})"

    def text(self) -> str:
        """As it is printed."""
        lines = [
            TITLE,
            f"份额 {self.number}/2 套号 {self.made_with} 指纹 {self.fingerprint}",
            "由一名保管人单独保管；与另一份额分开存放，不得复印在同一介质上。",
        ]
        for number, start in enumerate(range(0, len(self.content), LINE_BYTES), start=1):
            part = self.content[start : start + LINE_BYTES]
            digits = part.hex()
            groups = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
            lines.append(f"{number:02} {groups} [{self._checksum(number, part)}]")
        return "\n".join([*lines, f"共 {(len(self.content) + LINE_BYTES - 1) // LINE_BYTES} 行", ""])

    def _checksum(self, line: int, part: bytes) -> str:
        return hashlib.sha256(f"{self.number} {self.made_with} {line} ".encode() + part).hexdigest()[:4]

    @classmethod
    def read(cls, text: str) -> "Share":
        """A share that was typed in or read from a file; raises `MasterKeyError` that names the line at fault."""
        heads = [found for line in text.splitlines() if (found := _HEAD.match(line.strip()))]
        counts = re.findall(r"^共 (\d+) 行$", text, re.MULTILINE)
        if len(heads) != 1 or len(counts) != 1:
            raise MasterKeyError("这不是一份完整的托管份额：应有“份额 …/2 套号 … 指纹 …”一行，末尾有“共 … 行”。")
        head = heads[0]
        empty = cls(int(head[1]), head[2], head[3], b"")
        content = b""
        count = 0
        for line in text.splitlines():
            found = _LINE.match(line.strip())
            if found is None:
                continue
            count += 1
            digits = found[2].replace(" ", "")
            part = bytes.fromhex(digits) if len(digits) % 2 == 0 else b""
            if int(found[1]) != count or empty._checksum(count, part) != found[3]:
                raise MasterKeyError(f"第 {empty.number} 份额第 {count} 行有误，请与原件核对。")
            content += part
        if count != int(counts[0]):
            raise MasterKeyError(f"第 {empty.number} 份额应有 {counts[0]} 行，读到 {count} 行，请与原件核对。")
        return cls(empty.number, empty.made_with, empty.fingerprint, content)


def split(master: MasterKey) -> tuple[Share, Share]:
    """Two shares: a random pad, and the file's content under it."""
    content = master.text().encode("ascii")
    pad = secrets.token_bytes(len(content))
    made_with = secrets.token_hex(4)
    other = bytes(a ^ b for a, b in zip(content, pad, strict=True))
    return Share(1, made_with, master.fingerprint(), pad), Share(2, made_with, master.fingerprint(), other)


def join(first: Share, second: Share) -> MasterKey:
    """The master key of two shares; raises `MasterKeyError` unless they are the two of one escrow."""
    if first.number == second.number:
        raise MasterKeyError("这是同一份额的两份抄本；需要份额 1/2 和 2/2 各一份。")
    if first.made_with != second.made_with or len(first.content) != len(second.content):
        raise MasterKeyError("两份额不属于同一次托管（套号不同），请找出套号相同的两份。")
    joined = bytes(a ^ b for a, b in zip(first.content, second.content, strict=True))
    master = MasterKey.from_text(joined.decode("ascii", errors="replace"))
    if master.fingerprint() != first.fingerprint:
        raise MasterKeyError("两份额合不出其指纹所示的主密钥，请与原件核对。")
    return master


def write_shares(master: MasterKey, directory: Path) -> None:
    """Writes two new shares for the custodians, in place of those of an earlier escrow."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, share in zip(SHARES, split(master), strict=True):
        (directory / name).unlink(missing_ok=True)
        write_secret(directory / name, share.text())


def read_shares(first: Path, second: Path) -> MasterKey:
    """The master key of two share files; raises `MasterKeyError`."""
    shares = []
    for path in (first, second):
        try:
            shares.append(Share.read(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            raise MasterKeyError(f"读不出托管份额 {path}。") from None
    return join(*shares)


def remove_shares(directory: Path) -> None:
    """The shares are in the custodians' hands: none stays here."""
    for name in SHARES:
        (directory / name).unlink(missing_ok=True)

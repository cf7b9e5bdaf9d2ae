#!/usr/bin/env python3
"""Checks a Gongkai evidence bundle with nothing but this file, Python's standard library and the public keys.

    python verify_bundle.py BUNDLE.json --keys KEYS.txt

It can be handed to a court as it stands. The formats are those of C2SP (tlog-checkpoint, tlog-cosignature, tlog-policy) and RFC 6962; what is shown
is taken from what was proved and from nowhere else, so that any changed value fails. Exit status: 0 all proved, 1 something is not, 2 unreadable.

It proves that these events stood in the log when its checkpoint was signed (and cosigned). It does not prove that what they say is true, nor
anything about the time before that checkpoint, nor that a case has no later events.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = "gongkai-bundle/1"
HASH_BYTES = 32
ED25519 = 0x01
COSIGNATURE = 0x04
LIMIT_BYTES = 64 * 1024 * 1024
"""The largest bundle that is read."""


class Unproved(ValueError):
    """What is wrong, in a sentence."""


# Hashes and trees (RFC 6962, RFC 9162 2.1.3.2 and 2.1.4.2)


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf, 32 bytes."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _even(value: int) -> bool:
    return value % 2 == 0


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root of a tree of `size` leaves that has this one at `index`; raises `Unproved`."""
    if not 0 <= index < size:
        raise Unproved("叶子的序号超出树的大小")
    if len(leaf) != HASH_BYTES or any(len(step) != HASH_BYTES for step in proof):
        raise Unproved("证明中的散列长度不对")
    at, last, root = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise Unproved("证明过长")
        if not _even(at) or at == last:
            root = node_hash(step, root)
            while _even(at) and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    if last:
        raise Unproved("证明过短")
    return root


def check_consistency(older: int, newer: int, older_root: bytes, newer_root: bytes, proof: Sequence[bytes]) -> None:
    """That the tree of `newer` leaves begins with that of `older` (at least 1); raises `Unproved`."""
    if not 0 < older <= newer:
        raise Unproved("两个树的大小不对")
    if older == newer:
        if proof or older_root != newer_root:
            raise Unproved("同样大小的树有两个不同的根")
        return
    if not proof or any(len(step) != HASH_BYTES for step in proof):
        raise Unproved("一致性证明为空或散列长度不对")
    steps = list(proof)
    if older & (older - 1) == 0:
        steps.insert(0, older_root)
    at, last = older - 1, newer - 1
    while not _even(at):
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Unproved("一致性证明过长")
        if not _even(at) or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while _even(at) and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    if last or first != older_root or second != newer_root:
        raise Unproved("较新的树不是由较早的树增长而来")


# Ed25519 (RFC 8032), strict: canonical encodings only

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _recover(encoded: bytes) -> _Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _I % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _sum_of_products(a: int, p: _Point, b: int, q: _Point) -> _Point:
    both = _add(p, q)
    total: _Point = (0, 1, 1, 0)
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        total = _add(total, total)
        which = (a >> bit & 1) | (b >> bit & 1) << 1
        if which:
            total = _add(total, (p, q, both)[which - 1])
    return total


_BASE = _recover((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) is by this key (32 bytes)."""
    if len(signature) != 64 or len(public) != 32:
        return False
    point, scalar = _recover(public), int.from_bytes(signature[32:], "little")
    if point is None or scalar >= _L or _BASE is None:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    x, y, z, _ = _sum_of_products(scalar, _BASE, challenge, (_P - point[0], point[1], 1, (_P - point[3]) % _P))
    inverse = pow(z, -1, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | ((x & 1) << 255)).to_bytes(32, "little") == signature[:32]


# What is signed: notes, keys and checkpoints as C2SP has them (signed-note, tlog-checkpoint and tlog-cosignature)


def encoded(data: bytes) -> str:
    """Base64 as the formats want it."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The bytes of canonical base64; raises `Unproved` for any other spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unproved("不是规范的 Base64") from None
    if encoded(data) != text:
        raise Unproved("不是规范的 Base64")
    return data


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


@dataclass(frozen=True)
class Key:
    """A public key with its name: `name+id+base64` as text."""

    name: str
    algorithm: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "Key":
        """From its text; raises `Unproved`."""
        name, _, rest = text.strip().partition("+")
        id, _, material = rest.partition("+")
        raw = decoded(material)
        if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE) or not name or " " in name:
            raise Unproved("公钥的写法不对")
        key = cls(name, raw[0], raw[1:])
        if key.id.hex() != id:
            raise Unproved(f"公钥 {name} 与它的编号不符")
        return key

    @property
    def id(self) -> bytes:
        """Its four bytes."""
        return key_id(self.name, self.algorithm, self.public)

    def __str__(self) -> str:
        """As it is written in a file of keys."""
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.algorithm]) + self.public)}"


def opened(note: str, keys: Iterable[Key]) -> tuple[str, dict[Key, int]]:
    """The text of a signed note and the known keys that signed it, each with its time (s since 1970; 0 without).

    A key that is not known is passed over; a wrong signature of a known key raises `Unproved`.
    """
    cut = note.rfind("\n\n")
    if cut < 0 or not note.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in note):
        raise Unproved("检查点的格式不对")
    text, lines = note[: cut + 1], note[cut + 2 :].split("\n")[:-1]
    known = {(key.name, key.id): key for key in keys}
    good: dict[Key, int] = {}
    for line in lines:
        if not line.startswith("— ") or line.count(" ") != 2:
            raise Unproved("检查点的签名行格式不对")
        _, name, material = line.split(" ")
        raw = decoded(material)
        key = known.get((name, raw[:4]))
        if key is None:
            continue
        time, message, signature = 0, text.encode(), raw[4:]
        if key.algorithm == COSIGNATURE:
            time = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {time}\n".encode() + message, signature[8:]
        if not signature_holds(key.public, message, signature):
            raise Unproved(f"{name} 的签名不成立")
        good[key] = time
    return text, good


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From the text of a note; raises `Unproved`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise Unproved("检查点的内容不对")
        root = decoded(lines[2])
        if len(root) != HASH_BYTES:
            raise Unproved("检查点的根长度不对")
        return cls(lines[0], int(lines[1]), root)

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @property
    def log(self) -> str:
        """The service whose log it is: the last part of the origin."""
        return self.origin.rpartition("/")[2]


@dataclass(frozen=True)
class Policy:
    """Whom one trusts: the keys of the logs, the witnesses, and how many of these must have cosigned."""

    logs: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    quorum: int

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """From a file of keys (c2sp.org/tlog-policy: log, witness, one group, quorum); raises `Unproved` with the line."""
        logs: list[Key] = []
        witnesses: dict[str, Key] = {}
        groups: dict[str, int] = {}
        quorum = 0
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].split()
            try:
                match words:
                    case []:
                        continue
                    case ["log", key, *_]:
                        logs.append(Key.parse(key))
                    case ["witness", name, key, *_]:
                        witnesses[name] = Key.parse(key)
                    case ["group", name, needed, *members] if all(member in witnesses for member in members):
                        groups[name] = len(members) if needed == "all" else 1 if needed == "any" else int(needed)
                    case ["quorum", "none"]:
                        quorum = 0
                    case ["quorum", name] if name in groups or name in witnesses:
                        quorum = groups.get(name, 1)
                    case _:
                        raise Unproved("看不懂这一行")
            except ValueError as error:
                raise Unproved(f"公钥文件第 {number} 行：{error}") from None
        if not logs:
            raise Unproved("公钥文件中没有日志的公钥（log 行）")
        return cls(tuple(logs), tuple(witnesses.values()), quorum)

    def head(self, note: str) -> tuple[Checkpoint, dict[Key, int]]:
        """The checkpoint of a note that the log signed and enough witnesses cosigned; raises `Unproved`."""
        text, good = opened(note, (*self.logs, *self.witnesses))
        checkpoint = Checkpoint.parse(text)
        if not any(key in good and key.name == checkpoint.origin for key in self.logs):
            raise Unproved(f"检查点 {checkpoint.origin} 没有日志自己的签名")
        cosigned = [key for key in self.witnesses if key in good]
        if len(cosigned) < self.quorum:
            raise Unproved(f"检查点 {checkpoint.origin} 的见证不足：需要 {self.quorum} 个，有 {len(cosigned)} 个")
        return checkpoint, good


# The bundle


@dataclass(frozen=True)
class Proved:
    """An event that is proved: where it stands, and its own stored content."""

    service: str
    position: int
    topic: str
    version: int
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """What came of checking a bundle."""

    case: str
    events: tuple[Proved, ...]
    heads: Mapping[str, tuple[Checkpoint, Mapping[Key, int]]]
    problems: tuple[str, ...]


def canonical(leaf: Mapping[str, Any]) -> bytes:
    """The one way to write a leaf."""
    return json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


LEAF = {"service": str, "position": int, "id": str, "version": int, "topic": str, "case": str, "state": str}
"""What a leaf says, and of which type."""


def checked(bundle: bytes, policy: Policy) -> Finding:
    """Checks everything that a bundle holds; raises `Unproved` only where it can't be read at all."""
    if len(bundle) > LIMIT_BYTES:
        raise Unproved("证据包过大")
    try:
        read = json.loads(bundle, object_pairs_hook=_once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unproved("证据包不是 JSON") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT or set(read) != {"format", "case", "checkpoints", "events"}:
        raise Unproved("不是 Gongkai 的证据包，或含有不能证明的内容")
    if not (isinstance(read["case"], str) and isinstance(read["checkpoints"], dict) and isinstance(read["events"], list)):
        raise Unproved("证据包的结构不对")
    problems: list[str] = []
    heads: dict[str, tuple[Checkpoint, dict[Key, int]]] = {}
    for service, note in read["checkpoints"].items():
        try:
            checkpoint, good = policy.head(str(note))
            if checkpoint.log != service:
                raise Unproved(f"检查点 {checkpoint.origin} 不是 {service} 的")
            heads[service] = checkpoint, good
        except Unproved as error:
            problems.append(str(error))
    proved: list[Proved] = []
    used: set[str] = set()
    for number, event in enumerate(read["events"], 1):
        try:
            found = _proved(event, read["case"], heads)
            used.add(found.service)
            proved.append(found)
        except Unproved as error:
            problems.append(f"第 {number} 个事件{_place(event)}：{error}")
    problems += _gaps(read["events"], proved)
    problems += [f"检查点 {service} 没有事件用到" for service in heads if service not in used and not problems]
    if not read["events"]:
        problems.append("证据包中没有事件")
    return Finding(read["case"], tuple(proved), heads, tuple(problems))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unproved("证据包中同一名称出现两次")
    return made


def _place(event: Any) -> str:
    leaf = event.get("leaf") if isinstance(event, dict) else None
    return f"（{leaf.get('service')}:{leaf.get('position')}）" if isinstance(leaf, dict) else ""


def _proved(event: Any, case: str, heads: Mapping[str, tuple[Checkpoint, Mapping[Key, int]]]) -> Proved:
    if not isinstance(event, dict) or set(event) != {"leaf", "state", "proof"} or not isinstance(event["proof"], list):
        raise Unproved("结构不对，或含有不能证明的内容")
    leaf = event["leaf"]
    if not isinstance(leaf, dict) or {name: type(value) for name, value in leaf.items()} != LEAF:
        raise Unproved("叶子的结构不对")
    state = decoded(event["state"]) if isinstance(event["state"], str) else b""
    if hashlib.sha256(state).hexdigest() != leaf["state"]:
        raise Unproved("内容与叶子中的散列不符：内容被改动")
    if leaf["case"] != case:
        raise Unproved("不属于这件事")
    if leaf["service"] not in heads:
        raise Unproved(f"没有 {leaf['service']} 的有效检查点")
    checkpoint, _ = heads[leaf["service"]]
    steps = [decoded(step) if isinstance(step, str) else b"" for step in event["proof"]]
    if root_from_inclusion(leaf_hash(canonical(leaf)), leaf["position"] - 1, checkpoint.size, steps) != checkpoint.root:
        raise Unproved("不在检查点所签的日志中：事件被改动、换位或伪造")
    return Proved(leaf["service"], leaf["position"], leaf["topic"], leaf["version"], json.loads(state))


def _gaps(events: Sequence[Any], proved: Sequence[Proved]) -> list[str]:
    """An event twice, or a thing of which an earlier event is missing: its versions run from 1 without a gap."""
    problems = []
    places = [(event.service, event.position) for event in proved]
    problems += [f"{service}:{position} 出现两次" for service, position in sorted(set(places)) if places.count((service, position)) > 1]
    versions: dict[tuple[str, str], list[int]] = {}
    for event in events:
        if isinstance(event, dict) and isinstance(leaf := event.get("leaf"), dict):
            versions.setdefault((str(leaf.get("service")), str(leaf.get("id"))), []).append(leaf.get("version", 0))
    for (service, id), have in versions.items():
        missing = sorted(set(range(1, max(have) + 1)) - set(have)) if all(isinstance(one, int) for one in have) else []
        if missing:
            problems.append(f"{service} 的 {id} 缺少第 {'、'.join(map(str, missing))} 个事件")
    return problems


def told(finding: Finding) -> str:
    """A finding as text."""
    lines = [f"事项 {finding.case}"]
    for event in sorted(finding.events, key=lambda one: (str(one.content.get("recorded_at")), one.service, one.position)):
        content = event.content
        actor = content.get("actor") or {}
        article = f"，依据{content['article']}" if content.get("article") else ""
        lines.append(
            f"  {content.get('recorded_at')}  {event.service}:{event.position}  {event.topic}  {actor.get('person')}（{'、'.join(actor.get('roles', ()))}）{article}"
        )
    for checkpoint, good in finding.heads.values():
        times = [datetime.fromtimestamp(time, UTC).isoformat() for time in good.values() if time]
        seen = f"，见证于 {'、'.join(sorted(times))}" if times else "，无见证（只有日志自己的签名，不能证明签名的时间）"
        lines.append(f"检查点 {checkpoint.origin}：{checkpoint.size} 个事件{seen}")
    lines += [f"✗ {problem}" for problem in finding.problems]
    lines.append("✗ 不能证明" if finding.problems else f"✓ {len(finding.events)} 个事件全部得到证明")
    return "\n".join(lines) + "\n"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="核对 Gongkai 证据包，只用本文件和公钥")
    parser.add_argument("bundle", type=Path, help="证据包")
    parser.add_argument("--keys", type=Path, required=True, help="公钥文件（gongkai ledger keys 输出的，须从可信的地方取得）")
    chosen = parser.parse_args()
    try:
        finding = checked(chosen.bundle.read_bytes(), Policy.parse(chosen.keys.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, Unproved) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(told(finding))
    return 1 if finding.problems else 0


if __name__ == "__main__":
    sys.exit(main())

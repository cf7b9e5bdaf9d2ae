"""The heads that others hold, against the ledger: what the witnesses have seen, and what receipts and bundles were given out with.

The stores alone cannot tell that they were all taken back to yesterday, or written anew with the signing key: whoever saw a later or another head can.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import psycopg

from services.audit.evidence import Trouble
from services.audit.heads import Head, WitnessAt, newest, witnesses
from services.audit.tree import tree_of
from shared.settings import Settings
from shared.trust.verify_bundle import Checkpoint, Policy, Unproved, encoded


def witnesses_agree(
    client: httpx.Client, connection: psycopg.Connection[Any], settings: Settings, sources: Sequence[str]
) -> Iterator[Trouble | str]:
    """Shows every log's last head to every witness; yields what contradicts what it has seen, or a sentence for a witness that does not answer."""
    for witness in witnesses(settings):
        for source in sources:
            head = newest(connection, source)
            if head is None:
                continue
            try:
                trouble = _contradicted(client, connection, head, witness)
            except httpx.HTTPError as error:
                yield f"见证者 {witness.key.name} 无法访问（{type(error).__name__}），没有核对"
                break
            if trouble is not None:
                yield trouble


def _contradicted(client: httpx.Client, connection: psycopg.Connection[Any], head: Head, witness: WitnessAt) -> Trouble | None:
    name, old = witness.key.name, head.size
    for _ in range(3):
        proof = [encoded(step) for step in tree_of(connection, head.source).consistency(old, head.size)]
        answer = client.post(f"{witness.url}/add-checkpoint", content="\n".join((f"old {old}", *proof, "", head.note)))
        if answer.status_code == 200:
            return None
        seen = int(answer.text) if answer.status_code == 409 and answer.text.strip().isdecimal() else None
        if seen is not None and seen > head.size:
            told = f"见证者 {name} 见过 {seen} 个事件的检查点，这里最后的只有 {head.size} 个：日志被退回，或者出示的是旧检查点"
            return Trouble(head.source, 0, told)
        if seen == head.size:
            return Trouble(head.source, 0, f"见证者 {name} 见过同样大小、另一个根的检查点：同一日志有两个检查点")
        if seen is None:
            return Trouble(head.source, 0, f"见证者 {name} 见过的检查点不在这个日志之中：总账被重写（{answer.status_code}）")
        old = seen
    return Trouble(head.source, 0, f"见证者 {name} 每次所见不同，无法核对")


def notes_in(content: str) -> list[str]:
    """The signed heads in a bundle, a receipt, or a file that is one."""
    try:
        read = json.loads(content)
    except ValueError:
        return [content]
    if not isinstance(read, dict):
        return []
    if isinstance(read.get("proof"), str):
        return [read["proof"].split("\n\n", 1)[-1]]
    checkpoints = read.get("checkpoints")
    return [str(note) for note in checkpoints.values()] if isinstance(checkpoints, dict) else []


def held_agree(connection: psycopg.Connection[Any], policy: Policy, contents: Sequence[str]) -> Iterator[Trouble | Checkpoint]:
    """Each head that others hold: itself, where the ledger still begins with it, or what is wrong."""
    for note in (note for content in contents for note in notes_in(content)):
        try:
            checkpoint, _ = policy.head(note)
        except Unproved as error:
            yield Trouble("", 0, str(error))
            continue
        tree = tree_of(connection, checkpoint.log)
        if tree.size < checkpoint.size:
            told = f"有人持有 {checkpoint.size} 个事件的检查点，这里只有 {tree.size} 个：日志被退回"
            yield Trouble(checkpoint.log, 0, told)
        elif tree.root(checkpoint.size) != checkpoint.root:
            yield Trouble(checkpoint.log, 0, f"有人持有的 {checkpoint.size} 个事件的检查点与总账不符：总账被重写，或者另签了一个检查点")
        else:
            yield checkpoint

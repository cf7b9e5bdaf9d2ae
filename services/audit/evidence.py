"""What the ledger proves to the world: a case as a bundle that verifies offline, the receipt of one event, and whether the stores still hold what was signed."""

import base64
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from services.audit.heads import Head, newest
from services.audit.ledger import Difference, leaf_of
from services.audit.ledger import compare as compare_log
from services.audit.tree import Altered, made_again, tiles_kept, tree_of
from shared.kernel.errors import NotFound, Unavailable
from shared.trust.verify_bundle import FORMAT, Checkpoint, Policy, Unproved, encoded, opened

EVENTS_IN_A_BUNDLE = 20_000
"""The most events of one case that are put into a bundle."""

OF_CASE = """SELECT source, position, originator_id, originator_version, topic, case_id, state FROM ledger
    WHERE case_id = %s ORDER BY source, position LIMIT %s"""

AT = """SELECT source, position, originator_id, originator_version, topic, case_id, state FROM ledger WHERE source = %s AND position = %s"""


def bundle(connection: psycopg.Connection[Any], case: UUID) -> bytes:
    """A case with the proof of each of its events, as canonical JSON; raises `NotFound`, or `Unavailable` until its last event is under a published head."""
    rows = connection.cursor(row_factory=tuple_row).execute(OF_CASE, (case, EVENTS_IN_A_BUNDLE + 1), binary=True).fetchall()
    if not rows:
        raise NotFound("no-such-case", "总账中没有这件事，请核对编号；刚刚办理的，稍后再查。")
    if len(rows) > EVENTS_IN_A_BUNDLE:
        raise Unavailable("bundle-too-large", f"这件事的事件超过 {EVENTS_IN_A_BUNDLE} 个，不能放入一个证据包。", retry_after=3600)
    sources = sorted({row[0] for row in rows})
    heads = {source: head_over(connection, source, max(row[1] for row in rows if row[0] == source)) for source in sources}
    trees = {source: tree_of(connection, source) for source in sources}
    events = []
    for source, position, id, version, topic, case_id, state in rows:
        events.append(
            {
                "leaf": leaf_of(source, position, id, version, topic, case_id, bytes(state)),
                "state": base64.b64encode(state).decode(),
                "proof": [encoded(step) for step in trees[source].inclusion(position - 1, heads[source].size)],
            }
        )
    made = {"format": FORMAT, "case": str(case), "checkpoints": {source: head.note for source, head in heads.items()}, "events": events}
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def head_over(connection: psycopg.Connection[Any], source: str, position: int) -> Head:
    """The last published head of a log, which covers this position; raises `Unavailable` while there is none."""
    head = newest(connection, source, published=True)
    if head is None or head.size < position:
        raise Unavailable("not-yet-signed", "这件事最近的办理还没有进入已公布的检查点，请一分钟后再取。", retry_after=30)
    return head


def receipt(connection: psycopg.Connection[Any], source: str, position: int, id: UUID) -> dict[str, Any]:
    """That one event was recorded, and no later than when: its leaf (no content), its proof and the head. `id` is the thing's, which its owner knows.

    Raises `NotFound`, or `Unavailable` until a published head covers it.
    """
    row = connection.cursor(row_factory=tuple_row).execute(AT, (source, position), binary=True).fetchone()
    if row is None or row[2] != id:
        raise NotFound("no-such-event", "总账中没有这一条，请核对编号和位置；刚刚提交的，稍后再取。")
    head = head_over(connection, source, position)
    steps = tree_of(connection, source).inclusion(position - 1, head.size)
    proof = "".join(("c2sp.org/tlog-proof@v1\n", f"index {position - 1}\n", *(f"{encoded(step)}\n" for step in steps), "\n", head.note))
    _, _, _, version, topic, case, state = row
    return {
        "leaf": leaf_of(source, position, id, version, topic, case, bytes(state)),
        "proof": proof,
        "signed_at": head.signed_at.isoformat(timespec="seconds"),
    }


class Trouble(NamedTuple):
    """Something that is not as it was signed: in which log, at which position (0: the log as a whole), and what."""

    source: str
    position: int
    told: str


SENTENCES = {
    "missing": "总账中缺少这个事件",
    "changed": "服务的日志与总账中的副本不一致",
    "extra": "总账中有、服务的日志中没有：日志被删去或退回",
    "backdated": "记录时间早于它前面的事件：倒填日期",
}


def compared(ledger: psycopg.Connection[Any], log: psycopg.Connection[Any], source: str) -> tuple[int, list[Trouble]]:
    """Compares a service's log with the ledger's copy, row by row; how many agree, and each difference."""
    agreeing, differences = compare_log(ledger, log, source)
    last = (log.cursor(row_factory=tuple_row).execute("SELECT coalesce(max(position), 0) FROM events").fetchone() or (0,))[0]
    beyond = ledger.cursor(row_factory=tuple_row).execute(
        "SELECT position FROM ledger WHERE source = %s AND position > %s ORDER BY position LIMIT 100", (source, last)
    )
    differences += [Difference(source, position, "extra") for (position,) in beyond]
    differences += [Difference(source, position, "missing") for position in gaps(log)]
    return agreeing, [Trouble(source, one.position, SENTENCES[one.kind]) for one in differences]


def gaps(log: psycopg.Connection[Any]) -> list[int]:
    """Positions that a log jumps over: they are dense, so that something was deleted there."""
    rows = log.cursor(row_factory=tuple_row).execute(
        "SELECT before + 1 FROM (SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before FROM events) AS e "
        "WHERE position > before + 1 LIMIT 100"
    )
    return [at for (at,) in rows]


def heads_hold(connection: psycopg.Connection[Any], policy: Policy, sources: Sequence[str]) -> Iterator[Trouble | Checkpoint]:
    """For each log that was signed: its last head if the ledger's rows still lead to it, or what is wrong.

    What was published has to carry the witnesses' quorum still.
    """
    for source in sources:
        head = newest(connection, source)
        if head is None:
            continue
        try:
            text, good = opened(head.note, (*policy.logs, *policy.witnesses))
            checkpoint = Checkpoint.parse(text)
            if not any(key in good and key.name == checkpoint.origin for key in policy.logs):
                raise Unproved(f"检查点 {checkpoint.origin} 没有日志自己的签名")
            published = newest(connection, source, published=True)
            if published is not None:
                policy.head(published.note)
            root, tiles = made_again(connection, source, checkpoint.size)
            if root != checkpoint.root:
                yield Trouble(source, 0, f"总账的 {checkpoint.size} 个事件得不出已签检查点的根：有事件被改动、换位或重写")
            elif not tiles_kept(connection, source, tiles):
                yield Trouble(source, 0, "保存的树与总账不符：由它取得的证明不会成立")
            else:
                yield checkpoint
        except Altered as altered:
            yield Trouble(source, altered.position, "总账中缺少已签检查点之内的事件")
        except (Unproved, ValueError) as error:
            yield Trouble(source, 0, str(error))

"""Whoever changes what was recorded is found: in a service's log, in the ledger, in both at once, in the heads, and in a bundle that was given out."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from services.audit.evidence import Trouble, bundle, compared, heads_hold, receipt
from services.audit.heads import origin, policy_text, sign
from services.audit.held_heads import held_agree, witnesses_agree
from services.audit.ledger import LedgerWriter, leaf
from services.audit.tree import Altered, grow, tree_of
from shared.kernel.errors import NotFound, Unavailable
from shared.messaging.messages import Message
from shared.platform.databases import statements
from shared.settings import Settings
from shared.trust.log_key import LogKey
from shared.trust.verify_bundle import Checkpoint, Policy, Unproved, canonical, checked, encoded, leaf_hash, root_from_inclusion
from shared.trust.witness import Refused, Witness

CASES = [UUID(int=number) for number in range(1, 5)]
COUNT = 600
"""Events of the log: more than two tiles."""


def state_of(number: int) -> bytes:
    return json.dumps({"recorded_at": f"2026-01-01T00:00:{number % 60:02d}Z", "data": {"number": number, "text": "依申请公开"}}).encode()


@dataclass
class Bench:
    """A log and its ledger in one database, its signed head, and the superuser's connection, to whom everything is possible."""

    connection: psycopg.Connection[Any]
    settings: Settings
    key: LogKey
    policy: Policy

    def troubles(self) -> list[Trouble]:
        """What `gongkai verify --stores` finds."""
        held = heads_hold(self.connection, self.policy, ["requests"])
        return [*compared(self.connection, self.connection, "requests")[1], *(one for one in held if isinstance(one, Trouble))]


@pytest.fixture(scope="module")
def made(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    name = f"gongkai_tampering_{uuid4().hex[:8]}"
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'")
        dsn = settings.dsn("postgres").replace("dbname=postgres", f"dbname={name}")
        key = LogKey.create(tmp_path_factory.mktemp("key") / "ledger.key")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statements("audit").encode())
            messages = []
            for position in range(1, COUNT + 1):
                case = CASES[position % len(CASES)]
                lane = case.int % 16
                messages.append(
                    Message(
                        "requests", position, lane, max(0, position - len(CASES)), UUID(int=9), uuid4(), case, "requests.Tried:1", "gy",
                        case, (position - 1) // len(CASES) + 1, state_of(position),
                    )
                )  # fmt: skip
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    [
                        (m.position, m.originator_id, m.version, m.topic, m.state, m.event_id, m.case_id, m.agency, m.lane, m.lane_before)
                        for m in messages
                    ],
                )
            writer = LedgerWriter("requests", dsn)
            writer.store(messages)
            writer.close()
            assert [grow(connection, "requests", batch) for batch in (250, 7, 1000, 1000)] == [250, 7, 343, 0]
            assert sign(connection, settings, key, "requests") is not None
            connection.execute("UPDATE checkpoint SET published_at = now()")
            connection.execute("SET session_replication_role = replica")
            yield Bench(connection, settings, key, Policy.parse(policy_text(settings, key)))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bench(made: Bench) -> Iterator[Bench]:
    """What a test changes is undone after it."""
    with made.connection.transaction(force_rollback=True):
        yield made


def in_both(bench: Bench, change: str, values: tuple[Any, ...]) -> None:
    for table, only in (("events", ""), ("ledger", " AND source = 'requests'")):
        bench.connection.execute(change.format(table=table) + only, values)


def test_what_nobody_touched_holds(bench: Bench) -> None:
    assert compared(bench.connection, bench.connection, "requests") == (COUNT, [])
    assert bench.troubles() == []


@given(st.integers(1, COUNT), st.data())
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_any_byte_that_is_changed_is_found(made: Bench, position: int, data: st.DataObject) -> None:
    state = bytearray(state_of(position))
    state[data.draw(st.integers(0, len(state) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    where = data.draw(st.sampled_from(("log", "ledger", "both")))
    with made.connection.transaction(force_rollback=True):
        if where in ("log", "both"):
            made.connection.execute("UPDATE events SET state = %s WHERE position = %s", (bytes(state), position))
        if where in ("ledger", "both"):
            made.connection.execute("UPDATE ledger SET state = %s WHERE position = %s", (bytes(state), position))
        troubles = made.troubles()
        if where != "both":
            assert Trouble("requests", position, "服务的日志与总账中的副本不一致") in troubles
        if where != "log":
            assert any("根" in trouble.told for trouble in troubles)
        assert troubles


def test_both_stores_rewritten_with_new_leaves_are_found_by_the_signed_head(bench: Bench) -> None:
    state = state_of(7777)
    row = bench.connection.execute("SELECT originator_id, originator_version, topic, case_id FROM ledger WHERE position = 42").fetchone()
    assert row is not None
    in_both(bench, "UPDATE {table} SET state = %s WHERE position = 42", (state,))
    new = leaf("requests", 42, row[0], row[1], row[2], row[3], state)
    bench.connection.execute("UPDATE ledger SET leaf = %s WHERE position = 42", (new,))
    assert compared(bench.connection, bench.connection, "requests") == (COUNT, [])
    assert [trouble.told for trouble in bench.troubles()] == ["总账的 600 个事件得不出已签检查点的根：有事件被改动、换位或重写"]


def test_an_event_that_is_deleted_is_found(bench: Bench) -> None:
    bench.connection.execute("DELETE FROM events WHERE position = 300")
    assert Trouble("requests", 300, "总账中缺少这个事件") in bench.troubles()
    in_both(bench, "DELETE FROM {table} WHERE position = 300", ())
    assert Trouble("requests", 300, "总账中缺少已签检查点之内的事件") in bench.troubles()


def test_an_event_that_is_inserted_is_found(bench: Bench) -> None:
    bench.connection.execute(
        "INSERT INTO events SELECT 601, gen_random_uuid(), 1, topic, state, gen_random_uuid(), case_id, agency, lane, 600 FROM events WHERE position = 1"
    )
    assert bench.troubles() == [Trouble("requests", 601, "总账中缺少这个事件")]


def test_two_events_that_changed_places_are_found(bench: Bench) -> None:
    for step in ("SET position = -1 WHERE position = 10", "SET position = 10 WHERE position = 11", "SET position = 11 WHERE position = -1"):
        in_both(bench, f"UPDATE {{table}} {step}", ())
    assert any("根" in trouble.told for trouble in bench.troubles())


def test_a_log_that_was_rolled_back_is_found(bench: Bench) -> None:
    bench.connection.execute("DELETE FROM events WHERE position > 590")
    assert [(one.position, one.told) for one in bench.troubles()] == [
        (position, "总账中有、服务的日志中没有：日志被删去或退回") for position in range(591, 601)
    ]


def test_ciphertexts_that_were_swapped_are_found(bench: Bench) -> None:
    in_both(
        bench,
        "UPDATE {table} SET state = CASE position WHEN 20 THEN %s::bytea ELSE %s::bytea END WHERE position IN (20, 21)",
        (state_of(21), state_of(20)),
    )
    assert any("根" in trouble.told for trouble in bench.troubles())


def test_no_head_is_signed_that_does_not_grow_from_the_last(bench: Bench) -> None:
    bench.connection.execute("UPDATE tile SET hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) WHERE level = 1 AND number = 0")
    with pytest.raises(Altered):
        sign(bench.connection, bench.settings, bench.key, "requests")
    assert any("树" in trouble.told for trouble in bench.troubles())


def test_a_stored_tree_that_was_changed_is_found(bench: Bench) -> None:
    bench.connection.execute("UPDATE tile SET hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) WHERE level = 0 AND number = 0")
    assert [trouble.told for trouble in bench.troubles()] == ["保存的树与总账不符：由它取得的证明不会成立"]


def test_a_row_that_was_changed_before_the_tree_took_it_is_found(bench: Bench) -> None:
    bench.connection.execute("DELETE FROM tile")
    bench.connection.execute("DELETE FROM tree")
    bench.connection.execute("UPDATE ledger SET state = %s WHERE position = 5", (state_of(6),))
    with pytest.raises(Altered, match="requests:5"):
        grow(bench.connection, "requests")


def test_a_head_that_another_key_signed_is_found(bench: Bench, tmp_path: Path) -> None:
    other = LogKey.create(tmp_path / "other.key")
    bench.connection.execute("DELETE FROM checkpoint")
    sign(bench.connection, bench.settings, other, "requests")
    assert [trouble.told for trouble in bench.troubles()] == [f"检查点 {origin(bench.settings, 'requests')} 没有日志自己的签名"]


def test_a_bundle_holds_and_shows_what_it_proves(bench: Bench) -> None:
    finding = checked(bundle(bench.connection, CASES[2]), bench.policy)
    assert finding.problems == ()
    assert [event.content["data"]["number"] for event in finding.events] == list(range(2, COUNT + 1, 4))


def test_a_bundle_without_enough_witnesses_fails(bench: Bench) -> None:
    strict = Policy(bench.policy.logs, (), 1)
    assert any("见证不足" in problem for problem in checked(bundle(bench.connection, CASES[0]), strict).problems)


def values(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything in a bundle that is no list and no object."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from values(value, (*path, key))
    else:
        yield path


@given(st.data())
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_value_of_a_bundle_that_is_changed_is_found(made: Bench, data: st.DataObject) -> None:
    read = json.loads(bundle(made.connection, CASES[1]))
    # A few of its events are enough, and quicker: those before the last of each thing may go, from the end.
    del read["events"][4:]
    assert checked(json.dumps(read).encode(), made.policy).problems == ()
    *inner, last = data.draw(st.sampled_from(sorted(values(read), key=str)))
    node = read
    for key in inner:
        node = node[key]
    value = node[last]
    if isinstance(value, int):
        node[last] = data.draw(st.integers(-3, COUNT + 5).filter(lambda other: other != value))
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        sign = data.draw(st.sampled_from("aA0/—\n").filter(lambda other: other != value[at]))
        node[last] = value[:at] + sign + value[at + 1 :]
    try:
        problems = checked(json.dumps(read).encode(), made.policy).problems
    except Unproved:
        return
    assert problems


@pytest.mark.parametrize("harm", ["without the first", "twice", "more than is proved", "another order"])
def test_a_bundle_with_events_left_out_or_added_is_found(bench: Bench, harm: str) -> None:
    read = json.loads(bundle(bench.connection, CASES[1]))
    if harm == "without the first":
        del read["events"][0]
    elif harm == "twice":
        read["events"].append(read["events"][0])
    elif harm == "more than is proved":
        read["events"][0]["note"] = "本件已依法公开"
    else:
        read["events"][0]["proof"], read["events"][1]["proof"] = read["events"][1]["proof"], read["events"][0]["proof"]
    assert checked(json.dumps(read).encode(), bench.policy).problems


def test_a_receipt_proves_that_an_event_was_recorded(bench: Bench) -> None:
    got = receipt(bench.connection, "requests", 77, CASES[1])
    head, note = got["proof"].split("\n\n", 1)
    first, index, *steps = head.split("\n")
    assert (first, index) == ("c2sp.org/tlog-proof@v1", "index 76")
    checkpoint, _ = bench.policy.head(note)
    proof = [base64.b64decode(step) for step in steps]
    assert root_from_inclusion(leaf_hash(canonical(got["leaf"])), 76, checkpoint.size, proof) == checkpoint.root
    # The same by an implementation that is not ours.
    from scitt_cose.merkle import verify_inclusion

    stated = canonical(got["leaf"]).hex()
    steps_told = [step.hex() for step in proof]
    assert verify_inclusion(stated, 76, checkpoint.size, steps_told, checkpoint.root.hex())
    assert not verify_inclusion(stated, 75, checkpoint.size, steps_told, checkpoint.root.hex())
    with pytest.raises(NotFound):
        receipt(bench.connection, "requests", 77, CASES[0])


Attack = Callable[["Cosigned", st.DataObject], str]
"""Changes what is stored; returns the words by which it is to be named."""


@dataclass
class Cosigned:
    """The bench after a witness has cosigned two of its heads (of 400 and of 600 events), and the last of them was given out."""

    bench: Bench
    settings: Settings
    policy: Policy
    client: httpx.Client
    given_out: str

    def troubles(self) -> list[str]:
        """Everything that `gongkai verify --stores --held FILE` says is wrong."""
        connection = self.bench.connection
        found: list[Any] = [*compared(connection, connection, "requests")[1], *heads_hold(connection, self.policy, ["requests"])]
        found += held_agree(connection, self.policy, [self.given_out])
        found += witnesses_agree(self.client, connection, self.settings, ["requests"])
        assert not any(isinstance(one, str) for one in found)
        return [one.told for one in found if isinstance(one, Trouble)]


def answered(witness: Witness, asked: httpx.Request) -> httpx.Response:
    """What the witness answers."""
    try:
        return httpx.Response(200, text=witness.add(asked.content.decode()))
    except Refused as refused:
        return httpx.Response(refused.status, text=refused.told)


@pytest.fixture(scope="module")
def cosigned(made: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cosigned]:
    witness = Witness("w.test", made.key.public(origin(made.settings, "requests")), tmp_path_factory.mktemp("witness"))
    settings = made.settings.model_copy(update={"witnesses": (f"{witness.public} http://w.test",), "witness_quorum": 1})
    policy = Policy.parse(policy_text(settings, made.key))
    tree, old = tree_of(made.connection, "requests"), 0
    with made.connection.transaction(force_rollback=True):
        made.connection.execute("DELETE FROM checkpoint")
        for size in (400, COUNT):
            named = origin(settings, "requests")
            note = made.key.signed(Checkpoint(named, size, tree.root(size)).text, named)
            note += witness.add("\n".join((f"old {old}", *(encoded(step) for step in tree.consistency(old, size)), "", note)))
            made.connection.execute("INSERT INTO checkpoint VALUES ('requests', %s, %s, 1, now(), now())", (size, note))
            old = size
        yield Cosigned(made, settings, policy, httpx.Client(transport=httpx.MockTransport(lambda asked: answered(witness, asked))), note)
    witness.close()


def signed_anew(on: Cosigned) -> None:
    """The operator makes every leaf, the tree and a head anew, with the signing key at hand, and forgets the heads before."""
    connection = on.bench.connection
    rows = connection.execute(
        "SELECT position, originator_id, originator_version, topic, case_id, state FROM ledger ORDER BY position"
    ).fetchall()
    for position, id, version, topic, case, state in rows:
        made = leaf("requests", position, id, version, topic, case, state)
        connection.execute("UPDATE ledger SET leaf = %s WHERE position = %s", (made, position))
    for table in ("tile", "tree", "checkpoint"):
        connection.execute(f"DELETE FROM {table}")
    while grow(connection, "requests"):
        pass
    assert sign(connection, on.settings, on.bench.key, "requests") is not None


def put_at(on: Cosigned, places: dict[int, int]) -> None:
    """Events go from their positions to others, in the log and in the ledger."""
    for old, new in places.items():
        in_both(on.bench, "UPDATE {table} SET position = %s WHERE position = %s", (-new, old))
    for new in places.values():
        in_both(on.bench, "UPDATE {table} SET position = %s WHERE position = %s", (new, -new))


def flip(on: Cosigned, draw: st.DataObject) -> str:
    position = draw.draw(st.integers(1, COUNT))
    state = bytearray(state_of(position))
    state[draw.draw(st.integers(0, len(state) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    in_both(on.bench, "UPDATE {table} SET state = %s WHERE position = %s", (bytes(state), position))
    return "有事件被改动、换位或重写"


def delete(on: Cosigned, draw: st.DataObject) -> str:
    in_both(on.bench, "DELETE FROM {table} WHERE position = %s", (draw.draw(st.integers(1, COUNT - 1)),))
    return "总账中缺少已签检查点之内的事件"


def insert(on: Cosigned, draw: st.DataObject) -> str:
    at = draw.draw(st.integers(1, COUNT))
    put_at(on, {position: position + 1 for position in range(COUNT, at - 1, -1)})
    fresh = (at, uuid4(), state_of(at), uuid4())
    on.bench.connection.execute(
        "INSERT INTO events SELECT %s, %s, 1, topic, %s, %s, case_id, agency, lane, 0 FROM events WHERE position = %s", (*fresh, COUNT + 1)
    )
    on.bench.connection.execute(
        "INSERT INTO ledger SELECT source, %s, incarnation, %s, %s, 1, topic, case_id, agency, %s, leaf FROM ledger WHERE position = %s",
        (at, fresh[3], fresh[1], fresh[2], COUNT + 1),
    )
    return "有事件被改动、换位或重写"


def reorder(on: Cosigned, draw: st.DataObject) -> str:
    first = draw.draw(st.integers(1, COUNT - 5))
    order = draw.draw(st.permutations(range(first, first + 5)).filter(lambda one: one != sorted(one)))
    put_at(on, dict(zip(range(first, first + 5), order, strict=True)))
    return "有事件被改动、换位或重写"


def swap_two(on: Cosigned, draw: st.DataObject) -> str:
    one, other = draw.draw(st.lists(st.integers(1, COUNT), min_size=2, max_size=2, unique=True))
    put_at(on, {one: other, other: one})
    return "有事件被改动、换位或重写"


def roll_back(on: Cosigned, draw: st.DataObject) -> str:
    last = draw.draw(st.integers(1, COUNT - 1))
    in_both(on.bench, "DELETE FROM {table} WHERE position > %s", (last,))
    signed_anew(on)
    return "日志被退回"


def rewrite(on: Cosigned, draw: st.DataObject) -> str:
    in_both(on.bench, "UPDATE {table} SET state = %s WHERE position = %s", (state_of(7777), draw.draw(st.integers(1, COUNT))))
    on.bench.connection.execute("DELETE FROM events WHERE position > %s", (COUNT,))
    signed_anew(on)
    return "总账被重写"


def second_head(on: Cosigned, _draw: st.DataObject) -> str:
    rewrite(on, _draw)
    return "同一日志有两个检查点"


def old_head(on: Cosigned, _draw: st.DataObject) -> str:
    on.bench.connection.execute("DELETE FROM checkpoint WHERE size > 400")
    return "出示的是旧检查点"


def backdate(on: Cosigned, draw: st.DataObject) -> str:
    state = state_of(1).replace(b"2026-01-01", f"{draw.draw(st.integers(2000, 2025))}-01-01".encode())
    fresh = (COUNT + 1, uuid4(), state, uuid4())
    on.bench.connection.execute(
        "INSERT INTO events SELECT %s, %s, 1, topic, %s, %s, case_id, agency, lane, 0 FROM events WHERE position = 1", fresh
    )
    return "倒填日期"


def swap_ciphertexts(on: Cosigned, draw: st.DataObject) -> str:
    one, other = draw.draw(st.lists(st.integers(1, COUNT), min_size=2, max_size=2, unique=True))
    for at, state in ((one, state_of(other)), (other, state_of(one))):
        in_both(on.bench, "UPDATE {table} SET state = %s WHERE position = %s", (state, at))
    return "有事件被改动、换位或重写"


def forge_cosignature(on: Cosigned, draw: st.DataObject) -> str:
    text, _, line = on.given_out.rpartition("— ")
    name, signature = line.split()
    raw = bytearray(base64.b64decode(signature))
    raw[draw.draw(st.integers(4, len(raw) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    forged = f"{text}— {name} {base64.b64encode(raw).decode()}\n"
    on.bench.connection.execute("UPDATE checkpoint SET note = %s WHERE size = %s", (forged, COUNT))
    return "w.test 的签名不成立"


ATTACKS = (
    flip, delete, insert, reorder, swap_two, roll_back, rewrite, second_head, old_head, backdate, swap_ciphertexts, forge_cosignature,
)  # fmt: skip


def test_what_was_cosigned_and_left_alone_holds(cosigned: Cosigned) -> None:
    assert cosigned.troubles() == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@given(draw=st.data())
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=5, deadline=None)
def test_after_a_cosigned_checkpoint_each_attack_is_found_and_named(cosigned: Cosigned, attack: Attack, draw: st.DataObject) -> None:
    with cosigned.bench.connection.transaction(force_rollback=True):
        named = attack(cosigned, draw)
        told = cosigned.troubles()
        assert any(named in one for one in told), told


def test_what_is_not_under_a_published_head_yet_is_said_to_be_so(bench: Bench) -> None:
    bench.connection.execute("UPDATE checkpoint SET published_at = NULL")
    with pytest.raises(Unavailable):
        bundle(bench.connection, CASES[0])
    assert tree_of(bench.connection, "requests").size == COUNT

"""The keys of personal data against PostgreSQL: prepared in blocks, dropped when destroyed, useless under another master key."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from shared.kernel.identity import fresh_id
from shared.settings import Settings
from shared.trust import setup
from shared.trust.keys import ERASED, Erased, Keys, KeyUnavailable, Tampered
from shared.trust.master import MasterKey, MasterKeyError
from shared.trust.personal import Personal

TOPIC = "requests.RequestReceived:1"
TWO = {"requested_by": "person-1", "approved_by": "person-2", "basis": "个人信息保护法第四十七条"}


def dsn(settings: Settings) -> str:
    return settings.dsn("keys", role="gongkai_keys")


@pytest.fixture
def another(settings: Settings) -> Iterator[Keys]:
    """The keys of another process, which prepares small blocks."""
    made = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=16)
    yield made
    made.close()


@pytest.fixture
def agency() -> str:
    return f"agency-{fresh_id().hex}"


def personal(keys: Keys, text: str, agency: str) -> Personal:
    event_id = fresh_id()
    return Personal.sealed(keys.seal(keys.take(agency), event_id, "name", TOPIC, text), event_id, "name", TOPIC)


def key_of(value: Personal) -> UUID:
    return UUID(hex=value.token.split(":")[1])


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.01)


def erased(keys: Keys, value: Personal) -> bool:
    return keys.show(value) == ERASED


@given(st.text(max_size=300) | st.sampled_from(["䶮", "𠅤", "王" * 20_000]))
@hypothesis(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_comes_back(keys: Keys, text: str) -> None:
    value = personal(keys, text, "round-trip")
    assert keys.show(value) == text
    assert text not in value.token or len(text) < 4


def test_another_process_reads_it(keys: Keys, another: Keys, agency: str) -> None:
    values = [personal(keys, f"申请人{number}", agency) for number in range(20)]
    assert another.open_many(values) == [f"申请人{number}" for number in range(20)]
    assert another.show_many([*values, Personal.plain("甲")])[-1] == "甲"


def test_a_field_opens_only_where_it_stands(keys: Keys, agency: str) -> None:
    value = personal(keys, "张三", agency)
    event_id, field, topic = value.place
    for place in ((fresh_id(), field, topic), (event_id, "id_number", topic), (event_id, field, "requests.RequestReceived:2")):
        with pytest.raises(Tampered):
            keys.open(value.token, *place)
    with pytest.raises(KeyUnavailable):
        keys.open(value.token.replace(key_of(value).hex, fresh_id().hex), event_id, field, topic)


def test_threads_never_take_the_same_key_and_blocks_are_filled_again(another: Keys, agency: str) -> None:
    taken: list[UUID] = []
    threads = [threading.Thread(target=lambda: taken.extend([another.take(agency) for _ in range(100)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken)) == 800


def test_a_key_stands_in_the_database_before_it_is_taken(settings: Settings, keys: Keys, agency: str) -> None:
    id = keys.take(agency)
    with psycopg.connect(dsn(settings)) as connection:
        row = connection.execute("SELECT agency, wrapped FROM person_key WHERE id = %s", (id,)).fetchone()
    assert row is not None
    assert row[0] == agency
    assert len(row[1]) == 40, "AES-KW of 32 bytes"


def test_a_key_that_was_taken_and_never_used_is_harmless(settings: Settings, agency: str) -> None:
    crashed = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=8)
    lost = crashed.take(agency)
    crashed.close()
    after = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=8)
    assert lost not in {after.take(agency) for _ in range(20)}
    after.close()


def test_more_keys_than_fit_in_memory(settings: Settings, agency: str) -> None:
    small = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=16, cache=4)
    values = [personal(small, f"第{number}人", agency) for number in range(40)]
    assert small.open_many(values) == [f"第{number}人" for number in range(40)]
    small.close()


def test_a_destroyed_key_erases_everything_under_it_in_every_process(keys: Keys, another: Keys, agency: str) -> None:
    value, other = personal(keys, "张三", agency), personal(keys, "李四", agency)
    assert another.show_many([value, other]) == ["张三", "李四"], "both are in the other's memory"
    assert keys.destroy([key_of(value)], **TWO) == 1
    assert erased(keys, value)
    until(lambda: erased(another, value))
    assert another.open_many([other]) == ["李四"]
    with pytest.raises(Erased):
        another.seal(key_of(value), fresh_id(), "name", TOPIC, "张三又来")


def test_destroying_again_changes_nothing(settings: Settings, keys: Keys, agency: str) -> None:
    id = keys.take(agency)
    assert keys.destroy([id], **TWO) == 1
    assert keys.destroy([id], requested_by="person-3", approved_by="person-4", basis="x") == 0
    with psycopg.connect(dsn(settings)) as connection:
        assert connection.execute("SELECT requested_by FROM person_key WHERE id = %s", (id,)).fetchone() == ("person-1",)


def test_one_person_alone_destroys_nothing(settings: Settings, keys: Keys, agency: str) -> None:
    id = keys.take(agency)
    with pytest.raises(PermissionError):
        keys.destroy([id], requested_by="person-1", approved_by="person-1", basis="x")
    with psycopg.connect(dsn(settings)) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE person_key SET wrapped = NULL, destroyed_at = now() WHERE id = %s", (id,))


def test_no_statement_brings_a_destroyed_key_back(settings: Settings, keys: Keys, agency: str) -> None:
    id = keys.take(agency)
    with psycopg.connect(dsn(settings), autocommit=True) as connection:
        (wrapped,) = connection.execute("SELECT wrapped FROM person_key WHERE id = %s", (id,)).fetchone() or (b"",)
        keys.destroy([id], **TWO)
        with pytest.raises(psycopg.errors.RaiseException, match="stays destroyed"):
            connection.execute("UPDATE person_key SET wrapped = %s WHERE id = %s", (wrapped, id))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM person_key WHERE id = %s", (id,))


def test_yesterdays_backup_of_the_events_brings_nobody_back(settings: Settings, keys: Keys, agency: str) -> None:
    value = personal(keys, "张三", agency)
    backup = value.reference()
    keys.destroy([key_of(value)], **TWO)
    restored = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=8)
    with pytest.raises(Erased):
        restored.open(Personal.from_reference(backup).token, *value.place)
    restored.close()


def test_a_destruction_that_a_process_could_not_hear_reaches_it_when_it_is_connected_again(
    settings: Settings, another: Keys, agency: str
) -> None:
    value = personal(another, "张三", agency)
    with psycopg.connect(settings.dsn("keys"), autocommit=True) as connection:
        connection.execute(
            "UPDATE person_key SET wrapped = NULL, destroyed_at = now(), requested_by = 'a', approved_by = 'b', basis = 'c' WHERE id = %s",
            (key_of(value),),
        )
        assert not erased(another, value), "nobody has told it"
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gongkai keys listener'")
    until(lambda: erased(another, value))


def test_a_database_out_of_reach_is_said_to_be_so(settings: Settings, agency: str) -> None:
    keys = Keys(dsn(settings), MasterKey.load(settings.master_key_path), block=8)
    keys.close()
    with pytest.raises(KeyUnavailable):
        keys.take(agency)


def test_errors_tell_nothing_of_what_was_sealed(keys: Keys, agency: str) -> None:
    name = "张三丰"
    value = personal(keys, name, agency)
    keys.destroy([key_of(value)], **TWO)
    event_id, field, topic = value.place
    attempts: list[Callable[[], str]] = [
        lambda: keys.open(value.token, event_id, field, topic),
        lambda: keys.open(value.token[:-4], event_id, field, topic),
        lambda: keys.seal(key_of(value), event_id, field, topic, name),
    ]
    for attempt in attempts:
        with pytest.raises((Erased, Tampered)) as caught:
            attempt()
        assert str(caught.value) == ""
        assert name not in "".join(traceback.format_exception(caught.value))


def test_another_master_key_is_noticed_before_anything_is_stored(settings: Settings, keys: Keys, tmp_path: Path) -> None:
    wrong = MasterKey.create(tmp_path / "wrong.key")
    with pytest.raises(MasterKeyError, match="主密钥与数据不符"):
        Keys(dsn(settings), wrong)


def test_a_lost_master_key_is_never_replaced_by_a_new_one(settings: Settings, keys: Keys, tmp_path: Path) -> None:
    lost = settings.model_copy(update={"master_key": tmp_path / "master.key"})
    with pytest.raises(MasterKeyError, match="托管份额恢复"):
        setup.set_up(lost)
    assert not (tmp_path / "master.key").exists()


def test_sealing_is_quick(keys: Keys, agency: str) -> None:
    key, event_id = keys.take(agency), fresh_id()
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(400):
            keys.seal(key, event_id, "applicant_name", TOPIC, "二十个字的申请人姓名或者联系地址甲乙丙")
        best = min(best, (time.perf_counter() - started) / 400)
    assert best < 40e-6, f"{best * 1e6:.1f} µs a field; about 6 on an idle core"

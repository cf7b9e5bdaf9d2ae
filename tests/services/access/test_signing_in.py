"""Signing in over HTTP: what is told, what is recorded, what ends a session (GB/T 22239 8.1.4.1 a, b; ASVS 7.2, 7.4)."""

import asyncio
import hashlib
import time
from datetime import timedelta

import psycopg
import pytest

from shared.access.account.commands import account_id
from shared.access.directory import USED
from shared.access.service import Access, open_access
from shared.kernel.clocks import instant
from shared.kernel.keeper import Keeper
from shared.settings import Settings
from shared.trust.keys import Keys
from tests.services.access.conftest import LOGINS, PASSWORD, Office

ANOTHER = "Lan5-yue-Shan-Hu"


async def test_who_is_signed_in(office: Office) -> None:
    desk, person = await office.official("wang.sp", "clerk", "unit_head")
    assert {
        "person": person,
        "name": "王审批",
        "office": "科员",
        "agency": office.code,
        "roles": ["clerk", "unit_head"],
    }.items() <= desk.me.items()
    assert (await desk.get("/me")).json()["person"] == person
    assert len(desk.me["token"]) >= 43
    begun, again = desk.me["token"], await office.at("wang.sp")
    assert again.token != begun


async def test_the_token_is_stored_nowhere_and_no_password_either(office: Office, settings: Settings) -> None:
    desk, _ = await office.official("wang.sp", "clerk")
    with psycopg.connect(settings.dsn("access")) as connection:
        stored = b"".join(bytes(state) for (state,) in connection.execute("SELECT state FROM events WHERE agency = %s", (office.code,)))
    assert (desk.token or "").encode() not in stored
    assert PASSWORD.encode() not in stored
    assert hashlib.sha256((desk.token or "").encode()).hexdigest().encode() in stored


async def test_the_same_is_told_whatever_was_wrong(office: Office) -> None:
    told = []
    for agency, login, password in (
        (office.code, "system-admin", "wrong"),
        (office.code, "nobody", "wrong"),
        ("nowhere", "system-admin", PASSWORD),
    ):
        answer = await office.desk(agency).sign_in(login, password)
        assert answer.status_code == 401
        told.append(answer.json())
    assert told[0] == told[1] == told[2]


async def test_five_failures_lock_even_against_the_right_password(office: Office) -> None:
    for _ in range(5):
        assert (await office.desk().sign_in("audit-admin", "wrong")).status_code == 401
    assert (await office.desk().sign_in("audit-admin")).status_code == 401
    account = office.access.directory.accounts[account_id(office.code, "audit-admin")]
    assert account.locked_until is not None
    assert timedelta(minutes=14) < account.locked_until - instant() <= timedelta(minutes=15)
    assert (await office.desk().sign_in("system-admin")).status_code == 201, "only that account is locked"


async def test_attempts_at_the_same_time_are_counted_too(office: Office) -> None:
    attempts = [office.desk().sign_in("audit-admin", f"wrong-{number}") for number in range(9)]
    answers = await asyncio.gather(*attempts, office.desk().sign_in("audit-admin"))
    assert [answer.status_code for answer in answers] == [401] * 10, "the right one came after the lock"
    failures = (await (await office.at("system-admin")).get("/people")).json()
    assert any(person["account"]["locked"] for person in failures["people"])


async def test_an_administrator_unlocks(office: Office) -> None:
    desk, _ = await office.official("wang.sp", "clerk")
    for _ in range(5):
        await office.desk().sign_in("wang.sp", "wrong")
    assert (await desk.get("/me")).status_code == 200, "who is signed in stays so: nobody is shut out by others' failures"
    assert (await office.desk().sign_in("wang.sp")).status_code == 401
    system = await office.at("system-admin")
    await system.made(f"/accounts/{account_id(office.code, 'wang.sp')}/unlock", {"reason": "本人当面核实"})
    await office.access.directory.caught_up(office.access.running.pipeline.last)
    assert (await office.desk().sign_in("wang.sp")).status_code == 201


async def test_an_address_that_tries_too_often_waits(office: Office) -> None:
    desk = office.desk()
    answers = await asyncio.gather(*(desk.sign_in("nobody", "wrong") for _ in range(Settings().sign_ins_per_minute + 1)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 1
    assert refused[0].headers["retry-after"]


async def test_signing_out_ends_the_session(office: Office) -> None:
    desk = await office.at("system-admin")
    assert (await desk.call("DELETE", "/sessions/current")).status_code == 204
    answer = await desk.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")


async def test_a_fourth_session_ends_the_first(office: Office) -> None:
    desks = [await office.at("audit-admin") for _ in range(4)]
    await office.access.directory.caught_up(office.access.running.pipeline.last)
    assert [(await desk.get("/me")).status_code for desk in desks] == [401, 200, 200, 200]


async def test_a_first_password_is_changed_before_anything_else(office: Office) -> None:
    system, security = await office.at("system-admin"), await office.at("security-admin")
    person = (await system.made("/persons", {"name": "李管理", "office": "科员"}))["id"]
    await office.access.directory.caught_up(office.access.running.pipeline.last)
    first = (await system.made("/accounts", {"person": person, "login": "li"}))["password"]
    await security.made(f"/persons/{person}/give-grant", {"role": "system_administrator"})
    desk = await office.at("li", first)
    assert desk.me["password_due"]
    answer = await desk.post("/persons", {"name": "赵", "office": "科员"})
    assert (answer.status_code, answer.json()["code"]) == (403, "password-due")
    assert (await desk.post("/password", {"current": first, "password": ANOTHER})).status_code == 204
    assert (await desk.get("/me")).status_code == 401, "all sessions ended"
    assert (await desk.sign_in("li", first)).status_code == 401
    await desk.sign_in("li", ANOTHER)
    assert (await desk.post("/persons", {"name": "赵", "office": "科员"})).status_code == 201


async def test_a_change_needs_the_present_password_and_a_new_one(office: Office) -> None:
    desk = await office.at("audit-admin")
    for body, code in (
        ({"current": "wrong", "password": ANOTHER}, "wrong-password"),
        ({"current": PASSWORD, "password": "short"}, "password-length"),
        ({"current": PASSWORD, "password": PASSWORD}, "password-used"),
        ({"current": PASSWORD}, "invalid"),
    ):
        answer = await desk.post("/password", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert PASSWORD not in answer.text


async def test_an_earlier_password_is_not_used_again(office: Office) -> None:
    desk, before = await office.at("audit-admin"), PASSWORD
    for number in range(2, 4):
        new = f"{ANOTHER}-{number}"
        assert (await desk.post("/password", {"current": before, "password": new})).status_code == 204
        desk, before = await office.at("audit-admin", new), new
    assert (await desk.post("/password", {"current": before, "password": PASSWORD})).json()["code"] == "password-used"


async def test_guessing_the_present_password_in_a_session_locks_too(office: Office) -> None:
    desk = await office.at("audit-admin")
    for _ in range(5):
        assert (await desk.post("/password", {"current": "wrong", "password": ANOTHER})).json()["code"] == "wrong-password"
    assert (await desk.post("/password", {"current": PASSWORD, "password": ANOTHER})).json()["code"] == "wrong-password"


async def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    desk, _ = await office.official("wang.sp", "clerk")
    system = await office.at("system-admin")
    await system.made(f"/accounts/{account_id(office.code, 'wang.sp')}/disable", {"reason": "调离"})
    await office.access.directory.caught_up(office.access.running.pipeline.last)
    assert (await desk.get("/me")).status_code == 401
    assert (await office.desk().sign_in("wang.sp")).status_code == 401


async def test_bad_input_is_a_problem_and_never_repeated(office: Office) -> None:
    bodies: tuple[object, ...] = (
        {},
        {"agency": office.code, "login": "x"},
        {"agency": 1, "login": "x", "password": "secret-word"},
        [],
        "x",
    )
    for body in bodies:
        answer = await office.desk().post("/sessions", body)
        assert answer.status_code == 422
        assert "secret-word" not in answer.text
    assert (await office.desk().client.post("/sessions", content=b"\xff\xfe")).status_code == 422


async def test_what_is_over_by_time_is_recorded_as_ended(office: Office) -> None:
    desk = await office.at("audit-admin")
    directory = office.access.directory
    session = directory.session(desk.token or "")
    assert session is not None
    session.used -= 31 * 60
    assert (await desk.get("/me")).status_code == 401
    assert await Keeper(office.access.running).look() >= 1
    await directory.caught_up(office.access.running.pipeline.last)
    assert not [one for one in directory.lapsed_sessions() if one.id == session.id]


async def test_use_in_another_process_counts_and_a_restart_forgets_nothing(office: Office, settings: Settings, keys: Keys) -> None:
    desk = await office.at("audit-admin")
    session = office.access.directory.session(desk.token or "")
    assert session is not None
    session.used -= 31 * 60
    with psycopg.connect(settings.dsn("access", role="gongkai_access"), autocommit=True) as connection:
        connection.execute(USED, ([session.id], [time.time() - 29 * 60]))
        office.access.directory._share_use(connection)
    assert (await desk.get("/me")).status_code == 200

    with psycopg.connect(settings.dsn("access", role="gongkai_access"), autocommit=True) as connection:
        office.access.directory._share_use(connection)
    restarted = open_access(settings, keys)
    restarted.start()
    try:
        known = restarted.directory.session(desk.token or "")
        assert known is not None
    finally:
        restarted.stop()


@pytest.mark.parametrize("login", LOGINS.values())
async def test_a_person_has_one_account(office: Office, login: str, access: Access) -> None:
    system = await office.at("system-admin")
    person = access.directory.accounts[account_id(office.code, login)].person
    answer = await system.post("/accounts", {"person": str(person), "login": "second"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account-exists")

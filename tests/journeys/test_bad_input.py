"""Whatever is sent, the answer is a problem document that says what to do, repeats nothing of what was typed, and nothing is stored."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from demo.office import Office
from shared.kernel.clocks import today
from tests.journeys.conftest import Bureau
from tests.town import Running

SUBMIT = "/api/requests/disclosure-requests"
GOOD = {
    "applicant_name": "王芳",
    "contact": "13900001234",
    "content": "申请公开：2024年度部门预算",
    "channel": "in_person",
    "evidence": "收件登记 7",
}
TYPED = "不该重复的字样甲乙丙"
NOBODY = "00000000-0000-7000-8000-000000000711"
"""No request has this id; the same in every worker, because it stands in the names of tests."""
FUTURE = (today() + timedelta(days=400)).isoformat()


def last_position(running: Running) -> int:
    """How far the log of requests is, but for the agencies of other tests on this platform: their deadlines may pass at any time."""
    with psycopg.connect(running.settings.dsn("requests", role="gongkai_requests")) as connection:
        row = connection.execute("SELECT coalesce(max(position), 0) FROM events WHERE agency NOT LIKE 'j%'").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def nothing_stored(running: Running) -> Iterator[None]:
    """What is tested leaves the log of requests as it was."""
    before = last_position(running)
    yield
    assert last_position(running) == before


def bearer(office: Office, login: str = "clerk", **headers: str) -> dict[str, str]:
    """The headers of an official."""
    return {"Authorization": f"Bearer {office.tokens[login]}", **headers}


def told(answer: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem of an answer, which repeats nothing of what was typed."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["detail"])
    assert problem["code"] and problem["status"] == status
    assert TYPED not in answer.text
    if code is not None:
        assert problem["code"] == code
    return problem


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"applicant_name": 7}, "applicant_name"),
        ({"applicant_name": None}, "applicant_name"),
        ({"applicant_name": ""}, "applicant_name"),
        ({"applicant_name": TYPED * 20}, "applicant_name"),
        ({"applicant_name": f"{TYPED}\x00"}, "applicant_name"),
        ({"applicant_name": f"{TYPED}\u202e"}, "applicant_name"),
        ({"applicant_name": f"{TYPED}\n乙"}, "applicant_name"),
        ({"content": [TYPED]}, "content"),
        ({"content": {"文本": TYPED}}, "content"),
        ({"own_records": TYPED}, "own_records"),
        ({"applicant_kind": TYPED}, "applicant_kind"),
        ({"channel": TYPED}, "channel"),
        ({"received_on": TYPED}, "received_on"),
        ({"received_on": "2025-02-30"}, "received_on"),
        ({"surplus": TYPED}, "surplus"),
    ],
)
async def test_a_field_at_fault_is_named(office: Office, changed: dict[str, Any], field: str) -> None:
    answer = await office.client.post(SUBMIT, json={**GOOD, **changed}, headers=bearer(office))
    assert field in [error["field"] for error in told(answer, 422, "invalid")["errors"]]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b'{"applicant_name":"\xff\xfe"}', b"{" * 5000, b"\x00" * 64])
async def test_a_body_that_is_no_command(office: Office, body: bytes) -> None:
    told(await office.client.post(SUBMIT, content=body, headers=bearer(office)), 422)


@pytest.mark.usefixtures("nothing_stored")
async def test_a_lone_half_of_a_character_is_refused(office: Office) -> None:
    body = b'{"applicant_name":"\\ud83d","contact":"13900001234","content":"abc","channel":"in_person","evidence":"e1"}'
    told(await office.client.post(SUBMIT, content=body, headers=bearer(office)), 422)


@pytest.mark.usefixtures("nothing_stored")
async def test_a_body_that_is_too_large(office: Office) -> None:
    body = b'{"content":"' + b"a" * 1_100_000 + b'"}'
    told(await office.client.post(SUBMIT, content=body, headers=bearer(office)), 413)


@pytest.mark.usefixtures("nothing_stored")
async def test_a_receipt_in_the_future(office: Office) -> None:
    answer = await office.client.post(SUBMIT, json={**GOOD, "received_on": FUTURE}, headers=bearer(office))
    told(answer, 422, "received-in-future")


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{SUBMIT}/not-a-uuid/register", 422),
        (f"{SUBMIT}/{NOBODY}/register", 404),
        (f"{SUBMIT}/{NOBODY}/no-such-verb", 404),
        ("/api/requests/no-such-things", 404),
        ("/api/nowhere/things", 404),
    ],
)
async def test_an_address_that_leads_nowhere(office: Office, path: str, status: int) -> None:
    told(await office.client.post(path, json={}, headers=bearer(office)), status)


@pytest.mark.usefixtures("nothing_stored")
async def test_nobody_and_somebody_whose_session_has_ended(office: Office) -> None:
    told(await office.client.post(f"{SUBMIT}/{uuid4()}/register", json={}), 401, "sign-in")
    told(await office.client.post(SUBMIT, json=GOOD, headers={"Authorization": "Bearer invented"}), 401, "session-ended")


async def test_a_role_that_may_not(office: Office, running: Running) -> None:
    case = await office.receive("natural_person", today(), channel="in_person", assign=False)
    before = last_position(running)
    answer = await office.client.post(f"{SUBMIT}/{case}/assign", json={"unit": "touzi"}, headers=bearer(office, "auditor"))
    told(answer, 403)
    assert last_position(running) == before


async def test_the_case_of_another_agency_is_not_there(office: Office, running: Running, neighbour: Bureau) -> None:
    case = await office.receive("natural_person", today(), channel="in_person", assign=False)
    before = last_position(running)
    stranger = {"Authorization": f"Bearer {neighbour.tokens['office']}"}
    told(await office.client.post(f"{SUBMIT}/{case}/assign", json={"unit": "touzi"}, headers=stranger), 404)
    assert (await office.client.get(f"{SUBMIT}/{case}", headers=stranger)).status_code in (403, 404)
    assert last_position(running) == before


async def test_rare_characters_are_kept_exactly(office: Office) -> None:
    name = "龑䶮𠅤·阿卜杜"
    made = (await office.client.post(SUBMIT, json={**GOOD, "applicant_name": name}, headers=bearer(office))).json()
    assert (await office.get(f"{SUBMIT}/{made['id']}", "clerk"))["applicant_name"] == name


async def test_the_same_key_is_carried_out_once(office: Office, running: Running) -> None:
    headers = bearer(office, **{"Idempotency-Key": str(uuid4())})
    first = await office.client.post(SUBMIT, json=GOOD, headers=headers)
    before = last_position(running)
    again = await office.client.post(SUBMIT, json=GOOD, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    told(await office.client.post(SUBMIT, json={**GOOD, "applicant_name": TYPED}, headers=headers), 422)
    assert last_position(running) == before


async def test_what_somebody_else_has_changed_is_not_overwritten(office: Office, running: Running) -> None:
    case = await office.receive("natural_person", today(), channel="in_person", assign=False)
    before = last_position(running)
    path, body = f"{SUBMIT}/{case}/assign", {"unit": "touzi"}
    told(await office.client.post(path, json=body, headers=bearer(office, "office", **{"If-Match": '"1"'})), 412)
    told(await office.client.post(path, json=body, headers=bearer(office, "office", **{"If-Match": "the-latest"})), 422)
    assert last_position(running) == before

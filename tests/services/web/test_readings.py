"""Who has read what: recorded beside the reading, once a minute, never with the data; the applicant's own follow-up is nobody's reading."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.review.secrecy_review.commands import FileIn, OpenReview, review_id
from shared.kernel import readings
from shared.kernel.errors import Unavailable
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.log import LogRow
from shared.kernel.running import Running
from tests.services.web.conftest import Office
from tests.services.web.test_pages import CASE, apply
from tests.services.web.test_units import desk


def service(office: Office, name: str) -> Running:
    return next(one for one in office.program.running if one.name == name)


async def seen_of(running: Running, case: UUID) -> list[LogRow]:
    """The readings on record of a case, once all are."""
    await running.readings.settled()
    rows = await asyncio.to_thread(running.log.rows.read_case, case)
    return [row for row in rows if row.topic.endswith(("PersonalDataRead:1", "SecretItemRead:1"))]


def fields_of(rows: list[LogRow]) -> list[tuple[str, ...]]:
    found: list[Any] = [row.recorded().event for row in rows]
    return [one.fields for one in found]


async def test_an_official_reads_and_it_is_recorded_once_a_minute_without_the_data(office: Office) -> None:
    tracking, password = await apply(office)
    running = service(office, "requests")
    await running.views.wait(running.pipeline.last, 5)
    known = {"tracking_number": tracking, "query_password": password}
    await office.browser().send("/requests/follow", "/requests/follow", known)
    browser = await office.official("disclosure_office")
    (path,) = CASE.findall((await browser.get("/requests/")).text)
    case = UUID(path.rpartition("/")[2])
    # The list has shown the name; what the applicant read of the own request is nobody's reading.
    assert fields_of(await seen_of(running, case)) == [("applicant_name",)]
    for _ in range(5):
        assert "张䶮" in (await browser.get(path)).text
    rows = await seen_of(running, case)
    assert 2 <= len(rows) <= 3, "a minute may have ended meanwhile"
    assert fields_of(rows)[1] == ("applicant_name", "contact", "content")
    actor = rows[1].recorded().meta.actor
    assert (actor.roles, rows[1].case_id) == (("disclosure_office",), case)
    assert actor.grant
    for row in rows:
        assert "张䶮".encode() not in row.state and b"13900000000" not in row.state


async def test_a_review_that_is_marked_secret_is_not_read_unnoticed(office: Office) -> None:
    await office.official("reviewer", "clerk", login="reviewer")
    reader = await desk(office, "reviewer")
    running = service(office, "review")
    agency = running.doorkeeper.agency(office.code)
    for mark in ("", "work_secret"):
        subject = fresh_id()
        opening = OpenReview(source="requests", subject=subject, review=1, files=(FileIn(name="a.pdf", sha256="ab" * 32, size=1),))
        await running.execute(opening, None, Actor("service:requests", ("system",)), agency)
        id = review_id(subject, 1)
        if mark:
            answer = await reader.post(f"review/secrecy-reviews/{id}/mark", {"sha256": "ab" * 32, "mark": mark})
            assert answer.status_code == 200, answer.text
        assert (await reader.get(f"review/secrecy-reviews/{id}")).status_code == 200
        case = (await asyncio.to_thread(running.log.rows.read_aggregate, id))[0].case_id
        assert len(await seen_of(running, case)) == bool(mark)


async def test_nothing_more_is_shown_while_too_many_readings_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await apply(office)
    running = service(office, "requests")
    await running.views.wait(running.pipeline.last, 5)
    browser = await office.official("disclosure_office")
    (path,) = CASE.findall((await browser.get("/requests/")).text)
    await running.readings.settled()
    monkeypatch.setattr(readings, "WAITING", 0)
    answer = await browser.get(path)
    assert answer.status_code == 503
    assert "张䶮" not in answer.text


async def test_a_record_that_fails_is_made_again_until_it_stands(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await apply(office)
    running = service(office, "requests")
    await running.views.wait(running.pipeline.last, 5)
    browser = await office.official("disclosure_office")
    monkeypatch.setattr(readings, "AGAIN_SECONDS", (0.01,))
    right = running.execute
    tried = 0

    async def failing(*arguments: Any, **named: Any) -> Any:
        nonlocal tried
        tried += 1
        if tried < 4:
            raise Unavailable("log-unreachable", "数据库暂时无法访问。")
        return await right(*arguments, **named)

    monkeypatch.setattr(running, "execute", failing)
    (path,) = CASE.findall((await browser.get("/requests/")).text)
    assert len(await seen_of(running, UUID(path.rpartition("/")[2]))) == 1
    assert tried == 4

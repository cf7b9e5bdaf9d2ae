"""Letters by mail, to a real mail server: taken once, tried again where it is not there, and put to a person where nobody can know."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest

from services.requests.courier import Courier
from services.requests.letter.mail_commands import BeginLetterMail
from shared.kernel.events import Actor
from tests.mailserver import Server, mail_server
from tests.services.files.conftest import Case
from tests.services.letters.test_letters import issue

pytestmark = pytest.mark.rule("X-06")

BOX = "zhang@example.cn"


@pytest.fixture
def server(case: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with mail_server() as (told, url):
        running = case.running()
        settings = running.settings.model_copy(
            update={"mail_server": type("Url", (), {"get_secret_value": lambda _self: url})(), "mail_from": "gk@example.gov.cn", "mail_retry_seconds": (0.0,)}
        )  # fmt: skip
        monkeypatch.setattr(running, "settings", settings)
        yield told


async def letter_of(case: Case, id: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = (await case.get(f"{case.path}/letters", "clerk")).json()["letters"]
    return next(row for row in rows if row["id"] == id)


async def test_a_letter_goes_out_with_its_pdf_and_its_way_is_on_record(case: Case, server: Server) -> None:
    told = await issue(case)
    path = f"/api/requests/letters/{told['id']}/mail"
    wrong = await case.post(path, "clerk")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "no-mailbox"), "the applicant gave a telephone number"
    assert (await case.post(path, "auditor", {"to": BOX})).status_code == 403
    queued = await case.post(path, "clerk", {"to": BOX})
    assert queued.status_code == 200, queued.text
    courier = Courier(case.running())
    assert await courier.look() == 1
    assert await courier.look() == 0
    row = await letter_of(case, told["id"])
    assert (row["standing"], row["way"], row["mail"]) == ("sent", "email", "")
    (taken,) = server.taken
    mail = message_from_bytes(taken, policy=policy.default)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content() == (await case.get(f"/api/requests/letters/{told['id']}/pdf", "clerk")).content
    assert case.password not in taken.decode("ascii")


async def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_shown(case: Case, server: Server) -> None:
    told = await issue(case)
    await case.post(f"/api/requests/letters/{told['id']}/mail", "clerk", {"to": BOX})
    courier = Courier(case.running())
    server.rcpt = "450 4.2.1 busy"
    await courier.look()
    assert (await letter_of(case, told["id"]))["mail"] == "queued"
    server.rcpt = f"550 5.1.1 {BOX} unknown"
    await courier.look()
    row = await letter_of(case, told["id"])
    assert (row["mail"], row["mail_outcome"], row["mail_code"]) == ("stopped", "refused", "550 5.1.1")
    assert await courier.look() == 0
    assert "待人工确定" in courier.condition["alarm"]
    settled = await case.post(f"/api/requests/letters/{told['id']}/settle-mail", "clerk", {"decision": "left", "reason": "改用邮寄"})
    assert settled.status_code == 200, settled.text
    sent = await case.post(f"/api/requests/letters/{told['id']}/send", "clerk", {"way": "post", "evidence": "挂号 1"})
    assert sent.status_code == 200, sent.text


async def test_what_may_have_arrived_waits_for_a_person_also_after_a_crash(case: Case, server: Server) -> None:
    running = case.running()
    courier = Courier(running)
    lost, crashed = await issue(case), await issue(case)
    server.data = "lost"
    await case.post(f"/api/requests/letters/{lost['id']}/mail", "clerk", {"to": BOX})
    await courier.look()
    assert (await letter_of(case, lost["id"]))["mail_outcome"] == "unanswered"
    server.data = ""
    await case.post(f"/api/requests/letters/{crashed['id']}/mail", "clerk", {"to": BOX})
    state = await courier._letter(UUID(crashed["id"]))
    await running.execute(BeginLetterMail(), state.id, Actor("system:courier", ("system",)), running.doorkeeper.agency(state.agency))
    await running.views.wait(running.pipeline.last, 5)
    taken = len(server.taken)
    await Courier(running).look()
    assert (await letter_of(case, crashed["id"]))["mail_outcome"] == "unanswered"
    assert len(server.taken) == taken, "nothing is sent again without a person"
    again = await case.post(f"/api/requests/letters/{crashed['id']}/settle-mail", "clerk", {"decision": "again", "reason": "对方没有收到"})
    assert again.status_code == 200, again.text
    await running.views.wait(running.pipeline.last, 5)
    await courier.look()
    assert (await letter_of(case, crashed["id"]))["standing"] == "sent"


async def test_without_a_mail_server_it_is_said_so(case: Case) -> None:
    told = await issue(case)
    answer = await case.post(f"/api/requests/letters/{told['id']}/mail", "clerk", {"to": BOX})
    assert (answer.status_code, answer.json()["code"]) == (409, "no-mail-server")

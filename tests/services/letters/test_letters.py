"""Letters over HTTP on the real database: previewed, issued with a number, kept sealed, given out as they were made, and taken back."""

import asyncio
import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from docx import Document

from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.letter.decisions import Letter, letter
from shared.files.store import path_of
from shared.letters.template import built_in
from tests.services.files.conftest import Case


async def issue(case: Case, kind: str = "acknowledgement", **headers: str) -> dict[str, Any]:
    """Makes a letter; what is told of it."""
    answer = await case.client.post(
        f"{case.path}/letters", json={"kind": kind}, headers={"Authorization": f"Bearer {case.tokens['clerk']}", **headers}
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def words(pdf: bytes) -> str:
    """What a reader can copy out of all pages, without white space."""
    return "".join("".join(one.get_textpage().get_text_bounded().split()) for one in pypdfium2.PdfDocument(pdf))


def stored(case: Case) -> set[Path]:
    """What the agency keeps."""
    return {path for path in (case.office.program.settings.data / "files" / case.office.code).rglob("*") if path.is_file()}


@pytest.mark.rule("X-06")
async def test_a_letter_is_previewed_issued_and_given_out_as_it_was_made(case: Case) -> None:
    preview = await case.post(f"{case.path}/letters/preview", "clerk", {"kind": "acknowledgement"})
    assert preview.status_code == 200, preview.text
    assert "未编号" in words(preview.content)
    told = await issue(case)
    (row,) = (await case.get(f"{case.path}/letters", "clerk")).json()["letters"]
    assert (row["id"], row["number"], row["sha256"], row["standing"]) == (told["id"], told["number"], told["sha256"], "issued")
    pdf = await case.get(f"/api/requests/letters/{told['id']}/pdf", "clerk")
    assert pdf.headers["content-disposition"].startswith("inline")
    assert hashlib.sha256(pdf.content).hexdigest() == told["sha256"]
    assert "张䶮：" in words(pdf.content)
    assert told["number"] in words(pdf.content)
    docx = await case.get(f"/api/requests/letters/{told['id']}/docx", "clerk")
    lines = [paragraph.text for paragraph in Document(io.BytesIO(docx.content)).paragraphs]
    assert "张䶮：" in lines
    assert told["number"] in lines


async def test_what_is_kept_of_a_letter_is_sealed_and_proved(case: Case) -> None:
    told = await issue(case)
    state, agency = case.running().load(letter, UUID(told["id"]))
    assert isinstance(state, Letter)
    assert state.issued is not None
    assert state.issued.words.is_sealed
    path = case.office.program.settings.data / "files" / path_of(agency, state.issued.kept_sha256)
    content = path.read_bytes()
    assert b"%PDF" not in content
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert (await case.get(f"/api/requests/letters/{told['id']}/pdf", "clerk")).json()["code"] == "file-altered"


@pytest.mark.rule("X-06")
async def test_letters_made_at_once_have_numbers_without_a_gap_and_leave_nothing_behind(case: Case) -> None:
    before = stored(case)
    made = await asyncio.gather(*(issue(case) for _ in range(3)))
    numbers = sorted(int(one["number"].split("〕")[1].removesuffix("号")) for one in made)
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert len(stored(case) - before) == 3


async def test_the_same_form_sent_twice_is_one_letter(case: Case) -> None:
    before = stored(case)
    first, again = [await issue(case, **{"Idempotency-Key": f"form-{case.id}"}) for _ in range(2)]
    assert first["id"] == again["id"]
    assert len(stored(case) - before) == 1


async def test_a_letter_that_the_case_does_not_call_for_is_refused(case: Case) -> None:
    answer = await case.post(f"{case.path}/letters", "clerk", {"kind": "fee"})
    assert (answer.status_code, answer.json()["code"]) == (409, "letter-not-open")
    assert (await case.post(f"{case.path}/letters", "auditor", {"kind": "acknowledgement"})).status_code == 403
    assert (await case.client.post(f"{case.path}/letters", json={"kind": "acknowledgement"})).status_code == 401


@pytest.mark.rule("X-06", "YS-07.3")
async def test_the_applicant_has_a_letter_that_was_sent_and_no_other(case: Case) -> None:
    told = await issue(case)
    assert (await case.client.post("/api/requests/follow-up/letters", json=case.known)).json()["letters"] == []
    path = f"/api/requests/follow-up/letters/{told['id']}"
    assert (await case.client.post(path, json=case.known)).status_code == 404
    sent = await case.post(f"/api/requests/letters/{told['id']}/send", "clerk", {"way": "online", "evidence": "网上公布"})
    assert sent.status_code == 200, sent.text
    await case.running().views.wait(case.running().pipeline.last, 5)
    (row,) = (await case.client.post("/api/requests/follow-up/letters", json=case.known)).json()["letters"]
    assert row["number"] == told["number"]
    assert hashlib.sha256((await case.client.post(path, json=case.known)).content).hexdigest() == told["sha256"]


async def test_a_template_is_tried_before_it_is_adopted_and_older_letters_keep_theirs(case: Case) -> None:
    before = await issue(case)
    bad = await case.post("/api/requests/letter-templates", "head", {"source": "#panic(1) and more"})
    assert (bad.status_code, bad.json()["code"]) == (422, "letter-template")
    source = '#let letter = json(bytes(sys.inputs.data))\n#set document(date: datetime(year: 2025, month: 1, day: 1))\n#set text(font: "Noto Sans CJK SC")\n新版式 #letter.number'
    good = await case.post("/api/requests/letter-templates", "head", {"source": source})
    assert good.status_code == 201, good.text
    after = await issue(case)
    assert "新版式" in words((await case.get(f"/api/requests/letters/{after['id']}/pdf", "clerk")).content)
    assert "新版式" not in words((await case.get(f"/api/requests/letters/{before['id']}/pdf", "clerk")).content)
    again = await case.post("/api/requests/letter-templates", "head", {"source": built_in().source})
    assert again.json()["template"] == built_in().version


@pytest.mark.rule("X-06")
async def test_the_reply_is_delivered_with_its_letter(case: Case) -> None:
    ground = {"outcome": "r4_1_not_held", "article": "国令711 第三十六条第四项", "ground": "检索后没有", "reason": "没有制作"}
    draft = await case.act("draft-reply", "clerk", outcome="r4_1_not_held", grounds=[ground], text="经检索，没有您申请的信息。")
    await case.act("approve-reply", "leader", approves=draft["draft"])
    told = await issue(case, "reply")
    text = words((await case.get(f"/api/requests/letters/{told['id']}/pdf", "clerk")).content)
    assert "经检索，没有您申请的信息。" in text
    assert "行政复议" in text
    await case.act("deliver", "clerk", way="post", evidence="EMS 1", letter=told["id"])
    (delivered,) = [row.recorded() for row in case.running().log.rows.read_aggregate(UUID(case.id)) if "ReplyDelivered" in row.topic]
    assert str(delivered.event.letter) == told["id"]  # type: ignore[attr-defined]


@pytest.mark.rule("YS-07.6")
async def test_a_third_party_s_letter_goes_to_it_alone_and_is_sealed_under_its_own_key(case: Case) -> None:
    await case.act("consult-third-party", "head", touches="privacy", third_party="李𠅤", contact="0954-2080000")
    answer = await case.post(f"{case.path}/letters", "clerk", {"kind": "third_party_consultation", "party": 1})
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    text = words((await case.get(f"/api/requests/letters/{id}/pdf", "clerk")).content)
    assert "李𠅤：" in text
    assert "张䶮" not in text
    state, _ = case.running().load(letter, UUID(id))
    request, _ = case.running().load(disclosure_request, UUID(case.id))
    assert isinstance(state, Letter)
    assert isinstance(request, DisclosureRequest)
    assert state.person_key == request.third_parties[0].person_key
    assert (await case.post(f"/api/requests/letters/{id}/send", "clerk", {"way": "post", "evidence": "挂号 1"})).status_code == 200
    await case.running().views.wait(case.running().pipeline.last, 5)
    # The applicant has no part in it.
    assert (await case.client.post("/api/requests/follow-up/letters", json=case.known)).json()["letters"] == []
    assert (await case.client.post(f"/api/requests/follow-up/letters/{id}", json=case.known)).status_code == 404

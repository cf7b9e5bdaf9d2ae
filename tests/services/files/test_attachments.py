"""Files over HTTP on the real database: taken sealed, found out, held, cleaned, given out as reviewed, and read with a record."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.requests.attachment.decisions import AttachmentFolder, attachment_folder, folder_id
from services.requests.attachments import attachments_in
from shared.files.store import path_of
from shared.kernel.identity import fresh_id
from tests.services.files.conftest import Case
from tests.unit.files import samples
from tests.unit.files.samples import BLACK_BOX
from tests.unit.files.test_scanning import EICAR, scanner

LETTER = "张䶮 的身份证明 640402199001011234".encode()


def kept(case: Case, sha256: str) -> Path:
    """Where a file stands on the disk."""
    return case.office.program.settings.data / "files" / path_of(case.office.code, sha256)


def leftovers(case: Case) -> list[Path]:
    """What was written and not kept."""
    return [path for path in (case.office.program.settings.data / "files" / case.office.code / "staging").rglob("*") if path.is_file()]


def recorded(case: Case, type_: str) -> list[Any]:
    return [row.recorded() for row in case.running().log.rows.read_case(UUID(case.id)) if row.topic.startswith(f"{type_}:")]


async def test_what_the_applicant_sends_is_kept_sealed_and_read_with_a_record(case: Case) -> None:
    answer = await case.submit("张䶮.txt", LETTER)
    assert answer.status_code == 201, answer.text
    row = (await case.files())[0]
    assert (row["name"], row["size"], row["direction"], row["kind"]) == ("张䶮.txt", len(LETTER), "received", "txt")
    assert b"640402199001011234" not in kept(case, row["sha256"]).read_bytes()
    for _ in range(2):
        download = await case.get(f"{case.path}/attachments/{row['sha256']}", "clerk")
        assert download.content == LETTER
    assert download.headers["content-disposition"].endswith("filename*=UTF-8''%E5%BC%A0%E4%B6%AE.txt")
    assert download.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert download.headers["content-length"] == str(len(LETTER))
    readings = recorded(case, "requests.AttachmentRead")
    assert [(one.event.sha256, one.event.given_out) for one in readings] == [(row["sha256"], False)]
    assert readings[0].meta.actor.roles == ("clerk",)
    (received,) = recorded(case, "requests.AttachmentReceived")
    assert received.event.name.is_sealed


async def test_another_password_role_or_hash_opens_nothing(case: Case) -> None:
    assert (await case.submit("a.txt", LETTER, query_password="wrong")).status_code == 404
    assert (await case.submit("a.txt", LETTER)).status_code == 201
    row = (await case.files())[0]
    path = f"{case.path}/attachments/{row['sha256']}"
    assert (await case.client.get(path)).status_code == 401
    assert (await case.get(path, "reviewer")).json()["code"] == "not-allowed"
    assert (await case.get(path, "auditor")).status_code == 403
    assert (await case.get(f"{case.path}/attachments/{'ab' * 32}", "clerk")).json()["code"] == "no-such-file"
    assert (await case.get(f"/api/requests/disclosure-requests/{fresh_id()}/attachments", "clerk")).status_code == 404
    form = {"data": {"direction": "received"}, "files": {"file": ("a.txt", LETTER)}}
    assert (await case.client.post(f"{case.path}/attachments", **form)).status_code == 401  # type: ignore[arg-type]
    # What the applicant sent is not what it is given.
    assert (await case.client.post(f"/api/requests/follow-up/files/{row['sha256']}", json=case.known)).json()["code"] == "no-such-file"


async def test_a_large_file_streams_through_and_a_larger_one_is_refused(case: Case) -> None:
    limit = case.office.program.settings.file_limit_bytes
    content = b"a,b\n" + b"1,2\n" * 1_500_000
    assert (await case.submit("大.csv", content)).status_code == 201
    row = (await case.files())[0]
    assert (await case.get(f"{case.path}/attachments/{row['sha256']}", "clerk")).content == content
    for more in (1, 40_000):
        answer = await case.submit("过大.csv", b"1,2\n" * (limit // 4 + more))
        assert answer.status_code == 413
    assert len(await case.files()) == 1
    assert leftovers(case) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ" + os.urandom(50), "file-kind-not-allowed"),
        ("a.xlsm", samples.xlsx(), "file-name-differs"),
        ("a.xlsx", samples.with_part(samples.xlsx(), "xl/vbaProject.bin", b"x"), "file-macro"),
        ("a.pptx", samples.archive({"ppt/presentation.xml": b"<x/>", "a": b"\0" * 30_000_000}), "file-bomb"),
        ("a.txt", b"", "file-missing"),
    ],
    ids=["program", "name", "macro", "bomb", "empty"],
)
async def test_what_is_not_taken_is_told_and_leaves_nothing_behind(case: Case, name: str, content: bytes, code: str) -> None:
    for answer in (await case.submit(name, content), await case.upload(name, content)):
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await case.files() == []
    assert leftovers(case) == []


async def test_no_more_files_than_are_allowed_and_none_after_the_end(case: Case) -> None:
    attachments = attachments_in(case.running())
    attachments.settings = attachments.settings.model_copy(update={"files_received_each": 2})
    assert [(await case.submit(f"{number}.txt", LETTER)).status_code for number in range(2)] == [201, 201]
    assert (await case.submit("more.txt", LETTER)).json()["code"] == "too-many-files"
    await case.act("void", "head", reason="误登记的申请")
    assert (await case.upload("more.pdf", samples.pdf())).json()["code"] == "case-closed"
    assert leftovers(case) == []


@pytest.mark.rule("YS-07.5")
async def test_a_file_that_hides_something_is_not_given_out_until_it_is_cleaned(case: Case) -> None:
    assert (await case.upload("预算.pdf", samples.pdf(after=BLACK_BOX))).status_code == 201
    row = (await case.files())[0]
    assert (row["open"], row["may_leave"], row["findings"][0]["code"]) == (True, False, "covered-text")
    refused = await case.post(f"{case.path}/request-review", "clerk", {"files": [await case.file()]})
    assert (refused.status_code, refused.json()["code"]) == (409, "file-hides-content")
    assert "看不见的文字" in refused.json()["detail"]
    cleaned = await case.post(f"{case.path}/attachments/{row['sha256']}/clean", "clerk")
    assert cleaned.status_code == 201, cleaned.text
    copy = (await case.files())[1]
    assert (copy["cleaned_from"], copy["may_leave"], copy["name"]) == (row["sha256"], True, "预算.pdf")
    assert copy["sha256"] != row["sha256"]
    await case.act("request-review", "clerk", files=[await case.file(1)])
    assert recorded(case, "requests.SecrecyReviewRequested")[0].event.stored == (copy["sha256"],)


@pytest.mark.rule("X-04")
async def test_or_another_person_answers_for_exactly_what_was_found_with_a_reason(case: Case) -> None:
    await case.upload("预算.xlsx", samples.xlsx(samples.hiding))
    row = (await case.files())[0]
    assert {"hidden-sheet", "hidden-row", "comment"} <= {one["code"] for one in row["findings"]}
    assert (await case.accept({**row, "accepts": "ab" * 32})).json()["code"] == "findings-changed"
    assert (await case.accept(row, by="clerk")).status_code == 403
    assert (await case.accept(row)).status_code == 200
    assert (await case.files())[0]["may_leave"] is True
    assert recorded(case, "requests.FindingsAccepted")[0].event.reason == "逐页核对，可以提供"
    assert (await case.accept(row)).json()["code"] == "nothing-to-accept"
    await case.act("request-review", "clerk", files=[await case.file()])


@pytest.mark.rule("X-04")
async def test_who_attached_a_file_does_not_answer_for_it(case: Case) -> None:
    await case.upload("预算.xlsx", samples.xlsx(samples.hiding), by="head")
    assert (await case.accept((await case.files())[0], by="head")).json()["code"] == "attacher-accepts"


@pytest.mark.rule("BM-03b")
async def test_the_applicant_gets_exactly_the_reviewed_bytes_after_the_delivery(case: Case) -> None:
    content = samples.pdf()
    await case.upload("预算.pdf", content)
    file = await case.file()
    path = f"/api/requests/follow-up/files/{file['sha256']}"
    assert (await case.get(f"{case.path}/attachments/{file['sha256']}", "reviewer")).content == content
    await case.act("request-review", "clerk", files=[file])
    await case.cleared([file])
    assert (await case.client.post(path, json=case.known)).status_code == 404
    await case.delivered([{**file, "name": "2024年预算.pdf"}])
    listed = (await case.client.post("/api/requests/follow-up/files", json=case.known)).json()["files"]
    assert [(one["name"], one["download"]) for one in listed] == [("2024年预算.pdf", True)]
    given = await case.client.post(path, json=case.known)
    assert given.content == content
    assert "2024%E5%B9%B4%E9%A2%84%E7%AE%97.pdf" in given.headers["content-disposition"]
    assert [one.event.given_out for one in recorded(case, "requests.AttachmentRead")] == [False, True]
    assert (await case.client.post(path, json={**case.known, "query_password": "x"})).status_code == 404
    altered = bytearray(content)
    altered[100] ^= 1
    kept(case, file["sha256"]).write_bytes(altered)
    refused = await case.client.post(path, json=case.known)
    assert (refused.status_code, refused.json()["code"]) == (500, "file-altered")


async def test_erasing_the_person_erases_the_files(case: Case) -> None:
    await case.submit("张䶮.txt", LETTER)
    row = (await case.files())[0]
    running = case.running()
    folder = running.load(attachment_folder, folder_id(UUID(case.id)))[0]
    assert isinstance(folder, AttachmentFolder)
    assert folder.person_key is not None
    running.keys.destroy([folder.person_key], requested_by="a", approved_by="b", basis="test")
    answer = await case.get(f"{case.path}/attachments/{row['sha256']}", "clerk")
    assert (answer.status_code, answer.json()["code"]) == (404, "file-erased")
    assert (await case.files())[0]["name"] == "〔已删除〕"
    assert (await case.submit("b.txt", LETTER)).json()["code"] == "person-erased"


async def test_where_a_scanner_is_set_nothing_passes_without_its_word(case: Case) -> None:
    attachments = attachments_in(case.running())
    plain = attachments.settings
    async with scanner() as address:
        attachments.settings = plain.model_copy(update={"clamd": address})
        virus = await case.submit("病毒.txt", EICAR)
        assert (virus.status_code, virus.json()["code"]) == (422, "virus-found")
        assert (await case.upload("好.pdf", samples.pdf())).status_code == 201
    attachments.settings = plain.model_copy(update={"clamd": "tcp://127.0.0.1:1"})
    assert (await case.upload("待扫.pdf", samples.pdf(pages=2))).status_code == 201
    good, held = await case.files()
    assert (good["scan"], held["scan"], held["held"]) == ("clean", "none", True)
    assert (await case.get(f"{case.path}/attachments/{held['sha256']}", "clerk")).json()["code"] == "file-held"
    refused = await case.post(f"{case.path}/request-review", "clerk", {"files": [await case.file(1)]})
    assert refused.json()["code"] == "file-held"
    async with scanner() as address:
        attachments.settings = plain.model_copy(update={"clamd": address})
        assert (await case.post(f"{case.path}/attachments/{held['sha256']}/scan", "clerk")).json()["scan"] == "clean"
    assert (await case.get(f"{case.path}/attachments/{held['sha256']}", "clerk")).status_code == 200


NAMED = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc\r\n--x--\r\n'
FIELD = b'--x\r\nContent-Disposition: form-data; name="direction"\r\n\r\ngiven\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{}", "application/json", "not-a-form"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", "bad-form"),
        (
            FIELD.replace(b"\r\n--x--", b"").replace(b'"direction"', b'"file"; filename="a.txt"'),
            "multipart/form-data; boundary=x",
            "direction",
        ),
        (FIELD, "multipart/form-data; boundary=x", "file-missing"),
        (NAMED, "multipart/form-data; boundary=x", "direction"),
    ],
)
async def test_a_form_that_is_none_is_refused(case: Case, body: bytes, kind: str, code: str) -> None:
    headers = {"Authorization": f"Bearer {case.tokens['clerk']}", "Content-Type": kind}
    answer = await case.client.post(f"{case.path}/attachments", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_existing_callers_name_files_by_hash_alone(case: Case) -> None:
    file = {"name": "纸质材料.pdf", "sha256": "ab" * 32, "size": 10}
    await case.act("request-review", "clerk", files=[file])
    await case.cleared([file])
    await case.delivered([file])
    assert (await case.client.post("/api/requests/follow-up/files", json=case.known)).json()["files"] == []

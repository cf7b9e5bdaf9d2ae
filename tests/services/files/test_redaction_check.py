"""What a review directed to go is proved gone from the next file by extracting its text, before anybody approves that file."""

from typing import Any
from uuid import UUID

import pytest

from services.review.secrecy_review.events import RedactionsVerified
from tests.services.files.conftest import Case
from tests.unit.files import samples
from tests.unit.files.samples import BLACK_BOX, SECRET


async def opinion(case: Case, review: str, sha256: str, kind: str) -> dict[str, Any]:
    """The reviewer's opinion on the one file; what the leader then approves."""
    one: dict[str, Any] = {"sha256": sha256, "opinion": kind, "bases": ["条例第三十七条"], "reason": "含有身份证号"}
    if kind != "release":
        one["ground"] = "personal_privacy"
    answer = await case.post(f"{review}/give-opinion", "reviewer", {"opinions": [one]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = (await case.get(f"{review}/opinion", "leader")).json()
    return {"approves": told["approves"]}


async def partly_open(case: Case) -> dict[str, Any]:
    """A first review has directed that the name and number have to go; returns the original."""
    await case.upload("原件.pdf", samples.pdf())
    original = await case.file()
    first = await case.reviewed([original])
    directed = await case.post(f"{first}/direct-redactions", "reviewer", {"sha256": original["sha256"], "parts": [SECRET]})
    assert directed.status_code == 200, directed.text
    approves = await opinion(case, first, original["sha256"], "partial")
    assert (await case.post(f"{first}/approve", "leader", approves)).status_code == 200
    return original


@pytest.mark.rule("BM-14", "YS-07.5")
async def test_a_file_is_approved_only_after_what_was_directed_is_proved_gone(case: Case) -> None:
    await partly_open(case)
    await case.upload("公开稿.pdf", samples.pdf(content="BT /F1 14 Tf 72 700 Td (Budget of 2024) Tj ET"))
    result = await case.file()
    second = await case.reviewed([result], 2)
    approves = await opinion(case, second, result["sha256"], "release")
    refused = await case.post(f"{second}/approve", "leader", approves)
    assert (refused.status_code, refused.json()["code"]) == (409, "redactions-unverified")
    verify = f"{second}/files/{result['sha256']}/verify-redactions"
    assert (await case.post(verify, "auditor")).status_code == 403
    assert (await case.post(verify, "reviewer")).status_code == 200
    review = case.running("review")
    rows = review.log.rows.read_aggregate(UUID(second.rpartition("/")[2]))
    (event,) = [one.event for row in rows if isinstance((one := row.recorded()).event, RedactionsVerified)]
    assert (event.sha256, event.unproved, event.confirmed) == (result["sha256"], (), False)
    assert (await case.post(f"{second}/approve", "leader", approves)).status_code == 200


@pytest.mark.rule("BM-14", "YS-07.5")
async def test_a_box_over_the_text_is_not_enough(case: Case) -> None:
    await partly_open(case)
    await case.upload("盖黑框.pdf", samples.pdf(after=BLACK_BOX))
    boxed = (await case.files())[1]
    second = await case.reviewed([await case.file(1)], 2)
    refused = await case.post(f"{second}/files/{boxed['sha256']}/verify-redactions", "reviewer", {"confirmed": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "redaction-remains")
    assert SECRET not in refused.text


async def test_what_text_can_not_prove_a_person_has_to_see(case: Case) -> None:
    await partly_open(case)
    await case.upload("盖黑框.pdf", samples.pdf(after=BLACK_BOX))
    boxed = (await case.files())[1]
    assert (await case.post(f"{case.path}/attachments/{boxed['sha256']}/clean", "clerk")).status_code == 201
    image = await case.file(2)
    second = await case.reviewed([image], 2)
    verify = f"{second}/files/{image['sha256']}/verify-redactions"
    assert (await case.post(verify, "reviewer")).json()["code"] == "redaction-unproved"
    assert (await case.post(verify, "reviewer", {"confirmed": True})).status_code == 200
    assert (await case.post(f"{second}/files/{'ab' * 32}/verify-redactions", "reviewer")).json()["code"] == "no-such-file"

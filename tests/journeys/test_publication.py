"""Information from its creation to the public and its correction, through HTTP and real NATS, with secrecy review in between."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from demo.office import Failed, Office

MONDAY = date(2025, 3, 3)
THINGS = "/api/publishing/publications"
BASES = {"bases": ["保守国家秘密法"], "reason": "经审查不涉及秘密"}


async def step(office: Office, id: str, verb: str, by: str, day: date, **body: Any) -> dict[str, Any]:
    """A command on a publication."""
    return await office.post(f"{THINGS}/{id}/{verb}", by, day, body)


async def standing(office: Office, id: str) -> dict[str, Any]:
    """The publication as it stands."""
    return await office.get(f"{THINGS}/{id}", "office")


async def created(office: Office, **more: Any) -> str:
    """Information whose clock runs."""
    body = {"title": "政务服务事项目录", "origin": "made", "maker": office.agency, "unit": "touzi", **more}
    made = await office.post(THINGS, "office", MONDAY, body)
    id: str = made["id"]
    await step(office, id, "decide-online", "office", MONDAY, decision="online", reason="公众需要")
    return id


async def drafted(office: Office, id: str, day: date, text: str, **more: Any) -> None:
    """Content past its quality check."""
    content = {"title": "政务服务事项目录（2025年版）", "text": text, "subject": "政务公开", "issuer": "审批服务管理局", **more}
    await step(office, id, "draft", "office", day, **content)
    await step(office, id, "check-quality", "office", day, confirmed=["accurate", "fluent", "style"])


async def reviewed(office: Office, id: str, day: date) -> None:
    """Through secrecy review, over NATS and back."""
    await step(office, id, "request-review", "office", day)
    review = await office.review_of(id)
    files = (await office.get(f"/api/review/secrecy-reviews/{review}", "reviewer"))["files"]
    opinions = [{"sha256": one["sha256"], "opinion": "release", **BASES} for one in files]
    await office.post(f"/api/review/secrecy-reviews/{review}/give-opinion", "reviewer", day, {"opinions": opinions})
    held = await office.get(f"/api/review/secrecy-reviews/{review}/opinion", "leader")
    await office.post(f"/api/review/secrecy-reviews/{review}/approve", "leader", day, {"approves": held["approves"]})
    for _ in range(600):
        if not (await standing(office, id))["in_review"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("publishing has not heard the conclusion")


@pytest.mark.rule("KH-02.3a", "KH-02.3c", "BM-03b")
async def test_from_creation_to_the_public_and_its_correction(office: Office) -> None:
    id = await created(office)
    await drafted(office, id, MONDAY, "本目录列出全部政务服务事项。")
    content = (await standing(office, id))["draft"]["hash"]
    with pytest.raises(Failed, match="还没有通过保密审查"):
        await step(office, id, "approve", "leader", MONDAY, approves=content)
    await reviewed(office, id, MONDAY)
    with pytest.raises(Failed, match="还没有批准"):
        await step(office, id, "publish", "office", MONDAY, channel="portal", evidence="栏目截图")
    await step(office, id, "approve", "leader", MONDAY, approves=content)
    tuesday = MONDAY + timedelta(1)
    await step(office, id, "publish", "office", tuesday, channel="portal", evidence="栏目截图")
    await step(office, id, "record-feedback", "office", tuesday, feedback="公众询问口径", handling="已在栏目说明")
    await drafted(office, id, tuesday, "本目录列出全部事项。", correction="用语更正")
    await reviewed(office, id, tuesday)
    await step(office, id, "approve", "leader", tuesday, approves=(await standing(office, id))["draft"]["hash"])
    done = await step(office, id, "publish", "office", tuesday, channel="portal", evidence="栏目截图")
    told = await office.get(f"{THINGS}/{id}/versions/2/differences", "office")
    assert told["differences"][-2:] == ["-本目录列出全部政务服务事项。", "+本目录列出全部事项。"]
    rows = (await office.get(f"{THINGS}?stage=published&after={done['position']}", "office"))["publications"]
    row = next(one for one in rows if one["id"] == id)
    assert (row["version"], row["published_on"], row["waits"]) == (2, str(tuesday), False)


@pytest.mark.rule("XT-08")
async def test_a_joint_document_that_the_wrong_agency_tries_to_publish(office: Office) -> None:
    with pytest.raises(Failed, match="由牵头单位（guyuan-czj）公开"):
        await created(office, origin="joint", lead="guyuan-czj")

"""Public opinion through HTTP and real NATS: a rumour that concerns another agency, from its detection to the answer that both stand by."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from demo.office import Failed, Office
from shared.kernel.clocks import today
from tests.journeys.conftest import Bureau, Running
from tests.journeys.test_coordination import Neighbour, ok
from tests.journeys.test_life import trail_of

ITEMS = "/api/press/opinion-items"


async def act(office: Office, id: str, verb: str, by: str, **body: Any) -> dict[str, Any]:
    """A step of an item: its clocks are instants, so that it is done today."""
    return await office.post(f"{ITEMS}/{id}/{verb}", by, today(), body)


async def detected(office: Office, title: str, hours: int = 1) -> str:
    """It was seen so many hours ago."""
    seen = {
        "source": "weibo",
        "place": "https://weibo.example/12",
        "title": title,
        "summary": "网传内容，未经核实",
        "detected_at": (datetime.now(UTC) - timedelta(hours=hours)).isoformat(),
    }
    id: str = (await office.post(ITEMS, "monitor", today(), seen))["id"]
    return id


async def until(office: Office, path: str, by: str, found: Any, seconds: float = 30.0) -> dict[str, Any]:
    """What a page answers as soon as it shows what is looked for."""
    for _ in range(int(seconds / 0.05)):
        answer = await office.get(path, by)
        if found(answer):
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(answer)


async def reviewed(office: Office, subject: str, day: date, *, opinion: str = "release") -> None:
    """Review decides about what press wants to say."""
    review = await office.review_of(subject)
    held = await office.get(f"/api/review/secrecy-reviews/{review}", "reviewer")
    one: dict[str, Any] = {"opinion": opinion, "bases": ["保守国家秘密法"], "reason": "经审查，不涉密。"}
    opinions = [{**one, "sha256": file["sha256"]} for file in held["files"]]
    await office.post(f"/api/review/secrecy-reviews/{review}/give-opinion", "reviewer", day, {"opinions": opinions})
    stands = await office.get(f"/api/review/secrecy-reviews/{review}/opinion", "leader")
    await office.post(f"/api/review/secrecy-reviews/{review}/approve", "leader", day, {"approves": stands["approves"]})


@pytest.fixture
async def finance(running: Running, neighbour: Bureau) -> AsyncIterator[Neighbour]:
    """Another agency, which the rumour concerns."""
    made = Neighbour(running.base, neighbour, "固原市财政局")
    yield made
    await made.client.aclose()


@pytest.mark.rule("YQ-03.1b", "YQ-03.2d", "YQ-03.5c", "YQ-03.5d", "YQ-04.1b", "BM-03b", "XT-04")
async def test_a_rumour_that_concerns_another_agency(office: Office, finance: Neighbour) -> None:
    id = await detected(office, "网传审批须交押金")
    await act(office, id, "request-verification", "monitor", of="hotline", question="有无收取押金")
    await act(office, id, "assess", "general", content=2, public=2, media=1, respond=True, reason="涉及办事企业", level="sensitive")
    await act(office, id, "assign-owner", "general", unit="touzi")
    await act(office, id, "propose-handling", "general", nature="谣言", trend="扩散", risk="中等", measures="公布事实")
    with pytest.raises(Failed, match="您没有“批准舆情处置意见”的权限"):
        await act(office, id, "approve-handling", "general")
    await act(office, id, "approve-handling", "leader")
    await act(office, id, "accept", "unit")
    said = {
        "text": "审批不收押金；保证金由财政部门按规定管理。",
        "forms": ["online"],
        "channels": ["weibo", "portal"],
        "concerns": [finance.addressee],
    }
    with pytest.raises(Failed, match="核实"):
        await act(office, id, "draft-response", "unit", **said)
    await act(office, id, "record-verification", "monitor", found="rumour", facts="没有收取押金")
    await act(office, id, "draft-response", "unit", **said)
    draft = (await office.get(f"{ITEMS}/{id}", "unit"))["draft"]
    with pytest.raises(Failed, match="保密审查"):
        await act(office, id, "approve-response", "leader", approves=draft["hash"])
    await act(office, id, "request-review", "unit")
    await reviewed(office, id, today())
    await act(office, id, "request-coordination", "unit", text="请确认保证金由贵局管理。")
    coordination = (
        await until(office, f"/api/review/coordinations?subject={id}", "office", lambda told: told["coordinations"] and told["coordinations"][0]["answers"])
    )["coordinations"][0]["id"]  # fmt: skip
    with pytest.raises(Failed, match=r"机关尚未|审查尚未|沟通、确认"):
        await act(office, id, "approve-response", "leader", approves=draft["hash"])
    letter = await finance.letter(coordination)
    assert letter["asker"] == office.agency
    await ok(await finance.act(coordination, "confirm-letter", today(), letter_hash=letter["letters"][0]["hash"]))
    await approved(office, id, draft["hash"])
    with pytest.raises(Failed, match="政务微博"):
        await act(office, id, "issue-response", "unit", channel="portal", evidence="门户截图")
    await act(office, id, "issue-response", "unit", channel="weibo", evidence="https://weibo.example/13")
    await act(office, id, "issue-response", "unit", channel="portal", evidence="门户截图")
    with pytest.raises(Failed, match="反馈"):
        await act(office, id, "close", "general", reason="已回应")
    await act(office, id, "feed-back", "unit", result="已公布事实，谣言平息")
    await act(office, id, "close", "general", reason="已回应并反馈")
    state = await office.get(f"{ITEMS}/{id}", "general")
    assert (state["stage"], state["issued"], state["missed"], state["owed"]) == ("closed", ["weibo", "portal"], [], {})

    types = [entry["type"] for entry in await trail_of(office, id, "press.ItemClosed")]
    for one in (
        "press.ReviewRequested",
        "review.ReviewApproved",
        "press.ReviewConcluded",
        "review.Confirmed",
        "press.CoordinationConcluded",
    ):
        assert one in types, types
    assert types.index("review.ReviewApproved") < types.index("press.ReviewConcluded") < types.index("press.ResponseApproved")
    assert types.index("press.CoordinationConcluded") < types.index("press.ResponseApproved") < types.index("press.ResponseIssued")


async def approved(office: Office, id: str, hash: str, seconds: float = 30.0) -> None:
    """The leader approves as soon as what review and the agencies have answered has come over NATS."""
    for _ in range(int(seconds / 0.05)):
        try:
            await act(office, id, "approve-response", "leader", approves=hash)
        except Failed:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("the answers did not come")

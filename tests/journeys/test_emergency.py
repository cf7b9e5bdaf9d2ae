"""An emergency through HTTP and real NATS: from its detection over the first authoritative word to the press conference, each within its hours."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from demo.office import Failed, Office
from shared.kernel.clocks import LEGAL_ZONE, today
from tests.journeys.conftest import LOGINS, Bureau, Running, new_bureau
from tests.journeys.test_life import trail_of
from tests.journeys.test_opinion import ITEMS, act, approved, detected, reviewed
from tests.journeys.test_press_release import approved as head_approves
from tests.journeys.test_press_release import step, with_team


@pytest.fixture
def newcomers(running: Running) -> Bureau:
    """An agency that has no organisation that speaks yet."""
    return new_bureau(running, *LOGINS)


@pytest.fixture
async def office(running: Running, newcomers: Bureau) -> AsyncIterator[Office]:
    """Its officials at work."""
    made = Office(running.base, newcomers.code, newcomers.accounts)
    made.tokens.update(newcomers.tokens)
    yield made
    await made.client.aclose()


@pytest.mark.rule("YQ-03.1c", "YQ-03.2a", "YQ-03.2c", "YQ-03.3", "YQ-03.4d", "YQ-04.2b", "YQ-04.2c", "XW-02", "XW-07.3a")
async def test_an_emergency_from_detection_to_press_conference(office: Office) -> None:
    people = await with_team(office)
    id = await detected(office, "政务大厅突发停电", hours=2)
    warning: dict[str, Any] = {
        "items": [id],
        "title": "停电引发聚集的预警",
        "level": "high",
        "text": "约三百人滞留，可能扩散。",
        "to": "局领导",
    }
    await office.post("/api/press/early-warnings", "general", today(), warning)
    await act(office, id, "assess", "general", content=3, public=3, media=2, respond=True, reason="办事中断，媒体到场")
    owed = (await office.get(f"{ITEMS}/{id}", "general"))["owed"]
    assert set(owed) == {"authoritative", "conference"}
    await act(office, id, "assign-owner", "general", unit="touzi")
    await act(office, id, "propose-handling", "general", nature="突发事件", trend="扩散", risk="较高", measures="先发权威信息，再开发布会")
    await act(office, id, "approve-handling", "leader")
    reported = await act(office, id, "report-up", "general", to="市政府办公室", level="higher", way="紧急信息")
    assert reported["position"]
    await act(office, id, "accept", "unit")
    await act(office, id, "assign-joint-task", "general", unit="zonghe", task="现场秩序和解释")
    await act(office, id, "link-case", "unit", what="供电线路故障")
    await act(
        office, id, "draft-response", "unit", text="停电已通知抢修，业务改由旧厅办理。", forms=["online"], channels=["weibo", "portal"]
    )
    draft = (await office.get(f"{ITEMS}/{id}", "unit"))["draft"]
    await act(office, id, "request-review", "unit")
    await reviewed(office, id, today())
    await approved(office, id, draft["hash"])
    await act(office, id, "issue-response", "unit", channel="weibo", evidence="https://weibo.example/21")
    await act(office, id, "issue-response", "unit", channel="portal", evidence="门户首页")
    state = await office.get(f"{ITEMS}/{id}", "general")
    assert (set(state["owed"]), state["answered"]) == ({"conference"}, True), "the first word was said in time; a conference is still owed"

    topic = {
        "title": "政务大厅停电处置情况",
        "summary": "原因、处置和替代办理安排",
        "content": "emergency",
        "origin": "group",
        "basis": "领导小组会议纪要〔2026〕5号",
        "unit": "touzi",
        "opinion": id,
    }
    release = (await office.post("/api/press/press-releases", "general", today(), topic))["id"]
    with pytest.raises(Failed, match="审核"):
        await step(office, release, "review-topic", "leader", opinion="同意")
    await step(office, release, "accept-topic", "general")
    answers = [{"question": "何时恢复", "line": "预计今日恢复。"}]
    await step(office, release, "prepare-draft", "speaker", statement="停电原因为线路故障，已抢修。", answers=answers)
    hash = (await office.get(f"/api/press/press-releases/{release}", "speaker"))["draft"]["hash"]
    await step(office, release, "request-review", "speaker")
    await reviewed(office, release, today())
    await head_approves(office, release, hash)
    await step(office, release, "authorise", "general", person=people["speaker"], authority="city_government", document="市政府办公室通知")
    now = datetime.now(LEGAL_ZONE).replace(microsecond=0).isoformat()
    await step(office, release, "plan-event", "general", form="press_conference", at=now, place="市新闻发布厅")
    await step(office, release, "invite-journalists", "general", media=["city_daily"])
    await step(office, release, "hold-event", "liaison", questions=[{"question": "何时恢复", "answer": "今日。"}], evidence="录像 21 号")
    state = await office.get(f"{ITEMS}/{id}", "general")
    assert (state["owed"], state["missed"], state["releases"]) == ({}, [], [release])

    with pytest.raises(Failed, match="实际事项尚未解决"):
        await act(office, id, "close", "general", reason="已发布")
    await act(office, id, "solve-case", "unit", how="线路修复，加装备用电源")
    await act(office, id, "feed-back", "unit", result="供电恢复，秩序正常")
    await act(office, id, "close", "general", reason="已回应、已解决")
    types = [entry["type"] for entry in await trail_of(office, id, "press.ItemClosed")]
    assert types.index("press.ResponseIssued") < types.index("press.PressEventLinked") < types.index("press.ItemClosed")

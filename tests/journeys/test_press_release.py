"""A release through HTTP and real NATS: a unit's topic, from its proposal to the statement and the publication that says the same."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from demo.office import Failed, Office
from shared.kernel.clocks import LEGAL_ZONE, today
from tests.journeys.test_life import trail_of
from tests.journeys.test_opinion import detected, reviewed, until

RELEASES = "/api/press/press-releases"
THINGS = "/api/publishing/publications"


async def step(office: Office, id: str, verb: str, by: str, **body: Any) -> dict[str, Any]:
    """A step of a release."""
    return await office.post(f"{RELEASES}/{id}/{verb}", by, today(), body)


async def person_of(office: Office, login: str) -> str:
    """Who is behind an account."""
    answer = await office.client.get("/api/access/me", headers={"Authorization": f"Bearer {office.tokens[login]}"})
    found: str = answer.json()["person"]
    return found


async def with_team(office: Office) -> dict[str, str]:
    """The organisation that speaks, as far as it is not there yet; returns its people."""
    people = {login: await person_of(office, login) for login in ("chief", "leader", "speaker", "liaison")}
    members = [
        {"person": people["chief"], "rank": "bureau_head", "duty": "head"},
        {"person": people["leader"], "rank": "deputy_head", "duty": "lead"},
    ]
    made = await office.post("/api/press/release-teams", "general", today(), {"members": members, "document": "局办〔2026〕3号"})
    path = f"/api/press/release-teams/{made['id']}"
    with pytest.raises(Failed, match="综合科负责人及以上"):
        await appoint(office, path, people["liaison"], "staff")
    await appoint(office, path, people["speaker"], "general_office_head")
    await office.post(f"{path}/appoint-liaison", "general", today(), {"person": people["liaison"]})
    trained = {"topic": "突发事件发布", "attended": [{"person": people["liaison"]}], "evidence": "签到表"}
    await office.post(f"{path}/hold-training", "liaison", today(), trained)
    with pytest.raises(Failed, match="没有这名人员"):
        await appoint(office, path, made["id"], "bureau_head")
    return people


async def appoint(office: Office, path: str, person: str, rank: str) -> None:
    """A spokesperson."""
    await office.post(f"{path}/appoint-spokesperson", "general", today(), {"person": person, "rank": rank, "document": "局办〔2026〕3号"})


@pytest.mark.rule("XW-02", "XW-04a", "XW-05", "XW-06", "XW-07.3b", "XW-07.3c", "XW-07.5", "YQ-03.5b", "YQ-04.2c", "X-03", "X-04")
async def test_a_units_topic_from_its_proposal_to_the_publication_that_says_the_same(office: Office) -> None:
    people = await with_team(office)
    opinion = await detected(office, "网传大厅停止办理")
    await office.post(
        f"/api/press/opinion-items/{opinion}/assess",
        "general",
        today(),
        {"content": 3, "public": 3, "media": 3, "respond": True, "reason": "影响全市办事群众"},
    )
    topic = {
        "title": "政务大厅搬迁后的办理安排",
        "summary": "说明搬迁期间和以后的办理安排",
        "content": "overall_or_hot",
        "origin": "unit",
        "unit": "touzi",
        "opinion": opinion,
    }
    with pytest.raises(Failed, match="由综合科或者领导小组负责人登记、修改"):
        await office.post(RELEASES, "unit", today(), {**topic, "origin": "superior", "basis": "上级通知"})
    made = await office.post(RELEASES, "unit", today(), topic)
    id = made["id"]
    with pytest.raises(Failed, match="分管领导和主要领导审核"):
        await step(office, id, "accept-topic", "general")
    with pytest.raises(Failed, match="您没有“审核发布主题（主要领导）”的权限"):
        await step(office, id, "confirm-topic", "leader")
    await step(office, id, "review-topic", "leader", opinion="同意")
    await step(office, id, "confirm-topic", "chief", opinion="同意")
    await step(office, id, "accept-topic", "general")

    said = {"statement": "搬迁期间业务照常办理。", "answers": [{"question": "哪里办理", "line": "旧大厅办理到月底。"}]}
    with pytest.raises(Failed, match="您没有“拟定发布稿和答问口径”的权限"):
        await step(office, id, "prepare-draft", "unit", **said)
    await step(office, id, "prepare-draft", "speaker", **said)
    hash = (await office.get(f"{RELEASES}/{id}", "speaker"))["draft"]["hash"]
    with pytest.raises(Failed, match="保密审查"):
        await step(office, id, "approve-draft", "chief", approves=hash)
    await step(office, id, "request-review", "speaker")
    await reviewed(office, id, today())
    await approved(office, id, hash)

    with pytest.raises(Failed, match="还没有授权，任何人不得发布"):
        await step(office, id, "issue-statement", "speaker", channel="weibo", evidence="https://weibo.example/7")
    with pytest.raises(Failed, match="不是本机关确定的新闻发言人"):
        await step(office, id, "authorise", "general", person=people["liaison"], authority="city_government", document="市政府通知")
    with pytest.raises(Failed, match="由主要领导作出"):
        await step(office, id, "authorise", "general", person=people["speaker"], authority="bureau", document="局长批示")
    await step(office, id, "authorise", "chief", person=people["speaker"], authority="bureau", document="局长批示")

    now = datetime.now(LEGAL_ZONE).replace(microsecond=0)
    await step(office, id, "plan-event", "general", form="press_conference", at=(now + timedelta(days=1)).isoformat(), place="政务大厅")
    await step(office, id, "postpone-event", "general", at=now.isoformat(), place="市新闻发布厅", reason="提前")
    with pytest.raises(Failed, match="您没有“邀请记者”的权限"):
        await step(office, id, "invite-journalists", "liaison", media=["city_daily"])
    with pytest.raises(Failed, match="一般邀请本市媒体"):
        await step(office, id, "invite-journalists", "general", media=["city_daily", "central_media"])
    planned = await step(office, id, "invite-journalists", "general", media=["city_daily", "city_broadcast"])
    (coming,) = (await office.get(f"/api/press/releases?coming=true&after={planned['position']}", "general"))["releases"]
    assert (coming["id"], coming["place"], coming["media"]) == (id, "市新闻发布厅", ["city_daily", "city_broadcast"])
    asked = [{"question": "何时启用新大厅", "answer": "下月一日。"}]
    await step(office, id, "hold-event", "liaison", questions=asked, evidence="录像 7 号")
    item = await office.get(f"/api/press/opinion-items/{opinion}", "general")
    assert ("conference" in item["owed"], item["releases"]) == (False, [id])

    with pytest.raises(Failed, match="您没有“发布新闻稿”的权限"):
        await step(office, id, "issue-statement", "liaison", channel="weibo", evidence="https://weibo.example/7")
    await step(office, id, "issue-statement", "speaker", channel="weibo", evidence="https://weibo.example/7")
    await step(office, id, "issue-statement", "speaker", channel="newspaper", evidence="第 3 版")
    release = await until(office, f"{RELEASES}/{id}", "speaker", lambda told: told["publication"])
    assert (release["stage"], release["channels"], release["edition"]) == ("issued", ["weibo", "newspaper"], 1)
    await says_the_same(office, release["publication"], id)

    types = [entry["type"] for entry in await trail_of(office, id, "press.PublicationLinked")]
    order = ("TopicProposed", "TopicReviewed", "TopicAccepted", "DraftPrepared", "DraftApproved", "SpokespersonAuthorised")
    places = [types.index(f"press.{one}") for one in (*order, "JournalistsInvited", "EventHeld", "StatementIssued")]
    assert places == sorted(places)
    assert types.count("press.TopicReviewed") == 2


async def approved(office: Office, id: str, hash: str) -> None:
    """The head approves as soon as what review has decided has come over NATS."""
    for _ in range(600):
        try:
            await step(office, id, "approve-draft", "chief", approves=hash)
        except Failed:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("the review did not come")


async def says_the_same(office: Office, id: str, release: str) -> None:
    """What publishing has made of the statement: its text, through its own gates to the portal, named with the release."""
    thing = await office.get(f"{THINGS}/{id}", "office")
    assert (thing["draft"]["text"], thing["unit"], thing["related"][0]["thing"]) == ("搬迁期间业务照常办理。", "touzi", release)
    day = today()

    async def act(verb: str, by: str, **body: Any) -> dict[str, Any]:
        return await office.post(f"{THINGS}/{id}/{verb}", by, day, body)

    confirmed = ["accurate", "fluent", "style"]
    with pytest.raises(Failed, match="请先确定该信息"):
        await act("check-quality", "office", confirmed=confirmed)
    await act("decide-online", "office", decision="online", reason="公众需要")
    await act("check-quality", "office", confirmed=confirmed)
    await act("request-review", "office")
    await reviewed(office, id, day)
    await until(office, f"{THINGS}/{id}", "office", lambda told: not told["in_review"])
    await act("approve", "leader", approves=thing["draft"]["hash"])
    await act("publish", "office", channel="portal", evidence="栏目截图")
    assert (await office.get(f"{THINGS}/{id}", "office"))["versions"][0]["text"] == "搬迁期间业务照常办理。"

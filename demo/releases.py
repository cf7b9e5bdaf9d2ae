"""News releases in the demonstration: who speaks for the agency, and topics in every state, from a unit's first idea to what was said."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, time, timedelta
from typing import Any

from demo.office import Failed, Office
from demo.press import released
from shared.kernel.clocks import LEGAL_ZONE, today

RELEASES = "/api/press/press-releases"
NOTE = "局办〔2026〕3号"


async def cases(office: Office) -> None:
    """The organisation first, then six releases side by side."""
    people = await team(office)
    made: list[Awaitable[Any]] = [
        said(office, people),
        coming(office, people),
        drafted(office),
        proposed(office, "“一件事一次办”改革阶段性成果", "stage_result"),
        returned(office),
        set_above(office),
    ]
    await asyncio.gather(*made)


async def team(office: Office) -> dict[str, str]:
    """The leading group, the spokesperson, the liaison officer, the network, a training, and the unit that responds; returns who is who."""
    people = {}
    for login in ("chief", "leader", "general", "speaker", "liaison", "unit"):
        people[login] = (await office.get("/api/access/me", login))["person"]
    members = [
        {"person": people["chief"], "rank": "bureau_head", "duty": "head"},
        {"person": people["leader"], "rank": "deputy_head", "duty": "lead"},
        {"person": people["general"], "rank": "general_office_head", "duty": "member"},
    ]
    made = await office.post("/api/press/release-teams", "general", today(), {"members": members, "document": NOTE})

    async def keep(verb: str, **body: Any) -> None:
        await office.post(f"/api/press/release-teams/{made['id']}/{verb}", "general", today(), body)

    await keep("appoint-spokesperson", person=people["speaker"], rank="general_office_head", document=NOTE)
    await keep("appoint-liaison", person=people["liaison"])
    await keep("join-network", unit="touzi", person=people["unit"])
    attended = [{"person": people[login]} for login in ("speaker", "liaison")]
    await keep("hold-training", topic="突发事件新闻发布", attended=attended, evidence="签到表、课件")
    return people


async def act(office: Office, id: str, verb: str, by: str, **body: Any) -> dict[str, Any]:
    """A step of a release."""
    return await office.post(f"{RELEASES}/{id}/{verb}", by, today(), body)


async def proposed(office: Office, title: str, content: str) -> str:
    """A unit's topic, which the leader in charge has to review."""
    topic = {"title": title, "summary": f"介绍{title}的有关情况。", "content": content, "origin": "unit", "unit": "touzi"}
    id: str = (await office.post(RELEASES, "unit", today(), topic))["id"]
    return id


async def accepted(office: Office, title: str, content: str) -> str:
    """After both reviews, with the general office."""
    id = await proposed(office, title, content)
    await act(office, id, "review-topic", "leader", opinion="同意")
    await act(office, id, "confirm-topic", "chief", opinion="同意")
    await act(office, id, "accept-topic", "general")
    return id


async def written(office: Office, id: str, statement: str, question: str, line: str) -> str:
    """The spokesperson has drafted it, and review has released it; returns its hash."""
    await act(office, id, "prepare-draft", "speaker", statement=statement, answers=[{"question": question, "line": line}])
    await act(office, id, "request-review", "speaker")
    await released(office, id)
    hash: str = (await office.get(f"{RELEASES}/{id}", "speaker"))["draft"]["hash"]
    return hash


async def approved(office: Office, id: str, hash: str, seconds: float = 30.0) -> None:
    """The head approves as soon as what review has decided has come over NATS."""
    for _ in range(int(seconds / 0.05)):
        try:
            await act(office, id, "approve-draft", "chief", approves=hash)
        except Failed:
            await asyncio.sleep(0.05)
        else:
            return
    raise Failed(f"新闻发布 {id} 没有等到审查结论")


async def planned(office: Office, id: str, days: int, place: str) -> None:
    """A press conference so many days from now, with the media of the city."""
    at = datetime.combine(today() + timedelta(days), time(9, 30), LEGAL_ZONE)
    await act(office, id, "plan-event", "general", form="press_conference", at=at.isoformat(), place=place)
    await act(office, id, "invite-journalists", "general", media=["city_daily", "city_broadcast", "county_media"])


async def said(office: Office, people: dict[str, str]) -> None:
    """Held today, and said on the official account; publishing has taken it up."""
    id = await accepted(office, "政务大厅搬迁后的办理安排", "overall_or_hot")
    statement = "新大厅下月一日启用；搬迁期间各项业务在原址照常办理。"
    await approved(office, id, await written(office, id, statement, "搬迁期间在哪里办理", "在原址办理到本月底。"))
    await act(office, id, "authorise", "chief", person=people["speaker"], authority="bureau", document="局长办公会纪要")
    await planned(office, id, 0, "市新闻发布厅")
    asked = [{"question": "停车是否收费", "answer": "办事群众两小时内免费。"}]
    await act(office, id, "hold-event", "liaison", questions=asked, evidence="录像 7 号、签到表")
    await act(office, id, "issue-statement", "speaker", channel="wechat", evidence="https://wechat.example/7")


async def coming(office: Office, people: dict[str, str]) -> None:
    """Approved and authorised; the press conference is in three days."""
    id = await accepted(office, "工程建设项目审批制度改革", "major_decision")
    statement = "自下月起，社会投资小型项目审批时限压缩到二十个工作日。"
    await approved(office, id, await written(office, id, statement, "哪些项目适用", "建筑面积两千平方米以下的社会投资项目。"))
    told = {"authority": "city_government", "document": "市政府办公室通知〔2026〕12号"}
    await act(office, id, "authorise", "general", person=people["speaker"], **told)
    await planned(office, id, 3, "政务大厅三楼会议室")


async def drafted(office: Office) -> None:
    """The head has to approve what the spokesperson has drafted."""
    id = await accepted(office, "重大项目“拿地即开工”进展", "stage_result")
    await written(office, id, "今年已有九个项目实现拿地即开工。", "容缺办理是否降低标准", "标准不降低，只是提前介入、并联办理。")


async def returned(office: Office) -> None:
    """Its unit has to revise it."""
    id = await proposed(office, "电子证照应用情况", "other")
    await act(office, id, "return-topic", "leader", reason="补充群众最关心的应用场景和数据")


async def set_above(office: Office) -> None:
    """Set by the city's office: the general office has to accept it."""
    topic = {
        "title": "全市营商环境优化情况",
        "summary": "按市委宣传部安排，介绍审批服务方面的情况。",
        "content": "major_decision",
        "origin": "superior",
        "basis": "市委宣传部通知〔2026〕21号",
        "unit": "shangshi",
    }
    await office.post(RELEASES, "general", today(), topic)

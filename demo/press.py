"""Public opinion in the demonstration: items in every state, one of them late, one that waits for another agency, one answered and closed.

Their clocks are instants: they were detected some hours ago, whenever the demonstration is loaded.
"""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

from demo import neighbour
from demo.office import Failed, Office
from shared.kernel.clocks import today

ITEMS = "/api/press/opinion-items"


def cases(office: Office) -> list[Awaitable[None]]:
    """Seven items."""
    return [
        closed(office),
        waiting(office),
        unanswered(office),
        emergency(office),
        fresh(office, "大厅停车收费混乱", "反映停车场出口排队、收费不一。", 1),
        fresh(office, "咨询电话无人接听", "称上午多次拨打未接通。", 3),
        unworthy(office),
    ]


async def act(office: Office, id: str, verb: str, by: str, **said: Any) -> dict[str, Any]:
    """A step of an item."""
    return await office.post(f"{ITEMS}/{id}/{verb}", by, today(), said)


async def detected(office: Office, title: str, summary: str, hours: int, **more: Any) -> str:
    """It was seen so many hours ago."""
    seen = {
        "source": "weibo",
        "place": f"https://weibo.example/{office.draw.randint(1000, 9999)}",
        "title": title,
        "summary": summary,
        "detected_at": (datetime.now(UTC) - timedelta(hours=hours)).isoformat(),
    }
    id: str = (await office.post(ITEMS, "monitor", today(), {**seen, **more}))["id"]
    return id


async def assessed(office: Office, id: str, points: tuple[int, int, int], unit: str, *, respond: bool = True) -> None:
    """By the scheme, with its owner; what is more than ordinary is approved before it is handled."""
    content, public, media = points
    await act(office, id, "assess", "general", content=content, public=public, media=media, respond=respond, reason="涉及办事群众和企业")
    await act(office, id, "assign-owner", "general", unit=unit)
    if sum(points) >= 4:
        await act(office, id, "propose-handling", "general", nature="服务投诉", trend="上升", risk="中等", measures="查明情况，公开说明")
        await act(office, id, "approve-handling", "leader")


async def drafted(office: Office, id: str, text: str, **more: Any) -> str:
    """The unit in charge has accepted it and written what is to be said; returns its hash."""
    await act(office, id, "accept", "unit")
    await act(office, id, "draft-response", "unit", text=text, forms=["online"], channels=["weibo", "portal"], **more)
    await act(office, id, "request-review", "unit")
    hash: str = (await office.get(f"{ITEMS}/{id}", "unit"))["draft"]["hash"]
    return hash


async def released(office: Office, id: str) -> None:
    """Review releases what is to be said."""
    review = await office.review_of(id)
    files = (await office.get(f"/api/review/secrecy-reviews/{review}", "reviewer"))["files"]
    one = {"opinion": "release", "bases": ["保守国家秘密法"], "reason": "经审查，不涉密。"}
    opinions = [{**one, "sha256": file["sha256"]} for file in files]
    await office.post(f"/api/review/secrecy-reviews/{review}/give-opinion", "reviewer", today(), {"opinions": opinions})
    held = await office.get(f"/api/review/secrecy-reviews/{review}/opinion", "leader")
    await office.post(f"/api/review/secrecy-reviews/{review}/approve", "leader", today(), {"approves": held["approves"]})


async def approved(office: Office, id: str, hash: str, seconds: float = 30.0) -> None:
    """The leader approves as soon as what review has decided has come over NATS."""
    for _ in range(int(seconds / 0.05)):
        try:
            await act(office, id, "approve-response", "leader", approves=hash)
        except Failed:
            await asyncio.sleep(0.05)
        else:
            return
    raise Failed(f"舆情 {id} 没有等到审查结论")


async def closed(office: Office) -> None:
    """Answered within its hours, solved and closed."""
    id = await detected(office, "反映叫号系统反复故障", "多人反映取号后不叫号，等候超过两小时。", 30, source="hotline")
    await assessed(office, id, (2, 2, 1), "touzi")
    await act(office, id, "link-case", "unit", what="叫号系统故障")
    hash = await drafted(office, id, "叫号系统故障已于当日修复，并增设人工引导；给您带来不便，敬请谅解。")
    await released(office, id)
    await approved(office, id, hash)
    await act(office, id, "issue-response", "unit", channel="weibo", evidence="https://weibo.example/90")
    await act(office, id, "issue-response", "unit", channel="portal", evidence="门户“回应关切”栏目")
    await act(office, id, "solve-case", "unit", how="更换服务器并加装备机")
    await act(office, id, "feed-back", "unit", result="已修复、已回应，群众反映平息")
    await act(office, id, "close", "general", reason="已回应、已解决")


async def waiting(office: Office) -> None:
    """What is to be said concerns another agency, which has not confirmed it yet."""
    id = await detected(office, "网传办理审批须交押金", "网传企业办理施工许可须先交押金。", 5)
    await act(office, id, "request-verification", "monitor", of="hotline", question="有无企业反映被收取押金")
    await act(office, id, "record-verification", "monitor", found="rumour", facts="没有收取押金；农民工工资保证金由财政部门按规定管理")
    await assessed(office, id, (2, 2, 1), "touzi")
    addressee = {"code": neighbour.CODE, "name": neighbour.NAME, "outside": False}
    await drafted(office, id, "办理审批不收押金；工资保证金由财政部门按规定管理。", concerns=[addressee])
    await act(office, id, "request-coordination", "unit", text="拟作上述回应，涉及贵局职责，请即确认。")
    await released(office, id)


async def unanswered(office: Office) -> None:
    """Its two days are over, and nothing was said."""
    id = await detected(office, "反映材料要求前后不一", "称两次办理被要求的材料不同。", 52, source="forum")
    await assessed(office, id, (1, 1, 0), "shangshi")


async def emergency(office: Office) -> None:
    """Major: authoritative information within five hours, a press conference within twenty-four."""
    id = await detected(office, "政务大厅突发停电，办事中断", "约三百名办事群众滞留，多家媒体到场。", 2, source="video")
    await assessed(office, id, (3, 3, 2), "touzi")
    await act(office, id, "report-up", "general", to="固原市人民政府办公室", level="higher", way="紧急信息")


async def fresh(office: Office, title: str, summary: str, hours: int) -> None:
    """Seen, and nothing more."""
    await detected(office, title, summary, hours)


async def unworthy(office: Office) -> None:
    """Assessed as worth no answer."""
    id = await detected(office, "吐槽大厅空调太冷", "一人发帖，无人跟评。", 20)
    await act(office, id, "assess", "general", content=0, public=0, media=0, respond=False, reason="个别感受，已转告物业")
    await act(office, id, "close", "general", reason="不需要回应")

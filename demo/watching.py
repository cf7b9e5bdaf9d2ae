"""Watching in the demonstration: the month's rota with a gap at night, patrols, inquiries in every state, a log, a report, a warning, a bulletin, a risk."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

from demo.office import Office
from shared.kernel.clocks import LEGAL_ZONE, today
from shared.law.calendar import national_calendar

PRESS = "/api/press"
SOURCES = (
    ("bbs", "bbs", "市民论坛", "https://bbs.example.cn"),
    ("weibo", "weibo", "微博同城", "https://weibo.example"),
    ("hotline", "hotline", "12345 热线转办", ""),
)
FILE = """来源,网址,标题,摘要
网站,https://news.example.cn/2201,政务大厅增设老年人绿色通道受好评,报道大厅便民措施
视频,https://video.example.cn/77,市民体验“一件事一次办”,视频介绍办理经过
"""


async def cases(office: Office) -> None:
    """What others wait for first, the rest side by side."""
    await rota(office)
    await asyncio.gather(
        patrolled(office), asked(office), answered(office), hot(office), late(office), reported(office), risk(office), imported(office)
    )


async def post(office: Office, path: str, by: str, said: dict[str, Any], days: int = 0) -> dict[str, Any]:
    """A command, so many days ago."""
    return await office.post(f"{PRESS}/{path}", by, today() - timedelta(days=days), said)


async def rota(office: Office) -> None:
    """Three sources, by day and in the evening; nobody watches at night, and that shows."""
    person = (await office.get("/api/access/me", "monitor"))["person"]
    day = today()
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    sources = [dict(zip(("code", "kind", "source_name", "place"), one, strict=True)) for one in SOURCES]
    made = await post(office, "monitoring-rotas", "general", {"month": str(day), "sources": sources, "every_hours": "4"})
    for begins, ends, watched in ((8, 18, ()), (18, 23, ("bbs", "weibo"))):
        shift = {"monitor": person, "watched": watched, "first": str(day.replace(day=1)), "last": str(last), "begins": begins, "ends": ends}
        await post(office, f"monitoring-rotas/{made['id']}/plan-shift", "general", shift)


async def patrolled(office: Office) -> None:
    """The forum and the microblog since this morning."""
    now = datetime.now(LEGAL_ZONE)
    begun = max(datetime.combine(now.date(), time(), tzinfo=LEGAL_ZONE), now - timedelta(minutes=40))
    if now - begun > timedelta(minutes=1):
        for source, found in (("bbs", 2), ("weibo", 0)):
            patrol = {"watched_source": source, "begun": begun.isoformat(), "ended": now.isoformat(), "found": found}
            await post(office, "patrol-logs", "monitor", patrol)


async def received(office: Office, kind: str, text: str, days: int, **more: Any) -> str:
    """An inquiry that came by telephone."""
    said = {"kind": kind, "text": text, "name": "来电市民（演示）", "contact": "0954-0000000", "channel": "telephone", **more}
    id: str = (await post(office, "inquiries", "general", said, days))["id"]
    return id


async def asked(office: Office) -> None:
    """It waits for a unit."""
    await received(office, "consult", "周末能不能办理营业执照？", 0)


async def assigned(office: Office, text: str, topic: str, days: int, *, hot: bool = False, kind: str = "consult") -> str:
    """With the unit in charge."""
    id = await received(office, kind, text, days)
    await post(office, f"inquiries/{id}/assign", "general", {"unit": "touzi", "topic": topic, "hot": hot}, days)
    return id


async def answered(office: Office) -> None:
    """In time."""
    id = await assigned(office, "投资项目备案需要哪些材料？", "投资项目备案材料", 3)
    await post(office, f"inquiries/{id}/answer", "unit", {"way": "telephone", "text": "已逐项告知，并发送办事指南。"}, 2)


async def hot(office: Office) -> None:
    """Answered, and its facts are still to be published."""
    id = await assigned(office, "听说大厅要搬迁，是真的吗？", "政务大厅搬迁", 1, hot=True)
    await post(office, f"inquiries/{id}/answer", "unit", {"way": "telephone", "text": "没有搬迁计划。"})


async def late(office: Office) -> None:
    """Answered after its day."""
    days = (today() - national_calendar().subtract_working_days(today(), 8)).days
    id = await assigned(office, "窗口叫号多次过号，要求改进。", "窗口叫号", days, kind="complain")
    await post(office, f"inquiries/{id}/answer", "unit", {"way": "telephone", "text": "已更换叫号设备。"})


async def reported(office: Office) -> None:
    """Today's log, a warning, and the bulletin of the last month."""
    await post(office, "daily-logs", "monitor", {"day": str(today()), "note": "窗口排队和停车收费受到关注，已转有关科室。"})
    warned = {
        "title": "供热缴费期可能集中来访",
        "level": "medium",
        "to": "社会事务审批科",
        "text": "提前公布缴费地点和线上渠道，增开窗口。",
    }
    await post(office, "early-warnings", "monitor", warned)
    end = today().replace(day=1) - timedelta(days=1)
    await post(office, "bulletins", "general", {"first": str(end.replace(day=1)), "last": str(end), "note": "请各科室按时受理、回应。"})


async def risk(office: Office) -> None:
    """A decision of press's own list, which waits for approval."""
    made = await post(office, "risk-assessments", "general", {"title": "政务大厅服务时间调整", "unit": "touzi"})
    draft = {"methods": ["sampling", "visits"], "findings": "走访窗口和两个社区。", "level": "low", "plan": "提前公告，保留周末窗口。"}
    await post(office, f"risk-assessments/{made['id']}/draft", "unit", draft)


async def imported(office: Office) -> None:
    """Two items from a file."""
    headers = {"Authorization": f"Bearer {office.tokens['monitor']}"}
    sent = await office.client.post(f"{PRESS}/opinion-items/import", content=FILE.encode(), headers=headers)
    sent.raise_for_status()

"""The public's search among 20,000 published items: queries of two characters through the API, each answer looked at as well as timed.

The items are written by the view's own writer into the table that the search reads, as a rebuild of the view writes them.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import psycopg

from services.publishing.views.portal import Content, PortalRow, Version, show
from shared.kernel.identity import derived_id
from shared.settings import Settings

ITEMS = 20_000

WORDS = [
    "预算",
    "决算",
    "审批",
    "许可",
    "公开",
    "服务",
    "项目",
    "建设",
    "工程",
    "规划",
    "征地",
    "补偿",
    "安置",
    "招标",
    "采购",
    "合同",
    "验收",
    "环保",
    "排污",
    "噪声",
    "教育",
    "招生",
    "医疗",
    "医保",
    "社保",
    "养老",
    "就业",
    "创业",
    "补贴",
    "扶贫",
    "低保",
    "救助",
    "住房",
    "公租",
    "拆迁",
    "物业",
    "消防",
    "安全",
    "生产",
    "食品",
    "药品",
    "监管",
    "抽检",
    "处罚",
    "信访",
    "听证",
    "复议",
    "诉讼",
    "普法",
    "宣传",
    "统计",
    "人口",
    "户籍",
    "婚姻",
    "交通",
    "公路",
    "铁路",
    "停车",
    "客运",
    "水利",
    "防汛",
    "抗旱",
    "农业",
    "种植",
    "养殖",
    "畜牧",
    "林业",
    "草原",
    "湿地",
    "旅游",
    "文化",
    "体育",
    "图书",
    "档案",
    "保密",
    "信用",
    "证照",
    "印章",
    "窗口",
    "大厅",
    "网办",
    "热线",
    "投诉",
    "反馈",
    "评价",
    "考核",
    "培训",
    "干部",
    "人事",
    "编制",
    "工资",
    "津贴",
    "财政",
    "税务",
    "审计",
    "国资",
    "企业",
    "市场",
    "登记",
    "注销",
    "商标",
    "专利",
    "科技",
    "创新",
    "数据",
    "网络",
    "电子",
    "政务",
    "系统",
    "平台",
    "标准",
    "质量",
    "计量",
    "价格",
    "收费",
    "减免",
    "能源",
    "电力",
    "燃气",
    "供热",
    "供水",
    "污水",
    "垃圾",
    "绿化",
    "市容",
    "城管",
    "执法",
    "巡查",
    "督办",
    "会议",
    "纪要",
    "通知",
    "公告",
    "意见",
    "办法",
    "规定",
    "细则",
    "方案",
    "计划",
    "总结",
    "报告",
    "指南",
    "目录",
    "清单",
    "条例",
]
"""Words of two characters, the commoner first: the nth is about as often as 1/n."""

LETTERS = "一二三四五六七八九十东西南北中上下左右前后内外新旧大小多少高低长短年月日时分区县镇村街路号院楼室科局委办处站所点线面体组队班人事物件项条款章节"

ISSUER = "基准测试机关"


def items(count: int, agency: str) -> Iterator[PortalRow]:
    """So many published items, of 300 to 1,500 characters, the same ones every time."""
    draw = random.Random(711)  # noqa: S311 - texts that nobody wrote
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    kinds = ("normative", "policy", "budget", "procedure", "notice", "other")
    for number in range(count):
        about = draw.choices(WORDS, weights, k=3)
        title = "关于" + "".join(about) + draw.choice(("的通知", "的公告", "的意见", "情况说明"))
        text = "\n".join(paragraph(draw, weights) for _ in range(draw.randint(3, 14)))
        day = date(2015, 1, 1) + timedelta(days=draw.randint(0, 4000))
        content = Content(
            version=1,
            title=title,
            text=text,
            subject=draw.choice(WORDS),
            issuer=ISSUER,
            document_number=f"基测发〔{day.year}〕{number % 300 + 1}号",
            date_of_issue=day,
            keywords=tuple(about[:2]),
        )
        yield PortalRow(
            id=derived_id("bench", "item", str(number)),
            agency=agency,
            position=number + 1,
            kind=draw.choice(kinds),
            content=content,
            versions=(Version(1, day),),
            published_on=day,
            changed_at=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
            online=True,
        )


def paragraph(draw: random.Random, weights: list[float]) -> str:
    """About a hundred characters, of words and of what stands between them."""
    return "".join(one + "".join(draw.choices(LETTERS, k=draw.randint(1, 4))) for one in draw.choices(WORDS, weights, k=22)) + "。"


def fill(settings: Settings, agency: str, count: int = ITEMS) -> float:
    """Writes the items as the view writes them, and lets PostgreSQL count what it has, as its autovacuum does soon after; the seconds that it took."""
    begun = time.perf_counter()
    rows = list(items(count, agency))
    with psycopg.connect(settings.dsn("publishing", role="gongkai_publishing")) as connection:
        for start in range(0, len(rows), 2000):
            show(connection, rows[start : start + 2000])
            connection.commit()
    with psycopg.connect(settings.dsn("publishing", role="gongkai_publishing"), autocommit=True) as connection:
        connection.execute("ANALYZE shown")
    return time.perf_counter() - begun


async def searched(url: str, agency: str, rounds: int, connections: int) -> dict[str, Any]:
    """p50 and p95 (ms) of every word, from the commonest to one that stands nowhere, `connections` at a time; and what was wrong with the answers."""
    queries = [query for _ in range(rounds) for query in (*WORDS, "龘靐")]
    random.Random(26).shuffle(queries)  # noqa: S311
    waits: list[float] = []
    hits: dict[str, int] = {}
    wrong: list[str] = []
    left = iter(queries)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:

        async def ask() -> None:
            for query in left:
                begun = time.perf_counter()
                answer = await client.get("/api/publishing/portal/items", params={"q": query, "agency": agency})
                waits.append((time.perf_counter() - begun) * 1000)
                found = answer.json()
                hits[query] = found["total"]
                wrong.extend(faults(query, found["items"]))

        await asyncio.gather(*(ask() for _ in range(connections)))
    waits.sort()
    return {
        "queries": len(waits),
        "connections": connections,
        "p50_ms": round(waits[len(waits) // 2], 2),
        "p95_ms": round(waits[int(len(waits) * 0.95)], 2),
        "max_ms": round(waits[-1], 2),
        "most_found": max(hits.values()),
        "fewest_found": min(hits.values()),
        "wrong": len(wrong),
    }


def faults(query: str, rows: list[dict[str, Any]]) -> list[str]:
    """What is wrong with an answer: an item in which nothing is marked, or one whose title has the query below one whose title has it not."""
    told = []
    in_title = [any(piece["hit"] for piece in row["title_marked"]) for row in rows]
    for row, titled in zip(rows, in_title, strict=True):
        elsewhere = any(piece["hit"] for piece in row["excerpt"]) or query == row["subject"]
        if not titled and not elsewhere:
            told.append(f"{query}: nothing marked in {row['id']}")
    if in_title != sorted(in_title, reverse=True):
        told.append(f"{query}: out of order")
    return told

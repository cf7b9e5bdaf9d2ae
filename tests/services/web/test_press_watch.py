"""Press over HTTP and on its pages: watching and its gaps, inquiries of the public, logs and reports whose figures are counted, imports."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.press import timers
from services.press.daily_log.commands import MissDailyLog
from services.press.inquiry.commands import MissInquiry
from shared.kernel.clocks import LEGAL_ZONE, today
from shared.kernel.events import Actor
from shared.kernel.running import Running
from tests.services.web.conftest import TOKEN, Browser, Office
from tests.services.web.test_units import desk

SYSTEM = Actor("system:keeper", ("system",))
CSV = "来源,网址,标题,摘要\n论坛,https://bbs.example.cn/{n},反映窗口排队 {n},称排队三小时\n微博,https://wb.example.cn/{n},=1+1 反映停水,停水两天\n"
RSS = """<rss version="2.0"><channel><item><title>&lt;b&gt;热点&lt;/b&gt; 供热</title><link>https://n.example.cn/{n}</link>
<description>&lt;script&gt;x&lt;/script&gt;供热不足</description><author>某人</author></item></channel></rss>"""


def press(office: Office) -> Running:
    """Press, as it runs here."""
    return next(one for one in office.program.running if one.name == "press")


async def staff(office: Office) -> None:
    """A unit, and everyone who is needed."""
    await office.open_unit("zonghe", "综合科")
    await office.official("opinion_monitor", login="monitor")
    await office.official("general_office", login="manager")
    await office.official("unit_head", login="head", unit="zonghe")


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
async def test_what_is_without_cover_is_shown(office: Office) -> None:
    await staff(office)
    monitor, manager, head = await desk(office, "monitor"), await desk(office, "manager"), await desk(office, "head")
    day = today()
    sources = [{"code": "bbs", "kind": "bbs", "source_name": "市民论坛"}, {"code": "weibo", "kind": "weibo", "source_name": "微博"}]
    rota = {"month": str(day), "sources": sources, "every_hours": "1"}
    assert (await monitor.post("press/monitoring-rotas", rota)).status_code == 403
    told = (await manager.get("press/coverage")).json()
    assert (told["complete"], told["coverage"]["rota"]) == (False, False)
    made = await manager.post("press/monitoring-rotas", rota)
    assert made.status_code == 201, made.text
    path = f"press/monitoring-rotas/{made.json()['id']}"
    people = [one for one in press(office).doorkeeper.people(office.code) if one.name == "王审批"]  # type: ignore[attr-defined]
    shift = {"monitor": str(people[0].id), "watched": ["bbs"], "first": str(day), "last": str(day), "begins": 0, "ends": 24}
    planned = await manager.post(f"{path}/plan-shift", shift)
    assert planned.status_code == 200, planned.text
    midnight = datetime(day.year, day.month, day.day, tzinfo=LEGAL_ZONE)
    now = datetime.now(LEGAL_ZONE)
    assert (await manager.post("press/patrol-logs", {})).status_code == 422
    patrol = {"watched_source": "bbs", "begun": midnight.isoformat(), "ended": now.isoformat(), "found": 2}
    assert (await manager.post("press/patrol-logs", patrol)).status_code == 403, "dedicated monitors alone"
    logged = await monitor.post("press/patrol-logs", patrol)
    assert logged.status_code == 201, logged.text
    told = (await head.get(f"press/coverage?day={day}")).json()
    bbs, weibo = told["coverage"]["sources"]
    assert (bbs["unplanned"], bbs["unpatrolled"], bbs["found"]) == ([], [], 2)
    assert weibo["unplanned"] == [{"begins": 0, "ends": 24}]
    assert weibo["unpatrolled"] == ([{"begins": 0, "ends": now.hour}] if now.hour else [])
    assert (told["complete"], told["coverage"]["unwatched"]) == (False, [])
    browser = await signed(office, "manager")
    page = (await browser.get("/press/coverage")).text
    assert "0:00–24:00" in page
    assert "市民论坛" in page
    assert (await browser.get("/press/coverage?day=x")).status_code == 422
    assert "没有安排值班" in (await browser.get(f"/{path}")).text
    listed = (await browser.get("/press/rotas")).text
    assert made.json()["id"] in listed
    assert logged.json()["id"] in (await browser.get("/press/patrols")).text
    assert "王审批" in (await browser.get(f"/press/patrol-logs/{logged.json()['id']}")).text
    assert "市民论坛" in (await (await signed(office, "monitor")).get("/press/patrol-logs/new")).text
    assert (await office.browser().client.get("/api/press/coverage")).status_code in (401, 422)


async def signed(office: Office, login: str) -> Browser:
    """A browser of somebody who has signed in."""
    browser = office.browser()
    await browser.sign_in(office.code, login)
    return browser


@pytest.mark.rule("YQ-02.4")
async def test_the_public_asks_follows_and_is_answered(office: Office) -> None:
    await staff(office)
    public = office.browser()
    form = f"/press/ask?agency={office.code}"
    assert (await public.send(form, form, {"kind": "consult", "text": ""})).status_code == 422
    sent = await public.send(form, form, {"kind": "consult", "text": "窗口几点开门", "name": "张䶮", "channel": "post"})
    assert sent.status_code == 201, sent.text
    tracking, password = re.findall(r"<dd><strong>([^<]+)<", sent.text)
    manager, head = await desk(office, "manager"), await desk(office, "head")
    (row,) = (await manager.get("press/inquiries")).json()["inquiries"]
    assert (row["tracking"], row["channel"], row["stage"]) == (tracking, "internet", "received")
    assert "张䶮" not in str(row)
    told = (await manager.get(f"press/inquiries/{row['id']}")).json()
    assert (told["name"], "password_hash" in told) == ("张䶮", False)
    assert (await head.get(f"press/inquiries/{row['id']}")).status_code == 403, "not its unit's yet"
    assert (await (await desk(office, "monitor")).get(f"press/inquiries/{row['id']}")).status_code == 403, "who asks is not for everybody"
    path = f"press/inquiries/{row['id']}"
    assigned = await manager.post(f"{path}/assign", {"unit": "zonghe", "topic": "窗口服务时间", "hot": True})
    assert assigned.status_code == 200, assigned.text
    answered = await head.post(f"{path}/answer", {"way": "online", "text": "九点开门"})
    assert answered.status_code == 200, answered.text
    assert (await head.post(f"{path}/publish-facts", {"facts": "窗口九点开门", "evidence": "门户网站截图"})).status_code == 200
    follow = "/press/ask/follow"
    page = await public.send(follow, follow, {"tracking_number": tracking.lower(), "query_password": password})
    assert (page.status_code, "九点开门" in page.text, "窗口九点开门" in page.text) == (200, True, True), page.text
    assert (await public.send(follow, follow, {"tracking_number": tracking, "query_password": "x"})).status_code == 422
    body = {"tracking_number": tracking, "query_password": password}
    found = (await public.client.post("/api/press/inquiry-follow-up", json=body)).json()
    assert (found["stage"], found["answer"]) == ("closed", "九点开门")
    assert (await public.client.post("/api/press/inquiry-follow-up", json={**body, "query_password": "x"})).status_code == 404
    browser = await signed(office, "manager")
    assert "窗口服务时间" in (await browser.get("/press/inquiries?stage=closed")).text
    assert "张䶮" in (await browser.get(f"/{path}")).text
    noted = await browser.send(
        "/press/inquiries/new", "/press/inquiries/new", {"kind": "complain", "text": "态度不好", "channel": "telephone"}
    )
    assert (noted.status_code, "查询密码" in noted.text) == (201, True), noted.text


@pytest.mark.rule("YQ-02.4")
async def test_what_is_not_answered_in_time_is_missed_by_itself(office: Office) -> None:
    await staff(office)
    running, facts = press(office), press(office).doorkeeper.agency(office.code)
    manager = await desk(office, "manager")
    past = str(today() - timedelta(days=29))
    body = {"kind": "complain", "text": "态度不好", "channel": "telephone", "effective_on": past, "late_reason": "补录来电"}
    made = await manager.post("press/inquiries", body)
    assert made.status_code == 201, made.text
    await manager.get(f"press/inquiries?after={made.json()['position']}")
    rows = running.query_now(timers.UNANSWERED, (office.code, today()), agency=office.code)
    assert [str(row["id"]) for row in rows] == [made.json()["id"]]
    receipt = await running.execute(MissInquiry(), UUID(made.json()["id"]), SYSTEM, facts)
    (row,) = (await manager.get(f"press/inquiries?missed=true&after=press:{receipt.position}")).json()["inquiries"]
    assert (row["misses"], row["due"]) == (1, None)
    assert running.query_now(timers.UNANSWERED, (office.code, today()), agency=office.code) == []


@pytest.mark.rule("YQ-03.2c", "YQ-03.4c", "YQ-03.1c")
async def test_logs_and_bulletins_are_counted_and_not_typed(office: Office) -> None:
    await staff(office)
    monitor, manager, head = await desk(office, "monitor"), await desk(office, "manager"), await desk(office, "head")
    now = datetime.now(UTC).replace(microsecond=0)
    month_ago = now - timedelta(days=31)
    ids = []
    for number, (at, published) in enumerate(((now, None), (month_ago, month_ago - timedelta(days=3)))):
        seen = {"source": "website", "place": f"https://a.example.cn/{number}", "title": "反映排队", "summary": "称排队三小时"}
        seen |= {"detected_at": at.isoformat()} | ({"published_at": published.isoformat()} if published else {})
        ids.append((await monitor.post("press/opinion-items", seen)).json()["id"])
    assessment = {"content": 2, "public": 2, "media": 0, "respond": True, "reason": "涉及群众"}
    for id in ids:
        assert (await manager.post(f"press/opinion-items/{id}/assess", assessment)).status_code == 200
        owned = await manager.post(f"press/opinion-items/{id}/assign-owner", {"unit": "zonghe"})
    late = await manager.post(f"press/opinion-items/{ids[1]}/report-up", {"to": "市政府办公室", "level": "higher", "way": "专报"})
    assert late.status_code == 200, late.text
    day = today()
    typed = await monitor.post("press/daily-logs", {"day": str(day), "figures": {"detected": 99}, "note": "x"})
    assert typed.status_code == 422, "figures have no place in what a person says"
    assert (await head.post("press/daily-logs", {"day": str(day)})).status_code == 403
    filed = await monitor.post(f"press/daily-logs?after={late.json()['position']}", {"day": str(day), "note": "平稳"})
    assert filed.status_code == 201, filed.text
    figures = (await monitor.get(f"press/daily-logs/{filed.json()['id']}")).json()["filed"]["figures"]
    assert (figures["detected"], figures["sensitive"], figures["open"], figures["overdue"], figures["reported"]) == (1, 1, 2, 1, 1)
    assert figures["position"] >= int(owned.json()["position"].partition(":")[2])
    assert (await monitor.post("press/daily-logs", {"day": str(day)})).status_code == 409
    period = {"first": str(day - timedelta(days=60)), "last": str(day - timedelta(days=1)), "note": "请限期整改"}
    assert (await monitor.post("press/bulletins", period)).status_code == 403
    assert (await manager.post("press/bulletins", {**period, "units": []})).status_code == 422
    issued = await manager.post("press/bulletins", period)
    assert issued.status_code == 201, issued.text
    (unit,) = (await manager.get(f"press/bulletins/{issued.json()['id']}")).json()["issued"]["units"]
    assert (unit["unit"], unit["items"], unit["missed"], unit["omitted"]) == ("zonghe", 1, 1, 1)
    found = (await head.get("press/late-reports")).json()
    assert [(row["id"], row["faults"]) for row in found["items"]] == [(ids[1], ["late_report", "late_detection"])]
    browser = await signed(office, "manager")
    assert "迟报、发现迟" in (await browser.get("/press/late-reports")).text
    assert "综合科" in (await browser.get(f"/press/bulletins/{issued.json()['id']}")).text
    again = {"first": str(day - timedelta(days=90)), "last": str(day - timedelta(days=1)), "note": ""}
    sent = await browser.send("/press/bulletins/new", "/press/bulletins/new", again)
    assert sent.status_code == 303, sent.text
    wrong = await browser.send("/press/bulletins/new", "/press/bulletins/new", {"first": str(day), "last": str(day)})
    assert (wrong.status_code, "已经结束" in wrong.text) == (422, True)
    yesterday = await browser.send("/press/daily-logs/new", "/press/daily-logs/new", {"day": str(day - timedelta(days=1))})
    assert "补报" in (await browser.get(yesterday.headers["location"])).text
    special = {"title": "窗口排队专报", "items": [ids[0]], "to": "市政府办公室", "text": "情况和建议"}
    assert (await monitor.post("press/special-reports", special)).status_code == 201
    assert (await monitor.post("press/special-reports", {**special, "items": [str(UUID(int=7))]})).status_code == 422
    warned = await monitor.post("press/early-warnings", {"title": "供热", "level": "high", "to": "综合科", "text": "提前公布办法"})
    assert warned.status_code == 201, warned.text
    lifted = await monitor.post(f"press/early-warnings/{warned.json()['id']}/lift", {"reason": "已平稳"})
    assert lifted.status_code == 200, lifted.text
    listed = (await manager.get(f"press/reports?after={lifted.json()['position']}")).json()["reports"]
    assert sorted(row["kind"] for row in listed) == ["bulletin", "bulletin", "special", "warning"]
    assert [row["kind"] for row in (await head.get("press/reports")).json()["reports"]] == ["bulletin", "bulletin"]
    for path in ("/press/daily-logs", "/press/reports", f"/press/early-warnings/{warned.json()['id']}"):
        assert (await browser.get(path)).status_code == 200, path


@pytest.mark.rule("YQ-03.2c")
async def test_a_day_without_a_log_comes_due(office: Office) -> None:
    await staff(office)
    running, facts = press(office), press(office).doorkeeper.agency(office.code)
    manager, monitor = await desk(office, "manager"), await desk(office, "monitor")
    day = today()
    sources = [{"code": "bbs", "kind": "bbs", "source_name": "市民论坛"}]
    first = day - timedelta(days=3)
    for month in dict.fromkeys((str(first.replace(day=1)), str(day.replace(day=1)))):
        body = {"month": month, "sources": sources, "every_hours": "4", "effective_on": str(first), "late_reason": "补录"}
        made = await manager.post("press/monitoring-rotas", body)
        assert made.status_code == 201, made.text
    filed = await monitor.post(f"press/daily-logs?after={made.json()['position']}", {"day": str(first)})
    await manager.get(f"press/daily-logs?after={filed.json()['position']}")
    due = running.query_now(timers.UNLOGGED, {"agency": office.code, "today": day}, agency=office.code)
    assert [row["day"] for row in due] == [first + timedelta(days=1), first + timedelta(days=2)]
    for row in due:
        receipt = await running.execute(MissDailyLog(day=row["day"]), None, SYSTEM, facts)
    logs = (await manager.get(f"press/daily-logs?missed=1&after=press:{receipt.position}")).json()["logs"]
    assert [row["missed"] for row in logs] == [True, True]
    assert running.query_now(timers.UNLOGGED, {"agency": office.code, "today": day}, agency=office.code) == []


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
async def test_files_are_taken_wholly_and_once(office: Office) -> None:
    await staff(office)
    monitor, head = await desk(office, "monitor"), await desk(office, "head")

    async def send(content: str, by: object = monitor, query: str = "") -> tuple[int, dict[str, object]]:
        path = f"/api/press/opinion-items/import{query}"
        sent = await by.client.post(path, content=content.encode(), headers=by.headers)  # type: ignore[attr-defined]
        return sent.status_code, sent.json()

    file = CSV.format(n=1)
    assert (await send(file, head))[0] == 403
    assert (await send(file, query="?dry_run=true")) == (200, {"new": 2, "known": 0, "dry_run": True})
    status, wrong = await send(f"{file}飞鸽,https://c.example.cn,标题,摘要\n")
    assert (status, wrong["code"]) == (422, "bad-lines")
    assert "4.来源" in str(wrong)
    assert (await monitor.get("press/opinions")).json()["opinions"] == []
    assert (await send(file)) == (201, {"new": 2, "known": 0, "dry_run": False})
    assert (await send(file)) == (200, {"new": 0, "known": 2, "dry_run": False})
    assert (await send(RSS.format(n=1), query="?source=newspaper"))[0] == 201
    assert (await send(RSS.format(n=1), query="?source=pigeon"))[0] == 422
    rows = (await monitor.get("press/opinions")).json()["opinions"]
    assert sorted(row["title"] for row in rows) == ["=1+1 反映停水", "反映窗口排队 1", "热点 供热"]
    browser = await signed(office, "monitor")
    token = TOKEN.search((await browser.get("/press/import")).text)
    assert token is not None
    for content, status, sentence in (
        (CSV.format(n=2), 200, "新登记 2 条"), (CSV.format(n=2), 200, "此前已登记 2 条"), ("来源\n", 422, "表头不对"), ("", 422, "空的"),
    ):  # fmt: skip
        files = {"file": ("a.csv", content.encode(), "text/csv")}
        sent = await browser.client.post("/press/import", data={"_token": token[1], "source": "website"}, files=files)
        assert (sent.status_code, sentence in sent.text) == (status, True), sent.text
    none = await browser.client.post("/press/import", data={"_token": token[1]}, files={"x": ("", b"")})
    assert (none.status_code, "请选择一个文件" in none.text) == (422, True)
    assert (await browser.client.post("/press/import", data={"_token": "x"}, files={"file": ("a", b"a")})).status_code == 403


@pytest.mark.rule("YQ-03.2b")
async def test_an_assessment_is_drafted_and_approved_on_pages(office: Office) -> None:
    await staff(office)
    leader = await office.official("leader_in_charge", login="leader")
    manager = await signed(office, "manager")
    made = await manager.send("/press/risk-assessments/new", "/press/risk-assessments/new", {"title": "窗口搬迁", "unit": "zonghe"})
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    draft = {"methods": "sampling", "findings": "走访三个社区", "level": "low", "plan": "提前公告"}
    sent = await manager.send(path, f"{path}/draft", draft)
    assert sent.status_code == 303, sent.text
    page = (await leader.get(path)).text
    assert ("走访三个社区" in page, "抽样" in page) == (True, True)
    hashed = re.search(r'name="approves" value="([0-9a-f]{64})"', page)
    assert hashed is not None, page
    assert (await leader.send(path, f"{path}/approve", {"approves": hashed[1]})).status_code == 303
    assert "已评估" in (await leader.get("/press/risks")).text
    (row,) = (await (await desk(office, "head")).get("press/risk-assessments?stage=assessed")).json()["assessments"]
    assert (row["level"], row["title"]) == ("low", "窗口搬迁")

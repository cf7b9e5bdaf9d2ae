"""Supervision over HTTP: the public says something and follows it, officials handle it; an inspection finds, orders, and is exported."""

import re
from datetime import date, timedelta

import httpx
import pytest

from services.audit.timers import NOT_PUT_RIGHT, UNANSWERED, UNCONCLUDED
from shared.kernel.clocks import LEGAL_ZONE, instant
from tests.services.web.conftest import Browser, Office
from tests.services.web.test_units import Desk, desk

TOLD = re.compile(r"<dt>(查询编号|查询密码)</dt><dd><strong>([^<]+)</strong>")
IDEA = "请公开窗口排队时间，联系人马某某"


@pytest.fixture
async def bureau(office: Office) -> Office:
    for code, name in (("zonghe", "综合科"), ("touzi", "投资科")):
        await office.open_unit(code, name)
    await office.official("disclosure_office", login="office")
    await office.official("supervision_office", login="watch")
    await office.official("head_of_leading_group", login="chief")
    await office.official("party_group", login="party")
    await office.official("unit_head", login="touzi", unit="touzi")
    return office


async def said(public: Browser, code: str, path: str, fields: dict[str, str]) -> dict[str, str]:
    """What the public submits, and the number and password that it is told."""
    at = f"/audit/{path}?agency={code}"
    answer = await public.send(at, at, fields)
    assert answer.status_code == 201, answer.text
    found = dict(TOLD.findall(answer.text))
    return {"tracking_number": found["查询编号"], "query_password": found["查询密码"]}


async def follow(public: Browser, told: dict[str, str]) -> httpx.Response:
    return await public.send("/audit/follow", "/audit/follow", told)


def due_by(office: Office, statement: str) -> list[str]:
    """What a timer finds as due, as if its day were over."""
    running = next(one for one in office.program.running if one.name == "audit")
    return [str(row["id"]) for row in running.query_now(statement, (office.code, date(2999, 1, 1)), agency=office.code)]


async def find(who: Desk, path: str, name: str, number: str) -> dict[str, object]:
    rows = (await who.get(f"audit/{path}")).json()[name]
    (found,) = [row for row in rows if row["tracking_number"] == number]
    return dict(found)


@pytest.mark.rule("DX-10a", "DX-10b")
async def test_what_the_public_suggests_is_assigned_answered_and_followed(bureau: Office) -> None:
    public = bureau.browser()
    assert "/audit/feedback" in (await public.get("/publishing/portal/")).text
    empty = await public.send(f"/audit/feedback?agency={bureau.code}", f"/audit/feedback?agency={bureau.code}", {"kind": "suggestion"})
    assert empty.status_code == 422
    told = await said(public, bureau.code, "feedback", {"kind": "suggestion", "text": IDEA, "name": "马某某", "contact": ""})
    assert "已收到" in (await follow(public, told)).text
    assert (await follow(public, {**told, "query_password": "wrong"})).status_code == 404
    office, head = await desk(bureau, "office"), await desk(bureau, "touzi")
    row = await find(office, "feedbacks", "feedbacks", told["tracking_number"])
    assert row["id"] in due_by(bureau, UNANSWERED)
    path = f"audit/feedbacks/{row['id']}"
    assert (await head.get(path)).status_code == 403, "not its unit's yet"
    assert (await office.get(path)).json()["text"] == IDEA
    assert "password_hash" not in (await office.get(path)).json()
    assert (await office.post(f"{path}/assign", {"unit": "nowhere"})).status_code == 422
    assigned = await office.post(f"{path}/assign", {"unit": "touzi"})
    assert assigned.status_code == 200, assigned.text
    (mine,) = (await head.get(f"audit/feedbacks?after={assigned.json()['position']}")).json()["feedbacks"]
    assert mine["id"] == row["id"]
    reply = {"outcome": "adopted", "measures": "已加公示屏", "text": "已采纳，排队时间每日公布。", "way": "online"}
    assert (await head.post(f"{path}/answer", reply)).status_code == 200
    shown = (await follow(public, told)).text
    assert "已采纳，排队时间每日公布。" in shown
    assert "采纳" in shown
    api = await public.client.post("/api/audit/follow-up", json=told)
    assert (api.json()["outcome"], api.json()["stage"]) == ("采纳", "answered")
    assert (await office.post(f"{path}/close", {"note": "已核实"})).status_code == 200
    unit = bureau.browser()
    await unit.sign_in(bureau.code, "touzi")
    assert (await unit.get("/audit/")).headers["location"] == "/audit/feedbacks", "not the ledger, which is not for units"
    assert told["tracking_number"] in (await unit.get("/audit/feedbacks")).text
    seen = bureau.browser()
    await seen.sign_in(bureau.code, "office")
    page = await seen.get(f"/audit/feedbacks/{row['id']}")
    assert page.status_code == 200, page.text
    assert "投资科" in page.text
    listed = (await seen.get("/audit/feedbacks")).text
    assert told["tracking_number"] in listed
    assert "投资科" in listed


@pytest.mark.rule("DX-10a")
async def test_what_came_by_the_box_or_a_supervisor_is_noted_on_a_page(bureau: Office) -> None:
    browser = bureau.browser()
    await browser.sign_in(bureau.code, "office")
    term = {"number": "聘1号", "sphere": "企业", "since": "2020-01-01", "until": "2099-12-31", "name": "丁某某", "contact": "13800000000"}
    made = await browser.send("/audit/supervisors/new", "/audit/supervisors/new", term)
    assert made.status_code == 303, made.text
    assert "丁某某" in (await browser.get(made.headers["location"])).text
    assert "聘1号 企业" in (await browser.get("/audit/feedbacks/new")).text
    volunteer = made.headers["location"].rpartition("/")[2]
    noted = {"kind": "criticism", "text": "公开栏更新太慢", "channel": "supervisor", "supervisor": volunteer}
    noted_at = await browser.send("/audit/feedbacks/new", "/audit/feedbacks/new", noted)
    assert noted_at.status_code == 303, noted_at.text
    page = (await browser.get(noted_at.headers["location"])).text
    assert "公开栏更新太慢" in page
    assert "义务监督员" in page
    assert (await browser.get("/audit/supervisors")).status_code == 200


@pytest.mark.rule("YS-10.1", "YS-08x.2", "X-08")
async def test_a_complaint_is_concluded_told_and_kept_from_whom_it_is_about(bureau: Office) -> None:
    public = bureau.browser()
    form = {"kind": "paid_affiliate", "text": "通过协会收费提供资料", "anonymous": "1", "name": "", "contact": ""}
    told = await said(public, bureau.code, "complain", form)
    watch, head, office = await desk(bureau, "watch"), await desk(bureau, "touzi"), await desk(bureau, "office")
    row = await find(watch, "complaints", "complaints", told["tracking_number"])
    path = f"audit/complaints/{row['id']}"
    assert (await head.get(path)).status_code == 403
    assert (await office.post(f"{path}/accept")).status_code == 403, "the office sees it, supervision handles it"
    assert row["id"] in due_by(bureau, UNCONCLUDED)
    assert (await watch.post(f"{path}/accept")).status_code == 200
    assert (await watch.get(path)).json()["referred"], "a payment through affiliates is referred at once"
    for verb, body in (
        ("triage", {"severity": "ordinary", "about_unit": "touzi", "note": "涉及协会"}),
        ("conclude", {"finding": "founded", "facts": "查明属实", "measures": "已退还"}),
        ("tell", {"way": "online", "text": "经查属实，费用已经退还。"}),
    ):
        answer = await watch.post(f"{path}/{verb}", body)
        assert answer.status_code == 200, answer.text
    shown = (await follow(public, told)).text
    assert "经查属实，费用已经退还。" in shown
    assert "属实" in shown
    seen = bureau.browser()
    await seen.sign_in(bureau.code, "watch")
    page = (await seen.get(f"/{path}")).text
    assert "通过协会收费提供资料" in page
    assert "投资科" in page
    assert (await seen.get("/audit/complaints?stage=closed")).text.count(told["tracking_number"]) == 1
    assert "公众自己填写" in (await seen.get("/audit/complaints")).text
    new = (await seen.get("/audit/complaints/new")).text
    assert 'value="page"' not in new


@pytest.mark.rule("JD-01", "JD-02", "JD-03", "JD-06a", "JD-06b", "BM-16")
async def test_an_inspection_finds_orders_is_put_right_and_exported(bureau: Office) -> None:
    office, party, chief, head = [await desk(bureau, login) for login in ("office", "party", "chief", "touzi")]
    today = instant().astimezone(LEGAL_ZONE).date()
    soon = str(today + timedelta(days=20))
    plan = {"name": "季度检查", "kind": "periodic", "unit": "touzi", "on": str(today), "basis": "年度工作方案"}
    made = await office.post("audit/inspections", plan)
    assert made.status_code == 201, made.text
    path = f"audit/inspections/{made.json()['id']}"
    scores = dict.fromkeys(("content", "procedure", "form", "rules", "execution", "effect"), 10)
    record = {**scores, "content": 7, "content_note": "缺两项目录", "summary": "总体良好"}
    assert (await office.post(f"{path}/record", record)).json()["code"] == "plan-not-approved"
    assert (await party.post(f"{path}/approve")).status_code == 200
    assert (await office.post(f"{path}/record", record)).status_code == 200
    issue = {"question": "content", "what": "目录缺两项", "due": soon}
    found = await office.post(f"{path}/open-issue", issue)
    assert found.status_code == 200, found.text
    assert (await office.get(f"audit/inspections?open=1&after={found.json()['position']}")).json()["inspections"][0]["due"] == soon
    assert made.json()["id"] in due_by(bureau, NOT_PUT_RIGHT)
    order = {"issues": [1], "demand": "补齐目录", "due": soon, "document": "整改1号"}
    assert (await office.post(f"{path}/order-rectification", order)).status_code == 403
    assert (await chief.post(f"{path}/order-rectification", order)).status_code == 200
    assert (await office.post(f"{path}/close", {"conclusion": "良好"})).json()["code"] == "open-issues"
    assert (await head.post(f"{path}/report-rectification", {"number": 1, "report": "已补齐"})).status_code == 200
    closing = await office.post(f"{path}/close-issue", {"number": 1, "how": "已补齐", "evidence": "目录"})
    assert closing.status_code == 200, closing.text
    survey = {"asked": 200, "aware": 161, "satisfied": 150, "method": "问卷", "among": "群众"}
    assert (await office.post(f"{path}/run-survey", survey)).status_code == 200
    done = await office.post(f"{path}/close", {"conclusion": "问题已经解决"})
    assert done.status_code == 200, done.text
    at = f"after={done.json()['position']}"
    (result,) = (await office.get(f"audit/inspection-results?{at}")).json()["results"]
    assert (result["unit"], result["inspections"], result["score_sum"], result["open_issues"]) == ("touzi", 1, 57, 0)
    export = await office.get(f"audit/inspections/export?year={today.year}&format=csv&{at}")
    assert export.status_code == 200, export.text
    assert f"{today.year},touzi,投资科,1,57,0,200,161,150" in export.content.decode("utf-8-sig")
    sha256 = export.headers["etag"].strip('"')
    given = {"year": today.year, "purpose": "target", "to": "区效能办", "sha256": sha256}
    assert (await office.post("audit/result-exports", given)).status_code == 201
    browser = bureau.browser()
    await browser.sign_in(bureau.code, "office")
    page = (await browser.get(f"/{path}")).text
    for seen in ("57 分", "80.5%", "整改1号", "投资科"):
        assert seen in page, seen
    results = (await browser.get(f"/audit/results/{today.year}")).text
    assert sha256 in results
    for list_path in ("inspections", "results", "exports", "inconsistencies"):
        assert (await browser.get(f"/audit/{list_path}")).status_code == 200, list_path
    assert sha256 in (await browser.get(f"/audit/exports/new?year={today.year}&sha256={sha256}")).text

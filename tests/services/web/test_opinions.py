"""Public opinion over HTTP: detected, assessed, owed until an instant, missed, seen by who may."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.press.opinion_item.commands import MissResponse
from shared.kernel.events import Actor
from tests.services.web.conftest import Office
from tests.services.web.test_units import desk


@pytest.mark.rule("YQ-03.1a", "YQ-03.1c")
async def test_an_item_is_owed_by_the_hour_and_what_was_missed_is_seen(office: Office) -> None:
    await office.open_unit("zonghe", "综合科")
    await office.official("opinion_monitor", login="monitor")
    await office.official("general_office", login="manager")
    await office.official("unit_head", login="head", unit="zonghe")
    monitor, manager, head = await desk(office, "monitor"), await desk(office, "manager"), await desk(office, "head")
    running = next(one for one in office.program.running if one.name == "press")
    at = (datetime.now(UTC) - timedelta(hours=49)).replace(microsecond=0)
    seen = {
        "source": "forum",
        "place": "https://bbs.example.cn/1",
        "title": "反映窗口排队",
        "summary": "称排队三小时",
        "detected_at": at.isoformat(),
    }
    assert (await head.post("press/opinion-items", seen)).status_code == 403
    made = await monitor.post("press/opinion-items", seen)
    assert made.status_code == 201, made.text
    path = f"press/opinion-items/{made.json()['id']}"
    assessment = {"content": 1, "public": 1, "media": 0, "respond": True, "reason": "涉及群众"}
    assert (await monitor.post(f"{path}/assess", assessment)).status_code == 403
    assert (await manager.post(f"{path}/assess", assessment)).status_code == 200
    owned = await manager.post(f"{path}/assign-owner", {"unit": "zonghe"})
    assert owned.status_code == 200, owned.text
    (row,) = (await manager.get(f"press/opinions?after={owned.json()['position']}")).json()["opinions"]
    assert (row["level"], row["unit"], row["stage"]) == ("ordinary", "zonghe", "assessed")
    assert datetime.fromisoformat(row["until"]) == at + timedelta(hours=48)
    facts = running.doorkeeper.agency(office.code)
    receipt = await running.execute(MissResponse(), UUID(made.json()["id"]), Actor("system:keeper", ("system",)), facts)
    await running.views.wait(receipt.position, 5)
    (row,) = (await head.get("press/opinions?missed=true")).json()["opinions"]
    assert (row["misses"], row["until"]) == (1, None)
    assert (await head.post(f"{path}/accept", {})).status_code == 200
    assert (await office.browser().client.get("/api/press/opinions")).status_code == 401
    assert (await manager.get("press/opinion-scheme")).json()["levels"]["major"]["title"] == "重大"


async def test_the_pages_lead_from_detection_to_an_approved_answer(office: Office) -> None:
    await office.open_unit("zonghe", "综合科")
    monitor = await office.official("opinion_monitor", login="monitor")
    manager = await office.official("general_office", login="manager")
    head = await office.official("unit_head", login="head", unit="zonghe")
    leader = await office.official("leader_in_charge", login="leader")
    seen = {
        "source": "forum", "place": "https://bbs.example.cn/2", "title": "反映停车收费", "summary": "称窗口停车收费混乱", "detected_at": "2026-01-05T08:30",
    }  # fmt: skip
    wrong = await monitor.send("/press/opinions/new", "/press/opinions/new", {**seen, "detected_at": "昨天"})
    assert wrong.status_code == 422 and "错误：" in wrong.text
    made = await monitor.send("/press/opinions/new", "/press/opinions/new", seen)
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    page = (await monitor.get(path)).text
    assert "2026-01-05 08:30:00" in page, "what a browser sends has no zone: it is Beijing's"
    assert "综合科按标准研判" in page
    points = {"content": "1", "public": "0", "media": "0", "respond": "1", "reason": "涉及群众"}
    for browser, verb, fields, comes_next in (
        (manager, "assess", points, "综合科确定主管科室"),
        (manager, "assign-owner", {"unit": "zonghe"}, "主管科室受理"),
        (head, "accept", {}, "主管科室拟制回应"),
        (head, "draft-response", {"text": "停车收费按公示标准。", "forms": "online", "channels": "weibo"}, "请提请审查"),
        (head, "request-review", {}, "保密审查尚未作出结论"),
    ):
        answer = await browser.send(path, f"{path}/{verb}", fields)
        assert answer.status_code == 303, (verb, answer.text)
        assert comes_next in (await browser.get(path)).text, verb
    refused = await leader.send(path, f"{path}/approve-response", {"approves": "0" * 64})
    assert refused.status_code == 409 and "重新核对" in refused.text
    listed = (await manager.get("/press/?level=ordinary&stage=drafted")).text
    assert "反映停车收费" in listed and "已过" in listed and 'aria-current="page"' in listed
    assert "没有符合条件的舆情" in (await manager.get("/press/?level=major")).text

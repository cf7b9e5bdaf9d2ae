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

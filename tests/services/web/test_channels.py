"""Outside channels against a real web server and a real mail server: at least once, in order, with a stable id, no double and no gap on the portal."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from services.publishing.courier import Courier
from services.publishing.delivery.commands import BeginDelivery
from services.publishing.publication.publishing_commands import WithdrawPublication
from services.publishing.reaching import signature
from shared.kernel.events import Actor
from shared.kernel.running import Running
from tests.mailserver import mail_server
from tests.services.web.conftest import Office
from tests.services.web.publisher import Publisher
from tests.services.web.test_units import desk
from tests.unit.publishing.items import LEADER
from tests.webserver import WebServer, web_server

pytestmark = pytest.mark.rule("DX-05a")

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def running(office: Office, monkeypatch: pytest.MonkeyPatch) -> Running:
    found = next(one for one in office.program.running if one.name == "publishing")
    quick = {"channels_private": True, "channel_retry_seconds": (0.0, 0.0), "channel_seconds": 1.0}
    monkeypatch.setattr(found, "settings", found.settings.model_copy(update=quick))
    return found


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as made:
        yield made


@pytest.fixture
async def clerk(office: Office) -> Any:
    await office.official("disclosure_office", "clerk", login="office")
    return await desk(office, "office")


async def opened(clerk: Any, running: Running, target: str, kind: str = "webhook") -> str:
    body = {"kind": kind, "title": f"通道 {kind}", "target": target, **({"secret": SECRET} if kind == "webhook" else {})}
    made = await clerk.post("publishing/outside-channels", body)
    assert made.status_code == 201, made.text
    await running.views.wait(running.pipeline.last, 5)
    id: str = made.json()["id"]
    return id


async def settled(courier: Courier) -> None:
    """Until there is nothing more to do."""
    for _ in range(30):
        if not await courier.look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never ends")


async def publisher_of(office: Office, running: Running) -> Publisher:
    await office.open_unit("zonghe", "综合科")
    return Publisher(running, running.doorkeeper.agency(office.code))


async def stages(clerk: Any) -> list[tuple[str, str]]:
    rows = (await clerk.get("publishing/deliveries")).json()["deliveries"]
    return [(row["act"], row["stage"]) for row in rows]


async def test_it_is_told_in_order_signed_and_each_thing_under_its_own_id(
    office: Office, running: Running, server: WebServer, clerk: Any
) -> None:
    publisher, courier = await publisher_of(office, running), Courier(running)
    await publisher.published(title="通道开通以前的公告")
    await opened(clerk, running, server.url)
    item = await publisher.published(title="征地补偿安置公告")
    await publisher.act(WithdrawPublication(reason="内容有误"), item, by=LEADER)
    await settled(courier)
    told = [json.loads(one.content) for one in server.heard]
    assert [(one["type"], one["data"]["title"]) for one in told] == [
        ("publication.published", "征地补偿安置公告"),
        ("publication.withdrawn", "征地补偿安置公告"),
    ]
    for one in server.heard:
        id, moment = one.headers["webhook-id"], one.headers["webhook-timestamp"]
        assert one.headers["webhook-signature"] == signature(SECRET, id, moment, one.content)
    assert len({one.headers["webhook-id"] for one in server.heard}) == 2
    await settled(Courier(running))
    assert len(server.heard) == 2, "another courier begins where this one was"


async def test_errors_and_silence_are_tried_again_under_the_same_id_and_then_put_to_a_person(
    office: Office, running: Running, server: WebServer, clerk: Any
) -> None:
    publisher, courier = await publisher_of(office, running), Courier(running)
    await opened(clerk, running, server.url)
    server.status = 503
    await publisher.published(title="征求意见公告")
    await settled(courier)
    assert await stages(clerk) == [("published", "uncertain")]
    assert len(server.heard) == 3
    assert len({one.headers["webhook-id"] for one in server.heard}) == 1
    assert len({one.content for one in server.heard}) == 1
    assert "待人工确定" in courier.condition["alarm"]
    server.status, server.seconds = 204, 0.0
    row = (await clerk.get("publishing/deliveries")).json()["deliveries"][0]
    done = await clerk.post(f"publishing/deliveries/{row['id']}/settle", {"decision": "again", "reason": "对方已经恢复"})
    assert done.status_code == 200, done.text
    await running.views.wait(running.pipeline.last, 5)
    await settled(courier)
    assert await stages(clerk) == [("published", "confirmed")]
    assert len({one.headers["webhook-id"] for one in server.heard}) == 1


async def test_what_comes_late_or_breaks_off_is_unanswered_and_a_crash_in_between_too(
    office: Office, running: Running, server: WebServer, clerk: Any
) -> None:
    publisher, courier = await publisher_of(office, running), Courier(running)
    await opened(clerk, running, server.url)
    server.status = 0
    await publisher.published(title="公告甲")
    await courier.look()
    await courier.look()
    (row,) = (await clerk.get("publishing/deliveries")).json()["deliveries"]
    assert row["outcome"] == "unanswered"
    server.status = 204
    await settled(courier)
    assert await stages(clerk) == [("published", "confirmed")]
    await publisher.published(title="公告乙")
    await courier._offer()
    due = next(row for row in await courier._rows("SELECT id, agency FROM views.deliveries WHERE stage = 'due'"))
    facts = running.doorkeeper.agency(due["agency"])
    await running.execute(BeginDelivery(), due["id"], Actor("system:courier", ("system",)), facts)
    await running.views.wait(running.pipeline.last, 5)
    await settled(Courier(running))
    assert [stage for _, stage in await stages(clerk)] == ["confirmed", "confirmed"]


async def test_a_mailbox_and_a_hub_are_told_and_nothing_inside_is_reached_unless_it_may_be(
    office: Office, running: Running, server: WebServer, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = await publisher_of(office, running)
    with mail_server() as (mail, url):
        more = {"mail_server": SecretStr(url), "mail_from": "gk@example.gov.cn"}
        monkeypatch.setattr(running, "settings", running.settings.model_copy(update=more))
        await opened(clerk, running, "gongbao@example.gov.cn", "smtp")
        hub = await opened(clerk, running, server.url, "websub")
        await publisher.published(title="公告丙")
        await settled(Courier(running))
        assert len(mail.taken) == 1
    assert b"hub.mode=publish" in server.heard[0].content
    assert sorted(await stages(clerk)) == [("published", "confirmed")] * 2
    monkeypatch.setattr(running, "settings", running.settings.model_copy(update={"channels_private": False}))
    heard = len(server.heard)
    await publisher.published(title="公告丁")
    await settled(Courier(running))
    rows = (await clerk.get("publishing/deliveries")).json()["deliveries"]
    assert [row["outcome"] for row in rows if row["kind"] == "websub" and row["stage"] == "uncertain"] == ["forbidden"]
    assert len(server.heard) == heard
    closed = await clerk.post(f"publishing/outside-channels/{hub}/close", {"reason": "不再使用"})
    assert closed.status_code == 200, closed.text
    await running.views.wait(running.pipeline.last, 5)
    await settled(Courier(running))
    rows = (await clerk.get("publishing/deliveries")).json()["deliveries"]
    assert {row["stage"] for row in rows if row["kind"] == "websub"} == {"confirmed", "abandoned"}


async def test_the_page_opens_channels_and_keeps_what_was_typed(office: Office, running: Running) -> None:
    browser = await office.official("disclosure_office", login="channels")
    assert "还没有开通对外通道" in (await browser.get("/publishing/channels")).text
    typed = {"kind": "webhook", "title": "市政府网站", "target": "https://example.gov.cn/hook", "secret": ""}
    wrong = await browser.send("/publishing/channels", "/publishing/channels", typed)
    assert wrong.status_code == 422
    assert "市政府网站" in wrong.text
    right = await browser.send("/publishing/channels", "/publishing/channels", {**typed, "secret": SECRET})
    assert right.headers["location"] == "/publishing/channels"
    page = (await browser.get("/publishing/channels")).text
    assert "市政府网站" in page
    assert SECRET not in page

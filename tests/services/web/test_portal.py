"""What the public sees: what was published on the portal and nothing else; found by two characters, followed, downloaded, commented on."""

import csv
import hashlib
import io
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from services.publishing.consultation.commands import OpenToComments, ProposeMatter
from services.publishing.publication.publishing_commands import ChangeValidity, WithdrawPublication
from services.publishing.search import Wanted, search
from services.publishing.views.portal import portal
from shared.kernel.rebuild import rebuild
from tests.services.web.conftest import Browser, Office
from tests.services.web.publisher import DAY, Publisher
from tests.unit.publishing.items import LEADER, publishing

ATOM = {"a": "http://www.w3.org/2005/Atom"}
API = "/api/publishing/portal"


@pytest.fixture
async def publisher(office: Office) -> Publisher:
    await office.open_unit("zonghe", "综合科")
    running = next(one for one in office.program.running if one.name == "publishing")
    return Publisher(running, running.doorkeeper.agency(office.code))


@pytest.fixture
def anyone(office: Office) -> Browser:
    """Somebody who has not signed in."""
    return office.browser()


async def test_only_what_is_on_the_portal_is_found(office: Office, publisher: Publisher, anyone: Browser) -> None:
    waiting = await publisher.created()
    await publisher.approved(waiting, title="尚未公开的征地方案", text="征地补偿标准。")
    inside = await publisher.created(audience="both")
    await publisher.approved(inside, title="内部通报的征地方案", text="征地补偿标准。")
    await publisher.act(publishing("briefing"), inside)
    item = await publisher.published(title="征地补偿安置公告", text="现将征地补偿安置方案公告如下。")
    found = (await anyone.get(f"{API}/items?q=征地&agency={office.code}")).json()
    assert [row["id"] for row in found["items"]] == [str(item)]
    for hidden in (waiting, inside):
        assert (await anyone.get(f"/publishing/portal/items/{hidden}")).status_code == 404
        assert (await anyone.get(f"{API}/items/{hidden}")).status_code == 404
    # A next version is not public before it was published, and the words of the one before are gone then.
    await publisher.approved(item, title="征地补偿安置公告", text="现将拆迁安置方案公告如下。", correction="用语更正")
    assert "征地补偿安置方案" in (await anyone.get(f"/publishing/portal/items/{item}")).text
    assert (await anyone.get(f"{API}/items?q=拆迁&agency={office.code}")).json()["total"] == 0
    await publisher.act(publishing(), item)
    assert (await anyone.get(f"{API}/items?q=拆迁&agency={office.code}")).json()["total"] == 1
    assert "第 2 版：用语更正" in (await anyone.get(f"/publishing/portal/items/{item}")).text
    await publisher.act(WithdrawPublication(reason="内容有误"), item, by=LEADER)
    gone = await anyone.get(f"/publishing/portal/items/{item}")
    assert (gone.status_code, "拆迁" in gone.text) == (410, False)
    assert (await anyone.get(f"{API}/items?q=征地&agency={office.code}")).json()["total"] == 0
    # Built again, it is as it was.
    rebuild(publisher.running.dsn, portal)
    assert (await anyone.get(f"/publishing/portal/items/{item}")).status_code == 410


async def test_the_search_ranks_filters_and_marks(office: Office, publisher: Publisher, anyone: Browser) -> None:
    text = await publisher.published(title="办事指南", text="本单位预算公开情况见附件。", day=DAY)
    title = await publisher.published(title="部门预算说明", text="全文。", facts={"kind": "budget"}, day=DAY)
    exact = await publisher.published(title="预算", text="全文。", facts={"kind": "budget"}, day=DAY - timedelta(7))
    old = await publisher.published(title="旧的预算办法", text="全文。", facts={"kind": "budget"}, day=DAY + timedelta(1))
    await publisher.act(ChangeValidity(validity="repealed", basis="固审批发〔2025〕9号"), old, DAY + timedelta(1), LEADER)
    run = publisher.running

    async def ids(wanted: Wanted) -> list[object]:
        return [row["id"] for row in (await search(run, office.code, wanted)).items]

    assert await ids(Wanted("预算")) == [exact, title, old, text]
    assert await ids(Wanted("预算公开")) == [text], "a longer term is compared as a whole"
    assert await ids(Wanted("算")) == [title, exact, old, text], "a single character too"
    assert await ids(Wanted("预算 附件")) == [text]
    assert await ids(Wanted("预算", kind="budget", validity="in_force")) == [exact, title]
    assert await ids(Wanted("预算", since=DAY, until=DAY)) == [title, text]
    assert await ids(Wanted("预算", category="finance")) == []
    assert await ids(Wanted("，。")) == []
    assert (await ids(Wanted()))[0] == old, "without a term the newest comes first"
    assert (await search(run, "nobody", Wanted("预算"))).total == 0
    shown = (await anyone.get(f"/publishing/portal/items?q=预算&agency={office.code}")).text
    assert "共 4 件" in shown
    assert "部门<mark>预算</mark>说明" in shown
    assert "⚠ 废止" in shown
    await publisher.published(title="<script>预算</script>的说明", text="<b>预算</b>见附件。", day=DAY)
    shown = (await anyone.get(f"/publishing/portal/items?q=预算&agency={office.code}")).text
    assert "&lt;script&gt;<mark>预算</mark>&lt;/script&gt;" in shown
    assert "&lt;b&gt;<mark>预算</mark>&lt;/b&gt;" in shown
    told = (await anyone.get(f"{API}/items?q=预算&agency={office.code}")).json()["items"]
    hits = [piece["text"] for row in told for piece in (*row["title_marked"], *row["excerpt"]) if piece["hit"]]
    assert set(hits) == {"预算"}
    assert "%27 & !" not in (await anyone.get(f"/publishing/portal/items?q=%27%20%26%20!%3A*&agency={office.code}")).text


async def test_an_item_has_its_metadata_and_the_tags_of_a_government_site(office: Office, publisher: Publisher, anyone: Browser) -> None:
    item = await publisher.published(
        title="关于“双随机”的通知", text="第一段。\n<b>第二段</b>。", keywords=("监管", "抽查"), subject="市场监管"
    )
    page = (await anyone.get(f"/publishing/portal/items/{item}")).text
    assert f"{office.code}/2025-{item.hex[-8:]}" in page
    for part in ("固审批发〔2025〕7号", "现行有效", "监管、抽查", "&lt;b&gt;第二段&lt;/b&gt;"):
        assert part in page
    for name, value in {"SiteName": "公开平台", "ArticleTitle": "关于“双随机”的通知".replace('"', "&#34;"), "PubDate": "2025-03-03 00:00", "Keywords": "监管,抽查"}.items():  # fmt: skip
        assert f'<meta name="{name}" content="{value}">' in page
    home = (await anyone.get(f"/publishing/portal/?agency={office.code}")).text
    assert "<h1>政府信息公开</h1>" in home
    for column in ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"):
        assert column in home


async def test_programs_follow_and_download_everything(office: Office, publisher: Publisher, anyone: Browser) -> None:
    first = await publisher.published(title="=1+1的说明", text="正文一。")
    second = await publisher.published(title="第二件", text="正文二。", facts={"kind": "notice"}, day=DAY + timedelta(1))
    feed = ET.fromstring((await anyone.get(f"/publishing/portal/feed.atom?agency={office.code}")).content)
    assert [entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)] == [f"urn:uuid:{second}", f"urn:uuid:{first}"]
    rss = ET.fromstring((await anyone.get(f"/publishing/portal/feed.rss?agency={office.code}&kind=notice")).content)
    assert [item.findtext("title") for item in rss.iter("item")] == ["第二件"]
    site = (await anyone.get("/publishing/portal/sitemap-1.xml")).text
    assert f"/publishing/portal/items/{first}</loc>" in site
    assert (await anyone.get("/publishing/portal/sitemap-9999.xml")).status_code == 404
    robots = (await anyone.get("/robots.txt")).text
    assert "Sitemap: http" in robots
    assert "Disallow: /requests/" in robots
    everything = (await anyone.get(f"{API}/items.json?agency={office.code}")).json()
    assert {row["title"] for row in everything} == {"=1+1的说明", "第二件"}
    table = (await anyone.get(f"{API}/items.csv?agency={office.code}")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["标题"] for row in rows} == {"'=1+1的说明", "第二件"}
    assert (await anyone.get(f"{API}/items.json?agency=nobody")).status_code == 404


@pytest.mark.rule("JC-01a", "JC-03c")
async def test_anybody_comments_on_a_draft_and_follows_what_became_of_it(office: Office, publisher: Publisher, anyone: Browser) -> None:
    today = publisher.running.doorkeeper.today(publisher.facts)
    draft = "办事大厅拟于年底搬迁。"
    item = await publisher.published(title="搬迁方案（征求意见稿）", text=draft, day=today)
    matter = await publisher.act(ProposeMatter(title="办事大厅搬迁", unit="zonghe", impact="limited", touches_interests=True), day=today)
    place = f"/publishing/portal/consultations/{matter}"
    assert (await anyone.get(place)).status_code == 404, "not public before its draft is"
    opening = OpenToComments(
        draft=hashlib.sha256(draft.encode()).hexdigest(),
        explanation="方便群众办事。",
        ways=("online",),
        until=today + timedelta(30),
        form="open",
    )
    await publisher.act(opening, matter, today)
    page = (await anyone.get(place)).text
    assert f'href="/publishing/portal/items/{item}"' in page, "the draft is where exactly these bytes were published"
    assert "办事大厅搬迁" in (await anyone.get(f"/publishing/portal/consultations?agency={office.code}")).text
    wrong = await anyone.send(place, place, {"text": "", "name": "张三丰"})
    assert (wrong.status_code, "张三丰" in wrong.text) == (422, True)
    assert (await anyone.send(place, place, {"text": "字" * 5001})).status_code == 422
    sent = await anyone.send(place, place, {"text": "建议保留老窗口。", "name": "张三丰", "contact": "13900000000"})
    assert sent.status_code == 201, sent.text
    receipt = sent.text.split('class="big">')[1].split("<")[0]
    told = (await anyone.get(f"/publishing/portal/receipts/{receipt}")).text
    assert "正在论证" in told
    assert "老窗口" not in told
    assert "张三丰" not in told
    assert (await anyone.get(f"/publishing/portal/receipts?receipt={receipt}")).status_code == 303
    assert (await anyone.get("/publishing/portal/receipts?receipt=x")).status_code == 404
    assert (await anyone.get(f"/publishing/portal/receipts/{item}")).status_code == 404
    rows = publisher.running.query_now("SELECT text, name FROM views.comments WHERE id = %s", (receipt,), agency=office.code)
    assert "老窗口" not in rows[0]["text"]
    assert "张三丰" not in rows[0]["name"]

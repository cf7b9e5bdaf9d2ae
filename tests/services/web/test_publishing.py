"""The workbench of publishing, as officials see it: what is due, forms that choose from what there is, a publication with its gates, comments one by one."""

import hashlib
import re
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from services.publishing.comment.commands import SubmitComment
from shared.kernel.clocks import today
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from tests.services.web.conftest import TOKEN, Browser, Office
from tests.unit.files import samples

DAY = date(2025, 3, 3)
INFORMATION = {"title": "政务服务事项目录", "kind": "policy", "origin": "made", "audience": "external", "unit": "zonghe"}
ENTRY = {"name": "部门预算", "category": "finance", "sphere": "government", "basis": "国令711 第二十条", "unit": "zonghe", "audience": "external", "cadence": "quarter", "channels": "portal\nnotice_board"}  # fmt: skip
CONTENT = {"title": "政务服务事项目录（2025年版）", "text": "本目录既使很短，，也列出全部事项。", "subject": "政务公开", "issuer": "审批局"}
MATTER = {"title": "办事大厅搬迁", "unit": "zonghe", "impact": "limited", "touches_interests": "1"}


@pytest.fixture
async def desk(office: Office) -> Browser:
    """The disclosure office at its pages."""
    await office.open_unit("zonghe", "综合科")
    return await office.official("disclosure_office", "clerk", login="office")


async def made(desk: Browser, path: str, fields: dict[str, str]) -> str:
    """A new thing; the path of its page."""
    answer = await desk.send(f"/publishing/{path}/new", f"/publishing/{path}/new", {"_today": str(DAY), **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def acted(desk: Browser, thing: str, verb: str, fields: dict[str, str] | None = None, day: date = DAY) -> httpx.Response:
    """A form on the page of a thing."""
    return await desk.send(thing, f"{thing}/{verb}", {"_today": str(day), **(fields or {})})


async def test_a_publication_tells_its_next_step_its_gates_and_what_the_machine_found(office: Office, desk: Browser) -> None:
    form = (await desk.get("/publishing/publications/new")).text
    assert '<option value="zonghe">综合科</option>' in form
    thing = await made(desk, "publications", {**INFORMATION, "maker": office.code})
    assert "请确定是否上网" in (await desk.get(thing)).text
    await acted(desk, thing, "decide-online", {"decision": "online", "reason": "公众需要"})
    assert (await acted(desk, thing, "draft", CONTENT)).status_code == 303
    shown = (await desk.get(thing)).text
    assert "质量检查：待检查" in shown
    assert "既使（应为即使）" in shown
    assert "编制解读方案" in shown
    assert "本目录既使很短" in shown.split('id="i-draft-text"')[1].split("</textarea>")[0]
    refused = await acted(desk, thing, "publish", {"channel": "portal", "evidence": "栏目截图"})
    assert refused.status_code == 409
    assert "还没有批准" in refused.text
    due = (await desk.get("/publishing/")).text
    assert "政务服务事项目录（2025年版）" in due
    assert "政务服务事项目录（2025年版）" in (await desk.get("/publishing/publications?stage=drafted")).text


async def test_an_entry_is_filled_in_with_boxes_and_stands_in_the_year(desk: Browser) -> None:
    form = (await desk.get("/publishing/entries/new")).text
    assert 'type="checkbox" name="channels" value="portal"' in form
    thing = await made(desk, "entries", ENTRY)
    shown = (await desk.get(thing)).text
    assert "门户网站、公开栏" in shown
    year = (await desk.get("/publishing/catalogue?year=2999")).text
    assert "2999-Q4" in year
    wrong = await desk.send("/publishing/entries/new", "/publishing/entries/new", {**ENTRY, "audience": "internal"})
    assert wrong.status_code == 422
    assert "不能使用" in wrong.text
    assert 'value="portal" checked' in wrong.text


@pytest.mark.rule("JC-03a", "JC-03b", "JC-06b")
async def test_comments_are_shown_and_answered_one_by_one_by_who_handles_them(office: Office, desk: Browser) -> None:
    day = today()
    thing = await made(desk, "consultations", {**MATTER, "_today": str(day)})
    opening = {"draft": "ab" * 32, "explanation": "背景和依据", "ways": "online", "until": str(day + timedelta(30)), "form": "open"}
    assert (await acted(desk, thing, "open-to-comments", opening, day)).status_code == 303
    matter = thing.rsplit("/", 1)[1]
    said = {"consultation": matter, "text": "建议保留老窗口", "name": "张䶮", "representative": True}
    answer = await office.browser().client.post(
        f"/api/publishing/comments?agency={office.code}", json=said, headers={"Idempotency-Key": str(fresh_id())}
    )
    assert answer.status_code == 201, answer.text
    comment = f"/publishing/comments/{answer.json()['id']}"
    running = next(one for one in office.program.running if one.name == "publishing")
    await running.views.wait(running.pipeline.last, 5)
    shown = (await desk.get(thing)).text
    assert "待答复 1 条" in shown
    assert "张䶮" in shown
    reader = await office.official("reviewer", login="reader")
    seen = (await reader.get(thing)).text
    assert "意见的内容由承办人员查看" in seen
    assert "张䶮" not in seen
    assert "老窗口" not in seen
    assert (await reader.get(comment)).status_code == 403
    refused = await acted(desk, comment, "answer", {"reason": "租约到期"}, day)
    assert "须充分论证" in refused.text
    assert (await acted(desk, comment, "examine", {"reasonable": "1", "argument": "便民"}, day)).status_code == 303
    assert (await acted(desk, comment, "answer", {"reason": "租约到期"}, day)).status_code == 303
    shown = (await desk.get(thing)).text
    assert "待向公众代表书面说明理由 1 条" in shown
    assert (await acted(desk, comment, "send-reasons", {"document": "固审批函〔2025〕9号"}, day)).status_code == 303
    assert "已送达公众代表" in (await desk.get(comment)).text
    assert "截止后归纳意见" in (await desk.get("/publishing/")).text


@pytest.mark.rule("JC-03a")
async def test_a_collation_is_filled_in_with_the_numbers_of_the_comments(office: Office, desk: Browser) -> None:
    day = today() - timedelta(40)
    thing = await made(desk, "consultations", {**MATTER, "_today": str(day)})
    opening = {"draft": "ab" * 32, "explanation": "背景和依据", "ways": "online", "until": str(day + timedelta(30)), "form": "open"}
    assert (await acted(desk, thing, "open-to-comments", opening, day)).status_code == 303
    running = next(one for one in office.program.running if one.name == "publishing")
    for text in ("建议保留老窗口", "建议延长过渡期"):
        said = SubmitComment(consultation=UUID(thing.rsplit("/", 1)[1]), text=text)
        await running.execute(said, None, Actor("public", ("public",)), running.doorkeeper.agency(office.code), today=day)
    await running.views.wait(running.pipeline.last, 5)
    shown = (await desk.get(thing)).text
    assert "1. <a" in shown
    assert "门户上没有这份草案" in shown
    typed = {"groups.0.gist": "保留老窗口", "groups.0.numbers": "1", "groups.0.on_paper": "2"}
    short = await acted(desk, thing, "collate", typed, today())
    assert short.status_code == 422
    assert "还差 1 条：第 2 号没有归入任何要点" in short.text
    typed |= {"groups.1.gist": "延长过渡期", "groups.1.numbers": "2"}
    assert (await acted(desk, thing, "collate", typed, today())).status_code == 303
    assert "共 4 条<br>保留老窗口（3 条：第 1 号；平台以外 2 条）<br>延长过渡期（1 条：第 2 号）" in (await desk.get(thing)).text


@pytest.mark.rule("WZ-4.1", "BM-03b")
async def test_a_file_is_attached_without_what_is_hidden_and_given_back_exactly(office: Office, desk: Browser) -> None:
    thing = await made(desk, "publications", {**INFORMATION, "maker": office.code})
    redlined, plain = samples.docx_file(samples.redlined), samples.pdf()
    assert (await upload(desk, thing, "办法.pdf", plain)).status_code == 409
    await acted(desk, thing, "decide-online", {"decision": "online", "reason": "公众需要"})
    refused = await upload(desk, thing, "办法.docx", redlined)
    assert refused.status_code == 422
    assert "请勾选“清理隐藏内容”" in refused.text
    assert (await upload(desk, thing, "办法.docx", redlined, clean="1")).status_code == 303
    assert (await upload(desk, thing, "办法.pdf", plain)).status_code == 303
    shown = (await desk.get(thing)).text
    links = [f"{thing}/files/{hash}" for hash in dict.fromkeys(re.findall(rf"{thing}/files/([0-9a-f]{{64}})", shown))]
    given = [(await desk.get(link)).content for link in links]
    assert given[0] != redlined
    assert given[1] == plain
    assert [hashlib.sha256(content).hexdigest() for content in given] == [link.rsplit("/", 1)[1] for link in links]
    form = shown.split(f'action="{thing}/draft"')[1].split("</form>")[0]
    assert all(link.rsplit("/", 1)[1] in form for link in links)
    reader = await office.official("auditor", login="reader")
    assert (await reader.get(links[1])).status_code == 403
    assert (await desk.get(f"{thing}/files/{'0' * 64}")).status_code == 404


async def upload(desk: Browser, thing: str, name: str, content: bytes, **fields: str) -> httpx.Response:
    """A file sent from the page of a publication."""
    token = TOKEN.search((await desk.get(thing)).text)
    assert token is not None
    return await desk.client.post(f"{thing}/files", data={"_token": token[1], **fields}, files={"file": (name, content)})

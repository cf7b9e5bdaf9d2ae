"""A regulation through HTTP and real NATS: from its draft through participation, decision, publication and interpretation; and each gate that stops it."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.office import Failed, Office
from shared.kernel.clocks import today
from shared.law.calendar import national_calendar
from tests.journeys.conftest import Bureau
from tests.journeys.test_publication import MONDAY, THINGS, drafted, reviewed, standing, step

MATTERS = "/api/publishing/consultations"
COMMENTS = "/api/publishing/comments"
EXPLAINED = "/api/publishing/interpretations"
TITLE = "审批服务办法"
NUMBERED = {"title": TITLE, "document_number": "固审批规〔2025〕1号", "date_of_issue": "2025-05-12"}
RECORD = "ab" * 32


def day(month: int, number: int) -> date:
    """A day of 2025."""
    return date(2025, month, number)


async def matter(office: Office, verb: str, id: str, today: date, by: str = "office", **body: Any) -> dict[str, Any]:
    """A step of an important matter."""
    return await office.post(f"{MATTERS}/{id}/{verb}", by, today, body)


async def proposed(office: Office, **more: Any) -> str:
    """An important matter that touches people's interests."""
    body = {"title": TITLE, "unit": "touzi", "impact": "major", "touches_interests": True, **more}
    id: str = (await office.post(MATTERS, "office", MONDAY, body))["id"]
    return id


async def decision_of(office: Office, id: str, on: date, **more: Any) -> str:
    """The decision of a matter, as a normative document that is to be published."""
    body = {
        "title": TITLE,
        "kind": "normative",
        "origin": "made",
        "maker": office.agency,
        "unit": "touzi",
        "matter": id,
        "stage": "decision",
    }
    made: str = (await office.post(THINGS, "office", on, {**body, **more}))["id"]
    await step(office, made, "decide-online", "office", on, decision="online", reason="公众需要")
    return made


async def planned(office: Office, document: str, on: date) -> str:
    """A plan of its interpretation, approved by the leader."""
    plan = {
        "document": document,
        "unit": "touzi",
        "outline": "背景、主要内容",
        "forms": ["questions"],
        "ways": ["portal"],
        "planned_for": str(on),
    }
    id: str = (await office.post(EXPLAINED, "unit", on, plan))["id"]
    await office.post(f"{EXPLAINED}/{id}/approve-plan", "leader", on, {})
    return id


async def approve(office: Office, id: str, on: date) -> None:
    """The leader approves what stands there."""
    await step(office, id, "approve", "leader", on, approves=(await standing(office, id))["draft"]["hash"])


@pytest.mark.rule("DX-06a", "DX-06b", "DX-06c", "JC-01a", "JC-02", "JC-03a", "JC-03b", "JC-03c", "JC-06a", "JC-06b", "JC-06c", "JC-06d")
@pytest.mark.rule("YQ-03.2b", "ZJ-06.1a", "ZJ-06.3a", "ZJ-06.3b", "ZJ-04a", "ZJ-05a", "YQ-03.5b")
async def test_a_regulation_from_draft_to_interpretation(office: Office) -> None:
    id = await proposed(office)
    await matter(office, "record-risk", id, MONDAY, methods=["tracking", "visits"], level="medium", plan="加强解释，专人值守")
    opening = {"draft": RECORD, "explanation": "制定背景和依据", "ways": ["online", "post"], "until": "2025-04-02", "form": "hearing"}
    await matter(office, "open-to-comments", id, MONDAY, **opening)
    said = [("建议网上办理", True), ("建议延长办理时限", True), ("支持", False)]
    comments = [
        (await office.post(COMMENTS, "office", day(3, 10), {"consultation": id, "text": text, "representative": chosen}))["id"]
        for text, chosen in said
    ]
    held = {"on": "2025-03-20", "place": "市政务服务中心", "participants": ["街道代表", "行业协会"], "material_on": "2025-03-11"}
    await matter(office, "announce-hearing", id, day(3, 10), **held)
    await matter(office, "record-hearing", id, day(3, 20), record=RECORD, signed=True)
    await matter(office, "file-report", id, day(3, 24), report="cd" * 32)
    with pytest.raises(Failed, match="截止后再归纳"):
        await matter(office, "collate", id, day(4, 2), groups=[])
    with pytest.raises(Failed, match="还差 1 条：第 3 号"):
        await matter(office, "collate", id, day(4, 3), groups=[{"gist": "网上办理", "numbers": "1"}, {"gist": "时限", "numbers": "2"}])
    groups = [{"gist": "网上办理", "numbers": "1、3", "on_paper": 2}, {"gist": "时限", "numbers": "2"}]
    collated = await matter(office, "collate", id, day(4, 3), groups=groups)
    shown = (await office.get(f"/api/publishing/portal/consultations/{id}?after={collated['position']}", "office"))["groups"]
    assert [(one["gist"], one["count"]) for one in shown] == [("网上办理", 4), ("时限", 1)]
    for comment, adopted in zip(comments, (True, False, True), strict=True):
        await office.post(f"{COMMENTS}/{comment}/examine", "office", day(4, 3), {"reasonable": adopted, "argument": "便民、可行"})
        answered = {"adopted": adopted, "reason": "" if adopted else "法定时限不能延长"}
        await office.post(f"{COMMENTS}/{comment}/answer", "office", day(4, 3), answered)
    last = await office.post(f"{COMMENTS}/{comments[1]}/send-reasons", "office", day(4, 3), {"document": "固审批函〔2025〕3号"})
    assert collated["position"] != last["position"]
    told = (await office.get(f"{MATTERS}/{id}/comments?after={last['position']}", "office"))["counts"]
    assert (told["received"], told["adopted"], told["not_adopted"], told["unanswered"], told["reasons_owed"]) == (3, 2, 1, 0, 0)
    await matter(
        office, "tell-adoption", id, day(4, 7), adopted="网上办理", not_adopted="时限法定", channels=["portal"], evidence="栏目截图"
    )

    may = day(5, 12)
    document = await decision_of(office, id, may)
    await drafted(office, document, may, "本办法规范审批服务。", **NUMBERED)
    explained = await planned(office, document, may)
    await reviewed(office, document, may)
    await approve(office, document, may)
    await step(office, document, "publish", "office", may, channel="portal", evidence="规范性文件栏目")
    await matter(office, "link-decision", id, may, publication=document, discussion="局务会讨论通过")
    await step(office, document, "link-related", "office", may, kind="statement", thing=str(UUID(int=7)), title="新闻发布稿")

    thing = f"{EXPLAINED}/{explained}"
    standing_now = await office.get(thing, "office")
    assert standing_now["deadline"]["due"] == str(national_calendar().add_working_days(may, 3))
    await office.post(f"{thing}/submit-material", "unit", day(5, 13), {"text": "问：什么时候施行？答：公布之日。"})
    with pytest.raises(Failed, match="审查通过"):
        await office.post(f"{thing}/put-out", "office", day(5, 13), {"channel": "portal", "evidence": "解读专栏"})
    passed = {"passed": True, "reviewer": "市政府办公室", "document": "政办审〔2025〕8号"}
    await office.post(f"{thing}/record-outside-review", "office", day(5, 14), passed)
    await office.post(f"{thing}/put-out", "office", day(5, 14), {"channel": "portal", "evidence": "解读专栏"})
    await office.post(f"{thing}/update-column", "office", day(5, 14), {"evidence": "解读专栏"})

    result = await decision_of(office, id, day(9, 1), stage="result", kind="other", title="审批服务办法施行结果")
    await drafted(office, result, day(9, 1), "施行以来网上办理率明显提高。", title="审批服务办法施行结果")
    await reviewed(office, result, day(9, 1))
    await approve(office, result, day(9, 1))
    await step(office, result, "publish", "office", day(9, 1), channel="portal", evidence="结果公开栏目")
    await matter(office, "tell-result", id, day(9, 1), publication=result)
    assert (await office.get(f"{MATTERS}/{id}", "office"))["result"] == result


@pytest.mark.rule("JC-01a", "JC-03a")
async def test_comments_that_come_at_once_have_a_number_each_and_keep_no_official_from_the_matter(office: Office) -> None:
    now = today()
    id: str = (await office.post(MATTERS, "office", now, {"title": TITLE, "unit": "touzi", "impact": "limited"}))["id"]
    opening = {"draft": RECORD, "explanation": "制定背景和依据", "ways": ["online"], "until": str(now + timedelta(30)), "form": "open"}
    opened = await matter(office, "open-to-comments", id, now, **opening)

    async def say(number: int) -> dict[str, Any]:
        body = {"consultation": id, "text": f"意见{number}"}
        answer = await office.client.post(COMMENTS, params={"agency": office.agency}, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    made = await asyncio.gather(*(say(number) for number in range(60)))
    last = max((one["position"] for one in made), key=lambda one: int(one.rpartition(":")[2]))
    pages = [(await office.get(f"{MATTERS}/{id}/comments?page={page}&after={last}", "office"))["comments"] for page in (1, 2)]
    assert [row["number"] for page in pages for row in page] == list(range(1, 61))
    receipt = (await office.client.get(f"/api/publishing/portal/receipts/{pages[0][6]['id']}")).json()
    assert receipt["number"] == 7
    # The form that an official opened before them is still good.
    headers = {"Authorization": f"Bearer {office.tokens['office']}", "If-Match": f'"{opened["version"]}"'}
    risk = {"methods": ["tracking"], "level": "low", "plan": "加强解释"}
    answer = await office.client.post(f"{MATTERS}/{id}/record-risk", json=risk, headers=headers)
    assert answer.status_code == 200, answer.text


async def until_coordinated(office: Office, id: str) -> None:
    """Waits for the answer of the agencies."""
    for _ in range(600):
        if not (await standing(office, id))["coordinating"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("publishing has not heard the agencies' answer")


@pytest.mark.rule("WZ-3", "WZ-4.1", "BM-03b", "XT-04", "ZJ-06.1a", "YQ-03.2b", "DX-06c", "ZJ-04a")
async def test_a_publication_is_stopped_by_each_gate_in_turn(office: Office, neighbour: Bureau) -> None:
    id = await proposed(office, impact="limited")
    concerned = [{"code": neighbour.code, "name": "市财政局"}]
    body = {
        "title": TITLE,
        "kind": "normative",
        "origin": "made",
        "maker": office.agency,
        "unit": "touzi",
        "matter": id,
        "stage": "decision",
    }
    document: str = (await office.post(THINGS, "office", MONDAY, {**body, "concerns": concerned}))["id"]
    content = {**NUMBERED, "text": "本办法规范收费。", "subject": "政务公开", "issuer": "审批服务管理局"}
    with pytest.raises(Failed, match="请先确定"):
        await step(office, document, "draft", "office", MONDAY, **content)
    await step(office, document, "decide-online", "office", MONDAY, decision="online", reason="公众需要")
    await step(office, document, "draft", "office", MONDAY, **content)

    async def stopped(sentence: str) -> None:
        with pytest.raises(Failed, match=sentence):
            await approve(office, document, MONDAY)

    await stopped("质量检查还没有通过")
    await step(office, document, "check-quality", "office", MONDAY, confirmed=["accurate", "fluent", "style"])
    await stopped("还没有通过保密审查")
    await reviewed(office, document, MONDAY)
    await stopped("有关机关还没有确认")
    await step(office, document, "request-coordination", "office", MONDAY, text="请确认收费条款。")
    letter = await letter_to(office, neighbour, document)
    answer = await office.client.post(
        f"/api/review/coordinations/{letter['coordination']}/confirm-letter",
        json={"letter_hash": letter["letters"][0]["hash"]},
        headers={"Authorization": f"Bearer {neighbour.tokens['office']}", "Gongkai-Today": MONDAY.isoformat()},
    )
    assert answer.status_code == 200, answer.text
    await until_coordinated(office, document)
    await stopped("解读方案")
    await planned(office, document, MONDAY)
    await stopped("先评估舆情风险")
    await matter(office, "record-risk", id, MONDAY, methods=["sampling"], level="low", plan="加强解释")
    await stopped("公开征求意见")
    told = await office.get(f"{THINGS}/{document}/progress", "office")
    assert [gate["title"] for gate in told["gates"] if not gate["passed"]] == ["重要事项", "批准"]
    await matter(office, "omit-stage", id, MONDAY, by="leader", stage="comments", reason="应急处置")
    await approve(office, document, MONDAY)
    with pytest.raises(Failed, match="首先在门户网站"):
        await step(office, document, "publish", "office", MONDAY, channel="newspaper", evidence="日报第二版")
    await step(office, document, "publish", "office", MONDAY, channel="portal", evidence="规范性文件栏目")
    await step(office, document, "publish", "office", MONDAY, channel="newspaper", evidence="日报第二版")


async def letter_to(office: Office, bureau: Bureau, subject: str) -> dict[str, Any]:
    """The letter by which this publication is put to another agency, as that agency reads it."""
    headers = {"Authorization": f"Bearer {bureau.tokens['office']}"}
    for _ in range(600):
        mine = (await office.get(f"/api/review/coordinations?subject={subject}", "office"))["coordinations"]
        found = (await office.client.get("/api/review/letters", headers=headers)).json()["letters"]
        for row in found:
            if mine and row["coordination"] == mine[0]["id"]:
                told: dict[str, Any] = (await office.client.get(f"/api/review/letters/{row['id']}", headers=headers)).json()
                return told
        await asyncio.sleep(0.05)
    raise AssertionError("no letter came")


@pytest.mark.rule("KH-02.3a")
async def test_what_was_given_on_request_is_taken_up_with_its_files(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    files = await office.review(case, MONDAY)
    await office.reply(case, "r1_granted", MONDAY, files=files)
    moving = {"title": "政务服务大厅采购合同", "ground": "asked_by_many", "reason": "多人申请"}
    await office.act(case, "move-to-proactive", "office", MONDAY, **moving)
    for _ in range(600):
        rows = (await office.get(f"{THINGS}?stage=created", "office"))["publications"]
        if found := [row for row in rows if row["title"] == moving["title"]]:
            state = await standing(office, found[0]["id"])
            assert (state["request"], state["origin"], state["created_on"]) == (case, "requested", str(MONDAY))
            assert [file["sha256"] for file in state["offered"]] == [file["sha256"] for file in files]
            return
        await asyncio.sleep(0.05)
    raise AssertionError("publishing has not heard of it")

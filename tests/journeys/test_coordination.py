"""What concerns other agencies, through HTTP and real NATS: one agency asks, others on the same platform answer, and the request goes on or does not."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from demo.office import Office
from shared.law.calendar import national_calendar
from tests.journeys.conftest import Bureau, Running, new_bureau
from tests.journeys.test_life import attempt, case_of, days_after, trail_of

MONDAY = date(2025, 3, 3)


class Neighbour:
    """The disclosure office of another agency on the platform."""

    def __init__(self, base: str, bureau: Bureau, name: str) -> None:
        self.code = bureau.code
        self.addressee = {"code": bureau.code, "name": name}
        headers = {"Authorization": f"Bearer {bureau.tokens['office']}"}
        self.client = httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=60)

    async def letters(self, coordination: str) -> list[dict[str, Any]]:
        """What it is asked in a coordination."""
        found = (await self.client.get("/api/review/letters")).json()["letters"]
        return [row for row in found if row["coordination"] == coordination]

    async def letter(self, coordination: str) -> dict[str, Any]:
        """The letter to it, as soon as its list has it."""
        for _ in range(400):
            if found := await self.letters(coordination):
                answer = await self.client.get(f"/api/review/letters/{found[0]['id']}")
                assert answer.status_code == 200, answer.text
                told: dict[str, Any] = answer.json()
                return told
            await asyncio.sleep(0.05)
        raise AssertionError("no letter came")

    async def act(self, coordination: str, verb: str, day: date, **body: Any) -> httpx.Response:
        """An answer, or a step of the department that decides."""
        return await self.client.post(
            f"/api/review/coordinations/{coordination}/{verb}", json=body, headers={"Gongkai-Today": day.isoformat()}
        )


@pytest.fixture(scope="module")
def bureaus(running: Running, neighbour: Bureau) -> list[tuple[Bureau, str]]:
    return [
        (neighbour, "固原市财政局"),
        (new_bureau(running, "office"), "固原市水务局"),
        (new_bureau(running, "office"), "固原市人民政府办公室"),
    ]


@pytest.fixture
async def others(running: Running, bureaus: list[tuple[Bureau, str]]) -> Any:
    made = [Neighbour(running.base, bureau, name) for bureau, name in bureaus]
    yield made
    for one in made:
        await one.client.aclose()


async def coordinated(office: Office, *asked: Neighbour, day: date, **more: Any) -> tuple[str, str]:
    """A request that waits for these agencies, and the coordination that review has opened for it."""
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    body = {"item": "联合验收方案", "text": "请确认拟公开的方案。", "addressees": [one.addressee for one in asked], **more}
    await office.act(case, "request-coordination", "unit", day, **body)
    for _ in range(600):
        found = (await office.get(f"/api/review/coordinations?subject={case}", "office"))["coordinations"]
        if found and len(found[0]["answers"]) == len(asked):
            return case, found[0]["id"]
        await asyncio.sleep(0.05)
    raise AssertionError("review has not heard of it")


async def step(office: Office, coordination: str, verb: str, by: str, day: date, **body: Any) -> dict[str, Any]:
    """A step of the asking agency."""
    return await office.post(f"/api/review/coordinations/{coordination}/{verb}", by, day, body)


async def ok(answer: httpx.Response) -> None:
    """It was carried out."""
    assert answer.status_code == 200, answer.text


async def refused(answer: httpx.Response, status: int, code: str) -> None:
    """It was not."""
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.rule("XT-04", "XT-05a", "XT-05b", "X-03")
async def test_an_agency_confirms_and_its_time_is_not_counted(office: Office, others: list[Neighbour]) -> None:
    finance, water, _ = others
    case, coordination = await coordinated(office, finance, day=days_after(3))
    before = date.fromisoformat((await case_of(office, case))["deadline"]["due"])
    assert (await attempt(office, case, "draft-reply", "unit", days_after(4), **reply()))["code"] == "not-draftable"
    letter = await finance.letter(coordination)
    (mine,) = letter["letters"]
    assert (letter["asker"], letter["item"], mine["addressee"]) == (office.agency, "联合验收方案", finance.code)
    assert date.fromisoformat(mine["deadline"]["due"]) == days_after(13)
    assert [one["verb"] for one in letter["actions"] if one["open"]] == ["confirm-letter", "object-to-letter"]
    clock = (await finance.client.get(f"/api/review/letters/{letter['id']}/clock")).json()
    assert (clock["due"], clock["days"][-1]["count"]) == (mine["deadline"]["due"], 10)

    assert await water.letters(coordination) == []
    assert (await water.client.get(f"/api/review/letters/{letter['id']}")).status_code == 404
    await refused(await water.act(coordination, "confirm-letter", days_after(5)), 404, "not-found")
    await refused(await finance.act(coordination, "withdraw", days_after(5), reason="不再公开"), 404, "not-found")

    await ok(await finance.act(coordination, "confirm-letter", days_after(8), letter_hash=mine["hash"]))
    await office.until_stage(case, "assigned")
    after = date.fromisoformat((await case_of(office, case))["deadline"]["due"])
    assert national_calendar().working_days_between(before, after) == 5
    await office.reply(case, "r1_granted", days_after(9))
    trail = await trail_of(office, case, "requests.ReplyDelivered")
    kinds = [entry["type"] for entry in trail]
    wanted = [
        "requests.CoordinationRequested",
        "review.CoordinationOpened",
        "review.LetterSent",
        "review.Confirmed",
        "review.CoordinationConcluded",
        "requests.CoordinationConcluded",
        "requests.ReplyDelivered",
    ]
    assert [kind for kind in kinds if kind in wanted] == wanted


def reply() -> dict[str, Any]:
    """A reply that gives what was asked for."""
    ground = {"outcome": "r1_granted", "article": "国令711 第三十六条第二项", "ground": "予以公开", "reason": "可以公开"}
    return {"outcome": "r1_granted", "grounds": [ground], "text": "现予公开。"}


@pytest.mark.rule("XT-06.1")
async def test_an_agency_objects_and_loses_by_competence(office: Office, others: list[Neighbour]) -> None:
    finance, water, _ = others
    case, coordination = await coordinated(office, finance, water, day=days_after(3))
    await finance.letter(coordination)
    await ok(await finance.act(coordination, "object-to-letter", days_after(5), opinion="数据与决算不一致", basis="预算法第十四条"))
    body = {"competent": water.code, "basis": "“三定”规定第三条"}
    early = await office.client.post(
        f"/api/review/coordinations/{coordination}/resolve-by-competence",
        json=body,
        headers={"Authorization": f"Bearer {office.tokens['leader']}", "Gongkai-Today": days_after(5).isoformat()},
    )
    await refused(early, 409, "answers-awaited")
    await ok(await water.act(coordination, "confirm-letter", days_after(6)))
    await step(office, coordination, "resolve-by-competence", "leader", days_after(7), **body)
    await office.until_stage(case, "assigned")
    await office.reply(case, "r1_granted", days_after(8))
    told = await finance.letter(coordination)
    assert (told["outcome"], len(told["letters"])) == ("agreed", 1), "it sees what came of it, and no other agency's answer"
    await refused(await finance.act(coordination, "confirm-letter", days_after(9)), 409, "coordination-closed")


@pytest.mark.rule("XT-05b", "XT-06.2a", "XT-06.2b", "XT-06.2c")
async def test_an_agency_stays_silent_and_the_department_decides(office: Office, others: list[Neighbour]) -> None:
    finance, water, department = others
    case, coordination = await coordinated(office, finance, day=days_after(3))
    with pytest.raises(Exception, match="没有逾期未答复的函"):
        await step(office, coordination, "record-silence", "office", days_after(13), addressee=finance.code)
    await step(office, coordination, "record-silence", "office", days_after(14), addressee=finance.code)
    assert (await case_of(office, case))["stage"] == "coordinating", "silence on this is no consent"
    body = {"department": department.code, "name": "固原市人民政府办公室", "reason": "没有答复，不能认定"}
    await step(office, coordination, "escalate-for-ruling", "office", days_after(15), **body)
    seen = await department.letter(coordination)
    assert [letter["answer"] for letter in seen["letters"]] == ["silent"]
    await refused(await water.act(coordination, "issue-ruling", days_after(16)), 422, "invalid")
    decision = {"publish": False, "document": "固政办函〔2025〕31号", "reason": "数据尚未核定"}
    await refused(await water.act(coordination, "issue-ruling", days_after(16), **decision), 404, "not-found")
    await refused(await finance.act(coordination, "issue-ruling", days_after(16), **decision), 409, "department-decides")
    await ok(await department.act(coordination, "issue-ruling", days_after(17), **decision))
    await ok(await department.act(coordination, "confirm-ruling", days_after(18), document="固政办函〔2025〕32号"))
    await office.until_stage(case, "assigned")
    assert (await finance.letter(coordination))["document"] == "固政办函〔2025〕31号"
    assert (await attempt(office, case, "draft-reply", "unit", days_after(19), **reply()))["code"] == "not-confirmed"
    await office.reply(case, "r4_1_not_held", days_after(19))


@pytest.mark.rule("XT-05b")
async def test_a_co_makers_silence_is_consent_and_an_urgent_letter_is_due_at_once(office: Office, others: list[Neighbour]) -> None:
    finance = others[0]
    case, coordination = await coordinated(office, finance, day=days_after(3), co_made=True)
    (mine,) = (await finance.letter(coordination))["letters"]
    assert date.fromisoformat(mine["deadline"]["due"]) == days_after(18)
    await step(office, coordination, "record-silence", "office", days_after(19), addressee=finance.code)
    await office.until_stage(case, "assigned")

    case, urgent = await coordinated(office, finance, day=days_after(3), urgent=True)
    letter = await finance.letter(urgent)
    assert (letter["urgent"], date.fromisoformat(letter["letters"][0]["deadline"]["due"])) == (True, days_after(3))
    await ok(await finance.act(urgent, "confirm-letter", days_after(3)))
    await office.until_stage(case, "assigned")


async def review_of(office: Office, case: str, day: date, **opinion: Any) -> tuple[str, str]:
    """A review with one file that waits for its opinion: its id and the file's hash."""
    digest = f"{office.draw.getrandbits(256):064x}"
    await office.act(case, "request-review", "unit", day, files=[{"name": "方案.pdf", "sha256": digest, "size": 1}])
    return await office.review_of(case), digest


def opinion(digest: str) -> list[dict[str, Any]]:
    """To release it."""
    return [{"sha256": digest, "opinion": "release", "bases": ["保守国家秘密法"], "reason": "不涉及国家秘密"}]


async def tried(office: Office, path: str, by: str, day: date, **body: Any) -> dict[str, Any]:
    """A step that is refused."""
    headers = {"Authorization": f"Bearer {office.tokens[by]}", "Gongkai-Today": day.isoformat()}
    problem: dict[str, Any] = (await office.client.post(path, json=body, headers=headers)).json()
    return problem


@pytest.mark.rule("BM-09", "BM-03b")
async def test_a_joint_item_with_one_unit_refusing_does_not_leave(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    review, digest = await review_of(office, case, days_after(2))
    at = f"/api/review/secrecy-reviews/{review}"
    await office.post(f"{at}/give-opinion", "reviewer", days_after(3), {"opinions": opinion(digest), "joint_units": ["法规科", "监管科"]})
    await office.post(f"{at}/consent", "unit", days_after(4), {"unit": "法规科", "document": "书面意见1号"})
    await office.post(f"{at}/refuse-consent", "unit", days_after(4), {"unit": "监管科", "reason": "数据尚未核定"})
    approves = (await office.get(f"{at}/opinion", "leader"))["approves"]
    assert (await tried(office, f"{at}/approve", "leader", days_after(5), approves=approves))["code"] == "consent-refused"
    await office.post(f"{at}/reject", "leader", days_after(5), {"reason": "监管科不同意"})
    await office.until_stage(case, "assigned")
    files = [{"name": "方案.pdf", "sha256": digest, "size": 1}]
    assert (await attempt(office, case, "draft-reply", "unit", days_after(6), **reply(), files=files))["code"] == "file-unreviewed"


@pytest.mark.rule("BM-11", "BM-07.1")
async def test_a_secret_whose_term_has_run_out_is_declassified_first(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    review, digest = await review_of(office, case, days_after(2))
    at = f"/api/review/secrecy-reviews/{review}"
    until = days_after(4).isoformat()
    await office.post(f"{at}/mark", "unit", days_after(2), {"sha256": digest, "mark": "secret", "until": until})
    assert (await tried(office, f"{at}/give-opinion", "reviewer", days_after(5), opinions=opinion(digest)))["code"] == "marked-secret"
    lifting = {"sha256": digest, "document": "解密通知1号"}
    assert (await tried(office, f"{at}/declassify", "reviewer", days_after(4), **lifting))["code"] == "term-running"
    await office.post(f"{at}/declassify", "reviewer", days_after(5), lifting)
    await office.post(f"{at}/give-opinion", "reviewer", days_after(5), {"opinions": opinion(digest)})
    approves = (await office.get(f"{at}/opinion", "leader"))["approves"]
    await office.post(f"{at}/approve", "leader", days_after(6), {"approves": approves})
    await office.until_stage(case, "assigned")
    await office.reply(case, "r1_granted", days_after(7), files=[{"name": "方案.pdf", "sha256": digest, "size": 1}])


@pytest.mark.rule("BM-03b", "X-03")
async def test_a_reply_whose_file_was_changed_after_its_review_does_not_leave(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    (file,) = await office.review(case, days_after(3))
    changed = {**file, "sha256": "0" * 64}
    problem = await attempt(office, case, "draft-reply", "unit", days_after(4), **reply(), files=[changed])
    assert problem["code"] == "file-unreviewed"


@pytest.mark.rule("XT-10a", "XT-10b", "X-08")
async def test_the_public_reports_what_does_not_agree_and_is_answered(office: Office) -> None:
    body = {"content": "两处公布的数字不一致", "published": [{"agency": office.agency, "where": "部门决算"}], "contact": "13800000000"}
    made = await office.client.post(f"/api/review/inconsistency-reports?agency={office.agency}", json=body)
    assert made.status_code == 201, made.text
    at = f"/api/review/inconsistency-reports/{made.json()['id']}"
    assert (await office.get(at, "office"))["content"] == "两处公布的数字不一致"
    handling = {"finding": "corrected", "measures": "已更正决算表", "evidence": "更正公告1号"}
    today = date.fromisoformat((await office.get(at, "office"))["received_on"])
    await office.post(f"{at}/handle", "office", today, handling)
    await office.post(f"{at}/answer-reporter", "office", today, {"way": "online", "text": "已更正，感谢您的反映。"})
    assert (await office.get(at, "office"))["stage"] == "closed"

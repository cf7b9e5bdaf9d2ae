"""Grants for one unit, over the API and on the pages: what is that unit's, and nothing else."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.review.secrecy_review.commands import FileIn, OpenReview, review_id
from shared.access.agency.commands import SetSimulatedDay, agency_id
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from tests.services.web.conftest import PASSWORD, Office

PAPER = {"applicant_kind": "natural_person", "applicant_name": "张䶮", "contact": "13900000000", "content": "2024年部门预算", "form": "paper", "delivery": "post", "channel": "in_person", "evidence": "窗口收件 1 号"}  # fmt: skip
SHA = "ab" * 32


class Desk:
    """An official at the API."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"/api/{path}", headers=self.headers)

    async def post(self, path: str, body: dict[str, object] | None = None, **headers: str) -> httpx.Response:
        return await self.client.post(f"/api/{path}", json=body or {}, headers={**self.headers, **headers})


async def desk(office: Office, login: str) -> Desk:
    client = office.browser().client
    answer = await client.post("/api/access/sessions", json={"agency": office.code, "login": login, "password": PASSWORD})
    return Desk(client, answer.json()["token"])


@pytest.fixture
async def units(office: Office) -> Office:
    for code, name in (("zonghe", "综合科"), ("shenpi", "审批科")):
        await office.open_unit(code, name)
    await office.official("disclosure_office", "clerk", login="office")
    await office.official("clerk", "unit_head", "reviewer", login="zonghe", unit="zonghe")
    await office.official("clerk", "unit_head", "reviewer", login="shenpi", unit="shenpi")
    return office


async def assigned(office: Office, unit: str) -> str:
    """A request that is this unit's."""
    clerk = await desk(office, "office")
    submitted = await clerk.post("requests/disclosure-requests", PAPER)
    assert submitted.status_code == 201, submitted.text
    made = submitted.json()
    for verb, body in (("register", {}), ("assign", {"unit": unit})):
        answer = await clerk.post(f"requests/disclosure-requests/{made['id']}/{verb}", body)
        assert answer.status_code == 200, answer.text
    id: str = made["id"]
    running = next(one for one in office.program.running if one.name == "requests")
    await running.views.wait(running.pipeline.last, 5)
    return id


async def test_commands_and_reads_keep_to_the_unit(units: Office) -> None:
    case = await assigned(units, "zonghe")
    thing = f"requests/disclosure-requests/{case}"
    own, other = await desk(units, "zonghe"), await desk(units, "shenpi")
    for path in (thing, f"{thing}/actions", f"{thing}/clock"):
        assert (await own.get(path)).status_code == 200, path
        refused = await other.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "other-unit"), path
        assert "审批科" in refused.json()["detail"]
        assert "张䶮" not in refused.text
    body = {"reason": "不属于本科室的职责"}
    assert (await other.post(f"{thing}/return", body)).json()["code"] == "other-unit"
    assert "password_hash" not in (await own.get(thing)).text
    done = await own.post(f"{thing}/return", body)
    assert done.status_code == 200, done.text


async def test_what_is_no_units_is_nobodys_whose_grant_is_for_one(units: Office) -> None:
    office, own = await desk(units, "office"), await desk(units, "zonghe")
    made = (await office.post("requests/disclosure-requests", PAPER)).json()
    assert (await own.get(f"requests/disclosure-requests/{made['id']}")).json()["code"] == "other-unit"


async def test_the_unit_of_now_counts(units: Office) -> None:
    case = await assigned(units, "zonghe")
    own, office = await desk(units, "zonghe"), await desk(units, "office")
    assert (await own.get(f"requests/disclosure-requests/{case}")).status_code == 200
    assert (await office.post(f"requests/disclosure-requests/{case}/assign", {"unit": "shenpi"})).status_code == 200
    assert (await own.get(f"requests/disclosure-requests/{case}")).status_code == 403
    assert (await (await desk(units, "shenpi")).get(f"requests/disclosure-requests/{case}")).status_code == 200


@pytest.mark.rule("YS-11")
async def test_all_open_cases_of_a_unit_go_to_another_in_one_act(units: Office) -> None:
    """Units are merged: what was open goes on at the same point with the same clock, what has ended stays where it was, and the trail keeps the old unit."""
    first, second, theirs = await assigned(units, "zonghe"), await assigned(units, "zonghe"), await assigned(units, "shenpi")
    office, own = await desk(units, "office"), await desk(units, "zonghe")
    assert (await office.post(f"requests/disclosure-requests/{second}/withdraw")).status_code == 200
    due = (await office.get(f"requests/disclosure-requests/{first}")).json()["deadline"]
    body = {"before": "zonghe", "unit": "shenpi", "reason": "机构改革，综合科并入审批科"}
    assert (await own.post("requests/handovers", body)).status_code == 403
    for changed, code in (
        ({"unit": "zonghe"}, "same-unit"),
        ({"unit": "caiwu"}, "no-such-unit"),
        ({"reason": ""}, "invalid"),
        ({"all": 1}, "invalid"),
    ):
        refused = await office.post("requests/handovers", {**body, **changed})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    done = await office.post("requests/handovers", body)
    assert (done.status_code, done.json()["handed_over"], done.json()["refused"]) == (200, 1, [])
    shown = (await (await desk(units, "shenpi")).get(f"requests/disclosure-requests/{first}")).json()
    assert (shown["unit"], shown["deadline"]) == ("shenpi", due)
    assert (await office.get(f"requests/disclosure-requests/{second}")).json()["unit"] == "zonghe"
    assert (await office.get(f"requests/disclosure-requests/{theirs}")).json()["unit"] == "shenpi"
    assert (await own.get(f"requests/disclosure-requests/{first}")).status_code == 403
    assert (await office.post("requests/handovers", body)).json()["handed_over"] == 0
    single = await office.post(f"requests/disclosure-requests/{first}/hand-over", {"unit": "zonghe", "reason": "移交有误，退回"})
    assert single.status_code == 200, "undone by a further act"
    browser = units.browser()
    await browser.sign_in(units.code, "office")
    at = "/requests/handover"
    assert "综合科（在办 1 件）" in (await browser.get(at)).text
    wrong = await browser.send(at, at, {"before": "zonghe", "unit": "", "reason": "科室合并"})
    assert wrong.status_code == 422
    assert "科室合并" in wrong.text
    assert "已移交 1 件" in (await browser.send(at, at, {"before": "zonghe", "unit": "shenpi", "reason": "科室合并"})).text


async def test_lists_show_the_units_own_over_the_api_and_on_the_page(units: Office) -> None:
    mine, theirs = await assigned(units, "zonghe"), await assigned(units, "shenpi")
    own = await desk(units, "zonghe")
    listed = (await own.get("requests/disclosure-requests")).json()["cases"]
    assert [row["id"] for row in listed] == [mine]
    assert (await own.get("requests/disclosure-requests?unit=shenpi")).json()["cases"] == []
    assert len((await (await desk(units, "office")).get("requests/disclosure-requests")).json()["cases"]) == 2
    browser = units.browser()
    await browser.sign_in(units.code, "zonghe")
    shown = (await browser.get("/requests/")).text
    assert mine in shown
    assert theirs not in shown
    assert [int(number) for number in re.findall(r"<option[^>]*>[^<（]*（(\d+)）", shown) if number != "0"] == [1]
    assert (await browser.get(f"/requests/cases/{theirs}")).status_code == 403


async def test_the_list_tells_for_whom_a_case_waits_and_what_waits_for_oneself(units: Office) -> None:
    """The office registers and assigns; what a unit has waits for that unit, and is nobody else's to do."""
    theirs, other = await assigned(units, "zonghe"), await assigned(units, "shenpi")
    office, own = await desk(units, "office"), await desk(units, "zonghe")
    new = (await office.post("requests/disclosure-requests", PAPER)).json()["id"]
    running = next(one for one in units.program.running if one.name == "requests")
    await running.views.wait(running.pipeline.last, 5)

    async def listed(who: Desk, asked: str) -> dict[str, dict[str, object]]:
        answer = await who.get(f"requests/disclosure-requests?{asked}")
        assert answer.status_code == 200, answer.text
        return {row["id"]: row["next"] for row in answer.json()["cases"]}

    assert set(await listed(own, "mine=true")) == {theirs}
    assert set(await listed(office, "mine=true")) == {theirs, other, new}, "a clerk of the whole agency drafts for each unit"
    assert set(await listed(office, "waits=unit")) == {theirs, other}
    waiting = await listed(office, "waits=registration")
    assert [(told["waits_for"], told["act"]) for told in waiting.values()] == [("待登记", "登记")]
    assert await listed(office, "waits=third_party") == {}
    ask = {"touches": "privacy", "third_party": "甲某", "contact": "0954-2080000"}
    asked = await own.post(f"requests/disclosure-requests/{theirs}/consult-third-party", ask)
    assert asked.status_code == 200, asked.text
    await running.views.wait(running.pipeline.last, 5)
    assert set(await listed(office, "waits=third_party")) == {theirs}
    assert await listed(own, "mine=true") == {}, "it waits for somebody else"
    assert (await office.post(f"requests/disclosure-requests/{new}/withdraw")).status_code == 200
    await running.views.wait(running.pipeline.last, 5)
    assert set(await listed(office, "mine=true")) == {other}, "what has ended waits for nobody"
    assert (await listed(office, ""))[new] is None
    assert (await office.get("requests/disclosure-requests?waits=nobody")).status_code == 422
    browser = units.browser()
    await browser.sign_in(units.code, "zonghe")
    shown = (await browser.get("/requests/?waits=third_party&mine=")).text
    assert theirs in shown
    assert "待我办理（0）" in shown
    assert "登记第三方意见" in shown
    assert theirs not in (await browser.get("/requests/?mine=1")).text


async def test_what_is_due_this_week_and_what_is_overdue(units: Office) -> None:
    case = await assigned(units, "zonghe")
    office = await desk(units, "office")
    running = next(one for one in units.program.running if one.name == "requests")
    agency = running.doorkeeper.agency(units.code)
    (row,) = await running.query("SELECT due FROM views.cases WHERE id = %s", (UUID(case),), agency=units.code)
    monday = row["due"] - timedelta(days=row["due"].weekday())
    for day, week, overdue in (
        (monday - timedelta(days=1), 0, 0),
        (monday, 1, 0),
        (row["due"], 1, 0),
        (row["due"] + timedelta(days=1), 0, 1),
    ):
        receipt = await units.program.access.running.execute(
            SetSimulatedDay(day=day), agency_id(units.code), Actor("system:test", ("system",)), agency
        )
        await units.program.access.directory.caught_up(receipt.position)
        for asked, number in (("week=true", week), ("overdue=true", overdue)):
            found = (await office.get(f"requests/disclosure-requests?{asked}")).json()["cases"]
            assert len(found) == number, (day, asked)


@pytest.mark.rule("BM-03a")
async def test_the_unit_whose_information_it_is_reviews_it(units: Office) -> None:
    running = next(one for one in units.program.running if one.name == "review")
    subject = fresh_id()
    review = OpenReview(source="requests", subject=subject, review=1, files=(FileIn(name="预算.pdf", sha256=SHA, size=10),), unit="zonghe")
    agency = running.doorkeeper.agency(units.code)
    receipt = await running.execute(review, None, Actor("service:requests", ("system",)), agency)
    await running.views.wait(receipt.position, 5)
    assert receipt.id == review_id(subject, 1)
    opinions = {"opinions": [{"sha256": SHA, "opinion": "release", "bases": ["条例第十三条"], "reason": "不涉密，可以公开"}]}
    path = f"review/secrecy-reviews/{receipt.id}"
    own, other = await desk(units, "zonghe"), await desk(units, "shenpi")
    refused = await other.post(f"{path}/give-opinion", opinions)
    assert (refused.status_code, refused.json()["code"]) == (403, "other-unit")
    assert (await other.get("review/secrecy-reviews")).json()["reviews"] == []
    assert [UUID(row["id"]) for row in (await own.get("review/secrecy-reviews")).json()["reviews"]] == [receipt.id]
    assert (await other.get(f"{path}/opinion")).status_code == 403
    assert (await own.post(f"{path}/give-opinion", opinions)).status_code == 200


async def test_a_revoked_grant_opens_nothing_from_then_on(units: Office) -> None:
    case = await assigned(units, "zonghe")
    own, security, audit = (
        await desk(units, "zonghe"),
        await desk(units, "security-administrator"),
        await desk(units, "audit-administrator"),
    )
    people = (await audit.get("access/people")).json()["people"]
    person = next(one for one in people if one["account"] and one["account"]["login"] == "zonghe")
    assert (await own.get(f"requests/disclosure-requests/{case}")).status_code == 200
    for grant in person["grants"]:
        answer = await security.post(f"access/persons/{person['id']}/revoke-grant", {"grant": grant["id"], "reason": "调离"})
        assert answer.status_code == 200, answer.text
    directory = units.program.access.directory
    await directory.caught_up(units.program.access.running.pipeline.last)
    assert (await own.get(f"requests/disclosure-requests/{case}")).json()["code"] == "not-allowed"
    assert (await own.get("requests/disclosure-requests")).status_code == 403


async def test_there_is_one_leader_and_who_stands_in_is_recorded_with_the_principal(units: Office) -> None:
    await units.official("leader_in_charge", login="leader")
    await units.official(login="deputy")
    security, audit = await desk(units, "security-administrator"), await desk(units, "audit-administrator")
    people = {one["account"]["login"]: one["id"] for one in (await audit.get("access/people")).json()["people"]}
    give = f"access/persons/{people['deputy']}/give-grant"
    second = await security.post(give, {"role": "leader_in_charge"})
    assert (second.status_code, second.json()["code"]) == (409, "sole-role-held")
    assert (await security.post(give, {"role": "leader_in_charge", "principal": people["leader"]})).status_code == 200
    directory = units.program.access.directory
    await directory.caught_up(units.program.access.running.pipeline.last)
    session = directory.session((await desk(units, "deputy")).headers["Authorization"].removeprefix("Bearer "))
    actor = directory.authorise(session, "requests.approve_reply", directory.agency(units.code))
    assert actor.persons == {people["deputy"], people["leader"]}


async def test_units_are_called_by_their_names(units: Office) -> None:
    case = await assigned(units, "zonghe")
    browser = units.browser()
    await browser.sign_in(units.code, "zonghe")
    assert "<dd>综合科</dd>" in (await browser.get(f"/requests/cases/{case}")).text
    assert ">综合科</td>" in (await browser.get("/requests/")).text

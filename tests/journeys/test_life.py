"""Lives of requests through the whole platform: over HTTP, with NATS between the services, as people live them."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from demo.office import Office
from shared.law.calendar import national_calendar

MONDAY = date(2025, 3, 3)


def days_after(count: int) -> date:
    """The working day so many working days after the receipt."""
    return national_calendar().add_working_days(MONDAY, count)


async def case_of(office: Office, case: str) -> dict[str, Any]:
    """The request as a clerk sees it."""
    return await office.get(f"/api/requests/disclosure-requests/{case}", "clerk")


async def attempt(office: Office, case: str, verb: str, by: str, day: date, **body: Any) -> dict[str, Any]:
    """A command that is refused: the problem."""
    answer = await office.client.post(
        f"/api/requests/disclosure-requests/{case}/{verb}",
        json=body,
        headers={"Authorization": f"Bearer {office.tokens[by]}", "Gongkai-Today": day.isoformat()},
    )
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return {**problem, "status": answer.status_code}


async def trail_of(office: Office, case: str, last: str, seconds: float = 20.0) -> list[dict[str, Any]]:
    """The decision trail, once the ledger has heard of its last event."""
    for _ in range(int(seconds / 0.05)):
        answer = await office.client.get(f"/api/audit/trails/{case}", headers={"Authorization": f"Bearer {office.tokens['auditor']}"})
        if answer.status_code == 200 and any(entry["type"] == last for entry in answer.json()["entries"]):
            entries: list[dict[str, Any]] = answer.json()["entries"]
            return entries
        await asyncio.sleep(0.05)
    raise AssertionError(f"{last} did not reach the ledger")


@pytest.mark.rule("YS-05.1a", "BM-03b", "X-03")
async def test_a_request_lives_from_receipt_through_review_to_its_reply(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    files = await office.review(case, days_after(5))
    await office.reply(case, "r1_granted", days_after(8), files=files)
    assert (await case_of(office, case))["stage"] == "delivered"
    trail = await trail_of(office, case, "requests.ReplyDelivered")
    kinds = [entry["type"] for entry in trail]
    wanted = [
        "requests.RequestReceived",
        "requests.RequestRegistered",
        "requests.RequestAssigned",
        "requests.SecrecyReviewRequested",
        "review.ReviewOpened",
        "review.OpinionGiven",
        "review.ReviewApproved",
        "requests.SecrecyReviewConcluded",
        "requests.ReplyDrafted",
        "requests.ReplyApproved",
        "requests.ReplyDelivered",
    ]
    assert [kind for kind in kinds if kind in wanted] == wanted
    who = {entry["type"]: entry["actor"] for entry in trail}
    assert who["requests.RequestReceived"].startswith("马晓燕")
    assert who["review.OpinionGiven"].startswith("海涛")
    assert who["requests.ReplyApproved"].startswith("撒云鹏")
    roles = {entry["type"]: entry["roles"] for entry in trail}
    assert roles["requests.ReplyApproved"] == ["leader_in_charge"]
    articles = {entry["type"]: entry["article"] for entry in trail}
    assert articles["requests.RequestReceived"] == "国令711 第二十九条、第三十一条"
    assert articles["requests.ReplyApproved"] == "国令711 第三十六条"


@pytest.mark.rule("YS-06.3")
async def test_an_amended_request_has_its_period_anew(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    before = (await case_of(office, case))["deadline"]["due"]
    await office.act(case, "request-amendment", "clerk", days_after(2), items=["请明确年份"])
    await office.act(case, "amend", "clerk", days_after(6), content="2024年度部门预算")
    after = (await case_of(office, case))["deadline"]["due"]
    assert date.fromisoformat(before) == days_after(20)
    assert date.fromisoformat(after) == days_after(26)
    again = await attempt(office, case, "request-amendment", "clerk", days_after(7), items=["再补正一次"])
    assert (again["status"], again["code"]) == (409, "amended-once")


@pytest.mark.rule("YS-06.3")
async def test_a_request_that_is_not_amended_lapses_after_its_period_and_not_before(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    await office.act(case, "request-amendment", "clerk", days_after(2), items=["请明确年份"], working_days=10)
    early = await attempt(office, case, "lapse-amendment", "clerk", days_after(12))
    assert (early["status"], early["code"]) == (409, "amendment-still-open")
    await office.act(case, "lapse-amendment", "clerk", days_after(13))
    shown = await case_of(office, case)
    assert shown["outcome"] == "r6_1_overdue_correction"


@pytest.mark.rule("YS-08")
async def test_a_fee_that_is_not_paid_lets_the_request_lapse(office: Office) -> None:
    case = await office.receive("commercial", MONDAY, channel="in_person")
    await office.act(case, "assess-fee", "clerk", days_after(3), basis="items", count=35)
    early = await attempt(office, case, "lapse-fee", "clerk", days_after(4))
    assert (early["status"], early["code"]) == (409, "payment-still-open")
    await office.act(case, "lapse-fee", "clerk", days_after(60))
    assert (await case_of(office, case))["outcome"] == "r6_2_overdue_fee"


@pytest.mark.rule("YS-F.3", "X-04")
async def test_an_extension_is_asked_by_one_approved_by_another_and_given_once(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    await office.act(case, "extend", "unit", days_after(15), working_days=20, reason="需要检索的材料较多")
    await office.act(case, "approve-extension", "head", days_after(15))
    assert date.fromisoformat((await case_of(office, case))["deadline"]["due"]) == days_after(40)
    second = await attempt(office, case, "extend", "unit", days_after(30), working_days=5, reason="仍需时间")
    assert (second["status"], second["code"]) == (409, "extended-already")


@pytest.mark.rule("X-03")
async def test_who_drafted_a_reply_does_not_approve_it_even_standing_in_for_the_leader(office: Office) -> None:
    people = {}
    for login in ("unit", "leader"):
        headers = {"Authorization": f"Bearer {office.tokens[login]}"}
        people[login] = (await office.client.get("/api/access/me", headers=headers)).json()["person"]
    given = await office.client.post(
        f"/api/access/persons/{people['unit']}/give-grant",
        json={"role": "leader_in_charge", "principal": people["leader"]},
        headers={"Authorization": f"Bearer {office.tokens['secadmin']}"},
    )
    assert given.status_code == 200, given.text
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    draft = await office.draft(case, "r4_1_not_held", days_after(4))
    for _ in range(100):
        refused = await attempt(office, case, "approve-reply", "unit", days_after(4), approves=draft)
        if refused["code"] == "drafter-approves":
            break
        await asyncio.sleep(0.05)
    assert (refused["status"], refused["code"]) == (409, "drafter-approves")
    other = await attempt(office, case, "approve-reply", "leader", days_after(4), approves="0" * 64)
    assert (other["status"], other["code"]) == (409, "draft-changed")
    await office.approve(case, draft, days_after(4))


async def test_a_request_registered_twice_is_merged_and_one_by_mistake_is_voided(office: Office) -> None:
    first, second, mistake = [await office.receive("natural_person", MONDAY, channel="in_person") for _ in range(3)]
    await office.act(second, "merge", "clerk", days_after(1), into=first, reason="同一申请登记了两次")
    await office.act(mistake, "void", "office", days_after(1), reason="误将咨询登记为申请")
    assert [(await case_of(office, case))["stage"] for case in (first, second, mistake)] == ["assigned", "merged", "voided"]
    nowhere = await attempt(office, first, "merge", "clerk", days_after(1), into=str(uuid4()), reason="并入不存在的申请")
    assert nowhere["status"] in (403, 404)
    closed = await attempt(office, second, "withdraw", "clerk", days_after(2), reason="已并入")
    assert (closed["status"], closed["code"]) == (409, "case-closed")


@pytest.mark.rule("YS-08x.2")
async def test_a_fee_that_is_paid_lets_the_period_begin_anew_the_day_after(office: Office) -> None:
    case = await office.receive("commercial", MONDAY, channel="in_person")
    await office.act(case, "assess-fee", "clerk", days_after(3), basis="items", count=35)
    yuan = (await case_of(office, case))["fee"]
    less = await attempt(office, case, "record-payment", "clerk", days_after(6), yuan=yuan - 1, payee=office.agency, evidence="票据 1")
    assert (less["status"], less["code"]) == (422, "wrong-amount")
    elsewhere = await attempt(office, case, "record-payment", "clerk", days_after(6), yuan=yuan, payee="agent", evidence="票据 1")
    assert (elsewhere["status"], elsewhere["code"]) == (409, "paid-elsewhere")
    await office.act(case, "record-payment", "clerk", days_after(6), yuan=yuan, payee=office.agency, evidence="票据 1")
    assert date.fromisoformat((await case_of(office, case))["deadline"]["due"]) == days_after(26)


@pytest.mark.rule("YS-07.6")
async def test_a_third_party_objects_and_its_time_is_not_the_applicants(office: Office) -> None:
    """What it rightly refuses stays undisclosed, until the public interest is found to weigh more and the third party was told."""
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    files = await office.review(case, days_after(2))
    due = (await case_of(office, case))["deadline"]["due"]
    third = {"touches": "trade_secret", "third_party": "固原市甲公司", "contact": "0954-2080000", "files": [files[0]["sha256"]]}
    await office.act(case, "consult-third-party", "unit", days_after(3), **third)
    told = await attempt(office, case, "draft-reply", "unit", days_after(4), **granted(files))
    assert told["code"] == "third-party-waiting"
    objection = {"number": 1, "why": "合同含有本公司的报价明细", "reasonable": True}
    await office.act(case, "record-third-party-objection", "clerk", days_after(9), **objection)
    state = await case_of(office, case)
    assert state["deadline"]["due"] == days_after(20 + 6).isoformat() != due, "the six working days of asking are not counted"
    told = await attempt(office, case, "draft-reply", "unit", days_after(9), **granted(files))
    assert (told["code"], told["status"]) == ("third-party-objects", 409)
    override = {"number": 1, "reason": "涉及公众饮水安全，不公开将造成重大影响", "notice": "告知书 2025-1，已寄出"}
    await office.act(case, "override-third-party", "leader", days_after(10), **override)
    await office.reply(case, "r1_granted", days_after(11), files=files)
    trail = await trail_of(office, case, "requests.ReplyDelivered")
    kinds = [entry["type"] for entry in trail if "ThirdParty" in entry["type"] or "Overrode" in entry["type"]]
    assert [kind.removeprefix("requests.") for kind in kinds] == ["ThirdPartyConsulted", "ThirdPartyObjected", "PublicInterestOverrode"]
    assert "甲公司" not in str(trail), "whom the trail is shown to sees no name without asking for it"


def granted(files: list[dict[str, Any]]) -> dict[str, Any]:
    """A reply that gives out these files."""
    ground = {"outcome": "r1_granted", "article": "国令711 第三十六条第二项"}
    return {"outcome": "r1_granted", "grounds": [ground], "text": "现将有关信息提供给你。", "files": files}

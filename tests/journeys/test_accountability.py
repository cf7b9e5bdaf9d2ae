"""A missed reply becomes a lead over real NATS, a case, a finding, a decision, an appeal and a file; the trails of both matters show it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from demo.office import Failed, Office
from shared.law.calendar import national_calendar
from tests.journeys.conftest import Bureau, new_bureau
from tests.town import Running

MONDAY = date(2025, 3, 3)
CASES = "/api/audit/accountability-cases"
LEADS = "/api/audit/accountability-leads"
HASH = "ab" * 32
LATE = national_calendar().add_working_days(MONDAY, 23)


@pytest.fixture(scope="session")
def supervised(running: Running) -> Bureau:
    """An agency of its own, whose leading group, Party group and supervision office sign in too."""
    return new_bureau(running, "clerk", "office", "unit", "reviewer", "leader", "auditor", "chief", "party")


@pytest.fixture
async def office(running: Running, supervised: Bureau) -> AsyncIterator[Office]:
    """Its officials at work."""
    made = Office(running.base, supervised.code, supervised.accounts)
    made.tokens.update(supervised.tokens)
    yield made
    await made.client.aclose()


async def person(office: Office, login: str) -> str:
    """The id of an official."""
    return str((await office.get("/api/access/me", login))["person"])


async def lead_of(office: Office, thing: str) -> dict[str, Any]:
    """The lead of a matter, as soon as audit has heard of it."""
    for _ in range(600):
        if found := (await office.get(f"{LEADS}?thing={thing}", "auditor"))["leads"]:
            (lead,) = found
            return dict(lead)
        await asyncio.sleep(0.05)
    raise AssertionError("audit has not heard of the miss")


async def trail(office: Office, id: str, last: str) -> list[dict[str, Any]]:
    """The trail of a matter, as soon as the ledger has its last event."""
    for _ in range(600):
        try:
            entries: list[dict[str, Any]] = (await office.get(f"/api/audit/trails/{id}", "auditor"))["entries"]
        except Failed:
            entries = []
        if any(entry["type"] == last for entry in entries):
            return entries
        await asyncio.sleep(0.05)
    raise AssertionError(f"the ledger has not heard of {last}")


@pytest.mark.rule("X-08", "ZR-05a", "ZR-05b", "ZR-05d", "ZR-05e", "ZR-05f", "ZR-06.0", "ZR-03", "X-04")
async def test_a_missed_reply_is_answered_for(office: Office) -> None:
    request = await office.receive("natural_person", MONDAY, channel="in_person")
    files = await office.review(request, MONDAY)
    await office.reply(request, "r1_granted", LATE, files=files, deliver=False)
    await office.act(request, "deliver", "clerk", LATE, way="email", evidence="回执", overdue_reason="经办人遗漏")
    lead = await lead_of(office, request)
    assert (lead["source"], lead["service"], lead["stage"]) == ("overdue", "requests", "open")

    clerk, reviewer, clerk2 = [await person(office, login) for login in ("clerk", "reviewer", "office")]
    about = {
        "title": "申请逾期答复",
        "facts": "逾期三个工作日才答复",
        "questions": ["是否逾期", "逾期的原因"],
        "ground": "overdue",
        "unit": "touzi",
        "persons": [clerk],
    }
    with pytest.raises(Failed, match="403"):
        await office.post(f"{LEADS}/{lead['id']}/follow", "clerk", LATE, about)
    followed = await office.post(f"{LEADS}/{lead['id']}/follow", "auditor", LATE, about)
    with pytest.raises(Failed, match="已有结论"):
        await office.post(f"{LEADS}/{lead['id']}/dismiss", "auditor", LATE, {"reason": "不须追究"})
    rows = (await office.get(f"{CASES}?after={followed['position']}", "auditor"))["cases"]
    (id,) = [row["id"] for row in rows if row["lead"] == lead["id"]]

    async def step(verb: str, by: str, day: date = LATE, **body: Any) -> dict[str, Any]:
        return await office.post(f"{CASES}/{id}/{verb}", by, day, body)

    await step("route", "auditor", level="ordinary", unit="touzi", reason="一般问题，本科室人员")
    await step("begin", "unit", investigators=[reviewer, clerk2], no_interest=True)
    await step("verify", "reviewer", account="调取登记簿并谈话", evidence=[HASH], heard=[clerk])
    answers = [{"found": "true", "facts": "逾期三个工作日"}, {"found": "true", "facts": "经办人遗漏"}]
    with pytest.raises(Failed, match="每个问题都要有结论"):
        await step("find", "reviewer", answers=answers[:1], evidence=[HASH])
    responsible = [{"person": clerk, "role": "direct"}]
    await step("find", "office", answers=answers, harm=True, harm_facts="申请人不满", responsible=responsible, evidence=[HASH])
    with pytest.raises(Failed, match="报领导小组"):
        await step("submit-determination", "unit", opinion="属实", material=[HASH])
    await step("report-up", "unit", report="情况属实")
    await step("submit-determination", "unit", opinion="属实，造成不良后果", material=[HASH])
    submission = (await office.get(f"{CASES}/{id}", "auditor"))["submission"]
    await step("approve-determination", "chief", approves=submission["hash"])
    with pytest.raises(Failed, match="先确定情节"):
        await step("decide", "chief", sanctions=[{"person": clerk, "measure": "education"}], reason="初犯")
    await step("set-severity", "chief", severity="minor", reason="初犯，后果轻微")
    with pytest.raises(Failed, match="不能给予"):
        await step("decide", "chief", sanctions=[{"person": clerk, "measure": "dismissal"}], reason="初犯")
    both = [{"person": clerk, "measure": measure} for measure in ("education", "criticism")]
    await step("decide", "chief", sanctions=both, reason="初犯，从轻")
    await step("notify", "auditor", person=clerk, way="直接送达", evidence="回证1号")
    await step("appeal", "clerk", LATE + timedelta(days=3), person=clerk, grounds="通报过重")
    with pytest.raises(Failed, match="另一人决定"):
        await step("decide-appeal", "chief", LATE + timedelta(days=5), person=clerk, result="maintained", reason="适当")
    changed = {"person": clerk, "result": "changed", "measures": ["education"], "reason": "初犯，免予通报"}
    await step("decide-appeal", "leader", LATE + timedelta(days=5), **changed)
    with pytest.raises(Failed, match="还没有执行"):
        await step("close", "auditor", LATE + timedelta(days=6), reason="已执行")
    await step("carry-out", "auditor", LATE + timedelta(days=6), measure="education", evidence="谈话记录")
    await step("file", "auditor", LATE + timedelta(days=6), number="备〔2025〕1号", to="领导小组")
    closed = await step("close", "auditor", LATE + timedelta(days=6), reason="决定已执行，复核已决定")
    rows = (await office.get(f"{CASES}?stage=closed&after={closed['position']}", "auditor"))["cases"]
    assert [row["conclusion_title"] for row in rows if row["id"] == id] == ["已追究责任"]

    matter = await trail(office, request, "audit.LeadFollowed")
    across = [entry["type"] for entry in matter if entry["type"] in ("requests.DeadlineMissed", "audit.LeadRaised", "audit.LeadFollowed")]
    assert across == ["requests.DeadlineMissed", "audit.LeadRaised", "audit.LeadFollowed"]
    assert not any(entry["type"] == "audit.SanctionDecided" for entry in matter), "what becomes of people is a file of its own"
    own = [entry["type"] for entry in await trail(office, id, "audit.CaseClosed")]
    assert own == [
        "audit.CaseOpened", "audit.GroundRecorded", "audit.CaseRouted", "audit.InvestigationBegun", "audit.FactsVerified", "audit.FindingMade",
        "audit.CaseReportedUp", "audit.DeterminationSubmitted", "audit.DeterminationApproved", "audit.SeveritySet", "audit.SanctionDecided",
        "audit.MeasuresNotified", "audit.AppealFiled", "audit.AppealDecided", "audit.MeasureCarriedOut", "audit.CaseFiled", "audit.CaseClosed",
    ]  # fmt: skip

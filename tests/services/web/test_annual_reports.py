"""The annual report over HTTP and on pages: figures, draft, numbers by replay, approval by another, publication, documents, cells of subordinates."""

import asyncio
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demo import cli as _demo
from services.audit import report_timers
from services.audit.annual_report.commands import OpenAnnualReport
from services.audit.annual_report.state import annual_report_id
from services.audit.ledger import LedgerWriter
from services.requests.disclosure_request.commands.endings import Void
from shared.access.agency.commands import FoundAgency
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id, fresh_id
from shared.kernel.program import Program
from shared.kernel.service import Timer
from shared.messaging.messages import Message
from tests.services.web.conftest import PASSWORD, Office
from tests.services.web.test_units import PAPER, Desk, desk

SUQIAN = (Path(_demo.__file__).parent / "reports" / "suqian_2023.json").read_text(encoding="utf-8")
DAY = {"Gongkai-Today": "2025-03-03"}
SYSTEM = Actor("system:test", ("system",))
CELLS = (
    "rules_made",
    "rules_ended",
    "rules_valid",
    "normative_made",
    "normative_ended",
    "normative_valid",
    "licences",
    "penalties",
    "compulsion",
)


def copied(program: Program) -> None:
    """Every log into audit's ledger, as the inbox would: here is no NATS."""
    dsn = next(one for one in program.running if one.name == "audit").dsn
    for running in program.running:
        writer, after = LedgerWriter(running.name, dsn), 0
        incarnation = running.log.incarnation()
        while rows := running.log.rows.read(after, 2000):
            writer.store(
                [
                    Message(
                        running.name, row.position, row.lane, row.lane_before, incarnation, row.event_id, row.case_id, row.topic, row.agency,
                        row.originator_id, row.originator_version, row.state,
                    )
                    for row in rows
                ]
            )  # fmt: skip
            after = rows[-1].position
        writer.close()


async def below(office: Office, name: str) -> str:
    """A subordinate agency with one request of March 2025."""
    code = f"{office.code}-{name}"
    three = [Administrator(role=role, name="管理员", login=role.replace("_", "-"), password=PASSWORD) for role in ADMINISTRATORS]
    await found(office.program.access, FoundAgency(code=code, name=f"下级{name}", simulated=True, superior=office.code), three)
    await asked(Office(office.program, code, office.browsers))
    return code


async def asked(office: Office) -> UUID:
    """A request of March 2025."""
    await office.official("clerk", login="clerk")
    clerk = await desk(office, "clerk")
    made = await clerk.post("requests/disclosure-requests", {**PAPER, "applicant_kind": "commercial"}, **DAY)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    registered = await clerk.post(f"requests/disclosure-requests/{id}/register", {}, **DAY)
    assert registered.status_code == 200, registered.text
    return UUID(id)


async def figures(reporter: Desk) -> str:
    """All of table two, nothing left blank."""
    for cell in (*CELLS, "charges"):
        fact = {"year": 2025, "cell": cell, "value": "3.25" if cell == "charges" else "0", "source": "审批系统", "evidence": "1 号"}
        recorded = await reporter.post("audit/report-figures", fact)
        assert recorded.status_code == 201, recorded.text
    id: str = recorded.json()["id"]
    return id


@pytest.mark.rule("NB-04a", "X-07")
async def test_a_report_goes_its_way_to_the_public_and_every_number_opens(office: Office) -> None:
    await office.official("disclosure_office", login="reporter")
    head_browser = await office.official("agency_head", login="head")
    browser = office.browser()
    await browser.sign_in(office.code, "reporter")
    reporter, head = await desk(office, "reporter"), await desk(office, "head")
    codes = [await below(office, f"s{number}") for number in (1, 2)]
    own = await asked(office)
    assert (await reporter.get("audit/annual-reports")).json() == {"reports": []}
    assert (await head.post("audit/annual-reports", {"year": 2025})).status_code == 403
    opened = await reporter.post("audit/annual-reports", {"year": 2025})
    assert opened.json()["id"] == str(annual_report_id(office.code, 2025))
    path = f"audit/annual-reports/{opened.json()['id']}"
    drafted = await reporter.post(f"{path}/draft", {"general": "全年新收申请 9 件。", "problems": "人手不足", "other": "无"})
    assert drafted.status_code == 200, drafted.text
    assert (await reporter.post(f"{path}/count", {"made": {}})).status_code == 200
    assert (await head.post(f"{path}/count")).status_code == 403
    state = (await head.get(path)).json()
    assert {one["check"] for one in state["counted"]["broken"] if one["fails"]} == {"i"}
    refused = await head.post(f"{path}/freeze", {"approves": state["hash"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "check-failed")
    assert "表二“行政许可”×“本年处理决定数量”" in refused.json()["detail"]
    await figures(reporter)
    await asyncio.to_thread(copied, office.program)
    assert (await browser.send(f"/{path}", f"/{path}/count", {})).status_code == 303
    shown = (await head_browser.get(f"/{path}")).text
    assert "存疑" in shown
    assert "⚠ 不合格" not in shown
    counted = (await head.get(path)).json()["counted"]
    assert counted["agencies"] == [office.code, *codes]
    assert counted["table3"]["new_received"] == [0, 3, 0, 0, 0, 0, 3]
    public = office.browser().client
    unseen = await public.get(f"/api/audit/reports/annual/document?year=2025&format=json&agency={office.code}")
    assert unseen.status_code == 403
    state = (await head.get(path)).json()
    assert (await head.post(f"{path}/freeze", {"approves": state["hash"]})).status_code == 200
    published = await reporter.post(f"{path}/publish", {"evidence": "门户网站年报专栏"})
    assert published.status_code == 200, published.text
    later = next(one for one in office.program.running if one.name == "requests")
    facts = later.doorkeeper.agency(office.code)
    await later.execute(Void(reason="误登记的申请"), own, SYSTEM, facts, today=date(2025, 3, 4))
    await asyncio.to_thread(copied, office.program)
    replayed = (await public.get(f"/api/audit/reports/annual/replay?year=2025&agency={office.code}")).json()
    assert replayed["same"] is True
    assert (await reporter.get("audit/reports/annual?year=2025")).json()["table3"]["rows"][0]["values"][6] == 3
    now = (await reporter.get("audit/reports/annual?year=2025&live=true")).json()
    assert now["table3"]["rows"][0]["values"][6] == 2
    cell = (await reporter.get("audit/reports/annual/cells?year=2025&table=3&row=new_received&column=商业企业")).json()
    assert (cell["count"], len(cell["counted"])) == (3, 3)
    assert {one["agency"]: one["trail"] is not None for one in cell["counted"]} == {office.code: True, **dict.fromkeys(codes, False)}
    position, id = re.findall(r"receipts/(requests:\d+)\?id=(.*)", cell["counted"][0]["events"][0]["receipt"])[0]
    assert (await public.get(f"/api/audit/receipts/{position}?id={id}")).status_code in (200, 503)
    for format, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"\n<!DOCTYPE"), ("json", b"{")):
        answer = await public.get(f"/api/audit/reports/annual/document?year=2025&format={format}&agency={office.code}")
        assert answer.status_code == 200, answer.text
        assert answer.content.lstrip().startswith(start.strip()), format
    page = (await browser.get("/audit/reports/2025")).text
    files = re.findall(r'href="(/audit/reports/2025/document[^"]+)"', page)
    assert [(await browser.get(file)).status_code for file in files] == [200] * 5
    assert "汇总本机关和 2 个下级机关" in page
    assert "style=" not in page
    links = re.findall(r'href="(/audit/reports/2025/cells\?[^"]+)"', page)
    assert len(links) == 25 * 7 + 15 + 10
    three = next(link for link in links if "new_received" in link and "column=6" in link).replace("&amp;", "&")
    listed = (await browser.get(three)).text
    assert "由以下 3 项构成" in listed
    assert listed.count("证明</a>") == 3
    assert listed.count('href="/audit/trails/') == 1
    assert "数字 3.25" in (await browser.get("/audit/reports/2025/cells?table=2&row=charges")).text
    assert (await browser.get("/audit/reports/2025/cells?table=3&row=nothing")).status_code == 422
    for shown_path in (
        "annual-reports",
        "report-figures",
        "earlier-reports",
        "annual-reports/new",
        "report-figures/new",
        "earlier-reports/new",
    ):
        assert (await browser.get(f"/audit/{shown_path}")).status_code == 200, shown_path


@pytest.mark.rule("NB-04a", "X-07")
async def test_earlier_reports_come_in_and_stand_in_the_charts(office: Office) -> None:
    await office.official("disclosure_office", login="reporter")
    browser, reporter = office.browser(), await desk(office, "reporter")
    await browser.sign_in(office.code, "reporter")
    taken: dict[str, Any] = {}
    for year in (2023, 2024):
        text = json.dumps({**json.loads(SUQIAN), "year": year}, ensure_ascii=False)
        answer = await reporter.post("audit/earlier-reports", {"year": year, "report": text})
        assert (answer.status_code, answer.json()["new"]) == (201, True), answer.text
        taken = answer.json()
    again = await reporter.post("audit/earlier-reports", {"year": 2024, "report": text})
    assert (again.status_code, again.json()["new"]) == (201, False), again.text
    assert (await browser.get(f"/audit/earlier-reports/{taken['id']}")).status_code == 200
    recorded = await figures(reporter)
    corrected = {"cell": "licences", "value": "8", "source": "审批系统", "evidence": "2 号", "reason": "漏计"}
    assert (await reporter.post(f"audit/report-figures/{recorded}/correct", corrected)).status_code == 200
    running = next(one for one in office.program.running if one.name == "audit")
    await running.views.wait(running.pipeline.last, 5)
    (row,) = (await reporter.get("audit/report-figures")).json()["figures"]
    assert (row["figures"]["licences"], len(row["figures"])) == ("8", 10)
    assert "3511" in (await browser.get("/audit/earlier-reports")).text
    assert "更正表二的数字" in (await browser.get(f"/audit/report-figures/{recorded}")).text
    await asyncio.to_thread(copied, office.program)
    page = (await browser.get("/audit/reports/2025")).text
    assert page.count("<svg") == 3
    assert "2023 年：新收 3511；2024 年：新收 3511；2025 年：新收 0" in page
    (await browser.get("/audit/reports/2025/document?format=pdf")).raise_for_status()
    assert (await office.browser().get("/audit/reports/2025/document?format=pdf")).status_code == 303
    broken = (await reporter.get("audit/reports/annual?year=2025")).json()["broken"]
    assert {one["check"] for one in broken} == {"e", "f"}
    start = (await reporter.get("audit/reports/annual/starting-text?year=2025")).json()
    assert "（五）监督保障情况。" in start["general"]
    opened = await running.execute(OpenAnnualReport(year=2025), None, SYSTEM, running.doorkeeper.agency(office.code))
    form = (await browser.get(f"/audit/annual-reports/{opened.id}")).text
    assert "（二）依申请公开情况。" in form


@pytest.mark.rule("NB-04a")
async def test_a_report_is_opened_in_january_reminded_of_and_missed_by_itself(program: Program) -> None:
    code = f"real-{fresh_id().hex[-12:]}"
    three = [Administrator(role=role, name="管理员", login=role.replace("_", "-"), password=PASSWORD) for role in ADMINISTRATORS]
    await found(program.access, FoundAgency(code=code, name="审批局"), three)
    running = next(one for one in program.running if one.name == "audit")
    facts = running.doorkeeper.agency(code)

    async def came_due(timer: Timer, day: date) -> list[str]:
        made = list(timer(running, {code: day}))
        for due in made:
            receipt = await running.execute(due.command, due.id, SYSTEM, facts, command_id=derived_id(due.once))
            await running.views.wait(receipt.position, 5)
        return [type(due.command).__name__ for due in made]

    assert await came_due(report_timers.annual_reports_to_open, date(2026, 2, 1)) == []
    assert await came_due(report_timers.annual_reports_to_open, date(2026, 1, 31)) == ["OpenAnnualReport"]
    assert await came_due(report_timers.annual_reports_to_open, date(2026, 1, 31)) == []
    assert list(report_timers.annual_reports_near(running, {code: date(2026, 1, 20)})) == []
    assert list(report_timers.missed_annual_reports(running, {code: date(2026, 1, 31)})) == []
    assert len(list(report_timers.annual_reports_near(running, {code: date(2026, 1, 21)}))) == 1
    assert await came_due(report_timers.missed_annual_reports, date(2026, 11, 28)) == ["MissAnnualReport"]
    assert await came_due(report_timers.missed_annual_reports, date(2026, 11, 29)) == []
    (row,) = await running.query("SELECT * FROM views.annual_reports WHERE agency = %s", (code,), agency=code)
    assert (row["missed"], row["due"], row["year"]) == (True, date(2026, 1, 31), 2025)

"""How units keep their duties, their yearly reports, the appraisal and the register, over HTTP and on pages: seen by who may, counted from the ledger."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from services.audit import timers
from services.audit.ledger import INSERT, LedgerWriter
from services.audit.supplies import revoked
from shared.access.agency.commands import FoundAgency
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.log import COLUMNS
from shared.kernel.running import Running
from shared.messaging.messages import Message
from tests.services.web.conftest import PASSWORD, Office
from tests.services.web.test_units import PAPER, Desk, desk

SYSTEM = Actor("system:keeper", ("system",))


def audit_of(office: Office) -> Running:
    return next(one for one in office.program.running if one.name == "audit")


def into_ledger(office: Office) -> None:
    """What the messages bring where NATS runs: a copy of every log of this agency."""
    audit = audit_of(office)
    for running in office.program.running:
        with psycopg.connect(running.dsn) as log, psycopg.connect(audit.dsn) as ledger:
            rows = log.execute(f"SELECT {COLUMNS} FROM events WHERE agency = %s ORDER BY position", (office.code,)).fetchall()
            messages = [
                Message(running.name, at, lane, before, UUID(int=9), event, case, topic, agency, thing, version, bytes(state))
                for at, thing, version, topic, state, event, case, agency, lane, before in rows
            ]
            if messages:
                ledger.execute(INSERT, LedgerWriter(running.name, audit.dsn)._columns(messages))


async def done(desk: Desk, path: str, body: dict[str, object] | None = None, **headers: str) -> dict[str, Any]:
    """The answer of an act that is carried out."""
    answer: httpx.Response = await desk.post(path, body, **headers)
    assert answer.status_code in (200, 201), answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def town(office: Office) -> Office:
    for code, name in (("zonghe", "综合科"), ("shenpi", "审批科")):
        await office.open_unit(code, name)
    await office.official("disclosure_office", "clerk", login="office")
    await office.official("head_of_leading_group", "party_group", login="group")
    await office.official("unit_head", login="zonghe", unit="zonghe")
    await office.official("unit_head", login="shenpi", unit="shenpi")
    return office


async def missed_request(office: Office) -> str:
    """A request that the general unit had to answer long ago."""
    clerk = await desk(office, "office")
    today = audit_of(office).doorkeeper.today(audit_of(office).doorkeeper.agency(office.code))
    day = {"Gongkai-Today": str(today.replace(day=1) - timedelta(days=75))}
    made = await done(clerk, "requests/disclosure-requests", PAPER, **day)
    path = f"requests/disclosure-requests/{made['id']}"
    await done(clerk, f"{path}/register", {}, **day)
    await done(clerk, f"{path}/assign", {"unit": "zonghe"}, **day)
    into_ledger(office)
    return str(made["id"])


@pytest.mark.rule("KH-02.3b", "YQ-03.1c", "DX-07")
async def test_how_units_stand_is_told_by_the_ledger_and_leads_to_the_cases(town: Office) -> None:
    case = await missed_request(town)
    office, own, other = await desk(town, "office"), await desk(town, "zonghe"), await desk(town, "shenpi")
    told = (await office.get("audit/standing?kind=requests&since=2020-01-01")).json()
    assert (told["units"]["zonghe"]["requests"]["missed"], told["totals"]["requests"]["missed"]) == (1, 1)
    assert told["units"]["shenpi"] == {}
    (one,) = told["cases"]
    assert (one["case"], one["kept"], one["unit"]) == (case, "missed", "zonghe")
    assert told["positions"]["requests"] > 0
    before = (await office.get(f"audit/standing?kind=requests&since=2020-01-01&on={one['due']}")).json()
    assert (before["totals"]["requests"]["missed"], before["totals"]["requests"]["open"]) == (0, 1), "as of its last day it was still open"
    assert list((await own.get("audit/standing?since=2020-01-01")).json()["units"]) == ["zonghe"]
    theirs = (await other.get("audit/standing?kind=requests&since=2020-01-01")).json()
    assert (list(theirs["units"]), theirs["cases"]) == (["shenpi"], [])
    assert (await office.get("audit/standing?on=2999-01-01")).json()["code"] == "future-date"
    assert (await office.get("audit/standing?kind=nothing")).json()["code"] == "no-such-measure"
    assert (await town.browser().client.get("/api/audit/standing")).status_code == 401
    browser = town.browser()
    await browser.sign_in(town.code, "office")
    shown = (await browser.get("/audit/standing?since=2020-01-01&kind=requests&unit=zonghe")).text
    assert "综合科" in shown
    assert f"/audit/trails/{case}" in shown
    assert "逾期未办" in shown


@pytest.mark.rule("NB-01", "NB-03.1", "NB-04b")
async def test_a_unit_reports_with_figures_that_nobody_types(town: Office) -> None:
    await missed_request(town)
    office, own, other = await desk(town, "office"), await desk(town, "zonghe"), await desk(town, "shenpi")
    year = audit_of(town).doorkeeper.today(audit_of(town).doorkeeper.agency(town.code)).year
    call = {"year": year, "until": None}
    assert (await own.post("audit/report-rounds", call)).status_code == 403
    day = {"Gongkai-Today": f"{year}-12-01"}
    made = await done(office, "audit/report-rounds", call, **day)
    listed = (await own.get(f"audit/yearly/unit-reports?after={made['position']}")).json()["unit_reports"]
    assert [(row["unit"], row["due"]) for row in listed] == [("zonghe", f"{year}-12-20")]
    rows = (await office.get("audit/yearly/unit-reports")).json()["unit_reports"]
    path = f"audit/unit-reports/{next(row['id'] for row in rows if row['unit'] == 'zonghe')}"
    text = {"organisation": "无", "information": "清理12条", "disclosure": "一件逾期", "withheld": "无", "media": "网站改版"}
    assert (await other.post(f"{path}/submit", text)).status_code == 403
    assert (await own.post(f"{path}/submit", {**text, "figures": []})).status_code == 422
    assert (await own.post(f"{path}/submit", {**text, "media": " "})).status_code == 422
    await done(own, f"{path}/submit", text, **day)
    state = (await own.get(path)).json()
    assert (state["stage"], state["sections"]["media"]) == ("submitted", "网站改版")
    (figure,) = [one for one in state["figures"] if one["measure"] == "requests"]
    assert figure["missed"] == 1
    assert figure["positions"]["requests"] > 0
    await done(office, f"{path}/return", {"sections": ["media"], "reason": "补充运行情况", "until": f"{year}-12-25"}, **day)
    await done(own, f"{path}/submit", {**text, "media": "网站改版，月更50条"}, **day)
    accepted = await done(office, f"{path}/accept", {}, **day)
    into_ledger(town)
    row = next(
        row
        for row in (await office.get(f"audit/yearly/unit-reports?after={accepted['position']}")).json()["unit_reports"]
        if row["unit"] == "zonghe"
    )
    assert (row["kept"], row["late_days"], row["waits"]) == ("on_time", 0, False)
    browser = town.browser()
    await browser.sign_in(town.code, "office")
    assert "月更50条" in (await browser.get(f"/{path}")).text
    assert "1 个" in (await browser.get(f"/audit/report-rounds/{made['id']}")).text
    assert "综合科" in (await browser.get(f"/audit/report-rounds/{made['id']}")).text
    assert "按时提交" in (await browser.get("/audit/unit-reports")).text
    assert "部署年度书面报告" in (await browser.get("/audit/report-rounds/new")).text


def judged(standard: str, points: int) -> dict[str, object]:
    return {"standard": standard, "judged": [{"criterion": f"{standard}_judged", "points": points, "reason": "现场核对"}]}


@pytest.mark.rule("KH-01", "KH-03", "KH-05", "KH-07a", "KH-07b")
async def test_an_appraisal_from_the_group_to_praise_and_rectification(town: Office) -> None:
    await missed_request(town)
    office, group = await desk(town, "office"), await desk(town, "group")
    own, other = await desk(town, "zonghe"), await desk(town, "shenpi")
    audit = audit_of(town)
    today = audit.doorkeeper.today(audit.doorkeeper.agency(town.code))
    wanted = {"year": today.year, "scope": "full"}
    assert (await office.post("audit/appraisals", wanted)).status_code == 403
    made = await done(group, "audit/appraisals", wanted)
    path = f"audit/appraisals/{made['id']}"
    assert (await office.post(f"{path}/set-scope", {})).status_code == 403
    await done(group, f"{path}/set-scope", {})
    await done(office, f"{path}/plan", {"plan": "自查、核对、评分", "self_check_by": str(today)})
    told = await done(office, f"{path}/notify")
    rows = (await office.get(f"audit/yearly/unit-appraisals?after={told['position']}")).json()["unit_appraisals"]
    assert [row["unit"] for row in rows] == ["shenpi", "zonghe"]
    paths = {row["unit"]: f"audit/unit-appraisals/{row['id']}" for row in rows}
    check = {"findings": "一件逾期", "measures": "加强催办"}
    assert (await other.post(f"{paths['zonghe']}/self-check", check)).status_code == 403
    await done(own, f"{paths['zonghe']}/self-check", check)
    await done(other, f"{paths['shenpi']}/self-check", check)
    assert (await own.post(f"{paths['zonghe']}/score", judged("system", 100))).status_code == 403
    for unit, points in (("zonghe", 40), ("shenpi", 100)):
        for standard in ("content", "form", "system", "effect"):
            await done(office, f"{paths[unit]}/score", judged(standard, points))
    state = (await own.get(paths["zonghe"])).json()
    requests = next(basis for basis in state["scored"]["system"]["bases"] if basis["criterion"] == "requests")
    assert (requests["points"], requests["figure"]["missed"]) == (0, 1)
    assert requests["figure"]["positions"]["requests"] > 0
    assert (await office.post(f"{path}/settle", {})).status_code == 403
    await done(group, f"{path}/settle", {})
    assert [(await group.get(paths[unit])).json()["grade"] for unit in ("zonghe", "shenpi")] == ["failed", "excellent"]
    await done(group, f"{paths['shenpi']}/commend", {"document": "固审批发3号"})
    criticised = await done(group, f"{paths['zonghe']}/criticise", {"document": "固审批发4号"})
    assert criticised["position"]
    await done(own, f"{paths['zonghe']}/submit-plan", {"measures": "每周核对", "done_by": str(today + timedelta(days=60))})
    await done(office, f"{paths['zonghe']}/accept-plan")
    last = await done(office, f"{paths['zonghe']}/record-rectified", {"found": "已落实"})
    rows = (await own.get(f"audit/yearly/unit-appraisals?after={last['position']}")).json()["unit_appraisals"]
    assert [(row["unit"], row["stage"]) for row in rows] == [("zonghe", "rectified")]
    browser = town.browser()
    await browser.sign_in(town.code, "group")
    shown = (await browser.get(f"/{paths['zonghe']}")).text
    assert "依申请公开按期答复" in shown
    assert "未办 1" in shown
    assert "unit=zonghe&amp;kind=requests#cases" in shown, "a figure leads to its cases"
    assert "不合格" in (await browser.get(f"/{path}")).text
    assert "普遍考核" in (await browser.get("/audit/appraisals")).text
    assert "整改完成" in (await browser.get("/audit/unit-appraisals")).text
    assert (await office.get("audit/appraisal-scheme")).json()["appraisal"]["grades"]["excellent"]["title"] == "优秀"


@pytest.mark.rule("ZR-06.4")
async def test_revoked_excellence_is_read_from_the_ledger_and_a_restored_one_is_not(town: Office) -> None:
    """Accountability records it: here stands what is read of its events."""
    audit = audit_of(town)

    def record(position: int, kind: str, unit: str, year: int) -> Message:
        state = f'{{"effective_on":"2025-05-06","data":{{"unit":"{unit}","persons":["{unit}-head"],"year":{year}}}}}'.encode()
        id = fresh_id()
        return Message("audit", position, 0, 0, UUID(int=9), id, id, f"audit.{kind}:1", town.code, id, 1, state)

    at = 10_000_000 + int(fresh_id().int % 1_000_000) * 10
    told = [
        record(at, "ExcellenceRevoked", "zonghe", 2025),
        record(at + 1, "ExcellenceRevoked", "shenpi", 2025),
        record(at + 2, "ExcellenceRestored", "shenpi", 2025),
        record(at + 3, "ExcellenceRevoked", "xinxi", 2024),
    ]
    with psycopg.connect(audit.dsn) as ledger:
        ledger.execute(INSERT, LedgerWriter("audit", audit.dsn)._columns(told))
        assert revoked(ledger, town.code, 2025) == {"zonghe": f"audit:{at}", "zonghe-head": f"audit:{at}"}
        assert revoked(ledger, "another-agency", 2025) == {}
        ledger.rollback()


@pytest.mark.rule("DX-02a", "DX-02b")
async def test_the_register_shows_what_is_nobodys_until_the_owners_confirm(town: Office) -> None:
    office, group = await desk(town, "office"), await desk(town, "group")
    year = audit_of(town).doorkeeper.today(audit_of(town).doorkeeper.agency(town.code)).year
    made = await done(office, "audit/service-registers", {"year": year})
    path = f"audit/service-registers/{made['id']}"
    browser = town.browser()
    await browser.sign_in(town.code, "office")
    page = f"/audit/registers/{made['id']}"
    assert (await browser.get(page)).text.count("没有责任人") == 2
    directory: Any = audit_of(town).doorkeeper
    person = str(directory.people(town.code)[0].id)
    sent = await browser.send(page, f"{page}/map-ownership", {"unit": "zonghe", "items": "部门预算\n人事信息", "head": person})
    assert sent.status_code == 303, sent.text
    assert (await browser.get(page)).text.count("没有责任人") == 1
    await done(office, f"{path}/map-ownership", {"unit": "shenpi", "items": ["许可事项"], "head": person})
    assert (await group.post(f"{path}/confirm")).json()["code"] == "role-missing"
    for role, holder in (
        ("party_group", {"person": person}),
        ("director", {"person": person}),
        ("coordinating_office", {"unit": "zonghe"}),
    ):
        await done(office, f"{path}/assign-role", {"role": role, **holder})
    assert (await office.post(f"{path}/confirm")).status_code == 403
    confirmed = await done(group, f"{path}/confirm")
    (row,) = (await office.get(f"audit/yearly/registers?after={confirmed['position']}")).json()["registers"]
    assert (row["year"], row["missing"], row["confirmed"]) == (year, 0, True)
    assert "已确认" in (await browser.get("/audit/registers")).text


@pytest.mark.rule("NB-01", "NB-04b", "KH-07b")
async def test_days_that_pass_are_seen_by_the_timers_once(office: Office) -> None:
    real = Office(office.program, f"real-{fresh_id().hex[-12:]}", office.browsers)
    three = [Administrator(role=role, name="管理员", login=role.replace("_", "-"), password=PASSWORD) for role in ADMINISTRATORS]
    await found(real.program.access, FoundAgency(code=real.code, name="真局"), three)
    await real.open_unit("zonghe", "综合科")
    await real.official("disclosure_office", login="office")
    audit = audit_of(real)
    agency = audit.doorkeeper.agency(real.code)
    clerk = await desk(real, "office")
    year = audit.doorkeeper.today(agency).year
    made = await clerk.post("audit/report-rounds", {"year": year})
    if made.status_code == 422:  # after 20 December the office names another day
        made = await clerk.post("audit/report-rounds", {"year": year, "until": f"{year}-12-31"})
    assert made.status_code == 201, made.text
    await audit.views.wait(audit.pipeline.last, 5)
    late = date(year + 1, 1, 4)
    for timer, kept in ((timers.reports_to_remind, "reminders"), (timers.missed_reports, "misses")):
        (due,) = list(timer(audit, {real.code: late}))
        receipt = await audit.execute(due.command, due.id, SYSTEM, agency, today=late)
        await audit.views.wait(receipt.position, 5)
        assert list(timer(audit, {real.code: late})) == []
        assert (await clerk.get("audit/yearly/unit-reports")).json()["unit_reports"][0][kept] == 1
    assert list(timers.missed_plans(audit, {real.code: late})) == []


async def test_units_and_people_are_chosen_from_what_there_is(town: Office) -> None:
    browser = town.browser()
    await browser.sign_in(town.code, "group")
    year = audit_of(town).doorkeeper.today(audit_of(town).doorkeeper.agency(town.code)).year
    sent = await browser.send(
        "/audit/appraisals/new", "/audit/appraisals/new", {"year": str(year), "scope": "focused", "purpose": "依申请公开"}
    )
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    shown = (await browser.get(path)).text
    assert '<input type="checkbox" name="units" value="zonghe"> 综合科' in shown
    assert (await browser.send(path, f"{path}/set-scope", {"units": "zonghe"})).status_code == 303
    shown = (await browser.get(path)).text
    assert 'name="team"' in shown
    assert '<td data-label="科室">综合科</td>' in shown
    planned = await browser.send(path, f"{path}/plan", {"plan": "自查", "self_check_by": "2999-12-31"})
    assert planned.status_code == 303, planned.text
    assert (await browser.send(path, f"{path}/notify", {})).status_code == 303
    assert "普遍考核" not in (await browser.get("/audit/unit-appraisals")).text
    assert "重点考核" in (await browser.get("/audit/unit-appraisals")).text

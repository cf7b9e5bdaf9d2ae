"""Accountability on pages: leads and cases in lists, forms that offer people and only measures of the severity, timers, and who may see what."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_lead.commands import HearLead
from services.audit.accountability_lead.decisions import lead_id
from services.audit.timers import missed_case_deadlines, missed_leads
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.running import Running
from tests.services.web.conftest import Browser, Office
from tests.services.web.test_units import desk

DAY = date(2025, 3, 3)
HASH = "ab" * 32
ABOUT = {"title": "申请逾期答复", "facts": "逾期三个工作日", "questions": "是否逾期\n为什么逾期", "ground": "overdue", "unit": "touzi"}


def audit(office: Office) -> Running:
    """The service."""
    return next(one for one in office.program.running if one.name == "audit")


async def person(office: Office, login: str) -> str:
    """The id of an official."""
    return str((await (await desk(office, login)).get("access/me")).json()["person"])


@pytest.fixture
async def bureau(office: Office) -> Office:
    """Two units and everyone who takes part."""
    for code, name in (("touzi", "投资科"), ("shehui", "社会科")):
        await office.open_unit(code, name)
    await office.official("clerk", login="culprit", unit="touzi")
    await office.official("clerk", login="colleague")
    await office.official("unit_head", login="shehui", unit="shehui")
    await office.official("unit_head", login="touzi", unit="touzi")
    return office


async def heard(office: Office, thing: UUID) -> UUID:
    """A lead from another service."""
    running = audit(office)
    which = str(DAY)
    command = HearLead(
        source="overdue",
        service="requests",
        fact="requests.DeadlineMissed",
        thing=thing,
        which=which,
        title="依申请公开逾期未答复",
        due=DAY,
    )
    id = lead_id(thing, "requests.DeadlineMissed", which)
    facts = running.doorkeeper.agency(office.code)
    receipt = await running.execute(command, id, Actor("service:requests", ("system",)), facts, today=DAY)
    again = await running.execute(command, id, Actor("service:requests", ("system",)), facts, today=DAY)
    assert again.version == receipt.version == 1, "one lead for a fact"
    await running.views.wait(receipt.position, 5)
    return id


async def acted(browser: Browser, thing: str, verb: str, day: date = DAY, **fields: object) -> str:
    """A form on the page of a thing; the page after it."""
    page = f"/audit/{thing}"
    answer = await browser.send(page, f"{page}/{verb}", {"_today": str(day), **fields})  # type: ignore[dict-item]
    assert answer.status_code == 303, answer.text
    return (await browser.get(page)).text


def offered(page: str, verb: str, field: str) -> set[str]:
    """What a form offers for a field."""
    form = page.split(f'/{verb}"')[1].split("</form>", maxsplit=1)[0]
    part = re.split(rf'name="{re.escape(field)}"', form, maxsplit=1)[1].split("</select>")[0]
    return set(re.findall(r'<option value="([^"]+)"', part))


@pytest.mark.rule("X-08", "ZR-05a", "ZR-05b", "ZR-06.0")
async def test_a_lead_becomes_a_case_whose_forms_offer_people_and_fitting_measures(bureau: Office) -> None:
    supervision = await bureau.official("supervision_office", login="supervision")
    culprit, colleague, head = [await person(bureau, login) for login in ("culprit", "colleague", "shehui")]
    thing = fresh_id()
    lead = await heard(bureau, thing)
    listed = (await supervision.get("/audit/accountability-leads")).text
    assert "依申请公开逾期未答复" in listed
    assert f"/audit/trails/{thing}" in listed
    shown = (await supervision.get(f"/audit/accountability-leads/{lead}")).text
    assert "立案，或者写明理由不予立案" in shown
    assert f'type="checkbox" name="persons" value="{culprit}"' in shown, "people to choose from, several of them"
    assert "追究情形（五）" in shown
    assert "追究情形（一）" not in shown, "what is not written cannot be chosen"
    after = await acted(supervision, f"accountability-leads/{lead}", "follow", **ABOUT, persons=culprit)
    (case,) = set(re.findall(r"/audit/(accountability-cases/[0-9a-f-]{36})", after))
    assert "申请逾期答复" in (await supervision.get("/audit/accountability-cases?source=overdue")).text
    page = (await supervision.get(f"/audit/{case}")).text
    assert "监察室分流" in page
    assert "未作结论" in page
    assert f"/audit/accountability-leads/{lead}" in page
    page = await acted(supervision, case, "route", level="ordinary", unit="shehui", reason="一般问题")
    assert "社会科调查" in page

    own, other = bureau.browser(), bureau.browser()
    await own.sign_in(bureau.code, "shehui")
    await other.sign_in(bureau.code, "touzi")
    assert (await own.get(f"/audit/{case}")).status_code == 200
    assert (await other.get(f"/audit/{case}")).status_code == 403, "the unit concerned does not read it"
    assert "申请逾期答复" not in (await other.get("/audit/accountability-cases")).text
    assert "依申请公开逾期未答复" not in (await other.get("/audit/accountability-leads")).text

    await acted(own, case, "begin", investigators=[head, colleague], no_interest="1")
    await acted(own, case, "verify", account="谈话", evidence=HASH, heard=culprit)
    answers = {f"answers.{number}.{name}": value for number in (0, 1) for name, value in (("found", "true"), ("facts", "已查明"))}
    found = {"responsible.0.person": culprit, "responsible.0.role": "direct", "harm": "1", "harm_facts": "申请人不满", "evidence": HASH}
    page = await acted(own, case, "find", **answers, **found)
    assert "报送材料和认定意见" in page
    await acted(own, case, "submit-determination", opinion="属实", material=HASH)
    chief = await bureau.official("head_of_leading_group", login="chief")
    approves = re.findall(r'name="approves" value="([0-9a-f]{64})"', (await chief.get(f"/audit/{case}")).text)
    await acted(chief, case, "approve-determination", approves=approves[0])
    page = await acted(chief, case, "set-severity", severity="minor", reason="初犯")
    assert offered(page, "decide", "sanctions.0.measure") == set(SCHEME.of_severity("minor")), "only measures of the severity"
    assert offered(page, "decide", "sanctions.0.person") == {culprit}
    page = await acted(chief, case, "decide", **{"sanctions.0.person": culprit, "sanctions.0.measure": "education", "reason": "初犯从轻"})
    assert "逐一送达本人" in page
    assert (await bureau.browser().client.get("/api/audit/accountability-cases")).status_code == 401


@pytest.mark.rule("ZR-06.4")
async def test_a_new_case_chooses_people_and_the_scheme_is_public_data(bureau: Office) -> None:
    supervision = await bureau.official("supervision_office", login="supervision")
    form = (await supervision.get("/audit/accountability-cases/new")).text
    assert "媒体曝光" in form
    assert form.index('name="source"') < form.index('name="reference"') < form.index('name="title"')
    assert '<option value="touzi">投资科</option>' in form
    item = str(fresh_id())
    fields = {**ABOUT, "source": "media", "reference": "曝光2025-1", "ground": "stalling", "press_item": item, "_today": str(DAY)}
    made = await supervision.send("/audit/accountability-cases/new", "/audit/accountability-cases/new", fields)
    assert made.status_code == 303, made.text
    assert f"/press/opinions/{item}" in (await supervision.get(made.headers["location"])).text
    twice = await supervision.send("/audit/accountability-cases/new", "/audit/accountability-cases/new", fields)
    assert (twice.status_code, "同一来源只立一案" in twice.text) == (409, True)
    office = await desk(bureau, "supervision")
    scheme = (await office.get("audit/accountability-scheme")).json()
    assert scheme["measures"]["dismissal"]["outside"] == "personnel"
    assert (await office.get("audit/excellence/2025")).json()["revoked"] == []


@pytest.mark.rule("X-08", "ZR-05a")
async def test_what_is_late_is_found_by_the_timers(bureau: Office) -> None:
    supervision = await bureau.official("supervision_office", login="supervision")
    lead = await heard(bureau, fresh_id())
    fields = {**ABOUT, "source": "inspection", "reference": "检查2025-1", "_today": str(DAY)}
    made = await supervision.send("/audit/accountability-cases/new", "/audit/accountability-cases/new", fields)
    case = made.headers["location"].rpartition("/")[2]
    running = audit(bureau)

    class Real:
        """The same service, its agency no simulated one."""

        def __init__(self) -> None:
            self.doorkeeper = self

        def agency(self, code: str) -> object:
            """Real."""
            return running.doorkeeper.agency(code).model_copy(update={"simulated": False})

        query_now = staticmethod(running.query_now)

    later = {bureau.code: DAY + timedelta(days=30)}
    facts = running.doorkeeper.agency(bureau.code)
    for timer, id in ((missed_leads, str(lead)), (missed_case_deadlines, case)):
        assert list(timer(running, later)) == [], "a simulated agency lives in a time of its own"
        (due,) = timer(Real(), later)  # type: ignore[arg-type]
        assert str(due.id) == id
        receipt = await running.execute(due.command, due.id, Actor("system:keeper", ("system",)), facts, today=later[bureau.code])
        await running.views.wait(receipt.position, 5)
        assert list(timer(Real(), later)) == []  # type: ignore[arg-type]
    assert "已过" in (await supervision.get("/audit/accountability-leads")).text
    assert "已过" in (await supervision.get(f"/audit/accountability-cases/{case}")).text
    office = await desk(bureau, "supervision")
    assert [row["id"] for row in (await office.get("audit/accountability-cases?missed=true")).json()["cases"]] == [case]

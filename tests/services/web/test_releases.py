"""Releases on pages, as officials use them: the team from forms that name people, a topic of a unit, who it waits for, the calendar."""

import re
from datetime import timedelta

import pytest

from shared.kernel.clocks import today
from tests.services.web.conftest import Office

OPTION = re.compile(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]*)</option>')


def form_of(text: str, verb: str) -> str:
    """The form of an act on a page."""
    return text.partition(f'/{verb}"')[2].partition("</form>")[0]


@pytest.mark.rule("XW-03", "XW-04b", "XW-04c", "XW-07.3b", "XW-07.5")
async def test_the_team_and_a_topic_from_forms(office: Office) -> None:
    await office.open_unit("touzi", "投资科")
    general = await office.official("general_office", login="general")
    unit = await office.official("unit_head", login="unit", unit="touzi")
    leader = await office.official("leader_in_charge", login="leader")
    chief = await office.official("agency_head", login="chief")

    form = await general.get("/press/team/new")
    assert form.status_code == 200
    assert "还没有成立" in (await general.get("/press/team")).text
    people = {id for id, name in OPTION.findall(form.text) if "王审批" in name}
    assert len(people) == 4
    one, two, three, _ = sorted(people)
    fields = {"members.0.person": one, "members.0.rank": "deputy_head", "members.0.duty": "lead", "document": "局办〔2026〕3号"}
    lonely = await general.send("/press/team/new", "/press/team/new", fields)
    assert lonely.status_code == 422
    made = await general.send("/press/team/new", "/press/team/new", {**fields, "members.1.person": two, "members.1.rank": "bureau_head"})
    assert made.status_code == 303, made.text
    team = made.headers["location"]
    shown = await general.get(team)
    assert all(
        told in shown.text for told in ("王审批（科员）", "牵头人（分管）", "局长（主要负责人）", "确定新闻发言人（综合科负责人及以上）")
    )
    assert form_of(shown.text, "change-group").count(" selected") >= 6, "the form starts from the members of now"
    changed = {"members.0.person": one, "members.0.rank": "deputy_head", "members.0.duty": "lead", "members.1.person": three}
    moved = await general.send(team, f"{team}/change-group", {**changed, "members.1.rank": "staff", "document": "局办〔2026〕4号"})
    assert moved.status_code == 303, moved.text
    low = await general.send(team, f"{team}/appoint-spokesperson", {"person": one, "rank": "staff", "document": "局办〔2026〕3号"})
    assert low.status_code == 409
    assert "科员不能担任" in low.text
    high = {"person": one, "rank": "general_office_head", "document": "局办〔2026〕3号"}
    assert (await general.send(team, f"{team}/appoint-spokesperson", high)).status_code == 303
    assert (await general.send(team, f"{team}/join-network", {"unit": "touzi", "person": two})).status_code == 303
    assert "配备联络员。" in (await general.get(team)).text
    assert (await unit.get(team)).status_code == 403, "a grant for one unit does not reach what is the agency's"

    topic = {"title": "一件事一次办", "summary": "介绍阶段性成果", "content": "stage_result", "origin": "unit", "unit": "touzi"}
    made = await unit.send("/press/releases/new", "/press/releases/new", topic)
    assert made.status_code == 303, made.text
    page = made.headers["location"]
    shown = await unit.get(page)
    assert "分管领导审核主题。" in shown.text
    assert "投资科" in shown.text
    assert "一件事一次办" in (await leader.get("/press/releases?waits=leader_in_charge")).text
    assert "一件事一次办" not in (await leader.get("/press/releases?waits=general_office")).text
    early = await general.send(page, f"{page}/accept-topic", {})
    assert early.status_code == 409
    assert "经分管领导和主要领导审核后" in early.text
    assert (await leader.send(page, f"{page}/review-topic", {"opinion": "同意"})).status_code == 303
    assert (await chief.send(page, f"{page}/confirm-topic", {})).status_code == 303
    assert (await general.send(page, f"{page}/accept-topic", {})).status_code == 303
    assert "没有安排发布活动" in (await general.get("/press/calendar")).text
    planned = {"form": "press_conference", "at": f"{today() + timedelta(1)}T09:30", "place": "市新闻发布厅"}
    assert (await general.send(page, f"{page}/plan-event", planned)).status_code == 303
    calendar = (await general.get("/press/calendar")).text
    assert all(told in calendar for told in ("09:30 新闻发布会", "市新闻发布厅", "未邀请", "未授权"))
    assert (await general.send(page, f"{page}/invite-journalists", {"media": "city_daily"})).status_code == 303
    assert "市级日报" in (await general.get("/press/calendar")).text
    authorising = form_of((await general.get(page)).text, "authorise")
    assert one in authorising
    assert two not in authorising, "only an appointed spokesperson is offered"
    assert (await general.send(page, f"{page}/cancel-event", {"reason": "改为书面发布"})).status_code == 303
    assert "没有安排发布活动" in (await general.get("/press/calendar")).text

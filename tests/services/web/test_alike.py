"""Requests that one person has made, and requests for the same: found on the real database, opened to who may read, forgotten with the person."""

from typing import Any
from uuid import UUID

from services.requests.alike import Finder, likeness, squeezed
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.running import Running
from tests.services.web.conftest import Office
from tests.services.web.test_units import PAPER, desk


async def found(running: Running, clerk: Any, id: str) -> dict[str, Any]:
    """What is told beside a request, when all is read."""
    finder = Finder(running)
    while await finder.look():
        pass
    answer = await clerk.get(f"requests/disclosure-requests/{id}/alike")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_who_asks_again_and_who_asks_the_same_is_found(office: Office) -> None:
    browser = await office.official("disclosure_office", "clerk", login="office")
    clerk = await desk(office, "office")
    running = next(one for one in office.program.running if one.name == "requests")

    async def asked(**more: str) -> str:
        made = await clerk.post("requests/disclosure-requests", {**PAPER, "contact": "0954-1234567", **more})
        assert made.status_code == 201, made.text
        id: str = made.json()["id"]
        return id

    name = {"applicant_name": "马会"}
    first = await asked(**name, content="2024年部门预算和决算情况")
    await asked(**name, content="2024年部门预算及决算的情况", evidence="窗口 2")
    again = await asked(**name, contact="0954－1234567 ", content="2024年部门预算和决算情况。", evidence="窗口 3")
    other = await asked(applicant_name="张三", content="2024 年部门预算和决算情况", evidence="窗口 4")
    await asked(applicant_name="李四", content="城区供水管网改造工程的中标通知书", evidence="窗口 5")

    told = await found(running, clerk, again)
    assert told["in_year"] == 3
    same = [(one["same_person"], one["likeness"]) for one in told["others"]]
    assert same[0][0] is same[1][0] is True
    assert max(one[1] for one in same[:2]) == 100
    assert 60 < min(one[1] for one in same[:2]) < 100
    assert same[2] == (False, 100)
    assert len(same) == 3
    assert (await found(running, clerk, other))["in_year"] == 1
    page = (await browser.get(f"/requests/cases/{again}")).text
    assert "共提出 3 件" in page
    assert "相近" in page

    state, _ = running.load(disclosure_request, UUID(first))
    assert isinstance(state, DisclosureRequest)
    assert state.person_key is not None
    running.keys.destroy([state.person_key], requested_by="a", approved_by="b", basis="test")
    told = await found(running, clerk, again)
    assert first not in [one["id"] for one in told["others"]]
    assert (await found(running, clerk, first))["others"] == []
    running.keys.master = running.keys.master.rotated()
    assert (await found(running, clerk, again))["in_year"] == 2, "all is made anew with another key"


async def test_nobody_else_is_told(office: Office) -> None:
    await office.official("disclosure_office", "clerk", login="office2")
    clerk = await desk(office, "office2")
    made = (await clerk.post("requests/disclosure-requests", PAPER)).json()["id"]
    client = office.browser().client
    assert (await client.get(f"/api/requests/disclosure-requests/{made}/alike")).status_code == 401
    assert (await clerk.get("requests/disclosure-requests/00000000-0000-7000-8000-000000000000/alike")).status_code == 404


def test_marks_and_widths_make_no_difference_and_what_differs_is_measured() -> None:
    assert squeezed("２０２４年 预算。") == "2024年预算"
    assert likeness("部门预算", "部门预算！") == 100
    assert likeness("部门预算", "供水管网") == 0
    assert likeness("", "") == 0

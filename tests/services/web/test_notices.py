"""What is new: told to who may take it further, not to who did it; read once, it is no longer new."""

import pytest

from tests.services.web.conftest import Office
from tests.services.web.test_units import PAPER, desk

pytestmark = pytest.mark.rule("YS-11")


async def test_a_unit_hears_of_its_own_requests_until_it_has_read_them(office: Office) -> None:
    for code, name in (("zonghe", "综合科"), ("shenpi", "审批科")):
        await office.open_unit(code, name)
    browser = await office.official("disclosure_office", "clerk", login="office")
    await office.official("unit_head", login="zonghe", unit="zonghe")
    await office.official("unit_head", login="shenpi", unit="shenpi")
    clerk, mine, other = await desk(office, "office"), await desk(office, "zonghe"), await desk(office, "shenpi")
    case = (await clerk.post("requests/disclosure-requests", PAPER)).json()["id"]
    for verb, body in (("register", {}), ("assign", {"unit": "zonghe"})):
        done = await clerk.post(f"requests/disclosure-requests/{case}/{verb}", body)
        assert done.status_code == 200, done.text
    after = done.json()["position"]

    told = (await mine.get(f"requests/notices?after={after}")).json()
    assert [(one["what"], one["request"], one["unread"]) for one in told["notices"]] == [("分派到科室", case, True)]
    assert (await other.get("requests/notices")).json()["notices"] == [], "another unit's"
    assert (await clerk.get("requests/notices")).json()["notices"] == [], "nobody hears of its own acts"
    read = await mine.post("requests/notices/read", {"up_to": told["notices"][0]["position"]})
    assert read.status_code == 200, read.text
    again = (await mine.get("requests/notices")).json()["notices"]
    assert [one["unread"] for one in again] == [False]
    assert (await mine.get("requests/notices?unread=true")).json()["notices"] == []
    assert (await mine.post("requests/notices/read", {"up_to": 10**15})).status_code == 200
    back = await mine.post(f"requests/disclosure-requests/{case}/return", {"reason": "不属本科室职责"})
    await clerk.get(f"requests/notices?after={back.json()['position']}")
    page = (await browser.get("/requests/notices")).text
    assert "科室退回，待重新分派" in page
    assert "1 条未阅" in page
    assert "1 条未阅" in (await browser.get("/requests/")).text
    marked = await browser.send("/requests/notices", "/requests/notices", {"up_to": str(10**9)})
    assert marked.headers["location"] == "/requests/notices"
    assert "1 条未阅" not in (await browser.get("/requests/notices")).text


async def test_nobody_who_is_not_signed_in_hears_anything(office: Office) -> None:
    client = office.browser().client
    assert (await client.get("/api/requests/notices")).status_code == 401
    assert (await client.post("/api/requests/notices/read", json={"up_to": 1})).status_code == 401
    assert (await client.get("/requests/notices")).status_code in (303, 401)

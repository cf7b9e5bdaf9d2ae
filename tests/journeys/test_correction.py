"""A claim to have a record corrected, through HTTP, from a member of the public to the trail that audit keeps; and what moves to publication."""

import re
from datetime import date

import pytest

from demo.office import Office

MONDAY = date(2025, 9, 22)
CLAIM = {"claimant_name": "马䶮", "contact": "13800000000", "record": "登记的出生日期", "wanted": "改为1990年1月1日", "proof": "居民户口簿"}


@pytest.mark.rule("YS-09a")
async def test_a_record_is_put_right_for_whom_it_is_about_and_it_is_told(office: Office) -> None:
    made = await office.client.post(f"/api/requests/record-corrections?agency={office.agency}", json=CLAIM)
    assert made.status_code == 201, made.text
    at = f"/api/requests/record-corrections/{made.json()['id']}"
    held = await office.get(at, "clerk")
    assert (held["claimant_name"], held["stage"]) == ("马䶮", "open")
    day = date.fromisoformat(held["received_on"])
    await office.post(f"{at}/verify-claimant", "clerk", day, {"how": "paper", "evidence": "居民身份证原件"})
    decision = {"decision": "corrected", "reason": "经核对档案，登记有误", "document": "更正通知3号"}
    await office.post(f"{at}/decide", "office", day, decision)
    await office.post(f"{at}/notify-claimant", "clerk", day, {"way": "post", "evidence": "EMS 1", "text": "您的记录已更正。"})
    assert (await office.get(at, "clerk"))["stage"] == "notified"
    listed = await office.get("/api/requests/record-corrections", "clerk")
    assert made.json()["id"] in [claim["id"] for claim in listed["claims"]]


async def test_what_was_given_out_moves_to_publication_with_its_reviewed_files(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    files = await office.review(case, date(2025, 9, 24))
    await office.reply(case, "r1_granted", date(2025, 9, 26), files=files)
    body = {"title": "2024年政务服务大厅采购合同", "ground": "asked_by_many", "reason": "三人申请同一合同"}
    await office.act(case, "move-to-proactive", "office", date(2025, 9, 28), **body)
    assert (await office.get(f"/api/requests/disclosure-requests/{case}", "clerk"))["proactive"] == "moved"


async def test_the_applicant_suggests_on_the_page_of_its_request_that_it_be_published(office: Office) -> None:
    made = await office.post(
        "/api/requests/disclosure-requests", "clerk", MONDAY, office.application("natural_person", MONDAY, "in_person")
    )
    case = made["id"]
    await office.act(case, "register", "clerk", MONDAY)
    await office.act(case, "assign", "office", MONDAY, unit="touzi")
    await office.reply(case, "r1_granted", date(2025, 9, 26))
    page = await office.client.get("/requests/follow")
    token = re.search(r'name="_token" value="([0-9a-f]{64})"', page.text)
    assert token is not None
    known = {"_token": token[1], "tracking_number": made["tracking_number"], "query_password": made["query_password"]}
    assert "提交建议" in (await office.client.post("/requests/follow", data=known)).text
    empty = await office.client.post("/requests/follow", data={**known, "suggest": "1", "reason": ""})
    assert empty.status_code == 422 and "理由" in empty.text
    told = await office.client.post("/requests/follow", data={**known, "suggest": "1", "reason": "涉及公众利益调整"})
    assert "已收到您的建议，正在审核" in told.text and "提交建议" not in told.text
    assert (await office.get(f"/api/requests/disclosure-requests/{case}", "clerk"))["proactive"] == "suggested"

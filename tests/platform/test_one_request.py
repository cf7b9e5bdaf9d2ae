"""One request from its receipt to its reply, through HTTP and real NATS, and what an auditor sees of it."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from demo.office import Failed, Office
from demo.plan import scaled
from demo.year import Year
from shared.kernel.clocks import today
from tests.town import Town

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def trail_of(office: Office, case: str, until: str) -> list[dict[str, Any]]:
    """The decision trail, as soon as it has this event."""
    for _ in range(200):
        try:
            entries: list[dict[str, Any]] = (await office.get(f"/api/audit/trails/{case}", "auditor"))["entries"]
        except Failed:
            entries = []
        if any(entry["type"] == until for entry in entries):
            return entries
        await asyncio.sleep(0.05)
    raise AssertionError(f"{until} did not reach the ledger")


@pytest.mark.rule("YS-05.1a", "YS-05.1b", "BM-03b", "X-03", "YS-07.5")
async def test_from_its_receipt_to_its_reply_across_the_services(office: Office) -> None:
    case = await office.receive("natural_person", today())
    files = await office.review(case, today())
    await office.reply(case, "r1_granted", today(), files=files)
    entries = await trail_of(office, case, "requests.ReplyDelivered")
    assert [entry["type"] for entry in entries] == [
        "requests.RequestReceived", "requests.RequestRegistered", "requests.ReceiptConfirmed", "requests.RequestAssigned",
        "requests.SecrecyReviewRequested", "review.ReviewOpened", "review.OpinionGiven", "review.ReviewApproved",
        "requests.SecrecyReviewConcluded", "requests.ReplyDrafted", "requests.ReplyApproved", "requests.ReplyDelivered",
    ]  # fmt: skip
    people = {entry["type"]: entry["person"] for entry in entries}
    assert people["requests.ReplyDrafted"] != people["requests.ReplyApproved"]
    assert all(entry["article"] for entry in entries)
    approval = next(entry for entry in entries if entry["type"] == "requests.ReplyApproved")
    assert approval["roles"] == ["leader_in_charge"]


@pytest.mark.rule("BM-03b", "X-03")
async def test_a_file_that_changed_after_its_review_is_not_given_out(office: Office) -> None:
    case = await office.receive("natural_person", today(), channel="in_person")
    files = await office.review(case, today())
    changed = [{**files[0], "sha256": "0" * 64}]
    with pytest.raises(Failed, match="尚未通过保密审查"):
        await office.draft(case, "r1_granted", today(), files=changed)
    withheld = await office.review(case, today(), opinion="exempt")
    with pytest.raises(Failed, match="不予公开"):
        await office.draft(case, "r1_granted", today(), files=withheld)


async def test_one_trace_from_the_request_over_nats_to_the_other_service(office: Office, town: Town) -> None:
    case = await office.receive("natural_person", today(), channel="in_person")
    office.client.headers["traceparent"] = f"00-{TRACE}-b7ad6b7169203331-01"
    await office.act(case, "request-review", "unit", today(), files=[{"name": "a.pdf", "sha256": "1" * 64, "size": 1}])
    await office.review_of(case)
    traces = {}
    for service, type_ in (("requests", "requests.SecrecyReviewRequested"), ("review", "review.ReviewOpened")):
        with psycopg.connect(town.settings.dsn(service, role=f"gongkai_{service}")) as connection:
            row = connection.execute("SELECT state FROM events WHERE case_id = %s AND topic LIKE %s", (case, f"{type_}:%")).fetchone()
            assert row is not None
            traces[service] = json.loads(row[0])["trace"].split("-")
    assert traces["requests"][1] == traces["review"][1] == TRACE
    assert traces["requests"][2] != traces["review"][2]


async def test_the_public_follows_up_and_withdraws_with_its_password(office: Office, town: Town) -> None:
    body = {"applicant_name": "赵𠅤䶮", "contact": "13900001111", "content": "预算公开"}
    made = (await office.client.post(f"/api/requests/disclosure-requests?agency={town.agency}", json=body)).json()
    known = {"tracking_number": made["tracking_number"], "query_password": made["query_password"]}
    path = f"/api/requests/disclosure-requests/{made['id']}?after={made['position']}"
    shown = await office.get(path, "clerk")
    assert shown["applicant_name"] == "赵𠅤䶮"
    told = (await office.client.post("/api/requests/follow-up", json=known)).json()
    assert told["stage"] == "received"
    wrong = await office.client.post(
        f"/api/requests/disclosure-requests/{made['id']}/withdraw?agency={town.agency}", json={"query_password": "nope"}
    )
    assert wrong.status_code == 403
    right = await office.client.post(
        f"/api/requests/disclosure-requests/{made['id']}/withdraw?agency={town.agency}", json={"query_password": made["query_password"]}
    )
    assert right.status_code == 200
    assert (await office.client.post("/api/requests/follow-up", json=known)).json()["stage"] == "withdrawn"


async def test_what_is_open_now_and_why_the_rest_is_not(office: Office) -> None:
    case = await office.receive("natural_person", today(), channel="in_person")
    listed = (await office.get(f"/api/requests/disclosure-requests/{case}/actions", "unit"))["actions"]
    acts = {one["verb"]: one for one in listed}
    assert acts["draft-reply"]["open"]
    assert not acts["deliver"]["open"]
    assert acts["deliver"]["why"]
    clock = await office.get(f"/api/requests/disclosure-requests/{case}/clock", "clerk")
    assert clock["days"][0]["kind"] == "start"
    assert clock["days"][-1]["count"] == clock["working_days"] == 20


async def test_a_tenth_of_a_published_report_gives_back_all_tables(office: Office, town: Town) -> None:
    report = scaled(json.loads((Path(__file__).parents[2] / "demo" / "reports" / "suqian_2023.json").read_text(encoding="utf-8")), 10)
    year = Year(office, report)
    await year.play()
    last = year.ids[max(case.number for case in year.cases)]
    await trail_of(office, last, "requests.RequestAssigned")
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "shared.cli", "report", "annual", "--agency", town.agency, "--year", "2023", "--format", "json", "--data", str(town.data)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    made = json.loads(told.stdout)
    assert [row["values"] for row in made["table3"]["rows"]] == [row["values"] for row in report["table3"]["rows"]]
    assert made["table4"] == report["table4"]
    assert sum(made["table4"]["行政诉讼_复议后起诉"][:3]) > 0
    assert made["table2"] == report["table2"]


async def test_nothing_personal_stands_in_the_clear_anywhere(office: Office, town: Town) -> None:
    name, contact = "欧阳绝密测试名", "18611112222"
    body = {
        "applicant_name": name,
        "contact": contact,
        "content": f"{name}申请公开预算",
        "received_on": today().isoformat(),
        "channel": "in_person",
        "evidence": "1",
    }
    made = await office.post("/api/requests/disclosure-requests", "clerk", today(), body)
    await office.act(made["id"], "register", "clerk", today())
    await trail_of(office, made["id"], "requests.RequestRegistered")
    needles = [name.encode(), contact.encode()]
    for path in [*(town.data / "nats").rglob("*"), *(town.data / "postgres").rglob("*"), town.log]:
        if path.is_file():
            content = path.read_bytes()
            assert not any(needle in content for needle in needles), path

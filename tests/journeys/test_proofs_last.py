"""What audit can still prove and tell later: after a person was erased, as of a day, under other rules, and who has seen what."""

import asyncio
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from demo.office import Office
from shared.trust.verify_bundle import Policy, checked
from tests.journeys.test_correction import MONDAY
from tests.journeys.test_evidence import signed
from tests.town import Running

YEAR = 2025


async def concluded(office: Office) -> str:
    """A request that was answered after a week."""
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    await office.reply(case, "r4_1_not_held", MONDAY + timedelta(days=7))
    return case


async def asked(office: Office, path: str, by: str = "auditor") -> httpx.Response:
    """What a route answers this official."""
    return await office.client.get(path, headers={"Authorization": f"Bearer {office.tokens[by]}"})


async def trail_with(office: Office, case: str, type: str, part: str = "entries") -> dict[str, Any]:
    """The trail, once it tells this."""
    for _ in range(400):
        answer = await asked(office, f"/api/audit/trails/{case}")
        if answer.status_code == 200 and any(entry["type"] == type for entry in answer.json()[part]):
            found: dict[str, Any] = answer.json()
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{type} did not reach the ledger")


async def test_an_erased_person_leaves_every_proof_and_every_number(office: Office) -> None:
    case = await concluded(office)
    thing = f"/api/requests/disclosure-requests/{case}"
    name = (await office.get(thing, "clerk"))["applicant_name"]
    await trail_with(office, case, "requests.ReplyDelivered")
    before = json.loads(await signed(office, f"/api/audit/trails/{case}/bundle", "auditor"))
    report = (await asked(office, f"/api/audit/reports/annual?year={YEAR}")).json()
    made = await office.client.post(
        "/api/access/erasures",
        json={"case": case, "basis": "retention-over"},
        headers={"Authorization": f"Bearer {office.tokens['office']}"},
    )
    assert made.status_code == 201, made.text
    erasure = f"/api/access/erasures/{made.json()['id']}"
    for _ in range(200):
        approved = await office.client.post(f"{erasure}/approve", json={}, headers={"Authorization": f"Bearer {office.tokens['leader']}"})
        if approved.status_code == 200:
            break
        await asyncio.sleep(0.1)
    assert approved.status_code == 200, approved.text
    await trail_with(office, case, "access.PersonalDataErased")
    shown = await office.get(thing, "clerk")
    assert name not in json.dumps(shown, ensure_ascii=False)
    # The bundle that was given out before, and one that is made now, hold alike; of the events that were there, not a byte differs.
    policy = Policy.parse((await office.client.get("/api/audit/keys")).text)
    after = json.loads(await signed(office, f"/api/audit/trails/{case}/bundle", "auditor"))
    for one in (before, after):
        assert checked(json.dumps(one).encode(), policy).problems == ()
    stated = {event["leaf"]["service"] + str(event["leaf"]["position"]): (event["leaf"], event["state"]) for event in after["events"]}
    for event in before["events"]:
        assert stated[event["leaf"]["service"] + str(event["leaf"]["position"])] == (event["leaf"], event["state"])
    again = (await asked(office, f"/api/audit/reports/annual?year={YEAR}")).json()
    for table in ("table2", "table3", "table4"):
        assert again[table] == report[table], table


async def test_a_trail_tells_who_saw_and_who_could(office: Office) -> None:
    form = {"applicant_name": "周䶮", "contact": "13700000000", "content": "申请公开2024年预算", "form": "electronic"}
    made = (await office.client.post(f"/api/requests/disclosure-requests?agency={office.agency}", json=form)).json()
    known = {"tracking_number": made["tracking_number"], "query_password": made["query_password"]}
    assert (await office.client.post(f"/api/requests/follow-up?after={made['position']}", json=known)).status_code == 200
    assert (await office.get(f"/api/requests/disclosure-requests/{made['id']}", "clerk"))["applicant_name"] == "周䶮"
    found = await trail_with(office, made["id"], "requests.PersonalDataRead", "readings")
    (seen,) = found["readings"]
    assert "clerk" in seen["roles"]
    assert seen["content"]["fields"] == ["applicant_name", "contact", "content"]
    assert [entry["type"] for entry in found["entries"]] == ["requests.RequestReceived"]
    assert seen["person"] in [one["person"] for one in found["could_read"]]
    assert "周䶮" not in json.dumps(found, ensure_ascii=False)
    yesterday = date.fromisoformat(seen["effective_on"]) - timedelta(days=1)
    then = (await asked(office, f"/api/audit/trails/{made['id']}?as_of={yesterday}&by=record")).json()
    assert (then["entries"], then["readings"], then["later"]) == ([], [], 2)
    pdf = await asked(office, f"/api/audit/trails/{made['id']}/pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert (await asked(office, f"/api/audit/trails/{made['id']}", "clerk")).status_code == 403


async def test_a_replay_under_other_rules_tells_and_writes_nothing(office: Office) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    await office.reply(case, "r4_1_not_held", MONDAY + timedelta(days=30))
    await trail_with(office, case, "requests.ReplyDelivered")
    before = (await asked(office, f"/api/audit/trails/{case}")).json()
    answer = await asked(office, f"/api/audit/replay?year={MONDAY.year}&rulebook=bureau-2019")
    assert answer.status_code == 200, answer.text
    (one,) = [one for one in answer.json()["changed"] if one["case"] == case]
    assert (one["due"], one["due_then"], one["was"], one["would"]) == ("2025-10-24", "2025-10-17", "kept", "missed")
    same = (await asked(office, f"/api/audit/replay?year={MONDAY.year}&rulebook=decree-711")).json()
    assert [one for one in same["changed"] if one["case"] == case] == []
    assert (await asked(office, f"/api/audit/trails/{case}")).json()["entries"] == before["entries"]
    wrong = await asked(office, f"/api/audit/replay?year={MONDAY.year}&rulebook=none")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "no-such-rulebook")


async def test_at_the_command_line(office: Office, running: Running, tmp_path: Path) -> None:
    case = await concluded(office)
    await trail_with(office, case, "requests.ReplyDelivered")

    async def told(*arguments: str) -> tuple[int, str]:
        words = [sys.executable, "-m", "shared.cli", *arguments, "--data", str(running.data)]
        done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, encoding="utf-8", timeout=120)
        return done.returncode, done.stdout + done.stderr

    code, text = await told("trail", case, "--as-of", str(MONDAY), "--by", "effect", "--json")
    assert code == 0, text
    found = json.loads(text)
    assert "requests.ReplyDelivered" not in [entry["type"] for entry in found["entries"]]
    assert found["later"] >= 1
    code, text = await told("trail", case, "--out", str(tmp_path / "trail.pdf"))
    assert code == 0, text
    assert (tmp_path / "trail.pdf").read_bytes()[:5] == b"%PDF-"
    code, text = await told("trail", case)
    assert (code, "截至目前的全部记录" in text) == (0, True), text
    code, text = await told("trail", case, "--as-of", "2025-09-22", "--out", str(tmp_path / "bundle.json"))
    assert code == 2, text
    wanted = ("replay", "--rulebook", "bureau-2019", "--year", str(YEAR), "--agency", office.agency)
    code, text = await told(*wanted, "--format", "json")
    assert code == 0, text
    assert json.loads(text)[0]["counts"]["reply"]
    code, text = await told(*wanted)
    assert (code, "不能说明的" in text) == (0, True), text
    code, text = await told("replay", "--rulebook", "none", "--year", str(YEAR))
    assert (code, "没有规则集" in text) == (2, True), text
    held = tmp_path / "held.json"
    held.write_bytes(await signed(office, f"/api/audit/trails/{case}/bundle", "auditor"))
    _, text = await told("verify", "--stores", "--held", str(held))
    assert "✓ 他人持有的检查点" in text, text

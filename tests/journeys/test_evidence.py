"""What the platform gives out as evidence is checked by a program that has nothing but a file, Python's standard library and the public keys."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from demo.office import Office
from shared.trust import verify_bundle
from shared.trust.verify_bundle import Policy, canonical, leaf_hash, node_hash
from tests.journeys.test_correction import MONDAY
from tests.town import Running

PROGRAM = Path(verify_bundle.__file__).read_bytes()
"""The checking program, as it is handed out."""

SIGNED_SECONDS = 40
"""A head is signed about every ten seconds."""


async def signed(office: Office, path: str, login: str | None = None) -> bytes:
    """What is under a published head, once it is."""
    headers = {"Authorization": f"Bearer {office.tokens[login]}"} if login else {}
    for _ in range(SIGNED_SECONDS * 2):
        answer = await office.client.get(path, headers=headers)
        if answer.status_code == 200:
            return answer.content
        assert answer.json()["code"] in ("not-yet-signed", "no-such-case", "no-such-event"), answer.text
        await asyncio.sleep(0.5)
    raise AssertionError(answer.text)


async def test_a_case_is_proved_outside_the_platform(office: Office, running: Running, tmp_path: Path) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    (tmp_path / "bundle.json").write_bytes(await signed(office, f"/api/audit/trails/{case}/bundle", "auditor"))
    (tmp_path / "keys.txt").write_bytes((await office.client.get("/api/audit/keys")).content)
    (tmp_path / "verify.py").write_bytes(PROGRAM)

    def verified() -> tuple[int, str]:
        arguments = [sys.executable, "-I", "-S", "verify.py", "bundle.json", "--keys", "keys.txt"]
        done = subprocess.run(arguments, check=False, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60)
        return done.returncode, done.stdout

    status, told = verified()
    assert status == 0, told
    assert f"事项 {case}" in told
    assert "requests.RequestReceived:1" in told
    read = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    assert "13800000000" not in json.dumps(read)
    read["events"][0]["leaf"]["topic"] = "requests.RequestVoided:1"
    (tmp_path / "bundle.json").write_text(json.dumps(read), encoding="utf-8")
    status, told = verified()
    assert status == 1
    assert "事件被改动" in told


async def test_an_applicant_keeps_a_receipt_that_others_can_check(office: Office) -> None:
    form = {"applicant_name": "周䶮", "contact": "13700000000", "content": "申请公开2024年预算", "form": "electronic"}
    made = await office.client.post(f"/api/requests/disclosure-requests?agency={office.agency}", json=form)
    assert made.status_code == 201, made.text
    told = made.json()
    got = json.loads(await signed(office, f"/api/audit/receipts/{told['position']}?id={told['id']}"))
    assert "周䶮" not in json.dumps(got, ensure_ascii=False)
    policy = Policy.parse((await office.client.get("/api/audit/keys")).text)
    checkpoint, _ = policy.head(got["proof"].split("\n\n", 1)[1])
    assert (checkpoint.log, got["leaf"]["id"]) == ("requests", told["id"])
    # Other people's tools read the tiles: the whole tree is made from them here, by no code of ours but the two hashes.
    place = int(told["position"].partition(":")[2]) - 1
    tile = await office.client.get(f"/api/audit/logs/requests/tile/0/{tile_path(place // 256)}{partial(checkpoint.size, place // 256)}")
    assert tile.status_code == 200, tile.text
    at = place % 256
    assert tile.content[at * 32 : at * 32 + 32] == leaf_hash(canonical(got["leaf"]))
    assert len(node_hash(tile.content[:32], tile.content[:32])) == 32
    another = await office.client.get(f"/api/audit/receipts/{told['position']}?id=00000000-0000-0000-0000-000000000000")
    assert another.status_code == 404
    for wrong in ("tile/0/1", "tile/9/000", "tile/0/x999/x999/999", "tile/0/000.p/0", "tile/0/..%2f000"):
        assert (await office.client.get(f"/api/audit/logs/requests/{wrong}")).status_code in (404, 422), wrong


def tile_path(number: int) -> str:
    """As c2sp.org/tlog-tiles names a tile."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def partial(size: int, number: int) -> str:
    """How a tile that is not full yet is named, up to a signed head."""
    width = size - number * 256
    return "" if width >= 256 else f".p/{width}"


async def test_the_stores_agree_with_the_signed_heads(office: Office, running: Running) -> None:
    case = await office.receive("natural_person", MONDAY, channel="in_person")
    await signed(office, f"/api/audit/trails/{case}/bundle", "auditor")
    arguments = [sys.executable, "-m", "shared.cli", "verify", "--stores", "--data", str(running.data)]
    done = await asyncio.to_thread(subprocess.run, arguments, capture_output=True, text=True, encoding="utf-8", timeout=120)
    told = str(done.stdout)
    # What is on its way from a log to the ledger in this instant may be missing there: others work at the same time.
    troubles = [line for line in told.splitlines() if line.startswith(" ") and "缺少这个事件" not in line]
    assert troubles == [], told
    assert "✓ 检查点 gongkai.local/requests" in told, told + done.stderr

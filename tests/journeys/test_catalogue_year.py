"""A year of the catalogue through HTTP and real NATS: what was public in time, what came late, what nobody published; and a file that is given to all."""

import hashlib
from datetime import date
from typing import Any

import pytest

from demo.office import Office
from tests.journeys.test_publication import THINGS, drafted, reviewed, standing, step
from tests.unit.files import samples

CATALOGUE = "/api/publishing/catalogue-entries"
ENTRY = {"category": "finance", "sphere": "government", "basis": "国令711 第二十条", "unit": "touzi", "audience": "external"}


def day(month: int, number: int) -> date:
    """A day of 2025."""
    return date(2025, month, number)


async def entry(office: Office, name: str, cadence: str) -> str:
    """A line of the catalogue from the beginning of the year."""
    said = {**ENTRY, "name": name, "cadence": cadence, "channels": ["portal"]}
    made: str = (await office.post(CATALOGUE, "office", day(1, 2), said))["id"]
    return made


async def published(office: Office, entry: str, period: str, on: date, file: bytes = b"") -> tuple[str, str]:
    """What an entry owes for a period, from its creation to the portal in one day, perhaps with a file; its id, and where the log is then."""
    body = {"title": f"{period}预算执行", "kind": "budget", "origin": "made", "maker": office.agency, "unit": "touzi"}
    id: str = (await office.post(THINGS, "office", on, {**body, "entry": entry, "period": period}))["id"]
    await step(office, id, "decide-online", "office", on, decision="online", reason="公众需要")
    files = [await uploaded(office, id, on, "执行表.pdf", file)] if file else []
    await drafted(office, id, on, "本期预算执行情况见附件。", title=f"{period}预算执行", files=files)
    await reviewed(office, id, on)
    await step(office, id, "approve", "leader", on, approves=(await standing(office, id))["draft"]["hash"])
    told = await step(office, id, "publish", "office", on, channel="portal", evidence="财政专栏")
    return id, told["position"]


async def uploaded(office: Office, id: str, on: date, name: str, content: bytes) -> dict[str, Any]:
    """A file of a publication, as the draft names it afterwards."""
    headers = {"Authorization": f"Bearer {office.tokens['office']}", "Gongkai-Today": on.isoformat()}
    answer = await office.client.post(f"{THINGS}/{id}/files", files={"file": (name, content)}, headers=headers)
    assert answer.status_code == 201, answer.text
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


@pytest.mark.rule("DX-07", "KH-02.1", "KH-02.3d")
async def test_a_year_of_the_catalogue_with_things_missed(office: Office) -> None:
    quarters, stages = await entry(office, "部门预算执行", "quarter"), await entry(office, "大厅搬迁进展", "staged")
    table = samples.pdf()
    first, _ = await published(office, quarters, "2025-Q1", day(4, 10), table)
    await published(office, quarters, "2025-Q2", day(8, 5))
    for stage, on in (("选址", day(3, 3)), ("装修", day(9, 1))):
        await office.post(f"{CATALOGUE}/{stages}/end-stage", "office", on, {"stage": stage})
    _, position = await published(office, stages, "选址", day(3, 20))

    year = await office.get(f"/api/publishing/catalogue/2025?after={position}", "office")
    rows = {row["id"]: row["cells"] for row in year["entries"]}
    told = {cell["period"]: cell["state"] for cell in rows[quarters]}
    assert told == {"2025-Q1": "published", "2025-Q2": "late", "2025-Q3": "missed", "2025-Q4": "missed"}
    assert {cell["period"]: cell["state"] for cell in rows[stages]} == {"选址": "published", "装修": "missed"}
    by_period = {cell["period"]: cell for cell in rows[quarters]}
    assert (by_period["2025-Q1"]["publication"], by_period["2025-Q3"]["due"]) == (first, "2025-11-04")
    seen = await office.get("/api/publishing/catalogue/2025?missed=true", "office")
    assert {quarters, stages} <= {row["id"] for row in seen["entries"]}
    # Everybody has the file that was reviewed, and nothing else.
    item = (await office.client.get(f"/api/publishing/portal/items/{first}")).json()
    given = await office.client.get(f"/api/publishing/portal/items/{first}/files/{item['files'][0]['sha256']}")
    assert (item["files"][0]["name"], given.content) == ("执行表.pdf", table)


@pytest.mark.rule("WZ-4.1")
async def test_a_draft_with_a_file_that_was_never_uploaded_is_refused(office: Office) -> None:
    body = {"title": "政务服务事项目录", "origin": "made", "maker": office.agency, "unit": "touzi"}
    id: str = (await office.post(THINGS, "office", day(3, 3), body))["id"]
    await step(office, id, "decide-online", "office", day(3, 3), decision="online", reason="公众需要")
    file = {"name": "目录.pdf", "sha256": "ab" * 32, "size": 9}
    headers = {"Authorization": f"Bearer {office.tokens['office']}", "Gongkai-Today": "2025-03-03"}
    said = {"title": "目录", "text": "见附件。", "files": [file]}
    answer = await office.client.post(f"{THINGS}/{id}/draft", json=said, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "file-not-held")
    answer = await office.client.post(THINGS, json={**body, "unit": "nowhere"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "no-such-unit")

"""The opinion risk of a major decision over HTTP and NATS: proposed in publishing, waiting in press, assessed there, heard by publishing's gate."""

from datetime import date
from typing import Any

import pytest

from demo.office import Failed, Office
from tests.journeys.test_opinion import until
from tests.journeys.test_publication import THINGS
from tests.journeys.test_regulation import MATTERS, MONDAY, decision_of, matter, proposed

RISKS = "/api/press/risk-assessments"
TUESDAY = date(2025, 3, 11)


async def why_not(office: Office, document: str) -> str:
    """What the gate of the matter says before its decision may be published."""
    told = await office.get(f"{THINGS}/{document}/progress", "office")
    return next(str(gate["told"]) for gate in told["gates"] if gate["title"] == "重要事项")


@pytest.mark.rule("YQ-03.2b")
async def test_a_decision_waits_until_its_risk_was_assessed(office: Office) -> None:
    title = "供热价格调整办法"
    id = await proposed(office, title=title)

    def waiting(told: dict[str, Any]) -> bool:
        return any(row["subject"] == id for row in told["assessments"])

    found = await until(office, f"{RISKS}?stage=owed", "general", waiting)
    (row,) = (one for one in found["assessments"] if one["subject"] == id)
    assert (row["title"], row["unit"], row["source"]) == (title, "touzi", "publishing")
    document = await decision_of(office, id, MONDAY, title=title)
    assert "先评估舆情风险" in await why_not(office, document)
    risk = f"{RISKS}/{row['id']}"
    draft = {"methods": ["tracking", "visits"], "findings": "走访三个社区，跟踪网上反映", "level": "medium", "plan": "提前解读，专人值守"}
    await office.post(f"{risk}/draft", "unit", MONDAY, draft)
    hashed = (await office.get(risk, "leader"))["draft"]["hash"]
    with pytest.raises(Failed, match=r"权限|不能批准自己的评估"):
        await office.post(f"{risk}/approve", "unit", MONDAY, {"approves": hashed})
    await office.post(f"{risk}/approve", "leader", TUESDAY, {"approves": hashed})
    held = await until(office, f"{MATTERS}/{id}", "office", lambda told: told["risk"] is not None)
    assert (held["risk"]["assessment"], held["risk"]["level"]) == (row["id"], "medium")
    assert "先评估舆情风险" not in await why_not(office, document)
    assert "公开征求意见" in await why_not(office, document)


@pytest.mark.rule("YQ-03.2b")
async def test_what_publishing_has_recorded_itself_waits_no_more(office: Office) -> None:
    id = await proposed(office, title="窗口服务办法")
    await until(office, f"{RISKS}?stage=owed", "general", lambda told: any(row["subject"] == id for row in told["assessments"]))
    await matter(office, "record-risk", id, MONDAY, methods=["sampling"], level="low", plan="加强解释")
    await until(office, f"{RISKS}?stage=settled", "general", lambda told: any(row["subject"] == id for row in told["assessments"]))

"""How a form on a page becomes a command: the same way as over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.access.directory import Session
from shared.kernel.commands import AgencyFacts, CommandSpec
from shared.kernel.errors import Problem
from shared.kernel.running import Running
from shared.web.forms import parse


async def act(
    running: Running,
    who: Session,
    agency: AgencyFacts,
    spec: CommandSpec,
    id: UUID,
    typed: dict[str, list[str]],
    fixed: dict[str, Any] | None = None,
) -> tuple[Problem | None, dict[str, str]]:
    """Carries a form out; what refused it, and what is wrong with each field."""
    command, wrong = parse(spec.cls, typed, **(fixed or {}))
    if command is None:
        return None, wrong
    try:
        actor = running.doorkeeper.authorise(who, spec.capability, agency)
        receipt = await running.execute(command, id, actor, agency, today=simulated_day(agency, typed))
        await running.views.wait(receipt.position, running.settings.view_wait_seconds)
    except Problem as problem:
        return problem, {field["field"]: field["sentence"] for field in problem.fields}
    return None, {}


def simulated_day(agency: AgencyFacts, typed: dict[str, list[str]]) -> date | None:
    """The civil day that a form of a simulated agency names; None is today."""
    text = typed.get("_today", [""])[0]
    if not agency.simulated or not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def agency_day(running: Running, agency: AgencyFacts) -> date:
    """The agency's civil day."""
    return running.doorkeeper.today(agency)

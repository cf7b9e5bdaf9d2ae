"""How a form on a page becomes a command: the same way as over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.access.directory import Session
from shared.kernel.commands import AgencyFacts, Command, CommandSpec
from shared.kernel.errors import Invalid, Problem, VersionConflict
from shared.kernel.routes import permit
from shared.kernel.running import Running
from shared.web.forms import as_choice, fields_of, parse, title_of


async def act(
    running: Running,
    who: Session,
    agency: AgencyFacts,
    spec: CommandSpec,
    id: UUID,
    typed: dict[str, list[str]],
) -> tuple[Problem | None, dict[str, str]]:
    """Carries a form out; what refused it, and what is wrong with each field."""
    command, wrong = parse(spec.cls, typed)
    if command is None:
        return None, wrong
    try:
        actor, agency, within = await permit(running, who, command, agency, id)
        receipt = await running.execute(
            command, id, actor, agency, today=simulated_day(agency, typed), expected_version=version_seen(typed), within=within
        )
        await running.views.wait(receipt.position, running.settings.view_wait_seconds)
    except Problem as problem:
        return problem, {field["field"]: field["sentence"] for field in problem.fields}
    return None, {}


LATE = ("effective_on", "late_reason")
"""The fields with which a past fact is entered; they stand folded away."""

KNOWN = ("approves", "query_password")
"""Fields that no official types: the page carries what is approved, and a query password is the applicant's."""


def act_form(
    one: dict[str, Any],
    model: type[Command],
    typed: dict[str, list[str]] | None,
    wrong: dict[str, str] | None,
    units: list[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """What `open_commands` tells of a command, with its form: its own fields, those of a past fact, and whether it approves what is shown."""
    fields = fields_of(model, typed, wrong, only=tuple(name for name in model.model_fields if name not in (*LATE, *KNOWN)))
    for field in fields:
        if field.name == "unit" and units:
            as_choice(field, units)
    late = fields_of(model, typed, wrong, only=LATE)
    return {
        **one,
        "fields": fields,
        "late": late,
        "late_typed": any(field.value or field.wrong for field in late),
        "approves": "approves" in model.model_fields,
    }


def heading(problem: Problem | None) -> str:
    """What stands over the errors of a form: that somebody else was faster is no mistake of who filled it in."""
    return "他人已更新" if isinstance(problem, VersionConflict) else "提交有误，请更正以下内容"


def told(problem: Problem | None) -> str:
    """What a form is refused with; the page that says so already shows what is new."""
    if isinstance(problem, VersionConflict):
        return "您打开页面之后，这件事已由他人办理，您的提交没有保存。下面是最新的情况，您填写的内容还在；请核对后再提交。"
    return problem.sentence if problem else ""


def kept(model: type[Command], typed: dict[str, list[str]] | None) -> list[tuple[str, str]]:
    """What was typed into a form that is not open any more, with the titles of its fields: nobody has to type it again."""
    return [
        (title, text) for name, values in (typed or {}).items() if (text := "\n".join(values).strip()) and (title := title_of(model, name))
    ]


def days_left(running: Running, agency: AgencyFacts, due: date | None) -> int | None:
    """The working days that are left until a due date; negative: over by so many."""
    if due is None:
        return None
    calendar, today = running.doorkeeper.laws(agency).calendar, running.doorkeeper.today(agency)
    return calendar.working_days_between(today, due)


def why_closed(acts: list[dict[str, Any]], verb: str) -> str:
    """Why what was sent is not open now: then its form does not stand on the page, and its fields are not worth telling. '' if it is open."""
    return next((str(one["why"]) for one in acts if one["verb"] == verb and not one["open"]), "")


def version_seen(typed: dict[str, list[str]]) -> int | None:
    """The version of the thing that the person saw when filling in the form; it is not carried out on another."""
    text = typed.get("_version", [""])[0]
    return int(text) if text.isascii() and text.isdigit() else None


def simulated_day(agency: AgencyFacts, typed: dict[str, list[str]]) -> date | None:
    """The civil day that a form of a simulated agency names; None is today."""
    text = typed.get("_today", [""])[0]
    if not agency.simulated or not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("bad-date", "模拟日期应写作 2025-09-22。") from None


def agency_day(running: Running, agency: AgencyFacts) -> date:
    """The agency's civil day."""
    return running.doorkeeper.today(agency)

"""What stands on the page of anything that is acted on: its forms as they are open now, what was refused, and what was typed."""

from typing import Any

from shared.access.directory import Session
from shared.kernel.aggregates import State
from shared.kernel.commands import AgencyFacts, CommandSpec
from shared.kernel.errors import NotFound, Problem
from shared.kernel.routes import open_commands
from shared.kernel.running import Running
from shared.web.acting import act_form, agency_day, heading, kept, told, why_closed
from shared.web.forms import faults_of


class Tried:
    """A form that was sent and refused: which, what was typed, what is wrong with it."""

    def __init__(self, verb: str, typed: dict[str, list[str]], wrong: dict[str, str], problem: Problem | None) -> None:
        self.verb = verb
        self.typed = typed
        self.wrong = wrong
        self.problem = problem


def spec_of(specs: list[CommandSpec], verb: str) -> CommandSpec:
    """The command of a verb; raises `NotFound`."""
    for spec in specs:
        if spec.verb == verb and not spec.internal and not spec.creates:
            return spec
    raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")


def context(
    running: Running, who: Session, state: State, agency: AgencyFacts, specs: list[CommandSpec], tried: Tried | None
) -> dict[str, Any]:
    """What the templates need for the forms of these commands on this thing, whose agency it is."""
    verb = tried.verb if tried else ""
    acts = [
        act_form(
            one,
            spec_of(specs, one["verb"]).cls,
            tried.typed if tried and one["verb"] == verb else None,
            tried.wrong if tried and one["verb"] == verb else None,
        )
        for one in open_commands(running, specs, state, agency, who)
    ]
    closed = why_closed(acts, verb)
    model = spec_of(specs, verb).cls if tried else None
    problem = tried.problem if tried else None
    return {
        "status": problem.status if problem else 422 if tried else 200,
        "acts": acts,
        "verb": verb,
        "problem": closed or told(problem),
        "heading": heading(problem),
        "kept": kept(model, tried.typed) if closed and tried and model else [],
        "wrong": faults_of(model, tried.wrong) if tried and model and not closed else [],
        "simulated": agency.simulated,
        "today": agency_day(running, agency),
    }

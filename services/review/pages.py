"""The pages of review: what waits for an opinion or a decision, and one review with what may be done now."""

from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.review.api import PAGE, list_reviews
from services.review.secrecy_review.state import SECRETS, TITLES, SecrecyReview, Stage, secrecy_review
from shared.kernel.commands import CommandSpec, commands
from shared.kernel.errors import NotFound, Problem
from shared.kernel.routes import load, open_commands
from shared.kernel.running import Running
from shared.web.acting import act, act_form, agency_day, days_left, heading, kept, told, why_closed
from shared.web.forms import CHOICES, faults_of
from shared.web.rendering import moved, official, page, posted


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/review")

    async def reviews(request: Request, stage: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        units = running.doorkeeper.reach(who, "review.read", agency)
        chosen = Stage(stage) if stage in TITLES else None
        found = await list_reviews(running, agency.code, units, stage=chosen, page=number)
        return page(
            running,
            request,
            "review/templates/reviews.html",
            reviews=[{**row, "left": days_left(running, agency, row["due"])} for row in found],
            stages=TITLES,
            stage=stage,
            page_number=number,
            more=len(found) == PAGE,
        )

    async def review(request: Request, id: UUID) -> Response:
        return await review_page(running, request, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        state, agency = await load(running, secrecy_review, id)
        running.doorkeeper.authorise(who, "review.read", agency, unit=state.responsible_unit)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, command_of(verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/review/reviews/{id}")
        return await review_page(running, request, id, verb=verb, typed=typed, wrong=wrong, problem=problem)

    made.add_api_route("/", reviews, methods=["GET"], response_model=None)
    made.add_api_route("/reviews/{id}", review, methods=["GET"], response_model=None)
    made.add_api_route("/reviews/{id}/{verb}", acted, methods=["POST"], response_model=None)
    return made


async def review_page(
    running: Running,
    request: Request,
    id: UUID,
    *,
    verb: str = "",
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """A review: its files, marks and opinions, and what may be done now."""
    who = official(running, request)
    state, agency = await load(running, secrecy_review, id)
    running.readings.saw(running.doorkeeper.authorise(who, "review.read", agency, unit=state.responsible_unit), agency, state)
    assert isinstance(state, SecrecyReview)
    specs = [spec for spec in running.service.commands if spec.aggregate is secrecy_review]
    acts = [
        act_form(one, command_of(one["verb"]).cls, typed if one["verb"] == verb else None, wrong if one["verb"] == verb else None)
        for one in open_commands(running, specs, state, agency, who)
    ]
    closed = why_closed(acts, verb)
    opinions = {opinion.sha256: msgspec.to_builtins(opinion) for opinion in state.opinions}
    return page(
        running,
        request,
        "review/templates/review.html",
        status=problem.status if problem else 422 if verb else 200,
        state=state,
        title=TITLES[state.stage],
        opinions=opinions,
        left=days_left(running, agency, state.deadline.due if state.deadline else None),
        decided=state.stage in (Stage.APPROVED, Stage.REJECTED),
        marks={**dict.fromkeys(state.hashes(), "none"), **state.marks},
        secrets=SECRETS,
        choices=CHOICES,
        acts=acts,
        approves=state.opinion_hash(),
        verb=verb,
        problem=closed or told(problem),
        heading=heading(problem),
        kept=kept(command_of(verb).cls, typed) if closed else [],
        wrong=faults_of(command_of(verb).cls, wrong or {}) if verb and not closed else [],
        simulated=agency.simulated,
        today=agency_day(running, agency),
    )


def command_of(verb: str) -> CommandSpec:
    """The command of a verb; raises `NotFound`."""
    for spec in commands.values():
        if spec.aggregate is secrecy_review and spec.verb == verb and not spec.internal:
            return spec
    raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")

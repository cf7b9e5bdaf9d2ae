"""What the public may submit without signing in: a form of some fields of a command, and what is told once it was received.

REPORT = PublicForm("report", ReportInconsistency, ("content", "published", "contact"), title="反映信息不准确、不一致", lead="……", thanks="……")
service = Service(..., pages=(REPORT.router("review"), ...))
"""

from collections.abc import Callable
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Invalid, Problem, TooMany
from shared.kernel.running import Running
from shared.web.acting import heading, told
from shared.web.forms import Field, faults_of, fields_of, parse
from shared.web.rendering import page, posted

Shape = Callable[[Running, AgencyFacts, list[Field]], None]
"""Fits the fields of a form to an agency: what its rulebook offers, what it makes necessary."""


class PublicForm(NamedTuple):
    """A form at `/<service>/<path>?agency=CODE`; without one, the only agency there is. `{agency}` in a text is its name.

    `thanks`: what the agency will do now, told with the receipt; what the command replies (a number, a query password) is told once, under `replies`.
    """

    path: str
    command: type[Command]
    fields: tuple[str, ...]
    title: str
    lead: str
    received: str
    thanks: str
    replies: tuple[tuple[str, str], ...] = ()
    follow: str = ""
    shape: Shape | None = None

    def router(self, service: str) -> Callable[[Running], APIRouter]:
        """The pages of the form, for a service."""

        def pages(running: Running) -> APIRouter:
            made = APIRouter(prefix=f"/{service}")

            async def shown(request: Request) -> Response:
                return self.page(running, request)

            async def submitted(request: Request) -> Response:
                agency = addressed(running, request)
                typed = await posted(request)
                if not running.allow_public(request.client.host if request.client else "unknown"):
                    raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
                command, wrong = parse(self.command, only(typed, self.fields))
                if command is None:
                    return self.page(running, request, typed, wrong)
                try:
                    actor = running.doorkeeper.authorise(None, self.command.spec.capability, agency)
                    receipt = await running.execute(command, None, actor, agency)
                    # The number that is told here can be looked up at once.
                    await running.views.wait(receipt.position, running.settings.view_wait_seconds)
                except Problem as problem:
                    return self.page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
                replies = [(title, receipt.reply[name]) for name, title in self.replies if receipt.reply.get(name)]
                return page(
                    running, request, "public_received.html", status=201, form=self, id=receipt.id, to=agency, told=replies, service=service
                )

            made.add_api_route(f"/{self.path}", shown, methods=["GET"], response_model=None)
            made.add_api_route(f"/{self.path}", submitted, methods=["POST"], response_model=None)
            return made

        return pages

    def page(
        self,
        running: Running,
        request: Request,
        typed: dict[str, list[str]] | None = None,
        wrong: dict[str, str] | None = None,
        problem: Problem | None = None,
    ) -> Response:
        """The form, with what was typed and what is wrong with it."""
        agency = addressed(running, request)
        fields = fields_of(self.command, typed, wrong, only=self.fields)
        if self.shape is not None:
            self.shape(running, agency, fields)
        return page(
            running,
            request,
            "public_form.html",
            status=problem.status if problem else 422 if typed else 200,
            form=self,
            to=agency,
            fields=fields,
            wrong=faults_of(self.command, wrong or {}),
            problem=told(problem),
            heading=heading(problem),
        )


def addressed(running: Running, request: Request) -> AgencyFacts:
    """The agency that a member of the public means: the one named, the one that this platform speaks for, else the first. Raises `Problem`."""
    known = running.doorkeeper.agencies()
    if not known:
        raise Invalid("no-agency", "本平台还没有设立机关。")
    return running.agency_for(None, request.query_params.get("agency") or running.settings.default_agency or known[0].code)


def only(typed: dict[str, list[str]], fields: tuple[str, ...]) -> dict[str, list[str]]:
    """What a form may say."""
    return {name: value for name, value in typed.items() if name.split(".")[0] in fields}

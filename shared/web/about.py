"""The page of a service that has started and says what it will decide."""

from fastapi import APIRouter, Request, Response

from shared.kernel.running import Running
from shared.web.rendering import page


def router(running: Running) -> APIRouter:
    """The page."""
    made = APIRouter(prefix=f"/{running.name}")

    async def about(request: Request) -> Response:
        return page(running, request, "about.html", title=running.service.title, about=running.service.about)

    made.add_api_route("/", about, methods=["GET"], response_model=None)
    return made

"""The page on which people change their own password; who has a first one is led here before anything else."""

from fastapi import Request, Response

from shared.access.signin import SignIn
from shared.kernel.application import Endpoint
from shared.kernel.errors import Invalid, Problem
from shared.kernel.running import Running
from shared.web.rendering import COOKIE, moved, official, page, posted


def shown(running: Running, signin: SignIn) -> Endpoint:
    """The form."""

    async def form(request: Request) -> Response:
        due = signin.password_due(official(running, request))
        return page(running, request, "password.html", problem="", due=due)

    return form


def changed(running: Running, signin: SignIn) -> Endpoint:
    """What the form does: the password is another one, all sessions have ended, and the person signs in anew."""

    async def change(request: Request) -> Response:
        session = official(running, request)
        fields = await posted(request)
        current, wanted, again = (fields.get(name, [""])[0] for name in ("current", "password", "again"))
        try:
            if wanted != again:
                raise Invalid("password-differs", "两次输入的新口令不一致，请重新输入。")
            await signin.change_password(session, current, wanted)
        except Problem as problem:
            due = signin.password_due(session)
            return page(running, request, "password.html", status=problem.status, problem=problem.sentence, due=due)
        answer = moved("/signin")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return change

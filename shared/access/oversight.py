"""What the three administrators see of access: the people with their grants and accounts, and (the audit administrator) its log.

Neither shows a hash of a password or of a session's token: those are no business of an administrator.
"""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from shared.access.directory import Directory
from shared.kernel.clocks import instant, today
from shared.kernel.errors import Forbidden, Unauthenticated
from shared.kernel.events import read_envelope, registry
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running

SECRET = ("hash", "token_hash")
"""The fields of events that are told to nobody."""

LOG = "SELECT position, state FROM events WHERE agency = %s AND position > %s ORDER BY position LIMIT %s"


def router(running: Running, directory: Directory) -> APIRouter:
    """`GET /people` and `GET /log?after=&limit=`, each of one's own agency."""
    made = APIRouter()

    async def people(request: Request) -> Response:
        code = _allowed(running, directory, request, "access.enrol_person", "access.give_grant", "access.read_log")
        return answer({"agency": code, "people": [_person(directory, person.id) for person in directory.people(code)]})

    async def log(request: Request, after: int = Query(default=0, ge=0), limit: int = Query(default=100, ge=1, le=1000)) -> Response:
        code = _allowed(running, directory, request, "access.read_log")
        rows = await asyncio.to_thread(running.query_now, LOG, (code, after, limit))
        return answer({"agency": code, "events": [_entry(directory, row["position"], bytes(row["state"])) for row in rows]})

    for path, endpoint, title in (("/people", people, "人员、角色和账号"), ("/log", log, "权限日志")):
        made.add_api_route(path, endpoint, methods=["GET"], summary=title, response_model=None, responses=PROBLEMS)
    return made


def _allowed(running: Running, directory: Directory, request: Request, *capabilities: str) -> str:
    who = signed_in(running, request)
    if who is None:
        raise Unauthenticated("sign-in", "请先登录后再办理。")
    agency = directory.agency(who.agency)
    for capability in capabilities[:-1]:
        try:
            directory.authorise(who, capability, agency)
        except Forbidden:
            continue
        return agency.code
    directory.authorise(who, capabilities[-1], agency)
    return agency.code


def _person(directory: Directory, id: UUID) -> dict[str, Any]:
    person = directory.person(str(id))
    assert person is not None
    account = directory.account_of(str(id))
    held = directory.grants(str(id), today())
    return {
        "id": str(id),
        "name": person.name,
        "office": person.office,
        "unit": person.unit,
        "grants": [{**msgspec.to_builtins(grant), "in_force": grant in held} for grant in person.grants],
        "account": account and {"id": str(account.id), "login": account.login, "locked": account.locked(instant())},
    }


def _entry(directory: Directory, position: int, state: bytes) -> dict[str, Any]:
    envelope = read_envelope(state)
    fields: dict[str, Any] = msgspec.json.decode(envelope.data)
    return {
        "position": position,
        "type": envelope.type,
        "title": registry[envelope.type].title,
        "recorded_at": envelope.recorded_at.isoformat(),
        "actor": envelope.actor.person,
        "actor_name": directory.name_of(envelope.actor.person),
        "roles": list(envelope.actor.roles),
        "principal": envelope.actor.principal,
        "data": {name: value for name, value in fields.items() if name not in SECRET},
    }

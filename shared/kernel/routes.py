"""The routes of a service, made from its commands: `POST /api/<service>/<things>` creates, `POST …/{id}/<verb>` acts, `GET …/{id}/actions`
tells this person which commands are open now, and why others are not.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import ValidationError

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts, Command, CommandSpec, Given, thing_path
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Forbidden, Invalid, NotFound, Problem, Refused, TooMany, Unauthenticated
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Receipt
from shared.kernel.running import Running

JSON = "application/json"
_encoder = msgspec.json.Encoder()

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": title, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, title in {
        401: "请先登录",
        403: "没有权限",
        404: "未找到",
        409: "依规定现在不能办理",
        412: "内容已被他人更新",
        413: "提交的内容过大",
        422: "提交的内容有误",
        429: "操作过于频繁",
        503: "系统繁忙",
    }.items()
}


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer, encoded once."""
    return Response(_encoder.encode(content), status, headers, media_type=JSON)


def add_commands(router: FastAPI, running: Running, specs: list[CommandSpec]) -> None:
    """Adds the POST routes of these commands. Creating ones come first: they are the busiest, and routes are tried in order."""
    for spec in sorted(specs, key=lambda spec: not spec.creates):
        if spec.internal:
            continue
        endpoint = _creating(running, spec) if spec.creates else _acting(running, spec)
        if spec.creates:
            running.direct[f"/api/{running.name}{spec.path}"] = endpoint
        router.add_api_route(
            spec.path,
            endpoint,
            methods=["POST"],
            status_code=201 if spec.creates else 200,
            name=spec.name,
            operation_id=spec.name,
            summary=spec.title,
            description=describe(spec),
            response_model=None,
            responses=PROBLEMS,
            openapi_extra=_openapi(spec),
        )


def thing_router(running: Running, aggregate: Aggregate[Any], specs: list[CommandSpec], read: str) -> APIRouter:
    """The GET routes of a kind of thing: itself, and the commands that are open now. `read` is the capability that reading needs."""
    router = APIRouter()
    things = thing_path(aggregate)

    async def thing(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        await reach(running, request)
        state, agency = await load(running, aggregate, id)
        running.readings.saw(running.doorkeeper.authorise(who, read, agency, unit=state.responsible_unit), agency, state)
        return answer(await asyncio.to_thread(running.shown, state), headers={"ETag": f'"{state.version}"'})

    async def actions(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        state, agency = await load(running, aggregate, id)
        running.doorkeeper.authorise(who, read, agency, unit=state.responsible_unit)
        return answer({"id": str(id), "version": state.version, "actions": open_commands(running, specs, state, agency, who)})

    router.add_api_route(f"/{things}/{{id}}", thing, methods=["GET"], summary="查看", response_model=None, responses=PROBLEMS)
    router.add_api_route(
        f"/{things}/{{id}}/actions", actions, methods=["GET"], summary="现在可以办理的事项", response_model=None, responses=PROBLEMS
    )
    return router


def open_commands(
    running: Running, specs: list[CommandSpec], state: State, agency: AgencyFacts, who: SignedIn | None
) -> list[dict[str, Any]]:
    """Each command with whether it is open to this person now, and why not."""
    laws = running.doorkeeper.laws(agency)
    listed = []
    for spec in specs:
        if spec.creates or spec.internal:
            continue
        refusal: Problem | None = None
        try:
            actor = actor_for(running, who, spec, state, agency)
            if spec.opens is not None:
                spec.opens(
                    state,
                    Given(
                        state.id,
                        fresh_id(),
                        actor,
                        agency,
                        instant(),
                        running.doorkeeper.today(agency),
                        laws.rulebook,
                        laws.calendar,
                        laws.rulebook_of,
                    ),
                )
        except (Refused, Forbidden, Unauthenticated, Invalid) as problem:
            refusal = problem
        listed.append(
            {
                "verb": spec.verb,
                "command": spec.name,
                "title": spec.title,
                "open": refusal is None,
                "why": refusal.sentence if refusal else None,
                "article": (refusal.article if refusal else None) or spec.article,
                "rules": list(spec.rules),
                "href": f"/api/{spec.service}{spec.path.format(id=state.id)}",
            }
        )
    return listed


def actor_for(running: Running, who: SignedIn | None, spec: CommandSpec, state: State, agency: AgencyFacts) -> Actor:
    """The actor of a command on a thing of this agency: its own official, or one of an agency with which the thing is shared, who has the
    capability there. Raises `Unauthenticated` or `Forbidden`; to an agency with which it is not shared, there is no such thing.
    """
    if who is None or who.agency == agency.code or not spec.shared:
        return running.doorkeeper.authorise(who, spec.capability, agency, unit=state.responsible_unit)
    if who.agency not in state.shared_with:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    actor = running.doorkeeper.authorise(who, spec.capability, running.doorkeeper.agency(who.agency))
    return msgspec.structs.replace(actor, agency=who.agency)


def describe(spec: CommandSpec) -> str:
    """What the documentation says of a command."""
    lines = [(spec.cls.__doc__ or "").strip(), f"权限：`{spec.capability}`"]
    if spec.article:
        lines.append(f"依据：{spec.article}")
    if spec.rules:
        lines.append(f"规则：{', '.join(spec.rules)}")
    return "\n\n".join(line for line in lines if line)


def signed_in(running: Running, request: Request) -> SignedIn | None:
    """Who sends this request: by bearer token; None is the public. A token that is no longer good is refused, not taken for the public."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    session = running.doorkeeper.session(token.strip()) if scheme.lower() == "bearer" else None
    if session is None:
        raise Unauthenticated("session-ended", "登录已失效，请重新登录后再办理。")
    return session


async def load(running: Running, aggregate: Aggregate[Any], id: UUID) -> tuple[State, AgencyFacts]:
    """The state of a thing and its agency; raises `NotFound`."""
    state, agency = await asyncio.to_thread(running.load, aggregate, id)
    if not state.exists:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    return state, running.doorkeeper.agency(agency)


async def reach(running: Running, request: Request) -> None:
    """Waits until the views have read what the caller has written (`?after=requests:17` or the header Gongkai-After), at most the set time."""
    wanted = request.query_params.get("after") or request.headers.get("gongkai-after")
    if wanted:
        service, _, position = wanted.partition(":")
        if service != running.name or not position.isdigit():
            raise Invalid("bad-position", f"位置应写作 {running.name}:编号。")
        await running.views.wait(int(position), running.settings.view_wait_seconds)


def parse(spec: CommandSpec, body: bytes) -> Command:
    """The command in a body; the problem names each field at fault and never repeats what was typed."""
    try:
        return spec.cls.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> Invalid:
    """The fields at fault, as a problem."""
    fields = [
        {
            "field": ".".join(str(part) for part in item["loc"]) or "(body)",
            "sentence": sentence(item["type"], item.get("ctx", {}), item["msg"]),
        }
        for item in error.errors(include_url=False, include_input=False)
    ][:50]
    if fields and fields[0]["field"] == "(body)":
        return Invalid("not-json", "提交的内容不是有效的 JSON（须为 UTF-8 编码）。", fields=fields)
    names = "、".join(dict.fromkeys(field["field"] for field in fields))
    return Invalid("invalid", f"以下内容有误，请更正后再提交：{names}。", fields=fields)


SENTENCES: dict[str, str] = {
    "missing": "必填",
    "extra_forbidden": "没有这一项，请核对名称",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_type": "应为文字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "date_from_datetime_parsing": "应为日期，如 2025-09-22",
    "date_parsing": "应为日期，如 2025-09-22",
    "date_type": "应为日期，如 2025-09-22",
    "uuid_parsing": "编号格式有误",
    "json_invalid": "不是有效的 JSON（须为 UTF-8 编码）",
    "string_pattern_mismatch": "格式有误",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "list_type": "应为列表",
    "model_type": "应为一组内容",
    "model_attributes_type": "应为一组内容",
}


def sentence(kind: str, context: dict[str, Any], fallback: str) -> str:
    """What is wrong with a field, in Chinese. Validators of ours raise ValueError with a Chinese sentence."""
    if kind == "value_error":
        return fallback.removeprefix("Value error, ")
    pattern = SENTENCES.get(kind, "格式有误")
    try:
        return pattern.format(**context)
    except (KeyError, IndexError):
        return "格式有误"


def _creating(running: Running, spec: CommandSpec) -> Callable[..., Any]:
    async def create(request: Request) -> Response:
        receipt = await carry_out(running, spec, request, None)
        return answer(
            {"id": str(receipt.id), "version": receipt.version, "position": f"{running.name}:{receipt.position}", **receipt.reply},
            201,
            _headers(running, spec, receipt),
        )

    return create


def _acting(running: Running, spec: CommandSpec) -> Callable[..., Any]:
    async def act(request: Request, id: UUID) -> Response:
        receipt = await carry_out(running, spec, request, id)
        return answer(
            {"id": str(receipt.id), "version": receipt.version, "position": f"{running.name}:{receipt.position}", **receipt.reply},
            200,
            _headers(running, spec, receipt),
        )

    return act


def _headers(running: Running, spec: CommandSpec, receipt: Receipt) -> dict[str, str]:
    headers = {"Gongkai-Position": f"{running.name}:{receipt.position}", "ETag": f'"{receipt.version}"'}
    if spec.creates:
        headers["Location"] = f"/api/{spec.service}/{thing_path(spec.aggregate)}/{receipt.id}"
    if receipt.repeated:
        headers["Idempotency-Replayed"] = "true"
    return headers


async def carry_out(running: Running, spec: CommandSpec, request: Request, id: UUID | None) -> Receipt:
    """From a request to a receipt: who, may they, what, and into the pipeline."""
    who = signed_in(running, request)
    headers = request.headers
    if who is None:
        if not spec.public:
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
    body = await request.body()
    command = parse(spec, body)
    agency = running.agency_for(who, request.query_params.get("agency"))
    actor, agency, within = await permit(running, who, command, agency, id)
    match = headers.get("if-match")
    expected = _version(match) if match is not None else None
    return await running.execute(
        command,
        id,
        actor,
        agency,
        today=simulated_day(headers.get("gongkai-today"), agency, actor),
        idempotency_key=_key(headers.get("idempotency-key")),
        body=body,
        expected_version=expected,
        within=within,
    )


async def permit(
    running: Running, who: SignedIn | None, command: Command, agency: AgencyFacts, id: UUID | None
) -> tuple[Actor, AgencyFacts, str | None]:
    """The actor of a command, the agency whose thing it is about, and the unit to which it is limited, if it is; raises `Unauthenticated`,
    `Forbidden` or `NotFound`. The agency is the actor's own, but for a command on what another agency shares with it.

    What is created is of the unit that the command names; what is acted on, of the unit that its state names. Only for who holds the
    capability for some unit alone is the state looked up: the pipeline makes sure that it is that unit's still when it decides.
    """
    spec = command.spec
    if spec.shared and id is not None:
        state, owner = await load(running, spec.aggregate, id)
        return actor_for(running, who, spec, state, owner), owner, None
    unit = getattr(command, "unit", None) if id is None else None
    try:
        return running.doorkeeper.authorise(who, spec.capability, agency, unit=unit), agency, None
    except Forbidden as refusal:
        if id is None or refusal.code != "other-unit":
            raise
    state, _ = await load(running, spec.aggregate, id)
    unit = state.responsible_unit
    return running.doorkeeper.authorise(who, spec.capability, agency, unit=unit), agency, unit


def _key(value: str | None) -> str | None:
    if value is not None and not 8 <= len(value) <= 200:
        raise Invalid("bad-key", "提交编号（Idempotency-Key）应为 8 至 200 个字符。")
    return value


def _version(match: str) -> int:
    text = match.strip().removeprefix("W/").strip('"')
    if not text.isdigit():
        raise Invalid("bad-version", "版本号（If-Match）格式有误，应为查看时得到的 ETag。")
    return int(text)


def simulated_day(value: str | None, agency: AgencyFacts, actor: Actor) -> date | None:
    """The civil day that the header Gongkai-Today names, for a simulated agency; raises `Refused` for a real one."""
    if value is None:
        return None
    if not agency.simulated or actor.person == "public":
        raise Refused("real-clock", "只有模拟机构（演示、培训）可以设定日期；正式机构请填写“事实发生日期”。")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid("bad-date", "日期应写作 2025-09-22。") from None


def _openapi(spec: CommandSpec) -> dict[str, Any]:
    parameters = [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "schema": {"type": "string", "minLength": 8, "maxLength": 200},
            "description": "同一编号重复提交只办理一次（七天内）",
        },
        {"name": "agency", "in": "query", "schema": {"type": "string"}, "description": "机关代码；登录后不用填写"},
    ]
    if not spec.creates:
        parameters.append(
            {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "description": "查看时得到的 ETag；他人已更新则不办理"}
        )
    return {
        "requestBody": {"required": True, "content": {JSON: {"schema": body_schema(spec)[0]}}},
        "parameters": parameters,
        "x-gongkai": {"capability": spec.capability, "rules": list(spec.rules), "article": spec.article, "command": spec.name},
    }


def body_schema(spec: CommandSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of a command's body, and the further schemas that it refers to under `#/components/schemas`."""
    schema = spec.cls.model_json_schema(ref_template="#/components/schemas/{model}")
    further = schema.pop("$defs", {})
    return schema, further

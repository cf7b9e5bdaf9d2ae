"""A service as it runs in a process: its log, pipeline and views, and the one way to carry out a command."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec
from fastapi import Request, Response
from psycopg.rows import dict_row

from shared import telemetry
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.doorkeeping import Doorkeeper, SignedIn
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.events import Actor, Meta
from shared.kernel.idempotency import IdempotencyKey
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Receipt, job
from shared.kernel.log import Log
from shared.kernel.pipeline import Pipeline
from shared.kernel.rates import MinuteRate
from shared.kernel.readings import Readings
from shared.kernel.service import Service
from shared.kernel.viewrunner import ViewRunner
from shared.settings import Settings
from shared.trust.keys import Keys
from shared.trust.personal import Personal
from shared.trust.sealing import KeyUnavailable


class Running:
    """A service in this process. Everything that reaches it, by HTTP, by timer or by NATS, goes through `execute` or its pipeline."""

    def __init__(self, service: Service, settings: Settings, doorkeeper: Doorkeeper, keys: Keys) -> None:
        dsn = settings.dsn(service.name, role=f"gongkai_{service.name}")
        self.service = service
        self.name = service.name
        self.settings = settings
        self.doorkeeper = doorkeeper
        self.keys = keys
        self.dsn = dsn
        self.log = Log(service.name, dsn)
        self.pipeline = Pipeline(
            self.log,
            keys,
            doorkeeper.laws,
            limit=settings.pipeline_queue,
            batch=settings.pipeline_batch,
            idempotency_days=settings.idempotency_days,
        )
        self.views = ViewRunner(service.name, dsn, service.views)
        self.direct: dict[str, Callable[[Request], Awaitable[Response]]] = {}
        """The routes that create, by their whole path: `Front` calls them without going through the framework's layers."""
        self.follows_views = False
        """Whether another process keeps the views, and this one only reads how far they are."""
        self.calendars_seen: dict[str, str] = {}
        self.readings = Readings(self)
        """Which officials have seen personal data here, being recorded."""
        self._public_rate = MinuteRate(settings.public_requests_per_minute)

    def start(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Starts the pipeline (in `loop`, in whose thread this is called, or else in a thread of its own) and the views."""
        self.pipeline.start(loop)
        self.views.start(follow=self.follows_views)

    def stop(self) -> None:
        """Carries out what waits, then ends, in order."""
        self.pipeline.stop()
        self.views.stop()
        self.log.close()

    async def execute(
        self,
        command: Command,
        id: UUID | None,
        actor: Actor,
        agency: AgencyFacts,
        *,
        today: date | None = None,
        idempotency_key: str | None = None,
        body: bytes = b"",
        expected_version: int | None = None,
        command_id: UUID | None = None,
        cause: Meta | None = None,
        within: str | None = None,
    ) -> Receipt:
        """Carries out a command that its actor may give (`within`: for this unit alone); raises the problem that refused it."""
        spec = command.spec
        day = today or self.doorkeeper.today(agency)
        acting = id is not None
        if id is None:
            id = spec.identity(command, agency, day) if spec.identity is not None else fresh_id()
        supply = self.service.supplies.get(type(command))
        if supply is not None:
            command = await supply(self, command, id, agency, day)
        key = None
        if idempotency_key is not None:
            scope = f"{agency.code}|{actor.person}|{spec.name}|{id if acting else ''}"
            key = IdempotencyKey.of(idempotency_key, scope, body)
        return await self.pipeline.execute(
            job(
                command,
                id,
                actor,
                agency,
                day,
                command_id or fresh_id(),
                correlation=cause.correlation if cause else None,
                causation=str(cause.id) if cause else None,
                trace=telemetry.current_traceparent(),
                cause=cause,
                expected_version=expected_version,
                key=key,
                within=within,
            )
        )

    def agency_for(self, who: SignedIn | None, code: str | None) -> AgencyFacts:
        """The agency that a request concerns: the person's own; for the public the one named, else the one that this platform serves by default."""
        if who is not None:
            return self.doorkeeper.agency(who.agency)
        wanted = code or self.settings.default_agency
        if not wanted:
            raise Invalid("agency-missing", "请指明向哪个机关提出（参数 agency）。", fields=[{"field": "agency", "sentence": "必填"}])
        return self.doorkeeper.agency(wanted)

    def allow_public(self, address: str) -> bool:
        """Whether this address may send one more request this minute without being signed in."""
        return self._public_rate.allows(address)

    def load(self, aggregate: Aggregate[Any], id: UUID) -> tuple[State, str]:
        """The state of a thing, folded from the log, and its agency's code ('' if there is none). Blocks: call it in a thread."""
        rows = self.log.rows.read_aggregate(id)
        wanted = {cls.spec.type for cls in aggregate.events}
        if not rows or rows[0].topic.rpartition(":")[0] not in wanted:
            return cast("State", aggregate.initial(id)), ""
        return cast("State", aggregate.fold(aggregate.initial(id), (row.recorded() for row in rows))), rows[0].agency

    def shown(self, state: State) -> dict[str, Any]:
        """A state as JSON without what is told to nobody, its personal data decrypted for a reader who may; erased data says so. Blocks: call it
        in a thread.
        """
        told = cast("dict[str, Any]", msgspec.to_builtins(state, enc_hook=self.reveal))
        return {name: value for name, value in told.items() if name not in state.never_told}

    def reveal(self, value: object) -> object:
        """Personal data as text, for `msgspec.to_builtins`; erased data says so. Blocks."""
        if isinstance(value, Personal):
            try:
                return self.keys.show(value)
            except KeyUnavailable:
                raise Unavailable("keys-unreachable", "个人信息的密钥暂时无法读取，请稍后再试。", retry_after=10) from None
        if isinstance(value, frozenset):
            return sorted(value)
        raise NotImplementedError(type(value).__name__)

    async def query(
        self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = (), *, agency: str | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a view, as far as they are the agency's that is named: see `query_now`."""
        return await asyncio.to_thread(self.query_now, sql, parameters, agency=agency)

    def query_now(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = (), *, agency: str | None = None) -> list[dict[str, Any]]:
        """Rows of a view. Blocks: call it in a thread.

        `agency`: its code; the views show rows of no other, and none at all to who names none. `EVERY_AGENCY` is for what works for all alike.
        """
        with self.log.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            if agency is None:
                return cursor.execute(sql, parameters).fetchall()
            with connection.transaction():
                # Ends with the transaction: the connection goes back to the pool without it.
                connection.execute("SELECT set_config('gongkai.agency', %s, true)", (agency,))
                return cursor.execute(sql, parameters).fetchall()

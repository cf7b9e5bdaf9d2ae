"""What one transaction of the pipeline does: looks up, decides in order, and gathers what is to be stored.

Everything here runs in the writer's event loop; deciding waits for nothing. Nothing is told to anyone before the transaction has committed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
import structlog
from eventsourcing.persistence import StoredEvent, Tracking

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.arrays import Blobs, Uuids
from shared.kernel.commands import Decided, Given, On, decide, effective_day
from shared.kernel.errors import Forbidden, KeyReused, NotFound, Problem, VersionConflict
from shared.kernel.events import Event, Meta, write_state
from shared.kernel.idempotency import Answer
from shared.kernel.identity import following_id, lane_of
from shared.kernel.jobs import Handled, Job, Place, Postponed, Receipt, Step, Unit
from shared.kernel.log import COLUMNS, LOOK, PASS_OVER, WRITE, WRITE_UNSEEN, LogRow, Row, to_track, to_write
from shared.kernel.places import place
from shared.kernel.states import Remembered, States
from shared.trust.master import MasterKeyError
from shared.trust.personal import Personal
from shared.trust.sealing import KeyUnavailable, NotAtHand

if TYPE_CHECKING:
    from shared.kernel.pipeline import Pipeline

log = structlog.get_logger("gongkai.pipeline")

REFUSED = """INSERT INTO inbox_refused (source, position, case_id, topic, code, sentence)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"""


T = TypeVar("T")

_NOTHING = UUID(int=0)


class NotRead(Exception):
    """Further aggregates that a decision needs and that were not read: the state that names them was made within the batch."""

    def __init__(self, wanted: dict[UUID, Aggregate[Any]]) -> None:
        super().__init__("a decision needs more than was read")
        self.wanted = wanted


class Work:
    """The batch while it is decided."""

    def __init__(self, pipeline: Pipeline, connection: psycopg.AsyncConnection[Any], units: Sequence[Unit], now: datetime) -> None:
        self.pipeline = pipeline
        self.connection = connection
        self.units = units
        self.now = now
        self.last = pipeline.last
        self.lanes = dict(pipeline.lanes)
        self.states: States = pipeline.states
        self.rows: list[Row] = []
        self._outcomes: list[tuple[Step, Receipt | Problem | Exception]] = []
        self._answers: dict[bytes, Answer] = {}
        self._known_answers: dict[bytes, Answer] = {}
        self._trackings: list[tuple[Tracking, UUID]] = []
        self._refused: list[tuple[Handled, Problem]] = []
        self.looked = False
        self._loaded: dict[UUID, Remembered] = {}
        self._read: set[UUID] = set()
        self._brought: Counter[UUID | str] = Counter()

    @property
    def proves_itself(self) -> bool:
        """Whether storing it proves that nothing has changed: every command came to events. A refusal on old memories would prove nothing."""
        if not any(step.job is not None for unit in self.units for step in unit.steps):
            return True
        return bool(self.rows) and all(isinstance(outcome, Receipt) for _, outcome in self._outcomes)

    async def recall(self) -> None:
        """Reads what the decisions need and this replica does not remember. What it remembers may be old: storing shows it."""
        await self._load(self._things())
        await self._load(self._further())
        await self._read_tracked()

    async def look_up(self) -> None:
        """Reads how far the log is and the answers given before, and then what the decisions need, as it is now."""
        self._loaded.clear()
        self._read.clear()
        self.begin_again()
        names = Blobs(
            [step.job.key.name for unit in self.units for step in unit.steps if step.job is not None and step.job.key is not None]
        )
        rows = await (await self.connection.execute(LOOK, (names, self.pipeline.idempotency_days), binary=True)).fetchall()
        self._known_answers = {name: Answer(name, body, result) for _, name, body, result in rows if name is not None}
        await self.pipeline.catch_up(self.connection, rows[0][0])
        self.last = self.pipeline.last
        self.lanes = dict(self.pipeline.lanes)
        self.looked = True
        await self.recall()

    def decide(self) -> None:
        """Decides every step of every unit in order.

        Raises `NotAtHand` if a key is needed that is not in memory, `NotRead` if a state is; then nothing has been done.
        """
        tracked = dict(self.pipeline.tracked)
        for unit in self.units:
            stopped: set[tuple[str, int]] = set()
            for step in unit.steps:
                self._take(step, tracked, stopped if unit.ordered else None)

    async def bring(self, wanted: NotAtHand) -> None:
        """Fetches the key that was wanted, with those of everyone whom the batch concerns, and forgets what was decided, to decide it once more."""
        assert self.pipeline.keys is not None
        self._brought[wanted.id] += 1
        persons = {key for state in self.states.working() if (key := getattr(state, "person_key", None)) is not None}
        with contextlib.suppress(KeyUnavailable, MasterKeyError):
            await asyncio.to_thread(self.pipeline.keys.bring, wanted, persons)
        self.begin_again()

    async def read(self, missing: NotRead) -> None:
        """Reads what a decision turned out to need, and forgets what was decided, to decide it once more."""
        self.begin_again()
        await self._load(missing.wanted)

    def begin_again(self) -> None:
        """Forgets what was decided."""
        self.states.drop_working()
        for id, remembered in self._loaded.items():
            self.states.work(id, remembered)
        self.rows.clear()
        self._outcomes.clear()
        self._answers.clear()
        self._trackings.clear()
        self._refused.clear()

    async def store(self) -> None:
        """Writes what was decided: all of it or nothing. Raises `psycopg.errors.UniqueViolation` if the log has gone on since `look_up`."""
        if self._refused:
            columns = zip(
                *(
                    (handled.source, handled.position, handled.case_id, handled.topic, problem.code, problem.sentence)
                    for handled, problem in self._refused
                ),
                strict=True,
            )
            async with self.connection.transaction():
                await self.connection.execute(REFUSED, [list(column) for column in columns])
                await self._write()
        else:
            await self._write()

    async def _write(self) -> None:
        if self.rows or self._answers:
            answers = list(self._answers.values())
            statement = WRITE if self.looked else WRITE_UNSEEN
            await self.connection.execute(statement, to_write(self.last, self.lanes, self.rows, self._trackings, answers))
            self.last += len(self.rows)
        elif self._trackings:
            await self.connection.execute(PASS_OVER, to_track(self._trackings))

    def settle(self) -> None:
        """The transaction has committed: tells each step what came of it."""
        for step, outcome in self._outcomes:
            step.outcome = outcome

    def _jobs(self) -> Iterator[Job]:
        return (step.job for unit in self.units for step in unit.steps if step.job is not None)

    def _things(self) -> dict[UUID, Aggregate[Any]]:
        """The aggregates that the commands are about."""
        return {job.id: spec.aggregate for job in self._jobs() if not ((spec := job.command.spec).creates and spec.identity is None)}

    def _further(self) -> dict[UUID, Aggregate[Any]]:
        """The further ones that their decisions read or write, as the states now name them."""
        return {id: aggregate for job in self._jobs() for aggregate, id in self._also(job)}

    def _also(self, job: Job) -> Iterable[tuple[Aggregate[Any], UUID]]:
        spec = job.command.spec
        if spec.also is None:
            return ()
        known = self._known(spec.aggregate, job.id)
        return spec.also(job.command, job.agency, job.today, known.state if known is not None else spec.aggregate.initial(job.id))

    async def _load(self, wanted: dict[UUID, Aggregate[Any]]) -> None:
        missing = [id for id in wanted if self.states.get(id) is None and id not in self._read]
        if not missing:
            return
        self._read.update(missing)
        rows = await self.connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version",
            (Uuids(missing),),
            binary=True,
        )
        loaded: dict[UUID, Remembered] = {}
        for values in await rows.fetchall():
            row = LogRow(*values)
            aggregate = wanted[row.originator_id]
            recorded = row.recorded()
            if type(recorded.event) not in aggregate.events:
                # The id names another kind of thing: for this command there is none.
                continue
            before = loaded.get(row.originator_id) or Remembered(aggregate.initial(row.originator_id), row.case_id, row.agency)
            loaded[row.originator_id] = before._replace(state=aggregate.apply(before.state, recorded.event, recorded.meta))
        self._loaded.update(loaded)
        for id, remembered in loaded.items():
            self.states.work(id, remembered)

    async def _read_tracked(self) -> None:
        tracked = self.pipeline.tracked
        handled = [step.handled for unit in self.units for step in unit.steps if step.handled is not None]
        sources = list({each.source for each in handled if each.place not in tracked})
        if sources:
            rows = await self.connection.execute("SELECT source, lane, incarnation, position FROM inbox WHERE source = ANY(%s)", (sources,))
            tracked.update({(source, lane, incarnation): position for source, lane, incarnation, position in await rows.fetchall()})

    def remember_tracked(self) -> None:
        """It has been stored: these positions of other logs have been handled."""
        for tracking, incarnation in self._trackings:
            source, _, lane = tracking.application_name.rpartition(":")
            self.pipeline.tracked[source, int(lane), incarnation] = tracking.notification_id

    def _take(self, step: Step, tracked: dict[Place, int], stopped: set[tuple[str, int]] | None) -> None:
        handled = step.handled
        lane = (handled.source, handled.lane) if handled is not None else None
        if lane is not None and stopped is not None and lane in stopped:
            self._outcomes.append((step, Postponed()))
            return
        if handled is not None and lane is not None and handled.position <= tracked.get(handled.place, 0):
            self._outcomes.append((step, self._receipt(handled.case_id, 0, {}, repeated=True)))
            return
        outcome: Receipt | Problem | Exception
        if isinstance(step.outcome, Exception):
            outcome = step.outcome
        elif step.job is not None:
            outcome = self._carry_out(step.job)
        else:
            outcome = self._receipt(handled.case_id if handled is not None else _NOTHING, 0, {})
        self._outcomes.append((step, outcome))
        if handled is None or lane is None:
            return
        if isinstance(outcome, Exception) and not isinstance(outcome, Problem):
            if stopped is not None:
                stopped.add(lane)
            return
        if isinstance(outcome, Problem):
            self._refused.append((handled, outcome))
        tracked[handled.place] = handled.position
        self._trackings.append((handled.tracking, handled.incarnation))

    def _carry_out(self, job: Job) -> Receipt | Problem | Exception:
        try:
            repeated = self._answered(job)
            if repeated is not None:
                return repeated
            return self._decide(job)
        except Problem as problem:
            return problem
        except (NotAtHand, NotRead):
            raise
        except Exception as error:
            log.error(
                "a command failed", command=job.command.spec.name, error=type(error).__name__, at=place(error), case=str(job.case or job.id)
            )
            return error

    def _answered(self, job: Job) -> Receipt | None:
        if job.key is None:
            return None
        found = self._answers.get(job.key.name) or self._known_answers.get(job.key.name)
        if found is None:
            return None
        if found.body != job.key.body:
            raise KeyReused("key-reused", "这个提交编号（Idempotency-Key）已用于另一份内容，请换一个编号再提交。")
        answer = job.key.open(found.result)
        return self._receipt(UUID(answer["id"]), answer["version"], answer["reply"], position=answer["position"], repeated=True)

    def _decide(self, job: Job) -> Receipt:
        command = job.command
        spec = command.spec
        known = self._known(spec.aggregate, job.id)
        if known is not None and known.agency != job.agency.code:
            raise NotFound("not-found", "没有找到该事项，请核对编号。")
        if job.actor.agency not in (None, job.agency.code) and not (
            spec.shared and known is not None and job.actor.agency in known.state.shared_with
        ):
            # To an agency with which it is not shared, there is none.
            raise NotFound("not-found", "没有找到该事项，请核对编号。")
        state = known.state if known is not None else spec.aggregate.initial(job.id)
        if job.expected_version is not None and job.expected_version != state.version:
            raise VersionConflict("stale", "您看到的内容已被他人更新，请刷新页面，核对后再办理。")
        if job.within is not None and not spec.creates and state.responsible_unit != job.within:
            raise Forbidden("other-unit", "这件事刚刚转由其他科室承办，您的授权只限于原科室。")
        laws = self.pipeline.laws(job.agency)
        facts = Given(
            id=job.id,
            command_id=job.command_id,
            actor=job.actor,
            agency=job.agency,
            now=self.now,
            today=effective_day(command, job.today, laws.rulebook),
            rulebook=laws.rulebook,
            calendar=laws.calendar,
            rulebook_of=laws.rulebook_of,
            others=self._others(job),
            cause=job.cause,
            take_key=None if self.pipeline.keys is None else lambda: self._take_key(job),
            is_agency=laws.is_agency,
            is_unit=laws.is_unit,
            is_person=laws.is_person,
        )
        decided = decide(command, state, facts)
        filed = (known.case if known is not None else None) or decided.case or job.case or job.id
        state, rows, beside = self._record(job, facts, state, filed, decided)
        self.states.work(job.id, Remembered(state, filed, job.agency.code))
        for id, remembered in beside.items():
            self.states.work(id, remembered)
        self.rows.extend(rows)
        receipt = self._receipt(job.id, state.version, decided.reply)
        if job.key is not None:
            self._answers[job.key.name] = Answer(job.key.name, job.key.body, job.key.seal(receipt.answer()))
        return receipt

    def _take_key(self, job: Job) -> UUID:
        assert self.pipeline.keys is not None
        keys = self.pipeline.keys
        return self._at_hand(lambda: keys.take(job.agency.code, wait=False))

    def _at_hand(self, ask: Callable[[], T]) -> T:
        """What the keys answer; what was sent for three times in vain is out of reach."""
        try:
            return ask()
        except NotAtHand as wanted:
            if self._brought[wanted.id] >= 3:
                raise KeyUnavailable from None
            raise

    def _others(self, job: Job) -> dict[UUID, State]:
        wanted = {id: aggregate for aggregate, id in self._also(job)}
        unread = {id: aggregate for id, aggregate in wanted.items() if self.states.get(id) is None and id not in self._read}
        if unread:
            raise NotRead(unread)
        others = {}
        for id, aggregate in wanted.items():
            known = self._known(aggregate, id)
            # What belongs to another agency is not there for this one.
            others[id] = known.state if known is not None and known.agency == job.agency.code else aggregate.initial(id)
        return others

    def _known(self, aggregate: Aggregate[Any], id: UUID) -> Remembered | None:
        known = self.states.get(id)
        return known if known is not None and isinstance(known.state, aggregate.state) else None

    def _record(
        self, job: Job, facts: Given, state: State, case: UUID, decided: Decided
    ) -> tuple[State, list[Row], dict[UUID, Remembered]]:
        rows: list[Row] = []
        beside: dict[UUID, Remembered] = {}
        for index, item in enumerate(decided.events):
            if isinstance(item, On):
                known = beside.get(item.id) or self._known(item.aggregate, item.id)
                if known is None:
                    known = Remembered(item.aggregate.initial(item.id), item.case or item.id, job.agency.code)
                other, row = self._event(job, facts, item.aggregate, known.state, item.event, known.case, index)
                beside[item.id] = known._replace(state=other)
            else:
                state, row = self._event(job, facts, job.command.spec.aggregate, state, item, case, index)
            rows.append(row)
        return state, rows, beside

    def _event(
        self, job: Job, facts: Given, aggregate: Aggregate[Any], state: State, event: Event, case: UUID, index: int
    ) -> tuple[State, Row]:
        spec = event.spec
        command = job.command
        event_id = following_id(job.command_id, index)
        book = getattr(state, "rulebook", None) or facts.rulebook.id
        meta = Meta(
            id=event_id,
            case=case,
            agency=job.agency.code,
            service=self.pipeline.log.service,
            recorded_at=self.now,
            effective_on=facts.today,
            actor=job.actor,
            command=command.spec.name,
            correlation=job.correlation,
            causation=job.causation,
            rules=spec.rules or command.spec.rules,
            article=spec.article(book) or command.spec.article,
            rulebook=book,
            late_reason=command.late_reason,
            trace=job.trace,
        )
        sealed = self._seal(event, state, event_id)
        evolved = aggregate.apply(state, sealed, meta)
        stored = StoredEvent(state.id, evolved.version, spec.topic, write_state(sealed, meta))
        return evolved, Row(stored, event_id, case, job.agency.code, lane_of(case))

    def _seal(self, event: Event, state: State, event_id: UUID) -> Event:
        spec = event.spec
        texts = {name: value.reveal() for name in spec.personal if (value := getattr(event, name)) is not None and not value.is_sealed}
        if not texts:
            return event
        key = getattr(event, "person_key", None) or getattr(state, "person_key", None)
        keys = self.pipeline.keys
        if key is None or keys is None:
            raise RuntimeError(f"{spec.type} holds personal data but names no person's key")
        tokens = self._at_hand(lambda: keys.seal_all(key, event_id, spec.topic, texts))
        return msgspec.structs.replace(
            event, **{name: Personal.sealed(token, event_id, name, spec.topic) for name, token in tokens.items()}
        )

    def _receipt(self, id: UUID, version: int, reply: dict[str, Any], *, position: int | None = None, repeated: bool = False) -> Receipt:
        reached = self.pipeline.last + len(self.rows) if position is None else position
        return Receipt(id=id, version=version, position=reached, reply=reply, repeated=repeated)

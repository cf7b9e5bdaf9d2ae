"""How the events that an inbox brings become commands of this service: effect and position in one transaction."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared import telemetry
from shared.kernel.errors import Overloaded, Problem, Unavailable, VersionConflict
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id, following_id
from shared.kernel.jobs import Handled, Postponed, Step, job
from shared.kernel.reactions import react, reactions
from shared.kernel.running import Running
from shared.messaging.messages import Message
from shared.messaging.results import Done, Failed, Refused, Result
from shared.messaging.results import Postponed as Waits


class ReactionHandler:
    """Hands the events of `source` to the pipeline of the service that reacts to them."""

    def __init__(self, running: Running, source: str) -> None:
        self.running = running
        self.source = source
        self.wanted = frozenset(type_ for (service, type_), spec in reactions.items() if service == running.name and spec.source == source)

    def interested(self, topic: str) -> bool:
        """Whether this service reacts to events of this topic."""
        return topic.rpartition(":")[0] in self.wanted

    async def __call__(self, messages: Sequence[Message]) -> Sequence[Result]:
        """Carries out what these events lead to, in order; messages that nobody is interested in are only advanced over."""
        steps = [self._step(message) for message in messages]
        return [self._result(step) for step in await self._carry_out(steps)]

    def _step(self, message: Message) -> Step:
        return self._job(message, self._handled(message))

    async def released(self, message: Message) -> Result:
        """Carries out what a parked event leads to. Its position was passed long ago; if its effect is there already, that is enough."""
        if await asyncio.to_thread(self._carried_out, message):
            return Done()
        step = self._job(message, None)
        (done,) = await self._carry_out([step])
        return self._result(done)

    async def _carry_out(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Hands these to the pipeline; raises `ConnectionError` where it is full, stopping or without its database: no event is to blame."""
        try:
            done = await asyncio.wrap_future(self.running.pipeline.submit(steps, ordered=True))
        except (Overloaded, Unavailable) as away:
            raise ConnectionError(away.code) from None
        for step in done:
            if isinstance(step.outcome, Overloaded | Unavailable):
                raise ConnectionError(step.outcome.code)
        return done

    def _carried_out(self, message: Message) -> bool:
        first = following_id(self._command_id(message), 0)
        return bool(self.running.query_now("SELECT 1 AS one FROM events WHERE event_id = %s", (first,)))

    def _command_id(self, message: Message) -> UUID:
        return derived_id("reaction", self.running.name, self.source, message.event_id)

    def _handled(self, message: Message) -> Handled:
        return Handled(
            source=self.source,
            lane=message.lane,
            position=message.position,
            incarnation=message.incarnation,
            case_id=message.case_id,
            topic=message.topic,
        )

    def _job(self, message: Message, handled: Handled | None) -> Step:
        if not self.interested(message.topic):
            return Step(handled=handled)
        try:
            reaction, meta = react(self.running.name, message.state)
        except Exception as error:
            return Step(handled=handled, outcome=error)
        if reaction is None:
            return Step(handled=handled)
        agency = self.running.doorkeeper.agency(meta.agency)
        with telemetry.span(f"{self.running.name} reacts to {message.topic}", parent=message.traceparent):
            trace = telemetry.current_traceparent()
        return Step(
            handled=handled,
            job=job(
                reaction.command,
                reaction.id,
                Actor(f"service:{self.source}", ("system",)),
                agency,
                meta.effective_on if agency.simulated else self.running.doorkeeper.today(agency),
                self._command_id(message),
                correlation=meta.correlation,
                causation=str(meta.id),
                trace=trace,
                cause=meta,
                case=reaction.case or meta.case,
            ),
        )

    @staticmethod
    def _result(step: Step) -> Result:
        outcome = step.outcome
        if isinstance(outcome, Postponed):
            return Waits()
        if isinstance(outcome, VersionConflict):
            # The transaction met another one: nothing was stored, and no rule has refused anything.
            return Failed(type(outcome).__name__)
        if isinstance(outcome, Problem):
            return Refused(outcome.code, outcome.sentence)
        if isinstance(outcome, Exception):
            return Failed(type(outcome).__name__)
        return Done()

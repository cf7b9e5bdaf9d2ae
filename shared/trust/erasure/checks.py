"""How the services are asked whether a case's personal data may be erased: request-reply on `erasure.check.<service>`."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.kernel.log import Log
from shared.trust.erasure.holdings import Held, held

PATIENCE_SECONDS = 3.0
"""How long a service may take to answer; one that is just starting is asked again within this time."""

AGAIN_SECONDS = 0.2


class Asked(msgspec.Struct, frozen=True):
    """May the personal data of this case, of this agency, be erased?"""

    case: UUID
    agency: str


class NoAnswer(Exception):
    """A service did not answer, so nobody knows whether it still has to keep the data."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


def answer_on(broker: NatsBroker, log: Log) -> None:
    """Declares that this process answers for a service; any of its processes may."""

    @broker.subscriber(
        f"erasure.check.{log.service}",
        queue="erasure",
        title=f"erasure.check.{log.service}",
        description=f"{log.service}：某案件的个人信息能否清除，由哪些密钥保护",
    )
    async def answered(asked: dict[str, Any]) -> bytes:
        question = msgspec.convert(asked, Asked)
        return msgspec.json.encode(await asyncio.to_thread(held, log, question.case, question.agency))


async def ask(client: Client, services: Sequence[str], asked: Asked, *, patience: float = PATIENCE_SECONDS) -> list[Held]:
    """The answers of all services; raises `NoAnswer` for one that gives none within `patience` seconds."""
    return list(await asyncio.gather(*(_ask(client, service, asked, patience) for service in services)))


async def _ask(client: Client, service: str, asked: Asked, patience: float) -> Held:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while (remaining := deadline - loop.time()) > 0:
        try:
            reply = await client.request(
                f"erasure.check.{service}", msgspec.json.encode(asked), timeout=remaining, headers={"content-type": "application/json"}
            )
            return msgspec.json.decode(reply.data, type=Held)
        except (NatsError, msgspec.MsgspecError):
            # Nobody listens yet, or what came is no answer (the service failed): once more, while there is time.
            await asyncio.sleep(AGAIN_SECONDS)
    raise NoAnswer(service)

"""Heads are published once enough witnesses have cosigned them, also when one was away, and never when the log was rewritten in between."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from services.audit.heads import Heads, newest, origin, policy_text
from services.audit.ledger import LedgerWriter
from shared.messaging.messages import Message
from shared.platform.databases import statements
from shared.settings import Settings
from shared.trust.log_key import LogKey
from shared.trust.verify_bundle import Policy
from shared.trust.witness import Witness, application


@pytest.fixture
def dsn(settings: Settings) -> Iterator[str]:
    name = f"gongkai_witnessed_{uuid4().hex[:8]}"
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'")
        made = settings.dsn("postgres").replace("dbname=postgres", f"dbname={name}")
        with psycopg.connect(made, autocommit=True) as connection:
            connection.execute(statements("audit").encode())
        yield made
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def record(dsn: str, first: int, last: int, state: bytes = b"{}") -> None:
    """Events arrive in the ledger."""
    writer = LedgerWriter("requests", dsn)
    writer.store(
        [
            Message("requests", at, 0, at - 1, UUID(int=9), uuid4(), UUID(int=16), "requests.Tried:1", "gy", UUID(int=16), at, state)
            for at in range(first, last + 1)
        ]
    )
    writer.close()


class Street:
    """The witnesses by their addresses; those in `away` don't answer."""

    def __init__(self, *witnesses: Witness) -> None:
        self.apps = {f"http://{witness.name}": httpx.ASGITransport(application(witness)) for witness in witnesses}
        self.away: set[str] = set()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(mounts={address: _Away(self, address, app) for address, app in self.apps.items()})


class _Away(httpx.AsyncBaseTransport):
    def __init__(self, street: Street, address: str, app: httpx.ASGITransport) -> None:
        self.street, self.address, self.app = street, address, app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.address in self.street.away:
            raise httpx.ConnectError("away")
        return await self.app.handle_async_request(request)


async def test_a_head_is_published_when_the_quorum_has_cosigned(settings: Settings, dsn: str, tmp_path: Path) -> None:
    key = LogKey.create(tmp_path / "ledger.key")
    logs = key.public(origin(settings, "requests"))
    first, second = Witness("one.test", logs, tmp_path / "one"), Witness("two.test", logs, tmp_path / "two")
    street = Street(first, second)
    chosen = settings.model_copy(
        update={
            "ledger_key": tmp_path / "ledger.key",
            "witnesses": (f"{first.public} http://one.test", f"{second.public} http://two.test"),
            "witness_quorum": 2,
        }
    )
    policy = Policy.parse(policy_text(chosen, key))
    heads = Heads(chosen, dsn)
    async with street.client() as client:
        record(dsn, 1, 5)
        street.away = {"http://two.test"}
        (head,) = heads.look(now=True)
        head = await heads.witnessed(client, head)
        assert (head.cosigned, head.published_at) == (1, None)
        assert "witness two.test" in heads.troubles
        street.away = set()
        (head,) = heads.look(now=True)
        head = await heads.witnessed(client, head)
        assert head.published_at is not None
        assert policy.head(head.note)[0].size == 5
        assert heads.troubles == {}
        # A platform that has forgotten what its witnesses saw learns it from them.
        record(dsn, 6, 300)
        again = Heads(chosen, dsn)
        (head,) = again.look(now=True)
        assert (await again.witnessed(client, head)).published_at is not None
        with psycopg.connect(dsn, autocommit=True) as connection:
            found = newest(connection, "requests", published=True)
            assert found is not None
            assert policy.head(found.note)[0].size == 300
            # The operator writes the ledger anew, with the signing key at hand, and forgets every head: the witnesses don't.
            connection.execute("SET session_replication_role = replica")
            for table in ("ledger", "tile", "tree", "checkpoint"):
                connection.execute(f"DELETE FROM {table}")
        record(dsn, 1, 400, b'{"another": true}')
        rewritten = Heads(chosen, dsn)
        (head,) = rewritten.look(now=True)
        assert (await rewritten.witnessed(client, head)).published_at is None
        assert {name for name in rewritten.troubles if name.startswith("witness")} == {"witness one.test", "witness two.test"}
    first.close()
    second.close()


async def test_a_witness_that_answers_nonsense_is_not_counted(settings: Settings, dsn: str, tmp_path: Path) -> None:
    key = LogKey.create(tmp_path / "ledger.key")
    forged = Witness("one.test", key.public(origin(settings, "requests")), tmp_path / "one")
    other = Witness("one.test", key.public(origin(settings, "requests")), tmp_path / "other")
    chosen = settings.model_copy(
        update={"ledger_key": tmp_path / "ledger.key", "witnesses": (f"{forged.public} http://one.test",), "witness_quorum": 1}
    )
    heads = Heads(chosen, dsn)
    record(dsn, 1, 3)
    (head,) = heads.look(now=True)
    async with Street(other).client() as client:
        assert (await heads.witnessed(client, head)).published_at is None
    assert "witness one.test" in heads.troubles
    forged.close()
    other.close()

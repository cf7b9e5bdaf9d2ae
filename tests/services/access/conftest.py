"""Access over HTTP against PostgreSQL; every test founds agencies of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from shared.access.agency.commands import FoundAgency
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.access.service import Access, open_access
from shared.kernel.application import service_app
from shared.kernel.identity import fresh_id
from shared.settings import Settings
from shared.trust.keys import Keys

PASSWORD = "Xuan8-chuang-Feng"
LOGINS = {"system_administrator": "system-admin", "security_administrator": "security-admin", "audit_administrator": "audit-admin"}
ADDRESSES = count(1)


@dataclass
class Person:
    """Somebody at a desk of their own, perhaps signed in."""

    client: httpx.AsyncClient
    agency: str
    token: str | None = None
    me: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.client.request(method, path, json=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.call("GET", path)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("POST", path, body if body is not None else {})

    async def made(self, path: str, body: object = None) -> dict[str, Any]:
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        answer = await self.post("/sessions", {"agency": self.agency, "login": login, "password": password})
        if answer.status_code == 201:
            self.me = answer.json()
            self.token = self.me["token"]
        return answer


class Office:
    """An agency founded for a test, with its three administrators; each desk has an address of its own."""

    def __init__(self, access: Access, code: str) -> None:
        self.access = access
        self.code = code
        self.app = service_app(access.running)
        self.clients: list[httpx.AsyncClient] = []

    def desk(self, agency: str | None = None) -> Person:
        number = next(ADDRESSES)
        transport = httpx.ASGITransport(app=self.app, client=(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 1))
        client = httpx.AsyncClient(transport=transport, base_url="http://access")
        self.clients.append(client)
        return Person(client, agency or self.code)

    async def at(self, login: str, password: str = PASSWORD) -> Person:
        """Somebody signed in."""
        desk = self.desk()
        answer = await desk.sign_in(login, password)
        assert answer.status_code == 201, answer.text
        return desk

    async def official(self, login: str, *roles: str) -> tuple[Person, str]:
        """An official with an account and then these roles, as the administrators make one; signed in, and the person's id."""
        system, security = await self.at("system-admin"), await self.at("security-admin")
        person = (await system.made("/persons", {"name": "王审批", "office": "科员"}))["id"]
        await self.access.directory.caught_up(self.access.running.pipeline.last)
        first = (await system.made("/accounts", {"person": person, "login": login}))["password"]
        for role in roles:
            await security.made(f"/persons/{person}/give-grant", {"role": role})
        desk = await self.at(login, first)
        answer = await desk.post("/password", {"current": first, "password": PASSWORD})
        assert answer.status_code == 204, answer.text
        assert (await desk.sign_in(login)).status_code == 201
        return desk, person


@pytest.fixture
def access(settings: Settings, keys: Keys) -> Iterator[Access]:
    made = open_access(settings, keys)
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def office(access: Access) -> AsyncIterator[Office]:
    made = Office(access, f"office-{fresh_id().hex[-12:]}")
    three = [Administrator(role=role, name="管理员", login=LOGINS[role], password=PASSWORD) for role in ADMINISTRATORS]
    await found(access, FoundAgency(code=made.code, name="审批局", simulated=True), three)
    yield made
    for client in made.clients:
        await client.aclose()

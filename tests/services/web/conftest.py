"""The whole platform in this process, without NATS: pages work without it. Its pages are asked the way a browser asks."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count

import httpx
import pytest

from shared.access.agency.commands import FoundAgency, agency_id
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.kernel.application import Front
from shared.kernel.identity import fresh_id
from shared.kernel.program import Program
from shared.settings import Settings

PASSWORD = "Xuan8-chuang-Feng"
ADDRESSES = count(1)
TOKEN = re.compile(r'name="_token" value="([0-9a-f]{64})"')


class Browser:
    """A browser with cookies, at an address of its own; it sends forms with the token of the page that they stand on."""

    def __init__(self, app: Front) -> None:
        number = next(ADDRESSES)
        transport = httpx.ASGITransport(app=app, client=(f"10.9.{number >> 8}.{number & 255}", 1))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://gongkai")

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(self, page: str, path: str, fields: dict[str, str]) -> httpx.Response:
        """Opens a page, and sends the form that leads to this path."""
        found = TOKEN.search((await self.get(page)).text)
        assert found is not None, page
        return await self.client.post(path, data={"_token": found[1], **fields})

    async def sign_in(self, agency: str, login: str, password: str = PASSWORD) -> httpx.Response:
        return await self.send("/signin", "/signin", {"agency": agency, "login": login, "password": password, "next": "/requests/"})


@dataclass
class Office:
    """An agency with its three administrators, on a platform that runs."""

    program: Program
    code: str
    browsers: list[Browser]

    def browser(self) -> Browser:
        made = Browser(self.program.app)
        self.browsers.append(made)
        return made

    async def newcomer(self, *roles: str, login: str = "wang", unit: str | None = None) -> tuple[str, str]:
        """An official who has never signed in, with these roles (for this unit alone): login and first password."""
        api = "/api/access"
        tokens = {}
        client = self.browser().client
        for one in ("system-administrator", "security-administrator"):
            answer = await client.post(f"{api}/sessions", json={"agency": self.code, "login": one, "password": PASSWORD})
            tokens[one] = {"Authorization": f"Bearer {answer.json()['token']}"}
        system, security = tokens.values()
        person = (await client.post(f"{api}/persons", json={"name": "王审批", "office": "科员"}, headers=system)).json()["id"]
        await self.program.access.directory.caught_up(self.program.access.running.pipeline.last)
        answer = await client.post(f"{api}/accounts", json={"person": person, "login": login}, headers=system)
        for role in roles:
            assert (
                await client.post(f"{api}/persons/{person}/give-grant", json={"role": role, "unit": unit}, headers=security)
            ).status_code == 200
        await self.program.access.directory.caught_up(self.program.access.running.pipeline.last)
        return login, answer.json()["password"]

    async def open_unit(self, unit: str, name: str) -> None:
        """One more unit of the agency."""
        client = self.browser().client
        signed = await client.post(
            "/api/access/sessions", json={"agency": self.code, "login": "system-administrator", "password": PASSWORD}
        )
        answer = await client.post(
            f"/api/access/agencies/{agency_id(self.code)}/open-unit",
            json={"unit": unit, "name": name},
            headers={"Authorization": f"Bearer {signed.json()['token']}"},
        )
        assert answer.status_code == 200, answer.text
        await self.program.access.directory.caught_up(self.program.access.running.pipeline.last)

    async def official(self, *roles: str, login: str = "wang", unit: str | None = None) -> Browser:
        """An official who has signed in, after changing the first password."""
        login, first = await self.newcomer(*roles, login=login, unit=unit)
        browser = self.browser()
        answer = await browser.sign_in(self.code, login, first)
        assert answer.headers["location"] == "/password"
        answer = await browser.send("/password", "/password", {"current": first, "password": PASSWORD, "again": PASSWORD})
        assert answer.headers["location"] == "/signin", answer.text
        assert (await browser.sign_in(self.code, login)).headers["location"] == "/requests/"
        return browser


@pytest.fixture
async def program(settings: Settings) -> AsyncIterator[Program]:
    made = Program(settings, work=False)
    made.access.start()
    for running in made.running:
        running.start()
    yield made
    for running in made.running:
        running.stop()
    made.access.stop()
    made.keys.close()


@pytest.fixture
async def office(program: Program) -> AsyncIterator[Office]:
    made = Office(program, f"office-{fresh_id().hex[-12:]}", [])
    three = [Administrator(role=role, name="管理员", login=role.replace("_", "-"), password=PASSWORD) for role in ADMINISTRATORS]
    await found(program.access, FoundAgency(code=made.code, name="审批局", simulated=True), three)
    yield made
    for browser in made.browsers:
        await browser.client.aclose()

"""One agency on the platform that all share, whose officials sign in once and work over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from demo.bureau import DemoAccount
from demo.office import Office
from tests.town import Running, founded


@dataclass(frozen=True)
class Bureau:
    """An agency, its accounts, and the tokens of everyone who has signed in."""

    code: str
    accounts: list[DemoAccount]
    tokens: dict[str, str]


LOGINS = (
    "clerk", "office", "head", "unit", "reviewer", "leader", "chief", "auditor", "secadmin", "general", "monitor", "speaker", "liaison", "party",
)  # fmt: skip
"""Who signs in."""


def new_bureau(running: Running, *logins: str) -> Bureau:
    """An agency of its own, with these people signed in. Blocks, and runs a loop of its own."""
    code, accounts = founded(running.settings, "lu", "某某市审批局（测试）")
    tokens = {}
    with httpx.Client(base_url=running.base, trust_env=False, timeout=60) as client:
        for account in accounts:
            if account.login in logins:
                body = {"agency": code, "login": account.login, "password": account.password}
                answer = client.post("/api/access/sessions", json=body)
                assert answer.status_code == 201, answer.text
                tokens[account.login] = answer.json()["token"]
    return Bureau(code, accounts, tokens)


@pytest.fixture(scope="session")
def bureau(running: Running) -> Bureau:
    """The agency that these journeys share."""
    return new_bureau(running, *LOGINS)


@pytest.fixture(scope="session")
def neighbour(running: Running) -> Bureau:
    """Another agency on the same platform."""
    return new_bureau(running, "office")


@pytest.fixture
async def office(running: Running, bureau: Bureau) -> AsyncIterator[Office]:
    """The officials of the agency at work."""
    made = Office(running.base, bureau.code, bureau.accounts)
    made.tokens.update(bureau.tokens)
    yield made
    await made.client.aclose()

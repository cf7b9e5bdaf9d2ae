"""What `gongkai erase` does: signs a person in to the running platform and acts as that person, with no more rights than anybody."""

import time
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from shared.trust.erasure.commands import erasure_id
from shared.trust.erasure.decisions import Basis, Stage

UNDER_WAY = (Stage.REQUESTED.value, Stage.APPROVED.value)
POLL_SECONDS = 0.1


class Told(RuntimeError):
    """What the platform answered instead: a sentence to act on."""


class Desk:
    """A signed-in person at a platform's API."""

    def __init__(self, base_url: str, agency: str, login: str, password: str) -> None:
        self.agency = agency
        self._client = httpx.Client(base_url=base_url, timeout=15, trust_env=False)
        try:
            token = self._ask("POST", "/api/access/sessions", {"agency": agency, "login": login, "password": password})["token"]
        except BaseException:
            self._client.close()
            raise
        self._client.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._client.delete("/api/access/sessions/current")
        finally:
            self._client.close()

    def request(self, case: UUID, basis: Basis, document: str | None) -> None:
        """Requests the erasing of a case's personal data; raises `Told`."""
        body = {"case": str(case), "basis": basis.value} | ({"document": document} if document else {})
        self._ask("POST", "/api/access/erasures", body)

    def approve(self, case: UUID) -> None:
        """Approves what another person has requested; raises `Told`."""
        self._ask("POST", f"/api/access/erasures/{erasure_id(self.agency, case)}/approve", {})

    def decline(self, case: UUID, why: str) -> None:
        """Declines what another person has requested; raises `Told`."""
        self._ask("POST", f"/api/access/erasures/{erasure_id(self.agency, case)}/decline", {"why": why})

    def all(self) -> list[dict[str, Any]]:
        """The erasures of the agency, the newest first."""
        found: list[dict[str, Any]] = self._ask("GET", "/api/access/erasures")["erasures"]
        return found

    def outcome(self, case: UUID, seconds: float) -> dict[str, Any]:
        """The erasure of a case once the platform has done its part, or as it is after so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            found = self._ask("GET", f"/api/access/erasures/{erasure_id(self.agency, case)}")
            if found["stage"] not in UNDER_WAY or time.monotonic() > deadline:
                return found
            time.sleep(POLL_SECONDS)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            reply = self._client.request(method, path, json=body)
            answer: dict[str, Any] = reply.json()
        except (httpx.HTTPError, ValueError):
            raise Told("平台没有应答，请确认它正在运行（gongkai doctor）。") from None
        if reply.is_error:
            raise Told("".join(str(answer[name]) for name in ("detail", "remedy") if name in answer))
        return answer

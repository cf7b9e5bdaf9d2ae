"""An agency with its officials on a platform that runs in this process, and a request that its clerk works on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.requests.attachments import attachments_in
from services.requests.disclosure_request.commands import ConcludeReview
from services.review.secrecy_review.commands import FileIn, OpenReview, review_id
from shared.access.agency.commands import FoundAgency
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.program import Program
from shared.kernel.running import Running
from shared.settings import Settings
from shared.web.rendering import COOKIE
from tests.services.web.conftest import PASSWORD, Office

PAPER = {"applicant_kind": "natural_person", "applicant_name": "张䶮", "contact": "13900000000", "content": "2024年部门预算", "form": "paper", "delivery": "post", "channel": "in_person", "evidence": "窗口收件 1 号"}  # fmt: skip

ROLES = {
    "clerk": ("clerk",),
    "head": ("disclosure_office", "unit_head"),
    "reviewer": ("reviewer",),
    "leader": ("leader_in_charge",),
    "auditor": ("auditor",),
}


@dataclass
class Case:
    """A request, the officials at the API, and the applicant's number and password."""

    office: Office
    tokens: dict[str, str]
    client: httpx.AsyncClient
    id: str = ""
    tracking: str = ""
    password: str = ""

    @property
    def path(self) -> str:
        return f"/api/requests/disclosure-requests/{self.id}"

    @property
    def known(self) -> dict[str, str]:
        return {"tracking_number": self.tracking, "query_password": self.password}

    def running(self, name: str = "requests") -> Running:
        return next(one for one in self.office.program.running if one.name == name)

    async def post(self, path: str, by: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(path, json=body or {}, headers={"Authorization": f"Bearer {self.tokens[by]}"})

    async def get(self, path: str, by: str) -> httpx.Response:
        return await self.client.get(path, headers={"Authorization": f"Bearer {self.tokens[by]}"})

    async def act(self, verb: str, by: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(f"{self.path}/{verb}", by, body)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def upload(self, name: str, content: bytes, *, by: str = "clerk", direction: str = "given") -> httpx.Response:
        """An official uploads a file."""
        return await self.client.post(
            f"{self.path}/attachments",
            data={"direction": direction},
            files={"file": (name, content)},
            headers={"Authorization": f"Bearer {self.tokens[by]}"},
        )

    async def submit(self, name: str, content: bytes, **known: str) -> httpx.Response:
        """The applicant uploads a file."""
        return await self.client.post("/api/requests/follow-up/attachments", data={**self.known, **known}, files={"file": (name, content)})

    async def files(self) -> list[dict[str, Any]]:
        answer = await self.get(f"{self.path}/attachments", "clerk")
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["files"]
        return rows

    async def file(self, number: int = -1) -> dict[str, Any]:
        """A file as a draft or a review names it."""
        one = (await self.files())[number]
        return {key: one[key] for key in ("name", "sha256", "size")}

    async def accept(self, row: dict[str, Any], *, by: str = "head") -> httpx.Response:
        folder = (await self.get(f"{self.path}/attachments", "clerk")).json()["folder"]
        body = {"sha256": row["sha256"], "accepts": row["accepts"], "reason": "逐页核对，可以提供"}
        return await self.post(f"/api/requests/attachment-folders/{folder}/accept-findings", by, body)

    async def reviewed(self, files: list[dict[str, Any]], number: int = 1) -> str:
        """What the message of the request makes review do, as NATS would bring it; returns the path of the review."""
        running, subject = self.running("review"), UUID(self.id)
        command = OpenReview(
            source="requests",
            subject=subject,
            review=number,
            files=tuple(FileIn(**one) for one in files),
            stored=tuple(one["sha256"] for one in files),
        )
        agency = running.doorkeeper.agency(self.office.code)
        receipt = await running.execute(command, review_id(subject, number), Actor("service:requests", ("system",)), agency)
        await running.views.wait(receipt.position, 5)
        return f"/api/review/secrecy-reviews/{receipt.id}"

    async def cleared(self, files: list[dict[str, Any]], number: int = 1) -> None:
        """What review's conclusion makes requests record."""
        running = self.running()
        command = ConcludeReview(review=number, released=tuple(one["sha256"] for one in files))
        await running.execute(command, UUID(self.id), Actor("service:review", ("system",)), running.doorkeeper.agency(self.office.code))

    async def delivered(self, files: list[dict[str, Any]]) -> None:
        """Drafted, approved and delivered with these files."""
        ground = {"outcome": "r1_granted", "article": "国令711 第三十六条第二项"}
        draft = await self.act("draft-reply", "clerk", outcome="r1_granted", grounds=[ground], text="予以公开。", files=files)
        await self.act("approve-reply", "leader", approves=draft["draft"])
        await self.act("deliver", "clerk", way="online", evidence="网上下载")


@pytest.fixture(scope="module")
def bureau(settings: Settings) -> Iterator[Case]:
    """The agency and its officials, once for all tests of a file: signing in takes its time on purpose."""
    program = Program(settings, work=False)
    program.access.start()
    for running in program.running:
        running.start()
    yield asyncio.run(signed_in(program))
    for running in program.running:
        running.stop()
    program.access.stop()
    program.keys.close()


async def signed_in(program: Program) -> Case:
    office = Office(program, f"office-{fresh_id().hex[-12:]}", [])
    three = [Administrator(role=role, name="管理员", login=role.replace("_", "-"), password=PASSWORD) for role in ADMINISTRATORS]
    await found(program.access, FoundAgency(code=office.code, name="审批局", simulated=True), three)
    await office.open_unit("zonghe", "综合科")
    tokens = {}
    for login, roles in ROLES.items():
        browser = await office.official(*roles, login=login)
        tokens[login] = browser.client.cookies[COOKIE]
    for browser in office.browsers:
        await browser.client.aclose()
    return Case(office, tokens, office.browser().client)


@pytest.fixture
async def case(bureau: Case) -> AsyncIterator[Case]:
    """A new request of that agency."""
    made = replace(bureau, client=bureau.office.browser().client)
    answer = await made.post("/api/requests/disclosure-requests", "clerk", PAPER)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    made.id, made.tracking, made.password = told["id"], told["tracking_number"], told["query_password"]
    await made.act("register", "clerk")
    await made.act("assign", "head", unit="zonghe")
    await made.running().views.wait(made.running().pipeline.last, 5)
    attachments = attachments_in(made.running())
    before = attachments.settings
    yield made
    attachments.settings = before
    await made.client.aclose()

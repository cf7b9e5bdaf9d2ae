"""Signing in and out, accounts and passwords: what needs a password's hashing before a command, which no pipeline should wait for."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.access import passwords
from shared.access.account.commands import ChangePassword, FailSignIn, OpenAccount, account_id
from shared.access.account.decisions import Account
from shared.access.directory import Directory, Session
from shared.access.session.commands import BeginSession, EndSession
from shared.kernel.clocks import instant, today
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, Refused, TooMany, Unauthenticated
from shared.kernel.events import Actor
from shared.kernel.routes import PROBLEMS, answer, invalid, signed_in
from shared.kernel.running import Running

WRONG = "机关、登录名或口令不正确；连续输错会锁定一段时间。"


M = TypeVar("M", bound=BaseModel)


class Credentials(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(extra="forbid")
    agency: str = Field(title="机关代码", max_length=40)
    login: str = Field(title="登录名", max_length=40)
    password: str = Field(title="口令", max_length=passwords.LONGEST)


class NewPassword(BaseModel):
    """A change of one's own password."""

    model_config = ConfigDict(extra="forbid")
    current: str = Field(title="现在的口令", max_length=passwords.LONGEST)
    password: str = Field(title="新口令", max_length=passwords.LONGEST)


class NewAccount(BaseModel):
    """A new account; its first password is told once, to who opens it."""

    model_config = ConfigDict(extra="forbid")
    person: UUID = Field(title="人员编号")
    login: str = Field(title="登录名", pattern=r"^[a-zA-Z][a-zA-Z0-9._-]{1,39}$")


class SignIn:
    """Signing in."""

    def __init__(self, running: Running, directory: Directory) -> None:
        self.running = running
        self.directory = directory
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rate = RateLimitItemPerMinute(running.settings.sign_ins_per_minute)

    async def sign_in(self, agency_code: str, login: str, password: str, address: str) -> tuple[str, Session]:
        """A new session and its token; raises `Unauthenticated` with the same words whatever was wrong, after the same time."""
        if not self._limiter.hit(self._rate, address):
            raise TooMany("too-many-attempts", "登录尝试过于频繁，请一分钟后再试。", retry_after=60)
        id = account_id(agency_code, login)
        account = self.directory.accounts.get(id)
        usable = account is not None and account.usable(instant())
        fits = await passwords.matches(account.hashes[0] if account is not None and usable else None, password)
        # Looked up once more: other attempts that ran meanwhile may have locked the account, and then even the right password is not told.
        account = self.directory.accounts.get(id)
        if account is None:
            raise Unauthenticated("wrong-credentials", WRONG)
        agency = self.directory.agency(agency_code)
        settings = self.running.settings
        actor = Actor(str(account.person))
        if not fits:
            if account.usable(instant()):
                await self._count_failure(account, agency)
            raise Unauthenticated("wrong-credentials", WRONG)
        if not account.usable(instant()):
            raise Unauthenticated("wrong-credentials", WRONG)
        for old in self.directory.open_sessions(id)[: -(settings.sessions_each - 1) or None]:
            await self.running.execute(EndSession(why="已在别处登录"), old.id, actor, agency)
        token = secrets.token_urlsafe(32)
        assert account.person is not None
        begin = BeginSession(
            account=id,
            person=account.person,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            expires=instant() + timedelta(hours=settings.session_hours),
        )
        receipt = await self.running.execute(begin, None, actor, agency)
        await self.directory.caught_up(receipt.position)
        session = self.directory.session(token)
        if session is None:
            raise Unauthenticated("wrong-credentials", WRONG)
        return token, session

    async def sign_out(self, session: Session, why: str = "退出登录") -> None:
        """Ends a session; it is no longer good when this returns."""
        receipt = await self.running.execute(EndSession(why=why), session.id, Actor(session.person), self.directory.agency(session.agency))
        await self.directory.caught_up(receipt.position)

    async def open_account(self, who: Actor, agency_code: str, person: UUID, login: str, password: str | None = None) -> str:
        """Opens the account of a person and returns its first password, which has to be changed unless it was given."""
        if password is not None:
            passwords.check(password, login)
        if self.directory.account_of(str(person)) is not None:
            raise Refused("account-exists", "该人员已有账号；请先停用原账号。")
        made = password or passwords.made_up()
        command = OpenAccount(login=login, person=person, hash=await passwords.hashed(made), must_change=password is None)
        receipt = await self.running.execute(command, None, who, self.directory.agency(agency_code))
        await self.directory.caught_up(receipt.position)
        return made

    async def change_password(self, session: Session, current: str, password: str) -> None:
        """Changes one's own password; all sessions of the account end."""
        agency = self.directory.agency(session.agency)
        account = self.directory.accounts[session.account]
        usable = account.usable(instant())
        if not await passwords.matches(account.hashes[0] if usable else None, current):
            if usable:
                await self._count_failure(account, agency)
            raise Invalid(
                "wrong-password", "现在的口令不正确；连续输错会锁定一段时间。", fields=[{"field": "current", "sentence": "不正确"}]
            )
        passwords.check(password, account.login)
        if await passwords.used_before(account.hashes, password):
            raise Invalid("password-used", "这个口令最近用过，请换一个。", fields=[{"field": "password", "sentence": "最近用过"}])
        command = ChangePassword(hash=await passwords.hashed(password))
        receipt = await self.running.execute(command, session.account, Actor(session.person), agency)
        await self.directory.caught_up(receipt.position)

    async def _count_failure(self, account: Account, agency: AgencyFacts) -> None:
        settings = self.running.settings
        failed = FailSignIn(most=settings.lockout_failures, minutes=settings.lockout_minutes)
        receipt = await self.running.execute(failed, account.id, Actor(str(account.person)), agency)
        await self.directory.caught_up(receipt.position)

    def password_due(self, session: Session) -> bool:
        """Whether the password has to be changed before anything else: it is a first one, or too old."""
        return self.directory.password_due(session.account)

    def about(self, session: Session) -> dict[str, Any]:
        """Who is signed in."""
        person = self.directory.person(session.person)
        agency = self.directory.agency(session.agency)
        grants = self.directory.grants(session.person, today())
        return {
            "person": session.person,
            "name": person.name if person else "",
            "office": person.office if person else "",
            "agency": agency.code,
            "agency_name": agency.name,
            "roles": sorted({grant.role for grant in grants}),
            "expires_at": session.expires.isoformat(),
            "password_due": self.password_due(session),
        }

    def session_of(self, request: Request) -> Session:
        """The session of a request; raises `Unauthenticated`."""
        found = signed_in(self.running, request)
        if not isinstance(found, Session):
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        return found

    def router(self) -> APIRouter:
        """`POST /sessions`, `DELETE /sessions/current`, `GET /me`, `POST /password`, `POST /accounts`."""
        router = APIRouter()

        async def begin(request: Request) -> Response:
            given = await _body(request, Credentials)
            address = request.client.host if request.client else "unknown"
            token, session = await self.sign_in(given.agency, given.login, given.password, address)
            return answer({"token": token, **self.about(session)}, 201)

        async def end(request: Request) -> Response:
            await self.sign_out(self.session_of(request))
            return Response(status_code=204)

        async def me(request: Request) -> Response:
            return answer(self.about(self.session_of(request)))

        async def password(request: Request) -> Response:
            session = self.session_of(request)
            given = await _body(request, NewPassword)
            await self.change_password(session, given.current, given.password)
            return Response(status_code=204)

        async def account(request: Request) -> Response:
            session = self.session_of(request)
            given = await _body(request, NewAccount)
            actor = self.directory.authorise(session, "access.open_account", self.directory.agency(session.agency))
            first = await self.open_account(actor, session.agency, given.person, given.login)
            return answer({"id": str(account_id(session.agency, given.login)), "password": first}, 201)

        for path, endpoint, method, status, title in (
            ("/sessions", begin, "POST", 201, "登录"),
            ("/sessions/current", end, "DELETE", 204, "退出登录"),
            ("/me", me, "GET", 200, "当前登录人"),
            ("/password", password, "POST", 204, "更改口令"),
            ("/accounts", account, "POST", 201, "开立账号"),
        ):
            router.add_api_route(
                path, endpoint, methods=[method], status_code=status, summary=title, response_model=None, responses=PROBLEMS
            )
        return router


async def _body(request: Request, model: type[M]) -> M:
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise invalid(error) from None

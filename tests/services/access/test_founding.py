"""Founding an agency with its three administrators, and how every process follows the log."""

import asyncio
import re
import time

import psycopg
import pytest
from typer.testing import CliRunner

from shared.access import cli
from shared.access.agency.commands import FoundAgency
from shared.access.directory import FOLLOWING, Directory
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.access.service import Access
from shared.kernel.errors import Forbidden, Refused
from shared.kernel.identity import fresh_id
from shared.settings import Settings
from tests.services.access.conftest import Office


def code() -> str:
    return f"office-{fresh_id().hex[-12:]}"


def three(*, password: str | None = None) -> list[Administrator]:
    return [Administrator(role=role, name="管理员", login=role.replace("_", "."), password=password) for role in ADMINISTRATORS]


async def test_each_of_the_three_gets_a_random_first_password(access: Access) -> None:
    wanted = FoundAgency(code=code(), name="审批局")
    told = await found(access, wanted, three())
    assert len({one.password for one in told}) == 3
    assert [one.role for one in told] == list(ADMINISTRATORS)
    office = Office(access, wanted.code)
    for one in told:
        desk = await office.at(one.login, one.password)
        assert (desk.me["roles"], desk.me["password_due"]) == ([one.role], True)
        await desk.client.aclose()


async def test_an_agency_is_founded_once_and_by_three(access: Access) -> None:
    wanted = FoundAgency(code=code(), name="审批局")
    with pytest.raises(Refused, match="three-administrators"):
        await found(access, wanted, three()[:2])
    with pytest.raises(Refused, match="login-taken"):
        await found(access, wanted, [Administrator(role=role, name="管理员", login="admin") for role in ADMINISTRATORS])
    with pytest.raises(Refused, match="no-rulebook"):
        await found(access, wanted.model_copy(update={"rulebook": "decree-1"}), three())
    with pytest.raises(Refused, match="no-such-superior"):
        await found(access, wanted.model_copy(update={"superior": code()}), three())
    assert wanted.code not in [agency.code for agency in access.directory.agencies()], "nothing was stored"
    await found(access, wanted, three())
    with pytest.raises(Refused, match="agency-exists"):
        await found(access, wanted, three())


async def test_founding_goes_on_where_it_was_interrupted(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = FoundAgency(code=code(), name="审批局")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(access.running.pipeline, "submit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            await found(access, wanted, three())
    await found(access, wanted, three())
    assert len(access.directory.people(wanted.code)) == 3


async def test_the_command_line_founds_and_tells_the_passwords_once(
    settings: Settings, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GONGKAI_DATA", str(settings.data))
    names = ["--system-administrator", "张一", "--security-administrator", "李二", "--audit-administrator", "王三"]
    wanted = ["found", "--code", code(), "--name", "审批局", *names, "--data", str(settings.data)]
    run = await asyncio.to_thread(CliRunner().invoke, cli.app, wanted)
    assert run.exit_code == 0, run.output
    told = re.findall(r"登录名 (\S+)  口令 (\S+)", run.output)
    assert len(told) == 3
    await access.directory.caught_up(access.running.log.rows.max_notification_id() or 0)
    office = Office(access, wanted[2])
    for login, password in told:
        desk = await office.at(login, password)
        await desk.client.aclose()
    again = await asyncio.to_thread(CliRunner().invoke, cli.app, wanted)
    assert (again.exit_code, "已经设立" in again.output) == (2, True)
    listed = await asyncio.to_thread(CliRunner().invoke, cli.app, ["list", "--data", str(settings.data)])
    assert f"{wanted[2]}  审批局" in listed.output
    wrong = await asyncio.to_thread(CliRunner().invoke, cli.app, [*wanted[:2], "局", *wanted[3:]])
    assert wrong.exit_code == 2
    assert "code" in wrong.output


async def test_a_revocation_acts_in_another_process_at_once(office: Office, settings: Settings) -> None:
    other = Directory(settings.dsn("access", role="gongkai_access"))
    other.start()
    try:
        desk, person = await office.official("wang.sp", "clerk")
        await other.caught_up(office.access.running.pipeline.last)
        session, agency = other.session(desk.token or ""), other.agency(office.code)
        actor = other.authorise(session, "requests.draft_reply", agency)
        security = await office.at("security-admin")
        await security.made(f"/persons/{person}/revoke-grant", {"grant": actor.grant, "reason": "调离"})
        revoked = time.perf_counter()
        while time.perf_counter() - revoked < 5:
            try:
                other.authorise(session, "requests.draft_reply", agency)
            except Forbidden:
                break
            await asyncio.sleep(0.001)
        assert time.perf_counter() - revoked < 0.2
    finally:
        other.stop()


async def test_the_directory_goes_on_when_its_connection_is_lost(office: Office, settings: Settings) -> None:
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        ended = server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", (FOLLOWING,))
        assert ended.fetchall()
    _, person = await office.official("wang.sp", "clerk")
    assert office.access.directory.person(person) is not None

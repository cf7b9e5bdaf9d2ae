"""等保 8.1.5: each of the three administrators does their own part, and is refused that of the others; nobody acts beyond their agency."""

import httpx
import pytest

from shared.access.account.commands import account_id
from shared.access.agency.commands import FoundAgency, agency_id
from shared.access.founding import ADMINISTRATORS, Administrator, found
from shared.access.service import Access
from shared.kernel.commands import commands
from shared.kernel.identity import fresh_id
from tests.services.access.conftest import LOGINS, PASSWORD, Office

SYSTEM, SECURITY, AUDIT = LOGINS.values()
NOBODY = fresh_id()
Body = dict[str, object]


def routes(code: str) -> dict[str, tuple[str, Body, set[str]]]:
    """Each route of access with a body, and who may use it."""
    agency, account = agency_id(code), account_id(code, "wang.sp")
    return {
        "access.EnrolPerson": ("/persons", {"name": "赵", "office": "科员"}, {SYSTEM}),
        "access.OpenUnit": (f"/agencies/{agency}/open-unit", {"unit": "zonghe", "name": "综合科"}, {SYSTEM}),
        "access.RenameUnit": (f"/agencies/{agency}/rename-unit", {"unit": "zonghe", "name": "协调科"}, {SYSTEM}),
        "access.CloseUnit": (f"/agencies/{agency}/close-unit", {"unit": "zonghe", "reason": "改革"}, {SYSTEM}),
        "access.AdoptRulebook": (f"/agencies/{agency}/adopt-rulebook", {"rulebook": "bureau-2019"}, {SYSTEM}),
        "access.SetSimulatedDay": (f"/agencies/{agency}/set-day", {"day": "2026-03-02"}, {SYSTEM}),
        "access.AnnounceCalendar": (
            f"/agencies/{agency}/announce-calendar",
            {"year": 2027, "holidays": [], "source": "国办发明电"},
            {SYSTEM},
        ),
        "access.DisableAccount": (f"/accounts/{account}/disable", {"reason": "调离"}, {SYSTEM}),
        "access.UnlockAccount": (f"/accounts/{account}/unlock", {"reason": "核实"}, {SYSTEM}),
        "access.GiveGrant": (f"/persons/{NOBODY}/give-grant", {"role": "clerk"}, {SECURITY}),
        "access.RevokeGrant": (f"/persons/{NOBODY}/revoke-grant", {"grant": str(NOBODY), "reason": "调离"}, {SECURITY}),
    }


def test_the_matrix_names_every_command_that_has_a_route() -> None:
    declared = {name for name, spec in commands.items() if spec.cls.__module__.startswith("shared.access.") and not spec.internal}
    assert declared == set(routes("any"))


@pytest.mark.parametrize("name", routes("any"))
async def test_each_does_their_own_part_only(office: Office, name: str) -> None:
    path, body, allowed = routes(office.code)[name]
    for login in LOGINS.values():
        answer = await (await office.at(login)).post(path, body)
        if login in allowed:
            assert answer.status_code != 403, answer.text
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), f"{login}: {answer.text}"
    assert (await office.desk().post(path, body)).status_code == 401


async def test_opening_accounts_and_reading_the_log(office: Office) -> None:
    desks = {login: await office.at(login) for login in LOGINS.values()}
    opened = {login: await desk.post("/accounts", {"person": str(NOBODY), "login": "wang.sp"}) for login, desk in desks.items()}
    assert {login: answer.status_code for login, answer in opened.items()} == {SYSTEM: 409, SECURITY: 403, AUDIT: 403}
    assert {login: (await desk.get("/log")).status_code for login, desk in desks.items()} == {SYSTEM: 403, SECURITY: 403, AUDIT: 200}
    assert {login: (await desk.get("/people")).status_code for login, desk in desks.items()} == dict.fromkeys(LOGINS.values(), 200)
    clerk, _ = await office.official("wang.sp", "clerk")
    assert (await clerk.get("/log")).status_code == (await clerk.get("/people")).status_code == 403


async def test_no_administrator_touches_the_business(office: Office) -> None:
    directory = office.access.directory
    agency = directory.agency(office.code)
    business = [spec.capability for spec in commands.values() if spec.service in ("requests", "review")] or [
        "requests.assign",
        "review.approve",
    ]
    for login in LOGINS.values():
        session = directory.session((await office.at(login)).token or "")
        for capability in business:
            with pytest.raises(Exception, match="not-allowed"):
                directory.authorise(session, capability, agency)


async def test_two_of_the_three_never_come_together(office: Office) -> None:
    people = (await (await office.at(AUDIT)).get("/people")).json()["people"]
    persons = {person["account"]["login"]: person["id"] for person in people}
    security = await office.at(SECURITY)
    for login, role in ((SYSTEM, "security_administrator"), (SYSTEM, "audit_administrator"), (AUDIT, "system_administrator")):
        answer = await security.post(f"/persons/{persons[login]}/give-grant", {"role": role})
        assert (answer.status_code, answer.json()["code"]) == (409, "incompatible-roles")
    answer = await security.post(f"/persons/{persons[SECURITY]}/give-grant", {"role": "clerk"})
    assert (answer.status_code, answer.json()["code"]) == (409, "grant-to-oneself")


async def test_no_new_account_for_who_has_roles(office: Office) -> None:
    _, person = await office.official("wang.sp", "leader_in_charge")
    system = await office.at(SYSTEM)
    await system.made(f"/accounts/{account_id(office.code, 'wang.sp')}/disable", {"reason": "本人忘记口令"})
    await office.access.directory.caught_up(office.access.running.pipeline.last)
    answer = await system.post("/accounts", {"person": person, "login": "wang.sp2"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account-after-grants")


async def test_the_log_tells_who_did_what_and_no_secret(office: Office) -> None:
    await office.official("wang.sp", "clerk")
    log = (await (await office.at(AUDIT)).get("/log?limit=1000")).json()["events"]
    assert [entry["type"] for entry in log][:4] == [
        "access.AgencyFounded",
        "access.PersonEnrolled",
        "access.AccountOpened",
        "access.GrantGiven",
    ]
    given = log[-1 - [entry["type"] for entry in reversed(log)].index("access.GrantGiven")]
    assert given["actor_name"] == "管理员（安全保密管理员）"
    assert given["roles"] == ["security_administrator"]
    assert "argon2" not in str(log)
    assert "token_hash" not in str(log)


async def test_nobody_acts_beyond_their_agency(office: Office, access: Access) -> None:
    _, person = await office.official("wang.sp", "clerk")
    there = Office(access, f"office-{fresh_id().hex[-12:]}")
    three = [Administrator(role=role, name="管理员", login=LOGINS[role], password=PASSWORD) for role in ADMINISTRATORS]
    await found(access, FoundAgency(code=there.code, name="另一局", superior=office.code), three)
    desks = {login: await there.at(login) for login in LOGINS.values()}
    for name, (path, body, allowed) in routes(office.code).items():
        if path == "/persons":
            continue
        answer = await desks[next(iter(allowed))].post(path.replace(str(NOBODY), person), body)
        assert answer.status_code in (403, 404), f"{name}: {answer.text}"
    answer = await desks[SYSTEM].post("/accounts", {"person": person, "login": "stolen"})
    assert answer.status_code == 409, "neither an account there for a person from here"
    assert answer.json()["code"] in ("account-exists", "no-such-person")
    seen: httpx.Response = await desks[AUDIT].get("/log?limit=1000")
    assert office.code not in str([entry["data"] for entry in seen.json()["events"] if entry["type"] != "access.AgencyFounded"])
    for client in there.clients:
        await client.aclose()

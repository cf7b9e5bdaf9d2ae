"""Founding an agency: together with its three administrators, since from then on every further step needs two of them.

The system administrator opens units, enrols people and opens accounts; the security administrator grants roles; the audit administrator reads
what the two have done. There is no default account and no default password: each gets a random one, told once, to be changed at the first sign-in.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from shared.access import passwords
from shared.access.account.commands import OpenAccount, account_id
from shared.access.agency.commands import FoundAgency, agency_id
from shared.access.agency.decisions import known
from shared.access.person.commands import EnrolPerson, GiveGrant
from shared.access.service import Access
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Problem, Refused
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Job, Receipt, Step, job
from shared.law.roles import ROLES

FOUNDER = Actor("system:founding", ("system",))
"""Who acts before there is anybody: the operator at the server's command line."""

ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
"""三员: never two of them in one person (GB/T 22239, 8.1.5)."""


class Administrator(msgspec.Struct, frozen=True, kw_only=True):
    """One of the three, to be enrolled: role, name and login. Without a password it gets a random one, to be changed at the first sign-in."""

    role: str
    name: str
    login: str
    password: str | None = None


class Founded(msgspec.Struct, frozen=True):
    """One of the three as enrolled, with the first password."""

    role: str
    person: UUID
    login: str
    password: str


async def found(access: Access, wanted: FoundAgency, three: Sequence[Administrator]) -> list[Founded]:
    """Founds an agency with its three administrators and tells their first passwords; raises `Refused`.

    The three are enrolled in one transaction. Where that was interrupted, the agency stands without people, and founding goes on from there.
    """
    if sorted(one.role for one in three) != sorted(ADMINISTRATORS):
        raise Refused("three-administrators", "须为机关指定三员各一人：" + "、".join(ROLES[role].title for role in ADMINISTRATORS) + "。")
    if len({one.login.lower() for one in three}) != len(three):
        raise Refused("login-taken", "三员的登录名不能相同。")
    if access.directory.people(wanted.code):
        raise Refused("agency-exists", f"机关 {wanted.code} 已经设立，并有工作人员。")
    for one in three:
        if one.password is not None:
            passwords.check(one.password, one.login)
    known(wanted.rulebook)
    founded = {agency.code for agency in access.directory.agencies()}
    if wanted.superior is not None and wanted.superior not in founded:
        raise Refused("no-such-superior", f"没有上级机关 {wanted.superior}，请先设立上级机关，或核对它的代码。")
    facts = AgencyFacts(code=wanted.code, name=wanted.name, rulebook=wanted.rulebook, simulated=wanted.simulated, superior=wanted.superior)
    if wanted.code not in founded:
        await access.running.execute(wanted, agency_id(wanted.code), FOUNDER, facts)
    told: list[Founded] = []
    steps: list[Step] = []
    for one in three:
        person, password = fresh_id(), one.password or passwords.made_up()
        hash = await passwords.hashed(password)
        opened = OpenAccount(login=one.login, person=person, hash=hash, must_change=one.password is None)
        steps += [
            _step(access, facts, person, EnrolPerson(name=one.name, office=ROLES[one.role].title)),
            _step(access, facts, account_id(wanted.code, one.login), opened),
            _step(access, facts, person, GiveGrant(role=one.role)),
        ]
        told.append(Founded(one.role, person, one.login, password))
    await _carry_out(access, steps)
    return told


def _step(access: Access, facts: AgencyFacts, id: UUID, command: Command) -> Step:
    made: Job = job(command, id, FOUNDER, facts, access.directory.today(facts), fresh_id())
    return Step(job=made)


async def _carry_out(access: Access, steps: list[Step]) -> None:
    position = 0
    for step in await asyncio.wrap_future(access.running.pipeline.submit(steps)):
        if isinstance(step.outcome, Receipt):
            position = max(position, step.outcome.position)
        elif isinstance(step.outcome, Problem | Exception):
            raise step.outcome
    await access.directory.caught_up(position)

"""A bureau for a demonstration: an agency whose civil day can be set, its units, people, roles and accounts.

It is set up through the same commands as a real one. Passwords are random; they are written to a file in the data directory that only its owner
reads, because a platform has no default passwords.
"""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from shared.access import passwords
from shared.access.agency.commands import FoundAgency, OpenUnit, agency_id
from shared.access.person.commands import EnrolPerson, GiveGrant
from shared.access.service import Access
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.events import Actor

SETUP = Actor("system:setup", ("system",))

UNITS = {
    "zonghe": "综合科",
    "zhengwu": "政务公开办公室",
    "touzi": "投资项目审批科",
    "shangshi": "市场准入审批科",
    "shehui": "社会事务审批科",
    "jiandu": "监察室",
}

PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("clerk", "马晓燕", "政务公开办公室科员", "zhengwu", ("clerk",)),
    ("office", "李建国", "政务公开办公室主任科员", "zhengwu", ("disclosure_office", "clerk")),
    ("head", "王志强", "政务公开办公室主任", "zhengwu", ("head_of_disclosure_office", "disclosure_office")),
    ("unit", "杨丽", "投资项目审批科科长", "touzi", ("unit_head",)),
    ("reviewer", "海涛", "综合科保密审查员", "zonghe", ("reviewer",)),
    ("leader", "撒云鹏", "分管副局长", "zonghe", ("leader_in_charge",)),
    ("chief", "哈忠", "局长、领导小组组长", "zonghe", ("head_of_leading_group", "agency_head")),
    ("general", "高敏", "综合科科长", "zonghe", ("general_office",)),
    ("speaker", "丁宁", "综合科科长、新闻发言人", "zonghe", ("spokesperson",)),
    ("liaison", "罗娟", "综合科科员、新闻联络员", "zonghe", ("liaison_officer",)),
    ("monitor", "安静", "综合科科员、舆情监测员", "zonghe", ("opinion_monitor",)),
    ("party", "党建华", "党组书记", "zonghe", ("party_group",)),
    ("auditor", "金玉芳", "监察室主任", "jiandu", ("auditor", "supervision_office")),
    ("sysadmin", "田野", "系统管理员", "zonghe", ("system_administrator",)),
    ("secadmin", "苏敏", "安全管理员", "zonghe", ("security_administrator",)),
    ("auditadmin", "白石", "审计管理员", "jiandu", ("audit_administrator",)),
)
"""Login, name, office, unit and roles. The three administrators are three persons."""

ACCOUNTS_FILE = "demo-accounts.txt"


class DemoAccount(msgspec.Struct, frozen=True):
    """An account of the demonstration."""

    login: str
    password: str
    name: str
    office: str
    roles: tuple[str, ...]


async def set_up(
    access: Access, code: str, name: str, *, rulebook: str = "decree-711", since: date = date(2019, 5, 15)
) -> list[DemoAccount]:
    """Founds the agency and everyone in it; returns the accounts. `since`: from when the roles hold."""
    facts = AgencyFacts(code=code, name=name, rulebook=rulebook, simulated=True)

    async def give(command: Command, id: Any = None) -> Any:
        receipt = await access.running.execute(command, id, SETUP, facts)
        await access.directory.caught_up(receipt.position)
        return receipt.id

    await give(FoundAgency(code=code, name=name, rulebook=rulebook, simulated=True))
    for unit, title in UNITS.items():
        await give(OpenUnit(unit=unit, name=title), agency_id(code))
    made = []
    for login, person_name, office, unit, roles in PEOPLE:
        person = await give(EnrolPerson(name=person_name, office=office, unit=unit))
        for role in roles:
            await give(GiveGrant(role=role, since=since), person)
        password = passwords.made_up()
        await access.signin.open_account(SETUP, code, person, login, password)
        made.append(DemoAccount(login, password, person_name, office, roles))
    return made


def write_accounts(data: Path, base_url: str, agencies: Mapping[str, list[DemoAccount]]) -> Path:
    """Writes where to go and with which account, for the owner of the data directory alone. `agencies`: the accounts of each, by its code."""
    path = data / ACCOUNTS_FILE
    lines = []
    for code, accounts in agencies.items():
        width = max(len(account.login) for account in accounts)
        lines.append(f"演示机关 {code}；登录 {base_url}/signin")
        lines += [f"  {account.login:<{width}}  {account.password}  {account.name}（{account.office}）" for account in accounts]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path

"""A second agency of the demonstration: it is asked to confirm, and answers by page (its liaison), or from its own system over NATS (its key)."""

import asyncio
from datetime import date
from pathlib import Path

from demo.bureau import SETUP, DemoAccount
from shared.access import passwords
from shared.access.agency.commands import AddFeedKey, FoundAgency, OpenUnit, agency_id
from shared.access.person.commands import EnrolPerson, GiveGrant
from shared.access.service import Access
from shared.kernel.commands import AgencyFacts
from shared.messaging.agencies import nkey
from shared.messaging.agencies.cli import apply
from shared.trust.master import write_secret

CODE = "guyuan-czj"
NAME = "固原市财政局（演示）"
KEY_FILE = f"{CODE}.nk"
"""In the data directory: the key with which examples/agency connect."""


async def set_up(access: Access, data: Path) -> list[DemoAccount]:
    """Founds it with one official, and opens its account on NATS."""
    facts = AgencyFacts(code=CODE, name=NAME, rulebook="decree-711", simulated=True)
    execute = access.running.execute
    founding = FoundAgency(code=CODE, name=NAME, rulebook="decree-711", simulated=True)
    await access.directory.caught_up((await execute(founding, None, SETUP, facts)).position)
    await execute(OpenUnit(unit="bangong", name="办公室"), agency_id(CODE), SETUP, facts)
    person = await execute(EnrolPerson(name="虎秀英", office="办公室副主任", unit="bangong"), None, SETUP, facts)
    for role in ("agency_liaison", "disclosure_office"):
        await execute(GiveGrant(role=role, since=date(2019, 5, 15)), person.id, SETUP, facts)
    password = passwords.made_up()
    await access.signin.open_account(SETUP, CODE, person.id, "liaison", password)
    seed = nkey.new_seed()
    write_secret(data / KEY_FILE, seed + "\n")
    added = await execute(AddFeedKey(key=nkey.public_of(seed)), agency_id(CODE), SETUP, facts)
    await access.directory.caught_up(added.position)
    await asyncio.to_thread(apply, access.running.settings, data)
    return [DemoAccount("liaison", password, "虎秀英", "办公室副主任", ("agency_liaison", "disclosure_office"))]

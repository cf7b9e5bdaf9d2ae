"""One of each event that access records, with every field that it may have."""

from datetime import UTC, date, datetime

from shared.access.account import events as account
from shared.access.agency import events as agency
from shared.access.person import events as person
from shared.access.session import events as session
from shared.kernel.events import Event
from shared.kernel.identity import derived_id

PERSON = derived_id("golden", "person")
LATER = datetime(2025, 9, 22, 11, 2, 3, 456789, tzinfo=UTC)
HASH = "$argon2id$v=19$m=65536,t=3,p=4$Z29sZGVu$Z29sZGVu"

EXAMPLES: list[Event] = [
    agency.AgencyFounded(code="guyuan-spj", name="固原市行政审批服务局", rulebook="decree-711", simulated=True, superior="guyuan"),
    agency.RulebookAdopted(rulebook="bureau-2019"),
    agency.UnitOpened(unit="zonghe", name="综合科"),
    agency.UnitRenamed(unit="zonghe", name="综合协调科"),
    agency.UnitClosed(unit="zonghe", reason="机构改革"),
    agency.SoleRoleFilled(
        role="leader_in_charge",
        person=PERSON,
        grant=derived_id("golden", "grant"),
        since=date(2025, 9, 22),
        until=date(2025, 12, 31),
    ),
    agency.SoleRoleVacated(role="leader_in_charge", grant=derived_id("golden", "grant")),
    agency.SimulatedDaySet(day=date(2025, 9, 22)),
    agency.CalendarYearAnnounced(
        year=2027, holidays=(date(2027, 1, 1),), working_weekends=(date(2027, 2, 20),), source="国办发明电〔2026〕示例号"
    ),
    agency.FeedKeyAdded(key="UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"),
    agency.FeedKeyRemoved(key="UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4", reason="更换密钥"),
    person.PersonEnrolled(name="王审批", office="科员", unit="zonghe"),
    person.GrantGiven(
        grant=derived_id("golden", "grant"),
        role="clerk",
        since=date(2025, 9, 22),
        unit="zonghe",
        until=date(2025, 12, 31),
        principal=str(derived_id("golden", "principal")),
    ),
    person.GrantRevoked(grant=derived_id("golden", "grant"), reason="调离"),
    account.AccountOpened(login="wang.sp", person=PERSON, hash=HASH, must_change=False),
    account.PasswordChanged(hash=HASH),
    account.SignInFailed(),
    account.AccountLocked(until=LATER),
    account.AccountUnlocked(reason="本人当面核实"),
    account.AccountDisabled(reason="调离"),
    session.SignedIn(account=derived_id("golden", "account"), person=PERSON, token_hash="ab" * 32, expires=LATER),
    session.SessionEnded(why="退出登录"),
]

"""The demonstration of `make run`: a bureau, some sixty cases in every state, a portal with a year behind it, what people say and what it says itself."""

import asyncio
from collections.abc import Awaitable
from datetime import date, timedelta
from pathlib import Path

from demo import neighbour, portal, press, releases, supervision, watching
from demo.bureau import set_up, write_accounts
from demo.office import Office
from shared.access.service import Access
from shared.kernel.clocks import today
from shared.law.calendar import national_calendar

CODE = "guyuan-spj"
NAME = "固原市行政审批服务局（演示）"

REPLIES = (
    "r1_granted", "r1_granted", "r1_granted", "r2_partial", "r3_1_state_secret", "r3_2_law_forbidden", "r3_3_three_security_one_stability",
    "r3_4_third_party", "r3_5_internal_affairs", "r3_6_process", "r3_7_enforcement_file", "r3_8_admin_query", "r4_1_not_held", "r4_1_not_held",
    "r4_2_need_creation", "r5_1_petition", "r5_2_repeat", "r5_3_publication", "r5_4_massive", "r5_5_confirm_reissue", "r6_3_other",
)  # fmt: skip
"""One reply of each kind that can be drafted, the common ones oftener."""


def working_days_ago(count: int) -> date:
    """The working day so many working days before today."""
    return national_calendar().subtract_working_days(today() + timedelta(days=1), count + 1)


async def load(access: Access, base_url: str, data: Path) -> int:
    """Sets the bureau up and plays its cases; returns how many there are."""
    accounts = await set_up(access, CODE, NAME)
    others = await neighbour.set_up(access, data)
    write_accounts(data, base_url, {CODE: accounts, neighbour.CODE: others})
    async with Office(base_url, CODE, accounts) as office:
        asking = asked(office, working_days_ago(2))
        said = (*press.cases(office), releases.cases(office), watching.cases(office), *supervision.cases(office))
        await asyncio.gather(*cases(office), asking, *portal.cases(office), *said)
        found = await office.get("/api/requests/disclosure-requests?page=1", "clerk")
        more = await office.get("/api/requests/disclosure-requests?page=2", "clerk")
        return len(found["cases"]) + len(more["cases"])


def cases(office: Office) -> list[Awaitable[None]]:
    """Sixty cases, each in a state of its own."""
    kinds = ("natural_person", "natural_person", "natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
    made: list[Awaitable[None]] = [
        replied(office, kinds[number % len(kinds)], outcome, working_days_ago(40 - number)) for number, outcome in enumerate(REPLIES)
    ]
    made += [received(office, kinds[number % len(kinds)], number) for number in range(8)]
    made += [assigned(office, working_days_ago(3 * number)) for number in range(9)]
    made += [amending(office, working_days_ago(4 + number)) for number in range(3)]
    made += [unpaid(office, working_days_ago(5 + number)) for number in range(2)]
    made += [extended(office, working_days_ago(18 + number), approve=number % 2 == 0) for number in range(4)]
    made += [in_review(office, working_days_ago(6 + number), decide=number % 2 == 0) for number in range(4)]
    made += [drafted(office, working_days_ago(9 + number), approve=number % 2 == 0) for number in range(5)]
    made += [ended(office, verb, working_days_ago(12 + number)) for number, verb in enumerate(("withdraw", "void", "withdraw"))]
    made.append(merged(office, working_days_ago(8)))
    return made


async def replied(office: Office, kind: str, outcome: str, day: date) -> None:
    """A case that was replied to; what is given out went through review."""
    case = await office.receive(kind, day, channel=office.draw.choice(("internet", "registered_post", "in_person")))
    reply_day = national_calendar().add_working_days(day, 8)
    files = await office.review(case, reply_day) if outcome in ("r1_granted", "r2_partial") else None
    await office.reply(case, outcome, reply_day, files=files)


async def received(office: Office, kind: str, number: int) -> None:
    """A case that has just come in: not registered yet, or waiting for both sides to confirm it."""
    if number % 2:
        await office.receive(kind, today(), confirm=False, assign=False)
    else:
        await office.post("/api/requests/disclosure-requests", "clerk", today(), office.application(kind, today(), "internet"))


async def assigned(office: Office, day: date) -> None:
    """A case that a unit works on; some are late."""
    await office.receive("natural_person", day, channel="in_person")


async def amending(office: Office, day: date) -> None:
    """A case that waits for its applicant."""
    case = await office.receive("natural_person", day)
    next_day = national_calendar().add_working_days(day, 2)
    await office.act(case, "request-amendment", "clerk", next_day, items=["请明确所需信息的年份", "请提供有效身份证明"])


async def unpaid(office: Office, day: date) -> None:
    """A case that waits for its fee."""
    case = await office.receive("commercial", day)
    await office.act(case, "assess-fee", "clerk", national_calendar().add_working_days(day, 2), basis="pages", count=250)


async def extended(office: Office, day: date, *, approve: bool) -> None:
    """A case whose extension was asked for, and perhaps approved."""
    case = await office.receive("natural_person", day, channel="in_person")
    asked = national_calendar().add_working_days(day, 15)
    await office.act(case, "extend", "unit", asked, working_days=20, reason="需要征求多个部门的意见")
    if approve:
        await office.act(case, "approve-extension", "head", asked)


async def in_review(office: Office, day: date, *, decide: bool) -> None:
    """A case whose files are in secrecy review, or were found not to be given out."""
    case = await office.receive("natural_person", day, channel="in_person")
    later = national_calendar().add_working_days(day, 3)
    if decide:
        await office.review(case, later, opinion="exempt")
    else:
        digest = f"{office.draw.getrandbits(256):064x}"
        await office.act(case, "request-review", "unit", later, files=[{"name": "会议纪要.pdf", "sha256": digest, "size": 48_120}])


async def drafted(office: Office, day: date, *, approve: bool) -> None:
    """A case whose reply waits for approval or delivery."""
    case = await office.receive("legal_service", day, channel="in_person")
    later = national_calendar().add_working_days(day, 5)
    draft = await office.draft(case, "r4_1_not_held", later)
    if approve:
        await office.approve(case, draft, later)


async def ended(office: Office, verb: str, day: date) -> None:
    """A case that was withdrawn or registered by mistake."""
    case = await office.receive("natural_person", day)
    by = "office" if verb == "void" else "clerk"
    await office.act(
        case,
        verb,
        by,
        national_calendar().add_working_days(day, 1),
        reason="申请人来电说明" if verb == "withdraw" else "误将咨询登记为申请",
    )


async def merged(office: Office, day: date) -> None:
    """A request that was registered twice."""
    first = await office.receive("natural_person", day)
    second = await office.receive("natural_person", day)
    await office.act(second, "merge", "clerk", day, into=first, reason="同一申请通过网络和信函各登记一次")


async def asked(office: Office, day: date) -> None:
    """A case that waits for another agency, whose own system has an account on NATS."""
    case = await office.receive("research", day, channel="in_person")
    addressee = {"code": neighbour.CODE, "name": neighbour.NAME, "outside": False}
    text = "申请人申请公开联合验收方案，该方案由本局与贵局共同制作，拟予公开，请确认。"
    await office.act(case, "request-coordination", "unit", day, item="联合验收方案", text=text, addressees=[addressee], urgent=False)

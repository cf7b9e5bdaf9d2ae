"""Supervision in the demonstration: what the public suggests and complains of, in every state, and inspections with what they have found."""

from collections.abc import Awaitable
from datetime import date, timedelta
from typing import Any

from demo.office import Failed, Office
from shared.kernel.clocks import today
from shared.law.calendar import national_calendar

API = "/api/audit"


def cases(office: Office) -> list[Awaitable[None]]:
    """Nine matters."""
    return [
        volunteer(office),
        suggested(office, "希望在门户网站公布窗口实时排队人数。", answered=False),
        suggested(office, "公开栏的办事指南字太小，老人看不清。", answered=True),
        complained(office, "bad_conduct", "窗口人员让我第三次补材料，每次说法不同。"),
        concluded(office),
        paid(office),
        quarterly(office),
        secrecy(office),
        survey(office),
    ]


def days_ago(count: int) -> date:
    """The working day so many working days ago."""
    return national_calendar().subtract_working_days(today() + timedelta(days=1), count + 1)


async def said(office: Office, things: str, **form: Any) -> str:
    """A member of the public submits it without signing in."""
    answer = await office.client.post(f"{API}/{things}?agency={office.agency}", json=form)
    if answer.status_code != 201:
        raise Failed(f"{things}：{answer.status_code} {answer.text[:200]}")
    office.commands += 1
    id: str = answer.json()["id"]
    return id


async def made(office: Office, things: str, by: str, day: date, **form: Any) -> str:
    """An official records it."""
    id: str = (await office.post(f"{API}/{things}", by, day, form))["id"]
    return id


async def act(office: Office, things: str, id: str, verb: str, by: str, day: date, **form: Any) -> None:
    """A step of it."""
    await office.post(f"{API}/{things}/{id}/{verb}", by, day, form)


async def volunteer(office: Office) -> None:
    """A volunteer supervisor, and what he has said."""
    term = {"since": str(days_ago(200)), "until": str(today() + timedelta(days=300))}
    id = await made(
        office, "supervisors", "office", days_ago(200), number="聘〔2025〕1号", sphere="企业代表", name="虎志远", contact="13900000001", **term
    )  # fmt: skip
    told = await made(
        office, "feedbacks", "office", days_ago(6), kind="criticism", channel="supervisor", supervisor=id, contact="13900000001",
        text="行政许可结果公示比规定晚了三天。",
    )  # fmt: skip
    await act(office, "feedbacks", told, "assign", "office", days_ago(5), unit="shangshi")


async def suggested(office: Office, text: str, *, answered: bool) -> None:
    """A suggestion by the form: it waits for its unit, or was answered and closed."""
    id = await said(office, "feedbacks", kind="suggestion", text=text)
    if answered:
        await act(office, "feedbacks", id, "assign", "office", today(), unit="touzi")
        words = {"measures": "已重新印制大字版指南", "text": "已采纳：大字版办事指南已上墙。", "way": "online"}
        await act(office, "feedbacks", id, "answer", "unit", today(), outcome="adopted", **words)
        await act(office, "feedbacks", id, "close", "office", today(), note="已到现场核实")


async def complained(office: Office, kind: str, text: str) -> None:
    """A complaint by the page, anonymous."""
    await said(office, "complaints", kind=kind, text=text, anonymous=True)


async def concluded(office: Office) -> None:
    """Came by telephone, looked into, not founded, and the complainant told."""
    day = days_ago(20)
    id = await made(
        office, "complaints", "auditor", day, kind="not_answered", channel="complaint_line", contact="13900000002", about_unit="shehui",
        text="称公开申请一个月没有答复。", evidence="投诉电话记录 12 号",
    )  # fmt: skip
    await act(office, "complaints", id, "accept", "auditor", days_ago(18))
    await act(office, "complaints", id, "triage", "auditor", days_ago(17), severity="ordinary", about_unit="shehui", note="调阅办理过程")
    facts = {"facts": "答复期限依法延长并已告知，尚未届满。", "measures": "督促按期答复"}
    await act(office, "complaints", id, "conclude", "auditor", days_ago(10), finding="unfounded", **facts)
    await act(office, "complaints", id, "tell", "auditor", days_ago(9), way="by_phone", text="答复期限已依法延长，届满前会答复您。")


async def paid(office: Office) -> None:
    """That an affiliate sells what is to be given: accepted, and referred at once."""
    id = await made(
        office, "complaints", "auditor", days_ago(4), kind="paid_affiliate", channel="box", text="某协会收费提供本局审批档案复印件。",
        evidence="意见箱开箱记录 3 号",
    )  # fmt: skip
    await act(office, "complaints", id, "accept", "auditor", days_ago(3))


async def inspected(office: Office, by: str, day: date, plan: dict[str, Any], low: dict[str, tuple[int, str]]) -> str:
    """An inspection with its result; `low`: the questions that lost points, with why."""
    id = await made(office, "inspections", by, day, on=str(day), basis="年度公开工作要点", **plan)
    if plan["kind"] == "periodic":
        await act(office, "inspections", id, "approve", "party", day)
    scores: dict[str, Any] = dict.fromkeys(("content", "procedure", "form", "rules", "execution", "effect"), 10)
    for question, (points, note) in low.items():
        scores |= {question: points, f"{question}_note": note}
    await act(office, "inspections", id, "record", by, day, summary="总体符合要求，个别事项须改进。", **scores)
    return id


async def quarterly(office: Office) -> None:
    """The quarterly one: a problem is open, and rectification ordered."""
    day = days_ago(8)
    plan = {"name": "第三季度公开工作检查", "kind": "periodic", "unit": "touzi"}
    id = await inspected(office, "office", day, plan, {"content": (7, "目录缺两项"), "execution": (8, "一项更新不及时")})
    due = str(today() + timedelta(days=10))
    await act(office, "inspections", id, "open-issue", "office", day, question="content", what="公开目录缺项目核准结果两项", due=due)
    order = {"issues": [1], "demand": "补齐目录并公开", "due": due, "document": "公开整改〔2025〕3号"}
    await act(office, "inspections", id, "order-rectification", "chief", days_ago(6), **order)


async def secrecy(office: Office) -> None:
    """The supervision office inspects secrecy review; what was found is corrected, and it is closed."""
    day = days_ago(12)
    plan = {"name": "保密审查专项检查", "kind": "daily", "subject": "secrecy", "unit": "zonghe"}
    id = await inspected(office, "auditor", day, plan, {"procedure": (8, "一份文件没有写明审查依据")})
    found = {"question": "procedure", "what": "一份文件没有写明审查依据", "due": str(days_ago(5))}
    await act(office, "inspections", id, "open-issue", "auditor", day, **found)
    await act(office, "inspections", id, "close-issue", "auditor", days_ago(7), number=1, how="已补写依据并重新审查", evidence="审查表")
    await act(office, "inspections", id, "close", "auditor", days_ago(6), conclusion="程序规范，问题已经纠正。")


async def survey(office: Office) -> None:
    """How many know, and how many are satisfied."""
    plan = {"name": "办事群众知晓率、满意率测评", "kind": "survey", "unit": "zhengwu", "on": str(days_ago(15)), "basis": "年度公开工作要点"}
    id = await made(office, "inspections", "office", days_ago(15), **plan)
    counts = {"asked": 320, "aware": 247, "satisfied": 281, "method": "大厅问卷", "among": "办事群众"}
    await act(office, "inspections", id, "run-survey", "office", days_ago(14), **counts)

"""Complaints on pages."""

import asyncio
from typing import Any

from fastapi import Request

from services.audit.complaint.commands import ReceiveComplaint
from services.audit.complaint.decisions import PUBLIC_CHANNEL, TITLES, Complaint, Stage, complaint, lead_of
from services.audit.complaint.kinds import KINDS
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acting import days_left
from shared.web.acts import Tried
from shared.web.forms import CHOICES, Field
from shared.web.rooms import Column, Listing, Room, Shown

COMPLAINTS = """SELECT * FROM views.complaints
    WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(missed)s::text IS NULL OR misses > 0)
    ORDER BY stage = 'closed', NOT running, due, id LIMIT %(limit)s OFFSET %(offset)s"""

SEVERITIES = {"ordinary": "一般问题", "important": "重要问题"}

CONCERNED = {"request": "公开申请", "publication": "公开信息", "opinion_item": "舆情", "inspection": "监督检查", "other": "其他"}
"""What a complaint may concern."""

GROUNDS = {"acceptance": "决定是否受理", "conclusion": "作出结论"}

NEXT: dict[Stage, str] = {
    Stage.RECEIVED: "监察室决定是否受理。",
    Stage.ACCEPTED: "监察室初核：是一般问题还是重要问题，涉及哪个科室。",
    Stage.TRIAGED: "监察室调查核实，作出结论。",
    Stage.DECLINED: "把不予受理的决定和理由告知投诉举报人。",
    Stage.CONCLUDED: "把结论告知投诉举报人。",
    Stage.CLOSED: "",
}


def due_cell(row: Shown) -> Any:
    """Until when it is owed, and whether a day was missed."""
    return ("!", f"{row['due']} 曾逾期") if row["misses"] else str(row["due"]) if row["running"] else ""


LISTS = (
    Listing(
        "complaints",
        "投诉举报",
        "audit.read_complaint",
        COMPLAINTS,
        (
            Column("编号", lambda row: (f"/audit/complaints/{row['id']}", row["tracking_number"])),
            Column("问题", lambda row: KINDS[row["kind"]].title),
            Column("渠道", lambda row: CHOICES[row["channel"]]),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("期限", due_cell),
            Column("轻重", lambda row: SEVERITIES.get(row["severity"], "")),
            Column("被投诉举报的科室", lambda row: ("@", row["about_unit"]) if row["about_unit"] else ""),
            Column("结论", lambda row: CHOICES[row["finding"]] if row["finding"] else ""),
            Column("责任追究", lambda row: (f"/audit/accountability-leads/{lead_of(row['id'])}", "已转入") if row["referred"] else ""),
            Column("收到", lambda row: str(row["received_on"])),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "kind": ("问题", {key: kind.title for key, kind in KINDS.items()}),
            "missed": ("逾期", {"1": "曾逾期"}),
        },
        "complaints",
        "电话、意见箱、座谈会、走访、网页和上级交办的投诉举报，每一件都有结论。公众自己填写的网址：/audit/complain。",
        "没有符合条件的投诉举报。",
    ),
)


async def show(running: Running, _request: Request, state: Complaint, agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """What is complained of, by whom, until when it comes to what, and where it led."""
    told = await asyncio.to_thread(running.shown, state)
    directory: Any = running.doorkeeper
    due = state.deadline.due if state.deadline else None
    left = days_left(running, agency, due) if state.owed else None
    late = left is not None and left < 0
    concluded, declined = state.concluded, state.declined
    sections: list[Shown] = [{"title": "事实和理由", "text": told["text"]}]
    if concluded is not None:
        sections += [{"title": "查明的事实", "text": concluded.facts}, {"title": "处理情况", "text": concluded.measures}]
    if told["answer"]:
        sections.append({"title": "告知投诉举报人", "text": told["answer"]})
    return {
        "title": f"投诉举报 {state.tracking_number}",
        "next": NEXT[state.stage],
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("问题", KINDS[state.kind].title),
            ("渠道", CHOICES[state.channel]),
            ("凭据", state.evidence),
            ("姓名或者名称", told["name"] or ("匿名" if state.anonymous else "未留下")),
            ("联系方式", told["contact"] or ("凭编号和密码网上查看" if state.password_hash else "未留下")),
            ("收到", str(state.received_on)),
            (GROUNDS.get(state.owed, "期限"), ("!", f"{due} 已逾期") if late else str(due) if state.owed else ""),
            ("曾逾期", ("!", "、".join(GROUNDS[one] for one in state.missed)) if state.missed else ""),
            ("轻重", SEVERITIES.get(state.severity, "")),
            ("被投诉举报的科室", directory.unit_name(agency.code, state.about_unit) if state.about_unit else ""),
            ("被投诉举报的人员", running.doorkeeper.name_of(str(state.about_person)) if state.about_person else ""),
            ("所涉事项", (f"/audit/trails/{state.case}", "办理过程") if state.case else ""),
            ("不予受理", f"{CHOICES[declined.ground]}：{declined.reason}" if declined else ""),
            ("转送或者告知", declined.passed_to if declined else ""),
            ("结论", CHOICES[concluded.finding] if concluded else ""),
            ("责任追究", (f"/audit/accountability-leads/{lead_of(state.id)}", "已转入，查看线索") if state.referred else ""),
        ],
        "sections": sections,
    }


def noted(_running: Running, _agency: AgencyFacts, fields: list[Field]) -> None:
    """An official notes what came by another way than the page."""
    for field in fields:
        if field.name == "channel":
            chosen = "" if field.value == PUBLIC_CHANNEL else field.value
            field.value, field.required = chosen, True
            field.choices = [("", "请选择"), *((value, title) for value, title in field.choices if value != PUBLIC_CHANNEL)]


TITLED = {"severity": SEVERITIES, "what": CONCERNED}
"""Choices that are called otherwise here than elsewhere."""

ROOMS = (Room("complaints", "投诉举报", complaint, "audit.read_complaint", show, ReceiveComplaint, shape=noted, titles=TITLED),)

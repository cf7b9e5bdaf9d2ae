"""Feedback and volunteer supervisors on pages."""

import asyncio
from typing import Any

from fastapi import Request

from services.audit.feedback.commands import ReceiveFeedback
from services.audit.feedback.decisions import TITLES, Feedback, Stage, feedback
from services.audit.supervisor.commands import AppointSupervisor
from services.audit.supervisor.decisions import Supervisor, supervisor
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acting import days_left
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rooms import Column, Listing, Room, Shown

FEEDBACKS = """SELECT * FROM views.feedbacks
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(channel)s::text IS NULL OR channel = %(channel)s) AND (%(missed)s::text IS NULL OR missed)
    ORDER BY stage = 'closed', stage = 'answered', due, id LIMIT %(limit)s OFFSET %(offset)s"""

SUPERVISORS = """SELECT *, coalesce(ended_on, until + 1) <= current_date AS over FROM views.supervisors
    WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    ORDER BY ended_on IS NOT NULL, until, id LIMIT %(limit)s OFFSET %(offset)s"""

OFFERED = """SELECT id, number || ' ' || sphere AS title FROM views.supervisors WHERE agency = %s AND ended_on IS NULL
    ORDER BY number, id LIMIT %s"""
"""The volunteers that a form offers."""

NEXT: dict[Stage, str] = {
    Stage.RECEIVED: "公开办分派承办科室。",
    Stage.ASSIGNED: "承办科室处理并答复提出人。",
    Stage.ANSWERED: "公开办核实已经处理并答复，予以办结。",
    Stage.CLOSED: "",
}


def due_cell(row: Shown) -> Any:
    """Until when it is owed, and whether that was missed."""
    return ("!", f"{row['due']} 曾逾期") if row["missed"] else str(row["due"]) if row["running"] else ""


LISTS = (
    Listing(
        "feedbacks",
        "意见建议",
        "audit.read_feedback",
        FEEDBACKS,
        (
            Column("编号", lambda row: (f"/audit/feedbacks/{row['id']}", row["tracking_number"])),
            Column("类别", lambda row: CHOICES[row["kind"]]),
            Column("渠道", lambda row: CHOICES[row["channel"]]),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("应当答复", due_cell),
            Column("承办科室", lambda row: ("@", row["unit"]) if row["unit"] else ("!", "未分派")),
            Column("处理结果", lambda row: CHOICES[row["outcome"]] if row["outcome"] else ""),
            Column("收到", lambda row: str(row["received_on"])),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "channel": ("渠道", {key: CHOICES[key] for key in ("form", "box", "hotline", "supervisor", "forum", "visits")}),
            "missed": ("逾期", {"1": "曾逾期"}),
        },
        "feedbacks",
        "意见箱、热线、征求意见和建议表、义务监督员、座谈会、走访收到的意见建议，每一条都登记、办理、答复。公众自己填写的网址：/audit/feedback。",
        "没有符合条件的意见建议。",
    ),
    Listing(
        "supervisors",
        "义务监督员",
        "audit.read_supervisor",
        SUPERVISORS,
        (
            Column("聘书", lambda row: (f"/audit/supervisors/{row['id']}", row["number"])),
            Column("代表的方面", lambda row: row["sphere"]),
            Column("聘期", lambda row: f"{row['since']} 至 {row['until']}"),
            Column("状态", lambda row: "已解聘" if row["ended_on"] else ("!", "聘期已满") if row["over"] else ("#", "在聘")),
        ),
        room="supervisors",
        lead="从社会各界聘请的义务监督员；外部人员的姓名和联系方式加密保存。",
        empty="还没有聘请义务监督员。",
    ),
)


async def show_feedback(
    running: Running, _request: Request, state: Feedback, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """What was said, by whom, who handles it until when, and what was answered."""
    told = await asyncio.to_thread(running.shown, state)
    directory: Any = running.doorkeeper
    due = state.deadline.due if state.deadline else None
    left = days_left(running, agency, due)
    open_still = state.stage in (Stage.RECEIVED, Stage.ASSIGNED)
    limit = f"{due}" + (f"，剩余 {left} 个工作日" if open_still and left is not None and left >= 0 else "")
    return {
        "title": f"{CHOICES[state.kind]} {state.tracking_number}",
        "next": NEXT[state.stage],
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("渠道", CHOICES[state.channel]),
            ("义务监督员", (f"/audit/supervisors/{state.supervisor}", "查看") if state.supervisor else ""),
            ("凭据", state.evidence),
            ("姓名或者名称", told["name"]),
            ("联系方式", told["contact"] or ("凭编号和密码网上查看" if state.password_hash else "未留下")),
            ("收到", str(state.received_on)),
            ("应当答复", ("!", f"{limit} 已逾期") if state.missed or (open_still and left is not None and left < 0) else limit),
            ("承办科室", directory.unit_name(agency.code, state.unit) if state.unit else ""),
            ("处理结果", CHOICES[state.outcome] if state.outcome else ""),
        ],
        "sections": [
            {"title": "内容", "text": told["text"]},
            *([{"title": "处理情况", "text": state.measures}, {"title": "答复", "text": told["answer"]}] if state.outcome else []),
        ],
    }


async def show_supervisor(
    running: Running, _request: Request, state: Supervisor, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """Who, from where, and for how long."""
    told = await asyncio.to_thread(running.shown, state)
    return {
        "title": f"义务监督员 {state.number}",
        "facts": [
            ("姓名", told["name"] or (running.doorkeeper.name_of(str(state.person)) if state.person else "")),
            ("联系方式", told["contact"]),
            ("代表的方面", state.sphere),
            ("聘期", f"{state.since} 至 {state.until}"),
            ("解聘", f"{state.ended_on}：{state.reason}" if state.ended_on else ""),
        ],
    }


ROOMS = (
    Room("feedbacks", "意见建议", feedback, "audit.read_feedback", show_feedback, ReceiveFeedback),
    Room("supervisors", "义务监督员", supervisor, "audit.read_supervisor", show_supervisor, AppointSupervisor),
)

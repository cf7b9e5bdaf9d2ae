"""Accountability on pages: leads that wait for a conclusion, cases, and a case with what comes next and who has still to be decided about."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from services.audit.accountability_case.commands import OpenCase
from services.audit.accountability_case.decisions.investigation import must_be_determined
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import CONCLUSIONS, OPEN, OWED, TITLES, AccountabilityCase, Stage, accountability_case
from services.audit.accountability_lead.commands import RaiseLead
from services.audit.accountability_lead.decisions import TITLES as LEAD_TITLES
from services.audit.accountability_lead.decisions import AccountabilityLead, accountability_lead
from services.audit.accountability_lead.decisions import Stage as LeadStage
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acting import agency_day
from shared.web.acts import Tried
from shared.web.forms import CHOICES, Field
from shared.web.rooms import Column, Listing, Room, Shown

LEADS = """SELECT * FROM views.accountability_leads WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(source)s::text IS NULL OR source = %(source)s)
    ORDER BY stage <> 'open', due, id LIMIT %(limit)s OFFSET %(offset)s"""
"""A lead is no unit's: who sees only the things of one unit sees none."""

CASES = """SELECT * FROM views.accountability_cases WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(source)s::text IS NULL OR source = %(source)s)
    AND (%(level)s::text IS NULL OR level = %(level)s)
    ORDER BY stage = 'closed', due NULLS LAST, opened_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

SOURCES = {key: source.title for key, source in SCHEME.sources.items()}
LEVELS = {"ordinary": "一般", "important": "重要"}
SERVICES = {"requests": "依申请公开", "review": "保密审查与协调", "publishing": "主动公开", "press": "新闻发布与舆情", "audit": "投诉举报"}


def lead_due(row: Shown) -> Any:
    """The day of its conclusion; late where it has passed."""
    if row["stage"] != LeadStage.OPEN:
        return ""
    return ("!", f"{row['due']} 已过") if row["overdue"] else str(row["due"])


def case_owed(row: Shown) -> Any:
    """What is owed by when; late where it was missed."""
    if not row["owed"]:
        return ""
    late = f"{row['owed']}/{row['due']}" in row["missed"]
    told = f"{OWED[row['owed']]}：{row['due']}"
    return ("!", f"{told} 已过") if late else told


LISTS = (
    Listing(
        "accountability-leads",
        "追责线索",
        "audit.read_accountability",
        LEADS,
        (
            Column("线索", lambda row: (f"/audit/accountability-leads/{row['id']}", row["title"])),
            Column("来源", lambda row: SOURCES[row["source"]]),
            Column("状态", lambda row: ("#", LEAD_TITLES[LeadStage(row["stage"])])),
            Column("应当结论", lead_due),
            Column("登记", lambda row: str(row["raised_on"])),
            Column("有关事项", lambda row: (f"/audit/trails/{row['thing']}", SERVICES.get(row["service"], "过程")) if row["thing"] else ""),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in LEAD_TITLES.items()}),
            "source": ("来源", SOURCES),
        },
        "accountability-leads",
        "逾期由平台自动成为线索，投诉、检查、泄密、曝光等由人登记；每条线索都要立案或者写明不予立案的理由。",
        "没有符合条件的线索。",
    ),
    Listing(
        "accountability-cases",
        "责任追究",
        "audit.read_accountability",
        CASES,
        (
            Column("案由", lambda row: (f"/audit/accountability-cases/{row['id']}", row["title"])),
            Column("来源", lambda row: SOURCES[row["source"]]),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("应当办理", case_owed),
            Column("一般还是重要", lambda row: LEVELS.get(row["level"], "")),
            Column("被调查科室", lambda row: ("@", row["subject_unit"])),
            Column("调查", lambda row: ("@", row["unit"]) if row["unit"] else "领导小组" if row["level"] == "important" else ""),
            Column("结论", lambda row: CONCLUSIONS.get(row["conclusion"], "")),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "source": ("来源", SOURCES),
            "level": ("一般还是重要", LEVELS),
        },
        "accountability-cases",
        "先列最先应当办理的。一般问题转相关科室，重要问题由领导小组调查处理；属实且造成不良后果的报领导小组审批。",
        "没有符合条件的案件。",
    ),
)


def next_of(state: AccountabilityCase) -> str:
    """What comes next, in one sentence."""
    if state.stage is Stage.FOUND:
        if state.own_staff and not state.reported:
            return "涉及本科室人员：先将调查情况报领导小组。"
        if must_be_determined(state):
            return "科室负责人（重要问题由监察室）报送材料和认定意见，由领导小组审批。"
        return "登记科室处理情况并报备案，或者报送认定意见。" if SCHEME.sources[state.source].files and state.proven else "写明意见，结案。"
    if state.stage is Stage.DECIDED:
        if waiting := state.waiting_outside:
            return f"等待批准：{'、'.join(dict.fromkeys(SCHEME.measures[one.measure].title for one in waiting))}；批准以前不生效。"
        return "逐一送达本人，告知申请复核的期限。"
    if state.stage is Stage.DETERMINED:
        return "领导小组按情节作出追究决定。" if state.severity else "领导小组确定情节。"
    if state.stage is Stage.NOTIFIED:
        left = [SCHEME.measures[key].title for key in state.measures if key not in state.carried]
        return f"执行：{'、'.join(left)}。" if left else "复核期满以后，备案、结案。"
    return {
        Stage.OPENED: "监察室分流：一般问题转科室，重要问题由领导小组办理。",
        Stage.ROUTED: "确定二人以上、没有利害关系的调查人员。",
        Stage.INVESTIGATING: "作出调查结论。" if state.verified else "核实，听取被调查人的陈述和申辩。",
        Stage.SUBMITTED: "领导小组批准或者退回认定意见。",
        Stage.APPEALED: "由没有参加办理的人作出复核决定。",
        Stage.HANDLED: "结案。" if state.filed else "报备案。",
    }.get(state.stage, "")


def narrow(acts: Iterable[Shown], state: AccountabilityCase, people: dict[str, str]) -> None:
    """Forms offer what fits: measures of the severity alone (ZR-06.0), persons who are responsible."""
    measures = SCHEME.of_severity(state.severity)
    responsible = [one.person for one in state.responsible]
    titled = {key: SCHEME.measures[key].title for key in SCHEME.measures}
    for act in acts:
        fields: list[Field] = [field for one in act["fields"] for field in (one, *(part for row in one.rows for part in row))]
        for field in fields:
            name = field.name.rpartition(".")[2]
            if name in ("measure", "measures"):
                fitting = state.measures if act["verb"] in ("carry-out", "decide-appeal") else measures
                field.kind = "choices" if name == "measures" else "choice"
                field.choices = [*([("", "请选择")] if name == "measure" else []), *((key, titled[key]) for key in fitting)]
            elif name == "person" and act["verb"] != "recuse" and responsible:
                field.kind = "choice"
                field.choices = [("", "请选择"), *((one, people.get(one, one)) for one in responsible)]
            elif name == "person" and act["verb"] == "recuse":
                field.choices = [("", "请选择"), *((one, people.get(one, one)) for one in state.investigators)]


async def show(
    running: Running, request: Request, state: AccountabilityCase, agency: AgencyFacts, made: Shown, _tried: Tried | None
) -> Shown:
    """A case: where it comes from, what was found on each question, who answers how, and what comes next."""
    name = running.doorkeeper.name_of
    directory: Any = running.doorkeeper
    narrow(made["acts"], state, {str(one.id): f"{one.name}（{one.office}）" for one in directory.people(agency.code)})
    book = running.doorkeeper.laws(agency).rulebook.id
    today = agency_day(running, agency)
    due = f"{OWED[state.owed]}：{state.due}" if state.owed else ""
    late = state.due is not None and str(state.due) < str(today)
    answered = [*state.answers, *(None for _ in state.questions[len(state.answers) :])]
    return {
        "title": state.title,
        "next": next_of(state),
        "approves": state.submission.hash if state.submission else None,
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("结论", CONCLUSIONS.get(state.conclusion, "")),
            ("应当办理", ("!", f"{due} 已过") if late and due else due),
            ("来源", SOURCES[state.source] if state.lead else f"{SOURCES[state.source]}（{state.reference}）"),
            ("有关事项", (f"/audit/trails/{state.reference}", "办理过程") if state.lead else ""),
            ("线索", (f"/audit/accountability-leads/{state.lead}", "查看线索") if state.lead else ""),
            ("舆情事项", (f"/press/opinions/{state.press_item}", "查看舆情") if state.press_item else ""),
            ("线索已撤销", ("!", "所依据的事实已经撤销，请据此作出结论") if state.withdrawn else ""),
            ("追究情形", "；".join(f"{SCHEME.grounds[key].title}（{SCHEME.grounds[key].article[book]}）" for key in state.grounds)),
            ("泄露的秘密", CHOICES.get(state.secrecy, "")),
            ("被调查科室", directory.unit_name(agency.code, state.subject_unit)),
            ("被调查人", "、".join(name(one) for one in state.persons)),
            ("分流", f"{LEVELS[state.level]}，{directory.unit_name(agency.code, state.unit) if state.unit else '领导小组'}调查" if state.level else ""),
            ("配合科室", "、".join(directory.unit_name(agency.code, one) for one in state.cooperates)),
            ("调查人员", "、".join(name(one) for one in state.investigators)),
            ("不良后果", ("有" if state.harm else "无") if state.found else ""),
            ("情节", SCHEME.severities[state.severity].title if state.severity else ""),
            ("备案", state.filed),
        ],
        "sections": [
            {"title": "线索反映的事实", "text": state.facts},
            {
                "title": "问题和结论",
                "columns": ("问题", "结论", "查明的事实"),
                "rows": [
                    (question, CHOICES[answer.found], answer.facts) if answer else (question, ("!", "未作结论"), "")
                    for question, answer in zip(state.questions, answered, strict=True)
                ],
            },
            *([{"title": "认定意见", "text": state.submission.opinion}] if state.submission else []),
            {
                "title": "责任人员和追究方式",
                "columns": ("人员", "责任", "方式", "批准", "送达，复核期限", "执行", "复核"),
                "rows": [line(state, one.person, CHOICES[one.role], name(one.person)) for one in state.responsible],
                "empty": "还没有认定责任人员。" if not state.found or state.proven else "没有责任人员。",
            },
        ],
    }  # fmt: skip


def line(state: AccountabilityCase, person: str, role: str, named: str) -> tuple[Any, ...]:
    """Everything about one person who is responsible."""
    mine = [one for one in state.sanctions if one.person == person]
    excused = next((one.reason for one in state.exempt if one.person == person), "")
    waiting = [one for one in mine if one in state.waiting_outside]
    left = [one for one in mine if one.measure not in state.carried]
    until = state.notified.get(person)
    result = state.appeals.get(person, "")
    return (
        named,
        role,
        "、".join(SCHEME.measures[one.measure].title for one in mine) or (f"不予追究：{excused}" if excused else ""),
        ("!", "等待批准") if waiting else "",
        f"已送达，到{until}" if until else "",
        ("" if not mine or not until else ("!", "未执行完") if left else "已执行"),
        ("!", "待决定") if result == OPEN else CHOICES.get(result, ""),
    )  # fmt: skip


async def show_lead(
    _running: Running, _request: Request, state: AccountabilityLead, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A lead: what happened where, and what became of it."""
    return {
        "title": state.title,
        "next": "立案，或者写明理由不予立案。" if state.stage is LeadStage.OPEN else "",
        "facts": [
            ("状态", ("#", LEAD_TITLES[state.stage])),
            ("来源", SOURCES[state.source]),
            ("有关事项", (f"/audit/trails/{state.thing}", f"{SERVICES.get(state.service, '')}办理过程") if state.thing else ""),
            ("错过的日期", str(state.missed_on or "")),
            ("应当结论", ("!", f"{state.due} 已过") if state.overdue and state.stage is LeadStage.OPEN else str(state.due)),
            ("案件", (f"/audit/accountability-cases/{state.case}", "查看案件") if state.case else ""),
            ("线索已撤销", ("!", "所依据的事实已经撤销") if state.withdrawn else ""),
        ],
        "sections": [
            {"title": title, "text": text} for title, text in (("反映的事实", state.facts), ("不予立案的理由", state.reason)) if text
        ],
    }


PERSON_FIELDS = ("persons", "person", "head", "investigators", "replacement", "heard", "led_by")
"""The fields that name a person of the agency."""

TITLED = {
    "ground": {key: ground.title for key, ground in SCHEME.grounds.items()},
    "source": SOURCES,
    "severity": {key: severity.title for key, severity in SCHEME.severities.items()},
}
"""How the choices of the scheme are called."""

ROOMS = (
    Room("accountability-leads", "追责线索", accountability_lead, "audit.read_accountability", show_lead, RaiseLead, titles=TITLED),
    Room("accountability-cases", "责任追究", accountability_case, "audit.read_accountability", show, OpenCase, titles=TITLED),
)

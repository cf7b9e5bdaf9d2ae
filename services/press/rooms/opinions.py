"""Public opinion on pages: the list, what is owed first at its head, and an item with what may be done now."""

import asyncio
from typing import Any

from fastapi import Request

from services.press.clearance.guards import check_cleared
from services.press.clearance.state import Clearance, clearance, clearance_id
from services.press.opinion_item.commands import DetectOpinion
from services.press.opinion_item.scheme import SCHEME
from services.press.opinion_item.state import TITLES, OpinionItem, Stage, opinion_item
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Refused
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rendering import beijing
from shared.web.rooms import Column, Listing, Room, Shown

OPINIONS = """SELECT * FROM views.opinions
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(level)s::text IS NULL OR level = %(level)s) AND (%(missed)s::text IS NULL OR misses > 0)
    ORDER BY stage = 'closed', until NULLS LAST, detected_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""


TITLED = {
    "source": {"forum": "论坛", "other": "其他"},
    "forms": {"online": "网上发布", "expert": "专家解读", "briefing": "吹风会"},
}
"""Choices that are called otherwise here than elsewhere."""


def called(field: str, value: str) -> str:
    """How a choice is called here."""
    return TITLED[field].get(value) or CHOICES.get(value, value)


def owed(row: Shown) -> Any:
    """Until when an answer is owed, and whether that is past."""
    if row["until"] is not None:
        return beijing(row["until"]) if row["until"] > instant() else ("!", f"{beijing(row['until'])} 已过")
    return ("!", "曾逾时") if row["misses"] else ""


LISTS = (
    Listing(
        "",
        "舆情",
        "press.read",
        OPINIONS,
        (
            Column("标题", lambda row: (f"/press/opinions/{row['id']}", row["title"])),
            Column("等级", lambda row: SCHEME.levels[row["level"]].title if row["level"] else "待研判"),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("应当回应", owed),
            Column("主管科室", lambda row: ("@", row["unit"]) if row["unit"] else ("!", "未确定")),
            Column("来源", lambda row: called("source", row["source"])),
            Column("发现（北京时间）", lambda row: beijing(row["detected_at"])),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "level": ("等级", {key: level.title for key, level in SCHEME.levels.items()}),
            "missed": ("逾时", {"1": "曾逾时"}),
        },
        "opinions",
        "先列最先应当回应的；时限自发现起算，重大的先发布权威信息、再举行发布会。",
        "没有符合条件的舆情。",
    ),
)


FOUND = {"true": "属实", "partly": "部分属实", "misunderstood": "误解", "distorted": "歪曲", "rumour": "谣言"}
"""What a verification has found."""

OWED = {"response": "回应", "authoritative": "发布权威信息", "conference": "举行新闻发布会"}
"""What is owed by the hour."""


def what_is_owed(state: OpinionItem) -> list[tuple[str, Any, str]]:
    """Each thing that is owed: what, until when, and how it stands."""
    rows: list[tuple[str, Any, str]] = []
    for kind, until in sorted(state.owed.items(), key=lambda one: one[1]):
        late = kind in state.missed or until < instant()
        moment = beijing(until)
        rows.append((OWED[kind], ("!", f"{moment} 已过") if late else moment, "已记录逾时" if kind in state.missed else "待办"))
    return rows


async def responding(running: Running, state: OpinionItem) -> str:
    """Who issues a response: the people of the unit that was designated for it, else the unit in charge (YQ-03.5a)."""
    team = (await asyncio.to_thread(running.load, release_team, team_id(state.agency)))[0]
    directory: Any = running.doorkeeper
    designated = team.designated if isinstance(team, ReleaseTeam) else ""
    return f"{directory.unit_name(state.agency, designated)}（专门科室）的回应人员" if designated else "主管科室"


def what_comes_next(state: OpinionItem, found: Clearance, responder: str) -> str:
    """What has to be done next, and by whom; `responder` issues the response."""
    if state.stage is Stage.CLOSED:
        return "已经办结。"
    if not state.level:
        return "综合科按标准研判：内容、公众反应、媒体介入。"
    if not state.unit:
        return "综合科确定主管科室：没有主管科室的，没有人能回应。"
    if state.stage is Stage.PROPOSED:
        return "分管领导批准或者退回处置意见。"
    if state.stage is Stage.ASSESSED and SCHEME.levels[state.level].approval:
        return "综合科提出处置意见，报分管领导批准。"
    if not state.accepted:
        return "主管科室受理。"
    if not state.respond:
        return "主管科室反馈办理结果，综合科办结。"
    if state.stage is Stage.HANDLING:
        return "等待核实结果。" if state.verifying else "主管科室拟制回应。"
    if state.stage is Stage.DRAFTED:
        return before_approval(state, found)
    if state.stage is Stage.APPROVED:
        return f"{responder}发布回应：先政务微博、微信，再其他渠道。"
    if "conference" in state.owed:
        return "回应已发布；还应举行新闻发布会。"
    if state.linked and not state.solved:
        return "回应已发布；解决实际事项：网上问题网下解决。"
    return "主管科室反馈办理结果。" if not state.fed_back else "综合科办结。"


def before_approval(state: OpinionItem, found: Clearance) -> str:
    """What a drafted response still waits for."""
    assert state.draft is not None
    try:
        check_cleared(found, state.draft.hash, concerns=bool(state.draft.concerns))
    except Refused as refusal:
        return refusal.sentence
    return "分管领导审核回应。"


def release_of(state: OpinionItem) -> Any:
    """The release that was held about it, or the way to propose one where a press conference is owed."""
    if state.releases:
        return f"/press/releases/{state.releases[-1]}", "已举行"
    return (f"/press/releases/new?opinion={state.id}", "提出发布主题") if "conference" in state.owed else ""


async def show(running: Running, _request: Request, state: OpinionItem, _agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """An item: where it was seen, its level, who answers for it, until when, what is to be said and what review has said to it."""
    found = (await asyncio.to_thread(running.load, clearance, clearance_id(state.id)))[0]
    assert isinstance(found, Clearance)
    directory: Any = running.doorkeeper
    units = {one.code: one.name for one in directory.units(state.agency)}
    level = SCHEME.levels[state.level].title if state.level else "待研判"
    facts = [
        ("状态", ("#", TITLES[state.stage])),
        ("等级", level if not state.level or state.respond else f"{level}，研判为不需要回应"),
        ("主管科室", units.get(state.unit, state.unit) or ("!", "未确定")),
        ("协同科室", "、".join(units.get(one, one) for one in state.joint)),
        ("来源", f"{called('source', state.source)}：{state.place}"),
        ("发现", f"{beijing(state.detected_at)}（北京时间）" if state.detected_at else ""),
        ("核实", "正在核实" if state.verifying else FOUND.get(state.found, "")),
        ("归口报送", "、".join({"same": "本级", "higher": "上级"}[one] for one in state.reported)),
        ("新闻发布", release_of(state)),
        ("实际事项", f"{state.linked}（{'已解决' if state.solved else '尚未解决'}）" if state.linked else ""),
    ]
    sections: list[Shown] = [{"title": "摘要", "text": state.summary}]
    if owed_rows := what_is_owed(state):
        sections.append({"title": "应当按时完成的", "columns": ["事项", "北京时间", "情况"], "rows": owed_rows})
    if state.draft is not None:
        sections += response_sections(state, found)
    return {
        "title": state.title,
        "next": what_comes_next(state, found, await responding(running, state)),
        "facts": facts,
        "sections": sections,
        "approves": state.draft.hash if state.draft else None,
    }


def response_sections(state: OpinionItem, found: Clearance) -> list[Shown]:
    """What is to be said, and how far each of its gates and channels has come."""
    draft = state.draft
    assert draft is not None
    reviewed = (
        "正在审查"
        if found.in_review
        else "不同意发布"
        if draft.hash in found.withheld
        else "同意发布"
        if draft.hash in found.cleared
        else "未提请"
    )
    confirmed = (
        "等待答复"
        if found.coordinating
        else "已确认"
        if draft.hash in found.agreed
        else f"未确认：{found.refused}"
        if found.refused
        else "未提请"
    )
    gates: list[tuple[Any, ...]] = [("保密审查", reviewed)]
    if draft.concerns:
        gates.append((f"有关机关确认（{'、'.join(one.name for one in draft.concerns)}）", confirmed))
    gates.append(("领导审核", "已审核" if state.stage in (Stage.APPROVED, Stage.ANSWERED, Stage.CLOSED) else "未审核"))
    channels = [(CHOICES.get(one, one), "✓ 已发布" if one in state.issued else "待发布") for one in draft.channels]
    forms = "、".join(called("forms", one) for one in draft.forms)
    return [
        {"title": f"回应（{forms}）", "text": draft.text},
        {"title": "发布前的各道关", "columns": ["关", "情况"], "rows": gates, "caption": f"只对现在这一稿有效：{draft.hash[:16]}…"},
        {"title": "渠道", "columns": ["渠道", "情况"], "rows": channels, "caption": "政务微博、微信先于其他渠道"},
    ]


ROOMS = (Room("opinions", "舆情", opinion_item, "press.read", show, DetectOpinion),)

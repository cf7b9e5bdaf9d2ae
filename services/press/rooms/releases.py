"""Releases on pages: who each waits for, the calendar of coming events, and the organisation that speaks for the agency."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from fastapi import Request

from services.press.clearance.guards import check_cleared
from services.press.clearance.state import Clearance, clearance, clearance_id
from services.press.opinion_item.state import OpinionItem, opinion_item
from services.press.press_release.commands import AuthoriseSpokesperson, PrepareDraft, ProposeTopic, ReviseTopic
from services.press.press_release.scheme import SCHEME
from services.press.press_release.state import TITLES, PressRelease, Stage, press_release
from services.press.press_release.waiting import WAITING, what_comes_next
from services.press.release_team.commands import ChangeGroup, ConstituteGroup
from services.press.release_team.ranks import RANKS
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Refused
from shared.kernel.running import Running
from shared.web.acting import act_form
from shared.web.acts import Tried
from shared.web.forms import CHOICES, Field, as_choice
from shared.web.rendering import beijing
from shared.web.rooms import Column, Listing, Room, Shown

READ = "press.read_releases"

ORIGINS = {"superior": "上级机关", "group": "领导小组", "unit": "科室"}
"""Who proposes a topic."""

DUTIES = {"head": "组长", "lead": "牵头人（分管）", "member": "成员"}
"""What a member of the leading group does."""

CONDUCT = {"press_conference": "新闻发布会", "journalists_met": "约见记者"}
"""How the agency speaks at an event."""

TITLED = {
    "content": SCHEME.contents,
    "origin": {key: f"{title}提出" for key, title in ORIGINS.items()},
    "media": {key: one.title for key, one in SCHEME.media.items()},
    "rank": RANKS.ranks,
    "duty": DUTIES,
}
"""Choices that are called otherwise here than elsewhere."""

OFFERED = {
    "opinion": "SELECT id, title FROM views.opinions WHERE agency = %s ORDER BY stage = 'closed', detected_at DESC, id LIMIT %s",
}
"""Fields that name another thing: what there is to choose from."""

RELEASES = """SELECT r.*, o.until AS answer_by FROM views.releases r LEFT JOIN views.opinions o ON o.id = r.opinion AND o.agency = r.agency
    WHERE r.agency = %(agency)s AND (%(reach)s::text[] IS NULL OR r.unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR r.stage = %(stage)s)
    AND (%(waits)s::text IS NULL OR r.waits = %(waits)s) AND (%(content)s::text IS NULL OR r.content = %(content)s)
    ORDER BY r.waits = '', NOT r.emergency, o.until NULLS LAST, r.at NULLS LAST, r.proposed_at DESC, r.id LIMIT %(limit)s OFFSET %(offset)s"""

CALENDAR = """SELECT * FROM views.releases
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND at IS NOT NULL
    AND (%(form)s::text IS NULL OR form = %(form)s)
    ORDER BY held, CASE WHEN held THEN NULL ELSE at END, at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

TEAM = "SELECT * FROM views.team WHERE agency = %(agency)s ORDER BY id LIMIT %(limit)s OFFSET %(offset)s"


def coming(row: Shown) -> Any:
    """When the event is; late where that has passed and nothing was recorded."""
    if row["at"] is None:
        return ""
    told = f"{beijing(row['at'])[:16]} {CONDUCT[row['form']]}"
    return ("!", f"{told}，已过，待登记") if not row["held"] and row["at"] < instant() else told


def urgency(row: Shown) -> Any:
    """Whether it is urgent, and until when an answer is owed."""
    if row["answer_by"] is not None:
        told = f"{beijing(row['answer_by'])[:16]} 前回应"
        return ("!", f"{told}，已过") if row["answer_by"] < instant() else told
    return ("!", "紧急") if row["emergency"] else ""


def titled(row: Shown) -> tuple[str, str]:
    """The title, with the way to its page."""
    return f"/press/releases/{row['id']}", row["title"]


LISTS = (
    Listing(
        "releases",
        "新闻发布",
        READ,
        RELEASES,
        (
            Column("主题", titled),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("等待", lambda row: WAITING[row["waits"]] if row["waits"] else ""),
            Column("紧急", urgency),
            Column("发布活动", coming),
            Column("类别", lambda row: SCHEME.contents[row["content"]]),
            Column("提出", lambda row: ("@", row["unit"]) if row["origin"] == "unit" else ORIGINS[row["origin"]]),
        ),
        {
            "waits": ("等待", {key: title for key, title in WAITING.items() if key}),
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "content": ("类别", SCHEME.contents),
        },
        "releases",
        "先列等待办理的和紧急的。科室的主题经分管领导、主要领导审核后报综合科；发布稿由发言人拟定，经保密审查和主要领导审定；没有授权不得发布。",
        "没有符合条件的新闻发布。",
    ),
    Listing(
        "calendar",
        "发布日程",
        READ,
        CALENDAR,
        (
            Column("时间（北京时间）", coming),
            Column("主题", titled),
            Column("地点", lambda row: row["place"]),
            Column("邀请的媒体", lambda row: "、".join(SCHEME.media[one].title for one in row["media"]) or ("!", "未邀请")),
            Column("授权", lambda row: "已授权" if row["speaker"] else ("!", "未授权")),
            Column("情况", lambda row: ("#", "已举行" if row["held"] else "待举行")),
        ),
        {"form": ("形式", CONDUCT)},
        "",
        "先列将要举行的。",
        "没有安排发布活动；综合科受理主题以后，可以在该主题的页面上安排。",
    ),
    Listing(
        "team",
        "发布工作组织",
        READ,
        TEAM,
        (
            Column("组织", lambda row: (f"/press/team/{row['id']}", "新闻发布工作领导小组")),
            Column("成员", lambda row: f"{row['members']} 人"),
            Column("依据的文件", lambda row: row["document"]),
        ),
        {},
        "team",
        "领导小组、新闻发言人、联络员、工作网络和负责回应的科室。",
        "还没有成立新闻发布工作领导小组；成立以后才能确定发言人。",
    ),
)


def named(running: Running, person: UUID | None) -> str:
    """An official by name and office."""
    return running.doorkeeper.name_of(str(person)) if person else ""


def known(made: Shown, tried: Tried | None, model: type[Command], values: Mapping[str, str]) -> None:
    """The form of this command starts from what stands there now; one that was sent and refused stays as it was typed."""
    for number, act in enumerate(made["acts"]):
        if act["verb"] != model.spec.verb or (tried is not None and tried.verb == act["verb"]):
            continue
        offered = {part.name.rpartition(".")[2]: part for part in every(act["fields"])}
        filled = act_form(act, model, {name: [value] for name, value in values.items()}, None)
        for part in every(filled["fields"]):
            like = offered[part.name.rpartition(".")[2]]
            part.kind, part.choices = like.kind, like.choices
        made["acts"][number] = filled


def every(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields of a form with the parts of their rows."""
    for field in fields:
        yield field
        for row in field.rows:
            yield from row


def rows_of(name: str, part: str, rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """A list of parts as a form has it, with room for one more."""
    listed = [*rows, {part: ""}]
    return {f"{name}.{number}.{key}": value for number, row in enumerate(listed) for key, value in row.items()}


def release_forms(running: Running, state: PressRelease, team: ReleaseTeam, made: Shown, tried: Tried | None) -> None:
    """What a release's forms start from, and who may be authorised."""
    known(made, tried, ReviseTopic, {"title": state.title, "summary": state.summary, "content": state.content})
    if state.draft is not None:
        lines = rows_of("answers", "question", ({"question": one.question, "line": one.line} for one in state.draft.answers))
        concerned = ({"code": one.code, "name": one.name, "outside": "1" if one.outside else ""} for one in state.draft.concerns)
        known(made, tried, PrepareDraft, {"statement": state.draft.statement, **lines, **rows_of("concerns", "code", concerned)})
    speakers = [(str(one.person), named(running, one.person)) for one in team.spokespersons]
    for field in (field for act in made["acts"] if act["verb"] == AuthoriseSpokesperson.spec.verb for field in act["fields"]):
        if field.name == "person":
            as_choice(field, speakers)


async def show_release(
    running: Running, _request: Request, state: PressRelease, agency: AgencyFacts, made: Shown, tried: Tried | None
) -> Shown:
    """A release: what comes next, what it is about, its draft and gates, its event, and what was said where."""
    found = (await asyncio.to_thread(running.load, clearance, clearance_id(state.id)))[0]
    assert isinstance(found, Clearance)
    team = (await asyncio.to_thread(running.load, release_team, team_id(agency.code)))[0]
    assert isinstance(team, ReleaseTeam)
    release_forms(running, state, team, made, tried)
    directory: Any = running.doorkeeper
    plan = state.plan
    links = await linked_opinions(running, (*((state.opinion,) if state.opinion else ()), *state.rests_on))
    facts: list[tuple[str, Any]] = [
        ("状态", ("#", TITLES[state.stage])),
        ("紧急", ("!", "紧急") if state.emergency else ""),
        ("内容类别", SCHEME.contents[state.content]),
        ("由谁提出", f"{ORIGINS[state.origin]}{f'（{state.basis}）' if state.basis else ''}"),
        ("提供内容的科室", directory.unit_name(state.agency, state.unit)),
        ("授权发言人", named(running, state.speaker)),
        ("授权", f"{CHOICES[state.authority]}：{state.document}" if state.authority else ""),
        ("发布活动", f"{beijing(plan.at)[:16]}（北京时间）{plan.place}，{CONDUCT[plan.form]}，以综合科名义组织" if plan else ""),
        ("邀请的媒体", "、".join(SCHEME.media[one].title for one in state.media)),
        ("公开信息", (f"/publishing/publications/{state.publication}", f"与第 {state.edition} 版一致") if state.publication else ""),
    ]
    sections: list[Shown] = [{"title": "主要内容", "text": state.summary}]
    if links:
        sections.append(
            {"title": "依据的舆情", "caption": f"{len(links)} 项", "columns": ["舆情", "关系", "等级"], "rows": opinion_rows(state, links)}
        )
    if state.draft is not None:
        sections += draft_sections(state, found)
    if state.held is not None:
        sections.append(
            {
                "title": "答问记录",
                "caption": f"{named(running, state.held.speaker)}代表{state.held.speaks_for}；凭据：{state.held.evidence}",
                "columns": ["提问", "回答"],
                "rows": [(one.question, one.answer) for one in state.held.questions],
                "empty": f"没有记录提问；凭据：{state.held.evidence}",
            }
        )
    if state.channels:
        rows = [(CHOICES.get(one, one), "✓ 已发布") for one in state.channels]
        sections.append({"title": "新闻稿发布的渠道", "caption": "只发布审定的内容", "columns": ["渠道", "情况"], "rows": rows})
    return {
        "title": state.title,
        "next": before_approval(state, found) if state.stage is Stage.DRAFTED else what_comes_next(state),
        "facts": facts,
        "sections": sections,
        "approves": state.draft.hash if state.draft else None,
    }


def before_approval(state: PressRelease, found: Clearance) -> str:
    """What a draft still waits for."""
    assert state.draft is not None
    try:
        check_cleared(found, state.draft.hash, concerns=bool(state.draft.concerns))
    except Refused as refusal:
        return refusal.sentence
    return what_comes_next(state)


async def linked_opinions(running: Running, ids: Iterable[UUID]) -> list[OpinionItem]:
    """The items of public opinion that a release names, each once."""
    found = [(await asyncio.to_thread(running.load, opinion_item, id))[0] for id in dict.fromkeys(ids)]
    return [item for item in found if isinstance(item, OpinionItem)]


def opinion_rows(state: PressRelease, items: Iterable[OpinionItem]) -> list[tuple[Any, ...]]:
    """Each with what it is to the release."""
    return [
        (
            (f"/press/opinions/{item.id}", item.title),
            "回应的舆情" if item.id == state.opinion else "依据",
            CHOICES.get(item.level, item.level) if item.level else "待研判",
        )
        for item in items
    ]


def draft_sections(state: PressRelease, found: Clearance) -> list[Shown]:
    """The statement, the lines to answer by, and how far each gate has come for exactly this."""
    draft = state.draft
    assert draft is not None
    reviewed = (
        "正在审查"
        if found.in_review
        else "同意发布"
        if draft.hash in found.cleared
        else "不同意发布"
        if draft.hash in found.withheld
        else "未提请"
    )
    gates: list[tuple[Any, ...]] = [("保密审查", reviewed)]
    if draft.concerns:
        confirmed = "已确认" if draft.hash in found.agreed else "等待答复" if found.coordinating else found.refused or "未提请"
        gates.append((f"有关机关确认（{'、'.join(one.name for one in draft.concerns)}）", confirmed))
    approved = state.stage in (Stage.APPROVED, Stage.ISSUED)
    gates += [("主要领导审定", "已审定" if approved else "未审定"), ("授权", "已授权" if state.speaker else "未授权")]
    return [
        {"title": "发布稿", "text": draft.statement},
        {
            "title": "答问口径",
            "caption": f"{len(draft.answers)} 个问题",
            "columns": ["可能的提问", "口径"],
            "rows": [(one.question, one.line) for one in draft.answers],
        },
        {"title": "发布前的各道关", "columns": ["关", "情况"], "rows": gates, "caption": f"只对现在这一稿有效：{draft.hash[:16]}…"},
    ]


async def show_team(
    running: Running, _request: Request, state: ReleaseTeam, _agency: AgencyFacts, made: Shown, tried: Tried | None
) -> Shown:
    """The organisation: who leads, speaks, does the office work and belongs to the network; who was trained; who responds."""
    members = ({"person": str(one.person), "rank": one.rank, "duty": one.duty} for one in state.members)
    known(made, tried, ChangeGroup, rows_of("members", "person", members))
    directory: Any = running.doorkeeper
    people = "、".join(named(running, one) for one in state.responders)
    designated = f"{directory.unit_name(state.agency, state.designated)}（{people}）" if state.designated else ""
    network = [(directory.unit_name(state.agency, unit), named(running, person)) for unit, person in sorted(state.network.items())]
    missing = [one.name for one in directory.units(state.agency) if one.code not in state.network]
    return {
        "title": "新闻发布工作组织",
        "next": missing_part(state),
        "facts": [
            ("牵头人", named(running, state.lead)),
            ("负责引导和回应", designated or ("!", "未明确")),
            ("没有联络人的科室", "、".join(missing)),
            ("尚未培训", "、".join(named(running, one) for one in state.untrained)),
        ],
        "sections": [
            {
                "title": "领导小组",
                "caption": f"{len(state.members)} 人",
                "columns": ["人员", "职务", "职责"],
                "rows": [(named(running, one.person), RANKS.ranks[one.rank], DUTIES[one.duty]) for one in state.members],
            },
            {
                "title": "新闻发言人",
                "caption": f"{len(state.spokespersons)} 人",
                "columns": ["人员", "职务"],
                "rows": [(named(running, one.person), RANKS.ranks[one.rank]) for one in state.spokespersons],
                "empty": "还没有确定；没有发言人，任何内容都不能发布。",
            },
            {
                "title": "联络员",
                "caption": f"{len(state.liaisons)} 人",
                "columns": ["人员"],
                "rows": [(named(running, one),) for one in state.liaisons],
                "empty": "还没有配备。",
            },
            {
                "title": "工作网络",
                "caption": f"{len(network)} 个科室",
                "columns": ["科室", "联络人"],
                "rows": network,
                "empty": "还没有科室联络人。",
            },
            {
                "title": "培训",
                "caption": f"{len(state.trainings)} 次",
                "columns": ["日期", "内容", "参加人员"],
                "rows": [
                    (str(one.on), one.topic, "、".join(named(running, person) for person in one.attended))
                    for one in reversed(state.trainings)
                ],
                "empty": "还没有培训记录。",
            },
        ],
    }


def missing_part(state: ReleaseTeam) -> str:
    """The first part of the organisation that is missing."""
    if not state.spokespersons:
        return "确定新闻发言人（综合科负责人及以上）。"
    if not state.liaisons:
        return "配备联络员。"
    if not state.designated:
        return "明确负责引导和回应的科室。"
    return "" if not state.untrained else "组织尚未参加培训的人员培训。"


ROOMS = (
    Room("releases", "新闻发布", press_release, READ, show_release, ProposeTopic),
    Room("team", "发布工作组织", release_team, READ, show_team, ConstituteGroup),
)

"""Public opinion on pages: the list, what is owed first at its head, and an item with what may be done now."""

from typing import Any

from fastapi import Request

from services.press.opinion_item.commands import DetectOpinion
from services.press.opinion_item.scheme import SCHEME
from services.press.opinion_item.state import TITLES, OpinionItem, Stage, opinion_item
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rendering import beijing
from shared.web.rooms import Column, Listing, Room, Shown

OPINIONS = """SELECT * FROM views.opinions
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(level)s::text IS NULL OR level = %(level)s) AND (%(missed)s::text IS NULL OR misses > 0)
    ORDER BY stage = 'closed', until NULLS LAST, detected_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""


def owed(row: Shown) -> Any:
    """Until when an answer is owed, and whether that is past."""
    if row["until"] is not None:
        return beijing(row["until"]) if row["until"] > instant() else ("!", f"{beijing(row['until'])} 已过")
    return ("!", "曾逾时") if row["misses"] else ""


def source_title(source: str) -> str:
    """Where it was seen; `forum` means another thing elsewhere."""
    return "论坛" if source == "forum" else CHOICES.get(source, source)


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
            Column("主管科室", lambda row: row["unit"] or ("!", "未确定")),
            Column("来源", lambda row: source_title(row["source"])),
            Column("发现（北京时间）", lambda row: beijing(row["detected_at"])),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "level": ("等级", {key: level.title for key, level in SCHEME.levels.items()}),
            "missed": ("逾时", {"1": "曾逾时"}),
        },
        "opinions",
        "先列最先应当回应的；自发现起算：重大 5 小时发布权威信息、24 小时举行发布会，其他 48 小时。",
        "没有符合条件的舆情。",
    ),
)


async def show(running: Running, _request: Request, state: OpinionItem, _agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """An item: where it was seen, its level, who answers for it, until when, what is to be said."""
    return {"title": state.title, "facts": [("状态", ("#", TITLES[state.stage]))]}


ROOMS = (Room("opinions", "舆情", opinion_item, "press.read", show, DetectOpinion),)

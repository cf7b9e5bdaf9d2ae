"""Who may speak: what releases and responses ask of the organisation before anything is said."""

from collections.abc import Collection
from uuid import UUID

from services.press.release_team.events import CIRCULAR
from services.press.release_team.ranks import RANKS
from services.press.release_team.state import ReleaseTeam
from shared.kernel.errors import Refused

SPEAKERS = "本局新闻发布制度（XW-06）"


def check_speaker(found: ReleaseTeam, *persons: UUID | str) -> None:
    """One of these is an appointed spokesperson: nobody else speaks, and only for the agency (XW-06)."""
    if not any(found.speaks(one) for one in persons):
        raise Refused(
            "not-spokesperson",
            "不是本机关确定的新闻发言人，不能代表本机关发布，也不得以个人名义发布。",
            article=SPEAKERS,
            remedy=f"由{RANKS.ranks[RANKS.spokesperson]}及以上人员担任发言人，先在“新闻发布工作组织”中确定。",
        )


def check_responder(found: ReleaseTeam, persons: Collection[str]) -> None:
    """Once a unit is designated, nobody but its people issues a response (YQ-03.5a). Before, whoever is in charge answers in time."""
    if found.designated and not {str(one) for one in found.responders} & set(persons):
        raise Refused(
            "not-designated",
            "本机关已经明确专门科室负责引导和回应，请由该科室的回应人员发布。",
            article=CIRCULAR,
            remedy="请将审核后的回应交专门科室发布，或者在“新闻发布工作组织”中调整回应人员。",
        )

"""The gates of a publication: when each step is open, with what would make it possible."""

from services.publishing.catalogue_entry.classes import EXTERNAL
from services.publishing.publication.content import bytes_of
from services.publishing.publication.events import PublicationDrafted
from services.publishing.publication.state import Publication, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Refused

P = Publication
SECRECY = "国令711 第十七条"
AGREED = "国令711 第十一条"


def alive(state: P, given: Given) -> None:
    """Nothing more is done to what was withdrawn."""
    if state.stage is Stage.WITHDRAWN:
        raise Refused("publication-withdrawn", "该信息已经撤下；需要重新公开的，请登记为新的信息。")


def publishable(state: P, given: Given) -> None:
    """Not withdrawn, and not withheld."""
    alive(state, given)
    if state.stage is Stage.WITHHELD:
        raise Refused(
            "publication-withheld",
            "该信息已确定不予公开。",
            article="国令711 第十八条",
            remedy="情形已经消失的，请重新“确定是否上网”。",
        )


def draftable(state: P, given: Given) -> None:
    """Where it goes is decided first; an item under review waits."""
    publishable(state, given)
    check_draftable(state)


def check_draftable(state: P) -> None:
    """As `draftable`, for what was not withdrawn and not withheld."""
    check_decided(state)
    if state.in_review or state.coordinating:
        raise Refused("under-review", "正在保密审查或者协调确认，请等结论后再修改。", article=SECRECY)


def check_decided(state: P) -> None:
    """Where it goes is decided, also for content that came from elsewhere."""
    if state.online is None:
        raise Refused("online-undecided", "请先确定该信息是上网公开、对内公开还是不予公开。", article="本局上网发布制度（WZ-3）")


def in_draft(state: P, given: Given) -> None:
    """There is content that was not published yet."""
    publishable(state, given)
    if state.stage not in (Stage.DRAFTED, Stage.APPROVED):
        raise Refused("nothing-drafted", "没有待审核的内容，请先起草。", article="本局考核制度（KH-02.3c）")
    check_decided(state)


def reviewable(state: P, given: Given) -> None:
    """Content that waits for nobody."""
    in_draft(state, given)
    if state.in_review:
        raise Refused("review-pending", "保密审查尚未作出结论。", article=SECRECY)


def concerning(state: P, given: Given) -> None:
    """It concerns other agencies, and none of them is being asked."""
    in_draft(state, given)
    if not state.concerns:
        raise Refused("concerns-nobody", "该信息不涉及其他机关，不需要协调确认。", article=AGREED)
    if state.coordinating:
        raise Refused("coordination-pending", "协调确认尚未作出结论。", article=AGREED)


def content_of(state: P) -> PublicationDrafted:
    """The content in work."""
    assert state.draft is not None
    return state.draft


def ready(state: P, given: Given) -> None:
    """Quality, secrecy and the other agencies: each for exactly these bytes."""
    in_draft(state, given)
    draft = content_of(state)
    hashes = {file.sha256 for file in bytes_of(draft)}
    if state.quality != draft.hash:
        raise Refused("quality-unchecked", "质量检查还没有通过，请先办理“质量检查”。", article="本局上网发布制度（WZ-4.1）")
    if state.in_review:
        raise Refused("review-pending", "保密审查尚未作出结论。", article=SECRECY)
    if hashes & state.withheld:
        raise Refused("content-withheld", "保密审查认为其中有内容不能公开，请删改后重新提请审查。", article=SECRECY)
    if not hashes <= state.cleared:
        raise Refused("content-unreviewed", "这些内容还没有通过保密审查；内容改变后需要重新审查。", article=SECRECY)
    if state.concerns and not hashes <= state.agreed:
        told = "有关机关不同意公开" if state.refused else "有关机关还没有确认这些内容"
        raise Refused("not-coordinated", f"{told}，请办理“提请协调确认”。", article=AGREED)


def approved(state: P, given: Given) -> None:
    """Its content was approved."""
    publishable(state, given)
    if state.stage not in (Stage.APPROVED, Stage.PUBLISHED):
        raise Refused("not-approved", "这一版内容还没有批准，不能公开。", article="本局考核制度（KH-02.3c）")


def published(state: P, given: Given) -> None:
    """It is public."""
    alive(state, given)
    if not state.places:
        raise Refused("not-published", "该信息还没有公开。")


def portal_first(state: P, channel: str) -> None:
    """A normative document or important policy is told by the portal before any other public channel (ZJ-04a)."""
    draft = content_of(state)
    on_portal = any(place.channel == "portal" and place.version == draft.version for place in state.places)
    if state.kind == "normative" and channel != "portal" and channel in EXTERNAL and not on_portal:
        raise Refused(
            "portal-first",
            "规范性文件首先在门户网站公开，请先登记“门户网站”。",
            article="本局政策解读制度（ZJ-04a）",
            remedy="在门户网站公开后再使用其他载体。",
        )

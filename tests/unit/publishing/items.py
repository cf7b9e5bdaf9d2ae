"""Publications at each point of an ordinary life, made by the commands themselves, as the tests of the decisions start from them."""

from datetime import date
from typing import Any, cast

from services.publishing.interpretation.commands import ApprovePlan, DraftPlan
from services.publishing.interpretation.state import interpretation, interpretation_id
from services.publishing.publication.commands import (
    ApprovePublication,
    CheckQuality,
    ConcernedIn,
    ConcludeCoordination,
    ConcludeReview,
    CreateInformation,
    DecideOnline,
    DraftPublication,
    FileIn,
    RequestCoordination,
    RequestReview,
)
from services.publishing.publication.content import bytes_of
from services.publishing.publication.file_commands import AttachFile
from services.publishing.publication.publishing_commands import Publish
from services.publishing.publication.state import Publication, publication
from shared.kernel.events import Actor
from tests.specification import AGENCY, Outcome, Specification, given, person

MADE_ON = date(2025, 9, 22)
"""A Monday; the 10th working day after it is 11 October 2025, the 20th 24 October."""
TEN_DAYS = date(2025, 10, 11)
TWENTY_DAYS = date(2025, 10, 24)

SYSTEM = Actor("system:keeper", ("system",))
DRAFTER = person("drafter", "clerk")
LEADER = person("leader", "leader_in_charge")
FINANCE = ConcernedIn(code="guyuan-czj", name="固原市财政局")


def information(**changes: Any) -> CreateInformation:
    """Information that this agency has made."""
    fields = {"title": "政务服务事项目录", "origin": "made", "maker": AGENCY.code, "unit": "zonghe"}
    return CreateInformation(**{**fields, **changes})


def content(**changes: Any) -> DraftPublication:
    """Content that passes every check of the machine."""
    fields: dict[str, Any] = {
        "title": "政务服务事项目录（2025年版）",
        "text": "本目录列出全部政务服务事项。\n办理地点为市政务服务中心。",
        "subject": "政务公开",
        "issuer": AGENCY.name,
        "document_number": "固审批发〔2025〕7号",
        "date_of_issue": MADE_ON,
    }
    return DraftPublication(**{**fields, **changes})


def made(book: str = "decree-711", **changes: Any) -> Specification:
    """Information whose clock runs."""
    return given(publication, day=MADE_ON).on(MADE_ON).under(book).when(information(**changes), by=DRAFTER).later()


def online(decision: str = "online", **changes: Any) -> DecideOnline:
    """What is decided about it."""
    return DecideOnline(decision=decision, reason="公众需要", **changes)


def drafted(case: Specification | None = None, **changes: Any) -> Specification:
    """Content that waits for its checks; its files were attached before."""
    decided = (case or made()).when(online()).later()
    for file in content(**changes).files:
        decided = decided.when(attaching(file), by=DRAFTER).later()
    return decided.when(content(**changes), by=DRAFTER).later()


def attaching(file: FileIn, **changes: Any) -> AttachFile:
    """What the platform says of a file that it has taken."""
    fields = {"kind": file.name.rpartition(".")[2], "scan": "clean", "limit": 100, **changes}
    return AttachFile(name=file.name, sha256=file.sha256, size=file.size, **fields)


def checked(case: Specification) -> Specification:
    """Past the quality check."""
    return case.when(CheckQuality(confirmed=("accurate", "fluent", "style"))).later()


def reviewed(case: Specification, *, withheld: bool = False) -> Specification:
    """With the conclusion of its secrecy review."""
    asked = case.when(RequestReview()).later()
    hashes = tuple(file.sha256 for file in bytes_of(draft_of(asked)))
    answer = ConcludeReview(review=standing(asked).reviews, released=() if withheld else hashes, withheld=hashes if withheld else ())
    return asked.when(answer, by=SYSTEM).later()


def coordinated(case: Specification, *, agreed: bool = True) -> Specification:
    """With the answer of the agencies that it concerns."""
    asked = case.when(RequestCoordination(text="请确认。")).later()
    hashes = tuple(file.sha256 for file in bytes_of(draft_of(asked)))
    answer = ConcludeCoordination(round=standing(asked).rounds, agreed=agreed, how="confirmed", files=hashes)
    return asked.when(answer, by=SYSTEM).later()


def approving(case: Specification) -> Outcome:
    """The leader approves what stands there."""
    return case.when(ApprovePublication(approves=draft_of(case).hash), by=LEADER)


def planned(case: Specification) -> Specification:
    """With a plan of its interpretation that was approved."""
    plan = DraftPlan(
        document=case.state.id, unit="zonghe", outline="背景和内容", forms=("questions",), ways=("portal",), planned_for=date(2025, 9, 25)
    )
    start = given(interpretation, id=interpretation_id(case.state.id), day=MADE_ON).on(MADE_ON).beside(case.state)
    made = start.when(plan, by=DRAFTER).later().when(ApprovePlan(), by=LEADER).later()
    return case.beside(*case.others.values(), made.state)


def approved(case: Specification | None = None, **changes: Any) -> Specification:
    """Content that may be published."""
    return approving(reviewed(checked(drafted(case, **changes)))).later()


def publishing(channel: str = "portal", **changes: Any) -> Publish:
    """By one channel, with its evidence."""
    return Publish(channel=channel, evidence="栏目页面截图", **changes)


def published(case: Specification | None = None) -> Specification:
    """On the portal."""
    return (case or approved()).when(publishing()).later()


def standing(case: Specification) -> Publication:
    """The publication as it stands."""
    return cast("Publication", case.state)


def draft_of(case: Specification) -> Any:
    """The content in work."""
    content = standing(case).draft
    assert content is not None
    return content


def state_of(outcome: Outcome) -> Publication:
    """The publication after it."""
    return cast("Publication", outcome.state)

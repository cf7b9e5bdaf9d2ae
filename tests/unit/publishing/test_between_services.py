"""What publishing asks of review and hears from it, as the bytes that cross: the golden examples of both sides."""

from pathlib import Path

import msgspec
import pytest

from services.press.press_release.saying_commands import LinkPublication
from services.publishing.consultation.commands import HearRisk
from services.publishing.publication.commands import ConcludeCoordination, ConcludeReview
from services.publishing.publication.press_commands import TakeUpStatement, statement_id
from services.publishing.publication.request_commands import TakeUp, taken_up_id
from services.review.coordination.commands import CoordinateSubject, coordination_id
from services.review.secrecy_review.commands import OpenReview, review_id
from shared.kernel.program import SERVICES, load_service
from shared.kernel.reactions import react

GOLDEN = Path(__file__).parents[2] / "contracts" / "golden"


@pytest.fixture(scope="module", autouse=True)
def everything() -> None:
    for service in SERVICES:
        load_service(service)


def stored(event: str) -> bytes:
    """The stored bytes of an event of this type."""
    return (GOLDEN / f"{event}.1.json").read_bytes()


@pytest.mark.rule("BM-03b")
def test_review_opens_a_review_of_what_publishing_wants_to_publish() -> None:
    reaction, meta = react("review", stored("publishing.ReviewRequested"))
    assert reaction is not None
    assert isinstance(reaction.command, OpenReview)
    assert (reaction.command.source, reaction.command.subject, reaction.id) == ("publishing", meta.case, review_id(meta.case, 1))


@pytest.mark.rule("XT-04")
def test_review_asks_the_agencies_that_a_publication_concerns() -> None:
    reaction, meta = react("review", stored("publishing.CoordinationRequested"))
    assert reaction is not None
    assert isinstance(reaction.command, CoordinateSubject)
    assert (reaction.command.source, reaction.id) == ("publishing", coordination_id(meta.case, 1))


@pytest.mark.parametrize("event", ["ReviewApproved", "ReviewRejected", "CoordinationConcluded", "CoordinationWithdrawn"])
def test_each_service_answers_only_what_it_has_asked_for(event: str) -> None:
    asked_by_requests = stored(f"review.{event}")
    assert react("requests", asked_by_requests)[0] is not None
    assert react("publishing", asked_by_requests)[0] is None
    asked_by_publishing = asked_by_requests.replace(b'"source":"requests"', b'"source":"publishing"')
    assert asked_by_publishing != asked_by_requests
    assert react("requests", asked_by_publishing)[0] is None
    reaction, _ = react("publishing", asked_by_publishing)
    assert reaction is not None
    assert isinstance(reaction.command, ConcludeReview | ConcludeCoordination)


def test_what_was_given_on_request_is_taken_up_in_a_case_of_its_own() -> None:
    reaction, meta = react("publishing", stored("requests.MovedToProactive"))
    assert reaction is not None
    assert isinstance(reaction.command, TakeUp)
    assert reaction.command.request == meta.case
    assert reaction.id == reaction.case == taken_up_id(meta.case)
    assert [file.sha256 for file in reaction.command.files] == ["ab" * 32]


@pytest.mark.rule("YQ-03.5b")
def test_publishing_says_the_same_as_press_and_press_hears_of_it() -> None:
    reaction, meta = react("publishing", stored("press.StatementIssued"))
    assert reaction is not None
    assert isinstance(reaction.command, TakeUpStatement)
    assert (reaction.command.release, reaction.command.text) == (meta.case, "改革进展如下。")
    assert reaction.id == reaction.case == statement_id(meta.case)
    linked = stored("publishing.RelatedLinked")
    kind = msgspec.json.decode(linked)["data"]["kind"]
    for told, heard in (("statement", True), ("press_event", True), ("response", False)):
        reaction, meta = react("press", linked.replace(f'"kind":"{kind}"'.encode(), f'"kind":"{told}"'.encode()))
        assert (reaction is not None) is heard
        if reaction is not None:
            assert isinstance(reaction.command, LinkPublication)
            assert reaction.command.publication == meta.case


@pytest.mark.rule("YQ-03.2b")
@pytest.mark.parametrize("source", ["publishing", "requests"])
def test_the_risk_that_press_has_assessed_reaches_the_matter_it_was_asked_for(source: str) -> None:
    envelope = msgspec.json.decode(stored("publishing.RiskRecorded"))
    said = {
        "assessment": envelope["case"],
        "source": source,
        "subject": envelope["id"],
        "methods": ["visits"],
        "level": "high",
        "plan": "加强解释",
    }
    crossed = msgspec.json.encode({**envelope, "type": "press.RiskAssessed", "service": "press", "data": said})
    reaction, _ = react("publishing", crossed)
    if source == "requests":
        assert reaction is None
        return
    assert reaction is not None
    assert isinstance(reaction.command, HearRisk)
    assert (str(reaction.id), reaction.command.level) == (envelope["id"], "high")

"""Leads: what other services record as missed comes to a conclusion: a case, or a reason for none (X-08)."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.audit import reactions
from services.audit.accountability_case import events as e
from services.audit.accountability_case.decisions import opening
from services.audit.accountability_case.state import AccountabilityCase, accountability_case
from services.audit.accountability_lead.commands import DismissLead, FollowLead, HearLead, MissLead, RaiseLead, WithdrawLead
from services.audit.accountability_lead.decisions import AccountabilityLead, Stage, accountability_lead, case_of, lead_id
from services.audit.accountability_lead.events import LeadDismissed, LeadFollowed, LeadOverdue, LeadRaised, LeadWithdrawn
from shared.kernel.commands import On
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id
from shared.kernel.reactions import Heard, Reaction, react
from shared.kernel.reactions import reactions as reactions_of
from tests.specification import AGENCY, CASE, DAY, Outcome, Specification, given, play
from tests.unit.audit.accountability import CULPRIT, OFFICE, SYSTEM, UNITS, alleged

GOLDEN = Path(__file__).parents[2] / "contracts" / "golden"
THING = derived_id("test", "request")
MISSED = date(2025, 9, 19)
HEAR = HearLead(
    source="overdue",
    service="requests",
    fact="requests.DeadlineMissed",
    thing=THING,
    which=str(MISSED),
    title="依申请公开逾期未答复",
    due=MISSED,
)
ID = lead_id(THING, "requests.DeadlineMissed", str(MISSED))
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def lead(state: Any) -> AccountabilityLead:
    """A lead."""
    return cast("AccountabilityLead", state)


def heard(command: HearLead = HEAR, book: str = "decree-711") -> Specification:
    """A lead that waits for its conclusion."""
    return given(accountability_lead, id=ID).under(book).with_units(*UNITS).when(command, by=SYSTEM).later()


def following(spec: Specification, **more: Any) -> Outcome:
    """It becomes a case."""
    return spec.when(FollowLead.model_validate(alleged(ground="overdue", **more)), by=OFFICE)


def opened_by(outcome: Outcome) -> AccountabilityCase:
    """The case that a lead became."""
    assert outcome.decided is not None
    on = [one for one in outcome.decided.events if isinstance(one, On)]
    assert {one.id for one in on} == {case_of(ID)} == {one.case for one in on}, "in a file of its own"
    return cast("AccountabilityCase", play(accountability_case, accountability_case.initial(case_of(ID)), [one.event for one in on], DAY))


@pytest.mark.rule("X-08", "ZR-05a")
@BOOKS
def test_a_miss_becomes_one_lead_with_a_day_for_its_conclusion(book: str) -> None:
    outcome = given(accountability_lead, id=ID).under(book).when(HEAR, by=SYSTEM).records(LeadRaised)
    event = outcome.events[0]
    assert isinstance(event, LeadRaised)
    assert (event.source, event.thing, event.due, event.deadline.due) == ("overdue", THING, MISSED, date(2025, 10, 11))
    assert event.deadline.article == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05a）"}[book]
    outcome.later().when(HEAR, by=SYSTEM).then()


@pytest.mark.rule("X-08", "ZR-05a")
def test_a_lead_is_followed_by_one_case() -> None:
    outcome = following(heard()).then(LeadFollowed(case=case_of(ID)))
    case = opened_by(outcome)
    assert (case.source, case.lead, case.reference, case.persons) == ("overdue", ID, str(THING), (CULPRIT.person,))
    following(outcome.later()).refused("lead-concluded")
    following(heard().beside(case)).refused("already-opened")


@pytest.mark.rule("YQ-04.3c")
def test_the_lead_of_a_missed_response_links_its_item() -> None:
    item = derived_id("test", "item")
    hear = HearLead(
        source="opinion", service="press", fact="press.ResponseMissed", thing=item, which="response", title="舆情逾时未回应", due=DAY
    )
    case = opened_by(heard(hear).when(FollowLead.model_validate(alleged(ground="opinion")), by=OFFICE))
    assert case.press_item == item


@pytest.mark.rule("X-08")
def test_a_lead_is_dismissed_with_a_reason() -> None:
    outcome = heard().when(DismissLead(reason="因停电，已补办"), by=OFFICE).then(LeadDismissed(reason="因停电，已补办"))
    following(outcome.later()).refused("lead-concluded")
    outcome.later().when(DismissLead(reason="因停电，已补办"), by=OFFICE).refused("lead-concluded")


@pytest.mark.rule("X-08")
def test_a_miss_that_is_taken_back_withdraws_its_lead_and_tells_the_case() -> None:
    withdraw = WithdrawLead(fact="requests.DeadlineMissed")
    outcome = heard().when(withdraw, by=SYSTEM).then(LeadWithdrawn(fact="requests.DeadlineMissed"))
    assert lead(outcome.state).stage is Stage.WITHDRAWN
    outcome.later().when(withdraw, by=SYSTEM).then()
    following(outcome.later()).refused("lead-concluded")
    followed = following(heard())
    case = opened_by(followed)
    told = followed.later().beside(case).when(withdraw, by=SYSTEM)
    assert told.decided is not None
    on = [one for one in told.decided.events if isinstance(one, On)]
    assert [type(one.event) for one in on] == [e.SourceWithdrawn]
    assert lead(told.state).stage is Stage.FOLLOWED, "the case is still to be concluded"
    dismissed = heard().when(DismissLead(reason="因停电"), by=OFFICE).later()
    assert lead(dismissed.when(withdraw, by=SYSTEM).state).stage is Stage.DISMISSED


@pytest.mark.rule("X-08", "ZR-06.4", "YS-08x.2")
@pytest.mark.parametrize("source", ["complaint", "inspection", "self_check", "leak", "media", "paid_disclosure"])
def test_an_official_raises_a_lead_of_any_source(source: str) -> None:
    raising = RaiseLead.model_validate({"source": source, "title": "反映有偿提供", "facts": "某中心收费提供文件"})
    event = given(accountability_lead).when(raising, by=OFFICE).records(LeadRaised).events[0]
    assert isinstance(event, LeadRaised)
    assert (event.source, event.service) == (source, "")


@pytest.mark.rule("X-08")
def test_a_lead_without_a_conclusion_is_overdue_once() -> None:
    heard().when(MissLead(), by=SYSTEM).then()
    late = heard().on(date(2025, 10, 13))
    outcome = late.when(MissLead(), by=SYSTEM).then(LeadOverdue(due=date(2025, 10, 11)))
    outcome.later().when(MissLead(), by=SYSTEM).then()
    late.when(DismissLead(reason="因停电"), by=OFFICE).later().when(MissLead(), by=SYSTEM).then()


@pytest.mark.rule("X-08", "YS-08x.2")
def test_a_complaint_that_is_referred_raises_its_lead_and_the_case_has_the_id_that_the_complaint_names() -> None:
    complained = derived_id("test", "complaint")
    case = opening.case_id(AGENCY.code, "paid_disclosure", str(complained))
    facts = given(accountability_lead).when(RaiseLead(source="paid_disclosure", title="反映", facts="反映"), by=OFFICE).events[0]
    assert isinstance(facts, LeadRaised)
    event = replace(facts, service="audit", fact="audit.ComplaintReferred", thing=complained, case=case)
    spec = given(accountability_lead, event, id=lead_id(complained, "audit.ComplaintReferred", "")).with_units(*UNITS)
    spec.when(FollowLead.model_validate(alleged(ground="paid_disclosure")), by=OFFICE).then(LeadFollowed(case=case))


META = Meta(
    id=derived_id("test", "event"), case=THING, agency=AGENCY.code, service="requests", recorded_at=datetime(2025, 9, 22, 2, tzinfo=UTC),
    effective_on=DAY, actor=SYSTEM, command="test", correlation="test", causation="test",
)  # fmt: skip
UNTIL = datetime(2025, 9, 21, 8, tzinfo=UTC)


@pytest.mark.rule("X-08", "YQ-04.3c")
@pytest.mark.parametrize(
    ("react", "fact", "source"),
    [
        (reactions.reply_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.correction_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.remedy_missed, reactions.RemedyMissed(number=1, due=MISSED), "overdue"),
        (reactions.review_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.handling_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.disclosure_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.period_missed, reactions.PeriodMissed(period="2025-08", due=MISSED), "overdue"),
        (reactions.material_missed, reactions.Missed(due=MISSED), "overdue"),
        (reactions.inquiry_missed, reactions.InquiryMissed(owed="answer", due=MISSED), "overdue"),
        (reactions.response_missed, reactions.ResponseMissed(owed="response", until=UNTIL), "opinion"),
    ],
)
def test_what_other_services_miss_is_heard(react: Any, fact: Heard, source: str) -> None:
    reaction: Reaction = react(fact, META)
    command = reaction.command
    assert isinstance(command, HearLead)
    assert command.source == source
    identity = command.spec.identity
    assert identity is not None
    assert reaction.id == identity(command, AGENCY, DAY)
    assert reaction.case is None, "in the file of the matter"
    given(accountability_lead, id=reaction.id).when(command, by=SYSTEM).records(LeadRaised)
    assert reaction == react(fact, META)


@pytest.mark.rule("X-08")
@pytest.mark.parametrize(
    ("missed", "kept", "fact"),
    [
        (reactions.reply_missed, reactions.reply_in_time, reactions.Missed(due=MISSED)),
        (reactions.disclosure_missed, reactions.disclosure_in_time, reactions.Missed(due=MISSED)),
        (reactions.period_missed, reactions.period_in_time, reactions.PeriodMissed(period="2025-08", due=MISSED)),
        (reactions.material_missed, reactions.material_in_time, reactions.Missed(due=MISSED)),
    ],
)
def test_what_is_taken_back_finds_its_lead(missed: Any, kept: Any, fact: Heard) -> None:
    raised, withdrawn = missed(fact, META), kept(fact, META)
    assert raised.id == withdrawn.id
    given(accountability_lead, id=raised.id).when(raised.command, by=SYSTEM).later().when(withdrawn.command, by=SYSTEM).records(
        LeadWithdrawn
    )


def test_two_misses_of_one_matter_are_two_leads() -> None:
    later: UUID = reactions.reply_missed(reactions.Missed(due=DAY), META).id
    assert later != reactions.reply_missed(reactions.Missed(due=MISSED), META).id
    assert later != CASE


@pytest.mark.rule("X-08")
def test_audit_understands_the_bytes_that_the_other_services_send() -> None:
    known = [spec for (service, _), spec in reactions_of.items() if service == "audit"]
    assert len(known) >= 14
    for spec in known:
        if spec.react.__module__ != reactions.__name__:
            continue
        path = GOLDEN / f"{spec.type}.1.json"
        reaction, meta = react("audit", path.read_bytes())
        assert reaction is not None, spec.type
        assert reaction.command.spec.service == "audit"
        assert meta.service == spec.source == spec.type.partition(".")[0]

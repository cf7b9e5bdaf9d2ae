"""Every complaint is accepted or declined, comes to a recorded conclusion, and its complainant is told (YS-10.1, YS-08x.2, X-08)."""

from datetime import date
from typing import Any, cast, get_args

import pytest

from services.audit.complaint.commands import (
    AcceptComplaint,
    ConcludeComplaint,
    DeclineComplaint,
    LinkComplaint,
    MissComplaint,
    ReceiveComplaint,
    ReopenComplaint,
    TellComplainant,
    TriageComplaint,
)
from services.audit.complaint.decisions import Complaint, Stage, complaint
from services.audit.complaint.events import (
    ComplainantTold,
    ComplaintAccepted,
    ComplaintConcluded,
    ComplaintDeclined,
    ComplaintLinked,
    ComplaintOverdue,
    ComplaintReceived,
    ComplaintReferred,
    ComplaintReopened,
    ComplaintTriaged,
)
from services.audit.complaint.kinds import KINDS
from services.audit.holdings import why_a_complaint_is_kept
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from shared.web.forms import CHOICES
from tests.specification import AGENCY, CASE, Outcome, Specification, given, person

PUBLIC = Actor("public", ("public",))
SYSTEM = Actor("system:keeper", ("system",))
WATCH = person("watch", "supervision_office")
REQUEST = derived_id("test", "request")
DAY = date(2025, 9, 22)
ACCEPT_BY = date(2025, 10, 9)
"""Fifteen days are the 7th of October, a holiday: the next working day."""

CONCLUDE_BY = date(2025, 11, 21)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def said(book: str = "decree-711", by: Actor = PUBLIC, **more: Any) -> Outcome:
    """Somebody complains."""
    command = ReceiveComplaint.model_validate({"kind": "not_answered", "text": "二十个工作日没有答复", **more})
    return given(complaint).on(DAY).under(book).with_units("zonghe", "touzi").when(command, by=by)


def received(**more: Any) -> Specification:
    return said(**more).records(ComplaintReceived).later()


def accepted(**more: Any) -> Specification:
    return received(**more).when(AcceptComplaint(), by=WATCH).records(ComplaintAccepted).later()


def triage(severity: str = "ordinary", **more: Any) -> TriageComplaint:
    return TriageComplaint.model_validate({"severity": severity, "about_unit": "touzi", "note": "初核属实", **more})


def triaged(**more: Any) -> Specification:
    return accepted(**more).when(triage(), by=WATCH).records(ComplaintTriaged).later()


def conclude(finding: str = "unfounded") -> ConcludeComplaint:
    return ConcludeComplaint.model_validate({"finding": finding, "facts": "查明的事实", "measures": "督促答复"})


def standing(case: Specification) -> Complaint:
    return cast("Complaint", case.state)


@pytest.mark.rule("YS-10.1", "X-08")
@BOOKS
def test_anybody_may_complain_without_a_name_and_it_has_a_day(book: str) -> None:
    made = said(book, anonymous=True, case=REQUEST).records(ComplaintReceived)
    state = standing(made.later())
    assert state.deadline is not None
    assert (state.deadline.due, state.deadline.rulebook, state.case) == (ACCEPT_BY, book, REQUEST)
    assert state.responsible_unit is None, "the unit that it is about has no reach over it"
    assert made.decided is not None
    assert set(made.decided.reply) == {"tracking_number", "query_password"}
    said(book, anonymous=True, name="张三").refused("anonymous-with-name")
    taken = made.later().when(AcceptComplaint(), by=WATCH).records(ComplaintAccepted).later()
    due = standing(taken).deadline
    assert due is not None
    assert due.due == CONCLUDE_BY


@pytest.mark.rule("YS-10.1")
@pytest.mark.parametrize("channel", ["complaint_line", "box", "forum", "visits", "assigned_from_above"])
def test_what_came_by_telephone_box_forum_visit_or_from_above_is_noted(channel: str) -> None:
    assert standing(said(by=WATCH, channel=channel, evidence="记录 3 号").records(ComplaintReceived).later()).channel == channel
    said(channel=channel).refused("wrong-channel")
    said(by=WATCH).refused("wrong-channel")


@pytest.mark.rule("YS-10.1", "X-08")
def test_it_is_accepted_or_declined_with_a_reason() -> None:
    received().when(conclude(), by=WATCH).refused("complaint-undecided")
    accepted().when(AcceptComplaint(), by=WATCH).refused("complaint-decided")
    away = DeclineComplaint(ground="not_competent", reason="属于市场监管部门")
    received().when(away, by=WATCH).refused("not-passed-on")
    declined = received().when(away.model_copy(update={"passed_to": "市场监督管理局"}), by=WATCH).records(ComplaintDeclined).later()
    assert standing(declined).stage is Stage.DECLINED
    told = declined.when(TellComplainant(way="online", text="请向市场监督管理局反映。"), by=WATCH).records(ComplainantTold).later()
    assert standing(told).stage is Stage.CLOSED


@pytest.mark.rule("X-08", "YS-10.1")
def test_it_comes_to_a_conclusion_and_the_complainant_is_told() -> None:
    accepted().when(conclude(), by=WATCH).refused("complaint-untriaged")
    tell = TellComplainant(way="email", text="经查不属实。")
    triaged().when(tell, by=WATCH).refused("nothing-to-tell")
    done = triaged().when(conclude(), by=WATCH).records(ComplaintConcluded).later()
    assert (standing(done).stage, why_a_complaint_is_kept(standing(done))) == (Stage.CONCLUDED, "投诉举报尚未办结")
    done.when(tell, by=WATCH).refused("no-contact")
    end = done.when(tell.model_copy(update={"way": "online"}), by=WATCH).records(ComplainantTold).later()
    assert (standing(end).stage, why_a_complaint_is_kept(standing(end))) == (Stage.CLOSED, None)
    end.when(conclude(), by=WATCH).refused("complaint-concluded")
    end.when(tell, by=WATCH).refused("nothing-to-tell")
    by_box = triaged(by=WATCH, channel="box")
    assert standing(by_box.when(conclude(), by=WATCH).later()).stage is Stage.CLOSED, "nobody can be told"
    by_line = triaged(by=WATCH, channel="complaint_line", contact="13800000000").when(conclude(), by=WATCH).later()
    by_line.when(TellComplainant(way="online", text="经查不属实。"), by=WATCH).refused("no-password")
    by_line.when(TellComplainant(way="by_phone", text="经查不属实。"), by=WATCH).records(ComplainantTold)


@pytest.mark.rule("X-08")
@pytest.mark.parametrize("finding", ["founded", "partly_founded"])
def test_what_is_founded_leads_to_an_accountability_case(finding: str) -> None:
    case = derived_id("accountability", AGENCY.code, "complaint", CASE)
    made = triaged().when(conclude(finding), by=WATCH).records(ComplaintConcluded, ComplaintReferred)
    assert made.events[1] == ComplaintReferred(
        case=case, source="complaint", kind="not_answered", ground="duty_undone", severity="ordinary", about_unit="touzi"
    )
    assert standing(made.later()).referred == case
    triaged().when(conclude("unfounded"), by=WATCH).records(ComplaintConcluded)


@pytest.mark.rule("X-08")
def test_what_is_important_leads_there_at_once_and_only_once() -> None:
    weighed = accepted().when(triage("important"), by=WATCH).records(ComplaintTriaged, ComplaintReferred).later()
    weighed.when(triage("important"), by=WATCH).records(ComplaintTriaged)
    weighed.when(conclude("founded"), by=WATCH).records(ComplaintConcluded)


@pytest.mark.rule("YS-08x.2")
@BOOKS
def test_a_payment_through_affiliates_opens_an_accountability_case(book: str) -> None:
    made = said(book, kind="paid_affiliate").later().when(AcceptComplaint(), by=WATCH).records(ComplaintAccepted, ComplaintReferred)
    referred = made.events[1]
    assert isinstance(referred, ComplaintReferred)
    assert (referred.case, referred.ground) == (derived_id("accountability", AGENCY.code, "paid_disclosure", CASE), "paid_disclosure")


@pytest.mark.rule("YS-10.1")
def test_it_names_the_request_publication_or_opinion_that_it_concerns() -> None:
    linked = received().when(LinkComplaint(case=REQUEST, what="request"), by=WATCH).then(ComplaintLinked(case=REQUEST, what="request"))
    assert standing(linked.later()).case == REQUEST
    triaged().when(conclude(), by=WATCH).later().when(LinkComplaint(case=REQUEST, what="request"), by=WATCH).refused("complaint-concluded")
    accepted().when(triage(about_unit="nowhere"), by=WATCH).refused("no-such-unit")


@pytest.mark.rule("X-08")
def test_who_is_complained_of_decides_nothing_about_it() -> None:
    him = {"about_person": WATCH.person}
    accepted().when(triage(**him), by=WATCH).refused("own-complaint")
    other = person("other", "supervision_office")
    case = accepted().when(triage(**him), by=other).later()
    case.when(conclude(), by=WATCH).refused("own-complaint")
    case.when(conclude(), by=other).records(ComplaintConcluded)


@pytest.mark.rule("X-08")
def test_new_facts_open_it_again() -> None:
    triaged().when(ReopenComplaint(reason="有新的证据"), by=WATCH).refused("complaint-open")
    done = triaged().when(conclude(), by=WATCH).later()
    again = done.when(ReopenComplaint(reason="有新的证据"), by=WATCH).records(ComplaintReopened).later()
    assert standing(again).stage is Stage.TRIAGED
    again.when(conclude("founded"), by=WATCH).records(ComplaintConcluded, ComplaintReferred)


@pytest.mark.rule("YS-10.1", "X-08")
@BOOKS
def test_each_missed_day_is_recorded_once(book: str) -> None:
    case = said(book).later()
    case.on(ACCEPT_BY).when(MissComplaint(), by=SYSTEM).then()
    after = date(2025, 10, 10)
    late = case.on(after).when(MissComplaint(), by=SYSTEM).then(ComplaintOverdue(owed="acceptance", due=ACCEPT_BY)).later()
    late.when(MissComplaint(), by=SYSTEM).then()
    taken = case.on(after).when(AcceptComplaint(), by=WATCH).records(ComplaintAccepted, ComplaintOverdue).later()
    due = standing(taken).deadline
    assert due is not None
    taken.on(date(2026, 3, 2)).when(MissComplaint(), by=SYSTEM).then(ComplaintOverdue(owed="conclusion", due=due.due))


def test_every_kind_has_a_title_and_a_ground() -> None:
    kinds = get_args(ReceiveComplaint.model_fields["kind"].annotation)
    assert set(kinds) == set(KINDS)
    assert all(CHOICES[key] == kind.title and kind.ground for key, kind in KINDS.items())

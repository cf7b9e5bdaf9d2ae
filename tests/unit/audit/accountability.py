"""A case of accountability on its way, for the tests of decisions: people, and the steps up to each stage."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from services.audit.accountability_case.commands import (
    AnswerIn,
    ApproveDetermination,
    BeginInvestigation,
    MakeFinding,
    OpenCase,
    ReportUpCase,
    ResponsibleIn,
    RouteCase,
    SubmitDetermination,
    VerifyFacts,
)
from services.audit.accountability_case.sanction_commands import DecideSanctions, NotifyMeasures, SanctionIn, SetSeverity
from services.audit.accountability_case.state import AccountabilityCase, accountability_case
from shared.kernel.commands import Command
from shared.kernel.events import Actor
from tests.specification import Specification, given, person

OFFICE = person("supervision", "supervision_office")
OFFICE2 = person("supervision two", "supervision_office")
HEAD = person("unit head", "unit_head")
COLLEAGUE = person("colleague", "clerk")
CHIEF = person("chief", "head_of_leading_group")
DISTRICT = person("district", "personnel_department")
PARTY = person("party", "party_group")
DEPUTY = person("deputy", "leader_in_charge")
CULPRIT = person("culprit", "clerk")
BOSS = person("boss", "unit_head")
SYSTEM = person("keeper", "system")
HASH = "ab" * 32
UNITS = ("touzi", "shehui", "jiandu")


def id_of(actor: Actor) -> UUID:
    """A person's id."""
    return UUID(actor.person)


def case(state: Any) -> AccountabilityCase:
    """A case of accountability."""
    return cast("AccountabilityCase", state)


def standing(spec: Specification) -> AccountabilityCase:
    """The case as it stands."""
    return case(spec.state)


def step(spec: Specification, command: Command, by: Actor, day: date | None = None) -> Specification:
    """A step that succeeds."""
    if day is not None:
        spec = spec.on(day)
    return spec.when(command, by=by).later()


def alleged(**more: Any) -> dict[str, Any]:
    """What a case is about."""
    return {
        "title": "窗口推诿刁难",
        "facts": "群众反映三次被推诿",
        "questions": ("是否推诿", "是否造成影响"),
        "ground": "stalling",
        "unit": "touzi",
        "persons": (id_of(CULPRIT),),
        "head": id_of(BOSS),
        **more,
    }


def opening(source: str = "inspection", **more: Any) -> OpenCase:
    """The command that opens a case."""
    return OpenCase.model_validate({"source": source, "reference": "2025-3", **alleged(**more)})


def opened(source: str = "inspection", book: str = "decree-711", **more: Any) -> Specification:
    """A case that waits for triage."""
    return given(accountability_case).under(book).with_units(*UNITS).when(opening(source, **more), by=OFFICE).later()


def routed(
    source: str = "inspection", level: str = "ordinary", unit: str = "shehui", book: str = "decree-711", **more: Any
) -> Specification:
    """Routed: to another unit than the one concerned, unless said otherwise."""
    to = "" if level == "important" else unit
    return step(opened(source, book, **more), RouteCase.model_validate({"level": level, "unit": to, "reason": "按问题轻重"}), OFFICE)


def begun(
    source: str = "inspection", level: str = "ordinary", unit: str = "shehui", book: str = "decree-711", **more: Any
) -> Specification:
    """Under investigation by the head of the unit and a colleague; important ones by the supervision office and a colleague."""
    by = OFFICE if level == "important" else HEAD
    spec = routed(source, level, unit, book, **more)
    return step(spec, BeginInvestigation(investigators=(id_of(by), id_of(COLLEAGUE)), no_interest=True), by)


def verified(spec: Specification, *heard: Actor) -> Specification:
    """Facts verified, the persons concerned heard."""
    return step(spec, VerifyFacts(account="调取监控、谈话", evidence=(HASH,), heard=tuple(id_of(one) for one in heard)), COLLEAGUE)


DIRECT = ResponsibleIn(person=id_of(CULPRIT), role="direct")
MEMBER = ResponsibleIn(person=id_of(CULPRIT), role="direct", party_member=True)
LEADER = ResponsibleIn(person=id_of(BOSS), role="leader")


def finding(*responsible: ResponsibleIn, harm: bool = True, **more: Any) -> MakeFinding:
    """A finding: both questions true, or neither."""
    found = "true" if responsible else "unfounded"
    answers = tuple(AnswerIn.model_validate({"found": found, "facts": "已查明"}) for _ in range(2))
    told: dict[str, Any] = {
        "answers": answers,
        "harm": harm and bool(responsible),
        "harm_facts": "群众多次往返" if harm and responsible else "",
        "responsible": responsible,
        "evidence": (HASH,),
    }
    return MakeFinding.model_validate({**told, **more})


def found(spec: Specification, *responsible: ResponsibleIn, harm: bool = True) -> Specification:
    """The investigation is over; a unit that investigated its own people has told the leading group."""
    spec = step(verified(spec, CULPRIT, BOSS), finding(*responsible, harm=harm), COLLEAGUE)
    return step(spec, ReportUpCase(report="调查情况", evidence=()), HEAD) if standing(spec).own_staff else spec


def determined(spec: Specification, *responsible: ResponsibleIn, harm: bool = True, by: Actor | None = None) -> Specification:
    """The leading group has approved."""
    spec = found(spec, *responsible, harm=harm)
    submitter = by or (OFFICE if standing(spec).level == "important" else HEAD)
    spec = step(spec, SubmitDetermination(opinion="属实", material=(HASH,)), submitter)
    submission = standing(spec).submission
    assert submission is not None
    return step(spec, ApproveDetermination(approves=submission.hash), CHIEF)


def grave(spec: Specification, severity: str) -> Specification:
    """Its severity is set."""
    return step(spec, SetSeverity.model_validate({"severity": severity, "reason": "按情节"}), CHIEF)


def sanctions(*pairs: tuple[Actor, str], **more: Any) -> DecideSanctions:
    """Measures for people."""
    chosen = tuple(SanctionIn(person=id_of(one), measure=measure) for one, measure in pairs)
    return DecideSanctions.model_validate({"sanctions": chosen, "reason": "按规定追究", **more})


def told(spec: Specification, *people: Actor) -> Specification:
    """Everyone knows."""
    for one in people:
        spec = step(spec, NotifyMeasures(person=id_of(one), way="直接送达", evidence="回证1号"), OFFICE)
    return spec

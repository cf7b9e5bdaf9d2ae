"""How cases begin: one for each source, on a written ground; ordinary ones go to a unit, important ones to the leading group (ZR-04, ZR-05)."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.audit.accountability_case import events as e
from services.audit.accountability_case import guards
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline, Facts, deadline

S = AccountabilityCase
Events = Sequence[Event]


class Allegation(NamedTuple):
    """What a case is about, as who opens it puts it."""

    title: str
    facts: str
    questions: tuple[str, ...]
    ground: str
    unit: str
    persons: tuple[str, ...] = ()
    head: str = ""
    press_item: UUID | None = None
    secrecy: str = ""


def case_id(agency: str, source: str, reference: str) -> UUID:
    """The id of the one case of this source and reference."""
    return derived_id("accountability", agency, source, reference)


def due(given: Given, limit: str) -> Deadline:
    """When a limit that begins today ends."""
    return deadline(Facts(start=given.today, limit=limit), given.rulebook, given.calendar)


def open_case(state: S, given: Given, source: str, reference: str, told: Allegation, lead: UUID | None = None) -> Events:
    """One case for one source, with a ground of the scheme."""
    if state.exists:
        raise Refused("already-opened", "这个来源已经立案，同一来源只立一案。", remedy="请在案件列表中查找原案。")
    guards.known_unit(given, told.unit)
    guards.known_people(given, told.persons, "persons")
    guards.known_people(given, (told.head,) if told.head else (), "head")
    ground = check_ground(given, source, told.ground)
    if SCHEME.sources[source].press_item and told.press_item is None:
        sentence = "媒体曝光、舆情处置的，须关联新闻与舆情中的舆情事项。"
        raise Invalid("press-item-missing", sentence, fields=[{"field": "press_item", "sentence": "请填写舆情事项编号"}])
    if (source == "leak") != bool(told.secrecy):
        raise Invalid(
            "secrecy-missing", "泄密事件须填写泄露的秘密类别，其他来源不填写。", fields=[{"field": "secrecy", "sentence": "请核对"}]
        )
    opened = e.CaseOpened(
        source=source, reference=reference, title=told.title, facts=told.facts, questions=tuple(dict.fromkeys(told.questions)),
        unit=told.unit, persons=tuple(dict.fromkeys(told.persons)), head=told.head, press_item=told.press_item, lead=lead,
        deadline=due(given, "accountability_triage"),
    )  # fmt: skip
    if given.actor.persons & {*opened.persons}:
        raise Refused("concerned", "您是本案的被调查人，不能立案。", article=guards.IMPARTIAL)
    leak = [e.LeakIncidentOpened(secrecy=told.secrecy, known_on=given.today)] if source == "leak" else []
    return [opened, ground, *leak]


def check_ground(given: Given, source: str, key: str) -> e.GroundRecorded:
    """A ground that is written, and that fits the source."""
    ground = SCHEME.grounds[key]
    if not ground.written:
        raise Refused(
            "ground-unwritten", "这一情形的条文缺失，须由本机关在追究情形表中写明以后才能选用。", article=ground.article["bureau-2019"]
        )
    must = SCHEME.sources[source].ground
    if (must and must != key) or (ground.sources and source not in ground.sources):
        raise Refused("ground-of-other-source", f"“{ground.title}”与来源“{SCHEME.sources[source].title}”不符，请选择相应的情形。")
    return e.GroundRecorded(ground=key, article=ground.article[given.rulebook.id])


def record_ground(state: S, given: Given, key: str) -> Events:
    """One more ground, before the finding."""
    if key in state.grounds:
        raise Refused("ground-recorded", "这一情形已经登记。")
    return [check_ground(given, state.source, key)]


def add_question(state: S, question: str) -> Events:
    """Once each."""
    if question in state.questions:
        raise Refused("question-asked", "这个问题已经在列。")
    return [e.QuestionAdded(question=question)]


def withdraw_source(state: S, reason: str) -> Events:
    """Once, while it is open."""
    return [] if not state.exists or state.stage is Stage.CLOSED or state.withdrawn else [e.SourceWithdrawn(reason=reason)]


def route(state: S, given: Given, level: str, unit: str, reason: str) -> Events:
    """Ordinary ones to the unit in charge, important ones to the leading group (ZR-05b, ZR-05c); nothing important becomes ordinary."""
    if level == "ordinary":
        if state.level == "important":
            raise Refused("important-already", "已经由领导小组调查处理，不能改为一般问题。", article="本局责任追究制度（ZR-05c）")
        if any(SCHEME.grounds[key].important for key in state.grounds):
            raise Refused("must-be-important", "这一情形须由领导小组调查处理，请选择“重要”。", article="本局责任追究制度（ZR-05c）")
        if not unit:
            raise Invalid("unit-missing", "一般问题转相关科室调查处理，请选择科室。", fields=[{"field": "unit", "sentence": "请选择"}])
        guards.known_unit(given, unit)
        if unit == state.unit:
            raise Refused("routed-already", "已经转该科室调查处理。")
    elif unit or state.level == "important":
        code = "routed-already" if state.level == "important" else "no-unit"
        raise Refused(code, "重要问题由领导小组调查处理，不指定科室，也只分流一次。", article="本局责任追究制度（ZR-05c）")
    own_staff = level == "ordinary" and unit == state.subject_unit
    return [
        e.CaseRouted(
            level=level, unit=unit, own_staff=own_staff, cooperates=() if own_staff else (state.subject_unit,), reason=reason,
            deadline=due(given, "accountability_investigation"),
        )
    ]  # fmt: skip

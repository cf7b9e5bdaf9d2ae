"""Investigated by the uninterested, verified, found; what is proven and harmful is determined by the leading group (ZR-05a, ZR-05d, ZR-05e)."""

import hashlib
from collections.abc import Sequence

import msgspec

from services.audit.accountability_case import events as e
from services.audit.accountability_case import guards
from services.audit.accountability_case.decisions.opening import due
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event

S = AccountabilityCase
Events = Sequence[Event]

TWO = "公职人员政务处分法 第四十二条"
HEARING = "公职人员政务处分法 第四十三条"
LEADING = "audit.act_for_leading_group"
"""The capability of who acts for the leading group."""


def uninterested(state: S, person: str) -> None:
    """Not concerned, not recused, and not the head of the unit concerned unless it is that unit which investigates (ZR-05d)."""
    if person in state.persons:
        raise Refused("investigator-concerned", "被调查人不能担任调查人员。", article=guards.IMPARTIAL)
    if person in state.recused:
        raise Refused("investigator-recused", "已经回避的人员不能再担任调查人员。", article=guards.IMPARTIAL)
    if state.head and person == state.head and not state.own_staff:
        raise Refused(
            "head-of-concerned-unit", "被调查科室的负责人不能参加调查；被举报人科室配合调查。", article="本局责任追究制度（ZR-05d）"
        )


def begin(state: S, given: Given, investigators: tuple[str, ...], *, no_interest: bool) -> Events:
    """Two or more, who have declared that they have no interest in it."""
    if state.level == "important" and not given.acts_as(LEADING):
        raise Refused("not-leading-group", "重要问题由领导小组调查处理，请由领导小组或者监察室办理。", article="本局责任追究制度（ZR-05c）")
    chosen = tuple(dict.fromkeys(investigators))
    guards.known_people(given, chosen, "investigators")
    if len(chosen) < 2:
        raise Refused("one-investigator", "调查由二人以上进行，请再确定调查人员。", article=TWO)
    if not no_interest:
        raise Refused("interest-undeclared", "调查人员须声明与本案没有利害关系；有利害关系的应当回避。", article=guards.IMPARTIAL)
    for person in chosen:
        uninterested(state, person)
    return [e.InvestigationBegun(investigators=chosen)]


def recuse(state: S, given: Given, person: str, reason: str, replacement: str) -> Events:
    """By himself or by the supervision office; another comes in place."""
    if person not in state.investigators:
        raise Refused("no-investigator", "他不是本案的调查人员。")
    if given.actor.person != person and not given.acts_as(LEADING):
        raise Refused("not-yours-to-recuse", "回避由本人提出，或者由监察室、领导小组决定。", article=guards.IMPARTIAL)
    if replacement in state.investigators:
        raise Refused("investigator-already", "接替的人已经是调查人员，请另选一人。", article=TWO)
    guards.known_people(given, (replacement,), "replacement")
    uninterested(state, replacement)
    return [e.InvestigatorRecused(person=person, reason=reason, replacement=replacement)]


def verify(given: Given, account: str, evidence: tuple[str, ...], heard: tuple[str, ...]) -> Events:
    """By an investigator."""
    guards.known_people(given, heard, "heard")
    return [e.FactsVerified(account=account, evidence=evidence, heard=heard)]


def find(
    state: S,
    given: Given,
    answers: tuple[e.Answer, ...],
    harm: tuple[bool, str],
    responsible: tuple[e.Responsible, ...],
    evidence: tuple[str, ...],
) -> Events:
    """An answer to every question; who is responsible was heard, and does not investigate himself."""
    if len(answers) != len(state.questions):
        raise Refused(
            "question-unanswered",
            f"本案有{len(state.questions)}个问题，每个问题都要有结论，请按顺序逐一填写。",
            article="本局责任追究制度（ZR-05a）",
        )
    kinds = {answer.found for answer in answers}
    found = "unfounded" if kinds == {"unfounded"} else "true" if kinds == {"true"} else "partly"
    if found == "unfounded" and (harm[0] or responsible):
        raise Invalid("nothing-found", "全部不属实的，不填写不良后果和责任人员。", fields=[{"field": "responsible", "sentence": "请核对"}])
    if found != "unfounded" and not responsible:
        raise Invalid("nobody-responsible", "属实的，须写明责任人员。", fields=[{"field": "responsible", "sentence": "请填写"}])
    if harm[0] and not harm[1]:
        raise Invalid("harm-untold", "造成不良后果的，须写明后果。", fields=[{"field": "harm_facts", "sentence": "请填写"}])
    names = [one.person for one in responsible]
    if len(set(names)) != len(names):
        raise Invalid("person-twice", "同一人只填写一次，取其主要责任。", fields=[{"field": "responsible", "sentence": "请核对"}])
    if set(names) & set(state.investigators):
        raise Refused("investigator-responsible", "调查人员有责任的，应当先回避。", article=guards.IMPARTIAL)
    if set(names) - set(state.heard):
        raise Refused("unheard", "责任人员须先听取其陈述和申辩，请在核实情况中登记。", article=HEARING)
    return [
        e.FindingMade(
            answers=answers, found=found, harm=harm[0], harm_facts=harm[1], responsible=responsible, evidence=evidence
        )
    ]  # fmt: skip


def was_verified(state: S, _given: Given) -> None:
    """First verified, then found (ZR-05a); what turned out to be important is the leading group's first (ZR-05c)."""
    if state.level == "ordinary" and any(SCHEME.grounds[key].important for key in state.grounds):
        raise Refused("must-be-important", "登记的情形须由领导小组调查处理，请先转为重要问题。", article="本局责任追究制度（ZR-05c）")
    if not state.verified:
        raise Refused("not-verified", "请先登记核实情况，再作出调查结论。", article="本局责任追究制度（ZR-05a）")


def own_staff(state: S, _given: Given) -> None:
    """A unit has investigated its own people, and not told yet (ZR-05d)."""
    if not state.own_staff:
        raise Refused("not-own-staff", "只有涉及本科室人员、由本科室调查的，才须报领导小组。", article="本局责任追究制度（ZR-05d）")
    if state.reported:
        raise Refused("reported-already", "已经报领导小组。")


def asked_to_cooperate(state: S, _given: Given) -> None:
    """Another unit than the one concerned investigates (ZR-05d)."""
    if not state.cooperates:
        raise Refused("not-cooperating", "本案由被调查人的科室调查，没有配合科室。", article="本局责任追究制度（ZR-05d）")


def report_up(report: str, evidence: tuple[str, ...]) -> Events:
    """Where a unit has investigated its own people (ZR-05d)."""
    return [e.CaseReportedUp(report=report, evidence=evidence)]


def cooperate(state: S, unit: str, what: str) -> Events:
    """A unit that was asked to."""
    if unit not in state.cooperates:
        raise Refused("not-cooperating", "该科室不是本案的配合科室。", article="本局责任追究制度（ZR-05d）")
    return [e.CooperationRecorded(unit=unit, what=what)]


def must_be_reported(state: S) -> None:
    """What concerns a unit's own people goes to the leading group first (ZR-05d)."""
    if state.own_staff and not state.reported:
        raise Refused("not-reported-up", "涉及本科室人员的，请先将调查情况报领导小组。", article="本局责任追究制度（ZR-05d）")


def must_be_determined(state: S) -> bool:
    """Proven and harmful, or proven and of a source for which measures are due: the leading group determines."""
    return state.proven and (state.harm or bool(SCHEME.sources[state.source].proven) or state.source == "leak")


def submittable(state: S, given: Given) -> None:
    """What was proven: by the head of the unit, or by those who act for the leading group (ZR-05e)."""
    must_be_reported(state)
    if not state.proven:
        raise Refused("not-proven", "不属实的，不报送认定，请直接结案。", article="本局责任追究制度（ZR-05e）")
    if not given.acts_as("audit.report_determination" if state.level == "ordinary" else LEADING):
        raise Refused(
            "not-unit-head", "一般问题由科室负责人报送认定意见；重要问题由领导小组的办事人员报送。", article="本局责任追究制度（ZR-05e）"
        )


def submit(state: S, given: Given, opinion: str, material: tuple[str, ...]) -> Events:
    """With material and an opinion."""
    hashed = hashlib.sha256(msgspec.json.encode([opinion, material, state.answers, state.found, state.harm, state.responsible])).hexdigest()
    return [e.DeterminationSubmitted(opinion=opinion, material=material, hash=hashed, deadline=due(given, "accountability_approval"))]


def answers_another(state: S, given: Given) -> None:
    """Who has investigated or submitted does not approve (X-04)."""
    guards.another(
        given,
        (*state.submitted_by, *state.investigators),
        "submitter-approves",
        "报送人、调查人员不能批准或者退回自己的认定意见，请由另一人办理。",
    )


def approve(state: S, approves: str) -> Events:
    """Exactly what was seen (ZR-05e)."""
    assert state.submission is not None
    if approves != state.submission.hash:
        raise Refused("determination-changed", "认定意见在您查看之后有改动，请重新核对后再批准。")
    return [e.DeterminationApproved(hash=approves)]


def send_back(given: Given, reason: str, *, again: bool) -> Events:
    """For another opinion, or for another investigation."""
    return [e.DeterminationReturned(reason=reason, again=again, deadline=due(given, "accountability_investigation") if again else None)]


def self_found(state: S, _given: Given) -> None:
    """Found by the unit itself, and without harm (ZR-05f)."""
    must_be_reported(state)
    if not SCHEME.sources[state.source].files or not state.proven:
        raise Refused("not-self-found", "只有考核或者自查发现、属实的，由科室处理并报备案。", article="本局责任追究制度（ZR-05f）")
    if must_be_determined(state):
        raise Refused("harm-done", "造成不良后果的，须报领导小组认定。", article="本局责任追究制度（ZR-05e）")


def handle(how: str, evidence: tuple[str, ...]) -> Events:
    """Put right there, then filed for the record (ZR-05f)."""
    return [e.HandledByUnit(how=how, evidence=evidence)]

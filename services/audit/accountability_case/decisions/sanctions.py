"""Measures of the severity, for everyone who is responsible; approved outside where they must be, notified, then carried out (ZR-03, ZR-06, BM-17)."""

from collections.abc import Iterable, Sequence

from services.audit.accountability_case import events as e
from services.audit.accountability_case import guards
from services.audit.accountability_case.decisions.investigation import must_be_determined, must_be_reported
from services.audit.accountability_case.decisions.opening import due
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event

S = AccountabilityCase
Events = Sequence[Event]

GRADUATED = "本局责任追究制度（ZR-06）"
SERIOUS = "本局责任追究制度（ZR-06.5）"
LEAK = "本局保密审查制度（BM-17）"
IN_CHARGE = ("leader", "in_charge")
"""Responsible as who leads."""

SPECIAL = ("apology", "criticism", "admonition", "excellence", "judicial")
"""Measures with an act of their own."""


def independent(state: S, given: Given) -> None:
    """Who has investigated or submitted does not decide."""
    guards.another(
        given, (*state.investigators, *state.submitted_by), "investigator-decides", "调查人员、报送人不能决定如何追究，请由另一人决定。"
    )


def has_severity(state: S, _given: Given) -> None:
    """First the severity, then the measures (ZR-06.0)."""
    if not state.severity:
        raise Refused("no-severity", "请先确定情节，再决定追究方式。", article="本局责任追究制度（ZR-06.0）")


def set_severity(state: S, severity: str, reason: str) -> Events:
    """Before any measure (ZR-06.0)."""
    if severity == state.severity:
        raise Refused("severity-set", "情节已经这样确定。")
    return [e.SeveritySet(severity=severity, reason=reason)]


def decide(state: S, sanctions: tuple[e.Sanction, ...], exempt: tuple[e.Exempt, ...], reason: str, leader_reason: str) -> Events:
    """Only measures of the severity, only for who is responsible, and something about everyone."""
    given_out = tuple(dict.fromkeys(sanctions))
    roles = {one.person: one.role for one in state.responsible}
    for one in given_out:
        measure = SCHEME.measures[one.measure]
        if state.severity not in measure.severities:
            severity = SCHEME.severities[state.severity].title
            raise Refused("measure-not-of-severity", f"情节“{severity}”不能给予“{measure.title}”。", article="本局责任追究制度（ZR-06.0）")
    if strangers := {one.person for one in given_out} - set(roles):
        raise Invalid(
            "not-responsible", f"有{len(strangers)}人不是调查结论中的责任人员。", fields=[{"field": "sanctions", "sentence": "请核对"}]
        )
    sanctioned, excused = {one.person for one in given_out}, {one.person for one in exempt}
    if sanctioned & excused or excused - set(roles) or set(roles) - sanctioned - excused:
        raise Refused(
            "person-undecided",
            "对每个责任人员，都须给予一种以上方式，或者写明不予追究的理由，二者只取其一。",
            article="本局责任追究制度（ZR-03）",
        )
    check_source(state, given_out)
    check_grave(state, given_out, leader_reason)
    combined = any(sum(one.person == person for one in given_out) > 1 for person in sanctioned)
    return [e.SanctionDecided(sanctions=given_out, exempt=exempt, combined=combined, reason=reason, leader_reason=leader_reason)]


def check_source(state: S, sanctions: tuple[e.Sanction, ...]) -> None:
    """What a proven complaint and a harmful exposure always lead to (ZR-06.2, ZR-06.4). A crime goes to the judicial organs instead."""
    source = SCHEME.sources[state.source]
    if state.severity == "criminal":
        if not any(one.measure == "judicial" for one in sanctions):
            raise Refused("not-transferred", "涉嫌犯罪的，须移送司法机关。", article="本局责任追究制度（ZR-06.6）")
        return
    due_now = (*source.proven, *(source.harmful if state.harm else ()))
    missing(due_now, (one.measure for one in sanctions), source.title)
    leaders = {one.person for one in state.responsible if one.role in IN_CHARGE}
    if state.harm and source.harmful_leader:
        missing(source.harmful_leader, (one.measure for one in sanctions if one.person in leaders), f"{source.title}（对负责的领导）")


def missing(wanted: Iterable[str], decided: Iterable[str], why: str) -> None:
    """Refuses where something that is due was not decided."""
    known = set(decided)
    lacking = [SCHEME.measures[key].title for key in wanted if key not in known]
    if lacking:
        raise Refused("measure-due", f"{why}，属实的须给予：{'、'.join(lacking)}。", article=GRADUATED)


def check_grave(state: S, sanctions: tuple[e.Sanction, ...], leader_reason: str) -> None:
    """Leaders answer, Party members before the Party too; a grave leak leads to discipline of who is in charge and who did it (ZR-06.5, BM-17)."""
    if state.severity not in ("serious", "criminal"):
        return
    discipline = {one.person for one in sanctions if SCHEME.measures[one.measure].way == "discipline" and one.measure != "party_discipline"}
    before_party = {one.person for one in sanctions if one.measure == "party_discipline"}
    members = {one.person for one in state.responsible if one.party_member}
    if before_party - members:
        raise Refused("not-party-member", "党纪处分只适用于党员。", article=SERIOUS)
    if (discipline & members) - before_party:
        raise Refused("party-discipline-missing", "党员受纪律处分的，同时给予党纪处分。", article=SERIOUS)
    if not any(one.role in IN_CHARGE for one in state.responsible) and not leader_reason:
        raise Refused("leader-unexamined", "情节严重的，负主要责任的领导按规定处理；没有领导责任的，请写明理由。", article=SERIOUS)
    if state.source == "leak" and state.severity == "serious":
        direct = {one.person for one in state.responsible if one.role == "direct"}
        leading = {one.person for one in state.responsible if one.role in IN_CHARGE}
        if not direct or not leading or not (direct | leading) <= discipline:
            raise Refused("ladder", "泄密情节严重的，对负责的主管人员和直接责任人员都给予处分。", article=LEAK)


def outside(measure: str) -> guards.Guard:
    """Something waits for this approval, and who gives it did not decide."""

    def guard(state: S, given: Given) -> None:
        if measure not in {one.measure for one in state.waiting_outside}:
            raise Refused("nothing-to-approve", f"没有待批准的“{SCHEME.measures[measure].title}”。", article=SERIOUS)
        involved = (*state.decided_by, *state.approved_by, *state.investigators, *state.submitted_by)
        guards.another(given, involved, "decider-approves", "作出决定的人、调查人员不能审批，请由另一人办理。")

    return guard


def waits(state: S, person: str, measure: str) -> None:
    """It is this person's."""
    if e.Sanction(person, measure) not in state.waiting_outside:
        raise Refused("nothing-to-approve", f"他没有待批准的“{SCHEME.measures[measure].title}”，请核对人员。", article=SERIOUS)


def approve_dismissal(state: S, event: e.ExternalApprovalRecorded) -> Events:
    """By the personnel department of the district, in writing; without it no dismissal takes effect."""
    waits(state, event.person, "dismissal")
    return [event]


def decide_party_discipline(state: S, event: e.PartyDisciplineDecided) -> Events:
    """By the Party group."""
    waits(state, event.person, "party_discipline")
    return [event]


def all_approved(state: S, _given: Given) -> None:
    """Nothing takes effect before it was approved outside (ZR-06.5)."""
    if state.waiting_outside:
        waiting = "、".join(dict.fromkeys(SCHEME.measures[one.measure].title for one in state.waiting_outside))
        raise Refused("approval-missing", f"“{waiting}”尚未批准，决定还不能生效和送达。", article=SERIOUS)


def notify(state: S, given: Given, person: str, way: str, evidence: str) -> Events:
    """The period of appeal begins."""
    if person not in state.sanctioned:
        raise Refused("not-sanctioned", "他没有被追究，不用送达。")
    if person in state.notified:
        raise Refused("notified-already", "已经送达本人。")
    return [e.MeasuresNotified(person=person, way=way, evidence=evidence, deadline=due(given, "accountability_appeal"))]


def due_now(measure: str) -> guards.Guard:
    """A measure that has to be carried out."""

    def guard(state: S, _given: Given) -> None:
        under(state, measure)

    return guard


def due_otherwise(state: S, _given: Given) -> None:
    """A measure without an act of its own has to be carried out."""
    if not any(one not in SPECIAL and one not in state.carried for one in state.measures):
        raise Refused("no-such-measure", "没有待执行的其他方式。", article=GRADUATED)


def under(state: S, measure: str) -> tuple[str, ...]:
    """Who is under a measure that has to be carried out now."""
    people = state.under(measure)
    if not people:
        raise Refused("no-such-measure", f"本案没有决定“{SCHEME.measures[measure].title}”。", article=GRADUATED)
    if measure in state.carried:
        raise Refused("carried-already", f"“{SCHEME.measures[measure].title}”已经执行。")
    return people


def apologise(state: S, given: Given, led_by: str, way: str, evidence: str) -> Events:
    """Led by the head of the unit (ZR-06.2)."""
    guards.known_people(given, (led_by,), "led_by")
    people = under(state, "apology")
    leaders = {one.person for one in state.responsible if one.role in IN_CHARGE}
    if state.head and led_by != state.head and led_by not in leaders:
        raise Refused("not-led-by-head", "赔礼道歉由科室领导带当事人进行，请填写科室负责人。", article="本局责任追究制度（ZR-06.2）")
    return [e.ApologyMade(persons=people, led_by=led_by, way=way, evidence=evidence)]


def circulate(state: S, scope: str, document: str) -> Events:
    """Through the agency, or further."""
    return [e.CaseCriticismCirculated(persons=under(state, "criticism"), scope=scope, document=document)]


def admonish(state: S, document: str) -> Events:
    """In writing."""
    return [e.Admonished(persons=under(state, "admonition"), document=document)]


def revoke_excellence(state: S, year: int) -> Events:
    """For this year (ZR-06.4)."""
    return [e.ExcellenceRevoked(unit=state.subject_unit, persons=under(state, "excellence"), year=year)]


def transfer(state: S, organ: str, document: str) -> Events:
    """To the judicial organs (ZR-06.6)."""
    return [e.TransferredToJudicial(persons=under(state, "judicial"), organ=organ, document=document)]


def carry_out(state: S, measure: str, evidence: str) -> Events:
    """Any other measure."""
    if measure in SPECIAL:
        raise Refused("own-act", f"“{SCHEME.measures[measure].title}”有专门的办理项目，请在那里登记。")
    return [e.MeasureCarriedOut(measure=measure, persons=under(state, measure), evidence=evidence)]


def appeal(state: S, given: Given, person: str, grounds: str) -> Events:
    """By the person himself or registered for him, in time, once."""
    if given.actor.person != person and given.actor.persons & set(state.persons):
        raise Refused("not-yours-to-appeal", "只能为自己申请复核。", article="公务员法 第九十五条")
    if person not in state.notified:
        raise Refused("not-notified", "决定还没有送达本人，或者他没有被追究。", article="公务员法 第九十五条")
    if person in state.appeals:
        raise Refused("appealed-already", "已经申请过复核。", article="公务员法 第九十五条")
    if given.today > state.notified[person]:
        raise Refused("appeal-late", f"复核须在{state.notified[person]}以前申请，期限已过。", article="公务员法 第九十五条")
    return [e.AppealFiled(person=person, grounds=grounds, deadline=due(given, "accountability_review"))]


def reviewed_by_another(state: S, given: Given) -> None:
    """Who has investigated, submitted, approved or decided does not review (X-04)."""
    involved = (*state.investigators, *state.submitted_by, *state.approved_by, *state.decided_by)
    guards.another(given, involved, "decider-reviews", "调查、报送、批准和作出决定的人不能决定复核，请由另一人决定。")


def decide_appeal(state: S, person: str, result: str, reason: str, measures: tuple[str, ...]) -> Events:
    """Never heavier than before."""
    if person not in state.open_appeals:
        raise Refused("no-appeal", "没有他待决定的复核申请。")
    now = tuple(one.measure for one in state.sanctions if one.person == person)
    kept = {"maintained": now, "revoked": ()}.get(result, tuple(dict.fromkeys(measures)))
    if result == "changed" and (not kept or not set(kept) < set(now)):
        raise Refused(
            "not-lighter", "变更的，在原有方式中保留一部分；不得因申请复核而加重，全部撤销的请选择撤销。", article="公务员法 第九十五条"
        )
    decided: list[Event] = [e.AppealDecided(person=person, result=result, reason=reason, measures=kept)]
    lost = state.excellence
    if lost is not None and person in lost.persons and "excellence" not in kept:
        decided.append(e.ExcellenceRestored(unit=lost.unit, persons=(person,), year=lost.year))
    return decided


def unfiled(state: S, _given: Given) -> None:
    """Once."""
    if state.filed:
        raise Refused("filed-already", "已经备案。")


def file(number: str, to: str) -> Events:
    """For the record, once there is something to file: handled by the unit, or decided and in effect (ZR-05f)."""
    return [e.CaseFiled(number=number, to=to)]


def concluded(state: S, given: Given) -> None:
    """With a conclusion on everything: nothing unanswered, unfiled, uncarried or under appeal (X-08)."""
    if given.actor.persons & set(state.investigators):
        raise Refused("investigator-closes", "调查人员不能决定结案，请由另一人办理。", article=guards.IMPARTIAL)
    if state.stage is Stage.DETERMINED:
        raise Refused("undecided", "认定已经批准，请确定情节并作出决定。", article=GRADUATED)
    if state.stage is Stage.FOUND:
        must_be_reported(state)
        if must_be_determined(state):
            raise Refused(
                "must-be-determined", "属实且造成不良后果的，须报领导小组认定，不能直接结案。", article="本局责任追究制度（ZR-05e）"
            )
    if state.proven and SCHEME.sources[state.source].files and not state.filed:
        raise Refused("not-filed", "考核或者自查发现的，处理后须报备案才能结案。", article="本局责任追究制度（ZR-05f）")
    if state.stage is Stage.NOTIFIED:
        ended(state, given)


def close(state: S, reason: str) -> Events:
    """With what it came to."""
    return [e.CaseClosed(conclusion=conclusion(state), reason=reason)]


def ended(state: S, given: Given) -> None:
    """Every measure carried out, every period of appeal over or used."""
    if left := [SCHEME.measures[key].title for key in state.measures if key not in state.carried]:
        raise Refused("not-carried-out", f"还没有执行：{'、'.join(left)}。", article=GRADUATED)
    if waiting := [until for person, until in state.notified.items() if person not in state.appeals and until >= given.today]:
        raise Refused("appeal-open", f"复核期限到{max(waiting)}，期满以后才能结案。", article="公务员法 第九十五条")


def conclusion(state: S) -> str:
    """What it came to."""
    if not state.proven:
        return "unfounded"
    if state.stage is Stage.HANDLED:
        return "handled_by_unit"
    if state.stage is Stage.FOUND:
        return "corrected"
    if not state.sanctions:
        return "no_measure"
    return "transferred" if "judicial" in state.measures else "sanctioned"


def miss(state: S, given: Given) -> Events:
    """Each once."""
    if not state.owed or state.due is None or state.due >= given.today or f"{state.owed}/{state.due}" in state.missed:
        return []
    return [e.CaseDeadlineMissed(owed=state.owed, due=state.due)]

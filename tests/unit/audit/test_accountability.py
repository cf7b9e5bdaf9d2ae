"""Cases of accountability (ZR; BM-17; YQ-04.3c; YS-08x.2): grounds, triage, investigation, determination, measures, appeals, and how they end."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from services.audit.accountability_case import events as e
from services.audit.accountability_case.commands import (
    AddQuestion,
    AnswerIn,
    ApproveDetermination,
    BeginInvestigation,
    HandleByUnit,
    MakeFinding,
    RecordCooperation,
    RecordGround,
    RecuseInvestigator,
    ReportUpCase,
    ReturnDetermination,
    RouteCase,
    SubmitDetermination,
    VerifyFacts,
)
from services.audit.accountability_case.decisions.opening import case_id
from services.audit.accountability_case.sanction_commands import (
    AdmonishPersons,
    AppealMeasures,
    CarryOutMeasure,
    CirculateCaseCriticism,
    CloseCase,
    DecideAppeal,
    DecidePartyDiscipline,
    ExemptIn,
    FileCase,
    MakeApology,
    MissCaseDeadline,
    NotifyMeasures,
    RecordDismissalApproval,
    RevokeExcellence,
    SetSeverity,
    TransferToJudicial,
)
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import Stage, accountability_case
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, DAY, given, person
from tests.unit.audit.accountability import (
    BOSS,
    CHIEF,
    COLLEAGUE,
    CULPRIT,
    DEPUTY,
    DIRECT,
    DISTRICT,
    HASH,
    HEAD,
    LEADER,
    MEMBER,
    OFFICE,
    OFFICE2,
    PARTY,
    SYSTEM,
    UNITS,
    begun,
    determined,
    finding,
    found,
    grave,
    id_of,
    opened,
    opening,
    routed,
    sanctions,
    standing,
    step,
    told,
    verified,
)

ITEM = derived_id("test", "opinion")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
CLOSE = CloseCase(reason="决定已经执行")
AFTER = DAY + timedelta(days=45)
"""When the period of appeal is over."""


@pytest.mark.rule("ZR-05a", "ZR-04.5", "X-08")
@BOOKS
def test_a_case_is_opened_once_for_a_source_on_a_written_ground(book: str) -> None:
    fresh = given(accountability_case).under(book).with_units(*UNITS)
    outcome = fresh.when(opening(), by=OFFICE).records(e.CaseOpened, e.GroundRecorded)
    case, ground = outcome.events
    assert isinstance(case, e.CaseOpened)
    assert isinstance(ground, e.GroundRecorded)
    assert ground.article == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-04.5）"}[book]
    assert (case.persons, case.head) == ((CULPRIT.person,), BOSS.person)
    assert (case.deadline.due, case.deadline.rulebook) == (date(2025, 9, 28), book), (
        "five working days, the Sunday worked for the holiday counts"
    )
    assert case.spec.article(book) == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05a）"}[book]
    outcome.later().when(opening(), by=OFFICE).refused("already-opened")
    fresh.when(opening(ground="ground_1"), by=OFFICE).refused("ground-unwritten")
    fresh.when(opening(ground="leak"), by=OFFICE).refused("ground-of-other-source")
    fresh.when(opening(unit="nowhere"), by=OFFICE).refused("no-such-unit")
    fresh.when(opening(), by=CULPRIT).refused("concerned")
    identity = opening().spec.identity
    assert identity is not None
    assert (
        identity(opening(), AGENCY, DAY)
        == case_id(AGENCY.code, "inspection", "2025-3")
        == identity(opening(title="另一个名称"), AGENCY, DAY)
    )


@pytest.mark.rule("ZR-05a")
def test_only_officials_of_the_agency_are_named() -> None:
    fresh = given(accountability_case).with_units(*UNITS).with_people(id_of(CULPRIT), id_of(BOSS))
    fresh.when(opening(), by=OFFICE).records(e.CaseOpened, e.GroundRecorded)
    fresh.when(opening(persons=(id_of(PARTY),)), by=OFFICE).refused("no-such-person")
    fresh.when(opening(head=id_of(PARTY)), by=OFFICE).refused("no-such-person")
    begin = BeginInvestigation(investigators=(id_of(HEAD), id_of(COLLEAGUE)), no_interest=True)
    routed().with_people(id_of(HEAD)).when(begin, by=HEAD).refused("no-such-person")
    some = begun().with_people(id_of(HEAD), id_of(COLLEAGUE))
    some.when(RecuseInvestigator(person=id_of(COLLEAGUE), reason="近亲属", replacement=id_of(OFFICE2)), by=OFFICE).refused("no-such-person")
    some.when(VerifyFacts(account="谈话", evidence=(HASH,), heard=(id_of(PARTY),)), by=HEAD).refused("no-such-person")


@pytest.mark.rule("ZR-04.5")
def test_further_grounds_and_questions_are_recorded_before_the_finding() -> None:
    case = begun()
    case.when(RecordGround(ground="overdue"), by=OFFICE).records(e.GroundRecorded)
    case.when(RecordGround(ground="stalling"), by=OFFICE).refused("ground-recorded")
    case.when(RecordGround(ground="ground_4"), by=OFFICE).refused("ground-unwritten")
    case.when(AddQuestion(question="是否推诿"), by=OFFICE).refused("question-asked")
    more = step(case, AddQuestion(question="领导是否知情"), OFFICE)
    verified(more, CULPRIT).when(finding(DIRECT), by=COLLEAGUE).refused("question-unanswered")
    found(begun(), DIRECT).when(AddQuestion(question="领导是否知情"), by=OFFICE).refused("not-askable")


@pytest.mark.rule("YQ-04.3c")
@BOOKS
def test_badly_handled_opinion_leads_to_a_case_of_the_leading_group(book: str) -> None:
    fresh = given(accountability_case).under(book).with_units(*UNITS)
    fresh.when(opening("opinion", ground="opinion"), by=OFFICE).refused("press-item-missing")
    outcome = fresh.when(opening("opinion", ground="opinion", press_item=ITEM), by=OFFICE).records(e.CaseOpened, e.GroundRecorded)
    ground = outcome.events[1]
    assert isinstance(ground, e.GroundRecorded)
    assert ground.article == {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-04.3c）"}[book]
    case = outcome.later()
    assert standing(case).press_item == ITEM
    case.when(RouteCase(level="ordinary", unit="shehui", reason="一般"), by=OFFICE).refused("must-be-important")
    case.when(RouteCase(level="important", reason="影响严重"), by=OFFICE).records(e.CaseRouted)


@pytest.mark.rule("YS-08x.2")
@BOOKS
def test_paid_disclosure_through_others_leads_to_a_case(book: str) -> None:
    fresh = given(accountability_case).under(book).with_units(*UNITS)
    fresh.when(opening("paid_disclosure"), by=OFFICE).refused("ground-of-other-source")
    outcome = fresh.when(opening("paid_disclosure", ground="paid_disclosure"), by=OFFICE).records(e.CaseOpened, e.GroundRecorded)
    ground = outcome.events[1]
    assert isinstance(ground, e.GroundRecorded)
    assert ground.article == {"decree-711": "国令711 第四十二条", "bureau-2019": "本局依申请公开制度（YS-08x.2）"}[book]


@pytest.mark.rule("ZR-05b")
def test_an_ordinary_case_goes_to_the_unit_in_charge() -> None:
    outcome = opened().when(RouteCase(level="ordinary", unit="shehui", reason="一般问题"), by=OFFICE).records(e.CaseRouted)
    event = outcome.events[0]
    assert isinstance(event, e.CaseRouted)
    assert (event.level, event.unit, event.own_staff, event.cooperates) == ("ordinary", "shehui", False, ("touzi",))
    assert event.deadline.due == date(2025, 11, 7), "thirty working days"
    assert standing(outcome.later()).responsible_unit == "shehui", "a grant for this unit reaches it"
    opened().when(RouteCase(level="ordinary", reason="一般问题"), by=OFFICE).refused("unit-missing")
    opened().when(RouteCase(level="ordinary", unit="nowhere", reason="一般问题"), by=OFFICE).refused("no-such-unit")
    routed().when(RouteCase(level="ordinary", unit="shehui", reason="一般问题"), by=OFFICE).refused("routed-already")
    found(begun(), DIRECT).when(RouteCase(level="important", reason="重要"), by=OFFICE).refused("not-routable")


@pytest.mark.rule("ZR-05c")
def test_an_important_case_is_the_leading_groups_and_stays_so() -> None:
    opened().when(RouteCase(level="important", unit="shehui", reason="重要"), by=OFFICE).refused("no-unit")
    case = routed(level="important")
    assert standing(case).responsible_unit is None, "no grant for one unit reaches it"
    case.when(RouteCase(level="ordinary", unit="shehui", reason="一般"), by=OFFICE).refused("important-already")
    case.when(RouteCase(level="important", reason="重要"), by=OFFICE).refused("routed-already")
    two = (id_of(HEAD), id_of(COLLEAGUE))
    case.when(BeginInvestigation(investigators=two, no_interest=True), by=HEAD).refused("not-leading-group")
    case.when(BeginInvestigation(investigators=two, no_interest=True), by=CHIEF).records(e.InvestigationBegun)
    more = step(begun(), RouteCase(level="important", reason="发现涉及面广"), OFFICE)
    assert (standing(more).stage, standing(more).investigators) == (Stage.ROUTED, ()), "it is investigated anew"


@pytest.mark.rule("ZR-05c", "YQ-04.3c")
def test_what_turns_out_to_be_important_goes_to_the_leading_group_before_it_is_found() -> None:
    case = verified(begun("opinion", press_item=ITEM), CULPRIT)
    case = step(case, RecordGround(ground="opinion"), OFFICE)
    case.when(finding(DIRECT), by=COLLEAGUE).refused("must-be-important")
    case.when(RouteCase(level="important", reason="影响严重"), by=OFFICE).records(e.CaseRouted)


@pytest.mark.rule("ZR-05d")
@BOOKS
def test_a_unit_investigates_its_own_people_and_reports_to_the_leading_group(book: str) -> None:
    case = begun(unit="touzi", book=book)
    assert standing(case).own_staff
    case = step(verified(case, CULPRIT), finding(DIRECT), COLLEAGUE)
    case.when(SubmitDetermination(opinion="属实", material=(HASH,)), by=HEAD).refused("not-reported-up")
    case.when(CLOSE, by=OFFICE).refused("not-reported-up")
    outcome = case.when(ReportUpCase(report="调查情况"), by=HEAD).records(e.CaseReportedUp)
    assert e.CaseReportedUp.spec.article(book) == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05d）"}[book]
    outcome.later().when(ReportUpCase(report="再报"), by=HEAD).refused("reported-already")
    outcome.later().when(SubmitDetermination(opinion="属实", material=(HASH,)), by=HEAD).records(e.DeterminationSubmitted)
    found(begun(), DIRECT).when(ReportUpCase(report="调查情况"), by=HEAD).refused("not-own-staff")


@pytest.mark.rule("ZR-05d")
def test_the_unit_of_the_person_reported_cooperates_and_its_head_does_not_investigate() -> None:
    case = routed()
    with_boss = BeginInvestigation(investigators=(id_of(BOSS), id_of(COLLEAGUE)), no_interest=True)
    case.when(with_boss, by=HEAD).refused("head-of-concerned-unit")
    routed(unit="touzi").when(with_boss, by=HEAD).records(e.InvestigationBegun)
    begun().when(RecordCooperation(unit="touzi", what="提供台账"), by=HEAD).records(e.CooperationRecorded)
    begun().when(RecordCooperation(unit="jiandu", what="提供台账"), by=HEAD).refused("not-cooperating")


@pytest.mark.rule("ZR-05a")
def test_only_the_uninterested_investigate_at_least_two_of_them() -> None:
    case = routed()
    begin = BeginInvestigation(investigators=(id_of(HEAD), id_of(COLLEAGUE)), no_interest=True)
    case.when(begin, by=HEAD).records(e.InvestigationBegun)
    case.when(begin.model_copy(update={"no_interest": False}), by=HEAD).refused("interest-undeclared")
    case.when(BeginInvestigation(investigators=(id_of(HEAD), id_of(HEAD)), no_interest=True), by=HEAD).refused("one-investigator")
    case.when(BeginInvestigation(investigators=(id_of(HEAD), id_of(CULPRIT)), no_interest=True), by=HEAD).refused("investigator-concerned")
    case.when(begin, by=CULPRIT).refused("concerned")
    deputy = Actor(COLLEAGUE.person, ("clerk",), principal=CULPRIT.person)
    case.when(begin, by=deputy).refused("concerned")
    opened().when(begin, by=HEAD).refused("not-routed")


@pytest.mark.rule("ZR-05a")
def test_who_has_an_interest_is_recused_and_replaced() -> None:
    case = begun()
    recusal = RecuseInvestigator(person=id_of(COLLEAGUE), reason="近亲属", replacement=id_of(OFFICE2))
    case.when(recusal, by=HEAD).refused("not-yours-to-recuse")
    case.when(recusal, by=COLLEAGUE).records(e.InvestigatorRecused)
    case.when(recusal.model_copy(update={"replacement": id_of(HEAD)}), by=OFFICE).refused("investigator-already")
    case.when(recusal.model_copy(update={"replacement": id_of(CULPRIT)}), by=OFFICE).refused("investigator-concerned")
    case.when(recusal.model_copy(update={"person": id_of(DEPUTY)}), by=OFFICE).refused("no-investigator")
    after = step(case, recusal, OFFICE)
    assert standing(after).investigators == (HEAD.person, OFFICE2.person)
    after.when(VerifyFacts(account="谈话", evidence=(HASH,)), by=COLLEAGUE).refused("no-investigator")
    back = RecuseInvestigator(person=id_of(OFFICE2), reason="近亲属", replacement=id_of(COLLEAGUE))
    after.when(back, by=OFFICE).refused("investigator-recused")


@pytest.mark.rule("ZR-05a", "X-08")
def test_it_is_verified_then_found_with_an_answer_to_every_question() -> None:
    case = begun()
    case.when(finding(DIRECT), by=COLLEAGUE).refused("not-verified")
    case.when(VerifyFacts(account="谈话", evidence=(HASH,)), by=OFFICE).refused("no-investigator")
    with pytest.raises(ValidationError):
        VerifyFacts(account="谈话", evidence=())
    known = verified(case, CULPRIT)
    known.when(finding(DIRECT), by=OFFICE).refused("no-investigator")
    known.when(finding(DIRECT, answers=(AnswerIn(found="true", facts="已查明"),)), by=COLLEAGUE).refused("question-unanswered")
    known.when(finding(DIRECT, LEADER), by=COLLEAGUE).refused("unheard")
    known.when(finding(DIRECT, harm_facts=""), by=COLLEAGUE).refused("harm-untold")
    known.when(finding(DIRECT, DIRECT), by=COLLEAGUE).refused("person-twice")
    known.when(finding(DIRECT, responsible=()), by=COLLEAGUE).refused("nobody-responsible")
    known.when(finding(harm_facts="有", harm=True).model_copy(update={"harm": True}), by=COLLEAGUE).refused("nothing-found")
    self_found = finding(DIRECT.model_copy(update={"person": id_of(HEAD)}))
    known.when(self_found, by=COLLEAGUE).refused("investigator-responsible")
    mixed = (AnswerIn(found="true", facts="已查明"), AnswerIn(found="unfounded", facts="没有影响"))
    event = known.when(finding(DIRECT, answers=mixed), by=COLLEAGUE).records(e.FindingMade).events[0]
    assert isinstance(event, e.FindingMade)
    assert (event.found, event.harm) == ("partly", True)


@pytest.mark.rule("X-08")
def test_an_unfounded_case_ends_with_that_conclusion_and_not_by_who_investigated() -> None:
    case = found(begun())
    case.when(CLOSE, by=HEAD).refused("investigator-closes")
    case.when(SubmitDetermination(opinion="不属实", material=(HASH,)), by=HEAD).refused("not-proven")
    outcome = case.when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="unfounded", reason=CLOSE.reason))
    outcome.later().when(CLOSE, by=OFFICE).refused("case-closed")
    opened().when(CLOSE, by=OFFICE).refused("not-closable")
    begun().when(CLOSE, by=OFFICE).refused("not-closable")
    found(begun(), DIRECT, harm=False).when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="corrected", reason=CLOSE.reason))


@pytest.mark.rule("ZR-05e", "X-04")
@BOOKS
def test_what_is_proven_and_harmful_is_filed_by_the_head_and_approved_by_another(book: str) -> None:
    case = found(begun(book=book), DIRECT)
    case.when(CLOSE, by=OFFICE).refused("must-be-determined")
    submission = SubmitDetermination(opinion="属实，造成不良后果", material=(HASH,))
    case.when(submission, by=COLLEAGUE).refused("not-unit-head")
    outcome = case.when(submission, by=HEAD).records(e.DeterminationSubmitted)
    event = outcome.events[0]
    assert isinstance(event, e.DeterminationSubmitted)
    assert (event.deadline.article, event.deadline.due) == (
        {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05e）"}[book],
        date(2025, 10, 11),
    )
    waiting = outcome.later()
    approval = ApproveDetermination(approves=event.hash)
    waiting.when(approval, by=person("unit head", "head_of_leading_group")).refused("submitter-approves")
    waiting.when(approval, by=person("colleague", "head_of_leading_group")).refused("submitter-approves")
    stand_in = Actor(person("stand-in").person, ("head_of_leading_group",), principal=HEAD.person)
    waiting.when(approval, by=stand_in).refused("submitter-approves")
    waiting.when(ApproveDetermination(approves="00" * 32), by=CHIEF).refused("determination-changed")
    waiting.when(approval, by=CHIEF).then(e.DeterminationApproved(hash=event.hash))
    returned = step(waiting, ReturnDetermination(reason="补充意见"), CHIEF)
    assert standing(returned).stage is Stage.FOUND
    again = step(waiting, ReturnDetermination(reason="事实不清", again=True), CHIEF)
    assert (standing(again).stage, standing(again).owed) == (Stage.INVESTIGATING, "investigation")
    again.when(finding(DIRECT), by=COLLEAGUE).refused("not-verified")
    important = found(begun(level="important", book=book), DIRECT)
    important.when(submission, by=HEAD).refused("not-unit-head")
    important.when(submission, by=OFFICE).records(e.DeterminationSubmitted)


@pytest.mark.rule("ZR-05f")
@BOOKS
def test_what_a_unit_finds_itself_is_handled_and_filed(book: str) -> None:
    case = found(begun("self_check", book=book), DIRECT, harm=False)
    case.when(CLOSE, by=OFFICE).refused("not-filed")
    handled = step(case, HandleByUnit(how="已纠正并学习"), HEAD)
    handled.when(CLOSE, by=OFFICE).refused("not-filed")
    outcome = handled.when(FileCase(number="备〔2025〕1号", to="领导小组"), by=OFFICE).records(e.CaseFiled)
    assert e.CaseFiled.spec.article(book) == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05f）"}[book]
    filed = outcome.later()
    filed.when(FileCase(number="备〔2025〕2号", to="领导小组"), by=OFFICE).refused("filed-already")
    filed.when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="handled_by_unit", reason=CLOSE.reason))
    found(begun("self_check"), DIRECT).when(HandleByUnit(how="已纠正"), by=HEAD).refused("harm-done")
    found(begun(), DIRECT, harm=False).when(HandleByUnit(how="已纠正"), by=HEAD).refused("not-self-found")
    found(begun("self_check"), DIRECT).when(FileCase(number="备〔2025〕1号", to="领导小组"), by=OFFICE).refused("not-fileable")


@pytest.mark.rule("ZR-06.0")
@BOOKS
def test_severity_first_then_only_measures_of_that_severity(book: str) -> None:
    case = determined(begun(book=book), DIRECT)
    case.when(sanctions((CULPRIT, "education")), by=CHIEF).refused("no-severity")
    case.when(CLOSE, by=OFFICE).refused("undecided")
    case.when(SetSeverity(severity="minor", reason="初犯"), by=person("unit head", "head_of_leading_group")).refused("investigator-decides")
    for severity in SCHEME.severities:
        set_ = grave(case, severity)
        for measure in SCHEME.measures:
            outcome = set_.when(sanctions((CULPRIT, measure), leader_reason="没有领导责任"), by=CHIEF)
            if measure not in SCHEME.of_severity(severity):
                outcome.refused("measure-not-of-severity")
            else:
                assert outcome.problem is None or outcome.problem.code != "measure-not-of-severity"
    grave(case, "minor").when(SetSeverity(severity="minor", reason="初犯"), by=CHIEF).refused("severity-set")
    heavier = step(grave(case, "minor"), SetSeverity(severity="ordinary", reason="屡犯"), CHIEF)
    heavier.when(sanctions((CULPRIT, "admonition")), by=CHIEF).records(e.SanctionDecided)
    found(begun(), DIRECT).when(SetSeverity(severity="minor", reason="初犯"), by=CHIEF).refused("not-determined")


@pytest.mark.rule("ZR-03")
def test_the_four_measures_single_or_combined_for_everyone_responsible() -> None:
    assert {measure.way for measure in SCHEME.measures.values()} == {"criticism", "apology", "organisational", "discipline", "judicial"}
    case = grave(determined(begun(), DIRECT, LEADER), "ordinary")
    single = case.when(sanctions((CULPRIT, "education"), (BOSS, "education")), by=CHIEF).events[0]
    assert isinstance(single, e.SanctionDecided)
    assert not single.combined
    both = case.when(sanctions((CULPRIT, "education"), (CULPRIT, "apology"), (BOSS, "criticism")), by=CHIEF).events[0]
    assert isinstance(both, e.SanctionDecided)
    assert both.combined
    case.when(sanctions((CULPRIT, "education")), by=CHIEF).refused("person-undecided")
    case.when(sanctions((CULPRIT, "education"), (BOSS, "education"), (DEPUTY, "education")), by=CHIEF).refused("not-responsible")
    excused = (ExemptIn(person=id_of(BOSS), reason="已尽监督职责"),)
    case.when(sanctions((CULPRIT, "education"), exempt=excused), by=CHIEF).records(e.SanctionDecided)
    case.when(sanctions((CULPRIT, "education"), (BOSS, "education"), exempt=excused), by=CHIEF).refused("person-undecided")
    case.when(sanctions((CULPRIT, "education"), (BOSS, "education")), by=person("colleague", "head_of_leading_group")).refused(
        "investigator-decides"
    )
    nobody = (*excused, ExemptIn(person=id_of(CULPRIT), reason="不可抗力"))
    spared = step(case, sanctions(exempt=nobody), CHIEF)
    assert standing(spared).stage is Stage.NOTIFIED
    spared.when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="no_measure", reason=CLOSE.reason))


@pytest.mark.rule("ZR-06.2")
@BOOKS
def test_a_proven_complaint_leads_to_an_apology_led_by_the_head_and_to_criticism(book: str) -> None:
    case = found(begun("complaint", book=book), DIRECT, harm=False)
    case.when(CLOSE, by=OFFICE).refused("must-be-determined")
    case = grave(determined(begun("complaint", book=book), DIRECT, harm=False), "minor")
    case.when(sanctions((CULPRIT, "apology")), by=CHIEF).refused("measure-due")
    case.when(sanctions((CULPRIT, "criticism")), by=CHIEF).refused("measure-due")
    case = told(step(case, sanctions((CULPRIT, "apology"), (CULPRIT, "criticism")), CHIEF), CULPRIT)
    case.when(CLOSE, by=OFFICE).refused("not-carried-out")
    case.when(MakeApology(led_by=id_of(CULPRIT), way="当面", evidence="记录1号"), by=OFFICE).refused("not-led-by-head")
    apology = case.when(MakeApology(led_by=id_of(BOSS), way="当面", evidence="记录1号"), by=OFFICE)
    apology.then(e.ApologyMade(persons=(CULPRIT.person,), led_by=BOSS.person, way="当面", evidence="记录1号"))
    assert e.ApologyMade.spec.article(book) == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-06.2）"}[book]
    case = step(apology.later(), CirculateCaseCriticism(scope="全局", document="通报〔2025〕1号"), OFFICE)
    case.when(CirculateCaseCriticism(scope="全局", document="通报〔2025〕1号"), by=OFFICE).refused("carried-already")
    case.when(AdmonishPersons(document="告诫〔2025〕1号"), by=OFFICE).refused("no-such-measure")
    case.when(CLOSE, by=OFFICE).refused("appeal-open")
    case.on(AFTER).when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="sanctioned", reason=CLOSE.reason))


@pytest.mark.rule("ZR-06.4")
@BOOKS
def test_exposure_by_the_media_costs_criticism_admonition_and_the_leaders_excellence(book: str) -> None:
    case = grave(determined(begun("media", book=book, press_item=ITEM), DIRECT, LEADER), "ordinary")
    due = ((CULPRIT, "criticism"), (CULPRIT, "admonition"))
    case.when(sanctions(*due, (BOSS, "criticism")), by=CHIEF).refused("measure-due")
    case.when(sanctions(*due, (CULPRIT, "excellence"), (BOSS, "criticism")), by=CHIEF).refused("measure-due")
    case.when(sanctions((CULPRIT, "criticism"), (BOSS, "excellence")), by=CHIEF).refused("measure-due")
    case = told(step(case, sanctions(*due, (BOSS, "excellence")), CHIEF), CULPRIT, BOSS)
    case.when(AdmonishPersons(document="告诫〔2025〕1号"), by=OFFICE).records(e.Admonished)
    case.when(CirculateCaseCriticism(scope="全局", document="通报〔2025〕1号"), by=OFFICE).records(e.CaseCriticismCirculated)
    outcome = case.when(RevokeExcellence(year=2025), by=OFFICE)
    outcome.then(e.ExcellenceRevoked(unit="touzi", persons=(BOSS.person,), year=2025))
    assert (
        e.ExcellenceRevoked.spec.article(book) == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-06.4）"}[book]
    )
    given(accountability_case).with_units(*UNITS).when(opening("media"), by=OFFICE).refused("press-item-missing")
    harmless = grave(determined(begun("media", press_item=ITEM), DIRECT, harm=False), "minor")
    harmless.when(sanctions((CULPRIT, "education")), by=CHIEF).records(e.SanctionDecided)


@pytest.mark.rule("ZR-06.5")
@BOOKS
def test_dismissal_waits_for_the_district_and_the_party_for_its_group(book: str) -> None:
    case = grave(determined(begun(book=book), MEMBER, LEADER), "serious")
    boss = (BOSS, "warning")
    case.when(sanctions((CULPRIT, "warning"), boss), by=CHIEF).refused("party-discipline-missing")
    case.when(sanctions((CULPRIT, "transfer"), boss, (BOSS, "party_discipline")), by=CHIEF).refused("not-party-member")
    all_of_it = sanctions((CULPRIT, "removal"), (CULPRIT, "party_discipline"), (CULPRIT, "dismissal"), boss)
    case = step(case, all_of_it, CHIEF)
    notice = NotifyMeasures(person=id_of(CULPRIT), way="直接送达", evidence="回证1号")
    case.when(notice, by=OFFICE).refused("approval-missing")
    case.when(CarryOutMeasure(measure="dismissal", evidence="文件"), by=OFFICE).refused("not-in-effect")
    approval = RecordDismissalApproval(person=id_of(CULPRIT), organ="区人事部门", document="人发〔2025〕2号", granted=True)
    case.when(approval.model_copy(update={"person": id_of(BOSS)}), by=DISTRICT).refused("nothing-to-approve")
    case.when(approval, by=person("chief", "personnel_department")).refused("decider-approves")
    outcome = case.when(approval, by=DISTRICT).records(e.ExternalApprovalRecorded)
    expected = {"decree-711": "公务员法 第八十八条", "bureau-2019": "本局责任追究制度（ZR-06.5）"}
    assert e.ExternalApprovalRecorded.spec.article(book) == expected[book]
    half = outcome.later()
    half.when(notice, by=OFFICE).refused("approval-missing")
    party = DecidePartyDiscipline(person=id_of(CULPRIT), document="党组纪要〔2025〕3号", granted=True)
    half.when(party, by=PARTY).records(e.PartyDisciplineDecided)
    whole = told(step(half, party, PARTY), CULPRIT, BOSS)
    whole.when(CarryOutMeasure(measure="dismissal", evidence="文件"), by=DISTRICT).records(e.MeasureCarriedOut)
    whole.when(CarryOutMeasure(measure="criticism", evidence="文件"), by=DISTRICT).refused("own-act")
    refused = step(half, party.model_copy(update={"granted": False}), PARTY)
    assert (standing(refused).stage, standing(refused).sanctions) == (Stage.DETERMINED, ()), "it is decided anew"


@pytest.mark.rule("ZR-06.5")
def test_in_a_serious_case_a_leader_answers_or_it_is_said_why_none_does() -> None:
    case = grave(determined(begun(), DIRECT), "serious")
    case.when(sanctions((CULPRIT, "warning")), by=CHIEF).refused("leader-unexamined")
    case.when(sanctions((CULPRIT, "warning"), leader_reason="领导多次制止"), by=CHIEF).records(e.SanctionDecided)
    case.when(sanctions((CULPRIT, "transfer"), leader_reason="领导多次制止"), by=CHIEF).records(e.SanctionDecided)


@pytest.mark.rule("ZR-06.6")
@BOOKS
def test_a_crime_goes_to_the_judicial_organs(book: str) -> None:
    case = grave(determined(begun("complaint", book=book), DIRECT, LEADER), "criminal")
    case.when(sanctions((CULPRIT, "warning"), (BOSS, "warning")), by=CHIEF).refused("not-transferred")
    case = told(step(case, sanctions((CULPRIT, "judicial"), (BOSS, "warning")), CHIEF), CULPRIT, BOSS)
    case = step(case, CarryOutMeasure(measure="warning", evidence="处分〔2025〕1号"), OFFICE)
    case.on(AFTER).when(CLOSE, by=OFFICE).refused("not-carried-out")
    outcome = case.when(TransferToJudicial(organ="区监委", document="移送〔2025〕1号"), by=OFFICE).records(e.TransferredToJudicial)
    assert (
        e.TransferredToJudicial.spec.article(book)
        == {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-06.6）"}[book]
    )
    outcome.later(AFTER).when(CLOSE, by=OFFICE).then(e.CaseClosed(conclusion="transferred", reason=CLOSE.reason))


@pytest.mark.rule("BM-17")
@BOOKS
def test_a_leak_climbs_the_ladder_incident_discipline_of_both_judicial_organs(book: str) -> None:
    fresh = given(accountability_case).under(book).with_units(*UNITS)
    fresh.when(opening("leak", ground="leak"), by=OFFICE).refused("secrecy-missing")
    fresh.when(opening(secrecy="state_secret"), by=OFFICE).refused("secrecy-missing")
    outcome = fresh.when(opening("leak", ground="leak", secrecy="state_secret"), by=OFFICE)
    outcome.records(e.CaseOpened, e.GroundRecorded, e.LeakIncidentOpened)
    assert outcome.events[2] == e.LeakIncidentOpened(secrecy="state_secret", known_on=DAY)
    assert e.LeakIncidentOpened.spec.article(book) == {"decree-711": "保守国家秘密法", "bureau-2019": "本局保密审查制度（BM-17）"}[book]
    outcome.later().when(RouteCase(level="ordinary", unit="shehui", reason="一般"), by=OFFICE).refused("must-be-important")

    both = grave(
        determined(begun("leak", "important", book=book, ground="leak", secrecy="state_secret"), DIRECT, LEADER, harm=False), "serious"
    )
    both.when(sanctions((CULPRIT, "warning"), (BOSS, "criticism")), by=CHIEF).refused("ladder")
    both.when(sanctions((CULPRIT, "criticism"), (BOSS, "warning")), by=CHIEF).refused("ladder")
    both.when(sanctions((CULPRIT, "demerit"), (BOSS, "warning")), by=CHIEF).records(e.SanctionDecided)
    one = grave(determined(begun("leak", "important", book=book, ground="leak", secrecy="state_secret"), DIRECT), "serious")
    one.when(sanctions((CULPRIT, "warning"), leader_reason="无"), by=CHIEF).refused("ladder")
    crime = step(both, SetSeverity(severity="criminal", reason="涉嫌故意泄露国家秘密罪"), CHIEF)
    crime.when(sanctions((CULPRIT, "removal"), (BOSS, "warning")), by=CHIEF).refused("not-transferred")
    crime.when(sanctions((CULPRIT, "judicial"), (BOSS, "warning")), by=CHIEF).records(e.SanctionDecided)
    light = grave(determined(begun("leak", "important", book=book, ground="leak", secrecy="work_secret"), DIRECT), "minor")
    light.when(sanctions((CULPRIT, "education")), by=CHIEF).records(e.SanctionDecided)


@pytest.mark.rule("ZR-06.0", "X-04")
@BOOKS
def test_a_decision_is_appealed_in_time_and_reviewed_by_others_never_heavier(book: str) -> None:
    case = grave(determined(begun(book=book), DIRECT, LEADER), "ordinary")
    case = step(case, sanctions((CULPRIT, "education"), (CULPRIT, "admonition"), (BOSS, "excellence")), CHIEF)
    appeal = AppealMeasures(person=id_of(CULPRIT), grounds="处理过重")
    case.when(appeal, by=CULPRIT).refused("not-notified")
    case = told(case, CULPRIT, BOSS)
    until = standing(case).notified[CULPRIT.person]
    assert until == date(2025, 10, 22), "thirty days"
    case.on(until + timedelta(days=1)).when(appeal, by=CULPRIT).refused("appeal-late")
    case.when(appeal, by=BOSS).refused("not-yours-to-appeal")
    case.when(AppealMeasures(person=id_of(COLLEAGUE), grounds="处理过重"), by=OFFICE).refused("not-notified")
    outcome = case.on(until).when(appeal, by=CULPRIT).records(e.AppealFiled)
    event = outcome.events[0]
    assert isinstance(event, e.AppealFiled)
    assert event.deadline.article == {"decree-711": "公务员法 第九十六条", "bureau-2019": "本局责任追究制度（ZR-06）"}[book]
    appealed = outcome.later()
    appealed.when(appeal, by=CULPRIT).refused("appealed-already")
    appealed.when(CLOSE, by=OFFICE).refused("not-closable")
    changed = DecideAppeal(person=id_of(CULPRIT), result="changed", measures=("education",), reason="情节较轻")
    for other in ("chief", "unit head", "colleague"):
        appealed.when(changed, by=person(other, "agency_head")).refused("decider-reviews")
    appealed.when(changed, by=CULPRIT).refused("concerned")
    appealed.when(changed.model_copy(update={"measures": ("education", "excellence")}), by=DEPUTY).refused("not-lighter")
    appealed.when(changed.model_copy(update={"measures": ()}), by=DEPUTY).refused("not-lighter")
    appealed.when(changed.model_copy(update={"person": id_of(BOSS)}), by=DEPUTY).refused("no-appeal")
    after = step(appealed, changed, DEPUTY)
    assert (standing(after).stage, standing(after).measures) == (Stage.NOTIFIED, ("education", "excellence"))
    after.when(AdmonishPersons(document="告诫〔2025〕1号"), by=OFFICE).refused("no-such-measure")
    kept = appealed.when(DecideAppeal(person=id_of(CULPRIT), result="maintained", reason="事实清楚"), by=DEPUTY)
    kept.then(e.AppealDecided(person=CULPRIT.person, result="maintained", reason="事实清楚", measures=("education", "admonition")))


@pytest.mark.rule("ZR-06.4")
def test_who_wins_an_appeal_has_the_years_excellence_back() -> None:
    case = grave(determined(begun(), DIRECT, LEADER), "ordinary")
    case = told(step(case, sanctions((CULPRIT, "education"), (BOSS, "excellence")), CHIEF), CULPRIT, BOSS)
    case = step(case, RevokeExcellence(year=2025), OFFICE)
    case = step(case, AppealMeasures(person=id_of(BOSS), grounds="已尽职"), OFFICE)
    outcome = case.when(DecideAppeal(person=id_of(BOSS), result="revoked", reason="确已尽职"), by=DEPUTY)
    outcome.records(e.AppealDecided, e.ExcellenceRestored)
    assert outcome.events[1] == e.ExcellenceRestored(unit="touzi", persons=(BOSS.person,), year=2025)
    assert standing(outcome.later()).excellence is None


@pytest.mark.rule("ZR-05a")
def test_each_day_that_passes_is_missed_once() -> None:
    case = opened()
    late = case.on(date(2025, 9, 30))
    case.when(MissCaseDeadline(), by=SYSTEM).then()
    outcome = late.when(MissCaseDeadline(), by=SYSTEM).then(e.CaseDeadlineMissed(owed="triage", due=date(2025, 9, 28)))
    outcome.later().when(MissCaseDeadline(), by=SYSTEM).then()
    owed = [("investigation", begun())]
    submitted = step(found(begun(), DIRECT), SubmitDetermination(opinion="属实", material=(HASH,)), HEAD)
    owed.append(("approval", submitted))
    appealed = told(step(grave(determined(begun(), DIRECT), "minor"), sanctions((CULPRIT, "education")), CHIEF), CULPRIT)
    owed.append(("review", step(appealed, AppealMeasures(person=id_of(CULPRIT), grounds="处理过重"), CULPRIT)))
    for kind, spec in owed:
        event = spec.on(date(2026, 3, 2)).when(MissCaseDeadline(), by=SYSTEM).records(e.CaseDeadlineMissed).events[0]
        assert isinstance(event, e.CaseDeadlineMissed)
        assert event.owed == kind
    found(begun(), DIRECT).on(date(2026, 3, 2)).when(MissCaseDeadline(), by=SYSTEM).then()


def test_a_finding_names_what_it_rests_on() -> None:
    with pytest.raises(ValidationError):
        MakeFinding(answers=(AnswerIn(found="true", facts="已查明"),), evidence=())

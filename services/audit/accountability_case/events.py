"""Every event of a case of accountability. Officials stand here as person ids alone; what is written of the facts names no citizen."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

LAW = "国令711 第五十三条"
DISCIPLINE = "公职人员政务处分法"


def rests(rule: str, law: str = LAW) -> dict[str, str]:
    """The article under each rulebook: the law in force, the bureau's own rule."""
    return {"decree-711": law, "bureau-2019": f"本局责任追究制度（{rule}）"}


class Responsible(msgspec.Struct, frozen=True):
    """A person who is responsible: directly (direct), as the one in charge (in_charge), or as a leader (leader)."""

    person: str
    role: str
    party_member: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What was found on one of the questions: true, partly or unfounded, and the facts."""

    found: str
    facts: str


class Sanction(msgspec.Struct, frozen=True):
    """One measure for one person."""

    person: str
    measure: str


class Exempt(msgspec.Struct, frozen=True):
    """A person who is responsible and gets no measure, with the reason."""

    person: str
    reason: str


@event("audit.CaseOpened", title="责任追究立案", rules=("ZR-05a", "X-08"), article=rests("ZR-05a"))
class CaseOpened(Event, frozen=True):
    """A case: where it comes from, what is asked, and whom it concerns. `unit`: the unit concerned, `head`: its head."""

    source: str
    reference: str
    title: str
    facts: str
    questions: tuple[str, ...]
    unit: str
    deadline: Deadline
    persons: tuple[str, ...] = ()
    head: str = ""
    press_item: UUID | None = None
    lead: UUID | None = None


@event("audit.GroundRecorded", title="登记追究情形", rules=("ZR-04.5", "YQ-04.3c", "YS-08x.2"), article=rests("ZR-04"))
class GroundRecorded(Event, frozen=True):
    """On which ground of the scheme, with its article under the rulebook of the day."""

    ground: str
    article: str


@event(
    "audit.LeakIncidentOpened",
    title="泄密事件立案查处",
    rules=("BM-17",),
    article={"decree-711": "保守国家秘密法", "bureau-2019": "本局保密审查制度（BM-17）"},
)
class LeakIncidentOpened(Event, frozen=True):
    """What leaked is secret of this kind, known since this day; of the thing itself nothing stands here."""

    secrecy: str
    known_on: date


@event("audit.SourceWithdrawn", title="线索已撤销", rules=("X-08",), article=rests("ZR-05a"))
class SourceWithdrawn(Event, frozen=True):
    """The fact that led to the case was taken back: it still ends in a conclusion."""

    reason: str


@event("audit.QuestionAdded", title="增加调查问题", rules=("ZR-05a",), article=rests("ZR-05a"))
class QuestionAdded(Event, frozen=True):
    """One more question that needs its answer."""

    question: str


@event("audit.CaseRouted", title="责任追究分流", rules=("ZR-05b", "ZR-05c", "ZR-05d"), article=rests("ZR-05b、ZR-05c"))
class CaseRouted(Event, frozen=True):
    """Ordinary: a unit investigates; important: the leading group. `own_staff`: the unit's own people; `cooperates`: the units that help."""

    level: str
    unit: str
    own_staff: bool
    cooperates: tuple[str, ...]
    reason: str
    deadline: Deadline


@event("audit.InvestigationBegun", title="开始调查", rules=("ZR-05a",), article=rests("ZR-05a", f"{DISCIPLINE} 第四十二条"))
class InvestigationBegun(Event, frozen=True):
    """By these people, who have declared that they have no interest in it."""

    investigators: tuple[str, ...]


@event("audit.InvestigatorRecused", title="调查人员回避", rules=("ZR-05a",), article=rests("ZR-05a", f"{DISCIPLINE} 第四十七条"))
class InvestigatorRecused(Event, frozen=True):
    """One who has an interest goes, another comes."""

    person: str
    reason: str
    replacement: str


@event("audit.FactsVerified", title="核实", rules=("ZR-05a",), article=rests("ZR-05a", f"{DISCIPLINE} 第四十三条"))
class FactsVerified(Event, frozen=True):
    """What was verified, on which evidence (SHA-256), and who of the persons concerned was heard."""

    account: str
    evidence: tuple[str, ...]
    heard: tuple[str, ...]


@event("audit.FindingMade", title="调查结论", rules=("ZR-05a", "ZR-05e"), article=rests("ZR-05a"))
class FindingMade(Event, frozen=True):
    """An answer to every question, what they come to together, whether it did harm, and who is responsible."""

    answers: tuple[Answer, ...]
    found: str
    harm: bool
    harm_facts: str
    responsible: tuple[Responsible, ...]
    evidence: tuple[str, ...]


@event("audit.CaseReportedUp", title="科室调查情况报领导小组", rules=("ZR-05d",), article=rests("ZR-05d"))
class CaseReportedUp(Event, frozen=True):
    """A unit has investigated its own people, and tells the leading group."""

    report: str
    evidence: tuple[str, ...]


@event("audit.CooperationRecorded", title="被举报人科室配合调查", rules=("ZR-05d",), article=rests("ZR-05d"))
class CooperationRecorded(Event, frozen=True):
    """What the unit of the person concerned has done to help."""

    unit: str
    what: str


@event("audit.DeterminationSubmitted", title="报送认定意见", rules=("ZR-05e",), article=rests("ZR-05e"))
class DeterminationSubmitted(Event, frozen=True):
    """Material (SHA-256) with an opinion, for the leading group; `hash` is what the approval names."""

    opinion: str
    material: tuple[str, ...]
    hash: str
    deadline: Deadline


@event("audit.DeterminationApproved", title="批准认定意见", rules=("ZR-05e", "X-04"), article=rests("ZR-05e"))
class DeterminationApproved(Event, frozen=True):
    """The leading group agrees with exactly this."""

    hash: str


@event("audit.DeterminationReturned", title="退回认定意见", rules=("ZR-05e",), article=rests("ZR-05e"))
class DeterminationReturned(Event, frozen=True):
    """It does not agree; `again`: the facts have to be investigated once more."""

    reason: str
    again: bool
    deadline: Deadline | None = None


@event("audit.HandledByUnit", title="自查问题已处理", rules=("ZR-05f",), article=rests("ZR-05f"))
class HandledByUnit(Event, frozen=True):
    """Found by a unit itself and without harm: put right there, nobody is punished."""

    how: str
    evidence: tuple[str, ...]


@event("audit.CaseFiled", title="报备案", rules=("ZR-05f",), article=rests("ZR-05f"))
class CaseFiled(Event, frozen=True):
    """Reported for the record, under this number, to this body."""

    number: str
    to: str


@event("audit.SeveritySet", title="确定情节", rules=("ZR-06.0",), article=rests("ZR-06.0"))
class SeveritySet(Event, frozen=True):
    """How grave it is: which measures there are follows from this."""

    severity: str
    reason: str


@event("audit.SanctionDecided", title="责任追究决定", rules=("ZR-03", "ZR-06.0", "ZR-06.5", "BM-17"), article=rests("ZR-03、ZR-06"))
class SanctionDecided(Event, frozen=True):
    """Measures, single or combined, for everyone who is responsible, or why one gets none. `leader_reason`: why no leader answers."""

    sanctions: tuple[Sanction, ...]
    exempt: tuple[Exempt, ...]
    combined: bool
    reason: str
    leader_reason: str = ""


@event("audit.ExternalApprovalRecorded", title="区人事部门审批辞退", rules=("ZR-06.5",), article=rests("ZR-06.5", "公务员法 第八十八条"))
class ExternalApprovalRecorded(Event, frozen=True):
    """The personnel department of the district has approved a dismissal, or has not."""

    person: str
    organ: str
    document: str
    granted: bool


@event("audit.PartyDisciplineDecided", title="党组审议党纪处分", rules=("ZR-06.5",), article=rests("ZR-06.5", "中国共产党纪律处分条例"))
class PartyDisciplineDecided(Event, frozen=True):
    """The Party group has decided on Party discipline."""

    person: str
    document: str
    granted: bool


@event("audit.MeasuresNotified", title="送达责任追究决定", rules=("ZR-06.0",), article=rests("ZR-06", "公务员法 第九十五条"))
class MeasuresNotified(Event, frozen=True):
    """The person knows the measures, and until when they can be appealed."""

    person: str
    way: str
    evidence: str
    deadline: Deadline


@event("audit.ApologyMade", title="领导带当事人赔礼道歉", rules=("ZR-06.2",), article=rests("ZR-06.2"))
class ApologyMade(Event, frozen=True):
    """Made, led by the head of the section."""

    persons: tuple[str, ...]
    led_by: str
    way: str
    evidence: str


@event("audit.CaseCriticismCirculated", title="责任追究通报批评", rules=("ZR-06.2", "ZR-06.4"), article=rests("ZR-06.2、ZR-06.4"))
class CaseCriticismCirculated(Event, frozen=True):
    """Circulated so far."""

    persons: tuple[str, ...]
    scope: str
    document: str


@event("audit.Admonished", title="行政告诫", rules=("ZR-06.4",), article=rests("ZR-06.4"))
class Admonished(Event, frozen=True):
    """Admonished, by this document."""

    persons: tuple[str, ...]
    document: str


@event("audit.ExcellenceRevoked", title="免除评优", rules=("ZR-06.4",), article=rests("ZR-06.4"))
class ExcellenceRevoked(Event, frozen=True):
    """These leaders of this unit are out of the year's choice of the best."""

    unit: str
    persons: tuple[str, ...]
    year: int


@event("audit.ExcellenceRestored", title="恢复评优资格", rules=("ZR-06.4",), article=rests("ZR-06.4", "公务员法 第九十六条"))
class ExcellenceRestored(Event, frozen=True):
    """Their appeal was right."""

    unit: str
    persons: tuple[str, ...]
    year: int


@event("audit.TransferredToJudicial", title="移送司法机关", rules=("ZR-06.6", "BM-17"), article=rests("ZR-06.6"))
class TransferredToJudicial(Event, frozen=True):
    """Handed over to this organ."""

    persons: tuple[str, ...]
    organ: str
    document: str


@event("audit.MeasureCarriedOut", title="执行追究措施", rules=("ZR-03", "ZR-06.5"), article=rests("ZR-06.5"))
class MeasureCarriedOut(Event, frozen=True):
    """Another measure has been carried out."""

    measure: str
    persons: tuple[str, ...]
    evidence: str


@event("audit.AppealFiled", title="申请复核", rules=("ZR-06.0",), article=rests("ZR-06", "公务员法 第九十五条"))
class AppealFiled(Event, frozen=True):
    """The person does not agree; to be decided by this day."""

    person: str
    grounds: str
    deadline: Deadline


@event("audit.AppealDecided", title="复核决定", rules=("ZR-06.0", "X-04"), article=rests("ZR-06", "公务员法 第九十六条"))
class AppealDecided(Event, frozen=True):
    """Maintained, changed to these measures (never heavier), or revoked."""

    person: str
    result: str
    reason: str
    measures: tuple[str, ...]


@event("audit.CaseDeadlineMissed", title="责任追究办理逾期", rules=("ZR-05a",), article=rests("ZR-05a"))
class CaseDeadlineMissed(Event, frozen=True):
    """The day has passed without what was owed: triage, investigation, approval or the answer to an appeal."""

    owed: str
    due: date


@event("audit.CaseClosed", title="责任追究结案", rules=("X-08", "ZR-05a"), article=rests("ZR-05a"))
class CaseClosed(Event, frozen=True):
    """The end, with its conclusion: unfounded, corrected, handled_by_unit, sanctioned, transferred or no_measure."""

    conclusion: str
    reason: str

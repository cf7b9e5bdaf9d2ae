"""One of each event of leads and cases of accountability, with every field that it may have."""

from datetime import date

from services.audit.accountability_case import events
from services.audit.accountability_lead import events as leads
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline

DUE = Deadline(due=date(2025, 10, 13), calendar="2025-1", rulebook="decree-711", article="国令711 第五十三条", provisional=False, days=10)
ONE, TWO, THREE = (str(derived_id("golden", name)) for name in ("person one", "person two", "person three"))
HASH = "ab" * 32

EXAMPLES: list[Event] = [
    leads.LeadRaised(
        source="overdue", title="依申请公开逾期未答复", deadline=DUE, service="requests", fact="requests.DeadlineMissed",
        thing=derived_id("golden", "case"), due=date(2025, 9, 19), facts="逾期三日",
    ),
    leads.LeadWithdrawn(fact="requests.DeadlineMissed"),
    leads.LeadFollowed(case=derived_id("golden", "accountability")),
    leads.LeadDismissed(reason="系统登记迟延，实际已按期答复"),
    leads.LeadOverdue(due=date(2025, 10, 13)),
    events.CaseOpened(
        source="media", reference="2025-3", title="窗口推诿", facts="媒体报道窗口推诿", questions=("是否推诿", "是否造成影响"), unit="touzi",
        deadline=DUE, persons=(ONE, TWO), head=TWO, press_item=derived_id("golden", "opinion"), lead=derived_id("golden", "lead"),
    ),
    events.GroundRecorded(ground="stalling", article="国令711 第五十三条"),
    events.LeakIncidentOpened(secrecy="work_secret", known_on=date(2025, 9, 22)),
    events.SourceWithdrawn(reason="逾期记录已经撤销"),
    events.QuestionAdded(question="领导是否知情"),
    events.CaseRouted(level="ordinary", unit="touzi", own_staff=False, cooperates=("shehui",), reason="一般问题", deadline=DUE),
    events.InvestigationBegun(investigators=(ONE, THREE)),
    events.InvestigatorRecused(person=ONE, reason="近亲属", replacement=TWO),
    events.FactsVerified(account="调取监控并谈话", evidence=(HASH,), heard=(ONE, TWO)),
    events.FindingMade(
        answers=(events.Answer("true", "三次推诿"), events.Answer("unfounded", "没有影响")), found="partly", harm=True, harm_facts="舆情发酵",
        responsible=(events.Responsible(ONE, "direct", party_member=True), events.Responsible(TWO, "leader")), evidence=(HASH,),
    ),
    events.CaseReportedUp(report="调查情况", evidence=(HASH,)),
    events.CooperationRecorded(unit="shehui", what="提供台账"),
    events.DeterminationSubmitted(opinion="属实", material=(HASH,), hash=HASH, deadline=DUE),
    events.DeterminationApproved(hash=HASH),
    events.DeterminationReturned(reason="补充证据", again=True, deadline=DUE),
    events.HandledByUnit(how="已纠正", evidence=(HASH,)),
    events.CaseFiled(number="备〔2025〕1号", to="区政务公开办"),
    events.SeveritySet(severity="serious", reason="屡教不改"),
    events.SanctionDecided(
        sanctions=(events.Sanction(ONE, "warning"), events.Sanction(ONE, "criticism")), exempt=(events.Exempt(TWO, "已尽职"),), combined=True,
        reason="依规定", leader_reason="不在分管范围",
    ),
    events.ExternalApprovalRecorded(person=ONE, organ="区人事部门", document="人发〔2025〕2号", granted=True),
    events.PartyDisciplineDecided(person=ONE, document="党组纪要〔2025〕3号", granted=True),
    events.MeasuresNotified(person=ONE, way="直接送达", evidence="回证1号", deadline=DUE),
    events.ApologyMade(persons=(ONE,), led_by=TWO, way="当面", evidence="记录1号"),
    events.CaseCriticismCirculated(persons=(ONE,), scope="全局", document="通报〔2025〕1号"),
    events.Admonished(persons=(ONE,), document="告诫〔2025〕1号"),
    events.ExcellenceRevoked(unit="touzi", persons=(TWO,), year=2025),
    events.ExcellenceRestored(unit="touzi", persons=(TWO,), year=2025),
    events.TransferredToJudicial(persons=(ONE,), organ="区监委", document="移送〔2025〕1号"),
    events.MeasureCarriedOut(measure="warning", persons=(ONE,), evidence="处分〔2025〕1号"),
    events.AppealFiled(person=ONE, grounds="处理过重", deadline=DUE),
    events.AppealDecided(person=ONE, result="changed", reason="情节较轻", measures=("criticism",)),
    events.CaseDeadlineMissed(owed="triage", due=date(2025, 9, 29)),
    events.CaseClosed(conclusion="sanctioned", reason="决定已执行"),
]  # fmt: skip

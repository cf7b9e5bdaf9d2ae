"""Examples of audit's feedback, supervisors, complaints, inspections and exports."""

from datetime import date

from services.audit.complaint import events as complaints
from services.audit.feedback import events as feedback
from services.audit.inspection import events as inspections
from services.audit.result_export.events import ResultExported
from services.audit.supervisor import events as supervisors
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

KEY = derived_id("golden", "key")
WORDS = Personal.plain("请多公开办事指南")
NAME = Personal.plain("张三")
CONTACT = Personal.plain("13800000000")
OFFICIAL = derived_id("golden", "official")
DUE = date(2025, 10, 17)


def limit(days: int, article: str) -> Deadline:
    """A limit of so many days."""
    return Deadline(due=DUE, rulebook="decree-711", calendar="2025", provisional=False, article=article, days=days)


EXAMPLES: list[Event] = [
    feedback.FeedbackReceived(
        channel="supervisor", kind="suggestion", text=WORDS, person_key=KEY, tracking_number="0A1B2C3D4E5F", password_hash="",
        deadline=limit(15, "国令711 第四十六条"), name=NAME, contact=CONTACT, supervisor=derived_id("golden", "supervisor"), evidence="来信 3 号",
    ),
    feedback.FeedbackAssigned(unit="zhengwu", reason="由该科室主管"),
    feedback.FeedbackAnswered(outcome="adopted", measures="已补充指南", text=WORDS, way="email"),
    feedback.FeedbackClosed(note="已核实"),
    feedback.FeedbackReopened(reason="答复不全面", deadline=limit(15, "国令711 第四十六条")),
    feedback.FeedbackOverdue(due=DUE),
    supervisors.SupervisorAppointed(
        number="聘 2025-1", sphere="企业", since=date(2025, 1, 1), until=date(2026, 12, 31), person_key=KEY, name=NAME, contact=CONTACT
    ),
    supervisors.SupervisorRenewed(until=date(2027, 12, 31)),
    supervisors.SupervisorEnded(reason="本人辞任"),
    complaints.ComplaintReceived(
        channel="page", kind="paid_affiliate", text=WORDS, person_key=KEY, tracking_number="0A1B2C3D4E5F", password_hash="ab" * 32,
        deadline=limit(15, "国令711 第四十七条"), anonymous=False, name=NAME, contact=CONTACT, about_unit="touzi",
        case=derived_id("golden", "request"),
    ),
    complaints.ComplaintAccepted(deadline=limit(60, "国令711 第四十七条")),
    complaints.ComplaintDeclined(ground="not_competent", reason="属于市场监管部门", passed_to="市场监督管理局"),
    complaints.ComplaintTriaged(severity="important", note="涉及收费", about_unit="touzi", about_person=OFFICIAL),
    complaints.ComplaintLinked(case=derived_id("golden", "request"), what="request"),
    complaints.ComplaintConcluded(finding="founded", facts="查明属实", measures="退还费用"),
    complaints.ComplaintReferred(
        case=derived_id("golden", "accountability"), source="paid_disclosure", kind="paid_affiliate", ground="paid_disclosure", severity="important",
        about_unit="touzi", about_person=OFFICIAL,
    ),
    complaints.ComplainantTold(way="email", text=WORDS),
    complaints.ComplaintReopened(reason="有新的证据", deadline=limit(60, "国令711 第四十七条")),
    complaints.ComplaintOverdue(owed="acceptance", due=DUE),
    inspections.InspectionPlanned(
        name="2025 年第三季度检查", kind="periodic", subject="work", unit="touzi", on=date(2025, 9, 22), year=2025, basis="年度工作方案"
    ),
    inspections.InspectionApproved(),
    inspections.InspectionCancelled(reason="并入督导"),
    inspections.SupervisionTeamFormed(head=OFFICIAL, members=(derived_id("golden", "member"),), supervisors=(derived_id("golden", "supervisor"),)),
    inspections.InspectionRecorded(
        scores={"content": 9, "procedure": 10, "form": 10, "rules": 10, "execution": 10, "effect": 10}, notes={"content": "缺一项目录"},
        total=59, unit="touzi", year=2025, summary="总体良好", replaces=58,
    ),
    inspections.SurveyRun(asked=200, aware=160, satisfied=150, method="问卷", among="办事群众"),
    inspections.IssueOpened(number=1, question="content", what="目录缺一项", due=DUE, unit="touzi", year=2025),
    inspections.IssueClosed(number=1, how="已补齐", evidence="目录第 12 项", unit="touzi", year=2025),
    inspections.IssueReopened(number=1, reason="又缺", due=DUE, unit="touzi", year=2025),
    inspections.IssueOverdue(number=1, due=DUE),
    inspections.RectificationOrdered(number=1, issues=(1,), demand="补齐目录", due=DUE, document="整改〔2025〕1号"),
    inspections.RectificationDone(number=1, report="已补齐"),
    inspections.RectificationReturned(number=1, reason="仍有缺项", due=DUE),
    inspections.RectificationOverdue(number=1, due=DUE),
    inspections.CriticismCirculated(unit="touzi", reason="整改不力", document="通报〔2025〕1号"),
    inspections.InspectionClosed(conclusion="问题均已解决"),
    inspections.InspectionReopened(reason="又发现问题"),
    ResultExported(year=2025, purpose="target", to="区效能办", sha256="ab" * 32, document="报〔2025〕9号"),
]  # fmt: skip
"""One of each."""

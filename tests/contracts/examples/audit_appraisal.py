"""One of each event of appraisals, units' reports and the register of who answers, with every field that it may have."""

from datetime import date

from services.audit.appraisal import events as appraisal
from services.audit.figures import Figure
from services.audit.report_round import events as report_round
from services.audit.service_register import events as register
from services.audit.unit_appraisal import events as unit
from services.audit.unit_report import events as report
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline

PERSON = str(derived_id("golden", "person"))
DUE = date(2025, 12, 20)
FIGURE = Figure(
    measure="requests", on_time=18, late=2, reasoned=1, missed=1, open=3, positions={"requests": 412, "publishing": 260}
)  # fmt: skip
WEEK = Deadline(
    due=date(2025, 9, 29), calendar="2025", rulebook="decree-711", article="本局考核制度（KH-07b）", provisional=False, days=7
)  # fmt: skip

EXAMPLES: list[Event] = [
    register.RegisterOpened(year=2025, units=("zonghe", "shenpi")),
    register.RoleAssigned(role="director", holder=PERSON, reason="调任"),
    register.OwnershipMapped(unit="zonghe", items=("部门预算", "人事信息"), head=PERSON),
    register.UnitsUpdated(units=("zonghe", "shenpi", "xinxi")),
    register.RegisterConfirmed(),
    report_round.UnitReportsCalled(year=2025, due=DUE, units=("zonghe", "shenpi"), note="突出政务新媒体"),
    report.ReportCalled(year=2025, unit="zonghe", due=DUE, remind_on=date(2025, 12, 15), note="突出政务新媒体"),
    report.UnitReportReminded(left=5, note="请按期提交"),
    report.UnitReportSubmitted(
        sections={"organisation": "无", "information": "清理12条", "disclosure": "见数字", "withheld": "无", "media": "网站改版"},
        figures=(FIGURE,),
        late_days=2,
        overdue_reason="人员调整",
    ),
    report.UnitReportOverdue(due=DUE),
    report.UnitReportOverdueWithdrawn(due=DUE),
    report.UnitReportReturned(sections=("media",), reason="补充运行情况", until=date(2025, 12, 25)),
    report.UnitReportAccepted(),
    report.UnitComplianceRecorded(kept="late", late_days=2, reminders=1, returns=1, note="已约谈"),
    appraisal.AppraisalOpened(year=2025, scope="focused", since=date(2025, 1, 1), until=date(2025, 12, 31), purpose="依申请公开"),
    appraisal.AppraisalScopeSet(units=("zonghe", "shenpi"), reason="申请较多"),
    appraisal.AppraisalPlanned(plan="自查、核对、评分", team=(PERSON,), self_check_by=date(2025, 12, 25)),
    appraisal.AppraisalNotified(units=("zonghe", "shenpi")),
    appraisal.GradesSettled(
        grades=(appraisal.Graded(unit="zonghe", total=9310, grade="good", reason="已被取消评优资格", barred_by="audit:77"),)
    ),
    appraisal.AppraisalCancelled(reason="机构改革"),
    unit.UnitAppraisalOpened(
        appraisal=derived_id("golden", "appraisal"), unit="zonghe", year=2025, scope="focused", since=date(2025, 1, 1),
        until=date(2025, 12, 31), self_check_by=date(2025, 12, 25),
    ),
    unit.SelfCheckSubmitted(findings="基本按期", measures="加强催办", figures=(FIGURE,), late=True),
    unit.StandardScored(
        standard="system",
        score=8750,
        bases=(
            unit.Basis(criterion="requests", weight=20, points=8809, figure=FIGURE),
            unit.Basis(criterion="system_judged", weight=20, points=9000, reason="制度健全"),
        ),
        corrects="补记一件",
    ),
    unit.CorrectionRequested(standard="system", reason="有一件已按期答复"),
    unit.CorrectionAnswered(standard="system", accepted=True, reason="已核对"),
    unit.GradeAssigned(total=9310, grade="good", reason="已被取消评优资格", barred_by="audit:77"),
    unit.UnitAppraisalCancelled(reason="机构改革"),
    unit.Commended(document="固审批发〔2026〕3号", people=(PERSON,)),
    unit.AppraisalCriticised(document="固审批发〔2026〕4号", received_on=date(2025, 9, 22), deadline=WEEK),
    unit.RectificationPlanSubmitted(measures="每周核对期限", done_by=date(2025, 10, 30), late_days=1),
    unit.RectificationPlanOverdue(due=date(2025, 9, 29)),
    unit.RectificationPlanOverdueWithdrawn(due=date(2025, 9, 29)),
    unit.RectificationPlanReturned(reason="没有时间安排", until=date(2025, 10, 9)),
    unit.RectificationPlanAccepted(),
    unit.UnitRectified(found="期限核对已落实"),
]  # fmt: skip

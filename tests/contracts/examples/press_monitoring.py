"""One of each event of watching, inquiries, logs and reports, and risk assessments, with every field that it may have."""

from datetime import UTC, date, datetime

from services.press.daily_log.events import DailyLogFiled, DailyLogMissed, Figures
from services.press.inquiry import events as asked
from services.press.monitoring_rota import events as watched
from services.press.opinion_report import events as told
from services.press.risk_assessment import events as risk
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

AT = datetime(2025, 9, 22, 2, tzinfo=UTC)
DAY = date(2025, 9, 22)
PERSON = derived_id("golden", "person")
ITEM = derived_id("golden", "item")
DUE = Deadline(due=date(2025, 9, 29), calendar="2025.1", rulebook="decree-711", article="国办发〔2016〕61号", provisional=False, days=5)

EXAMPLES: list[Event] = [
    watched.RotaSet(month=date(2025, 9, 1), sources=(watched.Source("bbs", "bbs", "市民论坛", "https://bbs.example.cn"),), every_hours=4),
    watched.ShiftPlanned(
        number=1, monitor=str(PERSON), sources=("bbs",), first=date(2025, 9, 1), last=date(2025, 9, 30), begins=8, ends=20
    ),
    watched.ShiftWithdrawn(number=1, reason="调班"),
    watched.PatrolLogged(source="bbs", begun=AT, ended=AT, by=str(PERSON), found=2, note="两件涉及窗口排队"),
    asked.InquiryReceived(
        kind="consult",
        channel="internet",
        text=Personal.plain("窗口几点开门"),
        person_key=PERSON,
        tracking_number="A1B2C3D4E5F6",
        password_hash="ab" * 32,
        deadline=DUE,
        name=Personal.plain("甲"),
        contact=Personal.plain("13800000000"),
    ),
    asked.InquiryAssigned(unit="zonghe", topic="窗口服务时间", hot=True, facts_deadline=DUE),
    asked.InquiryAnswered(way="telephone", text=Personal.plain("九点"), late_days=1),
    asked.FactsPublished(facts="窗口九点开门", evidence="门户网站截图", late_days=1, publication=derived_id("golden", "publication")),
    asked.InquiryMissed(owed="answer", due=date(2025, 9, 29)),
    DailyLogFiled(
        day=DAY,
        figures=Figures(
            position=17, detected=3, major=1, sensitive=1, answered=1, reported=1, closed=1, open=4, overdue=1, patrols=6, found=3,
            uncovered=1, inquiries=2,
        ),
        note="窗口排队受到关注",
        late=True,
    ),
    DailyLogMissed(day=DAY),
    told.SpecialReportFiled(title="窗口排队舆情专报", items=(ITEM,), to="市政府办公室", text="情况和建议", number="固审批专报〔2025〕1号"),
    told.WarningIssued(title="供热缴费可能引发关注", level="medium", to="综合科", text="提前公布办法", items=(ITEM,)),
    told.WarningLifted(reason="已平稳"),
    told.BulletinIssued(
        first=date(2025, 8, 1),
        last=date(2025, 8, 31),
        position=17,
        units=(told.UnitFigures(unit="zonghe", items=6, on_time=1, late=1, missed=1, waiting=1, unneeded=2, omitted=1),),
        note="请限期整改",
    ),
    risk.RiskAssessmentOpened(source="publishing", subject=ITEM, title="供热价格调整", unit="zonghe"),
    risk.RiskDrafted(methods=("tracking", "visits"), findings="走访三个社区", level="medium", plan="提前解读", hash="ab" * 32),
    risk.RiskReturned(reason="补充抽样"),
    risk.RiskAssessed(
        assessment=ITEM, source="publishing", subject=ITEM, methods=("tracking", "visits"), level="medium", plan="提前解读"
    ),
    risk.RiskSettledElsewhere(),
]  # fmt: skip

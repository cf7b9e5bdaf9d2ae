"""One of each event that publishing records, with every field that it may have."""

from datetime import date

from services.publishing.catalogue_entry import events as entry
from services.publishing.comment import events as comment
from services.publishing.comment_register import events as register
from services.publishing.consultation import events as matter
from services.publishing.delivery import events as delivery
from services.publishing.interpretation import events as explained
from services.publishing.outside_channel import events as channel
from services.publishing.publication import events
from shared.files.finding import Finding
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

DUE = Deadline(due=date(2025, 10, 24), calendar="golden", rulebook="decree-711", article="国令711 第二十六条", provisional=False, days=20)
FILE = events.File(name="政务服务事项目录.pdf", sha256="ab" * 32, size=20_480)
FINANCE = events.Addressee(code="guyuan-czj", name="固原市财政局", outside=True)
ENTRY = derived_id("golden", "entry")
ITEM = derived_id("golden", "case")
HASH = "cd" * 32
DESCRIBED = {
    "name": "部门预算",
    "category": "finance",
    "sphere": "government",
    "basis": "国令711 第二十条第七项",
    "unit": "综合科",
    "audience": "external",
    "cadence": "year",
    "channels": ("portal", "notice_board"),
}

EXAMPLES: list[Event] = [
    entry.EntryDefined(**DESCRIBED),
    entry.EntryRevised(**DESCRIBED, reason="载体增加公开栏"),
    entry.EntryRetired(reason="职能划出"),
    entry.PublicationDue(period="2025", ended=date(2025, 12, 31), deadline=DUE),
    entry.PeriodPublished(period="2025", publication=ITEM),
    entry.PublicationMissed(period="2025", due=date(2026, 1, 29)),
    entry.PublicationMissWithdrawn(period="2025", due=date(2026, 1, 29)),
    events.InformationCreated(
        title="2025年部门预算",
        kind="budget",
        origin="made",
        audience="external",
        unit="综合科",
        deadline=DUE,
        target=date(2025, 10, 11),
        maker="guyuan-spj",
        keeper="guyuan-spj",
        lead="guyuan-spj",
        concerns=(FINANCE,),
        entry=ENTRY,
        period="2025",
        change_of=derived_id("golden", "earlier"),
        matter=derived_id("golden", "matter"),
        stage="decision",
        request=derived_id("golden", "request"),
        offered=(FILE,),
    ),
    events.OnlineDecided(decision="withheld", reason="含有商业秘密", ground="trade_secret"),
    events.PublicationDrafted(
        version=2,
        title="2025年部门预算",
        text="收入预算总额为一千万元。",
        hash=HASH,
        files=(FILE,),
        subject="财政",
        issuer="固原市审批服务管理局",
        document_number="固审批发〔2025〕7号",
        date_of_issue=date(2025, 9, 22),
        keywords=("预算",),
        correction="数字有误",
    ),
    events.QualityChecked(hash=HASH, checks=(events.Check("标点规范", passed=False, by="machine", found="，，"),), passed=False),
    events.ReviewRequested(review=1, files=(FILE,), unit="综合科", stored=(FILE.sha256,)),
    events.ReviewConcluded(review=1, released=(FILE.sha256,), withheld=(HASH,)),
    events.CoordinationRequested(
        round=1,
        item="2025年部门预算",
        text="请确认。",
        addressees=(FINANCE,),
        files=(FILE,),
        urgent=True,
        unit="综合科",
        approval_by="固原市人民政府",
    ),
    events.CoordinationConcluded(round=1, agreed=True, how="confirmed", files=(FILE.sha256,), opinion="同意"),
    events.PublicationApproved(hash=HASH),
    events.PublicationReturned(reason="数字与附件不一致"),
    events.Published(
        channel="portal", evidence="门户网站财政公开栏目截图", hash=HASH, version=2, late_days=3, overdue_reason="等待人大批准"
    ),
    events.CorrectionPublished(version=2, corrects=1, reason="数字有误"),
    events.FeedbackRecorded(feedback="公众询问口径", handling="已在栏目说明"),
    events.Withdrawn(reason="附件有误"),
    events.FileAttached(
        name="政务服务事项目录.pdf",
        sha256="ab" * 32,
        size=20_480,
        kind="pdf",
        scan="clean",
        findings=(Finding("properties", "", 1),),
        cleaned=True,
        looked=True,
    ),
    events.RelatedLinked(kind="response", thing=derived_id("golden", "response"), title="关于预算的回应", version=1),
    events.ValidityChanged(validity="repealed", basis="固审批发〔2026〕1号"),
    events.DeadlineMissed(due=date(2025, 10, 24)),
    events.DeadlineMissWithdrawn(due=date(2025, 10, 24)),
    explained.PlanDrafted(
        publication=ITEM,
        unit="综合科",
        outline="背景、主要内容、办理方式",
        forms=("questions",),
        ways=("portal",),
        planned_for=date(2025, 9, 25),
        normative=True,
    ),
    explained.PlanApproved(),
    explained.MaterialDue(deadline=DUE),
    explained.ReminderSent(asks_for="material"),
    explained.MaterialSubmitted(text="一问一答。", hash=HASH),
    explained.MaterialOverdue(due=date(2025, 9, 25)),
    explained.MaterialOverdueWithdrawn(due=date(2025, 9, 25)),
    explained.ExternalReviewPassed(hash=HASH, reviewer="市政府办公室", document="固政办函〔2025〕1号"),
    explained.ExternalReviewRejected(hash=HASH, reviewer="市政府办公室", document="固政办函〔2025〕1号", reason="数字有误"),
    explained.InterpretationPublished(channel="portal", evidence="解读专栏截图", hash=HASH),
    explained.ColumnUpdated(evidence="解读专栏截图"),
    matter.MatterProposed(title="办事大厅搬迁", unit="综合科", impact="major", touches_interests=True),
    matter.RiskRecorded(methods=("tracking", "visits"), level="medium", plan="加强解释"),
    matter.StageOmitted(stage="comments", reason="应急处置"),
    matter.ConsultationOpened(
        draft=HASH, explanation="背景和依据", ways=("online",), until=date(2025, 10, 22), form="hearing", short_reason="汛期紧急"
    ),
    matter.HearingAnnounced(
        form="hearing", on=date(2025, 10, 15), place="市政务服务中心", participants=("街道代表",), material_on=date(2025, 10, 8)
    ),
    matter.HearingHeld(form="hearing", record=HASH, signed=True),
    matter.CommentsCollated(groups=(matter.Group("保留老窗口", 3, (1, 2), 1),), count=3),
    matter.ReportFiled(report=HASH),
    matter.DecisionLinked(publication=ITEM, discussion="局务会讨论通过"),
    matter.FeedbackPublished(adopted="保留老窗口", not_adopted="不推迟搬迁，因租约到期", channels=("portal",), evidence="栏目截图"),
    matter.ResultPublished(publication=ITEM),
    comment.CommentReceived(
        consultation=derived_id("golden", "matter"),
        text=Personal.plain("示例"),
        person_key=derived_id("golden", "key"),
        name=Personal.plain("示例"),
        contact=Personal.plain("示例"),
        representative=True,
        unit="综合科",
        number=1,
    ),
    register.CommentNumbered(consultation=derived_id("golden", "matter"), comment=derived_id("golden", "comment"), number=1),
    comment.CommentExamined(reasonable=True, argument="成本可以承受"),
    comment.CommentAnswered(adopted=False, reason="租约到期"),
    comment.ReasonsSent(document="固审批函〔2025〕3号"),
    channel.ChannelOpened(
        kind="webhook",
        title="市政府网站",
        target="https://example.gov.cn/hook",
        secret=Personal.plain("whsec_" + "A" * 32),
        person_key=derived_id("golden", "channel"),
    ),
    channel.ChannelClosed(reason="改用其他接口"),
    delivery.DeliveryDue(
        channel=derived_id("golden", "channel"),
        kind="webhook",
        publication=derived_id("golden", "publication"),
        act="published",
        version=1,
        title="公告",
        follows=17,
    ),
    delivery.DeliveryBegun(attempt=1),
    delivery.DeliveryConfirmed(attempt=2, answer="204"),
    delivery.DeliveryFailed(attempt=1, outcome="error", answer="503", wait_ms=5000),
    delivery.DeliveryUncertain(reason="unanswered"),
    delivery.DeliverySettled(decision="delivered", reason="电话核实已经收到"),
]

"""One of each event that coordination and inconsistency reports record, with every field that it may have."""

from datetime import date

from services.review.coordination import events
from services.review.inconsistency import events as inconsistency
from services.review.letter_series.series import LetterNumbersTaken
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

SUBJECT = derived_id("golden", "case")
DUE = Deadline(due=date(2025, 10, 11), calendar="golden", rulebook="decree-711", article="国令711 第十一条", provisional=False, days=10)
FILE = events.File(name="联合方案.pdf", sha256="ab" * 32)
FINANCE = "guyuan-czj"
PUBLISHED = (inconsistency.Published(FINANCE, "全市决算汇总表"),)

EXAMPLES: list[Event] = [
    LetterNumbersTaken(first=7, last=8, coordination=derived_id("golden", "coordination")),
    events.CoordinationOpened(
        source="requests",
        subject=SUBJECT,
        round=1,
        item="联合方案",
        urgent=True,
        co_made=True,
        files=(FILE,),
        unit="综合科",
        approval_by="自治区统计局",
    ),
    events.LetterSent(
        addressee=FINANCE,
        name="固原市财政局",
        number="guyuan-spj协调函〔2025〕7号",
        item="联合方案",
        text="请确认拟公开的方案是否准确一致。",
        hash="12" * 32,
        deadline=DUE,
        files=(FILE,),
        urgent=True,
        co_made=True,
        outside=True,
    ),
    events.Confirmed(addressee=FINANCE, remark="内容准确", document="固财函〔2025〕3号"),
    events.Objected(addressee=FINANCE, opinion="数据与决算不一致", basis="预算法第十四条", document="固财函〔2025〕3号"),
    events.ReplyOverdue(addressee=FINANCE, due=DUE.due, consents=True),
    events.ReplyOverdueWithdrawn(addressee=FINANCE, due=DUE.due),
    events.ResolvedByCompetence(competent=FINANCE, name="固原市财政局", basis="“三定”规定第三条", agreed=True),
    events.EscalatedForRuling(department="guyuan-zfb", name="固原市人民政府办公室", reason="双方均有部分权限"),
    events.PanelConvened(participants=(events.Participant("宁夏大学 张教授", "expert"),), minutes="数据口径可以说明"),
    events.RulingIssued(publish=True, document="固政办函〔2025〕31号", reason="注明口径后可以公开"),
    events.RulingConfirmed(addressee=FINANCE, name="固原市财政局", document="固政办函〔2025〕32号"),
    events.PublicationAuthorised(granted=True, document="批复〔2025〕9号"),
    events.LetterClosed(addressee=FINANCE, outcome="agreed"),
    events.CoordinationConcluded(
        source="requests", subject=SUBJECT, round=1, agreed=True, how="competence", files=(FILE,), opinion="依固原市财政局的权限认定"
    ),
    events.CoordinationWithdrawn(source="requests", subject=SUBJECT, round=1, reason="不再公开"),
    inconsistency.InconsistencyReported(
        content=Personal.plain("两处公布的数字不一致"),
        published=PUBLISHED,
        person_key=derived_id("golden", "key"),
        deadline=DUE,
        contact=Personal.plain("13800000000"),
    ),
    inconsistency.InconsistencyFound(content="汇总表与本局决算不一致", published=PUBLISHED, deadline=DUE),
    inconsistency.InconsistencyRaised(to="competent_department", name="固原市人民政府办公室", document="固审函〔2025〕5号"),
    inconsistency.InconsistencyHandled(finding="corrected", measures="已更正决算表第三行", evidence="门户网站更正公告"),
    inconsistency.ReporterAnswered(way="email", text=Personal.plain("已更正，感谢您的反映。")),
    inconsistency.HandlingOverdue(due=DUE.due),
]

"""One of each event of annual reports, their figures and earlier reports, with every field that it may have."""

from datetime import date

from services.audit.annual_report import events
from services.audit.earlier_report.events import EarlierReportImported
from services.audit.report_figures.events import FigureCorrected, FigureRecorded
from services.audit.reports.form import AFTER, DIRECT, RECONSIDERATION, form
from shared.kernel.events import Event

THIRD = {row["key"]: (0, 0, 0, 0, 0, 0, 0) for row in form()["table3"]}
FOURTH = dict.fromkeys((RECONSIDERATION, DIRECT, AFTER), (0, 0, 0, 0, 0))
POSITIONS = {"requests": 17, "audit": 4}

EXAMPLES: list[Event] = [
    events.AnnualReportOpened(year=2025, kind="own_agency", due=date(2026, 1, 31)),
    events.AnnualReportDrafted(
        sections=events.Sections("全年收到申请 0 件。", "人手不足。", "无"), kind="whole_government", due=date(2026, 3, 31)
    ),
    events.AnnualReportCounted(
        positions=POSITIONS,
        agencies=("guyuan-spj", "guyuan-xxzx"),
        table2={"licences": "747", "compulsion": "/", "charges": "3.25"},
        table3=THIRD,
        table4=FOURTH,
        fees=events.Fees(notices=2, yuan=290, paid=1, collected=140),
        hash="ab" * 32,
        broken=(events.BrokenCheck("g", ("第一部分“收办申请”",), "正文 1，表三 0", fails=False),),
    ),
    events.AnnualReportFrozen(hash="cd" * 32, numbers="ab" * 32, positions=POSITIONS),
    events.AnnualReportReturned(reason="第五部分过于简略"),
    events.AnnualReportPublished(version=1, hash="cd" * 32, evidence="门户网站年报专栏", late_days=2),
    events.AnnualReportCorrected(reason="表二漏登一项", version=1),
    events.AnnualReportReminded(due=date(2026, 1, 31)),
    events.AnnualReportMissed(due=date(2026, 1, 31)),
    events.AnnualReportMissWithdrawn(due=date(2026, 1, 31)),
    FigureRecorded(year=2025, cell="licences", value="747", source="行政审批系统", evidence="年度统计表 1 号"),
    FigureCorrected(
        year=2025, cell="licences", value_before="747", value="748", source="行政审批系统", evidence="年度统计表 2 号", reason="漏计一件"
    ),
    EarlierReportImported(
        year=2024,
        name="固原市行政审批服务局",
        sha256="ef" * 32,
        table2={"licences": "700"},
        table3=THIRD,
        table4=FOURTH,
        reason="更正后重新公布",
    ),
]

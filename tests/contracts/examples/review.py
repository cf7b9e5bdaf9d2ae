"""One of each event that review records, with every field that it may have."""

from datetime import date

from services.review.marked_content.register import ContentMarked
from services.review.secrecy_review import events
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline

DUE = Deadline(due=date(2025, 10, 11), calendar="golden", rulebook="decree-711", article="国令711 第十七条", provisional=False, days=10)
FILE = events.File(name="采购合同.pdf", sha256="ab" * 32, size=20_480)
OTHER = "cd" * 32
SUBJECT = derived_id("golden", "case")

EXAMPLES: list[Event] = [
    events.ReviewOpened(
        source="requests",
        subject=SUBJECT,
        review=1,
        files=(FILE,),
        deadline=DUE,
        unit="综合科",
        asked_by=str(derived_id("golden", "person")),
        marks=(events.Mark(FILE.sha256, "secret", date(2030, 12, 31)),),
    ),
    events.RedactionsVerified(sha256=FILE.sha256, directions="01" * 32, unproved=(2,), images=1, confirmed=True),
    events.SecrecyMarked(sha256=FILE.sha256, mark="secret", until=date(2030, 12, 31)),
    ContentMarked(sha256=FILE.sha256, mark="secret", review=derived_id("golden", "review"), until=date(2030, 12, 31)),
    events.OpinionGiven(
        opinions=(events.Opinion(FILE.sha256, "exempt", ("保守国家秘密法",), "内容涉及工作秘密", "work_secret"),), joint_units=("法规科",)
    ),
    events.UnitsConsented(unit="法规科", document="书面意见〔2025〕3号"),
    events.UnitRefused(unit="法规科", reason="数据尚未核定"),
    events.ReviewEscalated(to="superior", reason="是否涉密不明确"),
    events.DeterminationReceived(secret=False, document="复函〔2025〕8号"),
    events.DeclassificationRecorded(sha256=FILE.sha256, document="解密通知〔2025〕1号"),
    events.RedactionsDirected(sha256=FILE.sha256, parts=("第三页联系方式",)),
    events.ReviewApproved(
        source="requests", subject=SUBJECT, review=1, approves="12" * 32, released=(FILE.sha256,), withheld=(OTHER,), partial=(OTHER,)
    ),
    events.ReviewRejected(source="requests", subject=SUBJECT, review=1, files=(FILE.sha256,), reason="依据不充分"),
    events.DeadlineMissed(due=date(2025, 10, 11)),
]

"""One of each event that press records, with every field that it may have."""

from datetime import UTC, datetime

from services.press.clearance import events as clearance
from services.press.opinion_item import events
from shared.kernel.events import Event
from shared.kernel.identity import derived_id

AT = datetime(2025, 9, 22, 2, tzinfo=UTC)

FILE = clearance.File(name="反映窗口排队（回应）", sha256="ab" * 32, size=128)
TO = clearance.Addressee(code="guyuan-gaj", name="固原市公安局", outside=True)

EXAMPLES: list[Event] = [
    events.OpinionDetected(
        source="forum", place="https://bbs.example.cn/1", title="反映窗口排队", summary="称窗口排队三小时", detected_at=AT, published_at=AT
    ),
    events.OwnerAssigned(unit="zonghe"),
    events.OpinionShared(bodies=("portal", "hotline"), note="请关注"),
    events.VerificationRequested(of="hotline", question="是否有此类投诉"),
    events.OpinionVerified(found="partly", facts="当日系统故障两小时"),
    events.OpinionAssessed(
        points={"content": 2, "public": 2, "media": 1}, level="sensitive", respond=True, reason="涉及办事群众", owed={"response": AT}
    ),
    events.HandlingProposed(nature="服务投诉", trend="上升", risk="中", measures="公开说明并加开窗口"),
    events.HandlingApproved(),
    events.HandlingReturned(reason="补充整改时限"),
    events.ReportedUp(to="市政府办公室", level="higher", way="专报", minutes=95),
    events.OpinionAccepted(),
    events.OpinionTransferred(unit="shenpi", reason="窗口由审批科管理"),
    events.HandlingFedBack(result="已加开两个窗口"),
    events.JointTaskAssigned(unit="xinxi", task="排查系统"),
    events.RealCaseLinked(what="叫号系统故障", case=derived_id("golden", "case")),
    events.RealCaseSolved(how="已修复并加装备机"),
    events.ResponseDrafted(text="情况说明", forms=("online",), channels=("weibo", "portal"), hash="ab" * 32, unit="shenpi", concerns=(TO,)),
    events.ResponseApproved(hash="ab" * 32),
    events.ResponseIssued(
        channel="weibo", evidence="https://weibo.example/1", unit="shenpi", late_minutes=12, publication=derived_id("golden", "publication")
    ),
    events.ResponseMissed(owed="response", until=AT),
    events.ItemClosed(reason="已回应并整改"),
    clearance.ReviewRequested(review=1, files=(FILE,), unit="shenpi"),
    clearance.ReviewConcluded(review=1, released=("ab" * 32,), withheld=("cd" * 32,)),
    clearance.CoordinationRequested(
        round=1, item="反映窗口排队（回应）", text="请确认", addressees=(TO,), files=(FILE,), urgent=True, unit="shenpi"
    ),
    clearance.CoordinationConcluded(round=1, agreed=False, how="objected", files=("ab" * 32,), opinion="数字不符"),
]

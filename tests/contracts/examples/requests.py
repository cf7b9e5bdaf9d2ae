"""One of each event that requests records, with every field that it may have."""

from datetime import date

from services.requests.disclosure_request import events
from services.requests.notice_board import board
from services.requests.number_series import series
from services.requests.record_correction import events as corrections
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

DUE = Deadline(due=date(2025, 10, 24), calendar="golden", rulebook="decree-711", article="国令711 第三十三条", provisional=False, days=20)
LATER = Deadline(due=date(2025, 11, 21), calendar="golden", rulebook="decree-711", article="国令711 第三十三条", provisional=True, days=40)
FILE = events.File(name="采购合同.pdf", sha256="ab" * 32, size=20_480)
OTHER = derived_id("golden", "other request")
PERSON = derived_id("golden", "third party's key")

EXAMPLES: list[Event] = [
    board.NoticesRead(up_to=17),
    events.DeadlineApproaching(due=date(2025, 10, 24), left=3),
    events.RequestReceived(
        channel="registered_post",
        received_on=date(2025, 9, 22),
        rulebook="decree-711",
        applicant_kind="natural_person",
        applicant_name=Personal.plain("示例"),
        contact=Personal.plain("示例"),
        content=Personal.plain("示例"),
        person_key=derived_id("golden", "key"),
        tracking_number="golden",
        password_hash="cd" * 32,
        id_number=Personal.plain("示例"),
        address=Personal.plain("示例"),
        form="paper",
        delivery="post",
        own_records=True,
        evidence="挂号信 RA123456789CN",
        deadline=DUE,
    ),
    events.ReceiptConfirmed(confirmed_on=date(2025, 9, 22), how="电话", deadline=DUE),
    events.IdentityVerified(how="当面", evidence="居民身份证原件"),
    events.RequestTakenOver(
        number="依申请〔2025〕3号", system="老公文系统", clock_start=date(2025, 9, 22), extension_days=20, deadline=DUE
    ),
    events.RequestRegistered(number="guyuan-spj依申请〔2025〕17号", deadline=DUE),
    events.ReceiptAcknowledged(way="当面"),
    events.RequestAssigned(unit="综合科"),
    events.RequestHandedOver(unit="touzi", before="zonghe", reason="科室合并"),
    events.RequestReturned(reason="不属本科室职责"),
    events.AmendmentRequested(items=("请写明文件的年份", "请附身份证明"), deadline=DUE),
    events.RequestAmended(amended_on=date(2025, 9, 24), content=Personal.plain("示例"), deadline=DUE, good_reason=Personal.plain("示例")),
    events.AmendmentLapsed(outcome="r6_1_overdue_correction"),
    events.FeeAssessed(basis="items", count=35, yuan=3000, deadline=DUE),
    events.FeePaid(paid_on=date(2025, 9, 25), evidence="财政票据 0001", deadline=DUE),
    events.FeeLapsed(outcome="r6_2_overdue_fee"),
    events.ReasonsAsked(found="一年内提出 120 件，本月 30 件"),
    events.ReasonsWeighed(
        given=Personal.plain("用于学术研究"),
        reasonable=True,
        finding="用途明确，但检索量大",
        working_days=30,
        deadline=Deadline(date(2025, 12, 1), "cn-2025", "decree-711", "国令711 第三十五条", False, 50),
    ),
    events.ExtensionRequested(working_days=20, reason="需要查阅档案"),
    events.ReplyExtended(working_days=20, deadline=LATER),
    events.ExtensionRefused(reason="可以按期答复"),
    events.ClockSuspended(reason="洪灾", since=date(2025, 9, 25)),
    events.ClockResumed(resumed_on=date(2025, 9, 28), deadline=LATER),
    events.ThirdPartyConsulted(
        number=1,
        touches="trade_secret",
        third_party=Personal.plain("示例"),
        contact=Personal.plain("示例"),
        person_key=PERSON,
        files=(FILE.sha256,),
        sent_on=date(2025, 9, 25),
        deadline=DUE,
        counted=False,
    ),
    events.ThirdPartyConsented(number=1, evidence="复函 1 号", reply=LATER),
    events.ThirdPartyObjected(number=1, why=Personal.plain("示例"), person_key=PERSON, reasonable=True, reply=None),
    events.ThirdPartySilent(number=1, due=date(2025, 10, 22), reply=LATER),
    events.PublicInterestOverrode(number=1, reason="涉及公众饮水安全", notice="告知书 2025-1"),
    events.InspectionArranged(on=date(2025, 9, 26), time="09:30", place="政务大厅三楼阅览室"),
    events.InspectionHeld(on=date(2025, 9, 26), came=True, note=""),
    events.CopiesProvided(form="copied", pages=12),
    events.SecrecyReviewRequested(review=1, files=(FILE,), unit="综合科"),
    events.SecrecyReviewConcluded(review=1, released=(FILE.sha256,), withheld=("ef" * 32,)),
    events.CoordinationRequested(
        round=1,
        item="联合方案",
        text="请确认拟公开的方案是否准确一致。",
        addressees=(events.Addressee("pengyang", "彭阳县人民政府", True),),
        files=(events.CoordinatedFile("联合方案.pdf", "ab" * 32),),
        urgent=True,
        co_made=True,
        unit="综合科",
        approval_by="自治区统计局",
        since=date(2025, 9, 25),
    ),
    events.CoordinationConcluded(
        round=1,
        agreed=False,
        how="competence",
        opinion="依固原市财政局的权限认定",
        files=("ab" * 32,),
        concluded_on=date(2025, 10, 10),
        deadline=DUE,
    ),
    events.ReplyDrafted(
        outcome="r2_partial",
        grounds=(events.Ground("r2_partial", "国令711 第三十七条", "含有他人联系方式", "公开会侵害个人隐私", "第三页"),),
        text=Personal.plain("示例"),
        hash="12" * 32,
        files=(FILE,),
        redactions=("第三页联系方式",),
        other_agency="固原市自然资源局",
    ),
    events.ReplyReturned(reason="请补充理由"),
    events.ReplyApproved(hash="12" * 32),
    events.ReplyDelivered(outcome="r2_partial", way="post", evidence="EMS 1234567890", overdue_reason="档案调阅延误"),
    events.RequestWithdrawn(by="public", outcome="r6_3_other", reason=Personal.plain("示例")),
    events.RequestVoided(reason="误登记"),
    events.RequestMerged(into=OTHER, reason="同一申请登记了两次"),
    events.DuplicateMerged(duplicate=OTHER),
    events.FactsCorrected(
        reason="收件章日期看错",
        received_on_before=date(2025, 9, 23),
        received_on=date(2025, 9, 22),
        applicant_kind_before="other",
        applicant_kind="natural_person",
        deadline=DUE,
    ),
    events.DeadlineMissed(due=date(2025, 10, 24)),
    events.DeadlineMissWithdrawn(due=date(2025, 10, 24)),
    events.DeadlineRecomputed(before=LATER, deadline=DUE),
    series.NumberTaken(number=17, request=OTHER),
    series.NumbersContinued(last=16, system="老公文系统"),
    events.ReconsiderationFiled(
        number=1, organ="固原市人民政府", filed_on=date(2025, 10, 27), received_on=date(2025, 10, 30), simple=True, answer=LATER
    ),
    events.RemedyAnswered(number=1, answered_on=date(2025, 11, 4), document="固审批复答〔2025〕1号"),
    events.ReconsiderationConcluded(number=1, result="overturned", decided_on=date(2025, 11, 28), document="固政复决〔2025〕12号"),
    events.LitigationFiled(
        number=2, court="固原市原州区人民法院", filed_on=date(2025, 12, 3), received_on=date(2025, 12, 5), after=1, answer=LATER
    ),
    events.LitigationConcluded(number=2, result="upheld", decided_on=date(2026, 2, 2), document="（2026）宁0402行初3号"),
    events.RemedyAnswerMissed(number=1, due=date(2025, 11, 6)),
    events.RemedyResultCorrected(
        number=1, result_before="other_result", result="overturned", decided_on=date(2025, 11, 28), reason="登记错误"
    ),
    events.RemedyVoided(number=3, pending=True, reason="误登记"),
    corrections.CorrectionClaimed(
        channel="registered_post",
        ground="inaccurate",
        claimant_name=Personal.plain("示例"),
        contact=Personal.plain("示例"),
        record=Personal.plain("示例"),
        wanted=Personal.plain("示例"),
        person_key=PERSON,
        deadline=DUE,
        id_number=Personal.plain("示例"),
        proof=Personal.plain("示例"),
        receipt="挂号信 RA123456789CN",
    ),
    corrections.ClaimantVerified(how="paper", evidence="居民身份证原件"),
    corrections.CorrectionDecided(decision="corrected", reason=Personal.plain("示例"), document="更正通知〔2025〕3号"),
    corrections.ClaimTransferred(how="transferred", agency="固原市自然资源局", contact="0954-2030000", document="转送函〔2025〕1号"),
    corrections.ClaimantNotified(way="post", evidence="EMS 1234567890", text=Personal.plain("示例")),
    corrections.ClaimWithdrawn(evidence="撤回申请书"),
    corrections.CorrectionOverdue(due=date(2025, 10, 24)),
    events.ProactiveSuggested(by="applicant", reason=Personal.plain("示例")),
    events.ProactiveDeclined(reason="内容已过时效，不再涉及公众利益"),
    events.MovedToProactive(
        title="2024年政务服务大厅采购合同",
        ground="asked_by_many",
        reason="三人申请同一合同",
        unit="综合科",
        outcome="r2_partial",
        files=(FILE,),
    ),
    events.RequestReopened(number=1, reason="撤销原答复，责令重新答复", since=date(2025, 12, 1), days=15, deadline=LATER),
]

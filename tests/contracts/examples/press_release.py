"""One of each event of releases and of who speaks, with every field that it may have."""

from datetime import UTC, datetime

from services.press.clearance.events import Addressee
from services.press.opinion_item.events import PressEventLinked
from services.press.press_release import events
from services.press.release_team import events as team
from shared.kernel.events import Event
from shared.kernel.identity import derived_id

AT = datetime(2025, 9, 23, 1, 30, tzinfo=UTC)
SPEAKER, LEAD, LIAISON = (derived_id("golden", name) for name in ("speaker", "lead", "liaison"))
RELEASE, OPINION = derived_id("golden", "release"), derived_id("golden", "opinion")

EXAMPLES: list[Event] = [
    team.GroupConstituted(
        members=(team.Member(LEAD, "deputy_head", "lead"), team.Member(SPEAKER, "general_office_head")), document="局办〔2025〕3号"
    ),
    team.SpokespersonAppointed(person=SPEAKER, rank="general_office_head", document="局办〔2025〕3号"),
    team.SpokespersonDismissed(person=SPEAKER, reason="岗位调整"),
    team.LiaisonAppointed(person=LIAISON),
    team.LiaisonDismissed(person=LIAISON, reason="岗位调整"),
    team.NetworkJoined(unit="touzi", person=LIAISON),
    team.NetworkLeft(unit="touzi", reason="科室合并"),
    team.TrainingHeld(topic="突发事件发布", attended=(SPEAKER, LIAISON), evidence="签到表"),
    team.ResponseUnitDesignated(unit="zonghe", people=(SPEAKER,), document="局办〔2025〕4号"),
    events.TopicProposed(
        title="一件事一次办改革进展",
        summary="介绍改革的阶段性成果",
        content="stage_result",
        origin="group",
        unit="touzi",
        basis="领导小组会议纪要〔2025〕2号",
        emergency=True,
        opinion=OPINION,
        rests_on=(derived_id("golden", "other-opinion"),),
    ),
    events.TopicRevised(title="一件事一次办改革", summary="补充数据", content="stage_result"),
    events.TopicReviewed(level="leader", opinion="同意"),
    events.TopicReturned(reason="补充数据"),
    events.TopicAccepted(),
    events.DraftPrepared(
        statement="改革进展如下。",
        answers=(events.AnswerLine("何时全面实施", "年底前全面实施。"),),
        hash="ab" * 32,
        concerns=(Addressee(code="guyuan-gaj", name="固原市公安局", outside=True),),
    ),
    events.DraftReturned(reason="口径不够具体"),
    events.DraftApproved(hash="ab" * 32),
    events.SpokespersonAuthorised(person=SPEAKER, authority="city_government", document="市政府办公室通知〔2025〕9号"),
    events.AuthorisationRevoked(reason="另行安排"),
    events.EventPlanned(form="press_conference", at=AT, place="政务大厅三楼", in_name_of="general_office"),
    events.EventPostponed(at=AT, place="市新闻发布厅", reason="场地调整"),
    events.EventCancelled(reason="改为书面发布"),
    events.JournalistsInvited(media=("city_daily", "provincial_media"), reason="全区首创"),
    events.EventHeld(
        form="press_conference",
        speaker=SPEAKER,
        speaks_for="固原市行政审批服务局",
        in_name_of="general_office",
        questions=(events.Answered("何时全面实施", "年底前全面实施。"),),
        evidence="录像 12 号",
    ),
    events.StatementIssued(
        channel="weibo",
        evidence="https://weibo.example/2",
        hash="ab" * 32,
        title="一件事一次办改革进展",
        text="改革进展如下。",
        unit="touzi",
        speaker=SPEAKER,
        speaks_for="固原市行政审批服务局",
    ),
    events.ReleaseCancelled(reason="事项调整"),
    events.PublicationLinked(publication=derived_id("golden", "publication"), edition=1),
    PressEventLinked(release=RELEASE, title="窗口排队情况说明", form="press_conference", late_minutes=30),
]

"""What is new in requests: one row for each thing that somebody should hear of, with the capability of those whom it concerns."""

from datetime import date
from uuid import UUID

from services.requests.disclosure_request import events as e
from shared.kernel.events import Event, Meta, Recorded
from shared.kernel.identity import derived_id
from shared.kernel.views import TableView, ViewRow


class NoticeRow(ViewRow, frozen=True):
    """`what` is what happened, `wants` the capability of those who go on with it, `by` who did it: nobody is told what it did itself."""

    request: UUID
    what: str
    wants: str
    by: str
    day: date


NEWS: dict[type[Event], tuple[str, str]] = {
    e.RequestTakenOver: ("接续办理的申请待分派", "requests.assign"),
    e.RequestReturned: ("科室退回，待重新分派", "requests.assign"),
    e.RequestAssigned: ("分派到科室", "requests.draft_reply"),
    e.RequestHandedOver: ("移交到科室", "requests.draft_reply"),
    e.RequestAmended: ("申请人已补正", "requests.draft_reply"),
    e.FeePaid: ("申请人已缴费", "requests.draft_reply"),
    e.SecrecyReviewConcluded: ("保密审查已有结论", "requests.draft_reply"),
    e.CoordinationConcluded: ("协调确认已有结论", "requests.draft_reply"),
    e.ThirdPartyConsented: ("第三方同意公开", "requests.draft_reply"),
    e.ThirdPartyObjected: ("第三方不同意公开", "requests.draft_reply"),
    e.ThirdPartySilent: ("第三方逾期未提出意见", "requests.draft_reply"),
    e.ExtensionRequested: ("延期待批准", "requests.approve_extension"),
    e.ReplyExtended: ("延期已批准", "requests.draft_reply"),
    e.ExtensionRefused: ("延期未批准", "requests.draft_reply"),
    e.ReplyDrafted: ("答复待审批", "requests.approve_reply"),
    e.ReplyReturned: ("答复被退回修改", "requests.draft_reply"),
    e.ReplyApproved: ("答复已批准，待送达", "requests.deliver"),
    e.DeadlineApproaching: ("答复期限临近", "requests.draft_reply"),
    e.DeadlineMissed: ("答复已逾期", "requests.draft_reply"),
    e.RequestWithdrawn: ("申请人撤回申请", "requests.draft_reply"),
    e.ReconsiderationFiled: ("被申请行政复议", "requests.record_remedy"),
    e.LitigationFiled: ("被提起行政诉讼", "requests.record_remedy"),
    e.RequestReopened: ("须重新答复", "requests.draft_reply"),
    e.ProactiveSuggested: ("建议纳入主动公开", "requests.move_to_proactive"),
}
"""What is told, and to those who have which capability. A request that has just come in is told from the list of cases: no row is written for it."""


def of_event(recorded: Recorded) -> UUID:
    """Each event has a row of its own."""
    return derived_id("requests", "notice", recorded.originator_id, recorded.originator_version)


notices = TableView(
    "requests", "notices", "1", NoticeRow, indexes=("agency, position DESC",), key=of_event, whole_log=False
)  # a row is one event, so no two cases meet in it


@notices.creates(*NEWS)
def news(id: UUID, event: Event, meta: Meta) -> NoticeRow:
    """A new row."""
    what, wants = NEWS[type(event)]
    return NoticeRow(id=id, agency=meta.agency, request=meta.case, what=what, wants=wants, by=meta.actor.person, day=meta.effective_on)

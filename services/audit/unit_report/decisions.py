"""The decisions about a unit's report (NB-01, NB-03.1, NB-04b)."""

from collections.abc import Sequence
from datetime import date

from services.audit.figures import Figure
from services.audit.unit_report.events import (
    UnitComplianceRecorded,
    UnitReportAccepted,
    UnitReportOverdue,
    UnitReportOverdueWithdrawn,
    UnitReportReminded,
    UnitReportReturned,
    UnitReportSubmitted,
)
from services.audit.unit_report.sections import SECTIONS
from services.audit.unit_report.state import KEPT, Stage, UnitReport
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused, Unavailable
from shared.kernel.events import Event

U = UnitReport
Events = Sequence[Event]
CALL = "本局年度报告制度（NB-01）"
CHASE = "本局年度报告制度（NB-04b）"


def owed(state: U, given: Given) -> None:
    """The unit has to submit it, for the first time or completed."""
    if not state.waits:
        raise Refused("not-owed", "该报告已经提交；需要修改的，请公开办退回。", article=CALL)


def submitted(state: U, given: Given) -> None:
    """It waits for the office."""
    if state.stage is not Stage.SUBMITTED:
        raise Refused("not-submitted", "没有等待接收的报告。", article=CALL)


def missing(state: U, given: Given) -> None:
    """It was never submitted, and its day is over."""
    if state.first_submitted_on is not None:
        raise Refused("submitted-already", "该科室已经提交报告，接收时自动登记执行情况。")
    if state.due is None or given.today <= state.due:
        raise Refused("not-overdue", "提交日期还没有过。", article=CALL)


def submit(state: U, given: Given, sections: dict[str, str], figures: tuple[Figure, ...] | None, overdue_reason: str) -> Events:
    """All required sections, with the figures from the ledger; after its day with a reason, and both the miss and the report stay (NB-03.1)."""
    if figures is None:
        raise Unavailable("figures-missing", "暂时无法从总账取得数字，请稍后再提交；填写的内容没有保存。")
    empty = [key for key in SECTIONS if not sections.get(key, "").strip()]
    if empty:
        named = "、".join(SECTIONS[key].title for key in empty)
        raise Invalid(
            "section-missing",
            f"报告缺少必备内容：{named}；没有情况的写“无”。",
            article="本局年度报告制度（NB-03.1）",
            fields=[{"field": key, "sentence": "请填写"} for key in empty],
        )
    assert state.due is not None
    late = max(0, (given.today - state.due).days)
    if late and not overdue_reason:
        raise Invalid(
            "overdue-reason-missing",
            f"已超过提交日期（{state.due}）{late} 日，请说明逾期原因。",
            article=CALL,
            fields=[{"field": "overdue_reason", "sentence": "请填写逾期原因"}],
        )
    withdrawn = [UnitReportOverdueWithdrawn(due=state.due)] if state.due in state.overdue and not late else []
    said = UnitReportSubmitted(sections=sections, figures=figures, late_days=late, overdue_reason=overdue_reason if late else "")
    return [said, *withdrawn]


def remind(state: U, given: Given, note: str) -> Events:
    """By the office, as often as it likes (NB-04b)."""
    assert state.due is not None
    return [UnitReportReminded(left=(state.due - given.today).days, note=note)]


def remind_in_time(state: U, given: Given) -> Events:
    """By itself once, some working days before the day."""
    if not state.waits or state.reminders or state.remind_on is None or given.today < state.remind_on:
        return []
    return remind(state, given, "")


def miss(state: U, given: Given) -> Events:
    """Once for each day by which it was owed."""
    if not state.waits or state.due is None or given.today <= state.due or state.due in state.overdue:
        return []
    return [UnitReportOverdue(due=state.due)]


def send_back(state: U, given: Given, sections: tuple[str, ...], reason: str, until: date) -> Events:
    """Which sections are not complete, and by when they are to be (NB-03.1)."""
    if until < given.today:
        raise Invalid("until-past", "再次提交的日期不能早于今天。", fields=[{"field": "until", "sentence": "请填写今天以后的日期"}])
    return [UnitReportReturned(sections=sections, reason=reason, until=until)]


def accept(state: U, given: Given, note: str) -> Events:
    """By another than has submitted it; how the unit kept the rule is recorded with it (NB-04b)."""
    if given.actor.persons & set(state.submitted_by):
        raise Refused("submitter-accepts", "提交报告的人不能自己接收，请由公开办其他人员办理。")
    return [UnitReportAccepted(), compliance(state, "late" if state.late_days else "on_time", note)]


def record_missing(state: U, note: str) -> Events:
    """Nothing came (NB-04b)."""
    if state.compliance is not None:
        raise Refused("recorded-already", f"已经登记为“{KEPT[state.compliance.kept]}”。")
    return [compliance(state, "missing", note)]


def compliance(state: U, kept: str, note: str) -> UnitComplianceRecorded:
    """How the rule was kept."""
    return UnitComplianceRecorded(kept=kept, late_days=state.late_days, reminders=state.reminders, returns=state.returns, note=note)

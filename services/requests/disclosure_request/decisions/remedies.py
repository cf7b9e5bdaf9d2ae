"""Reconsideration and litigation: each with its own clock; their results are what table four of the annual report counts (Decree 711, Article 51)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from uuid import UUID

from services.requests.disclosure_request.decisions.deadlines import due, reply_due
from services.requests.disclosure_request.events import (
    LitigationConcluded,
    LitigationFiled,
    ReconsiderationConcluded,
    ReconsiderationFiled,
    RemedyAnswered,
    RemedyAnswerMissed,
    RemedyResultCorrected,
    RemedyVoided,
    RequestReopened,
)
from services.requests.disclosure_request.state import DisclosureRequest, Remedy
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.kernel.identity import derived_id

R = DisclosureRequest
Events = Sequence[Event]

ARTICLE = "国令711 第五十一条"


def file_reconsideration(state: R, given: Given, organ: str, filed_on: date, received_on: date, *, simple: bool) -> Events:
    """Answered within ten working days of the copy, five in the simple procedure (复议法 第四十八条、第五十四条)."""
    in_order(given, filed_on=filed_on, received_on=received_on)
    if any(one.kind == "reconsideration" and one.result is None for one in state.remedies):
        raise Refused("reconsideration-pending", "该申请已有一件行政复议尚未审结，请先登记其结果。", article=ARTICLE)
    answer = due(state, given, "reconsideration_answer_simple" if simple else "reconsideration_answer", received_on)
    return [ReconsiderationFiled(number_of(state), organ, filed_on, received_on, simple, answer)]


def file_litigation(state: R, given: Given, court: str, filed_on: date, received_on: date) -> Events:
    """A suit after a reconsideration that has been decided, or without one: table four counts the two apart."""
    in_order(given, filed_on=filed_on, received_on=received_on)
    decided = [one.number for one in state.remedies if one.kind == "reconsideration" and one.result is not None]
    return [
        LitigationFiled(
            number_of(state),
            court,
            filed_on,
            received_on,
            decided[-1] if decided else None,
            due(state, given, "court_answer", received_on),
        )
    ]


def answer(state: R, given: Given, number: int, answered_on: date, document: str) -> Events:
    """Once, while it is pending; late, it is a miss."""
    remedy = pending(state, number)
    in_order(given, filed_on=remedy.filed_on, answered_on=answered_on)
    if remedy.answered_on is not None:
        raise Refused("remedy-answered", f"已于 {remedy.answered_on} 提交过答复、答辩。", article=ARTICLE)
    return [RemedyAnswered(number, answered_on, document), *miss_answer(state, number, answered_on)]


def conclude(state: R, given: Given, kind: str, number: int, result: str, decided_on: date, document: str) -> Events:
    """Its result, as table four knows it."""
    remedy = pending(state, number)
    if remedy.kind != kind:
        raise Invalid(
            "other-remedy",
            f"第 {number} 件是行政{'复议' if remedy.kind == 'reconsideration' else '诉讼'}，请核对序号。",
            fields=[{"field": "number", "sentence": "请核对"}],
        )
    in_order(given, filed_on=remedy.filed_on, decided_on=decided_on)
    made = ReconsiderationConcluded if kind == "reconsideration" else LitigationConcluded
    return [made(number, result, decided_on, document)]


def void(state: R, number: int, reason: str) -> Events:
    """Registered by mistake; one that others rest on stays."""
    remedy = known(state, number)
    if remedy.reopened:
        raise Refused("remedy-used", "已依据其结果重新答复，不能作废。")
    if any(one.after == number for one in state.remedies):
        raise Refused("remedy-used", "已登记复议后起诉的诉讼，不能作废该件复议。", remedy="登记有误的，请先作废该件诉讼。")
    return [RemedyVoided(number, remedy.result is None, reason)]


def correct_result(state: R, given: Given, number: int, result: str, decided_on: date, reason: str) -> Events:
    """Registered wrongly: both results stand on record. One on which the reply was made again stays."""
    remedy = known(state, number)
    if remedy.result is None:
        raise Refused("remedy-pending", "该件尚未登记结果。", remedy="请办理“登记结果”。")
    if remedy.reopened:
        raise Refused("remedy-used", "已依据其结果重新答复，不能更正。")
    if (result, decided_on) == (remedy.result, remedy.decided_on):
        raise Refused("nothing-to-correct", "没有需要更正的内容。")
    in_order(given, filed_on=remedy.filed_on, decided_on=decided_on)
    return [RemedyResultCorrected(number, remedy.result, result, decided_on, reason)]


def miss_answer(state: R, number: int, today: date) -> list[Event]:
    """The day has passed by which it was to be answered, it has no result, and the miss is not on record yet."""
    remedy = next((one for one in state.remedies if one.number == number), None)
    if remedy is None or remedy.missed or remedy.answered_on is not None or remedy.result is not None or today <= remedy.answer.due:
        return []
    return [RemedyAnswerMissed(number, remedy.answer.due)]


def remedy_id(request: UUID, number: int) -> UUID:
    """The row of a remedy in the list of all."""
    return derived_id("requests", "remedy", request, number)


def reopen(state: R, given: Given, number: int, reason: str, since: date, days: int | None) -> Events:
    """Once for each result that corrects; the period is the one that the decision sets, else the ordinary one."""
    remedy = known(state, number)
    if remedy.result != "overturned":
        raise Refused("not-corrected", "只有结果纠正的复议、诉讼可以责令重新答复。", article=ARTICLE, remedy="请先登记其结果。")
    if remedy.reopened:
        raise Refused("reopened-already", "已依据该结果重新答复过。", article=ARTICLE)
    assert remedy.decided_on is not None
    in_order(given, decided_on=remedy.decided_on, since=since)
    return [RequestReopened(number, reason, since, days, reply_due(state, given, since, extension_days=0, excess_days=0, days=days))]


def number_of(state: R) -> int:
    """The number of the next remedy; one that was voided is not used again."""
    return max([state.last_remedy, *(one.number for one in state.remedies)]) + 1


def known(state: R, number: int) -> Remedy:
    """The remedy of this number."""
    found = next((one for one in state.remedies if one.number == number), None)
    if found is None:
        raise Invalid("no-such-remedy", "没有这一件复议、诉讼，请核对序号。", fields=[{"field": "number", "sentence": "请核对"}])
    return found


def pending(state: R, number: int) -> Remedy:
    """The same, and it has no result yet."""
    found = known(state, number)
    if found.result is not None:
        raise Refused("remedy-concluded", f"该件已于 {found.decided_on} 审结。", article=ARTICLE)
    return found


def in_order(given: Given, **days: date) -> None:
    """Each day not before the one before it, and none to come."""
    told = {"filed_on": "提出日期", "received_on": "收到日期", "answered_on": "提交日期", "decided_on": "决定日期", "since": "收到日期"}
    named = list(days.items())
    for (_, before), (name, day) in pairwise(named):
        if day < before:
            raise Invalid(
                "days-out-of-order", f"{told[name]}不能早于 {before}。", fields=[{"field": name, "sentence": f"不能早于 {before}"}]
            )
    for name, day in named:
        if day > given.today:
            raise Invalid("day-to-come", f"{told[name]}不能晚于今天。", fields=[{"field": name, "sentence": "不能晚于今天"}])

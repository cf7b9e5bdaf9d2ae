"""The decisions about a disclosure request: from its state and what is asked to events, or a refusal that says which article and what would help.

Each reads like the article that it carries out. The guards that say when a step is open at all stand in `guards`.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from services.requests.disclosure_request.events import (
    AmendmentLapsed,
    AmendmentRequested,
    ClockResumed,
    ClockSuspended,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    DeadlineRecomputed,
    ExtensionRequested,
    FactsCorrected,
    FeeAssessed,
    FeeLapsed,
    FeePaid,
    File,
    Ground,
    ReceiptConfirmed,
    ReplyApproved,
    ReplyDelivered,
    ReplyDrafted,
    ReplyExtended,
    RequestAmended,
    RequestRegistered,
    SecrecyReviewConcluded,
    SecrecyReviewRequested,
)
from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.fees import fee_for_items, fee_for_pages, tariff_in_force
from shared.law.outcomes import OUTCOMES, Outcome
from shared.law.rulebook import NoRulebook, Rulebook, rulebook_in_force
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]

PUBLIC_CHANNELS = frozenset({"internet"})
"""How a member of the public can submit by itself; everything else is written down by a clerk."""

LAPSED_AMENDMENT = "r6_1_overdue_correction"
LAPSED_FEE = "r6_2_overdue_fee"
WITHDRAWN = "r6_3_other"


def book_of(state: R, given: Given) -> Rulebook:
    """The rulebook of the case: the one of the day it was received."""
    return given.rulebook_of(state.rulebook) if state.rulebook else given.rulebook


def due(state: R, given: Given, limit: str, start: date, **more: Any) -> Deadline:
    """A due date under the rulebook of the case and the calendar of its agency."""
    return deadline(Facts(start=start, limit=limit, **more), book_of(state, given), given.calendar)


def reply_due(state: R, given: Given, start: date, **changes: Any) -> Deadline:
    """The reply's due date when the clock starts on `start`."""
    facts = Facts(
        start=start, extension_days=changes.get("extension_days", state.extension_days), not_counted=changes.get("not_counted", ())
    )
    return deadline(facts, book_of(state, given), given.calendar)


def check_received(given: Given, channel: str, received_on: date, evidence: str) -> None:
    """A day of receipt that can be true: not in the future, not older than may be entered late, with its evidence where a clerk enters it."""
    public = given.actor.person == "public"
    if public and channel not in PUBLIC_CHANNELS:
        raise Refused("channel-by-clerk", "网上提交的渠道只能是“互联网”；其他渠道请交由工作人员登记。", article="国令711 第二十九条")
    if public and received_on != given.today:
        raise Invalid("received-not-today", "网上提交的申请，收到日期就是今天。", fields=[{"field": "received_on", "sentence": "不用填写"}])
    if public and evidence:
        raise Invalid("evidence-by-clerk", "网上提交的申请不用填写收到的凭据。", fields=[{"field": "evidence", "sentence": "不用填写"}])
    if received_on > given.today:
        raise Invalid(
            "received-in-future",
            f"收到日期（{received_on}）晚于今天（{given.today}），请更正。",
            fields=[{"field": "received_on", "sentence": "不得晚于今天"}],
        )
    limit = given.rulebook.limit("late_entry")
    if received_on < given.today - timedelta(days=limit.days):
        raise Refused("received-too-long-ago", f"收到日期早于 {limit.days} 天以前，请通过案件接续（迁移）办理。", article=limit.article)
    if not public and channel != "internet" and not evidence:
        raise Invalid(
            "evidence-missing", "请写明收到的凭据（如挂号信号码、收件登记号）。", fields=[{"field": "evidence", "sentence": "必填"}]
        )


def clock_at_receipt(given: Given, channel: str, received_on: date) -> tuple[str, Deadline | None]:
    """The id of the rulebook in force on the day of receipt, and the due date where this channel starts the clock at once (Article 31)."""
    try:
        book = rulebook_in_force(received_on, given.agency.rulebook)
    except NoRulebook:
        raise Refused(
            "no-rulebook", f"{received_on}收到的申请没有可以适用的规则集，请核对收到日期。", article="国令711 第五十六条"
        ) from None
    if book.starts_on_confirmation(channel):
        return book.id, None
    return book.id, deadline(Facts(start=received_on), book, given.calendar)


def register(state: R, number: str) -> Events:
    """Gives the number; the due date stands already where the receipt is certain."""
    return [RequestRegistered(number=number, deadline=state.deadline)]


def confirm_receipt(state: R, given: Given, how: str) -> Events:
    """Internet, fax and ordinary letters: the day on which both sides confirm is the day of receipt (Article 31)."""
    assert state.received_on is not None
    if given.today < state.received_on:
        raise Invalid("confirmed-before-received", f"确认日期不能早于收到日期（{state.received_on}）。")
    return [ReceiptConfirmed(confirmed_on=given.today, how=how, deadline=reply_due(state, given, given.today))]


def request_amendment(state: R, given: Given, items: tuple[str, ...], days: int | None) -> Events:
    """Once, every item, within seven working days of the receipt, with a reasonable period (Article 30)."""
    book = book_of(state, given)
    notice = book.limit("amendment_notice")
    if state.amendment_items:
        raise Refused(
            "amended-once", "补正只能告知一次，且须一次性告知全部内容；仍不明确的，请作出“补正后仍不明确”的答复。", article=notice.article
        )
    if state.clock_start is None:
        raise Refused("clock-not-running", "请先由双方确认收到申请，再告知补正。", article=notice.article)
    latest = due(state, given, "amendment_notice", state.clock_start).due
    if given.today > latest:
        raise Refused("amendment-notice-late", f"告知补正的期限（{latest}）已过，应当直接办理。", article=notice.article)
    return [AmendmentRequested(items=items, deadline=due(state, given, "amendment_period", given.today, days=days))]


def amend(state: R, given: Given, content: str, good_reason: str) -> Events:
    """The amended request: the reply period starts anew on the day it arrives; after its period it comes with good reason (Article 30)."""
    waited = state.waiting_until
    if waited is not None and given.today > waited.due and not good_reason:
        raise Refused(
            "amendment-late",
            f"补正期限已于 {waited.due} 届满，无正当理由的视为放弃申请。",
            article=waited.article,
            remedy="有正当理由的，请写明；没有的，由承办人员办理“终结（逾期不补正）”。",
        )
    return [
        RequestAmended(
            amended_on=given.today,
            content=Personal.plain(content),
            deadline=reply_due(state, given, given.today),
            good_reason=Personal.plain(good_reason) if good_reason else None,
        )
    ]


def lapse_amendment(state: R, given: Given, good_reason: bool) -> Events:
    """Not amended in time, without good reason: taken as given up (Article 30)."""
    waited = state.waiting_until
    if good_reason:
        raise Refused("good-reason", "申请人有正当理由的，不能视为放弃申请。", article="国令711 第三十条")
    if waited is not None and given.today <= waited.due:
        raise Refused("amendment-still-open", f"补正期限到 {waited.due} 为止，届满后才能终结。", article=waited.article)
    return [AmendmentLapsed(outcome=LAPSED_AMENDMENT)]


def assess_fee(state: R, given: Given, basis: str, count: int, before: int, cost: int | None) -> Events:
    """By items or by pages, never both; under the old rules the cost of copies and post alone (Article 42; YS-08)."""
    book = book_of(state, given)
    if state.fee is not None:
        raise Refused("charged-once", "已经发出过收费通知，按件、按量只能选择一种，不能重复收费。", article="国办函〔2020〕109号 第五条")
    if basis == "cost":
        if not book.says("cost_fee"):
            raise Refused("no-cost-fee", f"《{book.title}》不收取检索、复制、邮寄等成本费用。", article=book.provisions["cost_fee"].article)
        yuan = cost or 0
    else:
        if not book.says("processing_fee"):
            raise Refused(
                "no-processing-fee", f"《{book.title}》没有信息处理费，只能收取成本费用。", article=book.provisions["cost_fee"].article
            )
        if state.deadline is not None and given.today > state.deadline.due:
            raise Refused("fee-notice-late", f"收费通知应在答复期限（{state.deadline.due}）内发出。", article="国办函〔2020〕109号 第六条")
        yuan = processing_fee(given.today, basis, count, before)
    if yuan <= 0:
        raise Refused("nothing-to-charge", "按收费标准计算为零元，不需要发出收费通知。", article="国办函〔2020〕109号 第四条")
    return [FeeAssessed(basis=basis, count=count, yuan=yuan, deadline=due(state, given, "fee_payment", given.today))]


def processing_fee(on: date, basis: str, count: int, before: int) -> int:
    """Yuan by the tariff of this day; before the first tariff nothing may be charged."""
    try:
        tariff = tariff_in_force(on)
    except LookupError:
        raise Refused("no-tariff", f"{on}还没有生效的信息处理费标准，不得收取。", article="国令711 第四十二条") from None
    return fee_for_items(count, before=before, tariff=tariff) if basis == "items" else fee_for_pages(count, tariff=tariff)


def pay_fee(state: R, given: Given, yuan: int, payee: str, evidence: str) -> Events:
    """The whole amount, to the agency itself; the reply period starts anew the day after (YS-08x.2)."""
    if payee != given.agency.code:
        raise Refused(
            "paid-elsewhere", "费用只能由本机关收取，不得通过企业、事业单位或中介组织收取。", article="本局依申请公开制度（YS-08x.2）"
        )
    if yuan != state.fee:
        raise Invalid("wrong-amount", f"应缴 {state.fee} 元，请核对缴费金额。", fields=[{"field": "yuan", "sentence": f"应为 {state.fee}"}])
    return [FeePaid(paid_on=given.today, evidence=evidence, deadline=reply_due(state, given, given.today))]


def lapse_fee(state: R, given: Given) -> Events:
    """Not paid within the period: not processed any further."""
    waited = state.waiting_until
    if waited is not None and given.today <= waited.due:
        raise Refused("payment-still-open", f"缴费期限到 {waited.due} 为止，届满后才能终结。", article=waited.article)
    return [FeeLapsed(outcome=LAPSED_FEE)]


def request_extension(state: R, given: Given, working_days: int, reason: str) -> Events:
    """At most as long as the rulebook allows, with a reason in writing (YS-F.3; Article 33)."""
    limit = book_of(state, given).limit("extension")
    if working_days > limit.days:
        raise Refused("extension-too-long", f"延长期限最多 {limit.days} 个工作日。", article=limit.article)
    return [ExtensionRequested(working_days=working_days, reason=reason)]


def approve_extension(state: R, given: Given) -> Events:
    """The new due date: counted on from the same start."""
    assert state.clock_start is not None
    made = reply_due(state, given, state.clock_start, extension_days=state.extension_wanted, not_counted=state.not_counted)
    return [ReplyExtended(working_days=state.extension_wanted, deadline=made)]


def suspend(state: R, given: Given, reason: str) -> Events:
    """Force majeure or another cause in law (YS-F.4a)."""
    return [ClockSuspended(reason=reason, since=given.today)]


def resume(state: R, given: Given) -> Events:
    """The days between are not counted (YS-F.4b)."""
    assert state.clock_start is not None
    spans = tuple(msgspec.structs.replace(span, end=given.today) if span.end is None else span for span in state.not_counted)
    return [ClockResumed(resumed_on=given.today, deadline=reply_due(state, given, state.clock_start, not_counted=spans))]


def request_review(state: R, files: tuple[File, ...]) -> Events:
    """These bytes, by their hash; bytes that have a conclusion need none again (BM-03b)."""
    known = {*state.cleared, *state.withheld}
    if all(file.sha256 in known for file in files):
        raise Refused("reviewed-already", "这些文件已有保密审查结论；内容改变后才需要重新审查。", article="国令711 第十七条")
    return [SecrecyReviewRequested(review=state.reviews + 1, files=files, unit=state.unit)]


def conclude_review(state: R, review: int, released: tuple[str, ...], withheld: tuple[str, ...]) -> Events:
    """What review has decided. A case that ended meanwhile, or a review that was overtaken, is left alone."""
    if state.closed or review != state.reviews or not state.in_review:
        return []
    return [SecrecyReviewConcluded(review=review, released=released, withheld=withheld)]


def draft_reply(
    state: R,
    given: Given,
    outcome: str,
    grounds: tuple[Ground, ...],
    text: str,
    files: tuple[File, ...],
    redactions: tuple[str, ...],
    other_agency: str,
) -> Events:
    """One of the 21 results; every refusal, whole or part, with ground, article and reason; the files of which secrecy review has released these bytes."""
    chosen = OUTCOMES.get(outcome)
    if chosen is None or chosen.closes:
        raise Invalid(
            "no-such-outcome",
            "办理结果应为年度报告第三张表的结果之一（逾期不补正、不缴费的，请用“终结”办理）。",
            fields=[{"field": "outcome", "sentence": "请从列表中选择"}],
        )
    check_grounds(chosen, grounds)
    if outcome == "r4_3_unclear_after_correction" and not state.amendment_items:
        raise Refused("not-amended", "没有告知过补正，不能以“补正后仍不明确”答复。", article="国令711 第三十条")
    if outcome == "r4_1_not_held" and not other_agency and any("第五项" in ground.article for ground in grounds):
        raise Invalid(
            "other-agency-missing",
            "不属于本机关负责公开的，请写明负责机关的名称和联系方式。",
            fields=[{"field": "other_agency", "sentence": "必填"}],
        )
    if state.own_records and not state.identity_verified and outcome in ("r1_granted", "r2_partial"):
        raise Refused(
            "identity-unverified", "申请查询自身信息的，须先核验身份再提供。", article="国令711 第二十九条", remedy="先办理“核验身份”。"
        )
    check_files(state, chosen, files, redactions)
    return [
        ReplyDrafted(
            outcome=outcome,
            grounds=grounds,
            text=Personal.plain(text),
            hash=draft_hash(outcome, grounds, text, files, redactions, other_agency),
            files=files,
            redactions=redactions,
            other_agency=other_agency,
        )
    ]


def check_grounds(chosen: Outcome, grounds: tuple[Ground, ...]) -> None:
    """What this result needs stands in at least one ground, and each further ground names a result of the table (X-05)."""
    if not grounds:
        raise Invalid("grounds-missing", "请写明答复的依据。", fields=[{"field": "grounds", "sentence": "至少一项"}])
    for number, ground in enumerate(grounds):
        row = OUTCOMES.get(ground.outcome)
        if row is None:
            raise Invalid(
                "no-such-outcome",
                "依据所属的办理结果不在列表中。",
                fields=[{"field": f"grounds.{number}.outcome", "sentence": "请从列表中选择"}],
            )
        missing = row.missing(ground=ground.ground, article=ground.article, reason=ground.reason)
        if missing:
            titles = {"ground": "情形", "article": "依据条款", "reason": "理由"}
            raise Invalid(
                "ground-incomplete",
                "不予公开、部分公开等答复须写明" + "、".join(titles[name] for name in missing) + "。",
                article="国令711 第三十六条",
                fields=[{"field": f"grounds.{number}.{name}", "sentence": "必填"} for name in missing],
            )
    groups = {OUTCOMES[ground.outcome].group for ground in grounds}
    if {"予以公开", "不予公开"} <= groups and chosen.key != "r2_partial":
        raise Refused("partial-outcome", "既有公开又有不予公开的，办理结果应为“部分公开”，其他情形不再计入。", article="国令711 第三十七条")
    if not any(ground.outcome == chosen.key for ground in grounds):
        raise Invalid(
            "outcome-without-ground", "办理结果须有对应的依据。", fields=[{"field": "grounds", "sentence": "缺少与办理结果一致的一项"}]
        )


def check_files(state: R, chosen: Outcome, files: tuple[File, ...], redactions: tuple[str, ...]) -> None:
    """No file leaves that was not released by secrecy review with exactly this hash (BM-03b, X-03)."""
    if files and not chosen.files:
        raise Refused("no-files", f"“{chosen.label}”的答复不附文件。")
    withheld = [file.name for file in files if file.sha256 in state.withheld]
    if withheld:
        raise Refused("file-withheld", f"保密审查决定不予公开：{'、'.join(withheld)}。", article="国令711 第十七条")
    unreviewed = [file.name for file in files if file.sha256 not in state.cleared]
    if unreviewed:
        raise Refused(
            "file-unreviewed",
            f"尚未通过保密审查（或内容已改变）：{'、'.join(unreviewed)}。",
            article="国令711 第十七条",
            remedy="请先提请保密审查。",
        )
    if chosen.key == "r2_partial" and not redactions and not files:
        raise Invalid("partial-of-nothing", "部分公开须写明区分处理的内容。", fields=[{"field": "redactions", "sentence": "至少一项"}])


def draft_hash(
    outcome: str, grounds: tuple[Ground, ...], text: str, files: tuple[File, ...], redactions: tuple[str, ...], other_agency: str
) -> str:
    """What an approval names: the SHA-256 of the draft, 64 hex digits."""
    content = msgspec.json.encode([outcome, grounds, text, files, redactions, other_agency], order="sorted")
    return hashlib.sha256(content).hexdigest()


def approve_reply(state: R, approves: str) -> Events:
    """The draft that was seen, by another person than the drafter; and its files are still released."""
    assert state.draft is not None
    if approves != state.draft.hash:
        raise Refused("draft-changed", "答复在您查看之后有改动，请重新核对后再审批。")
    check_files(state, OUTCOMES[state.draft.outcome], state.draft.files, state.draft.redactions)
    return [ReplyApproved(hash=approves)]


def deliver(state: R, given: Given, way: str, evidence: str, overdue_reason: str) -> Events:
    """By the agency itself; late, it says why and is a miss; a miss that it shows to be none is taken back (KH-02.3b)."""
    assert state.draft is not None
    late = state.deadline is not None and given.today > state.deadline.due
    if late and not overdue_reason:
        raise Refused(
            "overdue-reason-missing", "答复已超过期限，请写明超期的理由。", article="本局考核制度（KH-02.3b）", remedy="填写“超期理由”。"
        )
    events: list[Event] = [
        ReplyDelivered(outcome=state.draft.outcome, way=way, evidence=evidence, overdue_reason=overdue_reason if late else "")
    ]
    if late and state.deadline is not None and state.deadline.due not in state.missed:
        events.append(DeadlineMissed(due=state.deadline.due))
    events.extend(DeadlineMissWithdrawn(due=day) for day in state.missed if given.today <= day)
    return events


def correct_facts(state: R, given: Given, reason: str, received_on: date | None, applicant_kind: str | None) -> Events:
    """Both values stand on record, and the due date that follows from them is set anew."""
    received_on = None if received_on == state.received_on else received_on
    applicant_kind = None if applicant_kind == state.applicant_kind else applicant_kind
    if received_on is None and applicant_kind is None:
        raise Refused("nothing-to-correct", "没有需要更正的内容。")
    made = None
    if received_on is not None:
        check_received(given, state.channel, received_on, "更正")
        if state.stage is Stage.SUSPENDED:
            raise Refused("clock-suspended", "期限正在中止，不能重新计算。", remedy="先办理“恢复期限”，再更正收到日期。")
        from_receipt = state.clock_start == state.received_on and not book_of(state, given).starts_on_confirmation(state.channel)
        if state.clock_start is not None and from_receipt:
            made = reply_due(state, given, received_on, not_counted=state.not_counted)
    corrected = FactsCorrected(
        reason=reason,
        received_on_before=state.received_on if received_on else None,
        received_on=received_on,
        applicant_kind_before=state.applicant_kind if applicant_kind else None,
        applicant_kind=applicant_kind,
        deadline=made,
    )
    return [corrected, *lateness_after(state, made)] if made is not None else [corrected]


def lateness_after(state: R, made: Deadline) -> Events:
    """What a due date that was set anew makes of the lateness: the miss of the old one goes, a reply after the new one was late."""
    events: list[Event] = [
        DeadlineMissWithdrawn(due=day) for day in state.missed if state.deadline is not None and day == state.deadline.due
    ]
    if state.stage is Stage.DELIVERED and state.concluded_on is not None and state.concluded_on > made.due:
        events.append(DeadlineMissed(due=made.due))
    return events


def miss_deadline(state: R, given: Given) -> Events:
    """The due date has passed, the clock was running, and it is not on record yet."""
    if state.closed or state.deadline is None or state.stage in (Stage.AMENDING, Stage.UNPAID, Stage.SUSPENDED):
        return []
    if given.today <= state.deadline.due or state.deadline.due in state.missed:
        return []
    return [DeadlineMissed(due=state.deadline.due)]


def recompute_deadline(state: R, given: Given) -> Events:
    """The open reply clock under the calendar as it is now announced; nothing if nothing changes."""
    facts = state.clock()
    if state.closed or state.deadline is None or facts is None or state.stage is Stage.SUSPENDED:
        return []
    made = deadline(facts, book_of(state, given), given.calendar)
    if (made.due, made.provisional) == (state.deadline.due, state.deadline.provisional):
        return []
    return [DeadlineRecomputed(before=state.deadline, deadline=made)]

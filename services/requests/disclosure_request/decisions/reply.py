"""The reply: one of the 21 results with its grounds; approved by another person, delivered with evidence (Articles 36 and 37)."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.requests.disclosure_request.decisions.coordination import check_confirmed
from services.requests.disclosure_request.decisions.deadlines import book_of
from services.requests.disclosure_request.events import (
    DeadlineMissed,
    DeadlineMissWithdrawn,
    File,
    Ground,
    ReplyApproved,
    ReplyDelivered,
    ReplyDrafted,
)
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.outcomes import OUTCOMES, Outcome
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]


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
    check_reasons(state, given, outcome)
    check_confirmed(state, outcome, files)
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


def check_reasons(state: R, given: Given, outcome: str) -> None:
    """A great many requests are left unprocessed only where reasons were asked for and did not hold (Article 35)."""
    asks = book_of(state, given).provisions["excess_may_be_questioned"].holds
    if outcome == "r5_4_massive" and asks and state.reasons != "unreasonable":
        raise Refused(
            "reasons-not-weighed",
            "以无正当理由大量反复申请不予处理的，须先要求申请人说明理由，并审核认为不合理。",
            article="国令711 第三十五条",
            remedy="请先“要求说明理由”，再“审核申请理由”。",
        )


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
    check_confirmed(state, state.draft.outcome, state.draft.files)
    return [ReplyApproved(hash=approves)]


def deliver(state: R, given: Given, way: str, evidence: str, overdue_reason: str, letter: UUID | None = None) -> Events:
    """By the agency itself; late, it says why and is a miss; a miss that it shows to be none is taken back (KH-02.3b)."""
    assert state.draft is not None
    late = state.deadline is not None and given.today > state.deadline.due
    if late and not overdue_reason:
        raise Refused(
            "overdue-reason-missing", "答复已超过期限，请写明超期的理由。", article="本局考核制度（KH-02.3b）", remedy="填写“超期理由”。"
        )
    events: list[Event] = [
        ReplyDelivered(
            outcome=state.draft.outcome, way=way, evidence=evidence, overdue_reason=overdue_reason if late else "", letter=letter
        )
    ]
    if late and state.deadline is not None and state.deadline.due not in state.missed:
        events.append(DeadlineMissed(due=state.deadline.due))
    events.extend(DeadlineMissWithdrawn(due=day) for day in state.missed if given.today <= day)
    return events

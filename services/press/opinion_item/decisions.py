"""What may be decided about an item of public opinion: one owner, assessed by the scheme, approved by another, answered by who is in charge, in hours."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.press.clearance.decisions import ask_agencies, ask_review
from services.press.clearance.events import Addressee, File
from services.press.clearance.guards import check_cleared
from services.press.clearance.state import Clearance
from services.press.opinion_item import events as e
from services.press.opinion_item.scheme import SCHEME
from services.press.opinion_item.state import TITLES, OpinionItem, Stage
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event
from shared.law.deadlines import due_at

N = OpinionItem
Events = Sequence[Event]

OFFICIAL = ("weibo", "wechat")
"""The official accounts, on which what is authoritative comes first (YQ-04.2b)."""


def own(state: N, given: Given) -> None:
    """An item is its agency's alone, and open."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if state.stage is Stage.CLOSED:
        raise Refused("item-closed", "该舆情已经办结，不能再办理。")


def at(*stages: Stage, code: str, remedy: str) -> Callable[[N, Given], None]:
    """Open just in these stages."""

    def guard(state: N, given: Given) -> None:
        own(state, given)
        if state.stage not in stages:
            raise Refused(code, f"该舆情目前“{TITLES[state.stage]}”，{remedy}", remedy=remedy)

    return guard


proposable = at(Stage.ASSESSED, code="not-proposable", remedy="研判之后、处置之前提出处置意见。")
proposed = at(Stage.PROPOSED, code="not-proposed", remedy="没有待批准的处置意见。")
draftable = at(Stage.HANDLING, Stage.DRAFTED, Stage.ANSWERED, code="not-draftable", remedy="受理并按程序批准处置以后可以拟制回应。")
drafted = at(Stage.DRAFTED, code="not-drafted", remedy="没有待审核的回应。")
sayable = at(Stage.APPROVED, Stage.ANSWERED, code="not-approved", remedy="回应经审核以后才能发布。")


def known_unit(given: Given, unit: str) -> None:
    """A unit of the agency."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": "unit", "sentence": "请选择"}])


def detect(given: Given, seen: e.OpinionDetected) -> Events:
    """Not in the future, and not before it appeared."""
    if seen.detected_at > given.now or (seen.published_at is not None and seen.published_at > seen.detected_at):
        raise Invalid("bad-moment", "发现时间不能晚于现在，也不能早于发布时间。", fields=[{"field": "detected_at", "sentence": "请核对"}])
    return [seen]


def unowned(state: N, given: Given) -> None:
    """It has no owner yet."""
    own(state, given)
    if state.unit:
        raise Refused("owner-assigned", "已经确定主管科室；变更请转办。")


def assign_owner(given: Given, unit: str) -> Events:
    """One, once; another one by a transfer (YQ-02.2)."""
    known_unit(given, unit)
    return [e.OwnerAssigned(unit=unit)]


def verifying(state: N, given: Given) -> None:
    """Something was asked and not answered."""
    own(state, given)
    if not state.verifying:
        raise Refused("not-verifying", "没有待核实的问题，请先请求核实。")


def assess(state: N, given: Given, points: Mapping[str, int], level: str, *, respond: bool, reason: str) -> Events:
    """By the scheme: as high as the points say or higher, never lower; a major item is always worth an answer (YQ-03.2a)."""
    least = SCHEME.level_of(sum(points.values()))
    chosen = level or least
    if not SCHEME.at_least(chosen, least):
        raise Refused("level-too-low", f"按研判标准应为“{SCHEME.levels[least].title}”或者更高。")
    if chosen == "major" and not respond:
        raise Refused("major-unanswered", "重大舆情必须回应。", article="国办发〔2016〕61号")
    assert state.detected_at is not None
    since = state.detected_at
    owed = {kind: due_at(since, given.rulebook.limit(name)) for kind, name in SCHEME.levels[chosen].hours.items()} if respond else {}
    return [e.OpinionAssessed(points=dict(points), level=chosen, respond=respond, reason=reason, owed=owed)]


def approve_handling(state: N, given: Given) -> Events:
    """By another person than who proposed (YQ-03.2d)."""
    if given.actor.persons & set(state.proposed_by):
        raise Refused("proposer-approves", "提出处置意见的人不能批准自己的意见，请由有权批准的另一人办理。")
    return [e.HandlingApproved()]


def reportable(state: N, given: Given) -> None:
    """It was assessed."""
    own(state, given)
    if not state.level:
        raise Refused("not-assessed", "请先研判，再归口报送。")


def report(state: N, given: Given, to: str, level: str, way: str) -> Events:
    """How long it took is measured (YQ-03.1c)."""
    assert state.detected_at is not None
    return [e.ReportedUp(to=to, level=level, way=way, minutes=minutes(state.detected_at, given.now))]


def acceptable(state: N, given: Given) -> None:
    """It has an owner, was assessed and is not accepted yet."""
    own(state, given)
    if not state.unit:
        raise Refused("no-owner", "还没有主管科室，请先确定。", article="国办发〔2016〕61号")
    if not state.level:
        raise Refused("not-assessed", "请先研判，再受理。")
    if state.accepted:
        raise Refused("accepted-already", "该舆情已经受理。")


def transfer(state: N, given: Given, unit: str, reason: str) -> Events:
    """To another unit than its owner."""
    known_unit(given, unit)
    if not state.unit or unit == state.unit:
        raise Refused("no-other-unit", "请选择与现在不同的主管科室。")
    return [e.OpinionTransferred(unit=unit, reason=reason)]


def join(state: N, given: Given, unit: str, task: str) -> Events:
    """Other units take part in what is sensitive (YQ-03.4d)."""
    known_unit(given, unit)
    if unit == state.unit or unit in state.joint:
        raise Refused("takes-part-already", "该科室已经参加办理。")
    return [e.JointTaskAssigned(unit=unit, task=task)]


def unsolved(state: N, given: Given) -> None:
    """A matter was linked, and is not solved."""
    own(state, given)
    if not state.linked or state.solved:
        raise Refused("nothing-linked", "没有待解决的实际事项。")


def draft(state: N, given: Given, text: str, forms: tuple[str, ...], channels: tuple[str, ...], concerns: tuple[Addressee, ...]) -> Events:
    """By the unit in charge, which has accepted it, and after verification (YQ-03.5c, YQ-03.1b)."""
    if not state.accepted:
        raise Refused("not-accepted", "主管科室受理以后，才能由它拟制回应。")
    if state.verifying:
        raise Refused("still-verifying", "正在核实，请先登记核实结果。")
    for one in concerns:
        if one.code == given.agency.code or (not one.outside and not given.knows_agency(one.code)):
            raise Invalid(
                "no-such-agency",
                "涉及的机关不在本平台；请填写代码，或者注明是平台外的机关。",
                fields=[{"field": "concerns", "sentence": "请核对"}],
            )
    hashed = hashlib.sha256(msgspec.json.encode([text, forms, channels])).hexdigest()
    return [e.ResponseDrafted(text=text, forms=forms, channels=channels, hash=hashed, unit=state.unit, concerns=concerns)]


def to_review(state: N) -> tuple[File, ...]:
    """What is reviewed and confirmed: the response, by the hash that its approval names."""
    assert state.draft is not None
    return (File(name=f"{state.title}（回应）", sha256=state.draft.hash, size=len(state.draft.text.encode())),)


def request_review(state: N, found: Clearance) -> Sequence[On]:
    """Exactly what is drafted (BM-03b)."""
    return [ask_review(found, state.id, to_review(state), state.unit)]


def request_coordination(state: N, found: Clearance, text: str) -> Sequence[On]:
    """The agencies that the draft names (YQ-03.5d)."""
    assert state.draft is not None
    return [ask_agencies(found, state.id, state.title, text, state.draft.concerns, to_review(state), state.unit)]


def approve(state: N, given: Given, found: Clearance, approves: str) -> Events:
    """Exactly what was seen, by another person than the writer, after its secrecy review and the agencies' confirmation (YQ-04.1b, YQ-03.5d)."""
    assert state.draft is not None
    if approves != state.draft.hash:
        raise Refused("draft-changed", "回应在您查看之后有改动，请重新核对后再审核。")
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "拟稿人不能审核自己的回应，请由另一人审核。")
    check_cleared(found, approves, concerns=bool(state.draft.concerns))
    return [e.ResponseApproved(hash=approves)]


def issue(state: N, given: Given, found: Clearance, channel: str, evidence: str, publication: UUID | None) -> Events:
    """On a planned channel, once each; the official accounts first where they are planned (YQ-04.2b)."""
    assert state.draft is not None
    check_cleared(found, state.draft.hash, concerns=bool(state.draft.concerns))
    if channel not in state.draft.channels:
        raise Refused("channel-unplanned", "审核的回应没有这个渠道。")
    if channel in state.issued:
        raise Refused("issued-already", "已经在该渠道发布。")
    first = [one for one in state.draft.channels if one in OFFICIAL]
    if first and channel not in OFFICIAL and not set(first) & set(state.issued):
        raise Refused("official-accounts-first", "权威信息应当首先在政务微博、微信发布。", article="国办发〔2016〕61号")
    until = [moment for kind, moment in state.owed.items() if kind != "conference" or channel == "press_conference"]
    late = max((minutes(moment, given.now) for moment in until), default=0)
    return [e.ResponseIssued(channel=channel, evidence=evidence, unit=state.unit, late_minutes=max(late, 0), publication=publication)]


def miss(state: N, given: Given) -> Events:
    """Each once, when its hours have passed."""
    if state.stage is Stage.CLOSED:
        return []
    late = [(kind, until) for kind, until in sorted(state.owed.items()) if until < given.now and kind not in state.missed]
    return [e.ResponseMissed(owed=kind, until=until) for kind, until in late]


def closable(state: N, given: Given) -> None:
    """What had to be said was said, the matter behind it is solved, and the unit has told what it did (YQ-03.4a, YQ-03.4b)."""
    own(state, given)
    if not state.level:
        raise Refused("not-assessed", "请先研判；不需要回应的，在研判中说明。")
    if state.respond and not state.answered:
        raise Refused("unanswered", "应当回应而尚未回应，不能办结。")
    if state.linked and not state.solved:
        raise Refused("case-unsolved", "网上问题网下解决：实际事项尚未解决，不能办结。", article="国办发〔2016〕61号")
    if state.unit and not state.fed_back:
        raise Refused("no-feedback", "主管科室尚未反馈办理结果，不能办结。")


def minutes(since: datetime, until: datetime) -> int:
    """Whole minutes between two instants."""
    return int((until - since).total_seconds() // 60)

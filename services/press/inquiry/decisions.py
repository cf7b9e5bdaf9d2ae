"""What may be decided about an inquiry: one unit answers, in working days; the facts of a hot topic become public."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.press.inquiry import events as e
from services.press.inquiry.state import TITLES, Inquiry, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, Facts, deadline
from shared.trust.personal import Personal

Events = Sequence[Event]
ARTICLE = "国办发〔2016〕61号"


def own(state: Inquiry, given: Given) -> None:
    """An inquiry is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def assignable(state: Inquiry, given: Given) -> None:
    """Until it is answered; to another unit too."""
    own(state, given)
    if state.stage not in (Stage.RECEIVED, Stage.ASSIGNED):
        raise Refused("answered-already", f"该咨询投诉{TITLES[state.stage]}，不能再交办。")


def answerable(state: Inquiry, given: Given) -> None:
    """By the unit in charge, once."""
    own(state, given)
    if state.stage is not Stage.ASSIGNED:
        told = "请先交主管科室办理。" if state.stage is Stage.RECEIVED else "已经答复。"
        raise Refused("not-answerable", f"该咨询投诉目前“{TITLES[state.stage]}”，{told}", remedy=told)


def publishable(state: Inquiry, given: Given) -> None:
    """The facts of a topic that a unit is in charge of, once."""
    own(state, given)
    if not state.hot:
        raise Refused("not-hot", "该咨询投诉没有认定为热点、敏感话题；需要公开真实情况的，请在交办时认定。")
    if state.published:
        raise Refused("published-already", "真实情况已经公开。")


def due(given: Given, limit: str, start: date) -> Deadline:
    """The day by which something is owed."""
    return deadline(Facts(start=start, limit=limit), given.rulebook, given.calendar)


def receive(given: Given, asked: e.InquiryReceived) -> Events:
    """The public itself asks on the internet; what came otherwise is noted by an official."""
    if given.actor.person == "public" and asked.channel != "internet":
        raise Invalid("channel-by-official", "网上提交的渠道是“互联网”。", fields=[{"field": "channel", "sentence": "公众不填写"}])
    return [asked]


def assign(state: Inquiry, given: Given, unit: str, topic: str, *, hot: bool) -> Events:
    """To a unit of the agency; facts of a hot topic are owed in their own days, counted from receipt."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": "unit", "sentence": "请选择"}])
    if state.published and not hot:
        raise Refused("published-already", "真实情况已经公开，不能再认定为一般话题。")
    assert state.received_on is not None
    facts = due(given, "inquiry_facts", state.received_on) if hot and not state.published else None
    made = e.InquiryAssigned(unit=unit, topic=topic, hot=hot, facts_deadline=facts)
    if (made.unit, made.topic, made.hot) == (state.unit, state.topic, state.hot):
        raise Refused("nothing-changed", "与现在的交办相同，没有改动。")
    return [made]


def answer(state: Inquiry, given: Given, way: str, text: str) -> Events:
    """In time or late; late, it is a miss."""
    assert state.deadline is not None
    if way != "online" and state.contact is None:
        raise Refused("no-contact", "没有留下联系方式，请选择“网上获取”，由来信人凭查询编号查看。", remedy="答复方式选择“网上获取”。")
    late = late_days(given, state.deadline)
    return [*missing(state, given, "answer"), e.InquiryAnswered(way=way, text=Personal.plain(text), late_days=late)]


def publish_facts(state: Inquiry, given: Given, facts: str, evidence: str, publication: UUID | None) -> Events:
    """With its evidence; late, it is a miss."""
    late = late_days(given, state.facts_deadline) if state.facts_deadline is not None else 0
    made = e.FactsPublished(facts=facts, evidence=evidence, late_days=late, publication=publication)
    return [*missing(state, given, "facts"), made]


def miss(state: Inquiry, given: Given) -> Events:
    """Each once, when its day is over."""
    return [*missing(state, given, "answer"), *missing(state, given, "facts")]


def missing(state: Inquiry, given: Given, owed: str) -> list[Event]:
    """The miss of what is owed, if it is one and not known yet."""
    until, done = (state.deadline, state.answer is not None) if owed == "answer" else (state.facts_deadline, state.published)
    if until is None or done or owed in state.missed or given.today <= until.due or (owed == "facts" and not state.hot):
        return []
    return [e.InquiryMissed(owed=owed, due=until.due)]


def late_days(given: Given, until: Deadline) -> int:
    """Working days beyond a due date."""
    return max(0, given.calendar.working_days_between(until.due, given.today)) if given.today > until.due else 0

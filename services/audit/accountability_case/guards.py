"""What every act on a case asks first: that it is open, at the right stage, and that nobody decides about himself."""

from collections.abc import Callable, Iterable
from uuid import UUID

from services.audit.accountability_case.state import TITLES, AccountabilityCase, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused

S = AccountabilityCase
Guard = Callable[[S, Given], None]

IMPARTIAL = "公职人员政务处分法 第四十七条"


def live(state: S, given: Given) -> None:
    """It is this agency's, and open."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if state.stage is Stage.CLOSED:
        raise Refused("case-closed", "该案已经结案，不能再办理。")


def own(state: S, given: Given) -> None:
    """It is open, and who acts is not concerned."""
    live(state, given)
    if given.actor.persons & set(state.persons):
        raise Refused("concerned", "您是本案的被调查人，不能办理本案；不服处理的，可以申请复核。", article=IMPARTIAL)


def at(*stages: Stage, code: str, remedy: str) -> Guard:
    """Open just in these stages."""

    def guard(state: S, given: Given) -> None:
        own(state, given)
        if state.stage not in stages:
            raise Refused(code, f"该案目前“{TITLES[state.stage]}”，{remedy}", remedy=remedy)

    return guard


def both(first: Guard, *more: Guard) -> Guard:
    """Open where all of these say so."""

    def guard(state: S, given: Given) -> None:
        for one in (first, *more):
            one(state, given)

    return guard


routable = at(Stage.OPENED, Stage.ROUTED, Stage.INVESTIGATING, code="not-routable", remedy="调查结束前可以分流或者转为重要。")
to_begin = at(Stage.ROUTED, code="not-routed", remedy="分流以后、调查开始以前可以确定调查人员。")
investigating = at(Stage.INVESTIGATING, code="not-investigating", remedy="调查核实中才能办理。")
askable = at(Stage.OPENED, Stage.ROUTED, Stage.INVESTIGATING, code="not-askable", remedy="作出调查结论以前可以增加问题。")
found = at(Stage.FOUND, code="not-found-out", remedy="作出调查结论以后、报送认定以前办理。")
submitted = at(Stage.SUBMITTED, code="not-submitted", remedy="没有待批准的认定意见。")
determined = at(Stage.DETERMINED, code="not-determined", remedy="认定经领导小组批准以后才能决定。")
decided = at(Stage.DECIDED, code="not-decided", remedy="作出追究决定以后、全部送达以前办理。")
in_effect = at(Stage.NOTIFIED, Stage.APPEALED, code="not-in-effect", remedy="决定全部送达、生效以后才能执行。")
appealed = at(Stage.APPEALED, code="not-appealed", remedy="没有待决定的复核申请。")
fileable = at(Stage.HANDLED, Stage.NOTIFIED, Stage.APPEALED, code="not-fileable", remedy="处理以后或者决定生效以后报备案。")
closable = at(
    Stage.FOUND, Stage.DETERMINED, Stage.NOTIFIED, Stage.HANDLED, code="not-closable", remedy="每个问题都有结论、决定都执行以后才能结案。"
)


def appealable(state: S, given: Given) -> None:
    """Measures were notified; the person concerned may act here, and here alone."""
    live(state, given)
    if state.stage not in (Stage.DECIDED, Stage.NOTIFIED, Stage.APPEALED) or not state.notified:
        raise Refused("not-notified", "决定送达以后才能申请复核。", article="公务员法 第九十五条")


def another(given: Given, done_by: Iterable[str], code: str, sentence: str) -> None:
    """Another person, and for another principal, than those who did something before (X-04)."""
    if given.actor.persons & set(done_by):
        raise Refused(code, sentence, article=IMPARTIAL)


def known_unit(given: Given, unit: str, field: str = "unit") -> None:
    """A unit of the agency."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": field, "sentence": "请选择"}])


def known_people(given: Given, people: Iterable[str], field: str) -> None:
    """Officials of the agency."""
    if not all(given.knows_person(UUID(one)) for one in people):
        raise Invalid("no-such-person", "只能填写本机关登记的人员，请从列表中选择。", fields=[{"field": field, "sentence": "请选择"}])


def investigator(state: S, given: Given) -> None:
    """One of those who were chosen."""
    if given.actor.person not in state.investigators:
        raise Refused("no-investigator", "只有本案的调查人员可以核实和作出调查结论。", article="本局责任追究制度（ZR-05a）")

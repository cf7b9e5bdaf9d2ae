"""The decisions about the register of a year (DX-02a, DX-02b)."""

from collections.abc import Sequence

from services.audit.service_register.events import OwnershipMapped, RegisterConfirmed, RegisterOpened, RoleAssigned, UnitsUpdated
from services.audit.service_register.roles import DUTIES
from services.audit.service_register.state import ServiceRegister
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event

R = ServiceRegister
Events = Sequence[Event]
MECHANISM = "本局党务政务公开制度（DX-02）"


def unconfirmed(state: R, given: Given) -> None:
    """Something has changed since it was confirmed last."""
    if state.confirmed:
        raise Refused("confirmed-already", "本年度责任登记已经确认，没有新的变动。")


def open_register(state: R, given: Given, year: int, units: tuple[str, ...]) -> Events:
    """One a year; not for a year that is far away (DX-02a: yearly)."""
    if state.exists:
        raise Refused("register-exists", f"{state.year} 年的责任登记已经建立，请在其中办理。")
    if not given.today.year - 1 <= year <= given.today.year + 1:
        raise Invalid("year-far", "只能建立上年、本年或者下年的责任登记。", fields=[{"field": "year", "sentence": "请核对年份"}])
    return [RegisterOpened(year=year, units=units)]


def assign_role(state: R, given: Given, role: str, person: str, unit: str, reason: str) -> Events:
    """To a person or a unit, as the duty has it (DX-02a)."""
    duty = DUTIES[role]
    holder, other = (person, unit) if duty.holder == "person" else (unit, person)
    if not holder or other:
        field, what = ("person", "责任人") if duty.holder == "person" else ("unit", "科室")
        raise Invalid("wrong-holder", f"“{duty.title}”由{what}承担，请只填写{what}。", fields=[{"field": field, "sentence": "请填写"}])
    if duty.holder == "unit":
        known_unit(given, holder)
    if state.roles.get(role) == holder:
        raise Refused("same-holder", "登记的就是该责任人，没有变动。")
    if role in state.roles and not reason:
        raise Invalid("reason-missing", "更换责任人须写明理由。", fields=[{"field": "reason", "sentence": "请填写理由"}])
    return [RoleAssigned(role=role, holder=holder, reason=reason)]


def known_unit(given: Given, unit: str) -> None:
    """The agency has this unit."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", f"本机关没有“{unit}”这个科室，请选择现有科室。", fields=[{"field": "unit", "sentence": "请重新选择"}])


def map_ownership(state: R, given: Given, unit: str, items: tuple[str, ...], head: str) -> Events:
    """Each unit owns its items, and one of it answers (DX-02b)."""
    known_unit(given, unit)
    if len(set(items)) < len(items):
        raise Invalid("item-twice", "事项有重复，请合并。", fields=[{"field": "items", "sentence": "有重复"}])
    owner = next((other for other, owned in state.owned.items() if other != unit and set(items) & set(owned.items)), "")
    if owner:
        raise Refused("owned-by-other", f"其中有事项已由科室“{owner}”负责，一件事项只由一个科室负责。", article=MECHANISM)
    made: list[Event] = [] if unit in state.units else [UnitsUpdated(units=(*state.units, unit))]
    return [*made, OwnershipMapped(unit=unit, items=items, head=head)]


def confirm(state: R, units: tuple[str, ...]) -> Events:
    """By the owners themselves, when nothing is missing: the duties, and every unit that there is now (DX-02a, DX-02b)."""
    if state.missing_roles:
        named = "、".join(DUTIES[role].title for role in state.missing_roles)
        raise Refused("role-missing", f"还没有登记：{named}。", article=MECHANISM, remedy="请先登记责任人。")
    without = [unit for unit in units if unit not in state.owned]
    if without:
        raise Refused(
            "unit-without-items",
            f"还有科室没有登记负责的事项：{'、'.join(without)}。",
            article=MECHANISM,
            remedy="请先登记这些科室的事项。",
        )
    changed = set(units) != set(state.units)
    return [*([UnitsUpdated(units=units)] if changed else []), RegisterConfirmed()]

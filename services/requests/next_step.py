"""For whom a request waits, what comes next and who may do it: the clerk's list is sorted by this (Decree 711, Articles 33 and 45; YS-11)."""

from enum import StrEnum
from typing import Any

import msgspec

from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Forbidden
from shared.kernel.running import Running
from shared.law.roles import ROLES


class Waits(StrEnum):
    """For whom an open request waits."""

    OFFICE = "office"
    CONFIRMATION = "confirmation"
    UNIT = "unit"
    APPLICANT = "applicant"
    LAPSED = "lapsed"
    THIRD_PARTY = "third_party"
    REVIEW = "review"
    AGENCIES = "agencies"
    APPROVAL = "approval"
    DELIVERY = "delivery"
    RESUMPTION = "resumption"
    REGISTRATION = "registration"


class Step(msgspec.Struct, frozen=True):
    """Who is waited for, the act that comes next, and the capability that it needs (None: it is done in another service or by others)."""

    waits_for: str
    act: str
    capability: str | None


STEPS: dict[Waits, Step] = {
    Waits.REGISTRATION: Step("待登记", "登记", "requests.register"),
    Waits.CONFIRMATION: Step("待双方确认收到", "确认收到", "requests.confirm_receipt"),
    Waits.OFFICE: Step("待分派", "分派承办科室", "requests.assign"),
    Waits.UNIT: Step("待科室办理", "拟稿", "requests.draft_reply"),
    Waits.APPLICANT: Step("等申请人", "等待补正或者缴费", None),
    Waits.LAPSED: Step("申请人逾期", "核实有无正当理由后终结", "requests.lapse"),
    Waits.THIRD_PARTY: Step("等第三方", "登记第三方意见", "requests.record_third_party"),
    Waits.REVIEW: Step("等保密审查", "在“保密审查”中办理", None),
    Waits.AGENCIES: Step("等其他机关", "在“协调确认”中办理", None),
    Waits.APPROVAL: Step("待审批", "审批答复", "requests.approve_reply"),
    Waits.DELIVERY: Step("待送达", "送达答复", "requests.deliver"),
    Waits.RESUMPTION: Step("期限中止", "恢复期限", "requests.resume"),
}
"""What comes next, by for whom it waits."""

STEP = """CASE WHEN concluded_on IS NOT NULL OR stage IN ('delivered', 'lapsed', 'withdrawn', 'voided', 'merged') THEN NULL
    WHEN stage IN ('amending', 'unpaid') THEN CASE WHEN waiting_until < %(today)s THEN 'lapsed' ELSE 'applicant' END
    WHEN stage = 'assigned' AND opinion_due IS NOT NULL THEN 'third_party'
    ELSE CASE stage WHEN 'received' THEN 'registration' WHEN 'unconfirmed' THEN 'confirmation' WHEN 'registered' THEN 'office'
        WHEN 'assigned' THEN 'unit' WHEN 'in_review' THEN 'review' WHEN 'coordinating' THEN 'agencies' WHEN 'drafted' THEN 'approval'
        WHEN 'approved' THEN 'delivery' WHEN 'suspended' THEN 'resumption' END END"""
"""For whom a row waits; NULL where it has ended."""

CASES = f"(SELECT *, {STEP} AS step FROM views.cases WHERE agency = %(agency)s) AS cases"

MINE = "(step = ANY(%(steps)s) OR step || '/' || unit = ANY(%(unit_steps)s))"
"""Rows whose next act this person may do: in the whole agency, or in a unit."""

WEEK = "(due BETWEEN %(today)s AND %(sunday)s AND running AND concluded_on IS NULL)"

OVERDUE = "(due < %(today)s AND running AND concluded_on IS NULL)"


def open_to(running: Running, who: SignedIn, agency: AgencyFacts) -> dict[str, list[str]]:
    """The steps that this person may take, as parameters of `MINE`: in the whole agency, and as step/unit."""
    whole, of_units = [], []
    for waits, step in STEPS.items():
        if step.capability is None or waits is Waits.THIRD_PARTY:
            continue
        try:
            units = running.doorkeeper.reach(who, step.capability, agency)
        except Forbidden:
            continue
        if units is None:
            whole.append(str(waits))
        else:
            of_units += [f"{waits}/{unit}" for unit in sorted(units)]
    return {"steps": whole, "unit_steps": of_units}


def told(running: Running, agency: AgencyFacts, step: str | None) -> dict[str, Any] | None:
    """What a row waits for, what comes next, and the roles that may do it under the agency's rulebook; None where it has ended."""
    if step is None:
        return None
    one = STEPS[Waits(step)]
    roles = running.doorkeeper.laws(agency).rulebook.grantees(one.capability).roles if one.capability else ()
    return {"waits_for": one.waits_for, "act": one.act, "by": [ROLES[role].title for role in roles if role in ROLES]}

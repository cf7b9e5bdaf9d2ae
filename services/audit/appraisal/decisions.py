"""The decisions of the leading group about an appraisal (KH-01, KH-04, KH-05, ZR-06.4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.audit.appraisal.events import (
    AppraisalCancelled,
    AppraisalNotified,
    AppraisalOpened,
    AppraisalPlanned,
    AppraisalScopeSet,
    Graded,
    GradesSettled,
)
from services.audit.appraisal.scheme import SCHEME, points_told
from services.audit.appraisal.state import Appraisal, Stage
from services.audit.unit_appraisal.events import GradeAssigned, UnitAppraisalCancelled, UnitAppraisalOpened
from services.audit.unit_appraisal.state import UnitAppraisal, unit_appraisal
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused, Unavailable
from shared.kernel.events import Event

A = Appraisal
Events = Sequence[Event | On]
GROUP = "本局考核制度（KH-01）"
OBJECTS = "本局考核制度（KH-05）"
EXCELLENCE = "本局责任追究制度（ZR-06.4）"


def preparing(state: A, given: Given) -> None:
    """The units were not told yet."""
    if state.stage not in (Stage.OPENED, Stage.SCOPED, Stage.PLANNED):
        raise Refused("notified-already", "考核通知已经发出，对象和方案不能再改。", article=OBJECTS)


def scoped(state: A, given: Given) -> None:
    """It is known who is appraised."""
    preparing(state, given)
    if not state.units:
        raise Refused("no-scope", "还没有确定考核对象。", article=OBJECTS)


def planned(state: A, given: Given) -> None:
    """There is a plan."""
    scoped(state, given)
    if not state.plan:
        raise Refused("no-plan", "还没有制定考核方案。")


def scoring(state: A, given: Given) -> None:
    """The units were told, and nothing is settled."""
    if state.stage is not Stage.SCORING:
        told = "考核等次已经审定。" if state.stage is Stage.SETTLED else "考核通知发出并评分以后，才能审定等次。"
        raise Refused("not-scoring", told, article=GROUP)


def unsettled(state: A, given: Given) -> None:
    """It can still be cancelled."""
    if state.stage in (Stage.SETTLED, Stage.CANCELLED):
        raise Refused("ended", "考核已经结束，不能取消。")


def open_appraisal(state: A, given: Given, year: int, scope: str, purpose: str) -> Events:
    """One a year and scope, again only where it was cancelled; of a year that has begun."""
    if state.exists and state.stage is not Stage.CANCELLED:
        raise Refused("appraisal-exists", f"{year} 年的该类考核已经启动，请在其中办理。")
    if not given.today.year - 1 <= year <= given.today.year:
        raise Invalid("year-far", "只能考核本年或者上年。", fields=[{"field": "year", "sentence": "请核对年份"}])
    if scope == "focused" and not purpose:
        raise Invalid("purpose-missing", "重点考核须写明重点。", article=OBJECTS, fields=[{"field": "purpose", "sentence": "请填写"}])
    return [AppraisalOpened(year=year, scope=scope, since=date(year, 1, 1), until=date(year, 12, 31), purpose=purpose)]


def set_scope(state: A, given: Given, chosen: tuple[str, ...], all_units: tuple[str, ...], reason: str) -> Events:
    """All units in a full appraisal, those that the group chooses in a focused one (KH-05)."""
    if state.scope == "full" and chosen:
        raise Invalid(
            "full-scope", "普遍考核的对象是全部科室，不用选择。", article=OBJECTS, fields=[{"field": "units", "sentence": "请留空"}]
        )
    if state.scope == "focused" and not chosen:
        raise Invalid("units-missing", "重点考核须确定考核的科室。", article=OBJECTS, fields=[{"field": "units", "sentence": "请填写科室"}])
    units = tuple(dict.fromkeys(chosen or all_units))
    if not units:
        raise Refused("no-units", "本机关还没有科室。", remedy="请系统管理员先设立科室。")
    unknown = [unit for unit in units if not given.knows_unit(unit)]
    if unknown:
        raise Invalid("no-such-unit", f"本机关没有这些科室：{'、'.join(unknown)}。", fields=[{"field": "units", "sentence": "请重新填写"}])
    return [AppraisalScopeSet(units=units, reason=reason)]


def plan(state: A, given: Given, text: str, team: tuple[str, ...], self_check_by: date) -> Events:
    """How, by whom, and until when the units check themselves."""
    if self_check_by < given.today:
        raise Invalid(
            "self-check-past", "自查截止日期不能早于今天。", fields=[{"field": "self_check_by", "sentence": "请填写今天以后的日期"}]
        )
    return [AppraisalPlanned(plan=text, team=team, self_check_by=self_check_by)]


def notify(state: A, ids: Mapping[str, UUID]) -> Events:
    """One notice to every unit: what is appraised of it, and until when it checks itself."""
    assert state.since is not None
    assert state.until is not None
    assert state.self_check_by is not None
    each = [
        On(
            unit_appraisal,
            ids[unit],
            UnitAppraisalOpened(
                appraisal=state.id, unit=unit, year=state.year, scope=state.scope, since=state.since, until=state.until,
                self_check_by=state.self_check_by,
            ),
        )
        for unit in state.units
    ]  # fmt: skip
    return [AppraisalNotified(units=state.units), *each]


def settle(state: A, units: Sequence[UnitAppraisal], changes: Mapping[str, tuple[str, str]], revoked: Mapping[str, str] | None) -> Events:
    """The grade of each unit: by its total, or by the group with a reason; never the best where excellence was revoked that year (ZR-06.4).

    `changes`: unit → grade and reason; `revoked`: unit → the ledger's position of the revocation.
    """
    if revoked is None:
        raise Unavailable("ledger-unreachable", "暂时无法从总账核对评优资格，请稍后再审定。")
    for one in units:
        check_scored(one)
    strangers = set(changes) - {one.unit for one in units}
    if strangers:
        raise Invalid(
            "not-appraised", f"不在考核对象之内：{'、'.join(sorted(strangers))}。", fields=[{"field": "changes", "sentence": "请核对"}]
        )
    made: list[Event | On] = []
    grades = []
    for one in units:
        graded = grade(one, changes.get(one.unit), revoked.get(one.unit, ""))
        grades.append(graded)
        made.append(
            On(
                unit_appraisal,
                one.id,
                GradeAssigned(total=graded.total, grade=graded.grade, reason=graded.reason, barred_by=graded.barred_by),
            )
        )
    return [GradesSettled(grades=tuple(grades)), *made]


def check_scored(one: UnitAppraisal) -> None:
    """All four standards are scored, and what the unit objected to is answered."""
    unscored = [SCHEME.standards[key].title for key in SCHEME.standards if key not in one.scores]
    if unscored:
        raise Refused("unscored", f"科室“{one.unit}”还有标准没有评分：{'、'.join(unscored)}。", article="本局考核制度（KH-03）")
    if one.correction is not None:
        raise Refused("correction-open", f"科室“{one.unit}”对评分提出的异议还没有答复。", remedy="请先答复异议，再审定等次。")
    if one.to_rescore:
        named = "、".join(SCHEME.standards[key].title for key in sorted(one.to_rescore))
        raise Refused("rescore-open", f"科室“{one.unit}”的异议已经采纳，请先重新评分：{named}。")


def grade(one: UnitAppraisal, change: tuple[str, str] | None, barred_by: str) -> Graded:
    """What a unit is given."""
    total = SCHEME.total(one.scores)
    given_by_total = SCHEME.grade_of(total)
    wanted, reason = change or (given_by_total, "")
    if wanted != given_by_total and not reason:
        raise Invalid("reason-missing", "等次与总分不一致的，须写明理由。", fields=[{"field": "changes", "sentence": "请填写理由"}])
    if barred_by and wanted == SCHEME.best:
        if change is not None:
            raise Refused("excellence-revoked", f"科室“{one.unit}”本年度已被取消评优资格，不能评为优秀。", article=EXCELLENCE)
        wanted = list(SCHEME.grades)[1]
        reason = f"总分 {points_told(total)}，本年度已被取消评优资格（{barred_by}）"
    return Graded(unit=one.unit, total=total, grade=wanted, reason=reason, barred_by=barred_by)


def cancel(state: A, ids: Mapping[str, UUID], reason: str) -> Events:
    """Nothing was settled: it is not carried out, and every unit that was told is told so."""
    told = (
        [On(unit_appraisal, ids[unit], UnitAppraisalCancelled(reason=reason)) for unit in state.units]
        if state.stage is Stage.SCORING
        else []
    )
    return [AppraisalCancelled(reason=reason), *told]

"""The catalogue: classes, audiences and channels, due dates by cadence, and what was missed."""

from datetime import date
from typing import Any, cast

import pytest
from pydantic import ValidationError

from services.publishing.catalogue_entry.classes import CLASSES, periods_ended
from services.publishing.catalogue_entry.commands import (
    DefineEntry,
    EndStage,
    MissPublication,
    OpenPeriods,
    RetireEntry,
    ReviseEntry,
)
from services.publishing.catalogue_entry.events import (
    EntryDefined,
    EntryRetired,
    EntryRevised,
    PeriodPublished,
    PublicationDue,
    PublicationMissed,
)
from services.publishing.catalogue_entry.state import CatalogueEntry, catalogue_entry
from tests.specification import CASE, Specification, given
from tests.unit.publishing.items import SYSTEM

START = date(2025, 1, 2)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def said(**changes: Any) -> dict[str, Any]:
    """What is said of an ordinary entry."""
    fields = {
        "name": "部门预算",
        "category": "finance",
        "sphere": "government",
        "basis": "国令711 第二十条第七项",
        "unit": "zonghe",
        "audience": "external",
        "cadence": "quarter",
        "channels": ("portal",),
    }
    return {**fields, **changes}


def defined(book: str = "decree-711", **changes: Any) -> Specification:
    """An entry of the catalogue."""
    return given(catalogue_entry, day=START).on(START).under(book).when(DefineEntry(**said(**changes))).later()


def periods(case: Specification) -> list[tuple[str, date]]:
    """Each period that came due, and its day."""
    return [(period.name, period.due) for period in cast("CatalogueEntry", case.state).periods]


@pytest.mark.rule("DX-04.1", "DX-04.2", "DX-04.3", "DX-04.4", "DX-04.5", "WZ-3.1", "WZ-3.2", "WZ-3.3", "KH-02.1")
@pytest.mark.parametrize("category", CLASSES)
def test_every_class_has_its_place_in_the_catalogue(category: str) -> None:
    given(catalogue_entry).when(DefineEntry(**said(category=category))).then(EntryDefined(**said(category=category)))


@pytest.mark.rule("DX-05a", "DX-05b")
def test_an_entry_is_external_internal_or_both_and_its_channels_follow() -> None:
    given(catalogue_entry).when(DefineEntry(**said(channels=("portal", "handbook")))).refused("channel-not-for-audience")
    given(catalogue_entry).when(DefineEntry(**said(audience="internal", channels=("portal",)))).refused("channel-not-for-audience")
    given(catalogue_entry).when(DefineEntry(**said(audience="internal", channels=("staff_meeting",)))).records(EntryDefined)
    given(catalogue_entry).when(DefineEntry(**said(audience="both", channels=("portal", "handbook")))).records(EntryDefined)
    with pytest.raises(ValidationError, match="channels"):
        DefineEntry(**said(channels=()))


@pytest.mark.rule("DX-07", "KH-02.3d", "X-02")
@pytest.mark.parametrize(
    ("cadence", "names"),
    [
        ("year", ["2025"]),
        ("half_year", ["2025-H1", "2025-H2"]),
        ("quarter", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
        ("month", [f"2025-{month:02}" for month in range(1, 13)]),
        ("staged", []),
        ("at_once", []),
    ],
)
@BOOKS
def test_each_cadence_makes_its_due_dates(cadence: str, names: list[str], book: str) -> None:
    after = defined(book, cadence=cadence).on(date(2026, 1, 4)).when(OpenPeriods(), by=SYSTEM).later()
    assert [name for name, _ in periods(after)] == names
    assert after.when(OpenPeriods(), by=SYSTEM).events == [], "each once"


@pytest.mark.rule("DX-07", "X-02")
@pytest.mark.parametrize(("book", "due"), [("decree-711", date(2025, 4, 28)), ("bureau-2019", date(2025, 4, 15))])
def test_a_period_is_due_in_working_days_from_its_end(book: str, due: date) -> None:
    after = defined(book).on(date(2025, 4, 1)).when(OpenPeriods(), by=SYSTEM).records(PublicationDue).later()
    assert periods(after) == [("2025-Q1", due)]


@pytest.mark.rule("KH-02.3d")
def test_a_stage_that_ends_comes_due() -> None:
    case = defined(cadence="staged").on(date(2025, 9, 22))
    ended = case.when(EndStage(stage="立项")).records(PublicationDue).later()
    assert periods(ended) == [("立项", date(2025, 10, 24))]
    ended.when(EndStage(stage="立项")).refused("stage-ended-already")
    defined().when(EndStage(stage="立项")).refused("not-staged")


@pytest.mark.rule("DX-07")
def test_what_was_not_published_by_its_day_is_missed_once() -> None:
    case = defined().on(date(2025, 8, 1)).when(OpenPeriods(), by=SYSTEM).later()
    after = case.when(MissPublication(), by=SYSTEM)
    after.then(PublicationMissed(period="2025-Q1", due=date(2025, 4, 28)), PublicationMissed(period="2025-Q2", due=date(2025, 7, 28)))
    assert after.later().when(MissPublication(), by=SYSTEM).events == []


@pytest.mark.rule("DX-07")
def test_what_was_published_is_not_missed() -> None:
    due = defined().on(date(2025, 4, 1)).when(OpenPeriods(), by=SYSTEM).events
    entry = given(catalogue_entry, EntryDefined(**said()), *due, PeriodPublished(period="2025-Q1", publication=CASE), day=START)
    assert entry.on(date(2025, 5, 6)).when(MissPublication(), by=SYSTEM).events == []


@pytest.mark.rule("KH-02.1")
def test_the_catalogue_is_kept_current() -> None:
    case = defined()
    case.when(ReviseEntry(**said(), reason="没有变化")).refused("nothing-revised")
    revised = case.on(date(2025, 5, 12)).when(ReviseEntry(**said(cadence="month"), reason="按月公开")).records(EntryRevised).later()
    opened = revised.on(date(2025, 7, 1)).when(OpenPeriods(), by=SYSTEM).later()
    assert [name for name, _ in periods(opened)] == ["2025-05", "2025-06"], "the new cadence counts from its day"
    retired = opened.when(RetireEntry(reason="职能划出")).then(EntryRetired(reason="职能划出")).later()
    assert retired.on(date(2025, 9, 1)).when(OpenPeriods(), by=SYSTEM).events == []
    retired.when(ReviseEntry(**said(), reason="恢复")).refused("entry-retired")


@pytest.mark.rule("DX-07")
def test_a_period_ends_with_its_last_day() -> None:
    assert periods_ended("month", START, date(2025, 1, 31)) == []
    assert [span.name for span in periods_ended("month", START, date(2025, 2, 1))] == ["2025-01"]

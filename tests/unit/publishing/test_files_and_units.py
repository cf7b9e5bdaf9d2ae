"""What a command may name: files that the platform has, and units that the agency has."""

from datetime import date
from typing import Any

import pytest

from services.publishing.catalogue_entry.commands import DefineEntry, ReviseEntry
from services.publishing.catalogue_entry.state import catalogue_entry
from services.publishing.consultation.commands import ProposeMatter
from services.publishing.consultation.state import consultation
from services.publishing.interpretation.commands import DraftPlan
from services.publishing.interpretation.state import interpretation, interpretation_id
from services.publishing.publication.commands import FileIn
from services.publishing.publication.events import PublicationDrafted
from services.publishing.publication.request_commands import TakeUp, taken_up_id
from services.publishing.publication.state import publication
from shared.kernel.commands import Command
from shared.kernel.identity import derived_id
from tests.specification import Specification, given
from tests.unit.publishing.items import DRAFTER, MADE_ON, SYSTEM, attaching, content, information, made, online

FILE = FileIn(name="目录.pdf", sha256="ab" * 32, size=20_480)
REQUEST = derived_id("test", "request")
UNITS = {"unit": "zonghe"}
ENTRY: dict[str, Any] = {
    "name": "部门预算", "category": "finance", "sphere": "government", "basis": "国令711 第二十条", "audience": "external", "cadence": "year",
    "channels": ("portal",), **UNITS,
}  # fmt: skip


@pytest.mark.rule("WZ-4.1", "BM-03b")
def test_a_draft_names_only_files_that_the_platform_has() -> None:
    decided = made().when(online()).later()
    refusal = decided.when(content(files=(FILE,)), by=DRAFTER).refused("file-not-held")
    assert "请先在本页" in refusal.sentence
    kept = decided.when(attaching(FILE), by=DRAFTER).later()
    kept.when(content(files=(FILE,)), by=DRAFTER).records(PublicationDrafted)
    kept.when(content(files=(FILE.model_copy(update={"name": "政务服务事项目录.PDF"}),)), by=DRAFTER).records(PublicationDrafted)
    for change in ({"sha256": "cd" * 32}, {"size": 1}):
        kept.when(content(files=(FILE.model_copy(update=change),)), by=DRAFTER).refused("file-not-held")
    kept.when(content(files=(FILE.model_copy(update={"name": "目录.exe"}),)), by=DRAFTER).refused("file-ending-differs")


@pytest.mark.rule("KH-02.3a")
def test_what_went_out_with_a_reply_need_not_be_uploaded_again() -> None:
    start = given(publication, id=taken_up_id(REQUEST), day=MADE_ON).on(MADE_ON)
    taken = start.when(TakeUp(request=REQUEST, title="采购合同", unit="zonghe", files=(FILE,)), by=SYSTEM).later()
    taken.when(online()).later().when(content(files=(FILE,)), by=DRAFTER).records(PublicationDrafted)


def fresh(kind: Any) -> Specification:
    """Nothing yet, in an agency that has two units."""
    return given(kind, day=MADE_ON).on(MADE_ON)


def plan() -> tuple[Specification, Command]:
    """A plan for a normative document."""
    document = made(kind="normative").state
    said = {
        "document": document.id,
        "outline": "背景和内容",
        "forms": ("questions",),
        "ways": ("portal",),
        "planned_for": date(2025, 9, 25),
    }
    return given(interpretation, id=interpretation_id(document.id), day=MADE_ON).on(MADE_ON).beside(document), DraftPlan(**said, **UNITS)


@pytest.mark.parametrize(
    ("start", "command"),
    [
        (fresh(publication), information(**UNITS)),
        (fresh(catalogue_entry), DefineEntry(**ENTRY)),
        (fresh(catalogue_entry).when(DefineEntry(**ENTRY)).later(), ReviseEntry(**{**ENTRY, "cadence": "quarter"}, reason="按季公开")),
        (fresh(consultation), ProposeMatter(title="办事大厅搬迁", impact="limited", **UNITS)),
        plan(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_unit_that_the_agency_does_not_have_is_responsible_for_nothing(start: Specification, command: Command) -> None:
    assert start.with_units("zonghe").when(command, by=DRAFTER).events
    refusal = start.with_units("touzi").when(command, by=DRAFTER).refused("no-such-unit")
    assert "zonghe" in refusal.sentence

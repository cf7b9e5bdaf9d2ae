"""An annual report as it stands, and how each event changes it."""

import hashlib
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.audit.annual_report import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id


class Stage(StrEnum):
    """Where a report stands."""

    OPENED = "opened"
    DRAFTED = "drafted"
    COUNTED = "counted"
    FROZEN = "frozen"
    PUBLISHED = "published"


TITLES: dict[Stage, str] = {
    Stage.OPENED: "待起草",
    Stage.DRAFTED: "待算数",
    Stage.COUNTED: "待审定",
    Stage.FROZEN: "待公布",
    Stage.PUBLISHED: "已公布",
}

KINDS = {"own_agency": "本机关", "whole_government": "本级政府"}
"""Whose report it is; on that depends the day by which it is published."""


class AnnualReport(State, frozen=True):
    """A report as it stands. `hash` names text and numbers together: what is approved."""

    agency: str = ""
    year: int = 0
    kind: str = "own_agency"
    due: date | None = None
    sections: e.Sections = e.Sections()
    drafted: bool = False
    drafted_by: tuple[str, ...] = ()
    counted: e.AnnualReportCounted | None = None
    hash: str = ""
    stage: Stage = Stage.OPENED
    published: int = 0
    published_on: date | None = None
    reminded: bool = False
    missed: bool = False
    correcting: str = ""


annual_report: Aggregate[AnnualReport] = Aggregate("audit.AnnualReport", AnnualReport)
evolves = annual_report.evolves
N = AnnualReport


def annual_report_id(agency: str, year: int) -> UUID:
    """The one report of an agency and year."""
    return derived_id("audit", "annual-report", agency, year)


def digest(sections: e.Sections, numbers: str) -> str:
    """The SHA-256 that names these words with these numbers."""
    return hashlib.sha256(msgspec.json.encode([msgspec.to_builtins(sections), numbers])).hexdigest()


@evolves(e.AnnualReportOpened)
def opened(state: N, event: e.AnnualReportOpened, meta: Meta) -> N:
    """It is to be made."""
    return replace(state, agency=meta.agency, year=event.year, kind=event.kind, due=event.due)


@evolves(e.AnnualReportDrafted)
def drafted(state: N, event: e.AnnualReportDrafted, meta: Meta) -> N:
    """Its words; numbers that stand have to be approved with these words."""
    numbers = state.counted.hash if state.counted is not None else ""
    return replace(
        state,
        sections=event.sections,
        kind=event.kind,
        due=event.due,
        drafted=True,
        drafted_by=tuple(sorted({*state.drafted_by, *meta.actor.persons})),
        hash=digest(event.sections, numbers) if numbers else "",
        stage=Stage.DRAFTED,
    )


@evolves(e.AnnualReportCounted)
def counted(state: N, event: e.AnnualReportCounted, meta: Meta) -> N:
    """Its numbers."""
    return replace(
        state,
        counted=event,
        drafted_by=tuple(sorted({*state.drafted_by, *meta.actor.persons})),
        hash=digest(state.sections, event.hash),
        stage=Stage.COUNTED if state.drafted else state.stage,
    )


@evolves(e.AnnualReportFrozen)
def frozen(state: N, _event: e.AnnualReportFrozen, _meta: Meta) -> N:
    """It may be published."""
    return replace(state, stage=Stage.FROZEN)


@evolves(e.AnnualReportReturned)
def returned(state: N, _event: e.AnnualReportReturned, _meta: Meta) -> N:
    """To be changed."""
    return replace(state, stage=Stage.DRAFTED)


@evolves(e.AnnualReportPublished)
def published(state: N, event: e.AnnualReportPublished, meta: Meta) -> N:
    """It is public."""
    return replace(
        state, stage=Stage.PUBLISHED, published=event.version, published_on=state.published_on or meta.effective_on, correcting=""
    )  # fmt: skip


@evolves(e.AnnualReportCorrected)
def corrected(state: N, event: e.AnnualReportCorrected, _meta: Meta) -> N:
    """Made again, by whoever drafts now."""
    return replace(state, stage=Stage.OPENED, drafted=False, drafted_by=(), counted=None, hash="", correcting=event.reason)


@evolves(e.AnnualReportReminded)
def reminded(state: N, _event: e.AnnualReportReminded, _meta: Meta) -> N:
    """Told once."""
    return replace(state, reminded=True)


@evolves(e.AnnualReportMissed, e.AnnualReportMissWithdrawn)
def missed(state: N, event: Event, _meta: Meta) -> N:
    """Late, or not after all."""
    return replace(state, missed=isinstance(event, e.AnnualReportMissed))

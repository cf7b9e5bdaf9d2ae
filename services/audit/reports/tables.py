"""Tables three and four of the national annual report, made by replaying the ledger: every number comes from events, no one types one.

A request counts once: as newly received in the year of its receipt, under its result in the year it ended, and as carried over between. Voided
registrations and merged duplicates never were requests. A reply that was overturned and made again does not end the request a second time: what was
counted stands, and the correction shows in table four, where a reconsideration or suit counts under its result in the year of the decision, and as
pending at the end of each year before.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.reports.form import AFTER, DIRECT, RECONSIDERATION, form

KINDS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
"""The columns of table three, before the total."""

ROWS = """SELECT originator_id, topic, state FROM ledger
    WHERE source = 'requests' AND agency = %s AND position <= %s AND split_part(topic, ':', 1) = ANY(%s) ORDER BY position"""
"""The events of an agency's requests up to a position of their log, in its order; those of other types than the report counts stay in the server."""


class _Data(msgspec.Struct, frozen=True):
    """The fields that the report reads, of whichever event has them."""

    received_on: date | None = None
    applicant_kind: str | None = None
    outcome: str | None = None
    number: int = 0
    filed_on: date | None = None
    after: int | None = None
    result: str | None = None
    decided_on: date | None = None
    yuan: int = 0


class _Event(msgspec.Struct, frozen=True):
    """As much of an envelope as the report reads."""

    effective_on: date
    data: _Data


class Remedy(msgspec.Struct):
    """What the report knows of a reconsideration or a suit: which row of table four it stands in, and what came of it."""

    row: str
    filed_on: date
    result: str | None = None
    decided_on: date | None = None


class Fee(msgspec.Struct):
    """A fee notice: when it was sent, how much it asks for (yuan), and when that was paid."""

    sent_on: date
    yuan: int
    paid_on: date | None = None


class Request(msgspec.Struct):
    """What the report knows of a request."""

    received_on: date
    kind: str
    outcome: str | None = None
    concluded_on: date | None = None
    counts: bool = True
    remedies: dict[int, Remedy] = msgspec.field(default_factory=dict)
    fee: Fee | None = None


_decoder = msgspec.json.Decoder(_Event)

ENDS = frozenset({"requests.ReplyDelivered", "requests.AmendmentLapsed", "requests.FeeLapsed", "requests.RequestWithdrawn"})
REMEDIES = frozenset(
    {
        "requests.ReconsiderationFiled",
        "requests.LitigationFiled",
        "requests.ReconsiderationConcluded",
        "requests.LitigationConcluded",
        "requests.RemedyResultCorrected",
        "requests.RemedyVoided",
    }
)
NEVER = frozenset({"requests.RequestVoided", "requests.RequestMerged"})
FEES = frozenset({"requests.FeeAssessed", "requests.FeePaid"})
COUNTED = sorted({"requests.RequestReceived", "requests.FactsCorrected", *ENDS, *REMEDIES, *NEVER, *FEES})
"""The types of the events that the report counts."""

STREAMED = 1000
"""Rows that are taken from the server at once."""


RESULTS = ("upheld", "overturned", "other_result")
"""The columns of table four, before what is pending and the total."""


def fold(rows: Iterable[tuple[UUID, str, bytes]]) -> dict[UUID, Request]:
    """The requests of these ledger rows, in the order of their log."""
    requests: dict[UUID, Request] = {}
    for id, topic, state in rows:
        type_ = topic.rpartition(":")[0]
        if type_ == "requests.RequestReceived":
            data = _decoder.decode(state).data
            assert data.received_on is not None
            assert data.applicant_kind is not None
            requests[id] = Request(data.received_on, data.applicant_kind)
        elif type_ in ENDS:
            ended = _decoder.decode(state)
            if requests[id].outcome is None:
                requests[id].outcome, requests[id].concluded_on = ended.data.outcome, ended.effective_on
        elif type_ in REMEDIES:
            _remedy(requests[id].remedies, type_, _decoder.decode(state).data)
        elif type_ in NEVER:
            requests[id].counts = False
        elif type_ == "requests.FactsCorrected":
            data = _decoder.decode(state).data
            requests[id].received_on = data.received_on or requests[id].received_on
            requests[id].kind = data.applicant_kind or requests[id].kind
        elif type_ in FEES:
            _fee(requests[id], type_, _decoder.decode(state))
    return requests


def _fee(request: Request, type_: str, event: _Event) -> None:
    if type_ == "requests.FeeAssessed":
        request.fee = Fee(event.effective_on, event.data.yuan)
    elif request.fee is not None:
        request.fee.paid_on = event.effective_on


def _remedy(remedies: dict[int, Remedy], type_: str, data: _Data) -> None:
    if type_ == "requests.RemedyVoided":
        del remedies[data.number]
    elif type_.endswith("Filed"):
        assert data.filed_on is not None
        row = RECONSIDERATION if type_ == "requests.ReconsiderationFiled" else DIRECT if data.after is None else AFTER
        remedies[data.number] = Remedy(row, data.filed_on)
    else:
        remedies[data.number].result, remedies[data.number].decided_on = data.result, data.decided_on


def table_four(requests: Iterable[Request], year: int) -> dict[str, list[int]]:
    """Table four of a year: what was decided in it by its result, what was pending at its end, and the total, for each of its three rows."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cells = {row: [0] * 5 for row in (RECONSIDERATION, DIRECT, AFTER)}
    for remedy in (remedy for request in requests if request.counts for remedy in request.remedies.values()):
        decided = remedy.decided_on
        if remedy.filed_on > last or (decided is not None and decided < first):
            continue
        column = 3 if decided is None or decided > last else RESULTS.index(remedy.result or "")
        cells[remedy.row][column] += 1
        cells[remedy.row][4] += 1
    return cells


def table_three(requests: Iterable[Request], year: int) -> list[dict[str, Any]]:
    """Table three of a year: its 25 rows, each with six columns and their total."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cells: dict[str, list[int]] = {row["key"]: [0] * 6 for row in form()["table3"]}
    for request in requests:
        if not request.counts or request.received_on > last:
            continue
        column = KINDS.index(request.kind)
        ended = request.concluded_on
        if ended is not None and ended < first:
            continue
        cells["new_received" if request.received_on >= first else "carried_over"][column] += 1
        if ended is None or ended > last:
            cells["carried_forward"][column] += 1
        else:
            assert request.outcome is not None
            cells[request.outcome][column] += 1
            cells["r7_total"][column] += 1
    return [{"key": row["key"], "label": row["label"], "values": [*cells[row["key"]], sum(cells[row["key"]])]} for row in form()["table3"]]


def requests_of(connection: psycopg.Connection[Any], agency: str, upto: int) -> dict[UUID, Request]:
    """The requests of an agency as its log had them at this position."""
    # Streamed, so that a year of a whole city takes the memory of its requests, and not of its events.
    return fold(connection.cursor(row_factory=tuple_row).stream(ROWS, (agency, upto, list(COUNTED)), binary=True, size=STREAMED))

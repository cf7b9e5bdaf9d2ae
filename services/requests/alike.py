"""Requests of one person, and requests for the same: found, and shown to who works on a case (国令711 第三十五条、第三十六条第六项).

A duty of the worker reads the log and keeps keyed hashes of who asks and for what (table `alike`); what is compared beyond that is opened for the
moment. Whether a request repeats another is for a person to say.
"""

import asyncio
import hmac
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import structlog
from fastapi import APIRouter, Request, Response

from services.requests.disclosure_request.events import RequestAmended, RequestReceived
from services.requests.disclosure_request.state import TITLES, DisclosureRequest, Stage, disclosure_request
from shared.kernel.errors import NotFound
from shared.kernel.events import Event, Recorded
from shared.kernel.leading import Leading
from shared.kernel.routes import PROBLEMS, answer, load, signed_in
from shared.kernel.running import Running
from shared.search.words import plain, words_of
from shared.trust.keys import KeyUnavailable
from shared.trust.personal import Personal
from shared.trust.sealing import Erased

log = structlog.get_logger("gongkai.alike")

BATCH = 500

SHOWN = 50
"""Requests that are compared and shown."""

YEAR_DAYS = 365

KINDS: tuple[type[Event], ...] = (RequestReceived, RequestAmended)

STORE = """INSERT INTO alike (request, agency, received_on, person_key, identity, named, content) VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (request) DO UPDATE SET identity = excluded.identity, named = excluded.named, content = excluded.content"""

FOUND = """WITH mine AS (SELECT * FROM alike WHERE request = %(request)s AND agency = %(agency)s)
    SELECT a.request, a.received_on, c.number, c.stage, c.outcome, c.concluded_on,
        coalesce(a.identity = m.identity, false) OR a.named = m.named AS same_person, a.content = m.content AS same_content
    FROM mine m JOIN alike a ON a.agency = m.agency AND a.request <> m.request
        AND (a.identity = m.identity OR a.named = m.named OR a.content = m.content)
    JOIN views.cases c ON c.id = a.request
    ORDER BY same_person DESC, a.received_on DESC, a.request DESC LIMIT %(limit)s"""

COUNTED = """SELECT count(*) AS many FROM alike m JOIN alike a ON a.agency = m.agency AND (a.identity = m.identity OR a.named = m.named)
    WHERE m.request = %(request)s AND m.agency = %(agency)s AND a.received_on BETWEEN m.received_on - %(days)s::int AND m.received_on"""


class Alike(NamedTuple):
    """Another request: of the same person, or for the same. `likeness`: how much of both contents is common, in percent; None where it is not known."""

    id: UUID
    number: str
    received_on: date
    stage: str
    outcome: str | None
    same_person: bool
    likeness: int | None


class Company(NamedTuple):
    """What is known beside a request. `in_year`: requests of the same person in the year up to its receipt, itself among them."""

    in_year: int
    others: tuple[Alike, ...]


class Finder(Leading):
    """Reads the log of requests and keeps the hashes: a duty of the worker, one at a time on the whole platform."""

    lock = 7412
    seconds = 2.0

    async def look(self) -> int:
        """Reads on, at most a batch; returns how many rows of the log it read."""
        return await asyncio.to_thread(self._look)

    def _look(self) -> int:
        master = self.running.keys.master
        with psycopg.connect(self.running.dsn) as connection:
            position = self._begun(connection, master.fingerprint())
            self._forget(connection)
            rows = self.running.log.rows.read(position, BATCH)
            if not rows:
                self.lag = 0
                return 0
            wanted = {cls.spec.type for cls in KINDS}
            read = [row.recorded() for row in rows if row.topic.rpartition(":")[0] in wanted]
            self._keep(connection, read, master.derived(b"alike"))
            connection.execute("UPDATE alike_read SET position = %s", (rows[-1].position,))
        self.lag = max(self.running.pipeline.last - rows[-1].position, 0)
        return len(rows)

    def _begun(self, connection: psycopg.Connection[Any], key: str) -> int:
        """How far it was read with this key; where there is another, or the log is shorter than that, all begins anew."""
        row = connection.execute("SELECT position, key FROM alike_read").fetchone()
        last = connection.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
        assert last is not None
        if row is not None and row[1] == key and row[0] <= last[0]:
            return int(row[0])
        connection.execute("DELETE FROM alike")
        connection.execute(
            "INSERT INTO alike_read (position, key) VALUES (0, %s) ON CONFLICT (one) DO UPDATE SET position = 0, key = excluded.key", (key,)
        )
        return 0

    def _forget(self, connection: psycopg.Connection[Any]) -> None:
        """Whose data was erased is found no more."""
        connection.execute("DELETE FROM alike WHERE person_key = ANY(%s)", (self.running.keys.destroyed(),))

    def _keep(self, connection: psycopg.Connection[Any], read: Sequence[Recorded], key: bytes) -> None:
        values = [value for one in read for value in _personal(one.event)]
        opened = dict(zip(map(id, values), self.running.keys.open_many(values), strict=True))

        def text(value: Personal | None) -> str | None:
            found = opened[id(value)] if value is not None else ""
            return found if isinstance(found, str) else None

        def hashed(kind: bytes, *parts: str) -> bytes:
            return hmac.digest(key, b"\0".join((kind, *(squeezed(part).encode() for part in parts))), "sha256")

        for one in read:
            event = one.event
            if isinstance(event, RequestAmended):
                asked = text(event.content)
                if asked is not None:
                    connection.execute("UPDATE alike SET content = %s WHERE request = %s", (hashed(b"content", asked), one.originator_id))
                continue
            assert isinstance(event, RequestReceived)
            name, contact, asked, number = text(event.applicant_name), text(event.contact), text(event.content), text(event.id_number)
            if name is None or contact is None or asked is None or number is None:
                continue  # erased
            connection.execute(
                STORE,
                (
                    one.originator_id, one.meta.agency, event.received_on, event.person_key, hashed(b"identity", number) if number else None,
                    hashed(b"named", name, contact), hashed(b"content", asked),
                ),
            )  # fmt: skip


def _personal(event: Event) -> list[Personal]:
    if isinstance(event, RequestAmended):
        return [event.content]
    assert isinstance(event, RequestReceived)
    return [value for value in (event.applicant_name, event.contact, event.content, event.id_number) if value is not None]


def squeezed(text: str) -> str:
    """A text as it is compared: full width as half width, without blanks and marks."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


def likeness(one: str, other: str) -> int:
    """How much of two contents is common, in percent: pairs of neighbouring characters that are in both, of those that are in either."""
    mine, theirs = words_of(squeezed(one)), words_of(squeezed(other))
    either = len(mine | theirs)
    return round(100 * len(mine & theirs) / either) if either else 0


async def company_of(running: Running, request: DisclosureRequest) -> Company:
    """The requests that the same person has made, and those for the same, the newest first; the same person's compared by content."""
    asked = {"request": request.id, "agency": request.agency, "limit": SHOWN, "days": YEAR_DAYS}
    rows = await running.query(FOUND, asked, agency=request.agency)
    counted = await running.query(COUNTED, asked, agency=request.agency)
    contents = await asyncio.to_thread(_contents, running, [request.id, *(row["request"] for row in rows)]) if rows else {}
    mine = contents.get(request.id)
    others = []
    for row in rows:
        theirs = contents.get(row["request"])
        like = 100 if row["same_content"] else None if mine is None or theirs is None else likeness(mine, theirs)
        others.append(
            Alike(row["request"], row["number"] or "", row["received_on"], row["stage"], row["outcome"], row["same_person"], like)
        )
    return Company(int(counted[0]["many"]), tuple(others))


def _contents(running: Running, ids: Sequence[UUID]) -> dict[UUID, str]:
    found: dict[UUID, Personal] = {}
    for id in ids:
        state, _ = running.load(disclosure_request, id)
        if isinstance(state, DisclosureRequest) and state.content is not None:
            found[id] = state.content
    try:
        opened = running.keys.open_many(list(found.values()))
    except KeyUnavailable:
        return {}
    return {id: text for id, text in zip(found, opened, strict=True) if not isinstance(text, Erased)}


def api(running: Running) -> APIRouter:
    """`GET /disclosure-requests/{id}/alike`."""
    made = APIRouter()

    async def alike(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        state, agency = await load(running, disclosure_request, id)
        if not isinstance(state, DisclosureRequest):
            raise NotFound("not-found", "没有找到该事项，请核对编号。")
        running.doorkeeper.authorise(who, "requests.read", agency, unit=state.responsible_unit)
        company = await company_of(running, state)
        others = [{**one._asdict(), "stage_title": TITLES[Stage(one.stage)]} for one in company.others]
        since = state.received_on - timedelta(days=YEAR_DAYS) if state.received_on else None
        return answer({"in_year": company.in_year, "since": since, "others": others})

    made.add_api_route(
        "/disclosure-requests/{id}/alike", alike, methods=["GET"], summary="同一申请人的其他申请，以及内容相同的申请", response_model=None, responses=PROBLEMS
    )  # fmt: skip
    return made

"""A trail as of a date, by effect or by record; what it tells of reasons, letters, files and traces; who could read it on a day."""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pypdfium2

from services.audit.knowing import Held, could_read, grants_held
from services.audit.trail import By, Trail, make_trail
from services.audit.trail_pdf import trail_pdf
from services.requests.disclosure_request import events
from shared.access.person.events import GrantGiven, GrantRevoked
from shared.kernel.events import Actor, Event, Meta, write_state
from shared.kernel.identity import derived_id
from shared.law.rulebook import rulebook

CASE = derived_id("test", "trail")
TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"


def row(event: Event, number: int, recorded: datetime, effective: date, service: str = "requests", of: UUID = CASE) -> dict[str, Any]:
    id = derived_id("test", "trail", number)
    actor = Actor("clerk", ("clerk",))
    meta = Meta(id, CASE, "gy", service, recorded, effective, actor, "c", "c", "c", event.spec.rules, None, "decree-711", trace=TRACE)
    return {
        "source": service,
        "position": number,
        "topic": event.spec.topic,
        "originator_version": 1,
        "case_id": CASE,
        "agency": "gy",
        "person": of,
        "state": write_state(event, meta),
    }


FILE = events.File(name="采购合同.pdf", sha256="ab" * 32, size=1)
ROWS = [
    row(events.RequestAssigned(unit="zonghe"), 1, datetime(2025, 9, 1, 2, tzinfo=UTC), date(2025, 9, 1)),
    # Recorded on 5 September here (it is 4 September in UTC), of what had been done on the 2nd.
    row(events.RequestReturned(reason="不属本科室职责"), 2, datetime(2025, 9, 4, 16, 30, tzinfo=UTC), date(2025, 9, 2)),
    row(events.SecrecyReviewRequested(review=1, files=(FILE,), unit="zonghe"), 3, datetime(2025, 9, 6, tzinfo=UTC), date(2025, 9, 6)),
]


def trail(as_of: date | None = None, by: By = "record", url: str = "") -> Trail:
    return make_trail(CASE, ROWS, str, as_of=as_of, by=by, trace_url=url)


def titles(found: Trail) -> Sequence[str]:
    return [entry.type for entry in found.entries]


def test_as_of_a_date_what_was_known_and_what_had_happened_differ() -> None:
    day = date(2025, 9, 4)
    assert titles(trail(day, "record")) == ["requests.RequestAssigned"]
    assert titles(trail(day, "effect")) == ["requests.RequestAssigned", "requests.RequestReturned"]
    assert trail(day, "record").later == 2
    assert titles(trail(date(2025, 9, 5), "record")) == ["requests.RequestAssigned", "requests.RequestReturned"]
    assert (titles(trail(date(2025, 8, 31))), trail().later) == ([], 0)


def test_it_tells_reasons_files_and_the_trace() -> None:
    _, returned, asked = trail(url="https://traces.example/t/{trace}").entries
    assert returned.reasons == ("不属本科室职责",)
    assert [(file.name, file.sha256) for file in asked.files] == [("采购合同.pdf", "ab" * 32)]
    assert asked.trace_url == "https://traces.example/t/0123456789abcdef0123456789abcdef"
    assert trail().entries[0].trace_url is None


def held(*told: tuple[Event, date]) -> list[Held]:
    person = derived_id("test", "reader")
    return grants_held(
        row(event, number, datetime(2025, 9, 1, tzinfo=UTC), on, "access", person) for number, (event, on) in enumerate(told, 1)
    )


def test_who_could_read_follows_from_the_grants_of_that_day() -> None:
    grant = derived_id("test", "grant")
    other = GrantGiven(grant=derived_id("test", "other"), role="disclosure_office", since=date(2025, 1, 1), unit="touzi")
    given = GrantGiven(grant=grant, role="disclosure_office", since=date(2025, 9, 3), until=date(2025, 12, 31))
    grants = held((given, date(2025, 9, 3)), (GrantRevoked(grant=grant, reason="调离"), date(2025, 9, 20)), (other, date(2025, 1, 1)))

    def could(day: date) -> list[str]:
        return [one.role for one in could_read(trail(), grants, rulebook("decree-711"), day, str)]

    assert could(date(2025, 9, 2)) == []
    assert could(date(2025, 9, 3)) == ["disclosure_office"]
    assert could(date(2025, 9, 20)) == ["disclosure_office"]
    assert could(date(2025, 9, 21)) == []


def test_it_is_set_as_pdf_and_a_character_without_glyph_does_not_stop_it() -> None:
    made = asyncio.run(trail_pdf(trail(), (), "固原市审批服务局\U000f0000", date(2025, 10, 1)))
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(made)))
    assert "不属本科室职责" in text
    assert "〓" in text
    assert "ab" * 16 in text.replace("\r\n", "").replace("\n", "")

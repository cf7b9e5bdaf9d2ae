"""How units keep their duties, from the events of all services as they are stored: in time, late, missed, as of any day (KH-02, YQ-03.1c, DX-07)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from services.audit.figures import Figure
from services.audit.inspection import events as inspection
from services.audit.measures import DUTIES, MEASURES, READERS, Fold, Kept, cases, figures, total
from services.audit.unit_report.events import ReportCalled, UnitReportSubmitted
from services.press.opinion_item import events as opinion
from services.publishing.catalogue_entry import events as entry
from services.publishing.interpretation import events as interpretation
from services.publishing.publication import events as publication
from services.requests.disclosure_request import events as request
from services.review.secrecy_review import events as review
from shared.kernel.events import Actor, Event, Meta, registry, write_state
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline
from tests.contracts.examples.requests import EXAMPLES
from tests.contracts.golden import stored

THING = derived_id("test", "thing")
SINCE, UNTIL = date(2025, 1, 1), date(2025, 12, 31)
DUE = date(2025, 3, 20)
RECEIVED = next(event for event in EXAMPLES if isinstance(event, request.RequestReceived))
LAPSED = request.AmendmentLapsed(outcome="r6_1_no_amendment")
RowOf = tuple[str, int, UUID, UUID, str, bytes]


def by(day: date) -> Deadline:
    return Deadline(due=day, calendar="2025", rulebook="decree-711", article="国令711 第三十三条", provisional=False, days=20)


def row(event: Event, day: date, thing: UUID = THING, position: int = 1) -> RowOf:
    """A row of the ledger: this event on its civil day."""
    source = event.spec.type.partition(".")[0]
    if event is RECEIVED:
        return (
            source,
            position,
            thing,
            thing,
            event.spec.topic,
            stored(event).replace(b'"effective_on":"2025-09-22"', b'"effective_on":"2025-02-20"'),
        )
    meta = Meta(
        id=derived_id("test", position),
        case=thing,
        agency="guyuan-spj",
        service=source,
        recorded_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=position),
        effective_on=day,
        actor=Actor("clerk", ("clerk",)),
        command="test.Example",
        correlation="c",
        causation="c",
    )
    return source, position, thing, thing, event.spec.topic, write_state(event, meta)


def fold(*told: tuple[Event, date], on: date = UNTIL, thing: UUID = THING) -> Fold:
    return Fold().read([row(event, day, thing, number) for number, (event, day) in enumerate(told, 1)], on)


def of(made: Fold, measure: str, unit: str = "zonghe", until: date = UNTIL) -> Figure:
    """A figure without the positions that it rests on."""
    found = figures(made, SINCE, until).get(unit, {}).get(measure, Figure(measure=measure))
    return Figure(measure, found.on_time, found.late, found.reasoned, found.missed, found.open)


def asked(*told: tuple[Event, date], on: date = UNTIL) -> Fold:
    """A request that is due on 20 March, and what came of it."""
    begun: Sequence[tuple[Event, date]] = [
        (RECEIVED, date(2025, 2, 20)),
        (request.RequestRegistered(number="〔2025〕1号", deadline=by(DUE)), date(2025, 2, 20)),
        (request.RequestAssigned(unit="zonghe"), date(2025, 2, 21)),
    ]
    return fold(*begun, *told, on=on)


def reply(reason: str = "") -> request.ReplyDelivered:
    return request.ReplyDelivered(outcome="r1_granted", way="post", evidence="EMS 1", overdue_reason=reason)


@pytest.mark.rule("KH-02.3b")
@pytest.mark.parametrize(
    ("told", "figure"),
    [
        ([(reply(), DUE)], Figure("requests", on_time=1)),
        ([(reply(), DUE + timedelta(1))], Figure("requests", late=1)),
        ([(reply("系统故障"), DUE + timedelta(1))], Figure("requests", late=1, reasoned=1)),
        ([], Figure("requests", missed=1)),
        ([(request.DeadlineMissed(due=DUE), DUE + timedelta(1)), (reply(), date(2025, 4, 1))], Figure("requests", late=1)),
        (
            [(request.ReplyExtended(working_days=20, deadline=by(date(2025, 4, 18))), DUE), (reply(), date(2025, 4, 18))],
            Figure("requests", on_time=1),
        ),
        ([(request.ClockSuspended(reason="灾害", since=DUE), DUE)], Figure("requests", open=1)),
        ([(LAPSED, date(2025, 3, 1))], Figure("requests")),
        ([(request.RequestVoided(reason="误登记"), date(2025, 3, 1))], Figure("requests")),
    ],
)
def test_a_reply_is_in_time_late_or_missed(told: list[tuple[Event, date]], figure: Figure) -> None:
    assert of(asked(*told), "requests") == figure


@pytest.mark.rule("KH-02.3b")
def test_another_reply_that_is_ordered_is_kept_for_itself() -> None:
    again = request.RequestReopened(number=1, reason="复议决定", since=date(2025, 5, 1), days=None, deadline=by(date(2025, 6, 3)))
    made = asked((reply(), DUE), (again, date(2025, 5, 1)), (reply(), date(2025, 6, 10)))
    assert of(made, "requests") == Figure("requests", on_time=1, late=1)


def test_a_request_counts_for_the_unit_that_has_it_and_for_nobody_before() -> None:
    moved = asked((request.RequestHandedOver(unit="shenpi", before="zonghe", reason="职责调整"), date(2025, 3, 1)), (reply(), DUE))
    assert (of(moved, "requests"), of(moved, "requests", "shenpi").on_time) == (Figure("requests"), 1)
    returned = asked((request.RequestReturned(reason="不属本科室"), date(2025, 3, 1)))
    assert of(returned, "requests", "").missed == 1


def test_any_day_can_be_asked_for_and_is_told_by_effect() -> None:
    """What was recorded later about an earlier day counts on that day; what took effect later does not count yet."""
    late = ((reply(), DUE + timedelta(5)),)
    assert of(asked(*late, on=DUE), "requests", until=DUE).open == 1
    assert of(asked(*late, on=DUE + timedelta(1)), "requests", until=DUE + timedelta(1)).missed == 1
    assert of(asked(*late), "requests") == Figure("requests", late=1)
    assert figures(asked(*late), date(2025, 4, 1), UNTIL) == {}, "it counts in the period in which it was due"


CREATED = publication.InformationCreated(
    title="部门预算", kind="budget", origin="made", audience="external", unit="zonghe", deadline=by(DUE), target=DUE
)  # fmt: skip


def told_by(channel: str, late: int = 0, reason: str = "") -> publication.Published:
    return publication.Published(channel=channel, evidence="截图", hash="ab" * 32, version=1, late_days=late, overdue_reason=reason)


@pytest.mark.rule("KH-02.3a", "KH-02.2")
def test_what_is_public_in_time_on_the_portal_and_by_how_many_channels() -> None:
    start = (CREATED, date(2025, 3, 1))
    both = fold(start, (told_by("notice_board"), DUE), (told_by("portal", 3, "改版"), DUE + timedelta(3)))
    assert of(both, "publications") == Figure("publications", on_time=1)
    assert of(both, "portal") == Figure("portal", late=1, reasoned=1)
    assert of(both, "channels") == Figure("channels", on_time=1)
    single = fold(start, (told_by("portal"), DUE))
    assert of(single, "channels") == Figure("channels", missed=1)
    assert of(fold(start), "publications") == Figure("publications", missed=1)
    withheld = fold(start, (publication.OnlineDecided(decision="withheld", reason="涉密", ground="state_secret"), DUE))
    assert figures(withheld, SINCE, UNTIL) == {}
    internal = fold(start, (publication.OnlineDecided(decision="internal", reason="内部"), DUE), (told_by("staff_meeting"), DUE))
    assert (of(internal, "portal"), of(internal, "publications").on_time) == (Figure("portal"), 1)


@pytest.mark.rule("KH-02.1", "DX-07")
def test_periods_of_the_catalogue_that_were_kept_and_missed_and_lines_that_nobody_touched() -> None:
    line = entry.EntryDefined(
        name="财政预决算", category="finance", sphere="government", basis="国令711", unit="zonghe", audience="external", cadence="quarter",
        channels=("portal",),
    )  # fmt: skip
    first = entry.PublicationDue(period="2025-Q1", ended=date(2025, 3, 31), deadline=by(date(2025, 4, 29)))
    second = entry.PublicationDue(period="2025-Q2", ended=date(2025, 6, 30), deadline=by(date(2025, 7, 28)))
    history: list[tuple[Event, date]] = [
        (line, date(2024, 12, 1)),
        (first, date(2025, 4, 1)),
        (second, date(2025, 7, 1)),
        (entry.PublicationMissed(period="2025-Q2", due=date(2025, 7, 28)), date(2025, 7, 29)),
    ]
    stale = fold(*history)
    assert of(stale, "periods") == Figure("periods", missed=2)
    assert of(stale, "catalogue") == Figure("catalogue", missed=1)
    kept = fold(*history, (entry.PeriodPublished(period="2025-Q1", publication=THING), date(2025, 4, 20)))
    assert of(kept, "periods") == Figure("periods", on_time=1, missed=1)
    assert of(kept, "catalogue") == Figure("catalogue", on_time=1)
    withdrawn = (entry.PublicationMissWithdrawn(period="2025-Q2", due=date(2025, 7, 28)), date(2025, 8, 1))
    assert (
        of(fold(*history, (entry.PeriodPublished(period="2025-Q2", publication=THING), date(2025, 7, 20)), withdrawn), "periods").on_time
        == 1
    )
    assert of(fold(*history, (entry.EntryRetired(reason="职能划转"), date(2025, 8, 1))), "catalogue") == Figure("catalogue")


SEEN_AT = datetime(2025, 3, 18, 2, tzinfo=UTC)
SEEN = opinion.OpinionDetected(source="forum", place="https://bbs.example.cn/1", title="反映排队", summary="三小时", detected_at=SEEN_AT)


def assessed(level: str = "sensitive", *, respond: bool = True) -> opinion.OpinionAssessed:
    owed = {"response": SEEN_AT + timedelta(hours=48)} if respond else {}
    return opinion.OpinionAssessed(points={}, level=level, respond=respond, reason="涉及群众", owed=owed)


def seen(*told: Event, day: date = date(2025, 3, 19)) -> Fold:
    start: list[Event] = [SEEN, opinion.OwnerAssigned(unit="zonghe")]
    return fold(*((event, date(2025, 3, 18)) for event in start), *((event, day) for event in told))


@pytest.mark.rule("YQ-04.3b", "YQ-03.4c")
def test_opinion_is_answered_by_the_hour_or_late_or_not_at_all() -> None:
    said: dict[str, Any] = {"channel": "weibo", "evidence": "https://weibo.example/1", "unit": "zonghe"}
    assert of(seen(assessed(), opinion.ResponseIssued(**said)), "opinions") == Figure("opinions", on_time=1)
    assert of(seen(assessed(), opinion.ResponseIssued(**said, late_minutes=1)), "opinions") == Figure("opinions", late=1)
    missed = opinion.ResponseMissed(owed="response", until=SEEN_AT + timedelta(hours=48))
    assert of(seen(assessed(), missed), "opinions") == Figure("opinions", missed=1)
    assert of(seen(assessed(respond=False)), "opinions") == Figure("opinions")


@pytest.mark.rule("YQ-03.1c")
@pytest.mark.parametrize(("minutes", "kept"), [(48 * 60, Kept.ON_TIME), (48 * 60 + 1, Kept.LATE)])
def test_a_report_is_measured_from_the_detection(minutes: int, kept: Kept) -> None:
    report = opinion.ReportedUp(to="市政府办公室", level="higher", way="专报", minutes=minutes)
    for made in (seen(report, assessed()), seen(assessed("ordinary"), report)):
        ((matter, how),) = cases(made, "opinion_reports", "zonghe", SINCE, UNTIL)
        assert matter.minutes == minutes
        assert matter.unit == "zonghe"
        if matter.due is not None:
            assert how is kept


@pytest.mark.rule("YQ-03.1c")
def test_what_was_to_be_reported_and_was_not_is_an_omission() -> None:
    assert of(seen(assessed()), "opinion_reports") == Figure("opinion_reports", missed=1)
    assert of(seen(assessed("ordinary")), "opinion_reports") == Figure("opinion_reports")


def test_reviews_and_material_for_interpretations() -> None:
    opened = review.ReviewOpened(source="requests", subject=THING, review=1, files=(), deadline=by(DUE), unit="zonghe")
    passed = review.ReviewRejected(source="requests", subject=THING, review=1, files=(), reason="涉密")
    assert of(fold((opened, date(2025, 3, 1)), (passed, DUE)), "reviews").on_time == 1
    assert of(fold((opened, date(2025, 3, 1))), "reviews").missed == 1
    plan = interpretation.PlanDrafted(
        publication=THING, unit="zonghe", outline="要点", forms=("article",), ways=("portal",), planned_for=DUE
    )  # fmt: skip
    material = interpretation.MaterialSubmitted(text="解读", hash="ab" * 32)
    start = ((plan, date(2025, 3, 1)), (material, date(2025, 3, 2)), (interpretation.MaterialDue(deadline=by(DUE)), date(2025, 3, 15)))
    assert of(fold(*start), "interpretations").on_time == 1
    assert of(fold(start[0], start[2]), "interpretations").missed == 1


def raw(type_: str, on: date, position: int, thing: UUID = THING, **data: object) -> RowOf:
    """A row as another part of audit records it; only what is read of it stands here."""
    import json

    state = json.dumps({"effective_on": str(on), "data": data}).encode()
    return "audit", position, thing, thing, f"{type_}:1", state


@pytest.mark.rule("JD-06a")
def test_inspections_issues_surveys_and_complaints_are_counted_for_their_unit() -> None:
    day = date(2025, 5, 6)
    recorded = inspection.InspectionRecorded(
        scores={"content": 9, "form": 7}, notes={}, total=16, unit="zonghe", year=2025, summary="较好"
    )  # fmt: skip
    problem = inspection.IssueOpened(number=1, question="content", what="栏目空白", due=date(2025, 6, 1), unit="zonghe", year=2025)
    survey, complaint, other = derived_id("test", "survey"), derived_id("test", "complaint"), derived_id("test", "other")
    made = Fold().read(
        [
            row(recorded, day, THING, 1),
            row(problem, day, THING, 2),
            row(inspection.IssueClosed(number=1, how="已补", evidence="截图", unit="zonghe", year=2025), date(2025, 5, 20), THING, 3),
            raw("audit.InspectionPlanned", day, 4, survey, unit="zonghe"),
            row(inspection.SurveyRun(asked=200, aware=180, satisfied=170, method="问卷", among="办事群众"), day, survey, 5),
            raw("audit.ComplaintReceived", day, 6, complaint, about_unit=""),
            raw("audit.ComplaintTriaged", day, 7, complaint, about_unit="zonghe"),
            raw("audit.ComplaintConcluded", day, 8, complaint, finding="partly_founded"),
            raw("audit.ComplaintReceived", day, 9, other, about_unit="zonghe"),
            raw("audit.ComplaintConcluded", day, 10, other, finding="unfounded"),
        ],
        UNTIL,
    )
    assert of(made, "inspections") == Figure("inspections", on_time=16, missed=4)
    assert of(made, "issues") == Figure("issues", on_time=1)
    assert of(made, "satisfaction") == Figure("satisfaction", on_time=170, missed=30)
    assert of(made, "complaints") == Figure("complaints", missed=1)
    again = made.read(
        [raw("audit.ComplaintReopened", day, 11, complaint), raw("audit.IssueReopened", day, 12, number=1, due="2025-07-01")], UNTIL
    )
    assert of(again, "complaints") == Figure("complaints")
    assert of(again, "issues") == Figure("issues", missed=1)


@pytest.mark.rule("NB-04b")
def test_a_units_report_is_kept_by_the_day_of_its_first_submission() -> None:
    called = ReportCalled(year=2025, unit="zonghe", due=DUE, remind_on=DUE)
    sent = UnitReportSubmitted(sections={}, figures=())
    late = UnitReportSubmitted(sections={}, figures=(), late_days=1, overdue_reason="出差")
    start = (called, date(2025, 3, 1))
    assert of(fold(start, (sent, DUE), (sent, DUE + timedelta(5))), "unit_reports") == Figure("unit_reports", on_time=1)
    assert of(fold(start, (late, DUE + timedelta(1))), "unit_reports") == Figure("unit_reports", late=1, reasoned=1)
    assert of(fold(start), "unit_reports") == Figure("unit_reports", missed=1)


def test_figures_name_the_positions_that_they_rest_on_and_add_up() -> None:
    made = asked((reply(), DUE))
    figure = figures(made, SINCE, UNTIL)["zonghe"]["requests"]
    assert figure.positions == {"requests": 4}
    assert figure.due == 1
    added = total([figure, None, Figure("requests", late=2, reasoned=1, positions={"requests": 4})], "requests")
    assert (added.due, added.reasoned, added.positions) == (3, 1, {"requests": 4})
    assert total([], "requests") == Figure("requests")


def test_every_event_that_is_read_is_one_that_a_service_records() -> None:
    """A name that no service knows would count nothing, and nobody would see it; a field that none has would read as nothing."""
    from shared.kernel.program import SERVICES, load_service

    for service in SERVICES:
        load_service(service)
    assert not set(READERS) - set(registry)
    for type_, (decoder, _) in READERS.items():
        fields = {field.name for field in msgspec.structs.fields(get_args(decoder.type)[0])}
        assert not fields or fields & set(registry[type_].cls.__struct_fields__), type_
    for name in ("audit.ExcellenceRevoked", "audit.ExcellenceRestored"):
        assert {"unit", "persons", "year"} <= set(registry[name].cls.__struct_fields__)
    assert set(DUTIES) <= set(MEASURES)

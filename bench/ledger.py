"""A ledger of a million events: how fast it grows, proves, replays and verifies itself.

python -m bench --only ledger [--quick]     this part alone; its figures go into bench/latest.json beside the others

The events are the lives of requests, made from the real event classes and written by the real encoder; personal fields hold tokens of the size of
real ones. They are put into the log of requests and the ledger by COPY; the last hundred thousand by the code that the platform itself appends with.
"""

import os
import random
import resource
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
from psycopg.rows import dict_row

from services.audit.evidence import Trouble, compared, heads_hold
from services.audit.heads import Heads, newest, policy_of
from services.audit.ledger import LedgerWriter, leaf
from services.audit.reports.making import Scope, report_now
from services.audit.trail import ROWS, make_trail
from services.audit.tree import grow, tree_of
from services.requests.disclosure_request import events
from shared.kernel.events import Actor, Event, Meta, write_state
from shared.kernel.identity import LANES, derived_id
from shared.law.deadlines import Deadline
from shared.messaging.messages import Message
from shared.platform.running import attached
from shared.settings import Settings, load_settings
from shared.trust.personal import Personal

AGENCY = "bench"
SOURCE = "requests"
KINDS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
OUTCOMES = ("r1_granted", "r2_partial", "r4_1_not_held", "r3_1_state_secret")
FIRST = date(2024, 1, 2)
BEGUN = datetime(2024, 1, 2, 1, tzinfo=UTC)
INCARNATION = derived_id("bench", "incarnation")
BY_COPY = "COPY {table} FROM STDIN (FORMAT BINARY)"
APPENDED = 100_000
"""Events that go in by the platform's own code."""
BATCH = 1000
"""As many messages are taken from a stream at once."""


def life(number: int, dice: random.Random) -> list[tuple[Event, Actor, date]]:
    """What is recorded of one request: received, registered, worked on, reviewed, answered; of some also amended, extended, and taken to a court."""
    day = FIRST + timedelta(days=number * 700 // 90_000)
    ends = day + timedelta(days=dice.randrange(5, 27))
    due = Deadline(day + timedelta(days=28), "cn-2024", "decree-711", "国令711 第三十三条", False, 20)
    clerk, head, public = (Actor(str(derived_id("bench", who)), (who,), f"grant-{who}") for who in ("clerk", "unit_head", "public"))
    outcome = dice.choice(OUTCOMES)
    file = events.File(f"材料{number}.pdf", dice.randbytes(32).hex(), dice.randrange(9_000, 900_000))

    def private(size: int) -> Personal:
        token = f"gk1:{dice.randbytes(16).hex()}:{b64encode(dice.randbytes(size)).decode()}"
        return Personal.sealed(token, INCARNATION, "", "")

    told: list[tuple[Event, Actor, date]] = [
        (
            events.RequestReceived(
                channel="internet",
                received_on=day,
                rulebook="decree-711",
                applicant_kind=dice.choice(KINDS),
                applicant_name=private(37),
                contact=private(39),
                content=private(180),
                person_key=UUID(bytes=dice.randbytes(16)),
                tracking_number=dice.randbytes(8).hex(),
                password_hash=dice.randbytes(32).hex(),
                address=private(60),
            ),
            public,
            day,
        ),
        (events.ReceiptConfirmed(confirmed_on=day, how="电话", deadline=due), clerk, day),
        (events.RequestRegistered(number=f"{AGENCY}依申请〔{day.year}〕{number}号", deadline=due), clerk, day),
        (events.ReceiptAcknowledged(way="短信"), clerk, day),
        (events.RequestAssigned(unit="综合科"), clerk, day),
    ]
    if number % 5 == 0:
        told.append((events.AmendmentRequested(items=("请写明文件的年份",), deadline=due), clerk, day))
        told.append((events.RequestAmended(amended_on=day + timedelta(days=3), content=private(200), deadline=due), public, day))
    if number % 7 == 0:
        told.append((events.ExtensionRequested(working_days=20, reason="需要查阅档案"), clerk, ends))
        told.append((events.ReplyExtended(working_days=20, deadline=due), head, ends))
    told += [
        (events.SecrecyReviewRequested(review=1, files=(file,), unit="综合科"), clerk, ends),
        (events.SecrecyReviewConcluded(review=1, released=(file.sha256,), withheld=()), clerk, ends),
        (
            events.ReplyDrafted(
                outcome=outcome,
                grounds=(events.Ground(outcome, "国令711 第三十六条", "依法答复", "无"),),
                text=private(400),
                hash=file.sha256,
                files=(file,),
            ),
            clerk,
            ends,
        ),
        (events.ReplyApproved(hash=file.sha256), head, ends),
        (events.ReplyDelivered(outcome=outcome, way="email", evidence="已发送至申请人邮箱"), clerk, ends),
    ]
    if number % 40 == 0:
        later = ends + timedelta(days=60)
        told.append(
            (
                events.ReconsiderationFiled(number=1, organ="市人民政府", filed_on=ends, received_on=ends, simple=False, answer=due),
                clerk,
                ends,
            )
        )
        told.append((events.ReconsiderationConcluded(number=1, result="upheld", decided_on=later, document="决定书"), clerk, later))
    return told


def messages(count: int, seed: int = 20240102) -> Iterator[Message]:
    """So many events in the order of a log: the lives of a hundred requests at a time run beside one another."""
    dice = random.Random(seed)  # noqa: S311 -- the same events in every run
    position, number = 0, 0
    before = [0] * LANES
    while True:
        lives = [(UUID(bytes=dice.randbytes(16)), life(number + at, dice)) for at in range(100)]
        number += 100
        for version in range(1, 1 + max(len(told) for _, told in lives)):
            for case, told in lives:
                if version > len(told):
                    continue
                event, actor, day = told[version - 1]
                position += 1
                id = UUID(bytes=dice.randbytes(16))
                meta = Meta(
                    id,
                    case,
                    AGENCY,
                    SOURCE,
                    BEGUN + timedelta(seconds=position * 60),
                    day,
                    actor,
                    f"requests.Command{version}",
                    str(id),
                    str(id),
                    event.spec.rules,
                    event.spec.article("decree-711"),
                    "decree-711",
                    trace=f"00-{dice.randbytes(16).hex()}-{dice.randbytes(8).hex()}-01",
                )
                lane = case.int % LANES
                yield Message(
                    SOURCE,
                    position,
                    lane,
                    before[lane],
                    INCARNATION,
                    id,
                    case,
                    event.spec.topic,
                    AGENCY,
                    case,
                    version,
                    write_state(event, meta),
                )
                before[lane] = position
                if position == count:
                    return


LEDGER_COLUMNS = (
    "ledger (source, position, incarnation, event_id, originator_id, originator_version, topic, case_id, agency, state, leaf)",
    ("text", "int8", "uuid", "uuid", "uuid", "int4", "text", "uuid", "text", "bytea", "bytea"),
)
LOG_COLUMNS = (
    "events (position, originator_id, originator_version, topic, state, event_id, case_id, agency, lane, lane_before)",
    ("int8", "uuid", "int4", "text", "bytea", "uuid", "uuid", "text", "int2", "int8"),
)


def filled(settings: Settings, count: int, appended: int) -> dict[str, Any]:
    """Puts the events into the log and the ledger; returns how fast the platform's own code took the last of them, ten thousand at a time (events a second)."""
    waiting: list[Message] = []
    with (
        psycopg.connect(settings.dsn("audit")) as ledger,
        psycopg.connect(settings.dsn(SOURCE)) as log,
        ledger.cursor() as one,
        log.cursor() as other,
        one.copy(BY_COPY.format(table=LEDGER_COLUMNS[0])) as copies,
        other.copy(BY_COPY.format(table=LOG_COLUMNS[0])) as rows,
    ):
        copies.set_types(LEDGER_COLUMNS[1])
        rows.set_types(LOG_COLUMNS[1])
        for m in messages(count):
            rows.write_row(
                (m.position, m.originator_id, m.version, m.topic, m.state, m.event_id, m.case_id, m.agency, m.lane, m.lane_before)
            )
            if m.position > count - appended:
                waiting.append(m)
                continue
            made = leaf(SOURCE, m.position, m.originator_id, m.version, m.topic, m.case_id, m.state)
            copies.write_row(
                (SOURCE, m.position, m.incarnation, m.event_id, m.originator_id, m.version, m.topic, m.case_id, m.agency, m.state, made)
            )
    with psycopg.connect(settings.dsn("audit"), autocommit=True) as server:
        server.execute("VACUUM ANALYZE ledger")
        server.execute("CHECKPOINT")
    begun = time.perf_counter()
    with psycopg.connect(settings.dsn("audit", role="gongkai_audit"), autocommit=True) as connection:
        taken = 0
        while more := grow(connection, SOURCE):
            taken += more
        grew = time.perf_counter() - begun
        writer = LedgerWriter(SOURCE, settings.dsn("audit", role="gongkai_audit"))
        servers = [psutil.Process(connection.info.backend_pid)]
        rates = []
        used = cpu_seconds(psutil.Process(), *servers)
        for start in range(0, len(waiting), BATCH * 10):
            part = waiting[start : start + BATCH * 10]
            begun = time.perf_counter()
            for at in range(0, len(part), BATCH):
                writer.store(part[at : at + BATCH])
            if len(servers) == 1 and writer._connection is not None:
                servers.append(psutil.Process(writer._connection.info.backend_pid))
            while grow(connection, SOURCE):
                pass
            rates.append(round(len(part) / (time.perf_counter() - begun)))
        used = cpu_seconds(psutil.Process(), *servers) - used
        writer.close()
    return {
        "tree_leaves_per_second": round(taken / grew),
        "append_events_per_second": sorted(rates)[len(rates) // 2],
        "append_rounds": rates,
        "append_events_per_cpu_second": round(len(waiting) / used),
    }


def cpu_seconds(*processes: psutil.Process) -> float:
    """How long these have computed so far: what others on the machine do does not count."""
    return float(sum(sum(one.cpu_times()[:2]) for one in processes))


def middle(rounds: int, measure: Callable[[], dict[str, Any]], key: str) -> dict[str, Any]:
    """The round in the middle, by this figure, with this figure of them all."""
    made = sorted((measure() for _ in range(rounds)), key=lambda one: float(one[key]))
    return {**made[len(made) // 2], "rounds": [one[key] for one in made]}


def replayed(settings: Settings, count: int) -> dict[str, Any]:
    """The annual report, read from PostgreSQL and folded: this process and its server process share one core, and PostgreSQL makes no others."""
    dsn = settings.dsn("audit", role="gongkai_audit")
    ours = psutil.Process()
    cores = ours.cpu_affinity()
    with psycopg.connect(dsn, autocommit=True, options="-c max_parallel_workers_per_gather=0") as connection:
        server = psutil.Process(connection.info.backend_pid)
        ours.cpu_affinity(cores[-1:])
        server.cpu_affinity(cores[-1:])
        try:
            before = cpu_seconds(ours, server)
            begun = time.perf_counter()
            made = report_now(connection, Scope(AGENCY, "基准测试机关", (AGENCY,)), 2024)
            took = time.perf_counter() - begun
            used = cpu_seconds(ours, server) - before
        finally:
            ours.cpu_affinity(cores)
            server.cpu_affinity(cores)
    received = sum(row["values"][-1] for row in made["table3"]["rows"] if row["key"] == "new_received")
    return {
        "events_per_second": round(count / took),
        "events_per_cpu_second": round(count / used),
        "seconds": round(took, 2),
        "new_received": received,
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def asked(settings: Settings, count: int, times: int) -> dict[str, Any]:
    """Inclusion proofs of any event and trails of any case, each with nothing kept from the one before (ms)."""
    dice = random.Random(7)  # noqa: S311 -- the same questions in every run
    dsn = settings.dsn("audit", role="gongkai_audit")
    proofs, trails = [], []
    with psycopg.connect(dsn, autocommit=True) as connection, psycopg.connect(dsn, autocommit=True, row_factory=dict_row) as ledger:
        for _ in range(times):
            index = dice.randrange(count)
            begun = time.perf_counter()
            tree_of(connection, SOURCE).inclusion(index)
            proofs.append((time.perf_counter() - begun) * 1000)
            row = ledger.execute("SELECT case_id FROM ledger WHERE source = %s AND position = %s", (SOURCE, index + 1)).fetchone()
            assert row is not None
            begun = time.perf_counter()
            make_trail(row["case_id"], ledger.execute(ROWS, (row["case_id"],)).fetchall(), str)
            trails.append((time.perf_counter() - begun) * 1000)
    return {
        "inclusion_p50_ms": at_part(proofs, 0.5),
        "inclusion_p95_ms": at_part(proofs, 0.95),
        "inclusion_p99_ms": at_part(proofs, 0.99),
        "trail_p50_ms": at_part(trails, 0.5),
        "trail_p95_ms": at_part(trails, 0.95),
    }


def at_part(values: list[float], part: float) -> float:
    """The value below which this part of them lies."""
    return round(sorted(values)[int(len(values) * part)], 2)


def compared_all(settings: Settings) -> tuple[int, int]:
    """How many rows of the log agree with the ledger's, and how many troubles there are."""
    with (
        psycopg.connect(settings.dsn("audit", role="gongkai_audit")) as ledger,
        psycopg.connect(settings.dsn(SOURCE, role=f"gongkai_{SOURCE}")) as log,
    ):
        agreeing, troubles = compared(ledger, log, SOURCE)
    return agreeing, len(troubles)


def verified(settings: Settings, count: int) -> dict[str, Any]:
    """What `gongkai verify --stores` does: every row of the log with the ledger's (one process), the ledger with its signed head (another)."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        comparing = other.submit(compared_all, settings)
        with psycopg.connect(settings.dsn("audit", role="gongkai_audit")) as connection:
            held = list(heads_hold(connection, policy_of(connection, settings), [SOURCE]))
        heads = time.perf_counter() - begun
        agreeing, troubles = comparing.result()
    took = time.perf_counter() - begun
    sizes = [one.size for one in held if not isinstance(one, Trouble)]
    if (sizes, agreeing, troubles) != ([count], count, 0):
        raise RuntimeError(f"the ledger does not verify: {held}, {agreeing} agree, {troubles} troubles")
    return {"seconds": round(took, 1), "heads_seconds": round(heads, 1), "processes": 2}


def million(data: Path, *, quick: bool = False, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Everything, on a platform of its own in this directory."""
    count, appended = (20_000, 5_000) if quick else (1_000_000, APPENDED)
    data.mkdir(parents=True, exist_ok=True)
    with attached(data, load_settings(data=data)) as here:
        settings = here.settings
        begun = time.perf_counter()
        say(f"{count} 个事件进入日志与总账")
        results: dict[str, Any] = {"events": count, "load_1m": round(os.getloadavg()[0], 1), **filled(settings, count, appended)}
        results["filled_seconds"] = round(time.perf_counter() - begun, 1)
        Heads(settings, settings.dsn("audit", role="gongkai_audit")).look(now=True)
        with psycopg.connect(settings.dsn("audit", role="gongkai_audit")) as connection:
            head = newest(connection, SOURCE)
            assert head is not None
            assert head.size == count
            size = connection.execute("SELECT pg_total_relation_size('ledger') / 1048576").fetchone()
            results["ledger_mb"] = int(size[0]) if size else 0
        say("年度报告由重放得出")
        results["replay"] = middle(1 if quick else 5, lambda: replayed(settings, count), "events_per_second")
        say("证明与办理全过程")
        results["questions"] = middle(1 if quick else 3, lambda: asked(settings, count, 300), "inclusion_p95_ms")
        say("核对全部")
        results["verify"] = middle(1 if quick else 3, lambda: verified(settings, count), "seconds")
    return results

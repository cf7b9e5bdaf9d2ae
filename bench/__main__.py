"""`make bench`: everything on this machine, peers in the same run with the same body and load generator. Writes bench/latest.json and docs/performance.md.

python -m bench [--quick] [--only search|ledger]
"""

import argparse
import asyncio
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import uvloop

from bench import kernel, latency
from bench.ledger import million
from bench.platform import AGENCY, bureau, drained, load, memory, peer, started
from bench.search import ITEMS, fill, searched
from bench.year import whole_year
from demo.cli import access_of
from demo.small import CODE
from shared.kernel.clocks import instant
from shared.platform.running import attached
from shared.settings import load_settings

HERE = Path(__file__).parent
OUT = HERE / "latest.json"
PAGE = HERE.parent / "docs" / "performance.md"


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, to try the benchmark itself; nothing is written")
    parser.add_argument("--only", choices=sorted(ALONE), help="this part alone; the others keep the figures of their last run")
    arguments = parser.parse_args()
    quick = arguments.quick
    ran: dict[str, Any] = {"at": instant().isoformat(timespec="seconds"), "python": platform.python_version(), "machine": machine()}
    if arguments.only:
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
            part = ALONE[arguments.only](Path(folder) / arguments.only, quick)
            tell({**json.loads(OUT.read_text(encoding="utf-8")), arguments.only: {**ran, **part}}, quick=quick)
    results = dict(ran)
    seconds = 4.0 if quick else 20.0
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = Path(folder) / "load"
        data.mkdir()
        say("HTTP，与同一路由留空、与原装记录器比较")
        results["http"] = http(data, seconds)
        say("提交到另一服务的视图")
        results["commit_to_view"] = ALONE["commit_to_view"](data, quick)
        say("管道（不经 HTTP）与原装保存")
        results["pipeline"] = pipeline(data, 2000 if quick else 10_000)
        say("重建视图与原装投影")
        results["rebuild"] = rebuilding(data, 1000 if quick else 4000)
        say("公众检索")
        results["search"] = ALONE["search"](Path(folder) / "search", quick)
        say("启动与内存")
        results["start"] = ALONE["start"](Path(folder) / "demo", quick)
        say("一百万个事件的总账")
        results["ledger"] = ALONE["ledger"](Path(folder) / "ledger", quick)
        if not quick:
            say("一整年的真实报告")
            results["year"] = whole_year(Path(folder) / "year")
    tell(results, quick=quick)


ALONE: dict[str, Callable[[Path, bool], dict[str, Any]]] = {
    "commit_to_view": lambda data, quick: steady(data, 100 if quick else 1000),
    "search": lambda data, quick: searching(data, 1 if quick else 5),
    "start": lambda data, quick: starting(data, 5 if quick else 60),
    "ledger": lambda data, quick: million(data, quick=quick, say=say),
}
"""The parts that can be measured alone."""


def tell(results: dict[str, Any], *, quick: bool) -> NoReturn:
    """Prints the figures, writes them unless the runs were short, and ends with whether every limit was met."""
    results["verdicts"] = verdicts(results)
    print(json.dumps(results, ensure_ascii=False, indent=1))
    if not quick:
        OUT.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
    sys.exit(0 if all(verdict["met"] for verdict in results["verdicts"]) else 1)


def say(what: str) -> None:
    """Tells how far it is."""
    print(f"… {what}", file=sys.stderr, flush=True)


def machine() -> str:
    """What it ran on."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    return f"{model}, {len([1 for line in Path('/proc/cpuinfo').read_text().splitlines() if line.startswith('processor')])} cores"


def http(data: Path, seconds: float) -> dict[str, Any]:
    """Durable requests with everything on the path, beside the empty route and the stock recorder."""
    with started(data, "--no-demo") as (url, _):
        asyncio.run(bureau(data))
        asyncio.run(load(url, 3, key=True))
        with attached(data, load_settings(data=data)) as here:
            with peer("empty", here.settings) as other:
                asyncio.run(load(other, 2, key=False))
                empty = asyncio.run(load(other, min(seconds, 10), key=False))
            with peer("stock", here.settings) as other:
                asyncio.run(load(other, 2, key=False))
                stock = asyncio.run(load(other, min(seconds, 10), key=False))
        ours = asyncio.run(load(url, seconds, key=True))
        behind = drained(url, 10)
    return {
        "ours": ours,
        "empty": empty,
        "stock": stock,
        "drained_seconds": behind,
        "of_empty": round(ours["rate"] / empty["rate"], 3),
        "of_stock": round(ours["rate"] / stock["rate"], 2),
    }


def steady(data: Path, count: int) -> dict[str, Any]:
    """Commit to another service's view at 100 commands a second: three rounds, of which the middle one counts, as the machine is shared."""
    data.mkdir(parents=True, exist_ok=True)
    with started(data, "--no-demo") as (url, _), attached(data, load_settings(data=data)) as here, access_of(here.settings) as access:
        from demo.bureau import set_up

        rounds = []
        for number in range(3):
            code = f"bench-latency-{number}"
            accounts = asyncio.run(set_up(access, code, "时延测试机关"))
            rounds.append(uvloop.run(latency.commit_to_view(here.settings, url, code, accounts, count=count, rate=100)))
        middle = sorted(rounds, key=lambda one: float(one["p99_ms"]))[1]
        return {**middle, "rounds": [[one["p50_ms"], one["p99_ms"]] for one in rounds]}


def pipeline(data: Path, count: int) -> dict[str, Any]:
    """The pipeline alone, and stock saves one after another: in turns, five times, of which the middle ratio counts, as the machine is shared."""
    rounds = []
    with attached(data, load_settings(data=data)) as here:
        for _ in range(5):
            ours = kernel.pipeline_rate(here.settings, AGENCY, count)
            stock = with_settings(here.settings, lambda: kernel.stock_saves(count // 10))
            rounds.append((ours / stock, ours, stock))
    ratio, ours, stock = sorted(rounds)[2]
    return {"ours": round(ours), "stock": round(stock), "of_stock": round(ratio, 1), "rounds": [round(one[0], 1) for one in rounds]}


def rebuilding(data: Path, count: int) -> dict[str, Any]:
    """A SQL view built again, and the stock projection runner."""
    with attached(data, load_settings(data=data)) as here:
        ours, events = kernel.rebuild_rate(here.settings)
        stock = with_settings(here.settings, lambda: kernel.stock_rebuild(count))
        by_processes = {number: round(kernel.rebuild_rate(here.settings, number)[0]) for number in (1, 2, 3)}
    return {
        "ours": round(ours),
        "events": events,
        "stock": round(stock),
        "of_stock": round(ours / stock, 1),
        "by_processes": by_processes,
    }


def with_settings(settings: Any, measure: Callable[[], float]) -> float:
    """Runs a measurement whose peer reads the environment."""
    import os

    before = dict(os.environ)
    os.environ.update(settings.environment())
    try:
        return measure()
    finally:
        os.environ.clear()
        os.environ.update(before)


def searching(data: Path, rounds: int) -> dict[str, Any]:
    """Two characters in 20,000 published items: one who asks after another, then eight at once."""
    data.mkdir(exist_ok=True)
    with started(data, "--no-demo") as (url, _):
        asyncio.run(bureau(data))
        with attached(data, load_settings(data=data)) as here:
            filled = fill(here.settings, AGENCY)
        asyncio.run(searched(url, AGENCY, 1, 1))
        alone = asyncio.run(searched(url, AGENCY, rounds, 1))
        together = asyncio.run(searched(url, AGENCY, rounds, 8))
    return {"items": ITEMS, "filled_seconds": round(filled, 1), "alone": alone, "together": together}


def starting(data: Path, settle: float) -> dict[str, Any]:
    """The first start with the demo, memory a while after it was loaded, and the second start."""
    data.mkdir(parents=True)
    with started(data) as (_, first):
        while not (data / "demo-accounts.txt").exists():
            time.sleep(0.2)
        time.sleep(settle)
        used = memory(data)
    with started(data) as (_, second):
        pass
    return {"first_seconds": round(first, 2), "second_seconds": round(second, 2), "pss_mb": used, "agency": CODE}


def verdicts(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Each figure beside its limit."""
    rows = [
        ("HTTP, everything on the path ÷ the same route left empty", results["http"]["of_empty"], ">=", 0.3),
        ("HTTP, everything on the path ÷ stock recorder behind FastAPI", results["http"]["of_stock"], ">=", 4.0),
        ("HTTP p99 at 64 connections, ms", results["http"]["ours"]["p99_ms"], "<=", 100.0),
        (
            "lag drained after the run, s",
            results["http"]["drained_seconds"] if results["http"]["drained_seconds"] is not None else 1e9,
            "<=",
            10.0,
        ),
        ("pipeline without HTTP ÷ stock saves", results["pipeline"]["of_stock"], ">=", 10.0),
        ("commit to another service's view p99 at 100/s, ms", results["commit_to_view"]["p99_ms"], "<=", 50.0),
        ("rebuild of a SQL view ÷ stock projection runner", results["rebuild"]["of_stock"], ">=", 20.0),
        ("second start, s", results["start"]["second_seconds"], "<=", 5.0),
        ("memory of the process tree (PSS), MB", results["start"]["pss_mb"]["total"], "<=", 500.0),
    ]
    if "search" in results:
        rows.append(("search of two characters in 20,000 items through the API p95, ms", results["search"]["alone"]["p95_ms"], "<=", 50.0))
        wrong = results["search"]["alone"]["wrong"] + results["search"]["together"]["wrong"]
        rows.append(("answers of that search that are out of order or not marked", wrong, "<=", 0))
    if "year" in results:
        rows.append(("cells of tables three and four that differ from the report", results["year"]["cells_that_differ"], "<=", 0))
    return [*map(verdict, rows), *(of_ledger(results["ledger"]) if "ledger" in results else ())]


def of_ledger(made: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of the ledger beside their limits."""
    return [
        verdict(row)
        for row in (
            (
                f"annual report from a ledger of {made['events']:,} events, events/s of one core",
                made["replay"]["events_per_cpu_second"],
                ">=",
                200_000,
            ),
            ("append to the ledger: row, leaf and tree, events/s of one core", made["append_events_per_cpu_second"], ">=", 20_000),
            ("inclusion proof p95, ms", made["questions"]["inclusion_p95_ms"], "<=", 5.0),
            ("trail of one case p95, ms", made["questions"]["trail_p95_ms"], "<=", 50.0),
            ("verifying the whole ledger and log, two processes, s", made["verify"]["seconds"], "<=", 60.0),
        )
    ]


def verdict(row: tuple[str, Any, str, float]) -> dict[str, Any]:
    """A figure beside its limit, and whether it is met."""
    what, measured, sign, limit = row
    return {
        "what": what,
        "measured": measured,
        "limit": f"{sign} {limit:g}",
        "met": measured >= limit if sign == ">=" else measured <= limit,
    }


def page(results: dict[str, Any]) -> str:
    """docs/performance.md."""
    lines = [
        "# Performance",
        "",
        f"Measured {results['at']} on {results['machine']}, Python {results['python']}, by `make bench`: the program, PostgreSQL, NATS, the peers and the",
        "load generator share the machine; peers ran in the same run with the same body. Absolute times are of this machine; the ratios are the figures.",
        *([f"The search was measured alone, {results['search']['at']}."] if "at" in results.get("search", {}) else []),
        "",
        "| what | measured | limit | met |",
        "|---|---|---|---|",
        *(f"| {row['what']} | {row['measured']} | {row['limit']} | {'yes' if row['met'] else '**no**'} |" for row in results["verdicts"]),
        "",
        "Rates of one core are events for each second that the program and its PostgreSQL process compute together (the report: both held to one core),",
        "so that what others do on the machine meanwhile does not count; the rates by the clock stand beside them in the raw output.",
        "",
        "## Raw output",
        "",
        "```json",
        json.dumps({name: value for name, value in results.items() if name != "verdicts"}, ensure_ascii=False, indent=1),
        "```",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

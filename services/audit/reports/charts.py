"""Charts of a report against earlier years: drawn here as SVG that needs no script and no style, each with its numbers as a table beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from services.audit.reports.form import AFTER, DIRECT, RECONSIDERATION

YEARS = 8
"""At most so many years, the last ones."""

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 300, 64, 40, 44
COLOURS = ("#0a4b8c", "#c2571a", "#2f7d4f", "#6b4aa0", "#8a6d00", "#a03a5b", "#4a5560")
"""Told apart by hue and by lightness; each bar has its number on it too."""

RESULTS = (
    ("予以公开", "r1_"),
    ("部分公开", "r2_"),
    ("不予公开", "r3_"),
    ("无法提供", "r4_"),
    ("不予处理", "r5_"),
    ("其他处理", "r6_"),
)
"""The groups of results, by the beginning of their rows' keys."""


class Chart(NamedTuple):
    """Numbers by year: a title, the series, and for each year a number for each series."""

    key: str
    title: str
    series: tuple[str, ...]
    years: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def told(self) -> str:
        """The chart in words, for who does not see it."""
        lines = (
            f"{year} 年：" + "，".join(f"{name} {value}" for name, value in zip(self.series, values, strict=True))
            for year, values in self.years
        )
        return "；".join(lines)


def charts_of(reports: Mapping[int, Mapping[str, Any]]) -> list[Chart]:
    """New requests, results and remedies of these reports, by year."""
    years = sorted(reports)[-YEARS:]
    third = {year: {row["key"]: row["values"][-1] for row in reports[year]["table3"]["rows"]} for year in years}
    fourth = {year: reports[year]["table4"] for year in years}
    new = Chart("new", "本年新收申请（件）", ("新收",), tuple((year, (third[year]["new_received"],)) for year in years))
    results = Chart(
        "results",
        "办理结果（件）",
        tuple(name for name, _ in RESULTS),
        tuple((year, tuple(sum(v for k, v in third[year].items() if k.startswith(start)) for _, start in RESULTS)) for year in years),
    )
    remedies = Chart(
        "remedies",
        "行政复议、行政诉讼（件）",
        ("行政复议", "直接起诉", "复议后起诉"),
        tuple((year, tuple(fourth[year][row][-1] for row in (RECONSIDERATION, DIRECT, AFTER))) for year in years),
    )
    return [new, results, remedies]


def svg(chart: Chart) -> Markup:
    """A chart as SVG: grouped bars, each with its number; the title and the numbers in words for who listens."""
    most = max((value for _, values in chart.years for value in values), default=0) or 1
    wide, high = WIDTH - LEFT - 12, HEIGHT - BOTTOM - TOP
    parts = [
        (
            f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-labelledby="chart-{chart.key}-title chart-{chart.key}-told" font-family="sans-serif" font-size="12">'
        ),
        f'<title id="chart-{chart.key}-title">{escape(chart.title)}</title><desc id="chart-{chart.key}-told">{escape(chart.told)}</desc>',
        *_legend(chart.series),
    ]
    for step in ticks(most):
        y = TOP + high - high * step / most
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 12}" y2="{y:.1f}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#57606a">{step}</text>')
    group = wide / max(len(chart.years), 1)
    bar = min(group * 0.8 / max(len(chart.series), 1), 56)
    for number, (year, values) in enumerate(chart.years):
        middle = LEFT + group * (number + 0.5)
        parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#1b1f24">{year}</text>')
        parts += _bars(values, middle - bar * len(values) / 2, bar, high, most)
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 -- every text in it is escaped above


def _legend(series: Sequence[str]) -> list[str]:
    if len(series) < 2:
        return []
    return [
        f'<rect x="{LEFT + 104 * number}" y="8" width="12" height="12" fill="{COLOURS[number]}"/>'
        f'<text x="{LEFT + 104 * number + 17}" y="18" fill="#1b1f24">{escape(name)}</text>'
        for number, name in enumerate(series)
    ]


def _bars(values: Sequence[int], left: float, bar: float, high: float, most: int) -> list[str]:
    parts = []
    for number, value in enumerate(values):
        x, tall = left + bar * number, high * value / most
        top = TOP + high - tall
        parts.append(f'<rect x="{x + 1:.1f}" y="{top:.1f}" width="{bar - 2:.1f}" height="{tall:.1f}" fill="{COLOURS[number]}"/>')
        size = 11 if bar >= 26 else 8
        parts.append(f'<text x="{x + bar / 2:.1f}" y="{top - 4:.1f}" text-anchor="middle" font-size="{size}" fill="#1b1f24">{value}</text>')
    return parts


def ticks(most: int) -> list[int]:
    """Round numbers from 0 up to the greatest: about five, and whole."""
    step = 1
    while step * 5 < most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, most + 1, step))

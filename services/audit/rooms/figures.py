"""How figures stand on a page: a row for each measure, and the positions of the logs that they were counted up to."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from services.audit.figures import Figure
from services.audit.measures import DUTIES, MEASURES
from shared.web.rooms import Shown
from shared.web.titles import TITLES

COLUMNS = ("事项", "按时", "逾期后办理", "其中写明理由", "逾期未办", "未到期")


def cases_of(unit: str, since: date, until: date) -> str:
    """The page of the cases behind a unit's figures of a period, to which the measure is added."""
    return f"/audit/standing?since={since}&on={until}&unit={quote(unit)}&kind="


def table(title: str, found: Iterable[Figure], empty: str, cases: str) -> Shown:
    """A section of a page; a measure that has cases leads to them."""
    figures = list(found)
    return {
        "title": title,
        "columns": COLUMNS,
        "caption": f"由总账的事件得出，不由人填写；计到：{read_up_to(figures[0])}" if figures else title,
        "rows": [
            (
                named(one.measure, cases), str(one.on_time), ("!", str(one.late)) if one.late else "0", str(one.reasoned),
                ("!", str(one.missed)) if one.missed else "0", str(one.open),
            )
            for one in figures
        ],
        "empty": empty,
    }  # fmt: skip


def named(measure: str, cases: str) -> Any:
    """A measure by its title, leading to its cases."""
    title = MEASURES.get(measure, measure)
    return (f"{cases}{measure}#cases", title) if measure in DUTIES else title


def read_up_to(figure: Figure) -> str:
    """The last event of each log that a figure counts."""
    return "，".join(f"{TITLES.get(log, log)}第 {position} 个事件" for log, position in sorted(figure.positions.items()))

"""How figures stand on a page: a row for each measure, and the positions of the logs that they were counted up to."""

from collections.abc import Iterable

from services.audit.figures import Figure
from services.audit.measures import MEASURES
from shared.web.rooms import Shown

COLUMNS = ("事项", "按时", "逾期后办理", "其中写明理由", "逾期未办", "未到期")


def table(title: str, found: Iterable[Figure], empty: str) -> Shown:
    """A section of a page."""
    figures = list(found)
    positions = "，".join(f"{log} 第 {position} 个" for log, position in sorted(figures[0].positions.items())) if figures else ""
    return {
        "title": title,
        "columns": COLUMNS,
        "caption": f"由总账的事件得出，不由人填写；计到：{positions}" if positions else title,
        "rows": [
            (
                MEASURES.get(one.measure, one.measure), str(one.on_time), ("!", str(one.late)) if one.late else "0", str(one.reasoned),
                ("!", str(one.missed)) if one.missed else "0", str(one.open),
            )
            for one in figures
        ],
        "empty": empty,
    }  # fmt: skip

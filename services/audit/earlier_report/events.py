"""Every event of a report of an earlier year."""

from shared.kernel.events import Event, event


@event("audit.EarlierReportImported", title="导入往年的年度报告", rules=("NB-04a",), article="国办公开办函〔2021〕30号")
class EarlierReportImported(Event, frozen=True):
    """The numbers of a file as it was published; `sha256` is of the file. `reason`: why it takes the place of one imported before."""

    year: int
    name: str
    sha256: str
    table2: dict[str, str]
    table3: dict[str, tuple[int, ...]]
    table4: dict[str, tuple[int, ...]]
    reason: str = ""

"""The event of an export."""

from shared.kernel.events import Event, event

EXPORTS = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局监督检查制度（JD-06b）"}


@event("audit.ResultExported", title="报送检查结果", rules=("JD-06b",), article=EXPORTS)
class ResultExported(Event, frozen=True):
    """The results of this year, exactly of this hash, were given to this body for this appraisal."""

    year: int
    purpose: str
    to: str
    sha256: str
    document: str

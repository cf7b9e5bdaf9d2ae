"""What is to be paid, and whether it was (Article 42)."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline


@event(
    "requests.FeeAssessed",
    title="发出收费通知",
    rules=("YS-G.3", "YS-08"),
    article={"decree-711": "国令711 第四十二条", "bureau-2019": "本局依申请公开制度（YS-G.3）"},
)
class FeeAssessed(Event, frozen=True):
    """A fee notice: how it was counted, how much (yuan), and until when it is to be paid."""

    basis: str
    count: int
    yuan: int
    deadline: Deadline


@event("requests.FeePaid", title="登记缴费", rules=("YS-08x.2",), article="国办函〔2020〕109号 第六条")
class FeePaid(Event, frozen=True):
    """Paid to the agency itself: the clock starts anew the day after."""

    paid_on: date
    evidence: str
    deadline: Deadline


@event("requests.FeeLapsed", title="逾期不缴费", rules=("YS-G.3",), article="国办函〔2020〕109号 第六条")
class FeeLapsed(Event, frozen=True):
    """Not paid in time: the request is not processed any further."""

    outcome: str

"""Every event of a lead."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

ARTICLE = {"decree-711": "国令711 第五十三条", "bureau-2019": "本局责任追究制度（ZR-05a）"}


@event("audit.LeadRaised", title="责任追究线索", rules=("X-08", "ZR-05a", "YQ-04.3c", "YS-08x.2"), article=ARTICLE)
class LeadRaised(Event, frozen=True):
    """From a service (its fact and the thing it is about) or from the office. `due`: the day that was missed; `deadline`: of the conclusion;
    `case`: the id of the case that it leads to, where whoever raised it has named one.
    """

    source: str
    title: str
    deadline: Deadline
    service: str = ""
    fact: str = ""
    thing: UUID | None = None
    due: date | None = None
    facts: str = ""
    case: UUID | None = None


@event("audit.LeadWithdrawn", title="责任追究线索撤销", rules=("X-08",), article=ARTICLE)
class LeadWithdrawn(Event, frozen=True):
    """The fact was taken back by who had recorded it."""

    fact: str


@event("audit.LeadFollowed", title="线索转为立案", rules=("X-08", "ZR-05a"), article=ARTICLE)
class LeadFollowed(Event, frozen=True):
    """It became this case, which has a file of its own."""

    case: UUID


@event("audit.LeadDismissed", title="线索不予立案", rules=("X-08",), article=ARTICLE)
class LeadDismissed(Event, frozen=True):
    """No case, for this reason."""

    reason: str


@event("audit.LeadOverdue", title="线索逾期没有结论", rules=("X-08",), article=ARTICLE)
class LeadOverdue(Event, frozen=True):
    """Its day has passed without a conclusion. Recorded once."""

    due: date

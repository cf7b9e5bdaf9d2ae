"""Every event of an inconsistency report. What a citizen writes, and how to reach it, is personal data."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

REPORTED = {"decree-711": "国令711 第六条", "bureau-2019": "本局信息发布协调制度（XT-10a）"}
RAISED = {"decree-711": "国令711 第六条", "bureau-2019": "本局信息发布协调制度（XT-10b）"}


class Published(msgspec.Struct, frozen=True):
    """Where information was published: by whom, and under which title or address."""

    agency: str
    where: str


@event("review.InconsistencyReported", title="收到不一致反映", rules=("XT-10a",), article=REPORTED)
class InconsistencyReported(Event, frozen=True):
    """A citizen reports that what was published is inaccurate or does not agree; it is handled by the due date."""

    content: Personal
    published: tuple[Published, ...]
    person_key: UUID
    deadline: Deadline
    contact: Personal | None = None


@event("review.InconsistencyFound", title="发现其他机关信息不一致", rules=("XT-10b",), article=RAISED)
class InconsistencyFound(Event, frozen=True):
    """This agency has found that information of another is inaccurate or does not agree with its own; it is to be raised by the due date."""

    content: str
    published: tuple[Published, ...]
    deadline: Deadline


@event("review.InconsistencyRaised", title="向主管部门或者监察部门反映", rules=("XT-10a", "XT-10b"), article=RAISED)
class InconsistencyRaised(Event, frozen=True):
    """The competent department or the supervision department was told, in writing."""

    to: str
    name: str
    document: str


@event("review.InconsistencyHandled", title="作出处理", rules=("XT-10a", "X-08"), article=REPORTED)
class InconsistencyHandled(Event, frozen=True):
    """What came of it: corrected here, corrected by the other agency, or consistent after all; with the evidence."""

    finding: str
    measures: str
    evidence: str


@event("review.ReporterAnswered", title="答复反映人", rules=("XT-10a",), article=REPORTED)
class ReporterAnswered(Event, frozen=True):
    """Who reported it was told what came of it."""

    way: str
    text: Personal


@event("review.HandlingOverdue", title="处理逾期", rules=("XT-10a", "XT-10b"), article=REPORTED)
class HandlingOverdue(Event, frozen=True):
    """The due date has passed, and it was not handled or raised. Recorded once."""

    due: date

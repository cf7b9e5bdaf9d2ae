"""Every event of an inquiry of the public. What a citizen writes, its name and how to reach it are personal data."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-02.4）"}
RULES = ("YQ-02.4",)


@event("press.InquiryReceived", title="收到咨询投诉", rules=RULES, article=ARTICLE)
class InquiryReceived(Event, frozen=True):
    """An inquiry or a complaint; it is answered by the due date. The hash is that of the query password."""

    kind: str
    channel: str
    text: Personal
    person_key: UUID
    tracking_number: str
    password_hash: str
    deadline: Deadline
    name: Personal | None = None
    contact: Personal | None = None


@event("press.InquiryAssigned", title="交主管科室办理", rules=RULES, article=ARTICLE)
class InquiryAssigned(Event, frozen=True):
    """The unit in charge, the topic without anybody's personal data, and whether it is a hot or sensitive one: its facts are then published in time."""

    unit: str
    topic: str
    hot: bool
    facts_deadline: Deadline | None = None


@event("press.InquiryAnswered", title="答复咨询投诉", rules=RULES, article=ARTICLE)
class InquiryAnswered(Event, frozen=True):
    """Who asked was told. `late_days`: working days beyond the due date."""

    way: str
    text: Personal
    late_days: int


@event("press.FactsPublished", title="公开真实情况", rules=RULES, article=ARTICLE)
class FactsPublished(Event, frozen=True):
    """The facts of a hot or sensitive topic are public: where, by which evidence, as which publication. `late_days`: beyond their due date."""

    facts: str
    evidence: str
    late_days: int
    publication: UUID | None = None


@event("press.InquiryMissed", title="办理逾期", rules=RULES, article=ARTICLE)
class InquiryMissed(Event, frozen=True):
    """A due date has passed: of the answer, or of the facts. Recorded once each."""

    owed: str
    due: date

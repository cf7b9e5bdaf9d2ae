"""Every event of a risk assessment."""

from uuid import UUID

from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-03.2b）"}
RULES = ("YQ-03.2b",)


@event("press.RiskAssessmentOpened", title="提出舆情风险评估", rules=RULES, article=ARTICLE)
class RiskAssessmentOpened(Event, frozen=True):
    """A decision that touches people's interests is to be assessed before it is taken: whose (`source`, `subject`), and by which unit."""

    source: str
    subject: UUID
    title: str
    unit: str


@event("press.RiskDrafted", title="起草舆情风险评估", rules=RULES, article=ARTICLE)
class RiskDrafted(Event, frozen=True):
    """How it was assessed, what was found, how high the risk is, and what is prepared; `hash` is what an approval names."""

    methods: tuple[str, ...]
    findings: str
    level: str
    plan: str
    hash: str


@event("press.RiskReturned", title="退回舆情风险评估", rules=RULES, article=ARTICLE)
class RiskReturned(Event, frozen=True):
    """To be thought over."""

    reason: str


@event("press.RiskAssessed", title="作出舆情风险评估", rules=RULES, article=ARTICLE)
class RiskAssessed(Event, frozen=True):
    """Approved by another person than who drafted it; for which service's matter, how, how high, and what is prepared."""

    assessment: UUID
    source: str
    subject: UUID
    methods: tuple[str, ...]
    level: str
    plan: str


@event("press.RiskSettledElsewhere", title="已在承办处评估", rules=RULES, article=ARTICLE)
class RiskSettledElsewhere(Event, frozen=True):
    """The matter itself has recorded an assessment: press owes none."""

"""What audit does when another service records that something statutory was missed: a lead, which the supervision office has to conclude (X-08)."""

from datetime import date, datetime
from uuid import UUID

from services.audit.accountability_lead.commands import HearLead, WithdrawLead
from services.audit.accountability_lead.decisions import lead_id
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class Missed(Heard, frozen=True):
    """A statutory day has passed."""

    due: date


class PeriodMissed(Heard, frozen=True):
    """Nothing was published for a period of the catalogue."""

    period: str
    due: date


class RemedyMissed(Heard, frozen=True):
    """The organ or the court was not answered in time; `number` tells the remedies of one request apart."""

    number: int
    due: date


class ResponseMissed(Heard, frozen=True):
    """The hours of an answer to public opinion have passed; `owed` says which answer."""

    owed: str
    until: datetime


class InquiryMissed(Heard, frozen=True):
    """A question of the public was not answered, or its facts were not published, in time; `owed` says which."""

    owed: str
    due: date


def lead(meta: Meta, fact: str, title: str, which: str, due: date | None, source: str = "overdue") -> Reaction:
    """A lead in the file of the matter."""
    command = HearLead(
        source=source,
        service=meta.service, fact=fact, thing=meta.case, which=which, title=title, due=due,
    )  # fmt: skip
    return Reaction(command, lead_id(meta.case, fact, which))


def taken_back(thing: UUID, fact: str, which: str) -> Reaction:
    """The lead of a fact that was withdrawn."""
    return Reaction(WithdrawLead(fact=fact), lead_id(thing, fact, which))


@reacts(source="requests", to="requests.DeadlineMissed")
def reply_missed(heard: Missed, meta: Meta) -> Reaction:
    """A request was not answered in time."""
    return lead(meta, "requests.DeadlineMissed", "依申请公开逾期未答复", str(heard.due), heard.due)


@reacts(source="requests", to="requests.DeadlineMissWithdrawn")
def reply_in_time(heard: Missed, meta: Meta) -> Reaction:
    """It had been, after all."""
    return taken_back(meta.case, "requests.DeadlineMissed", str(heard.due))


@reacts(source="requests", to="requests.CorrectionOverdue")
def correction_missed(heard: Missed, meta: Meta) -> Reaction:
    """A claim for correction was not decided in time."""
    return lead(meta, "requests.CorrectionOverdue", "更正申请逾期未处理", str(heard.due), heard.due)


@reacts(source="requests", to="requests.RemedyAnswerMissed")
def remedy_missed(heard: RemedyMissed, meta: Meta) -> Reaction:
    """The reconsideration organ or the court was not answered in time."""
    return lead(meta, "requests.RemedyAnswerMissed", "复议答复、诉讼答辩逾期", f"{heard.number}/{heard.due}", heard.due)


@reacts(source="review", to="review.DeadlineMissed")
def review_missed(heard: Missed, meta: Meta) -> Reaction:
    """A secrecy review was not given in time."""
    return lead(meta, "review.DeadlineMissed", "保密审查逾期", f"{heard.due}", heard.due)


@reacts(source="review", to="review.HandlingOverdue")
def handling_missed(heard: Missed, meta: Meta) -> Reaction:
    """A report of inaccurate information was not handled in time."""
    return lead(meta, "review.HandlingOverdue", "信息不准确、不一致的反映逾期未处理", str(heard.due), heard.due)


@reacts(source="publishing", to="publishing.DeadlineMissed")
def disclosure_missed(heard: Missed, meta: Meta) -> Reaction:
    """Something was not published in time."""
    return lead(meta, "publishing.DeadlineMissed", "逾期未主动公开", str(heard.due), heard.due)


@reacts(source="publishing", to="publishing.DeadlineMissWithdrawn")
def disclosure_in_time(heard: Missed, meta: Meta) -> Reaction:
    """It had been, after all."""
    return taken_back(meta.case, "publishing.DeadlineMissed", str(heard.due))


@reacts(source="publishing", to="publishing.PublicationMissed")
def period_missed(heard: PeriodMissed, meta: Meta) -> Reaction:
    """An entry of the catalogue was not kept for a period."""
    which = f"{heard.period}/{heard.due}"
    return lead(meta, "publishing.PublicationMissed", f"公开目录逾期未公开（{heard.period}）", which, heard.due)


@reacts(source="publishing", to="publishing.PublicationMissWithdrawn")
def period_in_time(heard: PeriodMissed, meta: Meta) -> Reaction:
    """It had been, after all."""
    return taken_back(meta.case, "publishing.PublicationMissed", f"{heard.period}/{heard.due}")


@reacts(source="publishing", to="publishing.MaterialOverdue")
def material_missed(heard: Missed, meta: Meta) -> Reaction:
    """The interpretation of a document was not there in time."""
    return lead(meta, "publishing.MaterialOverdue", "政策解读材料逾期", str(heard.due), heard.due)


@reacts(source="publishing", to="publishing.MaterialOverdueWithdrawn")
def material_in_time(heard: Missed, meta: Meta) -> Reaction:
    """It had been, after all."""
    return taken_back(meta.case, "publishing.MaterialOverdue", str(heard.due))


@reacts(source="press", to="press.ResponseMissed")
def response_missed(heard: ResponseMissed, meta: Meta) -> Reaction:
    """Public opinion was not answered within its hours (YQ-04.3c)."""
    which = f"{heard.owed}/{heard.until.isoformat()}"
    return lead(meta, "press.ResponseMissed", "舆情逾时未回应", which, meta.effective_on, source="opinion")


@reacts(source="press", to="press.InquiryMissed")
def inquiry_missed(heard: InquiryMissed, meta: Meta) -> Reaction:
    """A question was not answered in time."""
    return lead(meta, "press.InquiryMissed", "公众提问、舆情反映逾期未办理", f"{heard.owed}/{heard.due}", heard.due)

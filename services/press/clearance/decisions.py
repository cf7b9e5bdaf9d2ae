"""The decisions about a clearance: what the thing that is to be said asks for, and what comes back."""

from collections.abc import Sequence
from uuid import UUID

from services.press.clearance.events import (
    Addressee,
    CoordinationConcluded,
    CoordinationRequested,
    File,
    ReviewConcluded,
    ReviewRequested,
)
from services.press.clearance.guards import AGREED, SECRECY
from services.press.clearance.state import Clearance, clearance
from shared.kernel.commands import On
from shared.kernel.errors import Refused
from shared.kernel.events import Event

Events = Sequence[Event]


def ask_review(found: Clearance, subject: UUID, files: tuple[File, ...], unit: str) -> On:
    """Exactly these bytes, once; what has a conclusion needs none again (BM-03b)."""
    if found.in_review:
        raise Refused("review-pending", "已经提请保密审查，请等结论。", article=SECRECY)
    if all(file.sha256 in found.cleared | found.withheld for file in files):
        raise Refused("reviewed-already", "这些内容已有保密审查结论；内容改变后才需要重新审查。", article=SECRECY)
    return On(clearance, found.id, ReviewRequested(review=found.reviews + 1, files=files, unit=unit), case=subject)


def ask_agencies(
    found: Clearance, subject: UUID, item: str, text: str, addressees: tuple[Addressee, ...], files: tuple[File, ...], unit: str
) -> On:
    """Every agency that it concerns, in writing and at once (YQ-03.5d)."""
    if not addressees:
        raise Refused("concerns-nobody", "内容没有列明涉及的机关，不需要协调确认；涉及的，请在拟稿时列明。", article=AGREED)
    if found.coordinating:
        raise Refused("coordination-pending", "已经提请协调确认，请等答复。", article=AGREED)
    if all(file.sha256 in found.agreed for file in files):
        raise Refused("coordinated-already", "这些内容已经各有关机关确认。", article=AGREED)
    asked = CoordinationRequested(round=found.rounds + 1, item=item, text=text, addressees=addressees, files=files, unit=unit)
    return On(clearance, found.id, asked, case=subject)


def conclude_review(found: Clearance, concluded: ReviewConcluded) -> Events:
    """What review has decided; one that was overtaken is left alone."""
    return [concluded] if concluded.review == found.reviews and found.in_review else []


def conclude_coordination(found: Clearance, concluded: CoordinationConcluded) -> Events:
    """What the agencies came to; a round that was overtaken is left alone."""
    return [concluded] if concluded.round == found.rounds and found.coordinating else []

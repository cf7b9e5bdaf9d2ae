"""The state of a disclosure request, and by topic one pure function for each event that brings it up to date."""

from services.requests.disclosure_request.state import (
    amendment,
    assignment,
    coordination,
    deadlines,
    endings,
    excess,
    extension,
    facts,
    fees,
    inspection,
    proactive,
    receipt,
    remedies,
    reply,
    review,
    suspension,
    takeover,
    third_party,
)
from services.requests.disclosure_request.state.request import (
    CLOSED,
    TITLES,
    DisclosureRequest,
    Remedy,
    Stage,
    ThirdParty,
    disclosure_request,
)

__all__ = [
    "CLOSED",
    "TITLES",
    "DisclosureRequest",
    "Remedy",
    "Stage",
    "ThirdParty",
    "disclosure_request",
]

EVOLVING = (
    receipt,
    assignment,
    amendment,
    fees,
    excess,
    extension,
    suspension,
    review,
    coordination,
    reply,
    endings,
    facts,
    deadlines,
    third_party,
    inspection,
    proactive,
    remedies,
    takeover,
)
"""Importing these is what tells the aggregate how each event changes it."""

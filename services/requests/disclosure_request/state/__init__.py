"""The state of a disclosure request, and by topic one pure function for each event that brings it up to date."""

from services.requests.disclosure_request.state import (
    amendment,
    assignment,
    coordination,
    deadlines,
    endings,
    extension,
    facts,
    fees,
    receipt,
    reply,
    review,
    suspension,
)
from services.requests.disclosure_request.state.request import CLOSED, TITLES, DisclosureRequest, Stage, disclosure_request

__all__ = [
    "CLOSED",
    "TITLES",
    "DisclosureRequest",
    "Stage",
    "disclosure_request",
]

EVOLVING = (receipt, assignment, amendment, fees, extension, suspension, review, coordination, reply, endings, facts, deadlines)
"""Importing these is what tells the aggregate how each event changes it."""

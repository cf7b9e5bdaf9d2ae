"""One of each event that tells who has read."""

from datetime import UTC, datetime

from services.audit.readings import PersonalDataRead as ComplainedRead
from services.press.readings import PersonalDataRead as InquiredRead
from services.publishing.readings import PersonalDataRead as SaidRead
from services.requests.readings import PersonalDataRead as AppliedRead
from services.review.readings import PersonalDataRead as ReportedRead
from services.review.readings import SecretItemRead
from shared.kernel.events import Event
from shared.kernel.identity import derived_id

THING = derived_id("golden", "thing read")
MINUTE = datetime(2025, 9, 22, 1, 30, tzinfo=UTC)

EXAMPLES: list[Event] = [
    AppliedRead(thing=THING, fields=("applicant_name", "contact"), minute=MINUTE),
    SaidRead(thing=THING, fields=("text",), minute=MINUTE),
    ReportedRead(thing=THING, fields=("content",), minute=MINUTE),
    InquiredRead(thing=THING, fields=("contact",), minute=MINUTE),
    ComplainedRead(thing=THING, fields=("contact",), minute=MINUTE),
    SecretItemRead(thing=THING, fields=("content",), minute=MINUTE),
]

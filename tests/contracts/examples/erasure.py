"""One of each event that an erasure of personal data records, with every field that it may have."""

from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.trust.erasure import events

CASE = derived_id("golden", "case")
KEYS = (derived_id("golden", "key"), derived_id("golden", "other key"))

EXAMPLES: list[Event] = [
    events.ErasureRequested(concerns=CASE, basis="retention-over", document="固审批〔2025〕3 号"),
    events.ErasureChecked(keys=KEYS, services=("requests", "review")),
    events.ErasureRefused(why="requests：申请尚未办结", service="requests"),
    events.ErasureApproved(keys=KEYS),
    events.PersonalDataErased(concerns=CASE, keys=KEYS),
]

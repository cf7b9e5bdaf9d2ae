"""One of each event of a request's files, with every field that it may have."""

from services.requests.attachment import events
from shared.files.finding import Finding
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.trust.personal import Personal

REQUEST = derived_id("golden", "case")
KEY = derived_id("golden", "key")
FOUND = (Finding("covered-text", "第 2 页", 18), Finding("properties"))

EXAMPLES: list[Event] = [
    events.AttachmentReceived(
        request=REQUEST,
        person_key=KEY,
        name=Personal.plain("示例"),
        sha256="ab" * 32,
        size=20_480,
        kept=20_532,
        kind="pdf",
        file=derived_id("golden", "file"),
        scan="none",
        findings=FOUND,
    ),
    events.ReplyFileAttached(
        request=REQUEST,
        person_key=KEY,
        name=Personal.plain("示例"),
        sha256="cd" * 32,
        size=20_480,
        kind="pdf",
        scan="clean",
        findings=FOUND,
        cleaned_from="ef" * 32,
    ),
    events.AttachmentScanned(sha256="ab" * 32, scan="clean"),
    events.FindingsAccepted(sha256="cd" * 32, accepts="01" * 32, reason="逐页核对，可以提供"),
    events.AttachmentRead(request=REQUEST, sha256="cd" * 32, given_out=True),
]

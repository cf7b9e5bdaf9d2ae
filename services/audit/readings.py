"""Which officials have read what complainants have told: recorded in audit's own log, without the data itself."""

from shared.kernel.events import event
from shared.kernel.readings import PROTECTION, Reading, recorded_reads


@event("audit.PersonalDataRead", title="查阅个人信息", article=PROTECTION)
class PersonalDataRead(Reading, frozen=True):
    """An official has seen personal data of a thing."""


personal_reads = recorded_reads("audit", "PersonalReads", PersonalDataRead, "audit.read_complaint")

"""Which officials have read what citizens have said: recorded in publishing's own log, without the data itself."""

from shared.kernel.events import event
from shared.kernel.readings import PROTECTION, Reading, recorded_reads


@event("publishing.PersonalDataRead", title="查阅个人信息", article=PROTECTION)
class PersonalDataRead(Reading, frozen=True):
    """An official has seen personal data of a thing."""


personal_reads = recorded_reads("publishing", "PersonalReads", PersonalDataRead, "publishing.read")

"""Which officials have read what reporters and others have told the press desk: recorded in press's own log, without the data itself."""

from shared.kernel.events import event
from shared.kernel.readings import PROTECTION, Reading, recorded_reads


@event("press.PersonalDataRead", title="查阅个人信息", article=PROTECTION)
class PersonalDataRead(Reading, frozen=True):
    """An official has seen personal data of a thing."""


personal_reads = recorded_reads("press", "PersonalReads", PersonalDataRead, "press.read")

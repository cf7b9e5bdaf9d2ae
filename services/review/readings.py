"""Which officials have read what reporters have told, and what is marked secret: recorded in review's own log, without the data itself."""

from shared.kernel.events import event
from shared.kernel.readings import PROTECTION, SECRECY, Reading, recorded_reads


@event("review.PersonalDataRead", title="查阅个人信息", article=PROTECTION)
class PersonalDataRead(Reading, frozen=True):
    """An official has seen personal data of a thing."""


personal_reads = recorded_reads("review", "PersonalReads", PersonalDataRead, "review.read")


@event("review.SecretItemRead", title="查阅涉密事项", article=SECRECY)
class SecretItemRead(Reading, frozen=True):
    """An official has seen a review of which a file is marked secret."""


secret_reads = recorded_reads("review", "SecretReads", SecretItemRead, "review.read", secret=True)

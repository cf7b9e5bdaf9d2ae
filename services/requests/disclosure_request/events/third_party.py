"""Third parties: asked, heard, overruled."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


@event("requests.ThirdPartyConsulted", title="书面征求第三方意见", rules=("YS-07.6",), article="国令711 第三十二条")
class ThirdPartyConsulted(Event, frozen=True):
    """A third party whose trade secret or privacy the information touches was asked in writing; `number` counts the consultations of this request."""

    number: int
    touches: str
    third_party: Personal
    contact: Personal
    person_key: UUID
    files: tuple[str, ...]
    sent_on: date
    deadline: Deadline
    counted: bool


@event("requests.ThirdPartyConsented", title="第三方同意公开", rules=("YS-07.6",), article="国令711 第三十二条")
class ThirdPartyConsented(Event, frozen=True):
    """It agrees."""

    number: int
    evidence: str
    reply: Deadline | None


@event("requests.ThirdPartyObjected", title="第三方不同意公开", rules=("YS-07.6",), article="国令711 第三十二条")
class ThirdPartyObjected(Event, frozen=True):
    """It does not agree; `reasonable` is what the agency finds of its reason, None where the rulebook does not ask."""

    number: int
    why: Personal
    person_key: UUID
    reasonable: bool | None
    reply: Deadline | None


@event("requests.ThirdPartySilent", title="第三方逾期未提出意见", rules=("YS-07.6",), article="国令711 第三十二条")
class ThirdPartySilent(Event, frozen=True):
    """Its period has passed without a word: the agency decides."""

    number: int
    due: date
    reply: Deadline | None


@event("requests.PublicInterestOverrode", title="公共利益优先，决定公开", rules=("YS-07.6",), article="国令711 第三十二条")
class PublicInterestOverrode(Event, frozen=True):
    """Not to disclose would harm the public interest gravely: disclosed all the same, the third party told in writing what and why."""

    number: int
    reason: str
    notice: str

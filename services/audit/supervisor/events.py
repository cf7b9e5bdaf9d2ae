"""Every event of a volunteer supervisor. An outsider's name and contact are sealed; an official stands by its id."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.trust.personal import Personal

VOLUNTEERS = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局党务政务公开制度（DX-10a）"}


@event("audit.SupervisorAppointed", title="聘请义务监督员", rules=("DX-10a",), article=VOLUNTEERS)
class SupervisorAppointed(Event, frozen=True):
    """Appointed from this day until the last one of the term. `sphere`: from where, as a company or a community; `number` of the letter of appointment."""

    number: str
    sphere: str
    since: date
    until: date
    person: UUID | None = None
    person_key: UUID | None = None
    name: Personal | None = None
    contact: Personal | None = None


@event("audit.SupervisorRenewed", title="续聘义务监督员", rules=("DX-10a",), article=VOLUNTEERS)
class SupervisorRenewed(Event, frozen=True):
    """For a longer term."""

    until: date


@event("audit.SupervisorEnded", title="解聘义务监督员", rules=("DX-10a",), article=VOLUNTEERS)
class SupervisorEnded(Event, frozen=True):
    """No longer in office from this day on."""

    reason: str

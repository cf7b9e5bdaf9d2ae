"""What was given on request may concern everybody (Article 44)."""

from services.requests.disclosure_request.events.files import File
from shared.kernel.events import Event, event
from shared.trust.personal import Personal

PROACTIVE = "国令711 第四十四条"


@event("requests.ProactiveSuggested", title="建议纳入主动公开", article=PROACTIVE)
class ProactiveSuggested(Event, frozen=True):
    """The applicant thinks that what it was given should be public: it touches many, is to be widely known, or calls for participation."""

    by: str
    reason: Personal


@event("requests.ProactiveDeclined", title="不纳入主动公开", article=PROACTIVE)
class ProactiveDeclined(Event, frozen=True):
    """The suggestion was examined and not followed; the applicant is told why."""

    reason: str


@event("requests.MovedToProactive", title="纳入主动公开", article=PROACTIVE)
class MovedToProactive(Event, frozen=True):
    """What this request was given is to be published: publishing takes it up.

    `title` names the information, without the applicant; `ground` is asked_by_many, suggested or own_motion; `files` are those that went with the
    reply, with the hashes that secrecy review released; `outcome` (r1_granted, r2_partial) says whether they are the whole of it.
    """

    title: str
    ground: str
    reason: str
    unit: str
    outcome: str
    files: tuple[File, ...] = ()

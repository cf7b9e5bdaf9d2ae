"""Every event of a coordination. A letter is named by its addressee: each agency has one letter in a coordination, and answers that one."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

AGREED = {"decree-711": "国令711 第十一条", "bureau-2019": "本局信息发布协调制度（XT-04）"}
ANSWERED = {"decree-711": "国令711 第十一条、第三十四条", "bureau-2019": "本局信息发布协调制度（XT-05b）"}
SETTLED = {"decree-711": "国令711 第十一条", "bureau-2019": "本局信息发布协调制度（XT-06）"}


class File(msgspec.Struct, frozen=True):
    """A file that is to be given out or published: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Participant(msgspec.Struct, frozen=True):
    """Who took part in a panel: a unit concerned, a business authority or an expert."""

    name: str
    kind: str


@event("review.CoordinationOpened", title="提出协调确认", rules=("XT-04",), article=AGREED)
class CoordinationOpened(Event, frozen=True):
    """An item that concerns other agencies is to be confirmed with them. `source` and `subject` tell what waits for it, `round` the how manieth time.

    `co_made`: they have made the information together with this agency, and somebody asks for it (Article 34). `approval_by`: whose approval
    the publication needs besides.
    """

    source: str
    subject: UUID
    round: int
    item: str
    urgent: bool = False
    co_made: bool = False
    files: tuple[File, ...] = ()
    unit: str = ""
    approval_by: str = ""


@event("review.LetterSent", title="发出协调函", rules=("XT-05a", "XT-05b"), article=ANSWERED)
class LetterSent(Event, frozen=True):
    """A written letter to an agency, with its number and the day by which it is to be answered; `hash` names its content (SHA-256).

    `outside`: that agency is not on this platform, and answers on paper.
    """

    addressee: str
    name: str
    number: str
    item: str
    text: str
    hash: str
    deadline: Deadline
    files: tuple[File, ...] = ()
    urgent: bool = False
    co_made: bool = False
    outside: bool = False
    coordination: UUID | None = None


@event("review.Confirmed", title="确认", rules=("XT-05b",), article=ANSWERED)
class Confirmed(Event, frozen=True):
    """The agency confirms. `document`: its written answer, where that came on paper."""

    addressee: str
    remark: str = ""
    document: str = ""


@event("review.Objected", title="提出异议", rules=("XT-05b",), article=ANSWERED)
class Objected(Event, frozen=True):
    """The agency objects: its opinion, and on what it rests."""

    addressee: str
    opinion: str
    basis: str
    document: str = ""


@event("review.ReplyOverdue", title="逾期未答复", rules=("XT-05b",), article=ANSWERED)
class ReplyOverdue(Event, frozen=True):
    """The day of the answer has passed in silence. `consents`: the rulebook takes that as consent (Article 34)."""

    addressee: str
    due: date
    consents: bool = False


@event("review.ReplyOverdueWithdrawn", title="撤销逾期未答复", rules=("XT-05b",), article=ANSWERED)
class ReplyOverdueWithdrawn(Event, frozen=True):
    """An answer that was recorded later had been given in time."""

    addressee: str
    due: date


@event("review.ResolvedByCompetence", title="依权限认定", rules=("XT-06.1",), article=SETTLED)
class ResolvedByCompetence(Event, frozen=True):
    """They disagree, and the content is this agency's to decide, on this basis: its opinion holds."""

    competent: str
    name: str
    basis: str
    agreed: bool


@event("review.EscalatedForRuling", title="报请主管部门协调决定", rules=("XT-06.2a",), article=SETTLED)
class EscalatedForRuling(Event, frozen=True):
    """Competence does not settle it: the competent department of the same level decides. `department` is its code, where it is on this platform."""

    department: str
    name: str
    reason: str
    item: str = ""
    coordination: UUID | None = None


@event("review.PanelConvened", title="组织研究", rules=("XT-06.2b",), article=SETTLED)
class PanelConvened(Event, frozen=True):
    """The department has had the units concerned, the business authority and experts study it."""

    participants: tuple[Participant, ...]
    minutes: str


@event("review.RulingIssued", title="作出协调决定", rules=("XT-06.2b",), article=SETTLED)
class RulingIssued(Event, frozen=True):
    """The department has decided whether it may be published."""

    publish: bool
    document: str
    reason: str
    department: str = ""


@event("review.RulingConfirmed", title="书面确认回复", rules=("XT-06.2c",), article=SETTLED)
class RulingConfirmed(Event, frozen=True):
    """A unit concerned has the decision in writing."""

    addressee: str
    name: str
    document: str


@event("review.PublicationAuthorised", title="登记批准意见", rules=("XT-07",), article=AGREED)
class PublicationAuthorised(Event, frozen=True):
    """What needs an approval has it, or does not get it."""

    granted: bool
    document: str


@event("review.LetterClosed", title="协调函办结", rules=("XT-05a",), article=AGREED)
class LetterClosed(Event, frozen=True):
    """The coordination has ended: this letter needs no answer any more."""

    addressee: str
    outcome: str


@event("review.CoordinationConcluded", title="协调确认结论", rules=("XT-04", "X-03"), article=AGREED)
class CoordinationConcluded(Event, frozen=True):
    """What waits for it may go on (`agreed`), or may not be published. `how`: confirmed, silence, competence, ruling or approval."""

    source: str
    subject: UUID
    round: int
    agreed: bool
    how: str
    files: tuple[File, ...] = ()
    opinion: str = ""


@event("review.CoordinationWithdrawn", title="撤回协调", rules=("XT-04",), article=AGREED)
class CoordinationWithdrawn(Event, frozen=True):
    """The agency does not want to publish it any more, or asks anew. `disputed`: somebody had objected, or was silent."""

    source: str
    subject: UUID
    round: int
    reason: str
    disputed: bool = False
    files: tuple[File, ...] = ()

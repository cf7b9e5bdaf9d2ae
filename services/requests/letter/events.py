"""Every event of a letter, and of how an agency's letters look. What a letter says is sealed under the key of the person to whom it goes."""

from uuid import UUID

from shared.kernel.events import Event, event
from shared.trust.personal import Personal


@event("requests.LetterIssued", title="制发文书", rules=("X-06",), article="国令711 第四十五条")
class LetterIssued(Event, frozen=True):
    """A letter was made, with its number; from here on nothing in it changes.

    `words`: what it says, as JSON. `sha256` and `size` are of the PDF (64 hex digits; bytes), `kept_sha256` and `kept` of its sealed bytes,
    `file` the id to which the sealing is bound, `template` the version of its layout. `party`: the number of the third party that it goes to,
    0 where it goes to the applicant. `draft`: the hash of the reply that it carries. `unit`: the responsible unit.
    """

    request: UUID
    kind: str
    number: str
    person_key: UUID
    words: Personal
    sha256: str
    size: int
    kept_sha256: str
    kept: int
    file: UUID
    template: str
    party: int = 0
    draft: str = ""
    unit: str = ""


@event("requests.LetterSent", title="发出文书", rules=("X-06",), article="国令711 第四十五条")
class LetterSent(Event, frozen=True):
    """It left the house, this way; the evidence is, say, the number of the registered letter."""

    way: str
    evidence: str


@event("requests.LetterDelivered", title="文书送达", rules=("X-06",), article="国令711 第四十五条")
class LetterDelivered(Event, frozen=True):
    """It has arrived; the evidence is, say, a signed return receipt."""

    evidence: str


@event("requests.LetterReturned", title="文书退回", rules=("X-06",), article="国令711 第四十五条")
class LetterReturned(Event, frozen=True):
    """It could not be delivered, and came back. It may be sent again."""

    reason: str


@event("requests.LetterWithdrawn", title="撤销文书", rules=("X-06",), article="国令711 第四十五条")
class LetterWithdrawn(Event, frozen=True):
    """It does not hold any more; its number stays taken. `replaced_by`: the further letter that took its place."""

    reason: str
    replaced_by: UUID | None = None


@event("requests.LetterMailQueued", title="以邮件发送文书", rules=("X-06",), article="国令711 第四十五条")
class LetterMailQueued(Event, frozen=True):
    """It is to go out by mail, to this mailbox; `person_key` is that of the person whom the letter concerns."""

    to: Personal
    person_key: UUID


@event("requests.LetterMailBegun", title="开始发送邮件", rules=("X-06",), article="国令711 第四十五条")
class LetterMailBegun(Event, frozen=True):
    """An attempt, recorded before anything leaves: whatever happens then, it is known that it may have left."""

    attempt: int


@event("requests.LetterMailFailed", title="邮件没有发出", rules=("X-06",), article="国令711 第四十五条")
class LetterMailFailed(Event, frozen=True):
    """What came of an attempt that was not taken (shared.mail.sending.OUTCOMES), with the server's codes; `wait_ms`: milliseconds until the next
    attempt, None where only a person goes on.
    """

    attempt: int
    outcome: str
    code: str = ""
    wait_ms: int | None = None


@event("requests.LetterMailSettled", title="确定邮件结果", rules=("X-06",), article="国令711 第四十五条")
class LetterMailSettled(Event, frozen=True):
    """A person has found out, and goes on: `again` (it is sent once more) or `left` (it goes out in another way)."""

    decision: str
    reason: str


@event("requests.LetterheadSet", title="设置文书信息", article="国令711 第四十五条")
class LetterheadSet(Event, frozen=True):
    """What the agency's letters tell beside their matter: how to reach the agency, and where its decisions are taken further."""

    contact: str
    reconsideration_organ: str
    court: str


@event("requests.LetterTemplateAdopted", title="采用文书模板", article="国令711 第四十五条")
class LetterTemplateAdopted(Event, frozen=True):
    """The agency's letters look like this from now on (typst source, tried before); earlier letters keep their own layout."""

    source: str


@event("requests.LetterDocxTemplateAdopted", title="采用可编辑副本的模板", article="国令711 第四十五条")
class LetterDocxTemplateAdopted(Event, frozen=True):
    """Editable copies are made with this DOCX from now on (tried before, kept in the store of files by its SHA-256); '' where again with the platform's own."""

    sha256: str
    size: int

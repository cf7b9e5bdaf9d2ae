"""Confirmation with other agencies of what is to be given out: asked, and answered (Articles 11, 33, 34)."""

from datetime import date

import msgspec

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

COORDINATION = {"decree-711": "国令711 第十一条、第三十三条、第三十四条", "bureau-2019": "本局信息发布协调制度（XT-04）"}


class Addressee(msgspec.Struct, frozen=True):
    """An agency that is asked: its code and name. `outside`: it is not on this platform, and answers on paper."""

    code: str
    name: str
    outside: bool = False


class CoordinatedFile(msgspec.Struct, frozen=True):
    """A file that the agencies are to confirm: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


@event("requests.CoordinationRequested", title="提请协调确认", rules=("XT-04",), article=COORDINATION)
class CoordinationRequested(Event, frozen=True):
    """What is asked for concerns other agencies: they are asked first. The round counts the times that this request was coordinated.

    `since`: the day from which the reply period stands still; None where the rulebook counts these days. `co_made`: the agencies have made
    the information together (Article 34).
    """

    round: int
    item: str
    text: str
    addressees: tuple[Addressee, ...]
    files: tuple[CoordinatedFile, ...] = ()
    urgent: bool = False
    co_made: bool = False
    unit: str = ""
    approval_by: str = ""
    since: date | None = None


@event("requests.CoordinationConcluded", title="协调确认结论", rules=("XT-04", "X-03"), article=COORDINATION)
class CoordinationConcluded(Event, frozen=True):
    """What the agencies, their competence or the competent department came to. `files`: the hashes that it is about; none is the whole of it.

    `deadline`: the due date with the days of asking left out, where they are not counted.
    """

    round: int
    agreed: bool
    how: str
    opinion: str = ""
    files: tuple[str, ...] = ()
    concluded_on: date | None = None
    deadline: Deadline | None = None

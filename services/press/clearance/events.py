"""Every event of a clearance. They are filed in the case of what is to be said: a response, or a statement."""

import msgspec

from shared.kernel.events import Event, event

SECRECY = {"decree-711": "国令711 第十七条", "bureau-2019": "本局保密审查制度（BM-03b）"}
AGREED = {"decree-711": "国令711 第十一条", "bureau-2019": "本局舆情回应制度（YQ-03.5d）"}


class File(msgspec.Struct, frozen=True):
    """What is to be said, by the SHA-256 of exactly that and its size in bytes."""

    name: str
    sha256: str
    size: int


class Addressee(msgspec.Struct, frozen=True):
    """An agency that it concerns: its code on the platform, or any code with `outside` for one that is not on it."""

    code: str
    name: str
    outside: bool = False


@event("press.ReviewRequested", title="提请保密审查", rules=("BM-03b",), article=SECRECY)
class ReviewRequested(Event, frozen=True):
    """Exactly these bytes are to be reviewed."""

    review: int
    files: tuple[File, ...]
    unit: str = ""


@event("press.ReviewConcluded", title="收到保密审查结论", rules=("BM-03b",), article=SECRECY)
class ReviewConcluded(Event, frozen=True):
    """What review has decided: which bytes may leave, and which may not."""

    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()


@event("press.CoordinationRequested", title="提请协调确认", rules=("YQ-03.5d", "XT-04"), article=AGREED)
class CoordinationRequested(Event, frozen=True):
    """The agencies that it concerns are asked."""

    round: int
    item: str
    text: str
    addressees: tuple[Addressee, ...]
    files: tuple[File, ...] = ()
    urgent: bool = True
    unit: str = ""


@event("press.CoordinationConcluded", title="收到协调确认结论", rules=("YQ-03.5d", "XT-04"), article=AGREED)
class CoordinationConcluded(Event, frozen=True):
    """They agree to exactly these bytes, or it may not be said."""

    round: int
    agreed: bool
    how: str
    files: tuple[str, ...] = ()
    opinion: str = ""

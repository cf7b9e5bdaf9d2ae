"""What is recorded of an erasure. None of it is personal data: keys are named by their ids."""

from uuid import UUID

from shared.kernel.events import Event, event

ARTICLE = "个人信息保护法 第四十七条"


@event("access.ErasureRequested", title="申请清除个人信息", article=ARTICLE)
class ErasureRequested(Event, frozen=True):
    """A person asks that the personal data of a case be erased. `basis` is one of `Basis`; `document` a number, not a text."""

    concerns: UUID
    basis: str
    document: str | None = None


@event("access.ErasureChecked", title="核对可以清除", article=ARTICLE)
class ErasureChecked(Event, frozen=True):
    """Every service was asked, and none has to keep the data: the keys that are to be destroyed."""

    keys: tuple[UUID, ...]
    services: tuple[str, ...]


@event("access.ErasureRefused", title="不予清除", article=ARTICLE)
class ErasureRefused(Event, frozen=True):
    """It may not be, or not now. `service` is the one that still has to keep the data; None if a person declined it."""

    why: str
    service: str | None = None


@event("access.ErasureApproved", title="批准清除个人信息", article=ARTICLE)
class ErasureApproved(Event, frozen=True):
    """Another person approves it: exactly these keys."""

    keys: tuple[UUID, ...]


@event("access.PersonalDataErased", title="个人信息已清除", article=ARTICLE)
class PersonalDataErased(Event, frozen=True):
    """The keys are destroyed: nobody can read the data any more, in any copy. Everything else stands as it stood."""

    concerns: UUID
    keys: tuple[UUID, ...]

"""The value of a personal field. Plain before it is recorded, sealed once it stands in an event; it never shows itself by accident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

PERSONAL_NAMES = frozenset(
    {
        "address",
        "applicant_name",
        "comment",
        "contact",
        "content",
        "email",
        "full_name",
        "id_number",
        "name",
        "organisation",
        "password",
        "phone",
        "postal_code",
        "query_password",
        "text",
        "wanted",
    }
)
"""Field names that a log line may not carry."""

HIDDEN = "〔个人信息〕"


class Personal:
    """A name, an identity number, a contact, an address, or what a citizen wrote.

    Printing, formatting and pickling never give the text away, so that it can't slip into a log, an exception or a queue.
    """

    __slots__ = ("_text", "_token", "event_id", "field", "topic")

    def __init__(self, text: str | None, token: str | None, event_id: UUID | None, field: str, topic: str) -> None:
        self._text = text
        self._token = token
        self.event_id = event_id
        self.field = field
        self.topic = topic

    @classmethod
    def plain(cls, text: str) -> Personal:
        """What somebody has just written."""
        return cls(text, None, None, "", "")

    @classmethod
    def sealed(cls, token: str, event_id: UUID, field: str, topic: str) -> Personal:
        """What stands in an event: the token, and where it stands, to which it is bound."""
        return cls(None, token, event_id, field, topic)

    @property
    def is_sealed(self) -> bool:
        """Whether it is encrypted."""
        return self._token is not None

    @property
    def token(self) -> str:
        """The encrypted form; raises `ValueError` while it is plain."""
        if self._token is None:
            raise ValueError("personal data must be sealed before it is stored")
        return self._token

    @property
    def place(self) -> tuple[UUID, str, str]:
        """The event, field and topic that it is bound to; raises `ValueError` while it is plain."""
        if self.event_id is None:
            raise ValueError("plain personal data stands nowhere yet")
        return self.event_id, self.field, self.topic

    def reveal(self) -> str:
        """The text, while it is plain; raises `ValueError` once it is sealed."""
        if self._text is None:
            raise ValueError("sealed: ask the keys")
        return self._text

    def reference(self) -> str:
        """Token and place in one line, for a view, which keeps ciphertext and decrypts on reading."""
        return f"{self.token}|{self.event_id}|{self.field}|{self.topic}"

    @classmethod
    def from_reference(cls, reference: str) -> Personal:
        """What `reference` gave; raises `ValueError`, which does not repeat it, if it is none."""
        parts = reference.split("|")
        if len(parts) != 4:
            raise ValueError("not a reference to personal data")
        token, event_id, field, topic = parts
        return cls.sealed(token, UUID(event_id), field, topic)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and (self._text, self._token) == (other._text, other._token)

    def __hash__(self) -> int:
        return hash((self._text, self._token))

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if not self.is_sealed:
            raise TypeError("personal data is not pickled before it is sealed")
        return Personal, (None, self._token, self.event_id, self.field, self.topic)

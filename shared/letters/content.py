"""What a letter says, apart from how it looks."""

from datetime import date

import msgspec


class LetterContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one letter. All are plain text; `dated` is the civil date printed on it (Asia/Shanghai)."""

    agency: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    dated: date
    enclosures: tuple[str, ...] = ()
    contact: str = ""

    def as_data(self) -> dict[str, object]:
        """The JSON object that templates read: the fields by name, `dated` as [year, month, day]."""
        fields: dict[str, object] = msgspec.to_builtins(self)
        return {**fields, "dated": [self.dated.year, self.dated.month, self.dated.day]}

    def text(self) -> str:
        """Everything that will be printed, one part a line."""
        return "\n".join((self.agency, self.title, self.number, self.addressee, *self.paragraphs, *self.enclosures, self.contact))

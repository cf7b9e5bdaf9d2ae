"""The Chinese titles of the events of all services, as published in the contracts. Audit imports no other service: events cross as data."""

from functools import cache
from importlib.resources import files

import msgspec


@cache
def _titles() -> dict[str, str]:
    titles: dict[str, str] = msgspec.json.decode((files("services.audit") / "event_titles.json").read_bytes())
    return titles


def title_of(type_: str) -> str:
    """The title of an event type; its own name where a newer service sends one that this version does not know."""
    return _titles().get(type_, type_)

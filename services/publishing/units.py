"""The unit that a command names as responsible: one of the agency's own that is open, as a grant for one unit reaches by its code alone."""

from shared.kernel.commands import Given
from shared.kernel.errors import Invalid


def known_unit(given: Given, unit: str) -> None:
    """That the agency has this unit; raises `Invalid`."""
    if not given.knows_unit(unit):
        raise Invalid(
            "no-such-unit",
            f"本机关没有“{unit}”这个科室，或者该科室已撤销，请填写现有科室的代码。",
            fields=[{"field": "unit", "sentence": "请从本机关现有科室中选择"}],
        )

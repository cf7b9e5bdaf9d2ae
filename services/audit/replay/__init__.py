"""Counterfactual replay: the ledger's deadlines and steps under another rulebook or calendar. Nothing is written.

Every clock is made again from what was recorded: under its own rulebook first, and only where that gives the due date on record is it compared; what
does not come back is told, and not compared. The day on which a thing was done stays as it was, because nobody can know when people
would have acted under other rules.
"""

from services.audit.replay.clocks import READ
from services.audit.replay.comparing import lines, replay, told_again, world_of
from services.audit.replay.facts import MARKS, TITLES, Replay, World, rows_of

__all__ = ["MARKS", "READ", "TITLES", "Replay", "World", "lines", "replay", "rows_of", "told_again", "world_of"]

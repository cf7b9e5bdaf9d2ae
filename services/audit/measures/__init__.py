"""How the units of an agency keep their duties: folded from the ledger in one pass, as of any day, each figure with the cases that it counts.

A matter is one thing that was to be done by a day: a reply, a publication, a period of the catalogue, an answer to public opinion, an opinion of
review. It is on time if it was done by its day, late if after it, missed if the day is over and it is not done; before, it is open. It counts on the
day on which it was done in time, else on the day that it was due: so a period's figures never change but by what is recorded later about it.
"""

from services.audit.measures import of_opinion, of_publishing, of_requests, of_review, of_supervision
from services.audit.measures.counting import cases, figures, folded, total
from services.audit.measures.fold import COUNTED, DUTIES, KEPT, MEASURES, READERS, Fold, Kept, Matter

READING = (of_requests, of_publishing, of_review, of_opinion, of_supervision)
"""Importing these is what registers which events are read."""

__all__ = ["COUNTED", "DUTIES", "KEPT", "MEASURES", "READERS", "Fold", "Kept", "Matter", "cases", "figures", "folded", "total"]

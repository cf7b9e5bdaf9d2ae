"""A unit's written report on a year: called, reminded, submitted with figures from the events, returned, accepted; late or missing shows (NB)."""

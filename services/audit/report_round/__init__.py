"""The disclosure office's call for the units' reports of a year: one act that calls them all (NB-01)."""

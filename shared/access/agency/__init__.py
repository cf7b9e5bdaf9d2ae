"""行政机关: its name, rulebook and units, and the years whose holidays it has announced."""

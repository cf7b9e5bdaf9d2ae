"""Numbers of table two that come from other systems: facts of a year with their source, corrected by further facts, never typed into a report."""

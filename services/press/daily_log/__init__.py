"""The log of a day of public opinion: one an agency and day."""

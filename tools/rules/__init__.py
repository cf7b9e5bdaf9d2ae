"""Which command, event and test carries each of the 178 behaviours of the bureau's rules (rules.csv, the project's own copy)."""

"""The annual report of an agency and year: drafted from its units' reports, counted by replay, frozen by another person, published in time (Decree 711, 49, 50)."""

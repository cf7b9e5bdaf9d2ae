"""Policy interpretation: who drafts a document explains it, with a plan from the drafting on and material in 3 working days (ZJ)."""

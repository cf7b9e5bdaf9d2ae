"""A lead (线索): something that may have to be answered for. Every one ends in a conclusion: a case, a dismissal with its reason, or withdrawn (X-08)."""

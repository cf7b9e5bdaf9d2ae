"""A report of an earlier year that was published elsewhere, taken over for comparison: what came before, and the charts."""

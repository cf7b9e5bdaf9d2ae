"""协调确认: what concerns several agencies is confirmed with them in writing before it leaves (Decree 711, Articles 11 and 34; XT-04 to XT-06)."""

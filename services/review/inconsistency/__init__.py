"""不一致反映: somebody finds that published information is inaccurate, or that what two agencies say does not agree (Decree 711, Article 6; XT-10a, XT-10b)."""

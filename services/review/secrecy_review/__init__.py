"""保密审查: one review of one set of files, from its opening to its leader's decision."""

"""监督检查: a unit's openness is inspected by six questions and by surveys; what is found is put right by its day, or ordered to be (JD, BM-15, BM-16, YQ-04.3a)."""

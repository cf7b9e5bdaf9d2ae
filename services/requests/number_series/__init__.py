"""编号: official numbers of requests, without a gap in an agency and year."""

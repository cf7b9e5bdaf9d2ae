"""意见建议: what the public says of the work of openness, by box, hotline, form, supervisor, forum or visit: assigned, answered, closed (DX-10a, DX-10b)."""

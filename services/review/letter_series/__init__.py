"""函号: the numbers of the letters that an agency sends to others, gapless for each year."""

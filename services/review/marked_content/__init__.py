"""标识登记: which bytes an agency has marked as secret, whichever review it was in. Every later review of the same bytes sees it."""

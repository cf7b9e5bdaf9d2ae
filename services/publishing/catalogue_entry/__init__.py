"""Catalogue entries: what is published how often, by whom, and which periods were missed (DX-04, DX-07, KH-02.1)."""

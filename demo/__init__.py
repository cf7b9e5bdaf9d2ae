"""Demonstrations: a small, varied bureau for `make run`, and a published annual report played as a year of commands through the real services."""

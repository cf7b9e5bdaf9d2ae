"""The lists of press."""

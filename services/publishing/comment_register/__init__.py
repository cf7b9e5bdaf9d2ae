"""The register of the comments on one draft: each has its number, so that a collation leaves none out and counts none twice (JC-03a)."""

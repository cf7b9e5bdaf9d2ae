"""What somebody says about a draft: examined, adopted or not with its reason, and answered (JC-03, JC-06)."""

"""The letters of a request: numbered without gaps, fixed by the hash of their bytes, with the evidence that they arrived."""

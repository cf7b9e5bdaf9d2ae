"""The files of a request: what came with it, and what is to be given out with the reply."""

"""Letters: what an agency tells a person in writing, as a PDF whose bytes are the same whenever it is made again.

The layout is a template (typst, data and not code of ours) of which an agency may have its own version; what the letter
says is data and never read as markup. Rendering runs in a child process with a time limit, so that nobody's page waits
and a bad template can hurt nothing.
"""

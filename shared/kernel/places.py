"""Where an exception came from, for the log. Its text may hold what a person typed; its class and place are enough to find the fault."""

import traceback


def place(error: BaseException) -> str:
    """The innermost frames of an exception, `file:line function`, without its text."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))

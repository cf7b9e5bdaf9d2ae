"""Keeps or builds the toys' view in a process of its own: python -m tests.services.kernel.toy_runner keep|rebuild DSN NUMBER"""

import sys
import threading

from shared.kernel.rebuild import rebuild
from shared.kernel.viewrunner import ViewRunner
from tests.services.kernel.toys import tally_view

if __name__ == "__main__":
    act, dsn, number = sys.argv[1:]
    if act == "rebuild":
        print(rebuild(dsn, tally_view(), processes=int(number)))
    else:
        runner = ViewRunner("press", dsn, [tally_view()], batch=int(number))
        runner.start()
        print("started", flush=True)
        threading.Event().wait(60)

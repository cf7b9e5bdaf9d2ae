"""Access, put together: its own log and pipeline in every process, and the directory that all services ask."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from shared import access
from shared.access import oversight, passwords
from shared.access.account import commands as _accounts  # noqa: F401
from shared.access.agency import commands as _agencies  # noqa: F401
from shared.access.directory import Directory
from shared.access.person import commands as _people  # noqa: F401
from shared.access.session.commands import EndSession
from shared.access.signin import SignIn
from shared.kernel.running import Running
from shared.kernel.service import Due, Service
from shared.settings import Settings
from shared.trust.erasure import api as erasing
from shared.trust.erasure import commands as _erasures  # noqa: F401
from shared.trust.erasure.views import erasures
from shared.trust.keys import Keys


class Access:
    """Access as it runs in a process."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self.directory = Directory(
            settings.dsn("access", role="gongkai_access"),
            idle_minutes=settings.session_idle_minutes,
            password_days=settings.password_max_days,
        )
        self.service = Service(
            name="access",
            title="机关、人员与权限",
            about=access.__doc__ or "",
            views=(erasures,),
            routers=(lambda running: self.signin.router(), lambda running: oversight.router(running, self.directory), erasing.router),
            reads={"access.Erasure": erasing.READ},
            timers=(self._lapsed_sessions,),
        )
        self.running = Running(self.service, settings, self.directory, keys)
        self.signin = SignIn(self.running, self.directory)

    def start(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Reads the directory, then takes commands; `loop` as for `Running.start`."""
        self.directory.start()
        self.running.start(loop)
        passwords.prepare()

    def stop(self) -> None:
        """Ends both."""
        self.running.stop()
        self.directory.stop()

    def _lapsed_sessions(self, _running: Running, _days: Mapping[str, date]) -> Iterable[Due]:
        for session in self.directory.lapsed_sessions():
            yield Due(EndSession(why="超过时限"), session.id, session.agency, f"lapsed {session.id}")


def open_access(settings: Settings, keys: Keys) -> Access:
    """Access on the databases of these settings."""
    return Access(settings, keys)


def open_directory(settings: Settings) -> Directory:
    """The directory as it is now, for a command that reads and ends."""
    directory = Directory(settings.dsn("access", role="gongkai_access"))
    directory.read_once()
    return directory

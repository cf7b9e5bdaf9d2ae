"""The connection to NATS: it is tried again for ever, and says so in the log; nothing else depends on it to keep running."""

import ssl

import structlog
from nats.aio.client import Client

from shared.settings import Settings

log = structlog.get_logger("gongkai.nats")


class Connection(Client):
    """nats-py's client, which reads the headers of our own messages in a quarter of the time: every reader parses a dozen of them for every event."""

    @staticmethod
    def _parse_header_lines(raw: bytes) -> dict[str, str]:
        try:
            # As our relay writes them: `name: value`, nothing to strip. Whatever is otherwise is read the library's way.
            return dict([line.split(": ", 1) for line in raw.decode("ascii").removesuffix("\r\n\r\n").split("\r\n")])
        except ValueError:
            return Client._parse_header_lines(raw)


def authority(settings: Settings) -> ssl.SSLContext | None:
    """Whom the platform trusts to have certified its NATS server; None where the system's own authorities do, or nothing is encrypted."""
    return ssl.create_default_context(cafile=str(settings.nats_ca)) if settings.nats_ca else None


async def connect(settings: Settings, *, name: str) -> Client:
    """A connection that comes back by itself. Waits for the first one at most a few seconds at a time, and then goes on trying."""

    async def failed(error: Exception) -> None:
        log.warning("nats", error=type(error).__name__)

    async def gone() -> None:
        if client.is_closed:
            return
        log.warning("nats is out of reach; what is recorded will be sent when it is back")

    async def back() -> None:
        log.info("nats is back")

    client = Connection()
    await client.connect(
        settings.nats_address,
        name=name,
        tls=authority(settings),
        error_cb=failed,
        disconnected_cb=gone,
        reconnected_cb=back,
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=2,
        ping_interval=20,
        allow_reconnect=True,
        pending_size=8 * 1024 * 1024,
    )
    return client

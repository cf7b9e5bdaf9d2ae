"""How a message reaches an outside channel, and what is known of it afterwards: a webhook with a signature (Standard Webhooks), a WebSub hub, a mailbox.

An address is resolved once, and the connection made to exactly what was resolved: nothing inside the agency's own network is reached unless a setting
allows it. Nothing is followed elsewhere.
"""

import asyncio
import base64
import hmac
import ipaddress
import socket
import time
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx

from shared.kernel.errors import Refused
from shared.mail.sending import message, send
from shared.settings import Settings

ANSWER_BYTES = 2048
"""More of an answer is not read."""

LATER = frozenset({408, 425, 429})
"""Answers of the web that mean: not now."""


class Known(NamedTuple):
    """What is known after an attempt (decisions.OUTCOMES), and the code that was answered."""

    outcome: str
    answer: str = ""


async def webhook(settings: Settings, target: str, secret: str, id: UUID, content: bytes) -> Known:
    """Posts the message; `id` is the same in every attempt, so that who has it already knows it."""
    moment = str(int(time.time()))
    return await _posted(
        settings,
        target,
        content,
        "application/json",
        {
            "webhook-id": f"msg_{id.hex}",
            "webhook-timestamp": moment,
            "webhook-signature": signature(secret, f"msg_{id.hex}", moment, content),
        },
    )


async def websub(settings: Settings, target: str, topic: str) -> Known:
    """Tells a hub that there is something new in a feed; again does no harm."""
    form = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()
    return await _posted(settings, target, form, "application/x-www-form-urlencoded", {})


async def mailbox(settings: Settings, target: str, id: UUID, subject: str, text: str) -> Known:
    """Hands a mail to the agency's mail server."""
    try:
        answer = await send(settings, message(settings, id=f"delivery-{id}", to=target, subject=subject, text=text))
    except Refused:
        return Known("unreached", "未设邮件服务器")
    return Known("confirmed" if answer.outcome == "sent" else answer.outcome, answer.code)


def signature(secret: str, id: str, moment: str, content: bytes) -> str:
    """`v1,` and the Base64 of HMAC-SHA256 over id, moment and content (www.standardwebhooks.com)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{id}.{moment}.".encode() + content, "sha256")).decode()


async def _posted(settings: Settings, target: str, content: bytes, kind: str, headers: dict[str, str]) -> Known:
    parts = urlsplit(target)
    host = parts.hostname or ""
    try:
        async with asyncio.timeout(settings.channel_seconds):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, parts.port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM
            )
    except (OSError, TimeoutError, UnicodeError):
        return Known("unreached", "域名无法解析")
    addresses = [str(one[4][0]) for one in found]
    if not settings.channels_private and any(not ipaddress.ip_address(address.split("%")[0]).is_global for address in addresses):
        return Known("forbidden")
    literal = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    url = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal).geturl()
    sent = {**headers, "Content-Type": kind, "Host": parts.netloc, "User-Agent": "gongkai"}
    try:
        async with (
            asyncio.timeout(settings.channel_seconds),
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=settings.channel_seconds) as client,
        ):
            request = client.build_request("POST", url, content=content, headers=sent, extensions={"sni_hostname": host})
            answer = await client.send(request, stream=True)
            try:
                read = 0
                async for piece in answer.aiter_raw():
                    read += len(piece)
                    if read > ANSWER_BYTES:
                        break
            finally:
                await answer.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol):
        return Known("unreached")
    except (httpx.HTTPError, TimeoutError, OSError):
        return Known("unanswered")
    code = answer.status_code
    told = str(code)
    if 200 <= code < 300:
        return Known("confirmed", told)
    return Known("error" if code >= 500 or code in LATER else "refused", told)

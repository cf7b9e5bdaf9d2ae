"""A message handed to the mail server of the settings (SMTP, RFC 5321), and what is known of it afterwards.

answer = await send(settings, letter_mail)
if answer.outcome == "unanswered": …  # it may have been taken: a person finds out, nothing is sent twice
"""

import re
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected

from shared.kernel.errors import Refused
from shared.settings import Settings

Outcome = Literal["sent", "unreached", "error", "refused", "unanswered"]

OUTCOMES: dict[str, str] = {
    "sent": "邮件服务器已接收",
    "unreached": "没有连通邮件服务器，邮件没有发出",
    "error": "邮件服务器暂时不能接收",
    "refused": "邮件服务器拒收",
    "unanswered": "已发出而没有得到答复，对方可能已经收到",
}
"""What is known after an attempt. Only after `unreached` and `error` the same message may be tried again without a doubt."""

SECONDS = 30.0
"""How long a server may take for each step."""

CODE = re.compile(r"\d\.\d{1,3}\.\d{1,3}")


class Answer(NamedTuple):
    """What came of an attempt. `code`: the server's codes alone (`550 5.1.1`), since its words may repeat an address."""

    outcome: Outcome
    code: str = ""


def may_send(settings: Settings) -> None:
    """Refuses where no mail server is set."""
    if settings.mail_server is None:
        raise Refused(
            "no-mail-server",
            "平台没有设置邮件服务器，不能发送邮件。",
            remedy="请用其他方式送达；需要时请运维人员设置 GONGKAI_MAIL_SERVER 和 GONGKAI_MAIL_FROM。",
        )


def message(settings: Settings, *, id: str, to: str, subject: str, text: str) -> EmailMessage:
    """A mail from the platform, plain text; `id` is the same in every attempt. No program answers it (RFC 3834)."""
    made = EmailMessage()
    made["From"] = settings.mail_from
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<{id}@{settings.mail_from.rpartition('@')[2].rstrip('>')}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text, cte="base64")
    return made


async def send(settings: Settings, mail: EmailMessage) -> Answer:
    """Hands a message over. Never raises for what the server does; raises `Refused` where none is set."""
    may_send(settings)
    assert settings.mail_server is not None
    parts = urlsplit(settings.mail_server.get_secret_value())
    client = aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        timeout=SECONDS,
        use_tls=parts.scheme == "smtps",
        start_tls=None if parts.scheme == "smtp" else parts.scheme == "starttls",
        tls_context=ssl.create_default_context(),
    )
    try:
        try:
            await client.connect()
            if parts.username:
                await client.login(unquote(parts.username), unquote(parts.password or ""))
            await client.mail(mail["From"].addresses[0].addr_spec)
            await client.rcpt(mail["To"].addresses[0].addr_spec)
        except SMTPResponseException as error:
            return _told(error)
        except (SMTPException, OSError, ValueError):
            return Answer("unreached")
        try:
            await client.data(bytes(mail))
        except (SMTPServerDisconnected, TimeoutError, OSError):
            return Answer("unanswered")
        except SMTPResponseException as error:
            return _told(error)
        except SMTPException:
            return Answer("unanswered")
        return Answer("sent", "250")
    finally:
        client.close()


def _told(error: SMTPResponseException) -> Answer:
    found = CODE.search(error.message)
    code = f"{error.code} {found.group()}" if found else str(error.code)
    return Answer("error" if 400 <= error.code < 500 else "refused" if error.code >= 500 else "unreached", code)

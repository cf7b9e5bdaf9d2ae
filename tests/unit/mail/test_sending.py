"""A message is handed to a real SMTP server, which answers in every way that servers do."""

import asyncio
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from shared.kernel.errors import Refused
from shared.mail.sending import message, send
from shared.settings import Settings, SettingsError, load_settings
from tests.mailserver import Server, mail_server

BOX = "wang@example.gov.cn"


@pytest.fixture
def server() -> Iterator[tuple[Server, Settings]]:
    with mail_server() as (told, url):
        yield told, load_settings(mail_server=url, mail_from="gongkai@example.gov.cn")


def sent(settings: Settings) -> Any:
    mail = message(settings, id="01", to=BOX, subject="政府信息公开文书", text="您好。\n")
    return asyncio.run(send(settings, mail))


def test_what_the_server_takes_arrives_as_it_was_written(server: tuple[Server, Settings]) -> None:
    told, settings = server
    assert sent(settings) == ("sent", "250")
    arrived = message_from_bytes(told.taken[0], policy=policy.default)
    assert (arrived["Message-ID"], arrived["To"], arrived["Subject"]) == ("<01@example.gov.cn>", BOX, "政府信息公开文书")
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content() == "您好。\n"


@pytest.mark.parametrize(
    ("rcpt", "data", "answer"),
    [
        ("450 4.2.2 mailbox full", "", ("error", "450 4.2.2")),
        (f"550 5.1.1 {BOX} unknown", "", ("refused", "550 5.1.1")),
        ("", "451 try again", ("error", "451")),
        ("", "554 5.7.1 no", ("refused", "554 5.7.1")),
        ("", "lost", ("unanswered", "")),
    ],
)
def test_what_is_known_afterwards_is_told_and_no_address_with_it(
    server: tuple[Server, Settings], rcpt: str, data: str, answer: tuple[str, str]
) -> None:
    told, settings = server
    told.rcpt, told.data = rcpt, data
    assert sent(settings) == answer


def test_a_server_that_is_not_there_or_wants_no_tls_has_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for scheme in ("smtp", "smtps", "starttls"):
            settings = load_settings(mail_server=f"{scheme}://127.0.0.1:{port}", mail_from="gongkai@example.gov.cn")
            assert sent(settings).outcome == "unreached"


def test_starttls_is_never_left_out_where_it_must_be(server: tuple[Server, Settings]) -> None:
    told, settings = server
    assert settings.mail_server is not None
    must = load_settings(mail_server=settings.mail_server.get_secret_value().replace("smtp", "starttls"), mail_from=settings.mail_from)
    assert sent(must).outcome == "unreached"
    assert told.taken == []


def test_settings_that_cannot_be_are_named() -> None:
    for server, sender, fault in (
        ("http://mail", "a@b.cn", "GONGKAI_MAIL_SERVER"),
        ("smtp://mail:25", "", "GONGKAI_MAIL_FROM"),
        ("smtp://mail:25", "局 <a@b.cn>", "GONGKAI_MAIL_FROM"),
    ):
        with pytest.raises(SettingsError, match=fault):
            load_settings(mail_server=server, mail_from=sender)
    with pytest.raises(Refused, match="no-mail-server"):
        sent(load_settings())

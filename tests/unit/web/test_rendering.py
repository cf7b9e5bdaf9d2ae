"""What keeps a page safe, without a server: whose form it is, where it leads, how it is styled."""

from datetime import UTC, datetime

import pytest
from fastapi import Request

from shared.kernel.errors import Forbidden
from shared.web.rendering import beijing, form_token, own_path, posted, style

BODY = b"content=%E9%A2%84%E7%AE%97&_token="


def request(body: bytes, **headers: str) -> Request:
    given = {
        "host": "gk.example",
        "content-type": "application/x-www-form-urlencoded",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
    }
    return Request(scope, receive)


def signed(**headers: str) -> Request:
    return request(BODY + form_token(request(b"", **headers)).encode(), **headers)


async def test_a_form_of_this_platform_is_read() -> None:
    assert await posted(signed(cookie="gk_session=abc", origin="https://gk.example")) == {"content": ["预算"]}


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}]
)
async def test_a_form_of_another_site_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden, match="cross-site"):
        await posted(signed(cookie="gk_session=abc", **headers))


async def test_a_form_without_the_token_of_its_session_is_refused() -> None:
    other = form_token(request(b"", cookie="gk_session=other")).encode()
    for token in (b"", other):
        with pytest.raises(Forbidden, match="form-expired"):
            await posted(request(BODY + token, cookie="gk_session=abc"))


@pytest.mark.parametrize("path", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "/\t/elsewhere.example", ""])
def test_nobody_is_led_to_another_site(path: str) -> None:
    assert own_path(path, "/requests/") == "/requests/"


def test_a_path_of_ours_is_gone_on_to() -> None:
    assert own_path("/audit/", "/") == "/audit/"


def test_the_style_sheet_is_small_and_named_by_its_content() -> None:
    name, content = style()
    assert name.startswith("style-")
    assert len(content) <= 20 * 1024


def test_instants_are_shown_in_the_time_of_the_place() -> None:
    assert beijing(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "2026-11-24 00:30:00"

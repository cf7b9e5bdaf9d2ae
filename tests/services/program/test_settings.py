"""Settings: every wrong one is named at start, with what is right and never with a secret; what a proxy says counts only if it is trusted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from demo.bureau import set_up
from shared.cli import load
from shared.kernel.identity import fresh_id
from shared.kernel.program import Program, serve
from shared.platform.processes import free_port
from shared.settings import Settings, SettingsError, load_settings
from shared.web.rendering import COOKIE


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eighty", "GONGKAI_PORT：应为整数"),
        ("PORT", "70000", "GONGKAI_PORT：不得大于 65535"),
        ("INBOX_SHARES", "3", "GONGKAI_INBOX_SHARES：只能是 1、2、4、8、16"),
        ("INBOX_RETRY_SECONDS", "0.2,soon", "GONGKAI_INBOX_RETRY_SECONDS：应为数字"),
        ("DATABASE_URL", "postgresql//geheim@db", "GONGKAI_DATABASE_URL：不是 PostgreSQL 的地址"),
        ("NATS_URL", "http://geheim@nats", "GONGKAI_NATS_URL：不是 NATS 的地址"),
        ("PUBLIC_URL", "gk.example.gov.cn", "GONGKAI_PUBLIC_URL：应为 https://主机"),
        ("PUBLIC_URL", "https://gk.example.gov.cn/requests", "GONGKAI_PUBLIC_URL：应为 https://主机"),
        ("PUBLIC_URL", "https://gk.example.gov.cn:99999", "GONGKAI_PUBLIC_URL：应为 https://主机"),
        ("TRUSTED_PROXIES", "10.0.0.5,proxy", "GONGKAI_TRUSTED_PROXIES：应为 IP 地址或网段"),
        ("TRUSTED_PROXIES", "10.0.0.5/8", "GONGKAI_TRUSTED_PROXIES：应为 IP 地址或网段"),
        ("LOG_LEVEL", "LOUD", "GONGKAI_LOG_LEVEL：不在可选范围内"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"GONGKAI_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings(data=tmp_path)
    assert told in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert "单位：" in str(refused.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gongkai.env").write_text("GONGKAI_PORT=0\nGONGKAI_PUBLIC_URL=ftp://here\n", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_KEEPER_SECONDS", "0")
    with pytest.raises(SettingsError) as refused:
        load_settings(data=tmp_path)
    assert all(name in str(refused.value) for name in ("GONGKAI_PORT", "GONGKAI_PUBLIC_URL", "GONGKAI_KEEPER_SECONDS"))


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGKAI_TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/16,::1")
    monkeypatch.setenv("GONGKAI_INBOX_RETRY_SECONDS", "[0.5, 2]")
    found = load_settings(data=tmp_path)
    assert found.trusted_proxies == ("10.0.0.5", "10.1.0.0/16", "::1")
    assert found.inbox_retry_seconds == (0.5, 2.0)


def test_a_process_that_is_told_only_where_the_data_is_reads_the_settings_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gongkai.env").write_text("GONGKAI_KEEPER_SECONDS=7\n", encoding="utf-8")
    servers = {"database_url": "postgresql://one@127.0.0.1/postgres", "nats_url": "nats://127.0.0.1:4222"}
    for name, value in load_settings(data=tmp_path, **servers).environment().items():
        monkeypatch.setenv(name, value)
    assert load_settings().keeper_seconds == 7


def test_every_setting_is_listed_with_its_unit_and_what_it_is_for() -> None:
    told = CliRunner(env={"COLUMNS": "250"}).invoke(load("settings"), []).stdout
    for name, field in Settings.model_fields.items():
        assert f"GONGKAI_{name.upper()}" in told
        assert field.description, name
        assert isinstance(field.json_schema_extra, dict) and field.json_schema_extra["unit"], name


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[Program, httpx.AsyncClient]]:
    """The pages on a socket, as a proxy meets them."""
    port, ended, ready = free_port(), asyncio.Event(), asyncio.Event()
    made = Program(settings, work=False)
    serving = asyncio.create_task(serve(made, "127.0.0.1", port, ready=ready.set, until=ended))
    try:
        await asyncio.wait_for(ready.wait(), 30)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            yield made, client
    finally:
        ended.set()
        await asyncio.wait_for(serving, 30)


async def cookie_of(program: Program, client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """The Set-Cookie of signing in on the page."""
    code = f"s{fresh_id().hex[-10:]}"
    clerk = (await set_up(program.access, code, "设置测试机关"))[0]
    fields = {"agency": code, "login": clerk.login, "password": clerk.password, "next": "/requests/"}
    page = await client.get("/signin", headers=headers)
    token = page.text.partition('name="_token" value="')[2][:64]
    answer = await client.post("/signin", data={"_token": token, **fields}, headers=headers)
    assert answer.status_code == 303, answer.text
    return next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}="))


THROUGH = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


async def test_the_cookie_is_secure_only_where_people_come_by_https(settings: Settings) -> None:
    for given, headers, secure in (
        ({}, {}, False),
        ({}, THROUGH, False),
        ({"trusted_proxies": ("127.0.0.1",)}, {}, False),
        ({"trusted_proxies": ("127.0.0.0/8",)}, THROUGH, True),
        ({"public_url": "http://gk.example.gov.cn"}, {}, False),
        ({"public_url": "https://gk.example.gov.cn"}, {}, True),
    ):
        async with served(settings.model_copy(update=given)) as (program, client):
            assert ("Secure" in await cookie_of(program, client, headers)) is secure, (given, headers)


async def submitted(client: httpx.AsyncClient, agency: str, address: str) -> int:
    """Whether a citizen at this address, behind the proxy, may send a request: the status."""
    body = {"applicant_name": "王芳", "contact": "13900001234", "content": "2024年度部门预算"}
    path = f"/api/requests/disclosure-requests?agency={agency}"
    return (await client.post(path, json=body, headers={"X-Forwarded-For": address})).status_code


@pytest.mark.parametrize(("proxies", "second"), [(("127.0.0.1",), 201), ((), 429)])
async def test_rates_count_the_address_that_a_trusted_proxy_names(settings: Settings, proxies: tuple[str, ...], second: int) -> None:
    code = f"s{fresh_id().hex[-10:]}"
    async with served(settings.model_copy(update={"trusted_proxies": proxies, "public_requests_per_minute": 1})) as (program, client):
        await set_up(program.access, code, "设置测试机关")
        assert await submitted(client, code, "203.0.113.1") == 201
        assert await submitted(client, code, "203.0.113.2") == second
        assert await submitted(client, code, "203.0.113.1") == 429

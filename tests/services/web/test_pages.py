"""The pages as people meet them: the public applies and follows up, officials sign in and act, and what a page refuses."""

import re

import pytest
from fastapi import FastAPI, Request, Response

from shared.law.roles import ROLES
from tests.services.web.conftest import PASSWORD, TOKEN, Browser, Office

APPLICATION = {"applicant_kind": "natural_person", "applicant_name": "张䶮", "contact": "13900000000", "content": "2024年部门预算", "form": "paper", "delivery": "post"}  # fmt: skip
CASE = re.compile(r'href="(/requests/cases/[0-9a-f-]{36})"')
BIG = re.compile(r'class="big">([^<]+)<')


async def apply(office: Office, **changed: str) -> tuple[str, str]:
    path = f"/requests/apply?agency={office.code}"
    answer = await office.browser().send(path, path, {**APPLICATION, **changed})
    assert answer.status_code == 201, answer.text
    tracking, password = BIG.findall(answer.text)
    return tracking, password


async def only_case(browser: Browser) -> str:
    found = CASE.findall((await browser.get("/requests/")).text)
    assert len(found) == 1
    path: str = found[0]
    return path


async def test_the_public_pages_answer_with_what_keeps_a_page_safe(office: Office) -> None:
    browser = office.browser()
    for path in ("/", "/signin", f"/requests/apply?agency={office.code}", "/requests/follow", "/publishing/portal/"):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text and "style=" not in answer.text
        sheet = await browser.get(re.findall(r'href="(/static/[^"]+)"', answer.text)[0])
        assert "immutable" in sheet.headers["cache-control"]


@pytest.mark.parametrize("path", ["/requests/", "/review/", "/audit/", "/audit/reports/2026", "/password"])
async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(office: Office, path: str) -> None:
    answer = await office.browser().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/signin?next={path}")


async def test_the_public_applies_follows_up_and_withdraws(office: Office) -> None:
    tracking, password = await apply(office)
    browser = office.browser()
    wrong = await browser.send("/requests/follow", "/requests/follow", {"tracking_number": tracking, "query_password": "x"})
    assert wrong.status_code == 422
    assert "<title>错误：查询进度" in wrong.text
    known = {"tracking_number": tracking, "query_password": password}
    shown = await browser.send("/requests/follow", "/requests/follow", known)
    assert "已收到，待登记" in shown.text
    assert "张䶮" not in shown.text
    ended = await browser.send("/requests/follow", "/requests/follow", {**known, "withdraw": "1"})
    assert "已撤回" in ended.text
    assert "确认撤回" not in ended.text


async def test_a_form_with_faults_comes_back_with_what_was_typed_and_what_to_do(office: Office) -> None:
    path = f"/requests/apply?agency={office.code}"
    answer = await office.browser().send(path, path, {**APPLICATION, "contact": "", "content": "预"})
    assert answer.status_code == 422
    assert "<title>错误：申请公开" in answer.text
    assert "提交有误，请更正以下内容" in answer.text
    assert '<a href="#f-contact">联系方式：必填</a>' in answer.text
    assert 'id="f-contact"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="张䶮"' in answer.text


async def test_what_is_typed_is_shown_as_text_and_never_runs(office: Office) -> None:
    path = f"/requests/apply?agency={office.code}"
    answer = await office.browser().send(path, path, {**APPLICATION, "applicant_name": "<script>alert(1)</script>", "contact": ""})
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    browser = await office.official("disclosure_office")
    answer = await browser.client.post("/signout", data={"_token": "0" * 64})
    assert answer.status_code == 403
    answer = await browser.client.post("/signout", data={}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "text/html" in answer.headers["content-type"]
    assert (await browser.get("/requests/")).status_code == 200


async def test_the_session_cookie_is_out_of_reach_of_other_sites_and_scripts(office: Office) -> None:
    answer = await office.browser().sign_in(office.code, "audit-administrator")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    wrong = await office.browser().sign_in(office.code, "audit-administrator", "Falsch-1-Falsch")
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    assert "错误：登录" in wrong.text
    led = await office.browser().send(
        "/signin", "/signin", {"agency": office.code, "login": "audit-administrator", "password": PASSWORD, "next": "/\\elsewhere.example"}
    )
    assert led.headers["location"] == "/requests/"


async def test_a_first_password_has_to_be_changed_before_anything_else(office: Office) -> None:
    login, first = await office.newcomer("disclosure_office")
    browser = office.browser()
    await browser.sign_in(office.code, login, first)
    assert (await browser.get("/requests/")).headers["location"] == "/password"
    differs = await browser.send("/password", "/password", {"current": first, "password": PASSWORD, "again": PASSWORD + "x"})
    assert differs.status_code == 422
    assert "两次输入的新口令不一致" in differs.text


async def test_an_official_sees_the_case_and_acts_on_it(office: Office) -> None:
    browser = await office.official("disclosure_office", "clerk")
    empty = await browser.get("/requests/")
    assert "没有符合条件的申请" in empty.text
    await apply(office)
    path = await only_case(browser)
    case = await browser.get(path)
    assert case.status_code == 200
    for shown in ("张䶮", "13900000000", "2024年部门预算", "已收到，待登记", "模拟日期", "办理过程"):
        assert shown in case.text
    ids = re.findall(r' id="([^"]+)"', case.text)
    assert len(ids) == len(set(ids))
    refused = await browser.send(path, f"{path}/assign", {"unit": ""})
    assert refused.status_code == 422
    assert "<title>错误：" in refused.text
    assert '<a href="#f-' not in refused.text
    faulty = await browser.send(path, f"{path}/correct-facts", {"reason": ""})
    assert '<a href="#f-correct-facts-reason">理由：必填</a>' in faulty.text
    assert 'id="f-correct-facts-reason"' in faulty.text
    done = await browser.send(path, f"{path}/register", {"_today": "2026-11-23"})
    assert done.status_code == 303, done.text
    assert done.headers["location"] == path
    after = (await browser.get(path)).text
    assert "已收到，待登记" not in after.split("办理过程")[0]


async def test_who_may_not_read_a_case_sees_nothing_of_it(office: Office) -> None:
    browser = await office.official("disclosure_office")
    await apply(office)
    path = await only_case(browser)
    stranger = office.browser()
    await stranger.sign_in(office.code, "audit-administrator")
    answer = await stranger.get(path)
    assert answer.status_code == 403
    assert "张䶮" not in answer.text


async def test_the_list_is_filtered_and_tells_what_it_cannot_find(office: Office) -> None:
    browser = await office.official("disclosure_office")
    await apply(office)
    assert CASE.findall((await browser.get("/requests/?stage=received")).text)
    assert "没有符合条件的申请" in (await browser.get("/requests/?stage=delivered")).text
    assert "没有符合条件的申请" in (await browser.get("/requests/?overdue=1")).text


async def test_review_and_audit_answer_those_who_may(office: Office) -> None:
    browser = await office.official("disclosure_office")
    assert "没有符合条件的审查" in (await browser.get("/review/")).text
    assert "总账" in (await browser.get("/audit/")).text
    report = await browser.get("/audit/reports/2026")
    assert report.status_code == 200
    assert report.text.count('<th scope="row">') == 25
    missing = await browser.get("/audit/trails/00000000-0000-0000-0000-000000000000")
    assert missing.status_code == 404
    assert "总账中没有这件事" in missing.text


@pytest.mark.parametrize("path", ["/requests/nothing", "/requests/cases/not-an-id", "/review/reviews/not-an-id"])
async def test_a_wrong_address_is_told_on_a_page(office: Office, path: str) -> None:
    answer = await office.browser().get(path)
    assert answer.status_code in (404, 422)
    assert "text/html" in answer.headers["content-type"]
    assert "Traceback" not in answer.text


async def test_who_acts_on_what_another_has_changed_is_told_and_keeps_what_was_typed(office: Office) -> None:
    browser = await office.official("disclosure_office", "clerk")
    await apply(office)
    path = await only_case(browser)
    seen = (await browser.get(path)).text
    version = re.findall(r'name="_version" value="(\d+)"', seen)
    assert set(version) == {"1"}
    token = TOKEN.findall(seen)[0]
    assert (await browser.send(path, f"{path}/register", {"_version": "1"})).status_code == 303
    typed = {"_token": token, "_version": "1", "reason": "收到日期登记有误，应为次日"}
    stale = await browser.client.post(f"{path}/correct-facts", data=typed)
    assert stale.status_code == 412
    assert "他人已更新" in stale.text
    assert "收到日期登记有误，应为次日" in stale.text
    closed = await browser.client.post(f"{path}/register", data={**typed, "late_reason": "昨日窗口收件"})
    assert closed.status_code == 412
    assert "昨日窗口收件" in closed.text
    assert set(re.findall(r'name="_version" value="(\d+)"', stale.text)) == {"2"}
    again = await browser.send(path, f"{path}/correct-facts", {**typed, "_version": "2", "applicant_kind": "research"})
    assert again.status_code == 303, again.text


async def test_whatever_goes_wrong_on_a_page_is_told_on_a_page_with_a_way_back(office: Office) -> None:
    browser = await office.official("disclosure_office")
    pages = office.program.app.pages["press"]
    assert isinstance(pages, FastAPI)

    async def broken(_request: Request) -> Response:
        raise ZeroDivisionError

    pages.add_api_route("/press/broken", broken, methods=["GET"], response_model=None)
    huge = "x" * (office.program.settings.body_limit_bytes + 1)
    form = {"content-type": "application/x-www-form-urlencoded"}
    for answer, status in (
        (await browser.get("/press/broken"), 500),
        (await browser.get("/nothing"), 404),
        (await browser.get("/requests/cases/00000000-0000-0000-0000-000000000000"), 404),
        (await browser.client.post("/requests/apply", content=huge, headers=form), 413),
        (await browser.client.post("/signin", content=huge, headers=form), 413),
        (await browser.client.post("/signin", data={"login": "wang"}), 403),
    ):
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"].startswith("text/html"), answer.request.url
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "返回首页" in answer.text
        assert "ZeroDivisionError" not in answer.text
    for path in ("/api/nothing", "/api/requests/nothing"):
        document = await browser.get(path)
        assert (document.status_code, document.headers["content-type"]) == (404, "application/problem+json"), path


async def test_the_page_of_permissions(office: Office) -> None:
    assert (await office.browser().get("/access")).headers["location"] == "/signin?next=/access"
    await office.open_unit("zonghe", "综合协调科")
    clerk = await office.official("clerk", unit="zonghe")
    shown = (await clerk.get("/access")).text
    assert "承办人员（限综合协调科）" in shown
    assert "本机关还没有分管领导" in shown
    assert "批准审查意见" in shown
    assert "人员和角色" not in shown
    for role in ROLES:
        assert role not in re.sub(r"<[^>]+>", "", shown)
    administrator = office.browser()
    await administrator.sign_in(office.code, "security-administrator")
    people = (await administrator.get("/access")).text
    assert "人员和角色" in people
    assert "王审批" in people
    await office.official("leader_in_charge", login="leader")
    assert "本机关还没有" not in (await clerk.get("/access")).text

"""The pages of claims to have a record corrected, and the form text of a request."""

import re

import pytest

from tests.services.web.conftest import Office

CLAIM = {"ground": "inaccurate", "claimant_name": "张䶮", "contact": "13900000000", "record": "营业执照登记的住所", "wanted": "改为现住所", "proof": "居民户口簿"}  # fmt: skip
ONE = re.compile(r'href="(/requests/corrections/[0-9a-f-]{36})"')


@pytest.mark.rule("YS-09a", "YS-09b")
async def test_the_public_claims_and_officials_send_it_to_who_may_correct_it(office: Office) -> None:
    path = f"/requests/correct?agency={office.code}"
    label = re.search(r'<label for="i-proof">.*?</label>', (await office.browser().get(path)).text)
    assert label is not None and "必填" in label[0], "the decree asks for evidence"
    faulty = await office.browser().send(path, path, {**CLAIM, "proof": ""})
    assert faulty.status_code == 422
    assert "请写明能证明记录不准确的证据" in faulty.text and "营业执照登记的住所" in faulty.text
    made = await office.browser().send(path, path, CLAIM)
    assert made.status_code == 201, made.text
    browser = await office.official("clerk", "disclosure_office")
    (claim,) = set(ONE.findall((await browser.get("/requests/corrections")).text))
    shown = await browser.get(claim)
    assert "张䶮" in shown.text and "待核实" in shown.text
    wrong = await browser.send(claim, f"{claim}/transfer", {"how": "transferred", "agency": "市自然资源局", "contact": "0954-2030000"})
    assert wrong.status_code == 422 and "请写明转送函的文号" in wrong.text
    fields = {"how": "transferred", "agency": "市自然资源局", "contact": "0954-2030000", "document": "转送函1号"}
    assert (await browser.send(claim, f"{claim}/transfer", fields)).status_code == 303
    told = {"way": "post", "evidence": "EMS 1", "text": "已转送市自然资源局。"}
    assert (await browser.send(claim, f"{claim}/notify-claimant", told)).status_code == 303
    assert "已告知，办结" in (await browser.get("/requests/corrections")).text
    noted = await browser.send(
        "/requests/corrections/new", "/requests/corrections/new", {**CLAIM, "channel": "in_person", "receipt": "收件1号"}
    )
    assert noted.status_code == 303


@pytest.mark.rule("YS-05.1c")
async def test_the_form_text_is_offered_to_who_would_rather_write_by_hand(office: Office) -> None:
    browser = office.browser()
    page = (await browser.get(f"/requests/apply?agency={office.code}")).text
    (link,) = re.findall(r'href="(/api/requests/application-form[^"]+)"', page)
    text = await browser.get(link)
    assert text.status_code == 200
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text.startswith("政府信息公开申请书")

"""What stands between information and the public: the right publisher, quality, secrecy, the other agencies, approval, portal first."""

from typing import Any

import pytest

from services.publishing.publication.commands import ApprovePublication, CheckQuality, RequestCoordination, RequestReview
from services.publishing.publication.content import MACHINE_CHECKS
from services.publishing.publication.events import InformationCreated, PublicationApproved, ReviewRequested
from services.publishing.publication.publishing_commands import Publish
from services.publishing.publication.state import Stage, publication
from tests.specification import AGENCY, given
from tests.unit.publishing.items import (
    DRAFTER,
    FINANCE,
    approved,
    approving,
    checked,
    content,
    coordinated,
    draft_of,
    drafted,
    information,
    made,
    online,
    planned,
    published,
    publishing,
    reviewed,
    standing,
    state_of,
)


@pytest.mark.rule("XT-03a", "XT-03b")
def test_who_made_it_publishes_it() -> None:
    given(publication).when(information()).records(InformationCreated)
    refusal = given(publication).when(information(maker="guyuan-czj")).refused("made-elsewhere")
    assert refusal.article == "国令711 第十条"


@pytest.mark.rule("XT-03a", "XT-03c")
def test_what_comes_from_citizens_is_published_by_who_keeps_it() -> None:
    given(publication).when(information(origin="obtained", maker="", keeper=AGENCY.code)).records(InformationCreated)
    given(publication).when(information(origin="obtained", maker="", keeper="guyuan-czj")).refused("kept-elsewhere")
    given(publication).when(information(origin="obtained", maker=AGENCY.code, keeper="")).refused("kept-elsewhere")


@pytest.mark.rule("XT-08")
def test_a_joint_document_is_published_by_its_lead_alone() -> None:
    given(publication).when(information(origin="joint", lead=AGENCY.code)).records(InformationCreated)
    given(publication).when(information(origin="joint", lead="guyuan-czj")).refused("lead-publishes")


@pytest.mark.rule("WZ-3", "WZ-3.1", "WZ-3.2", "WZ-3.3")
@pytest.mark.parametrize("kind", ["procedure", "policy", "budget"])
def test_it_is_decided_first_whether_it_goes_online(kind: str) -> None:
    case = made(kind=kind)
    case.when(content()).refused("online-undecided")
    assert state_of(case.when(online())).online.decision == "online"  # type: ignore[union-attr]
    case.when(online("internal")).refused("is-for-the-public")
    case.when(online("withheld")).refused("ground-missing")
    withheld = case.when(online("withheld", ground="trade_secret")).later()
    assert standing(withheld).stage is Stage.WITHHELD
    withheld.when(content()).refused("publication-withheld")
    assert standing(withheld.when(online()).later()).stage is Stage.CREATED, "assessed again when its ground is gone"


WRONG: dict[str, dict[str, Any]] = {
    "要素完整": {"subject": ""},
    "发文字号规范": {"document_number": "固审批2025-7"},
    "没有未完成的内容": {"text": "联系人：×××"},
    "标点规范": {"text": "现予公布，，请遵照执行。"},
    "用字用词正确": {"text": "既使材料不齐也可以受理。"},
    "没有身份证号、手机号": {"text": "联系人电话13900001111。"},
    "附件格式开放": {"files": ({"name": "目录.wps", "sha256": "ab" * 32, "size": 9},)},
}


@pytest.mark.rule("WZ-4.1")
@pytest.mark.parametrize("check", MACHINE_CHECKS)
def test_each_check_of_the_machine_finds_its_fault(check: str) -> None:
    after = checked(drafted(**WRONG[check]))
    assert [one.name for one in standing(after).checks if not one.passed] == [check]
    approving(reviewed(after)).refused("quality-unchecked")


@pytest.mark.rule("WZ-4.1")
def test_a_person_answers_for_accuracy_language_and_style() -> None:
    after = drafted().when(CheckQuality(confirmed=("accurate", "style")))
    assert [one.name for one in state_of(after).checks if not one.passed] == ["语言通顺简洁"]
    approving(reviewed(after.later())).refused("quality-unchecked")


@pytest.mark.rule("WZ-4.1")
def test_numbers_of_persons_are_counted_not_repeated() -> None:
    checks = standing(checked(drafted(text="身份证号64222219900101123X，电话13900001111。"))).checks
    found = next(one.found for one in checks if one.name == "没有身份证号、手机号")
    assert found == "2 处"


@pytest.mark.rule("BM-03b", "KH-02.3c")
def test_secrecy_is_reviewed_for_exactly_these_bytes() -> None:
    case = checked(drafted())
    approving(case).refused("content-unreviewed")
    asked = case.when(RequestReview()).records(ReviewRequested).later()
    approving(asked).refused("review-pending")
    asked.when(content(text="改动的正文。")).refused("under-review")
    changed = checked(reviewed(case).when(content(text="改动的正文。"), by=DRAFTER).later())
    approving(changed).refused("content-unreviewed")
    reviewed(case).when(RequestReview()).refused("reviewed-already")


@pytest.mark.rule("BM-03b")
def test_what_review_withholds_is_not_approved() -> None:
    approving(reviewed(checked(drafted()), withheld=True)).refused("content-withheld")


@pytest.mark.rule("XT-04")
def test_what_concerns_other_agencies_waits_for_them() -> None:
    case = reviewed(checked(drafted(made(concerns=(FINANCE,)))))
    approving(case).refused("not-coordinated")
    asked = case.when(RequestCoordination(text="请确认。")).later()
    approving(asked).refused("not-coordinated")
    asked.when(RequestCoordination(text="请确认。")).refused("coordination-pending")
    assert "不同意" in approving(coordinated(case, agreed=False)).refused("not-coordinated").sentence
    approving(coordinated(case)).records(PublicationApproved)
    drafted().when(RequestCoordination(text="请确认。")).refused("concerns-nobody")


@pytest.mark.rule("KH-02.3c")
def test_the_leader_approves_what_stands_there_and_not_his_own_draft() -> None:
    case = reviewed(checked(drafted()))
    case.when(ApprovePublication(approves="00" * 32)).refused("content-differs")
    case.when(ApprovePublication(approves=draft_of(case).hash), by=DRAFTER).refused("drafter-approves")
    approving(case).records(PublicationApproved)


@pytest.mark.rule("KH-02.3c")
def test_nothing_is_published_that_was_not_approved() -> None:
    reviewed(checked(drafted())).when(publishing()).refused("not-approved")
    edited = approved().when(content(text="批准以后改动。"), by=DRAFTER).later()
    edited.when(publishing()).refused("not-approved")


@pytest.mark.rule("ZJ-04a")
def test_a_normative_document_is_told_by_the_portal_first() -> None:
    case = approved(planned(made(kind="normative")))
    case.when(publishing("official_account")).refused("portal-first")
    assert standing(published(case).when(publishing("official_account")).later()).places[1].channel == "official_account"
    assert approved().when(publishing("official_account")).problem is None, "other information has no first channel"


@pytest.mark.rule("DX-05a", "DX-05b")
def test_each_channel_is_for_its_audience_and_has_evidence() -> None:
    approved().when(publishing("staff_meeting")).refused("channel-not-for-audience")
    approved(made(audience="internal")).when(publishing("portal")).refused("channel-not-for-audience")
    both = approved(made(audience="both")).when(publishing("portal")).later().when(publishing("briefing")).later()
    assert [(place.channel, place.evidence) for place in standing(both).places] == [
        ("portal", "栏目页面截图"),
        ("briefing", "栏目页面截图"),
    ]
    both.when(publishing("briefing")).refused("published-there")
    with pytest.raises(ValueError, match="evidence"):
        Publish(channel="portal", evidence="")


@pytest.mark.rule("ZJ-06.1a")
@pytest.mark.parametrize("kind", ["normative", "policy"])
def test_a_document_that_is_to_be_explained_is_not_approved_without_a_plan(kind: str) -> None:
    case = reviewed(checked(drafted(made(kind=kind))))
    approving(case).refused("interpretation-unplanned")
    approving(planned(case)).records(PublicationApproved)

"""The two rulebooks, as a jurist reads them (X-02; law.md "Two rulebooks, kept as data")."""

from datetime import date

import pytest

from shared.law.roles import ROLES, incompatible
from shared.law.rulebook import NoRulebook, Rulebook, Unit, rulebook, rulebook_in_force, rulebooks

DECREE = rulebook("decree-711")
BUREAU = rulebook("bureau-2019")


@pytest.mark.rule("X-02")
@pytest.mark.parametrize(
    ("limit", "decree", "bureau"),
    [
        ("reply", 20, 15),
        ("extension", 20, 15),
        ("amendment_notice", 7, 7),
        ("third_party_opinion", 15, 15),
        ("co_maker_opinion", 15, 10),
        ("fee_payment", 20, 20),
        ("coordination", 10, 10),
        ("secrecy_review", 10, 10),
        ("proactive_disclosure", 20, 10),
        ("interpretation", 3, 3),
        ("reconsideration_answer", 10, 10),
        ("reconsideration_answer_simple", 5, 5),
    ],
)
def test_the_limits_in_working_days(limit: str, decree: int, bureau: int) -> None:
    assert (DECREE.limit(limit).days, BUREAU.limit(limit).days) == (decree, bureau)
    assert DECREE.limit(limit).unit is Unit.WORKING


@pytest.mark.rule("X-02", "YS-F.3")
def test_an_extension_is_approved_by_another_role_under_each() -> None:
    for book, role in ((DECREE, "head_of_disclosure_office"), (BUREAU, "head_of_leading_group")):
        assert book.limit("extension").approved_by == role
        assert book.grantees("requests.approve_extension").roles == (role,)


@pytest.mark.rule("X-02")
@pytest.mark.parametrize(
    ("provision", "decree", "bureau"),
    [
        ("extension_once", True, True),
        ("amendment_once", True, True),
        ("amendment_restarts_clock", True, True),
        ("consultation_not_counted", True, False),
        ("suspension_for_force_majeure", False, True),
        ("third_party_refusal_blocks", False, True),
        ("public_interest_overrides", True, False),
        ("processing_fee", True, False),
        ("cost_fee", False, True),
        ("excess_may_be_questioned", True, False),
        ("co_maker_silence_consents", True, False),
        ("purpose_test", False, False),
    ],
)
def test_what_each_allows(provision: str, decree: bool, bureau: bool) -> None:
    assert (DECREE.says(provision), BUREAU.says(provision)) == (decree, bureau)


@pytest.mark.rule("YS-09a")
def test_the_grounds_of_a_correction() -> None:
    assert DECREE.correction.grounds == ("inaccurate",)
    assert BUREAU.correction.grounds == ("inaccurate", "incomplete", "out_of_date", "irrelevant")


@pytest.mark.parametrize("channel", ["internet", "fax", "ordinary_letter"])
def test_some_channels_start_the_clock_when_both_sides_have_confirmed(channel: str) -> None:
    assert DECREE.starts_on_confirmation(channel)
    assert BUREAU.starts_on_confirmation(channel)
    assert not DECREE.starts_on_confirmation("in_person")
    assert not DECREE.starts_on_confirmation("registered_post")


@pytest.mark.parametrize("book", rulebooks(), ids=lambda book: book.id)
def test_every_number_has_its_article_and_a_title(book: Rulebook) -> None:
    for rows in (book.limits, book.provisions, book.dates):
        assert all(row.article and row.title for row in rows.values())


@pytest.mark.parametrize("book", rulebooks(), ids=lambda book: book.id)
def test_every_capability_goes_to_roles_that_exist(book: Rulebook) -> None:
    capabilities = book.capabilities
    assert {role for row in capabilities.values() for role in row.roles} <= set(ROLES)
    assert all(row.roles for row in capabilities.values())
    on_the_law = [row for name, row in capabilities.items() if name.partition(".")[0] in ("requests", "review", "audit")]
    assert all(row.article for row in on_the_law)


def test_both_rulebooks_bound_how_old_a_fact_may_be_entered() -> None:
    for book in (DECREE, BUREAU):
        assert (book.limit("late_entry").days, book.limit("late_entry").unit) == (366, Unit.CALENDAR)


def test_nobody_has_a_capability_that_no_rulebook_knows() -> None:
    assert DECREE.grantees("requests.burn").roles == ()


def test_a_year_has_its_fixed_dates() -> None:
    assert DECREE.dates["unit_report"].of(2026) == date(2026, 12, 20)
    assert BUREAU.dates["annual_report"].of(2027) == date(2027, 1, 31)


@pytest.mark.rule("X-02")
def test_a_request_keeps_the_rulebook_of_its_day() -> None:
    assert rulebook_in_force(date(2019, 5, 15)).id == "decree-711"
    assert rulebook_in_force(date(2026, 1, 5), "bureau-2019").id == "bureau-2019"
    assert rulebook_in_force(date(2026, 1, 5), "decree-711").id == "decree-711"


def test_no_rulebook_before_the_law_and_none_of_an_unknown_name() -> None:
    with pytest.raises(NoRulebook, match="没有生效的规则集"):
        rulebook_in_force(date(2018, 12, 31))
    with pytest.raises(NoRulebook, match="没有规则集"):
        rulebook("../decree-711")


def test_the_three_administrators_never_coincide() -> None:
    administrators = ("system_administrator", "security_administrator", "audit_administrator")
    for one in administrators:
        assert ROLES[one].never_with == set(administrators) - {one}
    assert incompatible(["clerk", "system_administrator", "audit_administrator"]) == (
        "audit_administrator",
        "system_administrator",
    )
    assert incompatible(["clerk", "unit_head", "security_administrator"]) == ()


def test_both_rulebooks_count_from_the_day_after_the_receipt() -> None:
    assert DECREE.day_one_after_receipt
    assert BUREAU.day_one_after_receipt

"""The processing fee in yuan (国办函〔2020〕109号; Decree 711 Art. 42)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.fees import fee_for_items, fee_for_pages, tariff_in_force


@pytest.mark.rule("YS-G.3")
@pytest.mark.parametrize(("items", "yuan"), [(0, 0), (10, 0), (11, 100), (30, 2_000), (31, 2_200), (35, 3_000), (40, 4_000), (45, 5_500)])
def test_items(items: int, yuan: int) -> None:
    assert fee_for_items(items) == yuan


@pytest.mark.rule("YS-G.3")
@pytest.mark.parametrize(("pages", "yuan"), [(0, 0), (30, 0), (31, 10), (72, 420), (100, 700), (200, 2_700), (250, 4_700)])
def test_pages(pages: int, yuan: int) -> None:
    assert fee_for_pages(pages) == yuan


def price_of_item(n: int) -> int:
    """Read off the tariff's own words: the price of the n-th item."""
    if n <= 10:
        return 0
    return 100 if n <= 30 else 200 + (n - 31) // 10 * 100


@given(st.integers(0, 400))
def test_items_cost_the_sum_of_each_ones_price(n: int) -> None:
    assert fee_for_items(n) == sum(price_of_item(item) for item in range(1, n + 1))


@given(st.integers(0, 300), st.integers(0, 300))
def test_items_of_a_month_are_charged_once_however_they_come(before: int, n: int) -> None:
    assert fee_for_items(before) + fee_for_items(n, before=before) == fee_for_items(before + n)


def test_less_than_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="不得为负数"):
        fee_for_pages(-1)
    with pytest.raises(ValueError, match="不得为负数"):
        fee_for_items(1, before=-1)


def test_nothing_is_charged_before_the_tariff() -> None:
    with pytest.raises(LookupError, match="不得收取"):
        tariff_in_force(date(2020, 12, 31))
    tariff = tariff_in_force(date(2021, 1, 1))
    assert "国办函〔2020〕109号" in tariff.source
    assert fee_for_items(35, tariff=tariff) == 3_000

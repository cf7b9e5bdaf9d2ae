"""The 21 outcomes of a request: the result rows of the national annual report (law.md "Outcomes")."""

from collections import Counter
from datetime import date

import pytest

from shared.law.outcomes import OUTCOMES, outcome, remedy


def test_there_are_the_21_result_rows_in_their_order() -> None:
    assert len(OUTCOMES) == 21
    assert list(OUTCOMES) == sorted(OUTCOMES)
    assert Counter(row.group for row in OUTCOMES.values()) == {
        "予以公开": 1,
        "部分公开": 1,
        "不予公开": 8,
        "无法提供": 3,
        "不予处理": 5,
        "其他处理": 3,
    }


@pytest.mark.parametrize("key", OUTCOMES)
def test_each_row_has_its_label_article_and_key(key: str) -> None:
    row = outcome(key)
    assert row.key == key
    assert row.label.startswith("三、（")
    assert row.articles


@pytest.mark.parametrize(
    ("key", "article"),
    [
        ("r1_granted", "第三十六条"),
        ("r2_partial", "第三十七条"),
        ("r3_1_state_secret", "第十四条"),
        ("r3_4_third_party", "第十五条"),
        ("r3_7_enforcement_file", "第十六条"),
        ("r3_8_admin_query", "第三十六条第七项"),
        ("r4_1_not_held", "第三十六条第四项"),
        ("r4_2_need_creation", "第三十八条"),
        ("r4_3_unclear_after_correction", "第三十条"),
        ("r5_1_petition", "第三十九条第一款"),
        ("r5_2_repeat", "第三十六条第六项"),
        ("r5_3_publication", "第三十九条第二款"),
        ("r5_4_massive", "第三十五条"),
        ("r6_1_overdue_correction", "第三十条"),
    ],
)
def test_the_article_leads_to_the_row(key: str, article: str) -> None:
    assert article in outcome(key).articles[0]


@pytest.mark.rule("X-05")
def test_every_refusal_whole_or_part_carries_ground_article_and_reason() -> None:
    refusals = [row for row in OUTCOMES.values() if row.group in ("部分公开", "不予公开", "无法提供", "不予处理")]
    assert len(refusals) == 17
    assert all(row.needs == ("ground", "article", "reason") for row in refusals)
    assert refusals[0].missing(ground="第三方", article=" ", reason=None) == ("article", "reason")
    assert refusals[0].missing(ground="第三方", article="国令711 第十五条", reason="涉及商业秘密") == ()


def test_only_what_is_given_in_whole_or_part_has_files() -> None:
    assert {key for key, row in OUTCOMES.items() if row.files} == {"r1_granted", "r2_partial"}


def test_since_2024_who_was_refused_asks_for_reconsideration_before_suing() -> None:
    kind = outcome("r3_4_third_party").remedy
    assert "先申请行政复议" in remedy(kind, date(2024, 1, 1)).text
    assert "第二十三条" in remedy(kind, date(2024, 1, 1)).article
    assert "先申请" not in remedy(kind, date(2023, 12, 31)).text
    assert "先申请" not in remedy(outcome("r1_granted").remedy, date(2026, 1, 1)).text
    assert "先申请行政复议" in remedy("silence", date(2026, 1, 1)).text

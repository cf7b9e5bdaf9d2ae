"""Texts and queries as words: nothing that stands in a text is lost, and nothing else is found."""

from hypothesis import given
from hypothesis import strategies as st

from shared.search.words import MOST_LETTERS, MOST_TERMS, marked, pattern, plain, query_of, tsquery, words_of

CHINESE = st.text("预算公开征地补偿安置固原市2024年GBｇｂ䶮𠅤，。 （）", max_size=40)


def test_a_text_is_its_pairs_and_the_last_of_each_run() -> None:
    assert words_of("部门预算，2024年") == {"部门", "门预", "预算", "算", "20", "02", "24", "4年", "年"}
    assert words_of("ＧＢ") == words_of("gb") == {"gb", "b"}
    assert words_of("，。 ") == set()


def test_a_query_asks_for_every_pair_and_for_a_single_character_as_a_beginning() -> None:
    assert query_of("部门预算　ABC").terms == ("部门预算", "abc")
    assert tsquery(query_of("预算")) == "'预算'"
    assert tsquery(query_of("征地补偿 税"), "@guyuan") == "'@guyuan' & '征地' & '地补' & '补偿' & '税':*"
    assert query_of("预算 公开").exact
    assert not query_of("预算公开").exact
    assert query_of("' & !预算:*").terms == ("预算",), "what means something to PostgreSQL is never passed on"
    assert len(query_of("税 " * 40).terms) == 1
    assert len(query_of(" ".join("甲乙丙丁戊己庚辛壬癸")).terms) == MOST_TERMS
    assert query_of("预" * 500).terms == ("预" * MOST_LETTERS,)


def test_percent_and_underscore_are_letters_in_a_pattern() -> None:
    assert pattern("50%_\\") == "%50\\%\\_\\\\%"


def test_what_was_asked_for_is_marked_as_it_stands() -> None:
    assert marked("关于ＧＢ预算的预算", query_of("gb 预算").terms) == [
        ("关于", False), ("ＧＢ", True), ("预算", True), ("的", False), ("预算", True),
    ]  # fmt: skip
    assert marked("", ("预算",)) == []
    assert marked("公开", ()) == [("公开", False)]


@given(text=CHINESE)
def test_comparing_keeps_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert "".join(piece for piece, _ in marked(text, query_of("预算 gb").terms)) == text


@given(text=CHINESE, data=st.data())
def test_every_run_of_a_text_is_found_by_any_part_of_it(text: str, data: st.DataObject) -> None:
    terms = query_of(text).terms
    if not terms:
        return
    run = data.draw(st.sampled_from(terms))
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    words = words_of(text)
    if len(part) == 1:
        assert any(word.startswith(part) for word in words)
    else:
        assert {part[number : number + 2] for number in range(len(part) - 1)} <= words

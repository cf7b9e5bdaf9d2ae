"""Detections from files: every line checked, nothing stored if one is wrong, the same item the same id (YQ-03.1a, XW-08.2)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.press.importing import FILE_BYTES, ITEMS, moment_of, plain, read_file, refusal, shown
from services.press.opinion_item.events import OpinionDetected
from services.press.opinion_item.import_commands import imported_id
from services.press.opinion_item.state import opinion_item
from tests.specification import AGENCY, DAY, given, person

NOW = datetime(2025, 9, 22, 2, tzinfo=UTC)
MONITOR = person("monitor", "opinion_monitor")
HEAD = "来源,网址,标题,摘要,发布时间,发现时间"
LINE = "论坛,https://bbs.example.cn/1,反映窗口排队,称排队三小时,2025-09-22 08:00,2025-09-22 09:00"

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>市民论坛</title>
<item><title>反映窗口排队</title><link>https://bbs.example.cn/1</link><guid>bbs-1</guid><author>zhang@example.cn (张某)</author>
<description>&lt;p&gt;称&lt;b&gt;排队&lt;/b&gt;三小时&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
<pubDate>Mon, 22 Sep 2025 08:00:00 +0800</pubDate></item>
<item><title>没有摘要</title><link>https://bbs.example.cn/2</link></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>反映停水</title><id>urn:1</id>
<author><name>李某</name></author><link rel="alternate" href="https://wz.example.cn/3"/><summary type="html">&lt;p&gt;停水&lt;/p&gt;</summary>
<updated>2025-09-22T00:00:00Z</updated></entry></feed>"""


def read(text: str) -> tuple[list[Any], list[str]]:
    found, wrong = read_file(text.encode(), NOW, "website")
    return found, list(shown(wrong))


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
@pytest.mark.parametrize("text", [f"{HEAD}\n{LINE}\n", RSS, ATOM], ids=["csv", "rss", "atom"])
def test_each_line_is_a_detection_with_source_place_and_moments(book: str, text: str) -> None:
    found, wrong = read(text)
    assert wrong == []
    for one in found:
        case = given(opinion_item, id=imported_id(AGENCY.code, one.source, one.key)).under(book)
        taken = case.when(one, by=MONITOR).records(OpinionDetected)
        taken.later().when(one, by=MONITOR).then()
    first = found[0]
    assert (first.place.startswith("https://"), first.published_at) == (True, datetime(2025, 9, 22, 0, tzinfo=UTC))


def test_a_csv_may_be_of_excel_and_names_its_sources_in_chinese() -> None:
    found, wrong = read_file(f"{HEAD}\n{LINE}\n\n{LINE}\n".encode("gb18030"), NOW, "website")
    assert (len(found), wrong, found[0].source) == (1, [], "forum")
    assert found[0].detected_at == datetime(2025, 9, 22, 1, tzinfo=UTC)


def test_every_wrong_line_is_named_and_then_nothing_is_taken() -> None:
    lines = [
        LINE,
        "飞鸽,https://a.example.cn,标题,摘要,,",
        "论坛,https://b.example.cn,标题,摘要,昨天,",
        "论坛,https://c.example.cn,标题,摘要,,2030-01-01",
        "论坛,https://d.example.cn,标题,摘要,2025-09-22 09:30,2025-09-22 09:00",
        "论坛,https://e.example.cn,,摘要,,",
        "论坛,https://f.example.cn",
    ]
    found, told = read("\n".join([HEAD, *lines]))
    assert found == []
    assert [line.partition("（")[0] for line in told] == [f"第 {number} 行" for number in range(3, 9)]
    assert "“来源”" in told[0]
    assert "不能晚于现在" in told[2]
    _, wrong = read_file("\n".join([HEAD, *lines]).encode(), NOW, "website")
    assert (refusal(wrong).code, len(refusal(wrong).fields)) == ("bad-lines", 6)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"x" * (FILE_BYTES + 1), "超过"),
        ("来源,作者\n".encode(), "不认识“作者”"),
        (f'{HEAD}\n"论坛'.encode(), "引号"),
        (b"\xff\xfe\x00", "编码"),
        (b"<html></html>", "不是 RSS 2.0"),
        (b"<rss><channel>", "不是可以读取"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>', "不允许 DTD"),
        (b"<rss><channel><item><title>a</title></item></channel></rss>", "没有网址"),
        (b"<rss><channel><item><link>https://a</link><title>ab</title><pubDate>x</pubDate></item></channel></rss>", "无法识别"),
        (b"<rss><channel><item><link>https://a</link><title>ab</title><pubDate>2099-01-01</pubDate></item></channel></rss>", "不能晚于现在"),
        (("\n".join([HEAD, *(f"论坛,https://a.example.cn/{n},标题,摘要,," for n in range(ITEMS + 1))])).encode(), f"最多 {ITEMS}"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_says_so(content: bytes, sentence: str) -> None:
    found, wrong = read_file(content, NOW, "website")
    assert found == []
    assert sentence in "".join(shown(wrong)), list(shown(wrong))


def test_a_feed_of_a_chinese_site_may_be_in_its_own_encoding_and_without_titles() -> None:
    text = RSS.replace('encoding="utf-8"', 'encoding="GB2312"').replace("<title>没有摘要</title>", "<title></title>")
    found, wrong = read_file(text.encode("gb18030"), NOW, "website")
    assert wrong == []
    assert [one.title for one in found] == ["反映窗口排队", "https://bbs.example.cn/2"]


def test_feeds_are_read_without_tags_and_without_who_said_it() -> None:
    found, _ = read(RSS)
    assert (found[0].summary, found[1].summary) == ("称 排队 三小时", "没有摘要")
    assert (found[0].key, found[1].key) == ("bbs-1", "https://bbs.example.cn/2")
    entry = read(ATOM)[0][0]
    assert (entry.key, entry.place, entry.summary) == ("urn:1", "https://wz.example.cn/3", "停水")
    assert not any(name in str([*found, entry]) for name in ("张某", "李某"))
    assert len(plain("<p>字" * 5000)) > 5000
    assert moment_of("2025-09-22T00:00:00+00:00") == moment_of("2025-09-22 08:00")


def test_the_same_item_is_the_same_thing_again_but_not_of_another_source() -> None:
    one, other = read(RSS)[0][0], read(RSS)[0][0]
    facts = AGENCY.model_copy(update={"code": "another"})
    named = one.spec.identity
    assert named(one, AGENCY, DAY) == named(other, AGENCY, DAY)
    assert named(one, AGENCY, DAY) != named(one, facts, DAY)
    assert named(one, AGENCY, DAY) != named(other.model_copy(update={"source": "weibo"}), AGENCY, DAY)

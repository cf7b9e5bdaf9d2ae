"""One of each event of a request's letters, with every field that it may have."""

from services.requests.letter import events
from shared.kernel.events import Event
from shared.kernel.identity import derived_id
from shared.trust.personal import Personal

EXAMPLES: list[Event] = [
    events.LetterIssued(
        request=derived_id("golden", "case"),
        kind="third_party_consultation",
        number="guyuan-spj依申请征询〔2025〕1号",
        person_key=derived_id("golden", "key"),
        words=Personal.plain("示例"),
        sha256="ab" * 32,
        size=20_480,
        kept_sha256="cd" * 32,
        kept=20_532,
        file=derived_id("golden", "file"),
        template="ef" * 32,
        party=1,
        draft="01" * 32,
        unit="zonghe",
    ),
    events.LetterSent(way="post", evidence="挂号 XA123456789CN"),
    events.LetterDelivered(evidence="回执签收"),
    events.LetterReturned(reason="查无此人"),
    events.LetterWithdrawn(reason="日期有误，另行制发", replaced_by=derived_id("golden", "letter")),
    events.LetterMailQueued(to=Personal.plain("zhang@example.cn"), person_key=derived_id("golden", "person")),
    events.LetterMailBegun(attempt=1),
    events.LetterMailFailed(attempt=1, outcome="error", code="450 4.2.2", wait_ms=60_000),
    events.LetterMailSettled(decision="again", reason="电话核实，对方没有收到"),
    events.LetterheadSet(contact="0954-0000000", reconsideration_organ="固原市人民政府", court="固原市原州区人民法院"),
    events.LetterDocxTemplateAdopted(sha256="ab" * 32, size=9000),
    events.LetterTemplateAdopted(source="#let letter = json(bytes(sys.inputs.data))"),
]

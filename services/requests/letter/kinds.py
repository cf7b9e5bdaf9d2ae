"""The kinds of letters (kinds.toml), and when each may be issued in a request."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec

from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.kernel.errors import Invalid, Refused


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind: its title, the words of its number, who receives it, what it rests on under each rulebook, and what it says."""

    title: str
    series: str
    recipient: str
    basis: dict[str, str]
    paragraphs: tuple[str, ...]


KINDS: dict[str, Kind] = msgspec.convert(tomllib.loads((Path(__file__).parent / "kinds.toml").read_text("utf-8")), dict[str, Kind])
"""Every kind by its key, in the order in which a case needs them."""

R = DisclosureRequest


def _stands(*stands: str) -> Callable[[R, int], bool]:
    return lambda request, party: any(one.number == party and one.stands in stands for one in request.third_parties)


def _settled(request: R) -> bool:
    return request.stage in (Stage.APPROVED, Stage.DELIVERED) and request.draft is not None


OPEN: dict[str, tuple[Callable[[R, int], bool], str]] = {
    "acknowledgement": (lambda request, _party: bool(request.number), "申请登记编号以后才能出具回执。"),
    "amendment": (lambda request, _party: request.stage is Stage.AMENDING, "先告知补正，再制发补正告知书。"),
    "extension": (lambda request, _party: request.extension_days > 0, "延期经批准以后才能制发延期告知书。"),
    "fee": (lambda request, _party: request.stage is Stage.UNPAID, "先核定收费，再制发缴费通知书。"),
    "third_party_consultation": (_stands("waiting"), "先登记征求第三方意见，再制发征询书。"),
    "third_party_decision": (_stands("overridden"), "决定公开第三方不同意公开的信息以后，才能制发决定告知书。"),
    "third_party_answer": (
        lambda request, party: _stands("consented", "objected", "silent")(request, party) and _settled(request),
        "第三方已有意见或者逾期，并且答复经批准以后，才能告知处理结果。",
    ),
    "reasons": (lambda request, _party: request.reasons == "asked", "先要求说明理由，再制发通知书。"),
    "later_date": (lambda request, _party: request.excess_days > 0, "理由合理并另定期限以后，才能制发告知书。"),
    "referral": (
        lambda request, _party: _settled(request) and request.draft is not None and bool(request.draft.other_agency),
        "答复写明负责公开的机关，并经批准以后，才能制发告知书。",
    ),
    "suspension": (lambda request, _party: request.stage is Stage.SUSPENDED, "期限中止以后才能制发中止告知书。"),
    "resumption": (
        lambda request, _party: any(span.why == "suspended" and span.end is not None for span in request.not_counted),
        "期限恢复以后才能制发恢复告知书。",
    ),
    "reply": (
        lambda request, _party: _settled(request),
        "答复经批准以后才能制发答复书。",
    ),
}
"""When each kind may be issued, and what to do where it may not."""


def kind_of(key: str) -> Kind:
    """The kind of this key; raises `Invalid`."""
    if key not in KINDS:
        raise Invalid("letter-kind", "没有这种文书，请从页面上选择。", fields=[{"field": "kind", "sentence": "请选择"}])
    return KINDS[key]


def check_open(key: str, request: R, party: int) -> Kind:
    """The kind, if a letter of it may be issued now to this third party (0: the applicant); raises `Invalid` or `Refused`."""
    kind = kind_of(key)
    is_open, remedy = OPEN[key]
    if (kind.recipient == "third_party") != (party > 0) or not is_open(request, party):
        raise Refused("letter-not-open", f"现在不能制发“{kind.title}”。", remedy=remedy)
    return kind


def open_kinds(request: R) -> list[tuple[str, int, str]]:
    """The letters that may be issued now: key, number of the third party (0: the applicant), title."""
    parties = (0, *(one.number for one in request.third_parties))
    return [
        (key, party, f"{kind.title}（第三方 {party}）" if party else kind.title)
        for key, kind in KINDS.items()
        for party in parties
        if (kind.recipient == "third_party") == (party > 0) and OPEN[key][0](request, party)
    ]

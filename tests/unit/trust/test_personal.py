"""A personal value never shows itself: not printed, formatted, logged, pickled, or in the text of an exception."""

import copy
import json
import pickle
import traceback
from uuid import UUID

import msgspec
import pytest

from shared.kernel.identity import fresh_id
from shared.telemetry import keep_private
from shared.trust.personal import HIDDEN, PERSONAL_NAMES, Personal

SECRET = "张三丰"


class Holder(msgspec.Struct):
    who: Personal


def test_it_shows_nothing_however_it_is_written() -> None:
    value = Personal.plain(SECRET)
    shown = [str(value), repr(value), f"{value}", f"{value:>20}", "%s" % value, "{!r}".format(value), repr([value]), repr(Holder(value))]  # noqa: UP031, UP032
    assert all(HIDDEN in text and SECRET not in text for text in shown)


def test_it_is_not_pickled_or_copied_while_it_is_plain() -> None:
    value = Personal.plain(SECRET)
    for escape in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as caught:
            escape(value)
        assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_sealed_it_travels() -> None:
    value = Personal.sealed("gk1:aa:bb", fresh_id(), "name", "requests.RequestReceived:1")
    assert pickle.loads(pickle.dumps(value)) == value
    assert Personal.from_reference(value.reference()).place == value.place
    assert Personal.from_reference(value.reference()).token == value.token


def test_it_does_not_become_json_by_itself() -> None:
    with pytest.raises(TypeError):
        json.dumps({"who": Personal.plain(SECRET)})
    with pytest.raises(TypeError):
        msgspec.json.encode(Holder(Personal.plain(SECRET)))


def test_equal_is_what_holds_the_same() -> None:
    assert Personal.plain("甲") == Personal.plain("甲") != Personal.plain("乙")
    assert len({Personal.plain("甲"), Personal.plain("甲"), Personal.sealed("甲", UUID(int=1), "", "")}) == 2


def test_what_is_plain_has_no_token_and_what_is_sealed_no_text() -> None:
    with pytest.raises(ValueError, match="sealed before"):
        _ = Personal.plain(SECRET).token
    with pytest.raises(ValueError, match="ask the keys"):
        Personal.sealed("gk1:aa:bb", fresh_id(), "name", "t:1").reveal()
    with pytest.raises(ValueError, match="not a reference"):
        Personal.from_reference("甲|乙")


def test_a_log_line_hides_every_personal_field() -> None:
    entry = keep_private(None, "info", {"event": "received", **dict.fromkeys(PERSONAL_NAMES, SECRET), "who": Personal.plain(SECRET)})
    assert SECRET not in str(entry)

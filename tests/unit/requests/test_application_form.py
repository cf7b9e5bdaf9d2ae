"""The form on which a request may be made on paper (YS-05.1c; Decree 711 Art. 29)."""

from pathlib import Path

import pytest

from services.requests.application_form import PUBLIC_FIELDS, VERSION, form_text
from services.requests.disclosure_request.commands import Submit
from services.requests.disclosure_request.events import RequestReceived
from tests.unit.requests.cases import submitted

TEXT = Path(__file__).with_name(f"application_form_{VERSION}.txt")


@pytest.mark.rule("YS-05.1c")
def test_it_asks_everything_that_the_page_asks_and_offers_help_with_writing() -> None:
    text = form_text("固原市行政审批服务局", Submit)
    for name in PUBLIC_FIELDS:
        assert str(Submit.model_fields[name].title) in text
    assert "□ 自然人" in text and "□ 挂号信" not in text
    assert "固原市行政审批服务局" in text and "口头提出" in text and VERSION in text


@pytest.mark.rule("YS-05.1c")
def test_another_text_is_another_version() -> None:
    assert form_text("某某局", Submit) == TEXT.read_text("utf-8"), (
        "the text has changed: raise VERSION and write the new text beside the old"
    )


@pytest.mark.rule("YS-05.1c")
def test_a_request_names_the_version_of_the_form_on_which_it_was_made() -> None:
    (event,) = submitted(template=VERSION).events
    assert isinstance(event, RequestReceived)
    assert event.template == VERSION

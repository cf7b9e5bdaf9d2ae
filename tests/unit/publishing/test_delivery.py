"""What an outside channel is told: recorded before it leaves, once an attempt, and put to a person where nobody else can know (issue: outside channels)."""

from typing import Any, cast

import pytest

from services.publishing.delivery.commands import BeginDelivery, ConcludeDelivery, DropDelivery, OfferDelivery, SettleDelivery
from services.publishing.delivery.decisions import Delivery, Stage, delivery
from services.publishing.delivery.events import (
    DeliveryBegun,
    DeliveryConfirmed,
    DeliveryDue,
    DeliveryFailed,
    DeliverySettled,
    DeliveryUncertain,
)
from services.publishing.outside_channel.commands import CloseChannel, OpenChannel
from services.publishing.outside_channel.decisions import outside_channel
from services.publishing.outside_channel.events import ChannelClosed, ChannelOpened
from shared.kernel.identity import derived_id
from tests.specification import Outcome, Specification, given, person

pytestmark = pytest.mark.rule("DX-05a")

SYSTEM = person("courier", "system")
OFFICE = person("office", "disclosure_office")
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def offered(kind: str = "webhook") -> Specification:
    """Something that a channel is to be told."""
    told = OfferDelivery.model_validate(
        {
            "channel": derived_id("c"),
            "kind": kind,
            "publication": derived_id("p"),
            "act": "published",
            "version": 1,
            "title": "公告",
            "follows": 7,
        }
    )
    first = given(delivery).when(told, by=SYSTEM).records(DeliveryDue).later()
    first.when(told, by=SYSTEM).refused("already-exists")
    return first


def tried(case: Specification, outcome: str, *waits: int) -> Outcome:
    """One more attempt, and what came of it."""
    begun = case.when(BeginDelivery(), by=SYSTEM).records(DeliveryBegun).later()
    told: dict[str, Any] = {"attempt": cast("Delivery", begun.state).attempt, "outcome": outcome, "waits": waits}
    return begun.when(ConcludeDelivery.model_validate(told), by=SYSTEM)


def test_what_was_confirmed_is_there_and_a_late_answer_changes_nothing() -> None:
    there = tried(offered(), "confirmed").records(DeliveryConfirmed).later()
    assert cast("Delivery", there.state).stage is Stage.CONFIRMED
    there.when(ConcludeDelivery(attempt=1, outcome="error"), by=SYSTEM).then()
    there.when(BeginDelivery(), by=SYSTEM).refused("not-due")
    there.when(SettleDelivery(decision="again", reason="再发"), by=OFFICE).refused("not-uncertain")


@pytest.mark.parametrize("kind", ["webhook", "websub"])
def test_who_knows_a_message_by_its_id_gets_it_again(kind: str) -> None:
    once = tried(offered(kind), "unanswered", 0).then(DeliveryFailed(attempt=1, outcome="unanswered", answer="", wait_ms=0)).later()
    tried(once, "error", 0).records(DeliveryFailed, DeliveryUncertain)


def test_a_mail_that_may_have_arrived_waits_for_a_person() -> None:
    lost = tried(offered("smtp"), "unanswered", 0, 0).records(DeliveryFailed, DeliveryUncertain).later()
    lost.when(BeginDelivery(), by=SYSTEM).refused("not-due")
    lost.when(SettleDelivery(decision="delivered", reason="电话核实"), by=OFFICE).records(DeliverySettled)
    again = lost.when(SettleDelivery(decision="again", reason="没有收到"), by=OFFICE).later()
    tried(again, "confirmed").records(DeliveryConfirmed)


@pytest.mark.parametrize("outcome", ["refused", "forbidden"])
def test_a_refusal_is_not_tried_again(outcome: str) -> None:
    tried(offered(), outcome, 0, 0).records(DeliveryFailed, DeliveryUncertain)


def test_what_is_left_of_a_closed_channel_is_dropped() -> None:
    offered().when(DropDelivery(), by=SYSTEM).records(DeliverySettled).later().when(DropDelivery(), by=SYSTEM).then()


@pytest.mark.parametrize(
    ("kind", "target", "secret", "code"),
    [
        ("webhook", "https://example.gov.cn/hook", "", "bad-secret"),
        ("websub", "https://hub.example.cn/", SECRET, "bad-secret"),
        ("webhook", "ftp://example.gov.cn/", SECRET, "bad-target"),
        ("webhook", "https://user:pw@example.gov.cn/", SECRET, "bad-target"),
        ("smtp", "not a mailbox", "", "bad-target"),
    ],
)
def test_a_channel_has_an_address_that_fits_it(kind: str, target: str, secret: str, code: str) -> None:
    wanted = OpenChannel.model_validate({"kind": kind, "title": "通道", "target": target, "secret": secret})
    given(outside_channel).when(wanted, by=OFFICE).refused(code)


def test_a_channel_is_opened_and_closed_once() -> None:
    wanted = OpenChannel(kind="webhook", title="市政府网站", target="https://example.gov.cn/hook", secret=SECRET)
    made = given(outside_channel).when(wanted, by=OFFICE).records(ChannelOpened).later()
    assert SECRET not in repr(made.state)
    closed = made.when(CloseChannel(reason="改用其他"), by=OFFICE).records(ChannelClosed).later()
    closed.when(CloseChannel(reason="改用其他"), by=OFFICE).refused("channel-closed")

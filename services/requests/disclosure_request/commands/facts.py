"""The command that puts right what was registered wrongly."""

from datetime import date

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Kind, Reason
from services.requests.disclosure_request.decisions import facts
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="correct-facts",
    title="更正登记内容",
    capability="requests.correct_facts",
    opens=guards.correctable,
    events=(events.FactsCorrected, events.DeadlineMissWithdrawn, events.DeadlineMissed),
)
class CorrectFacts(Command):
    """更正登记错误的收到日期或者申请人类别；原来的和更正后的都留存。"""

    reason: Reason = Field(title="理由")
    received_on: date | None = Field(default=None, title="收到日期")
    applicant_kind: Kind | None = Field(default=None, title="申请人类别")


@handles(CorrectFacts)
def correct_facts(command: CorrectFacts, state: R, given: Given) -> Decision:
    """Corrects them."""
    return facts.correct_facts(state, given, command.reason, command.received_on, command.applicant_kind)

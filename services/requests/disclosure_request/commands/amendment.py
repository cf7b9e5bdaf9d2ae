"""The commands of an amendment."""

from typing import Annotated

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.applicant import by_applicant
from services.requests.disclosure_request.commands.fields import TEXTAREA, Text
from services.requests.disclosure_request.decisions import amendment
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="request-amendment",
    title="告知补正",
    capability="requests.request_amendment",
    rules=("YS-06.3",),
    article="国令711 第三十条",
    opens=guards.amendable,
    events=(events.AmendmentRequested,),
)
class RequestAmendment(Command):
    """一次性告知申请人需要补正的全部内容和合理的补正期限。"""

    items: tuple[Annotated[Text, Field(min_length=2, max_length=500)], ...] = Field(title="需要补正的内容", min_length=1, max_length=20)
    working_days: int | None = Field(default=None, title="补正期限（工作日）", ge=5, le=60)


@handles(RequestAmendment)
def request_amendment(command: RequestAmendment, state: R, given: Given) -> Decision:
    """Once."""
    return amendment.request_amendment(state, given, command.items, command.working_days)


@command(
    of=disclosure_request,
    verb="amend",
    title="提交补正",
    capability="requests.record_amendment",
    rules=("YS-06.3",),
    public=True,
    article="国令711 第三十条",
    opens=guards.amending,
    events=(events.RequestAmended,),
)
class RecordAmendment(Command):
    """提交或者登记补正后的申请内容；答复期限重新起算。"""

    content: Text = Field(title="补正后的内容", min_length=2, max_length=5000, json_schema_extra=TEXTAREA)
    good_reason: Text = Field(default="", title="逾期的正当理由", max_length=500, description="补正期限届满后提交的填写")
    query_password: str | None = Field(default=None, title="查询密码", max_length=100, description="申请人自行提交时填写")


@handles(RecordAmendment)
def record_amendment(command: RecordAmendment, state: R, given: Given) -> Decision:
    """By the applicant, or by a clerk for it."""
    by_applicant(state, given, command.query_password)
    return amendment.amend(state, given, command.content, command.good_reason)


@command(
    of=disclosure_request,
    verb="lapse-amendment",
    title="终结（逾期不补正）",
    capability="requests.lapse",
    rules=("YS-06.3",),
    article="国令711 第三十条",
    opens=guards.amending,
    events=(events.AmendmentLapsed,),
)
class LapseAmendment(Command):
    """申请人无正当理由逾期不补正的，视为放弃申请。"""

    good_reason: bool = Field(default=False, title="申请人有正当理由")


@handles(LapseAmendment)
def lapse_amendment(command: LapseAmendment, state: R, given: Given) -> Decision:
    """Ends it."""
    return amendment.lapse_amendment(state, given, command.good_reason)

"""The commands about a request that asks too much or too often."""

from typing import Any

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Reason
from services.requests.disclosure_request.decisions import excess
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest
ARTICLE = "国令711 第三十五条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}


@command(
    of=disclosure_request,
    verb="ask-reasons",
    title="要求说明理由",
    capability="requests.question_excess",
    article=ARTICLE,
    opens=guards.amendable,
    events=(events.ReasonsAsked,),
)
class AskReasons(Command):
    """申请数量、频次明显超过合理范围的，可以要求申请人说明理由；答复期限照常计算。"""

    found: Reason = Field(title="数量、频次", description="如：一年内提出 120 件，本月 30 件")


@handles(AskReasons)
def ask(command: AskReasons, state: R, given: Given) -> Decision:
    """Asks."""
    return excess.ask(state, given, command.found)


@command(
    of=disclosure_request,
    verb="weigh-reasons",
    title="审核申请理由",
    capability="requests.question_excess",
    article=ARTICLE,
    opens=guards.weighable,
    events=(events.ReasonsWeighed,),
)
class WeighReasons(Command):
    """理由不合理的，告知不予处理；合理而不能按期答复的，可以另定合理的延迟答复期限并告知申请人。"""

    said: str = Field(
        title="申请人说明的理由", min_length=2, max_length=2000, json_schema_extra=TEXTAREA, description="未作说明的，写明“未说明”"
    )
    reasonable: bool = Field(title="理由合理")
    finding: Reason = Field(title="审核意见")
    working_days: int = Field(default=0, title="另延的工作日", ge=0, le=250, description="合理而不能按期答复的填写；不延填 0")


@handles(WeighReasons)
def weigh(command: WeighReasons, state: R, given: Given) -> Decision:
    """Weighs."""
    return excess.weigh(
        state, given, command.said, reasonable=command.reasonable, finding=command.finding, working_days=command.working_days
    )

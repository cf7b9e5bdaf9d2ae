"""The commands about an erasure: two are persons', three report what the eraser found and did."""

from uuid import UUID

from pydantic import Field

from shared.kernel.commands import Command, Decided, Decision, Given, command, handles
from shared.kernel.identity import derived_id
from shared.trust.erasure import decisions
from shared.trust.erasure.decisions import Basis, Erasure, erasure
from shared.trust.erasure.events import ARTICLE, ErasureApproved, ErasureChecked, ErasureRefused, ErasureRequested, PersonalDataErased

REQUEST = "trust.request_erasure"
APPROVE = "trust.approve_erasure"


def erasure_id(agency: str, case: UUID) -> UUID:
    """The erasure of a case: one, so that two can't run at a time."""
    return derived_id("access", "erasure", agency, case)


@command(
    of=erasure, verb="request", title="申请清除个人信息", capability=REQUEST, article=ARTICLE, creates=True, events=(ErasureRequested,),
    identity=lambda command, agency, _day: erasure_id(agency.code, command.case),
)  # fmt: skip
class RequestErasure(Command):
    """申请清除一个案件中的个人信息。须经各服务核对，并由另一人批准；清除后任何人都无法恢复。"""

    case: UUID = Field(title="案件编号")
    basis: Basis = Field(title="依据", description="个人信息保护法第四十七条第一款所列情形")
    document: str | None = Field(default=None, title="依据文书的文号", max_length=60)


@handles(RequestErasure)
def request(command: RequestErasure, state: Erasure, _given: Given) -> Decision:
    """Filed in the case that it is about, so that its trail shows it."""
    return Decided(decisions.request(state, command.case, command.basis, command.document), case=command.case)


@command(
    of=erasure, verb="approve", title="批准清除个人信息", capability=APPROVE, article=ARTICLE, events=(ErasureApproved,),
    opens=lambda state, given: decisions.may_approve(state, given.actor),
)  # fmt: skip
class ApproveErasure(Command):
    """批准清除。申请人不得自己批准；批准后随即销毁密钥，任何人都无法恢复。"""


@handles(ApproveErasure)
def approve(_command: ApproveErasure, state: Erasure, given: Given) -> Decision:
    """By another person."""
    return decisions.approve(state, given.actor)


@command(of=erasure, verb="decline", title="不批准清除个人信息", capability=APPROVE, article=ARTICLE, events=(ErasureRefused,))
class DeclineErasure(Command):
    """不批准清除，写明理由（不得写入个人信息）。"""

    why: str = Field(title="理由", min_length=2, max_length=200)


@handles(DeclineErasure)
def decline(command: DeclineErasure, state: Erasure, _given: Given) -> Decision:
    """With its reason."""
    return decisions.decline(state, command.why)


@command(
    of=erasure, verb="conclude-check", title="核对可以清除", capability=REQUEST, article=ARTICLE, internal=True, events=(ErasureChecked,)
)
class ConcludeCheck(Command):
    """各服务均答复可以清除。"""

    keys: tuple[UUID, ...] = Field(title="密钥", min_length=1)
    services: tuple[str, ...] = Field(title="答复的服务")


@handles(ConcludeCheck)
def conclude_check(command: ConcludeCheck, state: Erasure, _given: Given) -> Decision:
    """Which keys."""
    return decisions.conclude_check(state, command.keys, command.services)


@command(of=erasure, verb="refuse", title="不予清除", capability=REQUEST, article=ARTICLE, internal=True, events=(ErasureRefused,))
class RefuseErasure(Command):
    """有服务仍须保存，或者没有答复。"""

    why: str = Field(title="理由", max_length=400)
    service: str | None = Field(default=None, title="服务", max_length=40)


@handles(RefuseErasure)
def refuse(command: RefuseErasure, state: Erasure, _given: Given) -> Decision:
    """Says why, and which service."""
    return decisions.refuse(state, command.why, command.service)


@command(
    of=erasure, verb="conclude", title="个人信息已清除", capability=APPROVE, article=ARTICLE, internal=True, events=(PersonalDataErased,)
)
class ConcludeErasure(Command):
    """密钥已经销毁。"""


@handles(ConcludeErasure)
def conclude(_command: ConcludeErasure, state: Erasure, _given: Given) -> Decision:
    """Done."""
    return decisions.conclude(state)

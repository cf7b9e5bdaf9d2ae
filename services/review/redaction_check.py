"""Whether what earlier reviews directed to be taken out is gone from a file, proved by extracting its text; and by eye where text can't tell."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.review.secrecy_review.commands import VerifyRedactions
from services.review.secrecy_review.decisions import known
from services.review.secrecy_review.state import SecrecyReview, secrecy_review
from shared.files.directions import Direction, Proof
from shared.files.giving import proved
from shared.files.inspection import prove
from shared.files.kinds import recognise
from shared.files.store import open_store
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Refused
from shared.kernel.jobs import Receipt
from shared.kernel.routes import PROBLEMS, answer, invalid, load, signed_in
from shared.kernel.running import Running
from shared.web.rendering import moved, official, posted


class Confirmation(BaseModel):
    """Whether a person has looked at what the text can't tell."""

    model_config = ConfigDict(extra="forbid")
    confirmed: bool = Field(default=False, title="已人工逐页核对")


def router(running: Running) -> APIRouter:
    """The route of the API."""
    made = APIRouter()

    async def verify(request: Request, id: UUID, sha256: str) -> Response:
        try:
            given = Confirmation.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        receipt = await verified(running, signed_in(running, request), id, sha256, confirmed=given.confirmed)
        return answer({"id": str(id), "sha256": sha256, "version": receipt.version, "position": f"{running.name}:{receipt.position}"})

    made.add_api_route(
        "/secrecy-reviews/{id}/files/{sha256}/verify-redactions",
        verify,
        methods=["POST"],
        summary="核验区分处理的结果",
        response_model=None,
        responses=PROBLEMS,
    )
    return made


def pages(running: Running) -> APIRouter:
    """The same from the page of a review."""
    made = APIRouter(prefix="/review")

    async def verify(request: Request, id: UUID, sha256: str) -> Response:
        who = official(running, request)
        typed = await posted(request)
        await verified(running, who, id, sha256, confirmed=typed.get("confirmed") == ["1"])
        return moved(f"/review/reviews/{id}")

    made.add_api_route("/reviews/{id}/files/{sha256}/verify-redactions", verify, methods=["POST"], response_model=None)
    return made


async def verified(running: Running, who: SignedIn | None, id: UUID, sha256: str, *, confirmed: bool) -> Receipt:
    """Looks into the file and records that everything directed is gone; raises `Refused` with the numbers of what remains, or can't be proved."""
    state, agency = await load(running, secrecy_review, id)
    assert isinstance(state, SecrecyReview)
    actor = running.doorkeeper.authorise(who, "review.direct_redactions", agency, unit=state.responsible_unit)
    known(state, sha256)
    if sha256 not in state.stored:
        raise Refused("file-not-stored", "平台没有保存这份文件，不能核验；请上传后重新提请审查。")
    proofs = await proofs_of(running, state, agency.code, sha256)
    numbered = list(state.directed.values())
    remains: list[int] = []
    unproved: list[int] = []
    before = 0
    for parts, proof in zip(numbered, proofs, strict=True):
        remains += [before + number for number in proof.remains]
        unproved += [before + number for number in proof.unproved]
        before += len(parts)
    if remains:
        raise Refused(
            "redaction-remains",
            f"仍能从文件中提取出应当区分处理的内容（第 {'、'.join(map(str, remains))} 项），不能公开。",
            article="国令711 第三十七条",
            remedy="遮盖不等于删除：请删除这些文字，或者在“附件”页生成清理后的副本，再重新提请审查。",
        )
    command = VerifyRedactions(
        sha256=sha256,
        directions=state.directions_hash(),
        unproved=tuple(unproved),
        images=max((proof.images for proof in proofs), default=0),
        confirmed=confirmed,
    )
    receipt = await running.execute(command, id, actor, agency)
    await running.views.wait(receipt.position, running.settings.view_wait_seconds)
    return receipt


async def proofs_of(running: Running, state: SecrecyReview, agency: str, sha256: str) -> list[Proof]:
    """A proof for each original of which parts were directed to go; raises `Refused` where the file can't be read."""
    name, size = next((file.name, file.size) for file in state.files if file.sha256 == sha256)
    store, seconds = open_store(running.settings), running.settings.file_seconds
    content = b"".join([piece async for piece in proved(store.read(agency, sha256), sha256, size)])
    kind = recognise(content, name).kind
    made = []
    for original, parts in state.directed.items():
        before = b""
        held = await store.size(agency, original)
        if held is not None:
            before = b"".join([piece async for piece in proved(store.read(agency, original), original, held)])
        of = recognise(before, name).kind
        directions = tuple(Direction(part) for part in parts)
        proof = await prove(content, kind.ending if kind else "", before, of.ending if of else "", directions, seconds=seconds)
        if proof is None:
            raise Refused("redaction-unreadable", "文件不能读取，没有核验；请核对文件，或者转换格式后重新提请审查。")
        made.append(proof)
    return made

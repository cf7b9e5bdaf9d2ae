"""A witness: another agency's process that cosigns the head of a log only if it has grown from the last one that it saw (c2sp.org/tlog-witness).

It keeps one row for each log and writes it down before it answers, so that it never cosigns two heads that contradict each other, whoever asks.
"""

import secrets
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request, Response

from shared.trust.log_key import cosignature
from shared.trust.master import write_secret
from shared.trust.verify_bundle import COSIGNATURE, Checkpoint, Key, Unproved, check_consistency, decoded, opened

BODY_BYTES = 64 * 1024
"""The largest question that is read."""


class Refused(Exception):
    """A question that is not answered by a cosignature: its HTTP status, and what is told."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status = status
        self.told = told


class Witness:
    """Cosigns the logs whose keys it was given. `directory` keeps its own key and the last head of each log."""

    def __init__(self, name: str, logs: Sequence[Key], directory: Path) -> None:
        self.name = name
        self.logs = list(logs)
        directory.mkdir(parents=True, exist_ok=True)
        file = directory / "witness.key"
        if not file.exists():
            write_secret(file, secrets.token_hex(32) + "\n")
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii").strip()))
        self._seen = sqlite3.connect(directory / "heads.sqlite", isolation_level=None, timeout=10, check_same_thread=False)
        self._seen.execute("PRAGMA synchronous = FULL")
        self._seen.execute("CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)")

    @property
    def public(self) -> Key:
        """Its public key."""
        return Key(self.name, COSIGNATURE, self._key.public_key().public_bytes_raw())

    def add(self, body: str) -> str:
        """Its cosignature of a head, as a line; raises `Refused` with the status that the protocol wants."""
        try:
            head, note = body.split("\n\n", 1)
            first, *proof = head.split("\n")
            word, old = first.split(" ")
            size, steps = int(old), [decoded(step) for step in proof]
            text, good = opened(note, self.logs)
            checkpoint = Checkpoint.parse(text)
        except (ValueError, Unproved):
            raise Refused(400, "malformed\n") from None
        if word != "old" or size < 0 or len(steps) > 63:
            raise Refused(400, "malformed\n")
        known = [key for key in self.logs if key.name == checkpoint.origin]
        if not known:
            raise Refused(404, "unknown log\n")
        if not any(key in good for key in known):
            raise Refused(403, "not signed by the log\n")
        if size > checkpoint.size:
            raise Refused(400, "old size beyond the checkpoint\n")
        self._take(checkpoint, size, steps)
        return cosignature(self._key, self.name, text, int(time.time()))

    def _take(self, checkpoint: Checkpoint, old: int, steps: list[bytes]) -> None:
        """Compares with the last head and writes this one down, as one step."""
        self._seen.execute("BEGIN IMMEDIATE")
        try:
            row = self._seen.execute("SELECT size, root FROM head WHERE origin = ?", (checkpoint.origin,)).fetchone()
            size, root = row or (0, b"")
            if size != old:
                raise Refused(409, f"{size}\n")
            try:
                if size:
                    check_consistency(size, checkpoint.size, root, checkpoint.root, steps)
                elif steps:
                    raise Refused(422, "a proof from nothing\n")
            except Unproved:
                # Of the same size with another root, the protocol says conflict.
                raise Refused(
                    409 if size == checkpoint.size else 422, f"{size}\n" if size == checkpoint.size else "inconsistent\n"
                ) from None
            self._seen.execute(
                "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root",
                (checkpoint.origin, checkpoint.size, checkpoint.root),
            )
            self._seen.execute("COMMIT")
        except BaseException:
            self._seen.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._seen.close()


def application(witness: Witness) -> FastAPI:
    """`POST /add-checkpoint`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    async def add_checkpoint(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                return Response("too large\n", 400)
        try:
            return Response(witness.add(body.decode()), 200, media_type="text/plain")
        except UnicodeDecodeError:
            return Response("malformed\n", 400)
        except Refused as refused:
            return Response(refused.told, refused.status, media_type="text/x.tlog.size" if refused.status == 409 else "text/plain")

    app.add_api_route("/add-checkpoint", add_checkpoint, methods=["POST"], response_model=None)
    return app


def witness(
    name: Annotated[str, typer.Option(help="见证者的名称，如 w.caizheng.example")],
    logs: Annotated[Path, typer.Option(help="被见证日志的公钥文件（gongkai ledger keys 输出的）")],
    directory: Annotated[Path, typer.Option("--data", help="保存密钥和已见检查点的目录")] = Path("witness"),
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = 8090,
) -> None:
    """由另一机关运行的见证者：只为由上次所见增长而来的检查点作证。"""
    import uvicorn

    keys = [Key.parse(words[1]) for line in logs.read_text(encoding="utf-8").splitlines() if (words := line.split())[:1] == ["log"]]
    if not keys:
        raise typer.BadParameter("公钥文件中没有 log 行", param_hint="--logs")
    mine = Witness(name, keys, directory)
    typer.echo(f"见证 {len(keys)} 个日志，公钥（交给平台，写入 GONGKAI_WITNESSES）：\n  {mine.public} http://{host}:{port}")
    try:
        uvicorn.run(application(mine), host=host, port=port, log_level="warning")
    finally:
        mine.close()

"""The courier of requests: a duty of its worker, which carries letters to the mail server; one at a time on the whole platform.

What had begun when a courier ended is concluded as unanswered: it may have left, so a person finds out.
"""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

import structlog

from services.requests.letter.decisions import Letter, Letterhead, letter, letterhead, letterhead_id, title_of
from services.requests.letter.mail_commands import BeginLetterMail, ConcludeLetterMail
from services.requests.letter.mailing import mail_id
from services.requests.letters import letters_in
from shared.files.giving import Mismatch
from shared.kernel.commands import Command
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.leading import Leading
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.mail.sending import Answer, message, send

log = structlog.get_logger("gongkai.courier")

BATCH = 50

DUE = """SELECT id, agency, mail FROM views.letters
    WHERE mail = 'begun' OR (mail = 'queued' AND mail_at <= now()) ORDER BY mail_at NULLS FIRST LIMIT %(limit)s"""

STOPPED = "SELECT count(*) AS stopped FROM views.letters WHERE mail = 'stopped'"

ACTOR = Actor("system:courier", ("system",))


class Courier(Leading):
    """Carries the letters of one platform."""

    lock = 7411

    def __init__(self, running: Running) -> None:
        super().__init__(running)
        self.stopped = 0

    @property
    def condition(self) -> dict[str, Any]:
        """What waits, and what a person has to look at. A mail server that is away is no fault of the platform's."""
        alarm = f"有 {self.stopped} 份文书的邮件待人工确定" if self.stopped else None
        return {**super().condition, "alarm": alarm}

    async def run(self) -> None:
        """Without a mail server there is nothing to do."""
        if self.running.settings.mail_server is None:
            await asyncio.Event().wait()
        await super().run()

    async def look(self) -> int:
        """Carries what is due; returns how many attempts were made."""
        rows = await self.running.query(DUE, {"limit": BATCH}, agency=EVERY_AGENCY)
        self.lag = len(rows)
        self.stopped = int((await self.running.query(STOPPED, agency=EVERY_AGENCY))[0]["stopped"])
        made = 0
        for row in rows:
            with contextlib.suppress(Problem):  # settled or withdrawn meanwhile: the view was behind the log
                made += await self._carry(row["id"])
        return made

    async def _carry(self, id: UUID) -> bool:
        state = await self._letter(id)
        if state.mail is None or state.mail.stage == "stopped":
            return False
        if state.mail.stage == "begun":
            await self._conclude(state, state.mail.attempt, Answer("unanswered"))
            return True
        await self._do(state, BeginLetterMail())
        await self._conclude(state, state.mail.attempt + 1, await self._sent(state))
        return True

    async def _sent(self, state: Letter) -> Answer | None:
        """What the mail server says; None where there is nothing that can be sent."""
        running = self.running
        assert state.mail is not None
        agency = running.doorkeeper.agency(state.agency)
        try:
            pdf = await letters_in(running).pdf(state)
            to = await asyncio.to_thread(running.keys.show, state.mail.to)
        except (Problem, Mismatch):
            return None
        head, _ = await asyncio.to_thread(running.load, letterhead, letterhead_id(agency.code))
        assert isinstance(head, Letterhead)
        title = title_of(state)
        text = (
            f"您好：\n\n{agency.name}的《{title}》（{state.number}）见附件。\n\n"
            f"办理进度和以后的文书，请凭查询编号和密码在 {running.settings.public_url or running.settings.base_url}/requests/follow 查询。\n"
            f"本邮件由系统发出，请勿直接回复。{f'联系方式：{head.contact}。' if head.contact else ''}\n\n{agency.name}\n"
        )
        mail = message(running.settings, id=mail_id(state.id), to=to, subject=f"{agency.name}：{title}", text=text)
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{title}.pdf")
        return await send(running.settings, mail)

    async def _conclude(self, state: Letter, attempt: int, answer: Answer | None) -> None:
        waits = tuple(round(one * 1000) for one in self.running.settings.mail_retry_seconds)
        outcome, code = answer if answer is not None else ("unfit", "")
        evidence = f"邮件服务器已接收（{code}），邮件编号 {mail_id(state.id)}" if outcome == "sent" else ""
        log.info("a letter was carried to the mail server", letter=str(state.id), outcome=outcome, code=code, attempt=attempt)
        await self._do(state, ConcludeLetterMail(attempt=attempt, outcome=outcome, code=code, evidence=evidence, waits=waits))

    async def _do(self, state: Letter, command: Command) -> None:
        receipt = await self.running.execute(command, state.id, ACTOR, self.running.doorkeeper.agency(state.agency))
        await self.running.views.wait(receipt.position, self.running.settings.view_wait_seconds)

    async def _letter(self, id: UUID) -> Letter:
        found, _ = await asyncio.to_thread(self.running.load, letter, id)
        assert isinstance(found, Letter)
        return found

"""Letters through requests: worded from the case, set, kept sealed under the key of who receives them, given out as they were made."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from pydantic import ValidationError

from services.requests.disclosure_request.events import ThirdPartyConsulted
from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letter.commands import AdoptDocxTemplate, AdoptLetterTemplate, IssueLetter
from services.requests.letter.decisions import (
    STANDINGS,
    Letter,
    Letterhead,
    Standing,
    letter_number,
    letter_series_id,
    letterhead,
    letterhead_id,
)
from services.requests.letter.kinds import KINDS, Kind, check_open
from services.requests.letter.mail_commands import MailLetter
from services.requests.letter.wording import Revealed, letter_words
from services.requests.number_series.series import NumberSeries, number_series
from shared.files.giving import Mismatch
from shared.files.sealed import Place, Sealer, opened
from shared.files.store import open_store
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, NotFound, Problem, Refused, Unavailable
from shared.kernel.events import Actor, Event
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Receipt
from shared.kernel.running import Running
from shared.letters.content import LetterContent
from shared.letters.rendering import RenderedLetter, check_template, render
from shared.letters.template import Template
from shared.mail.sending import OUTCOMES as MAIL_OUTCOMES
from shared.mail.sending import may_send
from shared.trust.sealing import Erased, KeyUnavailable, Tampered

ATTEMPTS = 5
"""How often a letter is made anew where another one took its number meanwhile."""

MAIL = {"queued": "等待发送", "begun": "正在发送", "stopped": "没有确定的结果，请核实后决定"}

OUTCOMES: dict[str, str] = {**MAIL_OUTCOMES, "unfit": "文书或者收件人的信息已清除、文件已改动，不能发送"}

UNNUMBERED = "（预览，未编号）"

LISTED = "SELECT * FROM views.letters WHERE agency = %(agency)s AND request = %(request)s ORDER BY id"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter that is to be made: of which request, for which agency, on which civil day, of which kind, to whom (0: the applicant)."""

    request: DisclosureRequest
    agency: AgencyFacts
    day: date
    key: str
    party: int = 0


class Letters:
    """The letters of requests, in one process."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.store = open_store(running.settings)

    async def preview(self, wanted: Wanted) -> RenderedLetter:
        """The letter as it would be made now, without a number; raises a problem where it may not be made or cannot be set."""
        kind = check_open(wanted.key, wanted.request, wanted.party)
        head = await self.head(wanted.agency)
        return await render(await self._words(wanted, kind, head, UNNUMBERED), head.template)

    async def issue(self, wanted: Wanted, actor: Actor, *, key: str | None = None) -> Receipt:
        """Makes the letter with the next number of its kind; it is kept before it is recorded, and gone again where it is not.

        `key`: the same key again (a form sent twice) gives the same letter, and makes no other.
        """
        kind = check_open(wanted.key, wanted.request, wanted.party)
        head = await self.head(wanted.agency)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._issue(wanted, kind, head, actor, key)
            except Refused as refused:
                if refused.code != "letter-number-taken" or attempt == ATTEMPTS:
                    raise
        raise AssertionError

    async def pdf(self, letter: Letter) -> bytes:
        """The letter, exactly as it was made; raises `NotFound` for one of which the personal data was erased, `Mismatch` for altered bytes."""
        issued = letter.issued
        assert issued is not None
        place = Place(letter.agency, issued.request, issued.file)
        try:
            content = b"".join([piece async for piece in opened(self.running.keys, place, self._kept(letter))])
        except Erased:
            raise _erased() from None
        except Tampered:
            raise Mismatch from None
        except KeyUnavailable:
            raise _keys() from None
        if hashlib.sha256(content).hexdigest() != issued.sha256:
            raise Mismatch
        return content

    async def docx(self, letter: Letter) -> bytes:
        """An editable copy in the agency's own layout, or else the platform's; what holds is the PDF. Raises as `pdf`."""
        # DOCX is written seldom, and its libraries are large.
        from shared.letters.docx_template import fill
        from shared.letters.editable import editable

        said = await self._said(letter)
        template = await self.docx_template(self.running.doorkeeper.agency(letter.agency))
        return await fill(template, said) if template else await asyncio.to_thread(editable, said)

    async def docx_template(self, agency: AgencyFacts) -> bytes:
        """The agency's own layout of editable copies; empty where it has none."""
        head = await self.head(agency)
        return b"".join([piece async for piece in self.store.read(agency.code, head.docx)]) if head.docx else b""

    async def adopt(self, agency: AgencyFacts, actor: Actor, source: str) -> Receipt:
        """Tries a layout of letters (typst) and uses it from now on; raises `Invalid`."""
        await check_template(Template(source))
        return await self.running.execute(AdoptLetterTemplate(source=source), None, actor, agency)

    async def adopt_docx(self, agency: AgencyFacts, actor: Actor, content: bytes) -> Receipt:
        """Tries a layout of editable copies and uses it from now on; empty: the platform's own again. Raises `Invalid`."""
        from shared.letters.docx_template import check

        sha256 = ""
        if content:
            await check(content)
            async with self.store.writing(agency.code) as writing:
                await writing.write(content)
                sha256 = await writing.finish()
                await writing.keep()
        return await self.running.execute(AdoptDocxTemplate(sha256=sha256, size=len(content)), None, actor, agency)

    async def listed(self, request: UUID, agency: AgencyFacts) -> list[dict[str, Any]]:
        """The letters of a request, oldest first, with titles to show."""
        rows = await self.running.query(LISTED, {"agency": agency.code, "request": request}, agency=agency.code)
        told = []
        for row in rows:
            mail_title = MAIL.get(row["mail"], "")
            if row["mail"] and row["mail_outcome"]:
                mail_title += f"；上次：{OUTCOMES[row['mail_outcome']]}" + (f"（{row['mail_code']}）" if row["mail_code"] else "")
            told.append({**row, "title": KINDS[row["kind"]].title, "standing_title": STANDINGS[row["standing"]], "mail_title": mail_title})
        return told

    async def mail(self, letter: Letter, request: DisclosureRequest, actor: Actor, to: str, day: date | None) -> Receipt:
        """Queues a letter to this mailbox, or to the applicant's own where '' is given; raises `Refused` where no mail can be sent, `Invalid` for
        what is no mailbox.
        """
        may_send(self.running.settings)
        if not to and letter.issued is not None and not letter.issued.party and request.contact is not None:
            try:
                to = await asyncio.to_thread(self.running.keys.show, request.contact)
            except KeyUnavailable:
                raise _keys() from None
        try:
            command = MailLetter(to=to)
        except ValidationError:
            sentence = (
                "请填写一个电子邮箱；申请人填写的联系方式不是邮箱"
                if letter.issued and not letter.issued.party
                else "请填写第三方的电子邮箱"
            )
            raise Invalid("no-mailbox", f"{sentence}。", fields=[{"field": "to", "sentence": sentence}]) from None
        receipt = await self.running.execute(command, letter.id, actor, self.running.doorkeeper.agency(letter.agency), today=day)
        await self.running.views.wait(receipt.position, self.running.settings.view_wait_seconds)
        return receipt

    async def replies(self, request: DisclosureRequest, agency: AgencyFacts) -> list[tuple[str, str]]:
        """The reply letters that a delivery may name: id and number."""
        rows = await self.listed(request.id, agency)
        return [(str(row["id"]), row["number"]) for row in rows if row["kind"] == "reply" and row["standing"] != Standing.WITHDRAWN]

    async def head(self, agency: AgencyFacts) -> Letterhead:
        """The letterhead of an agency."""
        state, _ = await asyncio.to_thread(self.running.load, letterhead, letterhead_id(agency.code))
        assert isinstance(state, Letterhead)
        return state

    async def _issue(self, wanted: Wanted, kind: Kind, head: Letterhead, actor: Actor, key: str | None) -> Receipt:
        day = wanted.day
        series, _ = await asyncio.to_thread(self.running.load, number_series, letter_series_id(wanted.agency.code, wanted.key, day.year))
        assert isinstance(series, NumberSeries)
        sequence = series.last + 1
        words = await self._words(wanted, kind, head, letter_number(wanted.agency.code, kind, day.year, sequence))
        made = await render(words, head.template)
        file = fresh_id()
        sealer = await self._sealer(wanted, file)
        async with self.store.writing(wanted.agency.code) as writing:
            await writing.write(sealer.head)
            await writing.write(sealer.feed(made.pdf))
            await writing.write(sealer.end())
            command = IssueLetter(
                request=wanted.request.id, kind=wanted.key, party=wanted.party, sequence=sequence,
                words=msgspec.json.encode(words).decode(), sha256=made.sha256, size=len(made.pdf), kept_sha256=await writing.finish(),
                kept=writing.size, file=file, template=made.template_version,
            )  # fmt: skip
            await writing.keep()
        try:
            receipt = await self.running.execute(
                command,
                None,
                actor,
                wanted.agency,
                today=day,
                idempotency_key=key,
                body=f"{wanted.request.id}/{wanted.key}/{wanted.party}".encode(),
            )
        except Problem:
            await self.store.remove(wanted.agency.code, command.kept_sha256)
            raise
        if receipt.repeated:
            await self.store.remove(wanted.agency.code, command.kept_sha256)
        await self.running.views.wait(receipt.position, self.running.settings.view_wait_seconds)
        return receipt

    async def _words(self, wanted: Wanted, kind: Kind, head: Letterhead, number: str) -> LetterContent:
        rows = await asyncio.to_thread(self.running.log.rows.read_aggregate, wanted.request.id)
        history = [row.recorded().event for row in rows]
        try:
            revealed = await asyncio.to_thread(self._revealed, wanted, history)
        except KeyUnavailable:
            raise _keys() from None
        return letter_words(
            kind, wanted.request, history, revealed, wanted.party, head,
            agency=wanted.agency.name, number=number, dated=wanted.day,
        )  # fmt: skip

    def _revealed(self, wanted: Wanted, history: list[Event]) -> Revealed:
        show = self.running.keys.show
        if wanted.party:
            asked = next(event for event in history if isinstance(event, ThirdPartyConsulted) and event.number == wanted.party)
            return Revealed(addressee=show(asked.third_party))
        request = wanted.request
        assert request.applicant_name is not None
        assert request.content is not None
        return Revealed(
            addressee=show(request.applicant_name),
            content=" ".join(show(request.content).split()),
            reply=show(request.draft.text) if request.draft is not None else "",
        )

    async def _sealer(self, wanted: Wanted, file: UUID) -> Sealer:
        key = wanted.request.person_key
        if wanted.party:
            key = next(one.person_key for one in wanted.request.third_parties if one.number == wanted.party)
        assert key is not None
        try:
            return await asyncio.to_thread(Sealer, self.running.keys, key, Place(wanted.agency.code, wanted.request.id, file))
        except Erased:
            raise Refused("person-erased", "当事人的个人信息已依法清除，不能再制发文书。") from None
        except KeyUnavailable:
            raise _keys() from None

    async def _kept(self, letter: Letter) -> AsyncIterator[bytes]:
        assert letter.issued is not None
        async for piece in self.store.read(letter.agency, letter.issued.kept_sha256):
            yield piece

    async def _said(self, letter: Letter) -> LetterContent:
        assert letter.words is not None
        try:
            said = await asyncio.to_thread(self.running.keys.show, letter.words)
        except KeyUnavailable:
            raise _keys() from None
        try:
            return msgspec.json.decode(said, type=LetterContent)
        except msgspec.DecodeError:
            raise _erased() from None


def _erased() -> Problem:
    return NotFound("letter-erased", "这份文书中的个人信息已依法清除，不能再查阅。")


def _keys() -> Problem:
    return Unavailable("keys-unreachable", "个人信息的密钥暂时无法读取，请稍后再试。", retry_after=10)


_in_process: WeakKeyDictionary[Running, Letters] = WeakKeyDictionary()


def letters_in(running: Running) -> Letters:
    """The letters of requests in this process."""
    return _in_process.setdefault(running, Letters(running))

"""Publications of an agency on a running platform, each brought to the portal by the commands themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.publishing.publication.commands import ApprovePublication, CheckQuality, ConcludeReview, RequestReview
from services.publishing.publication.content import bytes_of
from services.publishing.publication.state import Publication, publication
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.events import Actor
from shared.kernel.running import Running
from tests.unit.publishing.items import DRAFTER, LEADER, SYSTEM, content, information, online, publishing

DAY = date(2025, 3, 3)


@dataclass
class Publisher:
    """Gives the commands as the officials of an agency would."""

    running: Running
    facts: AgencyFacts

    async def act(self, command: Command, id: UUID | None = None, day: date = DAY, by: Actor = DRAFTER) -> UUID:
        receipt = await self.running.execute(command, id, by, self.facts, today=day)
        await self.running.views.wait(receipt.position, 5)
        return receipt.id

    def standing(self, id: UUID) -> Publication:
        """A publication as it stands."""
        state, _ = self.running.load(publication, id)
        assert isinstance(state, Publication)
        return state

    async def created(self, *, day: date = DAY, **facts: Any) -> UUID:
        """Information that goes online."""
        made = await self.act(information(**{"maker": self.facts.code, **facts}), day=day)
        await self.act(online(), made, day)
        return made

    async def approved(self, id: UUID, *, day: date = DAY, **says: Any) -> None:
        """A version through every gate."""
        await self.act(content(issuer=self.facts.name, **says), id, day)
        await self.act(CheckQuality(confirmed=("accurate", "fluent", "style")), id, day)
        await self.act(RequestReview(), id, day)
        state = self.standing(id)
        assert state.draft is not None
        hashes = tuple(file.sha256 for file in bytes_of(state.draft))
        await self.act(ConcludeReview(review=state.reviews, released=hashes), id, day, SYSTEM)
        await self.act(ApprovePublication(approves=state.draft.hash), id, day, LEADER)

    async def published(self, *, day: date = DAY, facts: dict[str, Any] | None = None, **says: Any) -> UUID:
        """An item on the portal."""
        made = await self.created(day=day, **(facts or {}))
        await self.approved(made, day=day, **says)
        await self.act(publishing(), made, day)
        return made

"""Every event of an outside channel."""

from uuid import UUID

from shared.kernel.events import Event, event
from shared.trust.personal import Personal

ARTICLE = {"decree-711": "国令711 第二十三条", "bureau-2019": "本局党务政务公开制度（DX-05）"}


@event("publishing.ChannelOpened", title="开通对外通道", rules=("DX-05a",), article=ARTICLE)
class ChannelOpened(Event, frozen=True):
    """What is published from now on is told there, too. `kind`: webhook, websub or smtp; `target`: an address of the web, or a mailbox.

    `secret` is what a webhook's messages are signed with, sealed.
    """

    kind: str
    title: str
    target: str
    secret: Personal | None = None
    person_key: UUID | None = None


@event("publishing.ChannelClosed", title="关闭对外通道", rules=("DX-05a",), article=ARTICLE)
class ChannelClosed(Event, frozen=True):
    """Nothing is told there any more."""

    reason: str

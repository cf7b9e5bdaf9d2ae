"""A disclosure request as it stands, and the stages of its life."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from services.requests.disclosure_request.events import InspectionArranged, ReplyDrafted
from shared.kernel.aggregates import Aggregate, State
from shared.law.calendar import Span
from shared.law.deadlines import Deadline, Facts
from shared.trust.personal import Personal


class Stage(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    UNCONFIRMED = "unconfirmed"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    AMENDING = "amending"
    UNPAID = "unpaid"
    SUSPENDED = "suspended"
    IN_REVIEW = "in_review"
    COORDINATING = "coordinating"
    DRAFTED = "drafted"
    APPROVED = "approved"
    DELIVERED = "delivered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    MERGED = "merged"


TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "已收到，待登记",
    Stage.UNCONFIRMED: "待双方确认收到",
    Stage.REGISTERED: "已登记，待分派",
    Stage.ASSIGNED: "办理中",
    Stage.AMENDING: "待申请人补正",
    Stage.UNPAID: "待申请人缴费",
    Stage.SUSPENDED: "期限中止",
    Stage.IN_REVIEW: "保密审查中",
    Stage.COORDINATING: "协调确认中",
    Stage.DRAFTED: "答复待审批",
    Stage.APPROVED: "答复待送达",
    Stage.DELIVERED: "已答复",
    Stage.LAPSED: "已终结",
    Stage.WITHDRAWN: "已撤回",
    Stage.VOIDED: "已作废",
    Stage.MERGED: "已并入",
}


CLOSED = frozenset({Stage.DELIVERED, Stage.LAPSED, Stage.WITHDRAWN, Stage.VOIDED, Stage.MERGED})


class ThirdParty(msgspec.Struct, frozen=True):
    """A third party that was consulted, and where it stands: `waiting`, `consented`, `objected`, `silent` or `overridden`."""

    number: int
    touches: str
    person_key: UUID
    files: tuple[str, ...]
    deadline: Deadline
    stands: str = "waiting"
    reasonable: bool | None = None


class Remedy(msgspec.Struct, frozen=True):
    """A reconsideration or litigation about a request: `result` is upheld, overturned or other_result, None while it is pending."""

    number: int
    kind: str
    filed_on: date
    answer: Deadline
    answered_on: date | None = None
    result: str | None = None
    decided_on: date | None = None
    reopened: bool = False
    forum: str = ""
    after: int | None = None
    missed: bool = False


class DisclosureRequest(State, frozen=True):
    """A request as it stands. `clock_start` is the day from which its reply period counts, None while that day is not known."""

    never_told: ClassVar[tuple[str, ...]] = ("password_hash",)

    agency: str = ""
    stage: Stage = Stage.RECEIVED
    channel: str = ""
    received_on: date | None = None
    applicant_kind: str = ""
    applicant_name: Personal | None = None
    id_number: Personal | None = None
    contact: Personal | None = None
    address: Personal | None = None
    content: Personal | None = None
    person_key: UUID | None = None
    tracking_number: str = ""
    password_hash: str = ""
    form: str = ""
    delivery: str = ""
    own_records: bool = False
    identity_verified: bool = False
    rulebook: str | None = None
    number: str = ""
    unit: str = ""
    clock_start: date | None = None
    deadline: Deadline | None = None
    waiting_until: Deadline | None = None
    not_counted: tuple[Span, ...] = ()
    amendment_items: tuple[str, ...] = ()
    fee: int | None = None
    extension_wanted: int = 0
    extension_by: tuple[str, ...] = ()
    extension_days: int = 0
    excess_days: int = 0
    """Working days more, as reasons for a great many requests were found good."""
    reasons: str = ""
    """Of a great many requests: asked, reasonable or unreasonable; '' where none were asked for."""
    reviews: int = 0
    in_review: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    coordinations: int = 0
    unconfirmed: tuple[str, ...] = ()
    unconfirmed_whole: bool = False
    draft: ReplyDrafted | None = None
    drafted_by: tuple[str, ...] = ()
    outcome: str | None = None
    concluded_on: date | None = None
    missed: tuple[date, ...] = ()
    reminded: date | None = None
    """The due date that its people were reminded of last."""
    merged_into: UUID | None = None
    third_parties: tuple[ThirdParty, ...] = ()
    inspection: InspectionArranged | None = None
    proactive: str = ""
    """Of what was given: nothing, or `suggested`, `declined`, `moved` to what is published."""
    remedies: tuple[Remedy, ...] = ()
    last_remedy: int = 0
    redo_days: int | None = None

    @property
    def consulting(self) -> bool:
        """Whether a third party is still to answer, and the reply period stands still for it."""
        return any(span.end is None and span.why == "consulting" for span in self.not_counted)

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self.stage in CLOSED

    @property
    def stands_still(self) -> bool:
        """Whether days are just now not counted: suspended, or others are being asked."""
        return any(span.end is None for span in self.not_counted)

    def clock(self) -> Facts | None:
        """The facts from which its reply deadline follows; None while the clock has not started."""
        if self.clock_start is None:
            return None
        return Facts(
            start=self.clock_start,
            limit="reply",
            days=self.redo_days,
            extension_days=self.extension_days + self.excess_days,
            not_counted=self.not_counted,
        )


disclosure_request: Aggregate[DisclosureRequest] = Aggregate("requests.DisclosureRequest", DisclosureRequest)

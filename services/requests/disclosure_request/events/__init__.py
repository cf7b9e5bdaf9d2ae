"""Every event that a disclosure request records, by topic. Personal data stands only in fields of type `Personal`."""

from services.requests.disclosure_request.events.amendment import AmendmentLapsed, AmendmentRequested, RequestAmended
from services.requests.disclosure_request.events.assignment import RequestAssigned, RequestHandedOver, RequestReturned
from services.requests.disclosure_request.events.coordination import (
    Addressee,
    CoordinatedFile,
    CoordinationConcluded,
    CoordinationRequested,
)
from services.requests.disclosure_request.events.deadlines import (
    DeadlineApproaching,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    DeadlineRecomputed,
)
from services.requests.disclosure_request.events.endings import DuplicateMerged, RequestMerged, RequestVoided, RequestWithdrawn
from services.requests.disclosure_request.events.excess import ReasonsAsked, ReasonsWeighed
from services.requests.disclosure_request.events.extension import ExtensionRefused, ExtensionRequested, ReplyExtended
from services.requests.disclosure_request.events.facts import FactsCorrected
from services.requests.disclosure_request.events.fees import FeeAssessed, FeeLapsed, FeePaid
from services.requests.disclosure_request.events.files import File
from services.requests.disclosure_request.events.inspection import CopiesProvided, InspectionArranged, InspectionHeld
from services.requests.disclosure_request.events.proactive import MovedToProactive, ProactiveDeclined, ProactiveSuggested
from services.requests.disclosure_request.events.receipt import (
    IdentityVerified,
    ReceiptAcknowledged,
    ReceiptConfirmed,
    RequestReceived,
    RequestRegistered,
)
from services.requests.disclosure_request.events.remedies import (
    LitigationConcluded,
    LitigationFiled,
    ReconsiderationConcluded,
    ReconsiderationFiled,
    RemedyAnswered,
    RemedyAnswerMissed,
    RemedyResultCorrected,
    RemedyVoided,
    RequestReopened,
)
from services.requests.disclosure_request.events.reply import Ground, ReplyApproved, ReplyDelivered, ReplyDrafted, ReplyReturned
from services.requests.disclosure_request.events.review import SecrecyReviewConcluded, SecrecyReviewRequested
from services.requests.disclosure_request.events.suspension import ClockResumed, ClockSuspended
from services.requests.disclosure_request.events.takeover import RequestTakenOver
from services.requests.disclosure_request.events.third_party import (
    PublicInterestOverrode,
    ThirdPartyConsented,
    ThirdPartyConsulted,
    ThirdPartyObjected,
    ThirdPartySilent,
)

__all__ = [
    "Addressee",
    "AmendmentLapsed",
    "AmendmentRequested",
    "ClockResumed",
    "ClockSuspended",
    "CoordinatedFile",
    "CoordinationConcluded",
    "CoordinationRequested",
    "CopiesProvided",
    "DeadlineApproaching",
    "DeadlineMissWithdrawn",
    "DeadlineMissed",
    "DeadlineRecomputed",
    "DuplicateMerged",
    "ExtensionRefused",
    "ExtensionRequested",
    "FactsCorrected",
    "FeeAssessed",
    "FeeLapsed",
    "FeePaid",
    "File",
    "Ground",
    "IdentityVerified",
    "InspectionArranged",
    "InspectionHeld",
    "LitigationConcluded",
    "LitigationFiled",
    "MovedToProactive",
    "ProactiveDeclined",
    "ProactiveSuggested",
    "PublicInterestOverrode",
    "ReasonsAsked",
    "ReasonsWeighed",
    "ReceiptAcknowledged",
    "ReceiptConfirmed",
    "ReconsiderationConcluded",
    "ReconsiderationFiled",
    "RemedyAnswerMissed",
    "RemedyAnswered",
    "RemedyResultCorrected",
    "RemedyVoided",
    "ReplyApproved",
    "ReplyDelivered",
    "ReplyDrafted",
    "ReplyExtended",
    "ReplyReturned",
    "RequestAmended",
    "RequestAssigned",
    "RequestHandedOver",
    "RequestMerged",
    "RequestReceived",
    "RequestRegistered",
    "RequestReopened",
    "RequestReturned",
    "RequestTakenOver",
    "RequestVoided",
    "RequestWithdrawn",
    "SecrecyReviewConcluded",
    "SecrecyReviewRequested",
    "ThirdPartyConsented",
    "ThirdPartyConsulted",
    "ThirdPartyObjected",
    "ThirdPartySilent",
]

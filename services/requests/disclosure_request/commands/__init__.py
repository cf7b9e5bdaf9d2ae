"""The commands of a disclosure request, by topic. Each handler is a few lines that call a decision."""

from services.requests.disclosure_request.commands.amendment import LapseAmendment, RecordAmendment, RequestAmendment
from services.requests.disclosure_request.commands.assignment import Assign, HandOver, ReturnToOffice
from services.requests.disclosure_request.commands.coordination import (
    AddresseeIn,
    ConcludeCoordination,
    CoordinatedFileIn,
    RequestCoordination,
)
from services.requests.disclosure_request.commands.deadlines import MissDeadline, RecomputeDeadline, RemindDeadline
from services.requests.disclosure_request.commands.endings import Merge, Void, Withdraw
from services.requests.disclosure_request.commands.excess import AskReasons, WeighReasons
from services.requests.disclosure_request.commands.extension import ApproveExtension, RefuseExtension, RequestExtension
from services.requests.disclosure_request.commands.facts import CorrectFacts
from services.requests.disclosure_request.commands.fees import AssessFee, LapseFee, RecordPayment
from services.requests.disclosure_request.commands.fields import FileIn, GroundIn
from services.requests.disclosure_request.commands.inspection import ArrangeInspection, ProvideCopies, RecordInspection
from services.requests.disclosure_request.commands.proactive import DeclineProactive, MoveToProactive, SuggestProactive
from services.requests.disclosure_request.commands.receipt import Acknowledge, ConfirmReceipt, Register, Submit, VerifyIdentity
from services.requests.disclosure_request.commands.remedies import (
    AnswerRemedy,
    ConcludeLitigation,
    ConcludeReconsideration,
    CorrectRemedyResult,
    FileLitigation,
    FileReconsideration,
    MissRemedyAnswer,
    Reopen,
    VoidRemedy,
)
from services.requests.disclosure_request.commands.reply import ApproveReply, Deliver, DraftReply, ReturnReply
from services.requests.disclosure_request.commands.review import ConcludeReview, RequestReview
from services.requests.disclosure_request.commands.suspension import Resume, Suspend
from services.requests.disclosure_request.commands.takeover import TakeOver
from services.requests.disclosure_request.commands.third_party import (
    ConsultThirdParty,
    OverrideThirdParty,
    PassOverSilence,
    RecordThirdPartyConsent,
    RecordThirdPartyObjection,
    RecordThirdPartySilence,
)

__all__ = [
    "Acknowledge",
    "AddresseeIn",
    "AnswerRemedy",
    "ApproveExtension",
    "ApproveReply",
    "ArrangeInspection",
    "AskReasons",
    "AssessFee",
    "Assign",
    "ConcludeCoordination",
    "ConcludeLitigation",
    "ConcludeReconsideration",
    "ConcludeReview",
    "ConfirmReceipt",
    "ConsultThirdParty",
    "CoordinatedFileIn",
    "CorrectFacts",
    "CorrectRemedyResult",
    "DeclineProactive",
    "Deliver",
    "DraftReply",
    "FileIn",
    "FileLitigation",
    "FileReconsideration",
    "GroundIn",
    "HandOver",
    "LapseAmendment",
    "LapseFee",
    "Merge",
    "MissDeadline",
    "MissRemedyAnswer",
    "MoveToProactive",
    "OverrideThirdParty",
    "PassOverSilence",
    "ProvideCopies",
    "RecomputeDeadline",
    "RecordAmendment",
    "RecordInspection",
    "RecordPayment",
    "RecordThirdPartyConsent",
    "RecordThirdPartyObjection",
    "RecordThirdPartySilence",
    "RefuseExtension",
    "Register",
    "RemindDeadline",
    "Reopen",
    "RequestAmendment",
    "RequestCoordination",
    "RequestExtension",
    "RequestReview",
    "Resume",
    "ReturnReply",
    "ReturnToOffice",
    "Submit",
    "SuggestProactive",
    "Suspend",
    "TakeOver",
    "VerifyIdentity",
    "Void",
    "VoidRemedy",
    "WeighReasons",
    "Withdraw",
]

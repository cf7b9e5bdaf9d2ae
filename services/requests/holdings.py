"""What requests holds of people, and when it has to be kept: nobody's data is erased while the case is open."""

from services.requests.attachment.decisions import AttachmentFolder, attachment_folder
from services.requests.disclosure_request.state import CLOSED, DisclosureRequest, disclosure_request
from services.requests.letter.decisions import Letter, letter
from services.requests.record_correction.state import RecordCorrection, record_correction
from shared.trust.erasure.holdings import keeps


@keeps(disclosure_request)
def why_kept(request: DisclosureRequest) -> str | None:
    """Why a request's personal data can't be erased yet; None if it can."""
    return None if request.stage in CLOSED else "申请尚未办结"


@keeps(attachment_folder)
def why_files_are_kept(_folder: AttachmentFolder) -> str | None:
    """The files of a request are kept as long as the request itself is, which says so."""
    return None


@keeps(record_correction)
def why_a_claim_is_kept(claim: RecordCorrection) -> str | None:
    """A claimant's data stays until it was told what came of its claim."""
    return None if claim.closed else "更正申请尚未办结"


@keeps(letter)
def why_letters_are_kept(_letter: Letter) -> str | None:
    """A letter is kept as long as the request itself is, which says so."""
    return None

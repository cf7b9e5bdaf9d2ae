"""The gate that a clearance is: nothing is approved or said before it is open for exactly that."""

from services.press.clearance.state import Clearance
from shared.kernel.errors import Refused

SECRECY = "国令711 第十七条"
AGREED = "国令711 第十一条"


def check_cleared(found: Clearance, hash: str, *, concerns: bool = False) -> None:
    """Raises `Refused` unless review has released exactly this, and, where it `concerns` other agencies, all of them have confirmed it."""
    if found.in_review:
        raise Refused("review-pending", "保密审查尚未作出结论，请等结论。", article=SECRECY)
    if hash in found.withheld:
        raise Refused("review-withheld", "保密审查不同意发布这些内容，请修改后重新提请审查。", article=SECRECY)
    if hash not in found.cleared:
        raise Refused("not-reviewed", "发布的内容须先经保密审查，请提请审查；内容改动后须重新审查。", article=SECRECY)
    if not concerns:
        return
    if found.coordinating:
        raise Refused("coordination-pending", "涉及的机关尚未全部答复确认，请等答复。", article=AGREED)
    if found.refused:
        raise Refused("coordination-refused", f"涉及的机关没有确认（{found.refused}），请修改后重新协调。", article=AGREED)
    if hash not in found.agreed:
        raise Refused("not-coordinated", "内容涉及其他机关，发布前须与其沟通、确认，请提请协调。", article=AGREED)

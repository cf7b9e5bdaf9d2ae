"""Everything that can go wrong, as a small tree; each leaf is an RFC 9457 problem with a stable code and a sentence that a clerk can act on.

Problem
├── Invalid              422  the input does not fit its form
├── Unauthenticated      401  nobody is signed in, or the session ended
├── Forbidden            403  this person may not do this
├── NotFound             404  no such thing in this agency
├── Refused              409  the rules do not allow it now (says which article, and what would make it possible)
├── VersionConflict      412  the case has changed since it was read
├── KeyReused            422  an idempotency key came again with another body
├── TooLarge             413  the body is over its limit
├── TooMany              429  more requests than are allowed in this time
├── Overloaded           503  the queue is full; try again
└── Unavailable          503  a part that this needs is out of reach
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Problem(Exception):
    """A problem that is told to the person, never a stack trace. `sentence` is Chinese; `fields` names the inputs at fault."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "系统暂时无法完成此操作"

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        article: str | None = None,
        remedy: str | None = None,
        fields: Sequence[Mapping[str, str]] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.article = article
        self.remedy = remedy
        self.fields = tuple(fields)
        self.retry_after = retry_after

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The body of the answer, `application/problem+json` (RFC 9457)."""
        members = {
            "type": f"urn:gongkai:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.sentence,
            "instance": instance,
            "article": self.article,
            "remedy": self.remedy,
            "errors": list(self.fields) or None,
        }
        return {name: value for name, value in members.items() if value is not None}


class Invalid(Problem):
    status = 422
    title = "提交的内容有误"


class Unauthenticated(Problem):
    status = 401
    title = "请先登录"


class Forbidden(Problem):
    status = 403
    title = "没有权限"


class NotFound(Problem):
    status = 404
    title = "未找到"


class Refused(Problem):
    """A decision that the rules do not allow. Nothing was stored."""

    status = 409
    title = "依规定现在不能办理"


class VersionConflict(Problem):
    status = 412
    title = "内容已被他人更新"


class KeyReused(Problem):
    status = 422
    title = "重复的提交编号"


class TooLarge(Problem):
    status = 413
    title = "提交的内容过大"


class TooMany(Problem):
    status = 429
    title = "操作过于频繁"


class Overloaded(Problem):
    status = 503
    title = "系统繁忙"


class Unavailable(Problem):
    status = 503
    title = "暂时不可用"

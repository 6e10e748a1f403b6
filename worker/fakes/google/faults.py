"""The fault switch: what goes wrong, with which requests, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

Json = dict[str, Any]


class RefusalError(Exception):
    """A request that is refused, as Google words it."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(f"{status} {reason}")

    @property
    def body(self) -> Json:
        """The body of the answer."""
        item = {"domain": "global", "reason": self.reason, "message": self.reason}
        return {"error": {"code": self.status, "message": self.reason, "errors": [item]}}


@dataclass(slots=True)
class Fault:
    """Makes matching requests fail.

    `method` is a pattern over method ids ("gmail.users.drafts.*"; "token" is the sign-in). `what` says how: `status`
    answers with `status` and `reason`, `drop` closes the connection, `html` and `truncated` answer 200 with a body that
    is none, `hang` waits `seconds` and closes, `again` gives the last good answer of that method once more. With
    `effect` the request is carried out first: done but answer lost. `times` counts down (-1: for ever), `skip` lets so
    many pass before.
    """

    method: str
    what: Literal["status", "drop", "html", "truncated", "hang", "again"] = "status"
    status: int = 503
    reason: str = "backendError"
    headers: Mapping[str, str] = field(default_factory=dict)
    effect: bool = False
    times: int = 1
    skip: int = 0
    seconds: float = 0.0

    def takes(self, method: str) -> bool:
        """Whether this request is struck, and count it."""
        if self.times == 0 or not fnmatchcase(method, self.method):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= self.times > 0
        return True

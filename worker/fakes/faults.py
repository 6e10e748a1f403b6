"""The fault switch of the fakes: what goes wrong, with which requests, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal


@dataclass(slots=True)
class Fault:
    """Makes matching requests fail.

    `method` is a pattern over the names that a fake gives its operations ("gmail.users.drafts.*", "messages.send";
    "token" is the sign-in). `what` says how: `status` answers with `status` and `reason` (the vendor's own word; "":
    the usual one), `drop` closes the connection, `html` and `truncated` answer 200 with a body that is none, `hang`
    waits `seconds` and closes, `again` gives the last good answer of that operation once more. With `effect` the
    request is carried out first: done but answer lost. `times` counts down (-1: for ever), `skip` lets so many pass
    before.
    """

    method: str
    what: Literal["status", "drop", "html", "truncated", "hang", "again"] = "status"
    status: int = 503
    reason: str = ""
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

"""A refusal in Google's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

"""What goes through the door and what comes back; how a vendor words its refusals, and what each of them means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from worker.errors import AccountError, ForbiddenError, GoneError, RefusedError, SignInError

READS = frozenset({"GET", "HEAD"})


class Kind(StrEnum):
    """What a refusal means for the caller; each is one next step."""

    THROTTLED = "throttled"
    LOCKED = "locked"
    SIGN_IN = "sign-in"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    CONFLICT = "conflict"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one vendor words its refusals: `reason` takes the vendor's code out of a body ("" where there is none).

    `kinds` says what a reason means where the status alone does not, `steps` what to do about it.
    """

    vendor: str
    reason: Callable[[bytes], str]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `account` owns the limits and is named in errors; `project` is whose quota it costs.

    `doing` completes "could not …". `authorise` gives the headers of a credential, fresh ones where its argument is
    True: after a 401, which says that nothing was done, the request goes once more with those. `harmless` marks a
    POST that changes nothing: its lost answer is no uncertainty. `empty_ok` allows an answer without JSON, `plain` says
    that a good answer is none, but a mail's bytes.
    """

    method: str
    url: str
    account: str
    doing: str
    dialect: Dialect
    project: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    authorise: Callable[[bool], Mapping[str, str]] | None = None
    harmless: bool = False
    empty_ok: bool = False
    plain: bool = False

    @property
    def reads(self) -> bool:
        """Whether it may be sent again: GET and HEAD alone."""
        return self.method in READS

    @property
    def changes(self) -> bool:
        """Whether a lost answer leaves open what happened."""
        return not (self.reads or self.harmless)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers with names in lower case, the body, and its JSON value where it has one."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    value: Any = None


ERRORS: Mapping[Kind, tuple[type[AccountError], str]] = {
    Kind.SIGN_IN: (SignInError, "sign in again with `followthrough login`."),
    Kind.FORBIDDEN: (ForbiddenError, "give this account the right; `followthrough check` says which."),
    Kind.GONE: (GoneError, "it is not there any more; look whether it was deleted or moved."),
    Kind.REFUSED: (RefusedError, "this request is given up; `followthrough check` looks for the cause."),
}


def kind_of(status: int) -> Kind:
    """Return what a status means where no reason says more."""
    by_status = {
        401: Kind.SIGN_IN,
        403: Kind.FORBIDDEN,
        404: Kind.GONE,
        410: Kind.GONE,
        408: Kind.BROKEN,
        409: Kind.CONFLICT,
        412: Kind.CONFLICT,
        425: Kind.BROKEN,
        429: Kind.THROTTLED,
    }
    if status in by_status:
        return by_status[status]
    return Kind.REFUSED if 400 <= status < 500 else Kind.BROKEN

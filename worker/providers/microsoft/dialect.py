"""How Microsoft words its refusals, and what each of them means for us."""

from __future__ import annotations

import re
from typing import Any

import orjson

from worker.http import Dialect, Kind

_LOGIN = "sign in again with `followthrough login microsoft`."
_GRANT = "give it the permissions that docs/microsoft.md names; `followthrough check` says which are missing."
_NO_MAILBOX = "ask the administrator whether this address has a mailbox in Exchange Online, and a licence for it."

_KINDS = {
    "TooManyRequests": Kind.THROTTLED,
    "activityLimitReached": Kind.THROTTLED,
    "ApplicationThrottled": Kind.THROTTLED,
    "ErrorServerBusy": Kind.THROTTLED,
    "ErrorTooManyObjectsOpened": Kind.THROTTLED,
    "ErrorExceededConnectionCount": Kind.THROTTLED,
    "MailboxConcurrency": Kind.THROTTLED,
    # Full, or too many mails today: nothing helps but time, or a person who makes room.
    "ErrorQuotaExceeded": Kind.LOCKED,
    "ErrorMessageSubmissionBlocked": Kind.LOCKED,
    "ErrorExceededMessageLimit": Kind.LOCKED,
    "InvalidAuthenticationToken": Kind.SIGN_IN,
    "ErrorAccessDenied": Kind.FORBIDDEN,
    "AccessDenied": Kind.FORBIDDEN,
    "Authorization_RequestDenied": Kind.FORBIDDEN,
    "Forbidden": Kind.FORBIDDEN,
    "ErrorSendAsDenied": Kind.FORBIDDEN,
    "ErrorInvalidUser": Kind.FORBIDDEN,
    "ErrorNonExistentMailbox": Kind.FORBIDDEN,
    "MailboxNotEnabledForRESTAPI": Kind.FORBIDDEN,
    "MailboxNotSupportedForRESTAPI": Kind.FORBIDDEN,
    "ErrorItemNotFound": Kind.GONE,
    "ErrorFolderNotFound": Kind.GONE,
    "ErrorInvalidIdMalformed": Kind.GONE,
    "syncStateNotFound": Kind.GONE,
    "syncStateInvalid": Kind.GONE,
    "resyncRequired": Kind.GONE,
    "ErrorIrresolvableConflict": Kind.CONFLICT,
    "ErrorInvalidChangeKey": Kind.CONFLICT,
    "ErrorOccurrenceCrossingBoundary": Kind.REFUSED,
    "ErrorInternalServerError": Kind.BROKEN,
    "ErrorInternalServerTransientError": Kind.BROKEN,
    "ErrorMailboxStoreUnavailable": Kind.BROKEN,
    "ErrorMailboxMoveInProgress": Kind.BROKEN,
    "ErrorTimeoutExpired": Kind.BROKEN,
}

_STEPS = {
    "ErrorQuotaExceeded": "make room in the mailbox; it goes on by itself.",
    "ErrorMessageSubmissionBlocked": "the mailbox sent too much; it goes on by itself.",
    "InvalidAuthenticationToken": _LOGIN,
    "ErrorAccessDenied": _GRANT,
    "AccessDenied": _GRANT,
    "Authorization_RequestDenied": _GRANT,
    "Forbidden": _GRANT,
    "ErrorSendAsDenied": "give who signs in the right Send As on this mailbox (Exchange admin centre, Delegation).",
    "ErrorInvalidUser": "correct the address: the organisation knows no such mailbox.",
    "ErrorNonExistentMailbox": "correct the address: the organisation knows no such mailbox.",
    "MailboxNotEnabledForRESTAPI": _NO_MAILBOX,
    "MailboxNotSupportedForRESTAPI": _NO_MAILBOX,
    "ErrorOccurrenceCrossingBoundary": "a meeting of a series stays between its neighbours: make a single one instead.",
}

# The codes of sign-in errors that say that something was not agreed to.
CONSENT_CODES = frozenset({65001, 65004, 65005, 90094, 90095, 90093})
_CODE = re.compile(r"AADSTS(\d{4,8})")


def reason_of(body: bytes) -> str:
    """Return the code in an error body: the most precise one that Graph gives; "" where the body is something else.

    Only the code is taken: the messages beside it quote addresses.
    """
    try:
        error = orjson.loads(body)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    if isinstance(error, str):
        return error  # the token endpoint (RFC 6749 5.2)
    code, depth = "", 0
    while isinstance(error, dict) and depth < 8:
        # The inner ones are more precise; one that we know goes before one that we do not.
        inner = error.get("code")
        if isinstance(inner, str) and (not code or inner in _KINDS):
            code = inner
        error, depth = error.get("innerError") or error.get("innererror"), depth + 1
    return code


def sign_in_code(result: dict[str, Any]) -> int:
    """Return the number of a sign-in's refusal (AADSTS65001), 0 where it has none."""
    codes = result.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _CODE.search(str(result.get("error_description") or ""))
    return int(found[1]) if found else 0


MICROSOFT = Dialect("Microsoft", reason_of, _KINDS, _STEPS)

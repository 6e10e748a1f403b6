"""How Google words its refusals, and what each of them means for us."""

from __future__ import annotations

from typing import Any

import orjson

from worker.http import Dialect, Kind

_ENABLE = "enable the Google Calendar API and the Gmail API in the project of the OAuth client (docs/google.md)."
_CONSENT = "sign in again with `followthrough login google` and tick every box of the consent page."

_KINDS = {
    "rateLimitExceeded": Kind.THROTTLED,
    "userRateLimitExceeded": Kind.THROTTLED,
    "RATE_LIMIT_EXCEEDED": Kind.THROTTLED,
    "RESOURCE_EXHAUSTED": Kind.THROTTLED,
    # Read-only for hours after too many invitations; trying at once again makes it longer.
    "quotaExceeded": Kind.LOCKED,
    "dailyLimitExceeded": Kind.LOCKED,
    "calendarUsageLimitsExceeded": Kind.LOCKED,
    "authError": Kind.SIGN_IN,
    "insufficientPermissions": Kind.SIGN_IN,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": Kind.SIGN_IN,
    "accessNotConfigured": Kind.FORBIDDEN,
    "SERVICE_DISABLED": Kind.FORBIDDEN,
    "domainPolicy": Kind.FORBIDDEN,
    "failedPrecondition": Kind.FORBIDDEN,
    "duplicate": Kind.CONFLICT,
    "conditionNotMet": Kind.CONFLICT,
    "backendError": Kind.BROKEN,
    "internalError": Kind.BROKEN,
}

_STEPS = {
    "quotaExceeded": "wait; no calendar write is tried before.",
    "insufficientPermissions": _CONSENT,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _CONSENT,
    "authError": "sign in again with `followthrough login google`.",
    "accessNotConfigured": _ENABLE,
    "SERVICE_DISABLED": _ENABLE,
    "domainPolicy": "ask the organisation's administrator to allow this application (Admin console, API controls).",
    "failedPrecondition": "ask the administrator whether this account has the service (Gmail, Calendar) switched on.",
    "forbiddenForNonOrganizer": "only the organizer can change this meeting: ask them to.",
    "requiredAccessLevel": "give this account the right to make changes to events of that calendar.",
}


def reason_of(body: bytes) -> str:
    """Return the reason in an error body: the most precise code that Google gives; "" where the body is something else.

    Only the code is taken: the messages beside it quote addresses.
    """
    try:
        error = orjson.loads(body)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    if isinstance(error, str):
        return error  # the token endpoint (RFC 6749 5.2)
    if not isinstance(error, dict):
        return ""
    for item in (*_dicts(error.get("errors")), *_dicts(error.get("details"))):
        if isinstance(item.get("reason"), str):
            return str(item["reason"])
    return str(error.get("status") or "")


def _dicts(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # JSON from outside
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


GOOGLE = Dialect("Google", reason_of, _KINDS, _STEPS)

"""Refusals in Microsoft's words: Graph's error object, and the sign-in's with its AADSTS codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

# The usual code of a status, where a fault names none.
_CODES = {
    400: "ErrorInvalidRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "ErrorIrresolvableConflict",
    410: "syncStateNotFound",
    412: "ErrorIrresolvableConflict",
    413: "ErrorMessageSizeExceeded",
    429: "TooManyRequests",
    500: "ErrorInternalServerError",
    501: "NotImplemented",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "UnknownError",
    507: "ErrorQuotaExceeded",
}

_TEXTS = {
    "ErrorAccessDenied": "Access is denied. Check credentials and try again.",
    "ErrorItemNotFound": "The specified object was not found in the store.",
    "ErrorIrresolvableConflict": "The send or update operation could not be performed because the change key passed"
    " in the request does not match the current change key for the item.",
    "ErrorInvalidUser": "The requested user is invalid.",
    "ErrorInvalidIdMalformed": "Id is malformed.",
    "ErrorOccurrenceCrossingBoundary": "Modified occurrence is crossing or overlapping adjacent occurrence.",
    "ErrorQuotaExceeded": "The mailbox has exceeded its maximum mailbox size.",
    "ErrorSendAsDenied": "The user account which was used to submit this request does not have the right to send"
    " mail on behalf of the specified sending account.",
    "MailboxNotEnabledForRESTAPI": "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    "Request_ResourceNotFound": "Resource does not exist or one of its queried reference-property objects are not"
    " present.",
    "Authorization_RequestDenied": "Insufficient privileges to complete the operation.",
    "syncStateNotFound": "The sync state generation is not found; continue with a full synchronization.",
}


class RefusalError(Exception):
    """A request that Graph refuses, with its status and its own code ("": the usual one of that status)."""

    def __init__(
        self, status: int, code: str = "", message: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.code = code or _CODES.get(status, "UnknownError")
        self.message = message or _TEXTS.get(self.code, self.code)
        self.headers = dict(headers or {})
        super().__init__(f"{status} {self.code}: {self.message}")

    def body(self, now: datetime) -> Json:
        """Return the body of the answer."""
        inner = {
            "Date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "request-id": "00000000-0000-0000-0000-000000000001",
            "client-request-id": "00000000-0000-0000-0000-000000000002",
        }
        return {"error": {"code": self.code, "message": self.message, "innererror": inner}}


@dataclass(frozen=True, slots=True)
class Denial:
    """What the sign-in answers for one AADSTS code."""

    error: str
    text: str
    status: int = 400
    suberror: str = ""


DENIALS: Mapping[int, Denial] = {
    16000: Denial("interaction_required", "The user must sign in to another account or select one."),
    50011: Denial("invalid_request", "The redirect URI does not match the redirect URIs configured."),
    50034: Denial("invalid_grant", "The user account does not exist in the directory."),
    50057: Denial("invalid_grant", "The user account is disabled."),
    50076: Denial("interaction_required", "You must use multi-factor authentication to access.", 400, "basic_action"),
    50158: Denial("interaction_required", "External security challenge not satisfied.", 400, "basic_action"),
    50173: Denial("invalid_grant", "The provided grant has expired due to it being revoked.", 400, "bad_token"),
    53003: Denial("interaction_required", "Access has been blocked by Conditional Access.", 400, "message_only"),
    54005: Denial("invalid_grant", "OAuth2 Authorization code was already redeemed."),
    65001: Denial("invalid_grant", "The user or administrator has not consented.", 400, "consent_required"),
    65004: Denial("access_denied", "User declined to consent to access the app."),
    70000: Denial("invalid_grant", "Provided grant is invalid or malformed.", 400, "bad_token"),
    70002: Denial("invalid_client", "The client does not exist or is not enabled for consumers.", 401),
    70003: Denial("unsupported_grant_type", "The app returned an unsupported grant type."),
    70008: Denial(
        "invalid_grant", "The provided authorization code or refresh token has expired.", 400, "token_expired"
    ),
    70011: Denial("invalid_scope", "The provided value for the input parameter 'scope' is not valid."),
    70016: Denial("authorization_pending", "OAuth 2.0 device flow error. Authorization is pending."),
    70018: Denial("bad_verification_code", "Invalid verification code."),
    70020: Denial("expired_token", "The provided value for the device code has expired."),
    90002: Denial("invalid_request", "Tenant not found."),
    90094: Denial("access_denied", "An administrator must grant the app access to this resource."),
    501481: Denial("invalid_grant", "The Code_Verifier does not match the code_challenge."),
    700016: Denial("unauthorized_client", "Application was not found in the directory."),
    700027: Denial("invalid_client", "The certificate used to sign the client assertion is not registered.", 401),
    700082: Denial("invalid_grant", "The refresh token has expired due to inactivity.", 400, "bad_token"),
    900144: Denial("invalid_request", "The request body must contain a parameter that is missing."),
    1000502: Denial("invalid_client", "The provided certificate is not within its specified validity window.", 401),
    1002012: Denial("invalid_scope", "Client credential flows must have a scope that ends in /.default."),
    7000112: Denial("unauthorized_client", "Application is disabled."),
    7000215: Denial("invalid_client", "Invalid client secret provided.", 401),
    7000218: Denial("invalid_client", "The request body must contain client_assertion or client_secret.", 401),
    7000222: Denial("invalid_client", "The provided client secret keys are expired.", 401),
    # The person pressed Cancel in the device flow; it has no number of its own.
    0: Denial("authorization_declined", "The user declined the authorization."),
}


class DeniedError(Exception):
    """The sign-in refuses, with one of its own codes."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.denial = DENIALS[code]
        super().__init__(f"AADSTS{code}")

    @property
    def text(self) -> str:
        """The description as it is written."""
        return f"AADSTS{self.code}: {self.denial.text} Trace ID: 0001 Correlation ID: 0002"

    def body(self, now: datetime) -> Json:
        """Return the body of the answer (RFC 6749 5.2 with Microsoft's own fields)."""
        body: Json = {
            "error": self.denial.error,
            "error_description": self.text,
            "error_codes": [self.code],
            "timestamp": now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ"),
            "trace_id": "00000000-0000-0000-0000-000000000001",
            "correlation_id": "00000000-0000-0000-0000-000000000002",
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }
        return {**body, "suberror": self.denial.suberror} if self.denial.suberror else body

"""Who we are to Google: a person's consent, or a service account that acts for the people of an organisation."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import orjson
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport import Request, Response
from google.oauth2.credentials import Credentials as UserCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials

from worker.errors import AccountError, ConfigurationError, ForbiddenError, Problem, SignInError, TryLaterError
from worker.http import Call, Door
from worker.providers.google.dialect import GOOGLE
from worker.providers.google.settings import GoogleSettings
from worker.providers.google.tokens import Token, load_token, save_token
from worker.providers.private_files import read_private

# Renewed a little early, so that it does not run out on its way.
_MARGIN = timedelta(minutes=4)


class Credential(Protocol):
    """Gives the headers that say who asks."""

    def headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        """Return the Authorization header, from a new access token where `fresh`."""

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that were granted, as far as we know."""


class _Response(Response):
    """An answer in the shape that google-auth reads."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._parts = (status, headers, data)

    @property
    def status(self) -> int:
        return self._parts[0]

    @property
    def headers(self) -> Mapping[str, str]:
        return self._parts[1]

    @property
    def data(self) -> bytes:
        return self._parts[2]


class TokenRequest(Request):
    """google-auth's requests to the token endpoint, through the door: once each, with time-outs."""

    def __init__(self, door: Door, account: str, project: str) -> None:
        self._door = door
        self._account = account
        self._project = project

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the door has its own
        **_: object,
    ) -> _Response:
        """Send it. Raises TryLaterError where the endpoint is broken: google-auth would sleep and send it again."""
        call = Call(
            method, url, self._account, "renew the sign-in", GOOGLE, self._project, headers or {}, body, harmless=True
        )
        answer = self._door.raw(call)
        if answer.status_code >= 500 or answer.status_code in (408, 429):
            text = f"Google's sign-in answered {answer.status_code}: it is tried again by itself."
            raise TryLaterError(self._account, text)
        if answer.status_code == 200 and not _has_token(answer.content):
            text = "something else than Google's sign-in answered (a network's own page?): it is tried again by itself."
            raise TryLaterError(self._account, text)
        return _Response(answer.status_code, answer.headers, answer.content)


class _Renewing:
    """A credential of google-auth, renewed through the door and by one thread at a time."""

    def __init__(self, account: str, door: Door, project: str, found: Any) -> None:  # noqa: ANN401  # google-auth has no types
        self._account = account
        self._clock = door.clock
        self._found = found
        self._request = TokenRequest(door, account, project)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return f"{type(self).__name__}()"

    def headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        """Return the Authorization header, from a new access token where `fresh` or where the last one is over."""
        with self._lock:
            if fresh or not self._found.token or self._is_over():
                self._renew()
            return {"Authorization": f"Bearer {self._found.token}"}

    def _is_over(self) -> bool:
        # Not google-auth's own `valid`, which asks the machine for the time.
        expiry: datetime | None = self._found.expiry
        return expiry is not None and expiry.replace(tzinfo=UTC) - _MARGIN <= self._clock()

    def _renew(self) -> None:
        try:
            self._found.refresh(self._request)
        except RefreshError as error:
            raise self._refused(error) from None
        except GoogleAuthError as error:
            text = f"Google's sign-in did not answer as expected ({type(error).__name__}): it is tried again by itself."
            raise TryLaterError(self._account, text) from None

    def _refused(self, error: RefreshError) -> AccountError:
        code, subtype = _code_of(error)
        if not code:
            return TryLaterError(self._account, "Google's sign-in answered nonsense: it is tried again by itself.")
        return self._means(code, subtype)

    def _means(self, code: str, subtype: str) -> AccountError:
        raise NotImplementedError


class PersonCredential(_Renewing):
    """A person's consent, from their token file; what is renewed is written back."""

    def __init__(self, settings: GoogleSettings, account: str, door: Door) -> None:
        self._door = door
        self._folder = settings.token_folder
        self._seal = settings.seal
        self._token = load_token(settings.token_folder, account, settings.seal)
        token = self._token
        found = UserCredentials(  # type: ignore[no-untyped-call]
            token=token.access_token or None,
            refresh_token=token.refresh_token,
            token_uri=settings.token_address,
            client_id=token.client_id,
            client_secret=token.client_secret,
            expiry=token.expires_at.astimezone(UTC).replace(tzinfo=None) if token.expires_at else None,
        )
        super().__init__(account, door, settings.project, found)

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that the person granted."""
        return frozenset(self._token.scopes)

    @property
    def token(self) -> Token:
        """What the token file says."""
        return self._token

    def _renew(self) -> None:
        super()._renew()
        expiry = self._found.expiry
        self._token = self._token.refreshed(
            str(self._found.token),
            expiry.replace(tzinfo=UTC) if expiry else None,
            self._door.clock(),
            str(self._found.refresh_token or ""),
        )
        save_token(self._folder, self._token, self._seal)

    def _means(self, code: str, subtype: str) -> AccountError:
        login = f"sign in again with `followthrough login google --account {self._account}`."
        if code == "invalid_grant" and subtype == "invalid_rapt":
            text = "the organisation asks people to sign in again after some hours (an administrator can exempt the"
            return SignInError(
                self._account, f"{text} application: Admin console, Google Cloud session control): {login}"
            )
        if code == "invalid_grant":
            age = self._door.clock() - self._token.consented_at
            why = "the sign-in expired or was revoked"
            if age.days <= 8:
                why += " (with a consent screen in Testing it ends after 7 days: docs/google.md says how to leave that)"
            return SignInError(self._account, f"{why}: {login}")
        if code in {"invalid_client", "deleted_client", "unauthorized_client", "disabled_client"}:
            text = f"Google does not know the OAuth client any more ({code}): make a new one (docs/google.md), then"
            return SignInError(self._account, f"{text} {login}")
        text = f"Google refused the sign-in ({code}): ask the organisation's administrator to allow it, then {login}"
        return ForbiddenError(self._account, text)


class DelegatedCredential(_Renewing):
    """A service account that acts for one person of the organisation (domain-wide delegation); for calendars alone."""

    def __init__(self, settings: GoogleSettings, account: str, scopes: tuple[str, ...], door: Door) -> None:
        if settings.service_account_file is None:
            raise ConfigurationError([Problem("", "google.service_account_file", "name the key file.")])
        info = read_key_file(settings.service_account_file)
        self._scopes = frozenset(scopes)
        self._client = str(info.get("client_id", ""))
        # The key file's own address would go past the settings.
        found = ServiceCredentials.from_service_account_info(  # type: ignore[no-untyped-call]
            {**info, "token_uri": settings.token_address}, scopes=sorted(scopes), subject=account
        )
        super().__init__(account, door, settings.project, found)

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that are asked for; whether they were granted only a token tells."""
        return self._scopes

    def _means(self, code: str, subtype: str) -> AccountError:  # noqa: ARG002  # the same shape for both
        if code in {"unauthorized_client", "access_denied"}:
            scopes = ",".join(sorted(self._scopes))
            text = f"the service account may not act for this person ({code}): an administrator enters the client id"
            where = f"{self._client} with the scopes {scopes} in the Admin console, Security, API controls,"
            return ForbiddenError(self._account, f"{text} {where} Domain-wide delegation.")
        if code == "invalid_grant":
            text = "Google knows no such person, the key was deleted, or this machine's clock is wrong:"
            return SignInError(self._account, f"{text} correct the address or the clock, or make a new key.")
        text = f"Google refused the service account ({code}): make a new key (docs/google.md)."
        return SignInError(self._account, text)


def read_key_file(path: Path) -> dict[str, Any]:
    """Read a service account's key file. Raises ConfigurationError where it is none."""
    needed = {"client_email", "private_key", "token_uri"}
    try:
        info = orjson.loads(read_private(path))
    except FileNotFoundError:
        raise ConfigurationError([Problem(str(path), "", "there is no such file: name the key file.")]) from None
    except orjson.JSONDecodeError:
        info = None
    if not isinstance(info, dict) or not needed <= set(info):
        text = "is no key of a service account: download one (IAM, Service accounts, Keys, JSON)."
        raise ConfigurationError([Problem(str(path), "", text)])
    return info


def _has_token(body: bytes) -> bool:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and isinstance(found.get("access_token"), str)


def _code_of(error: RefreshError) -> tuple[str, str]:
    """Return the OAuth error code and its sub-type; "" where the endpoint did not answer with JSON."""
    found = error.args[1] if len(error.args) > 1 else None
    if not isinstance(found, dict):
        return "", ""
    return str(found.get("error", "")), str(found.get("error_subtype", ""))


def token_age(token: Token, now: datetime) -> int:
    """Return for how many days the refresh token has not been used."""
    return (now - (token.refreshed_at or token.consented_at)).days

"""Signing in: the person agrees in their browser, which comes back to a port of this machine (RFC 8252)."""

from __future__ import annotations

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import orjson

from worker.errors import ConfigurationError, Problem, SignInError, TryLaterError
from worker.http import Call, Door
from worker.providers.browser import Return
from worker.providers.google.dialect import GOOGLE, reason_of
from worker.providers.google.settings import GoogleSettings, missing_scopes
from worker.providers.google.tokens import Token, save_token
from worker.providers.private_files import read_private

_IDENTITY = ("openid", "email")


class Consent:
    """One consent of one person: `url` is what they open; `wait` returns their token.

    `entropy` gives so many random bytes. Use it as a context manager: it listens on `port` from the beginning to the
    end. Raises ConfigurationError where the client file is none, NeedsPersonError where the port is taken.
    """

    def __init__(
        self,
        settings: GoogleSettings,
        account: str,
        scopes: tuple[str, ...],
        door: Door,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._settings = settings
        self._account = account.lower()
        self._scopes = scopes
        self._door = door
        self._client = read_client_file(settings.client_file)
        self._state = _text(entropy(24))
        self._verifier = _text(entropy(48))
        self._return = Return(settings.redirect_port, self._state)
        self.port = self._return.port
        self._redirect = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Return itself, listening."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._return.close()

    @property
    def url(self) -> str:
        """The address of the consent page."""
        challenge = _text(hashlib.sha256(self._verifier.encode()).digest())
        query = {
            "client_id": self._client["client_id"],
            "redirect_uri": self._redirect,
            "response_type": "code",
            "scope": " ".join((*_IDENTITY, *self._scopes)),
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": self._account,
            # Both are needed for a refresh token also where the person has agreed before.
            "access_type": "offline",
            "prompt": "consent",
        }
        return f"{self._settings.consent_address}?{urlencode(query)}"

    def wait(self, seconds: float = 600) -> Token:
        """Wait until the browser comes back, exchange the code, store the token and return it.

        Raises SignInError where the person did not agree to everything, chose another account or did not come.
        """
        answer = self._return.wait(self._door.clock, self._door.clock() + timedelta(seconds=seconds))
        if not answer:
            raise SignInError(self._account, f"nobody came back from the consent page: {self._again}")
        if "code" not in answer:
            raise SignInError(self._account, f"the consent was not given ({answer.get('error', '?')}): {self._again}")
        token = self._token(self._exchange(answer["code"]))
        save_token(self._settings.token_folder, token, self._settings.seal)
        return token

    @property
    def _again(self) -> str:
        return f"run `followthrough login google --account {self._account}` again."

    def _exchange(self, code: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "client_id": self._client["client_id"],
            "client_secret": self._client["client_secret"],
            "code_verifier": self._verifier,
        }
        call = Call(
            "POST",
            self._settings.token_address,
            self._account,
            "sign in",
            GOOGLE,
            self._settings.project,
            {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode(form).encode(),
            harmless=True,
        )
        answer = self._door.raw(call)
        if answer.status_code >= 500:
            raise TryLaterError(self._account, f"Google's sign-in answered {answer.status_code}: {self._again}")
        if answer.status_code != 200:
            why = reason_of(answer.content) or str(answer.status_code)
            raise SignInError(self._account, f"Google refused the sign-in ({why}): {self._again}")
        try:
            found = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise SignInError(self._account, f"Google's answer to the sign-in cannot be read: {self._again}")
        return found

    def _token(self, found: dict[str, Any]) -> Token:
        email = _email_in(str(found.get("id_token") or ""))
        if email != self._account:
            text = f"the consent was given by {email or 'an unknown account'}: choose {self._account} there;"
            raise SignInError(self._account, f"{text} {self._again}")
        granted = tuple(scope for scope in str(found.get("scope", "")).split() if scope.startswith("https://"))
        missing = missing_scopes(self._scopes, frozenset(granted))
        if missing:
            text = f"not every box of the consent page was ticked ({', '.join(missing)}): {self._again}"
            raise SignInError(self._account, text)
        if not found.get("refresh_token"):
            raise SignInError(self._account, f"Google gave no lasting sign-in: {self._again}")
        now = self._door.clock()
        return Token(
            account=self._account,
            refresh_token=str(found["refresh_token"]),
            client_id=self._client["client_id"],
            client_secret=self._client["client_secret"],
            scopes=granted,
            consented_at=now,
            access_token=str(found.get("access_token") or ""),
            expires_at=_expiry(found.get("expires_in"), now),
            refreshed_at=now,
        )


def read_client_file(path: Path | None) -> dict[str, str]:
    """Return id and secret of the OAuth client. Raises ConfigurationError, NeedsPersonError."""
    if path is None:
        raise ConfigurationError([Problem("", "google.client_file", "name the file of the OAuth client.")])
    try:
        found = orjson.loads(read_private(path))
        client = found["installed"]
        return {"client_id": str(client["client_id"]), "client_secret": str(client["client_secret"])}
    except FileNotFoundError:
        text = "there is no such file: download the OAuth client as JSON (docs/google.md)."
    except (orjson.JSONDecodeError, KeyError, TypeError):
        text = 'is no OAuth client of the type "Desktop app": make one and download it as JSON (docs/google.md).'
    raise ConfigurationError([Problem(str(path), "", text)])


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _email_in(id_token: str) -> str:
    """Return the address in an ID token. It came from the token endpoint itself, so no signature needs checking.

    (OpenID Connect Core 3.1.3.7, point 6.)
    """
    try:
        part = id_token.split(".")[1]
        claims = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims["email"]).lower() if claims.get("email_verified", True) else ""
    except (IndexError, KeyError, AttributeError, binascii.Error, orjson.JSONDecodeError):
        return ""


def _expiry(seconds: object, now: datetime) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if isinstance(seconds, int | str) and str(seconds).isdigit() else None

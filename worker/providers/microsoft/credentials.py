"""Who we are to Microsoft: a person who signed in, or an app that signs in by itself."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from worker.errors import SignInError, TryLaterError
from worker.http import Door
from worker.providers.microsoft.authority import Client, ask, own_app, public_app, refusal, token_cache
from worker.providers.microsoft.settings import RESERVED, MicrosoftSettings, missing_scopes
from worker.providers.microsoft.tokens import Token, load_token, locked, save_token

# Renewed a little early, as msal does, so that it does not run out on its way.
_MARGIN = timedelta(minutes=5)


class Credential(Protocol):
    """Gives the headers that say who asks."""

    def headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        """Return the Authorization header, from a new access token where `fresh`."""


class PersonCredential:
    """A person's sign-in, from their token file; what is renewed is written back.

    `needed` are the permissions that it must cover; what the person granted beyond them is used as well.
    """

    def __init__(self, settings: MicrosoftSettings, account: str, needed: tuple[str, ...], door: Door) -> None:
        self._settings = settings
        self._account = account
        self._needed = needed
        self._door = door
        self._lock = threading.Lock()
        self._access = ""
        self._until: datetime | None = None
        self._file = b""
        self._must_have(load_token(settings.token_folder, account, settings.seal))

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return f"{type(self).__name__}()"

    def headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        """Return the Authorization header, from a new access token where `fresh` or where the last one is over."""
        with self._lock:
            over = self._until is None or self._door.clock() >= self._until - _MARGIN
            if fresh or over:
                # One that is over by our clock is over, whatever msal makes of the machine's.
                self._renewed(fresh=fresh or bool(self._access))
            return {"Authorization": f"Bearer {self._access}"}

    def _renewed(self, *, fresh: bool) -> None:
        try:
            self._renew(fresh=fresh)
        except OSError as error:
            text = f"the token file cannot be written ({error.strerror or type(error).__name__}): make room, or give"
            raise TryLaterError(self._account, f"{text} the right; it is tried again by itself.") from None

    def _renew(self, *, fresh: bool) -> None:
        folder, seal = self._settings.token_folder, self._settings.seal
        with locked(folder, self._account):
            token = load_token(folder, self._account, seal)
            self._must_have(token)
            # Where another process, or a new sign-in, wrote the file since, what stands there is new already.
            force = fresh and _digest(token) == self._file
            app = self._door.shared.setdefault(
                ("microsoft people", self._settings), _PeopleApp(self._settings, self._door)
            )
            result, renewed = app.renewed(token, force=force)
            if renewed:
                save_token(folder, token.renewed(renewed, self._door.clock()), seal)
                token = load_token(folder, self._account, seal)
            self._file = _digest(token)
        self._access = str(result["access_token"])
        self._until = self._door.clock() + timedelta(seconds=int(result.get("expires_in") or 0))

    def _must_have(self, token: Token) -> None:
        missing = missing_scopes(self._needed, token.scopes)
        if missing:
            login = f"sign in again with `followthrough login microsoft --account {self._account}`."
            raise SignInError(self._account, f"the sign-in lacks {', '.join(missing)}: {login}")


def _digest(token: Token) -> bytes:
    return hashlib.sha256(token.cache.encode()).digest()


class _PeopleApp:
    """msal for everybody who signed in; one for a process, since what it remembers of a person is in their file."""

    def __init__(self, settings: MicrosoftSettings, door: Door) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client = Client(door, "")
        self._app: Any = None

    def renewed(self, token: Token, *, force: bool) -> tuple[dict[str, Any], str]:
        """Return msal's answer with an access token, and its new cache ("" where nothing changed).

        msal remembers for a minute that a sign-in was refused, and does not ask again meanwhile.
        """
        with self._lock:
            self._client.account = token.account
            if self._app is None:
                self._app = public_app(self._settings, self._client, token_cache())
            cache = self._app.token_cache
            # What was granted is asked for, not what is needed: a broader one does not count for a narrower.
            scopes = [f"{self._settings.resource}/{scope}" for scope in token.scopes if scope not in RESERVED]
            account = self._account_in(token)
            result = ask(
                token.account,
                lambda: self._app.acquire_token_silent_with_error(scopes, account=account, force_refresh=force),
            )
            if "access_token" not in result:
                raise refusal(self._settings, token.account, result)
            return result, cache.serialize() if cache.has_state_changed else ""

    def _account_in(self, token: Token) -> Any:  # noqa: ANN401  # msal has no types
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            self._app.token_cache.deserialize(token.cache)
            accounts = self._app.get_accounts()
            if accounts:
                return accounts[0]
        login = f"sign in with `followthrough login microsoft --account {token.account}`."
        raise SignInError(token.account, f"the token file holds no sign-in of this app: {login}")


class _OwnApp:
    """The app's own sign-in, shared by all accounts that it acts for."""

    def __init__(self, settings: MicrosoftSettings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._lock = threading.Lock()
        self._client = Client(door, "")
        self._app: Any = None
        self._access = ""
        self._until: datetime | None = None

    def token(self, account: str, worthless: str) -> str:
        """Return an access token that is not `worthless`, one that Microsoft refused."""
        with self._lock:
            over = self._until is None or self._door.clock() >= self._until - _MARGIN
            if over or not self._access or self._access == worthless:
                self._renew(account)
            return self._access

    def _renew(self, account: str) -> None:
        self._client.account = account
        if self._app is None:
            self._app = own_app(self._settings, self._client)
        # What msal remembers is what was just found over, or refused.
        self._app.remove_tokens_for_client()
        result = ask(account, lambda: self._app.acquire_token_for_client([f"{self._settings.resource}/.default"]))
        if "access_token" not in result:
            raise refusal(self._settings, account, result)
        self._access = str(result["access_token"])
        self._until = self._door.clock() + timedelta(seconds=int(result.get("expires_in") or 0))


class AppCredential:
    """An app that signs in by itself, acting for one account."""

    def __init__(self, settings: MicrosoftSettings, account: str, door: Door) -> None:
        self._account = account
        self._app = _shared(settings, door)
        self._last = ""

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return f"{type(self).__name__}()"

    def headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        """Return the Authorization header, from another access token than the last one where `fresh`."""
        self._last = self._app.token(self._account, self._last if fresh else "")
        return {"Authorization": f"Bearer {self._last}"}


def _shared(settings: MicrosoftSettings, door: Door) -> _OwnApp:
    """Return the one sign-in of an app for a process: a thousand calendars must not ask for a thousand tokens."""
    app: _OwnApp = door.shared.setdefault(("microsoft app", settings), _OwnApp(settings, door))
    return app

"""Signing in: in the browser, which comes back to a port of this machine, or with a code on any other machine."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

from worker.errors import FollowthroughError, ForbiddenError, SignInError, TryLaterError
from worker.http import Call, Door
from worker.providers.browser import Return
from worker.providers.microsoft.authority import Client, ask, public_app, refusal, token_cache
from worker.providers.microsoft.dialect import MICROSOFT
from worker.providers.microsoft.settings import IDENTITY, RESERVED, MicrosoftSettings, missing_scopes, short
from worker.providers.microsoft.tokens import Token, locked, save_token

_PENDING = frozenset({"authorization_pending", "slow_down"})


class _SignIn:
    """What both ways of signing in have in common: from Microsoft's answer to a stored token."""

    def __init__(self, settings: MicrosoftSettings, account: str, scopes: tuple[str, ...], door: Door) -> None:
        self._settings = settings
        self._account = account.lower()
        self._needed = scopes
        self._door = door
        self._app = public_app(settings, Client(door, self._account), token_cache())
        self._asked = [f"{settings.resource}/{scope}" for scope in (*scopes, IDENTITY) if scope not in RESERVED]

    @property
    def _again(self) -> str:
        return f"run `followthrough login microsoft --account {self._account}` again."

    def _stored(self, result: dict[str, Any]) -> Token:
        if "access_token" not in result:
            raise refusal(self._settings, self._account, result)
        self._must_be_theirs(result)
        granted = tuple(sorted({short(scope) for scope in str(result.get("scope") or "").split()} - RESERVED))
        missing = missing_scopes(self._needed, granted)
        if missing:
            text = f"not everything was agreed to ({', '.join(missing)} is missing): {self._again}"
            raise SignInError(self._account, text)
        if not result.get("refresh_token"):
            raise SignInError(self._account, f"Microsoft gave no lasting sign-in: {self._again}")
        now = self._door.clock()
        token = Token(
            account=self._account,
            tenant=self._settings.tenant,
            client_id=self._settings.client_id,
            scopes=granted,
            cache=self._app.token_cache.serialize(),
            consented_at=now,
            refreshed_at=now,
        )
        with locked(self._settings.token_folder, self._account):
            save_token(self._settings.token_folder, token, self._settings.seal)
        return token

    def _must_be_theirs(self, result: dict[str, Any]) -> None:
        claims = result.get("id_token_claims") or {}
        name = str(claims.get("preferred_username") or "").lower()
        if name == self._account:
            return
        # Many organisations sign in with another name than the address.
        addresses = self._addresses(str(result["access_token"]))
        if self._account not in addresses:
            text = f"the sign-in was that of {name or 'an unknown account'}: choose {self._account} there;"
            raise SignInError(self._account, f"{text} {self._again}")

    def _addresses(self, access_token: str) -> frozenset[str]:
        call = Call(
            "GET",
            f"{self._settings.graph_address.rstrip('/')}/v1.0/me?$select=mail,userPrincipalName,proxyAddresses",
            self._account,
            "read whose sign-in this is",
            MICROSOFT,
            self._settings.project,
            {"Authorization": f"Bearer {access_token}"},
        )
        found = self._door.send(call).value
        if not isinstance(found, dict):
            return frozenset()
        listed = [str(one).rpartition(":")[2] for one in found.get("proxyAddresses") or ()]
        return frozenset(
            str(one).lower() for one in (found.get("mail"), found.get("userPrincipalName"), *listed) if one
        )


class Consent(_SignIn):
    """One sign-in of one person in their browser: `url` is what they open; `wait` returns their token.

    `entropy` gives so many random bytes. Use it as a context manager: it listens on `redirect_port` from the beginning
    to the end. Raises NeedsPersonError where the port is taken, SignInError where the organisation is not known.
    """

    def __init__(
        self,
        settings: MicrosoftSettings,
        account: str,
        scopes: tuple[str, ...],
        door: Door,
        entropy: Callable[[int], bytes],
    ) -> None:
        super().__init__(settings, account, scopes, door)
        state = urlsafe_b64encode(entropy(24)).decode("ascii").rstrip("=")
        self._return = Return(settings.redirect_port, state)
        self.port = self._return.port
        # msal makes the proof key (RFC 7636) and the nonce by itself. For localhost Microsoft allows any port.
        try:
            self._flow = self._app.initiate_auth_code_flow(
                self._asked,
                redirect_uri=f"http://localhost:{self.port}",
                state=state,
                login_hint=self._account,
                prompt="select_account",
                response_mode="form_post",
            )
        except BaseException:
            self._return.close()
            raise

    def __enter__(self) -> Self:
        """Return itself, listening."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._return.close()

    @property
    def url(self) -> str:
        """The address of the sign-in page."""
        return str(self._flow["auth_uri"])

    def wait(self, seconds: float = 600) -> Token:
        """Wait until the browser comes back, exchange the code, store the token and return it.

        Raises SignInError where the person did not agree, chose another account or did not come, ForbiddenError where
        an administrator has to agree first.
        """
        answer = self._return.wait(self._door.clock, self._door.clock() + timedelta(seconds=seconds))
        if not answer:
            raise SignInError(self._account, f"nobody came back from the sign-in page: {self._again}")
        if "code" not in answer:
            raise self._declined(answer)
        return self._stored(ask(self._account, lambda: self._app.acquire_token_by_auth_code_flow(self._flow, answer)))

    def _declined(self, answer: dict[str, str]) -> FollowthroughError:
        found = refusal(self._settings, self._account, answer)
        if isinstance(found, ForbiddenError) and "AADSTS65004" not in answer.get("error_description", ""):
            return found
        return SignInError(self._account, f"the consent was not given ({answer.get('error', '?')}): {self._again}")


class DeviceCode(_SignIn):
    """One sign-in of one person on another machine: `message` is what they are told; `wait` returns their token.

    For a machine without a browser, where a port cannot be forwarded. Microsoft recommends that organisations forbid
    it, so the browser comes first.
    """

    def __init__(self, settings: MicrosoftSettings, account: str, scopes: tuple[str, ...], door: Door) -> None:
        super().__init__(settings, account, scopes, door)
        self._flow = ask(self._account, lambda: self._app.initiate_device_flow(self._asked))
        if "user_code" not in self._flow:
            raise refusal(settings, self._account, self._flow)
        self.page = str(self._flow.get("verification_uri") or "")
        self.code = str(self._flow["user_code"])
        self._end = door.clock() + timedelta(seconds=int(self._flow.get("expires_in") or 900))

    @property
    def message(self) -> str:
        """What the person does."""
        return f"Open {self.page} on any machine, enter {self.code}, and sign in as {self._account}."

    def wait(self, pause: Callable[[float], object] | None = None) -> Token:
        """Ask until the person has agreed, as often as Microsoft allows; store the token and return it.

        `pause` waits for so many seconds. Raises SignInError where they declined or did not come in time.
        """
        pause = pause or self._door.wait
        while self._door.clock() < self._end:
            result = self._asked_once()
            if result.get("error") in {"authorization_declined", "access_denied"}:
                raise SignInError(self._account, f"the consent was not given: {self._again}")
            if result.get("error") == "expired_token":
                break
            if result.get("error") not in _PENDING:
                return self._stored(result)
            pause(float(self._flow.get("interval") or 5))
        raise SignInError(self._account, f"nobody entered the code in time: {self._again}")

    def _asked_once(self) -> dict[str, Any]:
        # The loop is ours: msal's would sleep by itself, and judge our pauses by the machine's clock.
        self._flow.pop("latest_attempt_at", None)
        try:
            return ask(
                self._account,
                lambda: self._app.acquire_token_by_device_flow(self._flow, exit_condition=lambda _: True),
            )
        except TryLaterError:
            # Somebody is typing the code meanwhile: a fault that passes must not throw it away.
            return {"error": "authorization_pending"}

"""Microsoft's own sign-in library, through our door: requests once each, with time-outs, and refusals in our words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from worker.errors import (
    AccountError,
    ConfigurationError,
    FollowthroughError,
    ForbiddenError,
    Problem,
    SignInError,
    TryLaterError,
)
from worker.http import Door
from worker.http.waits import retry_at
from worker.providers.microsoft.dialect import CONSENT_CODES, MICROSOFT, sign_in_code
from worker.providers.microsoft.settings import MicrosoftSettings
from worker.providers.private_files import read_private

if TYPE_CHECKING:
    from cryptography import x509

_PASSING = frozenset({"temporarily_unavailable", "server_error"})
_NO_APP = frozenset({700016, 7000112, 90002, 900023})
_BAD_PROOF = frozenset({7000215, 7000222, 700027, 1000502, 700021, 7000216})
_NOT_PUBLIC = 7000218
_DISABLED = 50057


class Client:
    """What msal sends with. A broken endpoint leaves as our error, so that msal neither guesses nor remembers it.

    `account` is named in errors.
    """

    def __init__(self, door: Door, account: str) -> None:
        self.account = account
        self._door = door

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: object
    ) -> requests.Response:
        """Read a document of the authority."""
        return self._checked(self._door.client(self.account, MICROSOFT).get(url, params=params, headers=headers))

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> requests.Response:
        """Ask for a token."""
        plain = self._door.client(self.account, MICROSOFT)
        answer = self._checked(plain.post(url, params=params, data=data, headers=headers))
        if answer.status_code == 200 and not any(name in answer.content for name in (b"access_token", b"user_code")):
            text = "Microsoft's sign-in answered neither yes nor no: it is tried again by itself."
            raise TryLaterError(self.account, text)
        return answer

    def close(self) -> None:
        """Do nothing: the connections belong to the door."""

    def _checked(self, answer: requests.Response) -> requests.Response:
        status = answer.status_code
        if status in (408, 429) or status >= 500 or 300 <= status < 400:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            text = f"Microsoft's sign-in answered {status}: it is tried again by itself."
            raise TryLaterError(self.account, text, retry_at(headers, self._door.clock()))
        if "json" not in answer.headers.get("Content-Type", "").lower():
            text = "something else than Microsoft's sign-in answered (a network's own page?):"
            raise TryLaterError(self.account, f"{text} it is tried again by itself.")
        return answer


def public_app(settings: MicrosoftSettings, client: Client, cache: Any) -> Any:  # noqa: ANN401  # msal has no types
    """Return msal's application for people who sign in. Raises what the authority's answer means."""
    msal = _library()
    return _made(
        settings,
        client.account,
        lambda: msal.PublicClientApplication(
            settings.client_id,
            authority=settings.tenant_authority,
            token_cache=cache,
            http_client=client,
            # It would ask Microsoft whether the authority is Microsoft's, past the settings.
            instance_discovery=False,
        ),
    )


def own_app(settings: MicrosoftSettings, client: Client) -> Any:  # noqa: ANN401  # msal has no types
    """Return msal's application for an app that signs in by itself."""
    msal = _library()
    proof = _certificate(settings.certificate_file) if settings.certificate_file else settings.client_secret
    if settings.tenant in {"common", "organizations", "consumers"}:
        text = "name the organisation: an app that signs in by itself needs its id or domain."
        raise ConfigurationError([Problem("", "microsoft.tenant", text)])
    return _made(
        settings,
        client.account,
        lambda: msal.ConfidentialClientApplication(
            settings.client_id,
            client_credential=proof,
            authority=settings.tenant_authority,
            http_client=client,
            instance_discovery=False,
        ),
    )


def token_cache(text: str = "") -> Any:  # noqa: ANN401  # msal has no types
    """Return msal's token cache, filled with what it serialised before."""
    cache = _library().SerializableTokenCache()
    if text:
        cache.deserialize(text)
    return cache


def ask(account: str, question: Any) -> dict[str, Any]:  # noqa: ANN401  # a call of msal
    """Ask msal something and return its answer, with a token or an OAuth error in it.

    Raises TryLaterError where the authority's answer is nonsense.
    """
    try:
        found = question()
    except FollowthroughError:
        raise
    except (ValueError, KeyError, TypeError, RuntimeError, AttributeError, IndexError):
        # "from None": the library's texts quote answers.
        text = "Microsoft's sign-in answered nonsense: it is tried again by itself."
        raise TryLaterError(account, text) from None
    return found if isinstance(found, dict) else {}


def refusal(settings: MicrosoftSettings, account: str, result: Mapping[str, Any]) -> AccountError:
    """Return what a refused sign-in means. Of Microsoft's text only the number is kept: the rest names people."""
    error, code = str(result.get("error") or "no token"), sign_in_code(dict(result))
    why = f"AADSTS{code}" if code else error
    again = f"`followthrough login microsoft --account {account}`."
    if error in _PASSING:
        return TryLaterError(account, f"Microsoft's sign-in cannot answer just now ({why}): it is tried again.")
    if error == "consent_required" or result.get("suberror") == "consent_required" or code in CONSENT_CODES:
        text = f"the app was not given what is needed ({why}): an administrator opens {settings.consent_page}"
        return ForbiddenError(account, f"{text} and agrees, or sign in again with {again}")
    if code in _NO_APP:
        text = f"Microsoft does not know this app or this organisation ({why}): correct client_id and tenant"
        return SignInError(account, f"{text} (docs/microsoft.md).")
    if code in _BAD_PROOF:
        text = f"Microsoft does not accept the app's secret or certificate ({why}): make a new one and name it"
        return SignInError(account, f"{text} (docs/microsoft.md).")
    if code == _NOT_PUBLIC:
        text = f"the app does not let people sign in without a secret ({why}): switch on Allow public client flows"
        return SignInError(account, f"{text} (App registrations, Authentication).")
    if code == _DISABLED:
        return SignInError(account, f"the account is disabled ({why}): an administrator enables it, then {again}")
    if settings.app_only:
        return SignInError(account, f"Microsoft refused the app ({why}): look at it in Entra (docs/microsoft.md).")
    return SignInError(
        account, f"the sign-in expired, was revoked or is not enough ({why}): sign in again with {again}"
    )


def _made(settings: MicrosoftSettings, account: str, make: Any) -> Any:  # noqa: ANN401  # msal has no types
    try:
        return make()
    except ValueError:
        # msal's only word for a tenant that the authority does not know, and for addresses that are none.
        text = f"Microsoft knows no organisation {settings.tenant}: correct the tenant (docs/microsoft.md)."
        raise SignInError(account, text) from None
    except (KeyError, TypeError, AttributeError):
        text = "Microsoft's sign-in answered nonsense: it is tried again by itself."
        raise TryLaterError(account, text) from None


def certificate_until(path: Path) -> datetime:
    """Return when a certificate ends (aware)."""
    return _parsed(path)[1].not_valid_after_utc.astimezone(UTC)


def _certificate(path: Path) -> dict[str, str]:
    text, made = _parsed(path)
    from cryptography.hazmat.primitives import serialization

    public = made.public_bytes(serialization.Encoding.PEM).decode()
    return {"private_key": text, "public_certificate": public}


def _parsed(path: Path) -> tuple[str, x509.Certificate]:
    """Return a PEM file's private key and certificate. Raises ConfigurationError where it lacks one."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    try:
        content = read_private(path)
        key = serialization.load_pem_private_key(_block(content, b"PRIVATE KEY-----"), None)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem.decode(), x509.load_pem_x509_certificate(content)
    except FileNotFoundError:
        text = "there is no such file: name the PEM file with certificate and private key."
    except (ValueError, TypeError):
        text = "is no PEM file with a certificate and its private key: put both into one file (docs/microsoft.md)."
    raise ConfigurationError([Problem(str(path), "", text)])


def _block(content: bytes, name: bytes) -> bytes:
    """Return the part of a PEM file whose first line ends so: it may hold several."""
    for part in content.split(b"-----BEGIN ")[1:]:
        if part.partition(b"\n")[0].strip().endswith(name):
            return b"-----BEGIN " + part
    raise ValueError("no private key")


def _library() -> Any:  # noqa: ANN401  # msal has no types
    import msal  # type: ignore[import-untyped]

    # At DEBUG it writes down people's ids and Microsoft's own texts.
    logging.getLogger("msal").setLevel(logging.WARNING)
    return msal

"""Google's sign-in: consent with PKCE, refresh tokens, service accounts that act for people. Secrets are made up."""

from __future__ import annotations

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Json = dict[str, Any]

# What the client library writes into every assertion, whatever the address that it is sent to.
_AUDIENCE = "https://oauth2.googleapis.com/token"

CLIENT: Json = {
    "installed": {
        "client_id": "1234.apps.example.com",
        "client_secret": "made-up",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "redirect_uris": ["http://localhost"],
    }
}


@dataclass(slots=True)
class Grant:
    """What one consent gave."""

    account: str
    scopes: frozenset[str]


@dataclass(slots=True)
class SignIn:
    """The sign-in's state. `refused` is an OAuth error code that the token endpoint answers with; "" for none.

    `consents` says which scopes the person behind an account ticks (None: all that are asked for), `picks` which
    account they choose instead of the one that was asked for.
    """

    clock: Callable[[], datetime]
    address: str = ""
    refused: str = ""
    lifetime: int = 3600
    consents: dict[str, frozenset[str] | None] = field(default_factory=dict)
    picks: dict[str, str] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    access_tokens: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, tuple[Grant, str, str]] = field(default_factory=dict)
    delegated: frozenset[str] = frozenset()
    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)
    renewals: int = 0
    _count: int = 0

    def grant(self, account: str, scopes: frozenset[str]) -> str:
        """Return a refresh token, as if the person had consented."""
        token = self._name("refresh")
        self.refresh_tokens[token] = Grant(account.lower(), scopes)
        return token

    def revoke(self, account: str) -> None:
        """Take back what a person granted."""
        for tokens in (self.refresh_tokens, self.access_tokens):
            for name in [name for name, grant in tokens.items() if grant.account == account.lower()]:
                del tokens[name]

    def expire_access_tokens(self) -> None:
        """Make every access token that was given so far worthless; refresh tokens stay."""
        self.access_tokens.clear()

    def service_account(self) -> Json:
        """Return the key file of a new service account (its client id is 42)."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        email = f"worker-{len(self.keys)}@project.iam.example.com"
        self.keys[email] = private.public_key()
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "client_id": "42",
            "client_email": email,
            "private_key_id": "1",
            "private_key": pem.decode(),
            "token_uri": "https://oauth2.googleapis.com/token",
        }

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{hashlib.sha256(f'{kind}{self._count}'.encode()).hexdigest()[:20]}"

    # --------------------------------------------------------------------------------------------------- endpoints

    def consent(self, query: Mapping[str, str]) -> str:
        """Return where the browser is sent after the person has agreed, or has not."""
        asked = frozenset(query["scope"].split())
        account = query.get("login_hint", "").lower()
        account = self.picks.get(account, account)
        ticked = self.consents.get(account, None)
        back = {"state": query["state"]}
        if ticked == frozenset():
            return f"{query['redirect_uri']}?{urlencode({**back, 'error': 'access_denied'})}"
        code = self._name("code")
        scopes = asked if ticked is None else asked & (ticked | {"openid", "email"})
        self.codes[code] = (Grant(account, scopes), query.get("code_challenge", ""), query["redirect_uri"])
        return f"{query['redirect_uri']}?{urlencode({**back, 'code': code, 'scope': ' '.join(sorted(scopes))})}"

    def token(self, body: bytes) -> tuple[int, Json]:
        """Answer the token endpoint (RFC 6749 5, RFC 7523)."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.refused:
            return 400, {"error": self.refused, "error_description": "Refused."}
        kind = form.get("grant_type", "")
        if kind == "refresh_token":
            return self._refreshed(form)
        if kind == "authorization_code":
            return self._exchanged(form)
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._asserted(form)
        return 400, {"error": "unsupported_grant_type"}

    def _refreshed(self, form: Mapping[str, str]) -> tuple[int, Json]:
        grant = self.refresh_tokens.get(form.get("refresh_token", ""))
        if grant is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        self.renewals += 1
        return 200, self._access(grant)

    def _exchanged(self, form: Mapping[str, str]) -> tuple[int, Json]:
        grant, challenge, redirect = self.codes.pop(form.get("code", ""), (None, "", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant is None or redirect != form.get("redirect_uri") or _unpadded(digest) != challenge:
            return 400, {"error": "invalid_grant", "error_description": "Bad Request"}
        refresh = self.grant(grant.account, grant.scopes)
        claims = _unpadded(orjson.dumps({"email": grant.account, "email_verified": True}))
        return 200, {**self._access(grant), "refresh_token": refresh, "id_token": f"e30.{claims}.c2ln"}

    def _asserted(self, form: Mapping[str, str]) -> tuple[int, Json]:
        head, claims, signature = (form.get("assertion", "") + "..").split(".")[:3]
        try:
            said = orjson.loads(_padded(claims))
            key = self.keys[said["iss"]]
            key.verify(_padded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except (orjson.JSONDecodeError, KeyError, InvalidSignature, binascii.Error):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if said["aud"] not in (self.address, _AUDIENCE):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT: Failed audience check."}
        scopes = frozenset(said["scope"].split())
        if not scopes <= self.delegated:
            return 401, {"error": "unauthorized_client", "error_description": "Client is unauthorized."}
        return 200, self._access(Grant(said["sub"].lower(), scopes))

    def _access(self, grant: Grant) -> Json:
        token = self._name("access")
        self.access_tokens[token] = grant
        scope = " ".join(sorted(grant.scopes))
        return {"access_token": token, "expires_in": self.lifetime, "scope": scope, "token_type": "Bearer"}


def _unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _padded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

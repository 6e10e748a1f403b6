"""Who may do what: people's consents, apps with their own permissions, and the tokens that were given for them.

What the endpoints answer is in tokens.py. All secrets are made up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from worker.fakes.microsoft.certificates import certificate_pem, key_pem, make_certificate

TENANT = "7a1f0c52-5b1e-4c6f-9d38-2f0a4e6b9c11"
CLIENT_ID = "2d4c8f10-93aa-4f0e-8f55-6c1be0a7d421"
GRAPH = "https://graph.microsoft.com/"
# Scopes of OpenID Connect: about the sign-in itself, not about Graph.
OPENID = frozenset({"openid", "profile", "email", "offline_access"})
_IDLE = timedelta(days=90)


@dataclass(slots=True)
class Grant:
    """What one consent gave, or what an app may do by itself (`account` is "" then)."""

    account: str
    scopes: frozenset[str]
    client: str = CLIENT_ID
    used: datetime | None = None


@dataclass(slots=True)
class App:
    """An app with permissions of its own.

    `roles` are its application permissions, each with the mailboxes that it reaches (None: all of the organisation),
    as RBAC for Applications scopes them.
    """

    client: str
    roles: dict[str, frozenset[str] | None]
    secret: str = ""
    secret_until: datetime | None = None
    certificates: dict[str, tuple[rsa.RSAPublicKey, x509.Certificate]] = field(default_factory=dict)


@dataclass(slots=True)
class Device:
    """A device flow that waits for a person."""

    user_code: str
    scopes: frozenset[str]
    client: str
    until: datetime
    grant: Grant | None = None
    declined: bool = False


@dataclass(slots=True)
class Code:
    """An authorisation code that waits to be redeemed."""

    grant: Grant
    challenge: str
    redirect: str
    nonce: str


@dataclass(slots=True)
class SignIn:
    """The sign-in's state.

    `refused` maps an account or a client id ("*": everybody) to the AADSTS code that the token endpoint answers with
    (refusals.DENIALS lists them: 50173 revoked, 53003 conditional access, 50076 second factor, 50057 disabled,
    7000215 wrong secret). `consents` says which scopes a person agrees to (missing: whatever is asked; an empty set:
    they decline), `picks` which account they choose instead of the one that was asked for ("" where none was).
    `needs_admin` are scopes that a person cannot consent to. `lifetime` is that of an access token in seconds,
    `device_interval` how often the device flow asks for polls.
    """

    clock: Callable[[], datetime]
    authority: str = ""
    lifetime: int = 3600
    device_interval: int = 5
    refused: dict[str, int] = field(default_factory=dict)
    consents: dict[str, frozenset[str]] = field(default_factory=dict)
    picks: dict[str, str] = field(default_factory=dict)
    needs_admin: frozenset[str] = frozenset({"User.Read.All", "Directory.Read.All"})
    public_clients: set[str] = field(default_factory=lambda: {CLIENT_ID})
    apps: dict[str, App] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    access_tokens: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    codes: dict[str, Code | None] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    renewals: int = 0
    _count: int = 0

    # ------------------------------------------------------------------------------------------------ what people do

    def grant(self, account: str, scopes: Collection[str], client: str = CLIENT_ID) -> str:
        """Return a refresh token, as if the person had consented to these scopes ("Calendars.ReadWrite")."""
        return self.remember(Grant(account.lower(), frozenset(map(short, scopes)), client))

    def access_token(self, account: str, scopes: Collection[str]) -> str:
        """Return an access token, as if the person had consented and a client had redeemed it."""
        return self.open(Grant(account.lower(), frozenset(map(short, scopes))))

    def revoke(self, account: str) -> None:
        """Take back what a person granted: renewing is 50173 from now on, and the access tokens are worthless."""
        self.refused[account.lower()] = 50173
        self.access_tokens = {
            name: entry for name, entry in self.access_tokens.items() if entry[0].account != account.lower()
        }

    def expire_access_tokens(self) -> None:
        """Make every access token that was given so far worthless; refresh tokens stay."""
        self.access_tokens.clear()

    def add_app(
        self, roles: Collection[str] | Mapping[str, Collection[str] | None], secret: str = "", client: str = ""
    ) -> App:
        """Register an app with permissions of its own ("Mail.Send"), each for all mailboxes or for those given."""
        reach = roles if isinstance(roles, Mapping) else dict.fromkeys(roles)
        lowered = {
            role: None if boxes is None else frozenset(box.lower() for box in boxes) for role, boxes in reach.items()
        }
        app = App(client or self.guid(f"app{len(self.apps)}"), lowered, secret)
        self.apps[app.client] = app
        return app

    def add_certificate(self, app: App, days: int = 365) -> tuple[bytes, bytes]:
        """Register a new certificate with an app; returns private key and certificate as PEM."""
        key, made = make_certificate("followthrough", self.clock() - timedelta(days=1), days + 1)
        for algorithm in (hashes.SHA256(), hashes.SHA1()):  # noqa: S303  # what x5t is made of (RFC 7515 4.1.7)
            app.certificates[made.fingerprint(algorithm).hex()] = (key.public_key(), made)
        return key_pem(key), certificate_pem(made)

    def approve(self, user_code: str, account: str) -> None:
        """Let a person enter a device code and agree."""
        device = self.devices[user_code]
        device.grant = Grant(account.lower(), self.agreed(account.lower(), device.scopes), device.client)

    def decline(self, user_code: str) -> None:
        """Let a person enter a device code and decline."""
        self.devices[user_code].declined = True

    # -------------------------------------------------------------------------------------------- what the server asks

    def holder(self, token: str) -> Grant | None:
        """Return whose access token this is, None for one that is unknown or over."""
        grant, until = self.access_tokens.get(token, (None, self.clock()))
        return grant if self.clock() < until else None

    def agreed(self, account: str, asked: frozenset[str]) -> frozenset[str]:
        """Return what a person agrees to of what is asked."""
        return asked & self.consents.get(account, asked)

    def remember(self, grant: Grant) -> str:
        """Return a refresh token."""
        token = self.name("refresh")
        grant.used = self.clock()
        self.refresh_tokens[token] = grant
        return token

    def idle(self, grant: Grant) -> bool:
        """Whether a refresh token was not used for so long that it is over."""
        return grant.used is not None and self.clock() - grant.used >= _IDLE

    def open(self, grant: Grant) -> str:
        """Return an access token."""
        token = self.name("access")
        self.access_tokens[token] = (grant, self.clock() + timedelta(seconds=self.lifetime))
        return token

    def name(self, kind: str) -> str:
        """Return a new secret."""
        self._count += 1
        return f"{kind}-{hashlib.sha256(f'{kind}{self._count}'.encode()).hexdigest()[:20]}"

    @staticmethod
    def guid(text: str) -> str:
        """Return the object id that stands for an account or an app."""
        digest = hashlib.sha256(text.lower().encode()).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def short(scope: str) -> str:
    """Return a scope without the address of the API that it is for."""
    return scope.rpartition("/")[2] if "://" in scope else scope

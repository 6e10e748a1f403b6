"""The endpoints of Microsoft's sign-in: OpenID configuration, consent, tokens, device codes."""

from __future__ import annotations

import binascii
import hashlib
import html
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from worker.fakes.microsoft.directory import Directory
from worker.fakes.microsoft.refusals import DeniedError, RefusalError
from worker.fakes.microsoft.sign_in import GRAPH, OPENID, TENANT, App, Code, Device, Grant, SignIn, short
from worker.fakes.server import Reply, Request

Json = dict[str, Any]

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
# What a library looks at in an id token by the machine's clock, which the fake does not know.
_NEVER_OVER = 4_000_000_000
_TENANTS = frozenset({TENANT, "organizations", "common"})


class TokenApi:
    """Answers what msal asks of an authority. `url` is the server's address."""

    def __init__(self, sign_in: SignIn, directory: Directory) -> None:
        self.sign_in = sign_in
        self.directory = directory
        self.url = ""

    def name_of(self, http: str, path: str) -> str:
        """Return the name of an endpoint, "" where the path is none."""
        parts = path.strip("/").split("/", 1)
        return _NAMES.get((http, parts[1]), "") if len(parts) == 2 else ""

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        now = self.sign_in.clock()
        tenant = request.path.strip("/").partition("/")[0]
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        try:
            if tenant not in _TENANTS:
                raise DeniedError(90002)
            if request.name == "authorize":
                return self._authorize(query)
            value = {
                "discovery": lambda: self._configuration(tenant),
                "instance": lambda: self._instance(tenant),
                "devicecode": lambda: self._device_code(form),
                "token": lambda: self._token(form, request.path),
            }[request.name]()
        except DeniedError as denied:
            if request.name == "authorize":
                page = f"<html><body>Sorry, but we're having trouble signing you in. {html.escape(denied.text)}"
                return Reply(400, page.encode(), kind="text/html")
            return Reply(denied.denial.status, orjson.dumps(denied.body(now)))
        return Reply(200, orjson.dumps(value))

    # ----------------------------------------------------------------------------------------------------- discovery

    def _configuration(self, tenant: str) -> Json:
        base = f"{self.url}{tenant}"
        return {
            "issuer": f"{self.url}{TENANT}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": sorted(OPENID),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["pairwise"],
        }

    def _instance(self, tenant: str) -> Json:
        host = urlsplit(self.url).netloc
        return {
            "tenant_discovery_endpoint": f"{self.url}{tenant}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }

    # ------------------------------------------------------------------------------------------------------- consent

    def _authorize(self, query: Mapping[str, str]) -> Reply:
        """Send the browser back after the person has agreed, or has not (RFC 6749 4.1, RFC 7636)."""
        self._public(query.get("client_id", ""))
        redirect = urlsplit(query.get("redirect_uri", ""))
        # For http://localhost any port will do (RFC 8252 7.3); 127.0.0.1 is another address to Microsoft.
        if (redirect.scheme, redirect.hostname) != ("http", "localhost"):
            raise DeniedError(50011)
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            raise DeniedError(900144)
        back = {"state": query.get("state", "")}
        try:
            back["code"] = self._consented(query)
        except DeniedError as denied:
            if denied.code not in (65004, 90094):
                raise
            back |= {"error": denied.denial.error, "error_description": denied.text}
        if query.get("response_mode", "query") == "form_post":
            return Reply(200, _form(query["redirect_uri"], back), kind="text/html")
        return Reply(302, headers={"Location": f"{query['redirect_uri']}?{urlencode(back)}"})

    def _consented(self, query: Mapping[str, str]) -> str:
        asked = self._scopes(query.get("scope", ""))
        hint = query.get("login_hint", "").lower()
        account = self.sign_in.picks.get(hint, hint).lower()
        if not account:
            raise DeniedError(50034)
        account = self._known(account)[0]
        agreed = self.sign_in.agreed(account, asked)
        if not agreed:
            raise DeniedError(65004)
        if agreed & self.sign_in.needs_admin:
            raise DeniedError(90094)
        code = self.sign_in.name("code")
        grant = Grant(account, agreed, query["client_id"])
        self.sign_in.codes[code] = Code(
            grant, query.get("code_challenge", ""), query["redirect_uri"], query.get("nonce", "")
        )
        return code

    def _device_code(self, form: Mapping[str, str]) -> Json:
        self._public(form.get("client_id", ""))
        code = self.sign_in.name("device")
        user_code = code[-9:].upper()
        until = self.sign_in.clock() + timedelta(seconds=900)
        scopes = self._scopes(form.get("scope", ""))
        self.sign_in.devices[user_code] = self.sign_in.devices[code] = Device(
            user_code, scopes, form["client_id"], until
        )
        page = "https://microsoft.com/devicelogin"
        return {
            "user_code": user_code,
            "device_code": code,
            "verification_uri": page,
            "expires_in": 900,
            "interval": self.sign_in.device_interval,
            "message": f"To sign in, use a web browser to open the page {page} and enter the code {user_code}.",
        }

    # --------------------------------------------------------------------------------------------------------- tokens

    def _token(self, form: Mapping[str, str], path: str) -> Json:
        kind = form.get("grant_type", "")
        answers: Mapping[str, Callable[[Mapping[str, str]], Json]] = {
            "refresh_token": self._refreshed,
            "authorization_code": self._exchanged,
            _DEVICE: self._of_device,
            "client_credentials": lambda form: self._of_app(form, path),
        }
        self._refuse("*", form.get("client_id", ""))
        if kind not in answers:
            raise DeniedError(70003)
        return answers[kind](form)

    def _refreshed(self, form: Mapping[str, str]) -> Json:
        self._public(form.get("client_id", ""))
        grant = self.sign_in.refresh_tokens.get(form.get("refresh_token", ""))
        if grant is None or grant.client != form["client_id"]:
            raise DeniedError(70000)
        self._refuse(grant.account)
        if self.sign_in.idle(grant):
            raise DeniedError(700082)
        if not self._scopes(form.get("scope", "")) - {".default"} <= grant.scopes:
            raise DeniedError(65001)
        self.sign_in.renewals += 1
        return self._person(grant, form)

    def _exchanged(self, form: Mapping[str, str]) -> Json:
        self._public(form.get("client_id", ""))
        name = form.get("code", "")
        if name not in self.sign_in.codes:
            raise DeniedError(70008)
        code = self.sign_in.codes[name]
        if code is None:
            raise DeniedError(54005)
        # A code is worth one try, whether the try is right or not.
        self.sign_in.codes[name] = None
        if code.redirect != form.get("redirect_uri") or code.grant.client != form["client_id"]:
            raise DeniedError(50011)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if _unpadded(digest) != code.challenge:
            raise DeniedError(501481)
        self._refuse(code.grant.account)
        return self._person(code.grant, form, code.nonce)

    def _of_device(self, form: Mapping[str, str]) -> Json:
        self._public(form.get("client_id", ""))
        device = self.sign_in.devices.get(form.get("device_code", ""))
        if device is None or device.client != form["client_id"]:
            raise DeniedError(70018)
        if device.declined:
            raise DeniedError(0)
        if self.sign_in.clock() >= device.until:
            raise DeniedError(70020)
        if device.grant is None:
            raise DeniedError(70016)
        self._refuse(device.grant.account)
        for name in (device.user_code, form["device_code"]):
            del self.sign_in.devices[name]
        return self._person(device.grant, form)

    def _person(self, grant: Grant, form: Mapping[str, str], nonce: str = "") -> Json:
        written = form.get("scope", "").split()
        asked = {short(scope) for scope in written}
        # The answer names a scope as it was asked for, and whatever else was consented to by its full address.
        rest = [f"{GRAPH}{scope}" for scope in sorted(grant.scopes - asked - OPENID)]
        given = (grant.scopes | OPENID) - {"offline_access"}
        answer = {
            "token_type": "Bearer",
            "scope": " ".join([*(scope for scope in written if short(scope) in given), *rest]),
            "expires_in": self.sign_in.lifetime,
            "ext_expires_in": self.sign_in.lifetime,
            "access_token": self.sign_in.open(grant),
        }
        if form.get("grant_type") == "refresh_token" or "offline_access" in asked or not written:
            answer["refresh_token"] = self.sign_in.remember(Grant(grant.account, grant.scopes, grant.client))
        oid = self.sign_in.guid(grant.account)
        _, principal = self._known(grant.account)
        claims = {
            "aud": grant.client,
            "iss": f"{self.url}{TENANT}/v2.0",
            "iat": int(self.sign_in.clock().timestamp()),
            "exp": _NEVER_OVER,
            "name": grant.account.partition("@")[0].title(),
            "oid": oid,
            "preferred_username": principal,
            "sub": oid,
            "tid": TENANT,
            "ver": "2.0",
        }
        answer["id_token"] = f"e30.{_unpadded(orjson.dumps({**claims, 'nonce': nonce} if nonce else claims))}.c2ln"
        if form.get("client_info"):
            answer["client_info"] = _unpadded(orjson.dumps({"uid": oid, "utid": TENANT}))
        return answer

    def _of_app(self, form: Mapping[str, str], path: str) -> Json:
        app = self.sign_in.apps.get(form.get("client_id", ""))
        if app is None:
            raise DeniedError(700016)
        if form.get("client_assertion_type") == _ASSERTION:
            self._check_assertion(app, form.get("client_assertion", ""), f"{self.url.rstrip('/')}{path}")
        elif "client_secret" not in form:
            raise DeniedError(7000218)
        elif not app.secret or form["client_secret"] != app.secret:
            raise DeniedError(7000215)
        elif app.secret_until is not None and self.sign_in.clock() >= app.secret_until:
            raise DeniedError(7000222)
        if form.get("scope") not in (f"{GRAPH}.default", f"{self.url}.default"):
            raise DeniedError(1002012)
        token = self.sign_in.open(Grant("", frozenset(app.roles), app.client))
        lifetime = self.sign_in.lifetime
        return {
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }

    def _check_assertion(self, app: App, assertion: str, audience: str) -> None:
        """Check a signed assertion (RFC 7523 3); its times are by the machine's clock, which the fake does not know."""
        head, claims, signature = (f"{assertion}..").split(".")[:3]
        try:
            header, said = orjson.loads(_padded(head)), orjson.loads(_padded(claims))
            thumbprint = _padded(header.get("x5t#S256") or header["x5t"]).hex()
            key, certificate = app.certificates[thumbprint]
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if header["alg"] == "PS256" else padding.PKCS1v15()
            key.verify(_padded(signature), f"{head}.{claims}".encode(), scheme, hashes.SHA256())
            fits = (said["aud"], said["iss"], said["sub"]) == (audience, app.client, app.client)
            if not fits or not said["exp"] or not said["jti"]:
                raise DeniedError(700027)
        except (orjson.JSONDecodeError, KeyError, TypeError, InvalidSignature, binascii.Error):
            raise DeniedError(700027) from None
        if not certificate.not_valid_before_utc <= self.sign_in.clock() < certificate.not_valid_after_utc:
            raise DeniedError(1000502)

    # --------------------------------------------------------------------------------------------------------- checks

    def _public(self, client: str) -> None:
        if client in self.sign_in.apps and client not in self.sign_in.public_clients:
            raise DeniedError(7000218)
        if client not in self.sign_in.public_clients:
            raise DeniedError(700016)

    def _known(self, name: str) -> tuple[str, str]:
        """Return the address of somebody and the name that they sign in with, which may be another one."""
        try:
            person = self.directory.of(name)
        except RefusalError:
            return name, name
        return person.address, person.principal or person.address

    def _refuse(self, *names: str) -> None:
        for name in names:
            if name in self.sign_in.refused:
                raise DeniedError(self.sign_in.refused[name])

    def _scopes(self, text: str) -> frozenset[str]:
        """Return the Graph scopes of a request in their short form."""
        asked = text.split()
        for scope in asked:
            if "://" in scope and not scope.startswith((GRAPH, self.url)):
                raise DeniedError(70011)
        return frozenset(map(short, asked)) - OPENID


_NAMES = {
    ("GET", "v2.0/.well-known/openid-configuration"): "discovery",
    ("GET", "discovery/instance"): "instance",
    ("GET", "oauth2/v2.0/authorize"): "authorize",
    ("POST", "oauth2/v2.0/devicecode"): "devicecode",
    ("POST", "oauth2/v2.0/token"): "token",
}


def _form(address: str, values: Mapping[str, str]) -> bytes:
    """Return the page that posts itself back (OAuth 2.0 Form Post Response Mode)."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}"/>' for name, value in values.items()
    )
    page = f'<html><body onload="document.forms[0].submit()"><form method="POST" action="{html.escape(address)}">'
    return f"{page}{fields}</form></body></html>".encode()


def _unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _padded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

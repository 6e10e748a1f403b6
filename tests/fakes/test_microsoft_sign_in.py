"""The fake's sign-in takes and refuses what Microsoft's does, asked by Microsoft's own library."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msal  # type: ignore[import-untyped]
import pytest
import requests
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate
from msal.oauth2cli import JwtAssertionCreator  # type: ignore[import-untyped]

from tests.fakes.office import Office
from worker.fakes.microsoft import CLIENT_ID, TENANT, Fault

SCOPES = ["Calendars.ReadWrite", "Mail.Read"]
DEFAULT = "https://graph.microsoft.com/.default"


@pytest.fixture
def http(office: Office) -> Iterator[requests.Session]:
    """A session that trusts the fake's authority, whatever the environment says."""
    with requests.Session() as session:
        session.verify, session.trust_env = str(office.fake.ca_file), False
        yield session


Public = Callable[..., Any]


@pytest.fixture
def public(office: Office, http: requests.Session) -> Public:
    """Return a public client of msal, one without memory each time."""

    def make(authority: str = "") -> Any:
        where = authority or office.fake.authority
        return msal.PublicClientApplication(CLIENT_ID, authority=where, http_client=http, instance_discovery=False)

    return make


def browse(http: requests.Session, address: str) -> dict[str, str]:
    """Open a consent page and return what the browser brings back, by either way."""
    answer = http.get(address, allow_redirects=False, timeout=5)
    if answer.status_code == 302:
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}
    assert 'method="POST"' in answer.text, answer.text
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', answer.text)}


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_a_person_signs_in_by_browser(office: Office, public: Public, http: requests.Session, mode: str) -> None:
    """The code is redeemed once, with the verifier of its challenge; the tokens work and renew."""
    app = public()
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri="http://localhost:4711", login_hint=office.dana, response_mode="form_post"
    )
    back = browse(http, flow["auth_uri"].replace("form_post", mode))
    result = app.acquire_token_by_auth_code_flow(flow, back)
    assert result["id_token_claims"]["preferred_username"] == office.dana
    office.token = result["access_token"]
    assert office("GET", "me/events").status_code == 200
    again = app.acquire_token_by_auth_code_flow(flow, back)
    assert (again["error"], again["error_codes"]) == ("invalid_grant", [54005])
    (account,) = app.get_accounts()
    assert app.acquire_token_silent(SCOPES, account, force_refresh=True)["access_token"] != office.token
    assert office.fake.sign_in.renewals == 1


def test_a_code_is_bound_to_its_flow(office: Office, public: Public, http: requests.Session) -> None:
    """Another verifier, another address to come back to, and a code that never was, get nothing."""
    app = public()
    for name, value, code in (
        ("code_verifier", "x" * 43, 501481),
        ("redirect_uri", "http://localhost:1", 50011),
    ):
        flow = app.initiate_auth_code_flow(
            SCOPES, redirect_uri="http://localhost:4711", login_hint=office.dana, response_mode="form_post"
        )
        back = browse(http, flow["auth_uri"])
        assert app.acquire_token_by_auth_code_flow({**flow, name: value}, back)["error_codes"] == [code]
        other = app.acquire_token_by_auth_code_flow(flow, {**back, "code": "never"})
        assert other["error_codes"] == [70008]


def test_a_browser_is_not_sent_just_anywhere(office: Office, http: requests.Session) -> None:
    """Another address than localhost, another client or no challenge is a page, and no way back."""
    good = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": "http://localhost:4711",
        "scope": "Mail.Read",
        "code_challenge": "x",
        "code_challenge_method": "S256",
        "login_hint": office.dana,
    }
    address = f"{office.fake.authority}/oauth2/v2.0/authorize"
    assert http.get(address, params=good, allow_redirects=False, timeout=5).status_code == 302
    for name, value in (
        ("redirect_uri", "http://127.0.0.1:4711"),
        ("redirect_uri", "https://evil.example"),
        ("client_id", "other"),
        ("code_challenge_method", "plain"),
        ("login_hint", ""),
    ):
        answer = http.get(address, params={**good, name: value}, allow_redirects=False, timeout=5)
        assert answer.status_code == 400, name
        assert "AADSTS" in answer.text


def test_what_a_person_may_and_does_agree_to(office: Office, public: Public, http: requests.Session) -> None:
    """They can decline, agree to less, be another person than was asked for; some scopes need an administrator."""
    app = public()

    def sign_in(*scopes: str) -> dict[str, str]:
        flow = app.initiate_auth_code_flow(
            list(scopes), redirect_uri="http://localhost:4711", login_hint=office.dana, response_mode="form_post"
        )
        back = browse(http, flow["auth_uri"])
        found: dict[str, str] = app.acquire_token_by_auth_code_flow(flow, back)
        return found

    office.fake.sign_in.consents[office.dana] = frozenset()
    assert sign_in("Mail.Read")["error"] == "access_denied"
    office.fake.sign_in.consents[office.dana] = frozenset({"Mail.Read"})
    office.token = sign_in("Mail.Read", "Calendars.Read")["access_token"]
    assert office("GET", "me/messages").status_code == 200
    assert office.code(office("GET", "me/events")) == (403, "ErrorAccessDenied")
    del office.fake.sign_in.consents[office.dana]
    office.fake.sign_in.picks[office.dana] = office.alex
    office.token = sign_in("User.Read")["access_token"]
    assert office("GET", "me").json()["mail"] == office.alex
    assert "AADSTS90094" in sign_in("User.Read.All")["error_description"]


def test_a_device_code_waits_for_a_person(office: Office, public: Public, http: requests.Session) -> None:
    """Pending until somebody enters it, then tokens; declined, over, used or unknown it gives none."""
    form = {"client_id": CLIENT_ID, "scope": "Mail.Read offline_access openid"}
    sign_in = office.fake.sign_in

    def begin() -> dict[str, Any]:
        found: dict[str, Any] = http.post(
            f"{office.fake.authority}/oauth2/v2.0/devicecode", data=form, timeout=5
        ).json()
        return found

    def poll(code: str) -> dict[str, Any]:
        data = {
            "client_id": CLIENT_ID,
            "device_code": code,
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        }
        found: dict[str, Any] = http.post(f"{office.fake.authority}/oauth2/v2.0/token", data=data, timeout=5).json()
        return found

    begun = begin()
    assert begun["user_code"] in begun["message"]
    assert poll(begun["device_code"])["error"] == "authorization_pending"
    sign_in.approve(begun["user_code"], office.dana)
    assert poll(begun["device_code"])["refresh_token"]
    assert poll(begun["device_code"])["error"] == "bad_verification_code"
    begun = begin()
    sign_in.decline(begun["user_code"])
    assert poll(begun["device_code"])["error"] == "authorization_declined"
    begun = begin()
    office.turn(seconds=900)
    assert poll(begun["device_code"])["error"] == "expired_token"
    sign_in.device_interval = 0
    flow = public().initiate_device_flow(["Mail.Read"])
    sign_in.approve(flow["user_code"], office.dana)
    assert public().acquire_token_by_device_flow(flow)["access_token"]


def test_a_refresh_token_ends(office: Office, public: Public) -> None:
    """Revoked, blocked, unused for 90 days, of another client or never given: each with its own code."""
    sign_in, app = office.fake.sign_in, public()

    def renew(token: str, *scopes: str) -> dict[str, Any]:
        found: dict[str, Any] = public().acquire_token_by_refresh_token(token, list(scopes or SCOPES))
        return found

    token = sign_in.grant(office.dana, SCOPES)
    renewed = renew(token)
    assert renewed["refresh_token"] != token
    assert renew(token, "Mail.Send")["suberror"] == "consent_required"
    sign_in.refused[office.dana] = 53003
    assert (renew(token)["error"], renew(token)["error_codes"]) == ("interaction_required", [53003])
    del sign_in.refused[office.dana]
    office.token = renewed["access_token"]
    sign_in.revoke(office.dana)
    assert renew(token)["error_codes"] == [50173]
    assert office("GET", "me/events").status_code == 401
    office.turn(days=90)
    assert renew(sign_in.grant(office.alex, SCOPES))["access_token"]
    stale = sign_in.grant(office.alex, SCOPES)
    office.turn(days=90)
    assert renew(stale)["error_codes"] == [700082]
    assert renew("never")["error_codes"] == [70000]
    data = {"client_id": CLIENT_ID, "grant_type": "password", "username": office.dana, "password": "made-up"}
    address = f"{office.fake.authority}/oauth2/v2.0/token"
    other = office.session.post(address, data=data, timeout=5, verify=str(office.fake.ca_file)).json()
    assert other["error"] == "unsupported_grant_type"
    assert renew(sign_in.grant(office.alex, SCOPES), "https://elsewhere.example/Mail.Read")["error"] == "invalid_scope"
    data = {"client_id": sign_in.add_app({"Mail.Read"}).client, "grant_type": "refresh_token", "refresh_token": token}
    confidential = office.session.post(address, data=data, timeout=5, verify=str(office.fake.ca_file)).json()
    assert confidential["error_codes"] == [7000218]
    assert renew(sign_in.grant(office.alex, SCOPES, "other"))["error_codes"] == [70000]
    sign_in.refused["*"] = 50076
    assert app.acquire_token_by_refresh_token(token, SCOPES)["error"] == "interaction_required"


def test_a_person_may_sign_in_under_another_name(office: Office, public: Public, http: requests.Session) -> None:
    """The name of the sign-in need not be the address; what it reaches is what is the person's."""
    office.fake.add_person(office.dana, principal="D1234@corp.example")
    app = public()
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri="http://localhost:4711", login_hint="d1234@corp.example", response_mode="form_post"
    )
    result = app.acquire_token_by_auth_code_flow(flow, browse(http, flow["auth_uri"]))
    assert result["id_token_claims"]["preferred_username"] == "D1234@corp.example"
    office.token = result["access_token"]
    assert office("GET", "me/calendar").json()["owner"]["address"] == office.dana


def test_access_tokens_end(office: Office) -> None:
    """An access token is worth nothing after its hour, or once all were expired, or made up."""
    office.token = office.fake.sign_in.access_token(office.dana, {"Calendars.Read"})
    office.turn(seconds=3599)
    assert office("GET", "me/events").status_code == 200
    office.turn(seconds=1)
    refused = office("GET", "me/events")
    assert office.code(refused) == (401, "InvalidAuthenticationToken")
    assert "authorization_uri" in refused.headers["WWW-Authenticate"]
    office.token = office.fake.sign_in.access_token(office.dana, {"Calendars.Read"})
    office.fake.sign_in.expire_access_tokens()
    assert office("GET", "me/events").status_code == 401
    assert office("GET", "me/events", headers={"Authorization": "Basic x"}).status_code == 401


def confidential(office: Office, http: requests.Session, client: str, credential: Any) -> dict[str, Any]:
    """Return what an app is answered that signs in by itself."""
    app = msal.ConfidentialClientApplication(
        client,
        client_credential=credential,
        authority=office.fake.authority,
        http_client=http,
        instance_discovery=False,
    )
    found: dict[str, Any] = app.acquire_token_for_client([DEFAULT])
    return found


def test_an_app_signs_in_with_a_secret(office: Office, http: requests.Session) -> None:
    """The right secret gives a token; a wrong one, one that is over, and an unknown app do not."""
    app = office.fake.sign_in.add_app({"Mail.Read"}, secret="made-up")
    assert confidential(office, http, app.client, "made-up")["access_token"]
    assert confidential(office, http, app.client, "wrong")["error_codes"] == [7000215]
    app.secret_until = office.now + timedelta(days=1)
    office.turn(days=1)
    assert confidential(office, http, app.client, "made-up")["error_codes"] == [7000222]
    assert confidential(office, http, "other", "made-up")["error_codes"] == [700016]


def test_an_app_signs_in_with_a_certificate(office: Office, http: requests.Session) -> None:
    """A registered certificate gives a token; another key, another certificate, or one that is over does not."""
    app = office.fake.sign_in.add_app({"Mail.Read"})
    key, pem = office.fake.sign_in.add_certificate(app, days=30)
    credential = {"private_key": key.decode(), "public_certificate": pem.decode()}
    assert confidential(office, http, app.client, credential)["access_token"]
    other = office.fake.sign_in.add_app({"Mail.Read"})
    strange, unknown = office.fake.sign_in.add_certificate(other)
    for wrong in (
        {**credential, "private_key": strange.decode()},
        {"private_key": strange.decode(), "public_certificate": unknown.decode()},
    ):
        assert confidential(office, http, app.client, wrong)["error_codes"] == [700027]
    office.turn(days=30)
    assert confidential(office, http, app.client, credential)["error_codes"] == [1000502]


def test_an_assertion_is_for_this_authority_and_of_this_app(office: Office, http: requests.Session) -> None:
    """A signature is not enough: the assertion must name the endpoint that it is sent to and the app that sends it."""
    app = office.fake.sign_in.add_app({"Mail.Read"})
    key, pem = office.fake.sign_in.add_certificate(app)
    thumbprint = load_pem_x509_certificate(pem).fingerprint(SHA256()).hex()
    creator = JwtAssertionCreator(key.decode(), algorithm="PS256", sha256_thumbprint=thumbprint)
    address = f"{office.fake.authority}/oauth2/v2.0/token"

    def ask(audience: str, issuer: str) -> dict[str, Any]:
        assertion = creator.create_normal_assertion(audience=audience, issuer=issuer)
        data = {
            "client_id": app.client,
            "client_assertion": assertion,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "grant_type": "client_credentials",
            "scope": DEFAULT,
        }
        found: dict[str, Any] = http.post(address, data=data, timeout=5).json()
        return found

    assert ask(address, app.client)["access_token"]
    assert ask("https://elsewhere.example/token", app.client)["error_codes"] == [700027]
    assert ask(address, "other")["error_codes"] == [700027]


def test_an_app_reaches_the_mailboxes_of_its_roles(office: Office) -> None:
    """Each role reaches all mailboxes or those it was scoped to; there is no /me, and no role no access."""
    reach = {"Mail.Read": {office.dana}, "Calendars.Read": None}
    app = office.fake.sign_in.add_app(reach, secret="made-up")
    data = {"client_id": app.client, "client_secret": "made-up", "grant_type": "client_credentials", "scope": DEFAULT}
    address = f"{office.fake.authority}/oauth2/v2.0/token"
    verify = str(office.fake.ca_file)
    office.token = office.session.post(address, data=data, timeout=5, verify=verify).json()["access_token"]
    assert office("GET", "users/dana@example.com/messages").status_code == 200
    assert office("GET", "users/alex@example.com/events").status_code == 200
    refused = office("GET", "users/alex@example.com/messages")
    assert office.code(refused) == (403, "ErrorAccessDenied")
    assert "Access to OData is disabled" in refused.json()["error"]["message"]
    assert office.code(office("GET", "users/dana@example.com")) == (403, "Authorization_RequestDenied")
    assert office("GET", "me/messages").status_code == 400
    assert office.code(office("GET", "users/nobody@example.com/messages")) == (404, "ErrorInvalidUser")
    office.fake.add_person("plain@example.com")
    assert office.code(office("GET", "users/plain@example.com/events")) == (404, "MailboxNotEnabledForRESTAPI")
    office.fake.sign_in.apps[app.client].roles["Mail.Read"] = None
    assert office.code(office("GET", "users/plain@example.com/messages")) == (404, "MailboxNotEnabledForRESTAPI")
    wrong = office.session.post(address, data={**data, "scope": "Mail.Read"}, timeout=5, verify=verify).json()
    assert wrong["error_codes"] == [1002012]
    public = office.session.post(address, data={**data, "client_secret": ""}, timeout=5, verify=verify).json()
    assert public["error_codes"] == [7000218]


def test_the_authority_is_found_and_a_wrong_one_is_not(office: Office, public: Public) -> None:
    """The tenant's configuration is where msal looks for it; another tenant has none."""
    assert public().authority.tenant == TENANT
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        public(f"{office.fake.url}elsewhere")


def test_nobody_trusts_the_fake_by_accident(office: Office, http: requests.Session) -> None:
    """Its certificate is vouched for by an authority of this run alone, and plain HTTP is no answer."""
    http.verify = True
    with pytest.raises(requests.exceptions.SSLError):
        http.get(office.fake.url, timeout=5)
    with pytest.raises(requests.exceptions.ConnectionError):
        http.get(office.fake.url.replace("https", "http"), timeout=5)
    assert ssl.create_default_context(cafile=office.fake.ca_file).cert_store_stats()["x509_ca"] >= 1


def test_the_sign_in_has_bad_days_too(office: Office, http: requests.Session) -> None:
    """A fault strikes the token endpoint with a status, or with a code of its own."""
    token = office.fake.sign_in.grant(office.dana, SCOPES)
    data = {"client_id": CLIENT_ID, "grant_type": "refresh_token", "refresh_token": token, "scope": "Mail.Read"}

    def renew() -> requests.Response:
        return http.post(f"{office.fake.authority}/oauth2/v2.0/token", data=data, timeout=5)

    office.fake.faults.append(Fault("token", status=503, headers={"Retry-After": "7"}))
    answer = renew()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    office.fake.faults.append(Fault("token", reason="AADSTS50173"))
    answer = renew()
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    office.fake.faults.append(Fault("token", "html"))
    assert renew().headers["Content-Type"] == "text/html"
    assert renew().json()["access_token"]

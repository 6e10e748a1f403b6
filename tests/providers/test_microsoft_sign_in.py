"""Signing in to Microsoft, as a person and as an app, and the files in which it is kept."""

from __future__ import annotations

import html
import re
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import requests
from filelock import FileLock

from tests.providers.contract import OTHER, OWNER, WORKER, Appointment, at
from tests.providers.microsoft_world import CalendarWorld, Microsoft
from tests.providers.online_sign_in import OnlineSignInContract, TokenFileContract
from worker.errors import (
    AccountError,
    ConfigurationError,
    ForbiddenError,
    NeedsPersonError,
    SignInError,
    TryLaterError,
)
from worker.fakes.microsoft import CLIENT_ID, TENANT, Fault
from worker.providers.microsoft import (
    Consent,
    DeviceCode,
    MicrosoftSettings,
    calendar_scopes,
    mail_scopes,
    tokens,
)
from worker.providers.microsoft.credentials import AppCredential
from worker.providers.microsoft.settings import IDENTITY, missing_scopes
from worker.providers.microsoft.tokens import Token, load_token, save_token, token_path

CACHE = '{"RefreshToken": {"x": {"secret": "refresh-canary"}}}'
TOKEN = Token(OWNER, TENANT, CLIENT_ID, ("Calendars.Read",), CACHE, datetime(2026, 11, 1, tzinfo=UTC))


def private_file(path: Path, content: bytes) -> Path:
    """Write a file that nobody else may read."""
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def entropy(size: int) -> bytes:
    """Bytes that are different for each size, and the same each time."""
    return bytes(range(size))


def consent(at_microsoft: Microsoft, account: str = OWNER, *scopes: str) -> Consent:
    """Begin a sign-in as the command does."""
    asked = scopes or calendar_scopes(write=True)
    return Consent(at_microsoft.settings, account, asked, at_microsoft.door(), entropy)


def browse(at_microsoft: Microsoft, url: str) -> threading.Thread:
    """Let the person open the address in their browser and agree; the page posts what it has by itself."""

    def browser() -> None:
        page = requests.get(url, timeout=10, verify=str(at_microsoft.fake.ca_file)).text
        action = html.unescape(page.partition('action="')[2].partition('"')[0])
        fields = re.findall(r'name="([^"]*)" value="([^"]*)"', page)
        requests.post(action, {name: html.unescape(value) for name, value in fields}, timeout=10)

    # The test must not wait for what the browser shows in the end.
    thread = threading.Thread(target=browser, daemon=True)
    thread.start()
    return thread


class Person:
    """Somebody who signs in to Microsoft."""

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.vendor = at_microsoft

    def consent(self) -> Consent:
        """Begin a sign-in."""
        return consent(self.vendor)

    def browse(self, url: str) -> threading.Thread:
        """Open the address and agree."""
        return browse(self.vendor, url)

    def token(self) -> bytes:
        """Return the owner's token file."""
        return token_path(self.vendor.settings.token_folder, OWNER).read_bytes()

    def renewals(self) -> int:
        """Return how often an access token was given."""
        return self.vendor.fake.sign_in.renewals


@pytest.fixture
def person(at_microsoft: Microsoft) -> Person:
    """Somebody in front of their browser."""
    return Person(at_microsoft)


class TestMicrosoftSignIn(OnlineSignInContract):
    """The contract, kept by Microsoft's sign-in."""


class TestMicrosoftTokens(TokenFileContract):
    """The contract, kept by the files of Microsoft's sign-ins."""

    tokens: ClassVar = tokens
    one: ClassVar = TOKEN
    cases: ClassVar = {"content": (*TokenFileContract.cases["content"], b'{"msal": {}}')}

    def same(self, token: Token) -> bool:
        """Whether this is the token that was saved, whose cache is JSON."""
        return token == replace(TOKEN, cache=token.cache) and orjson.loads(token.cache) == orjson.loads(CACHE)


# ------------------------------------------------------------------------------------------------------------ consent


def test_a_person_signs_in(at_microsoft: Microsoft) -> None:
    """After the consent a token file is there with which the calendar is read at once, without signing in again."""
    token_path(at_microsoft.settings.token_folder, OWNER).unlink()
    with consent(at_microsoft) as asked:
        person = browse(at_microsoft, asked.url)
        token = asked.wait(20)
        person.join()
    assert (token.account, set(token.scopes)) == (OWNER, {"Calendars.ReadWrite", IDENTITY})
    assert load_token(at_microsoft.settings.token_folder, OWNER).scopes == token.scopes
    CalendarWorld(at_microsoft).put(Appointment("single", at(3, 10)))
    assert len(at_microsoft.calendar().read(at(1, 0), at(31, 0)).events) == 1
    assert at_microsoft.fake.sign_in.renewals == 0


def test_the_consent_asks_for_what_is_needed_and_no_more(at_microsoft: Microsoft) -> None:
    """The address asks for the permissions given and a lasting sign-in, with PKCE, a state and a nonce."""
    with consent(at_microsoft, OWNER, "Calendars.Read") as asked:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}
        graph = "https://graph.microsoft.com/"
        assert set(query["scope"].split()) == {
            "openid",
            "profile",
            "offline_access",
            f"{graph}Calendars.Read",
            f"{graph}User.Read",
        }
        assert (query["code_challenge_method"], query["login_hint"]) == ("S256", OWNER)
        assert query["redirect_uri"] == f"http://localhost:{asked.port}"
        assert len(query["state"]) >= 32
        assert query["nonce"]


def test_the_port_is_a_setting(at_microsoft: Microsoft) -> None:
    """With a port of one's own the way back works over an SSH port forward; a port that is taken says so."""
    with consent(at_microsoft) as free:
        at_microsoft.settings = replace(at_microsoft.settings, redirect_port=free.port)
        with pytest.raises(NeedsPersonError, match=str(free.port)):
            consent(at_microsoft)
    with consent(at_microsoft) as asked:
        assert asked.port == free.port


def test_an_answer_with_another_state_is_not_taken(at_microsoft: Microsoft) -> None:
    """A page that a stranger opens in the person's browser cannot slip in a code of theirs."""
    with consent(at_microsoft) as asked:
        address, stolen = f"http://localhost:{asked.port}/", {"code": "stolen", "state": "guessed"}
        waiting = threading.Thread(target=lambda: requests.post(address, stolen, timeout=10), daemon=True)
        waiting.start()
        person = threading.Timer(0.3, lambda: browse(at_microsoft, asked.url))
        person.start()
        assert asked.wait(20).account == OWNER
        person.join()


@pytest.mark.parametrize(
    ("agreed", "picks", "words"),
    [
        (frozenset(), OWNER, "consent was not given"),
        (frozenset({IDENTITY}), OWNER, r"Calendars\.ReadWrite is missing"),
        (None, OTHER, f"that of {OTHER}"),
    ],
)
def test_half_a_consent_is_none(at_microsoft: Microsoft, agreed: frozenset[str] | None, picks: str, words: str) -> None:
    """Refused, given in part or given by another account: nothing is stored, and the text says what to do."""
    if agreed is not None:
        at_microsoft.fake.sign_in.consents[OWNER] = agreed
    at_microsoft.fake.sign_in.picks[OWNER] = picks
    before = token_path(at_microsoft.settings.token_folder, OWNER).read_bytes()
    with consent(at_microsoft) as asked:
        person = browse(at_microsoft, asked.url)
        with pytest.raises(SignInError, match=words) as caught:
            asked.wait(20)
        person.join()
    assert f"login microsoft --account {OWNER}" in str(caught.value)
    assert token_path(at_microsoft.settings.token_folder, OWNER).read_bytes() == before


def test_a_person_who_signs_in_by_another_name_is_themselves(at_microsoft: Microsoft) -> None:
    """Where people sign in with another name than their address, the directory says whose sign-in it was."""
    at_microsoft.fake.add_calendar("dkim@corp.example.com")
    at_microsoft.fake.add_person("dkim@corp.example.com", aliases=(OWNER,))
    at_microsoft.fake.sign_in.picks[OWNER] = "dkim@corp.example.com"
    with consent(at_microsoft) as asked:
        person = browse(at_microsoft, asked.url)
        assert asked.wait(20).account == OWNER
        person.join()


def test_what_an_administrator_must_agree_to_is_told(at_microsoft: Microsoft) -> None:
    """Where an organisation lets people agree to nothing, the page on which an administrator agrees is named."""
    at_microsoft.fake.sign_in.needs_admin = frozenset({"Calendars.ReadWrite"})
    with consent(at_microsoft) as asked:
        person = browse(at_microsoft, asked.url)
        with pytest.raises(ForbiddenError, match="adminconsent"):
            asked.wait(20)
        person.join()


def test_an_unknown_organisation_is_told(at_microsoft: Microsoft) -> None:
    """A tenant that Microsoft does not know is named with what to correct, before any browser opens."""
    at_microsoft.settings = replace(at_microsoft.settings, tenant="nowhere.example")
    with pytest.raises(SignInError, match=r"nowhere\.example"):
        consent(at_microsoft)


# --------------------------------------------------------------------------------------------------------- device code


def device(at_microsoft: Microsoft) -> DeviceCode:
    """Begin a sign-in with a code."""
    return DeviceCode(at_microsoft.settings, OWNER, calendar_scopes(write=True), at_microsoft.door())


def test_a_person_signs_in_with_a_code(at_microsoft: Microsoft) -> None:
    """On a machine without a browser a code is shown; it is asked for as often as Microsoft says until entered."""
    token_path(at_microsoft.settings.token_folder, OWNER).unlink()
    asked = device(at_microsoft)
    assert asked.code in asked.message
    assert asked.page in asked.message
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        at_microsoft.clock.turn(seconds=seconds)
        if len(waits) == 3:
            at_microsoft.fake.sign_in.approve(asked.code, OWNER)

    # A fault that passes does not throw away the code that somebody is typing.
    at_microsoft.fake.faults += [Fault("token", status=503, skip=1), Fault("token", "drop", skip=1)]
    assert asked.wait(pause).account == OWNER
    assert waits == [5.0, 5.0, 5.0]
    assert at_microsoft.calendar().read(at(1, 0), at(31, 0)).complete


def test_a_code_that_is_declined_or_forgotten_ends(at_microsoft: Microsoft) -> None:
    """Declined, or not entered in time: nothing is stored, and the text says what to do."""
    asked = device(at_microsoft)
    at_microsoft.fake.sign_in.decline(asked.code)
    with pytest.raises(SignInError, match="not given"):
        asked.wait(lambda _: None)
    asked = device(at_microsoft)
    with pytest.raises(SignInError, match="in time"):
        asked.wait(lambda seconds: at_microsoft.clock.turn(seconds=60 * seconds))


# -------------------------------------------------------------------------------------------------------- token files


@pytest.mark.parametrize("cache", ["{}", "[]", '{"RefreshToken": []}', '{"Account": {"x": {}}}'])
def test_a_token_file_without_a_sign_in_asks_for_one(at_microsoft: Microsoft, cache: str) -> None:
    """A file that can be read and holds nothing to sign in with says so: nobody waits for it to heal."""
    token = load_token(at_microsoft.settings.token_folder, OWNER)
    save_token(at_microsoft.settings.token_folder, replace(token, cache=cache))
    with pytest.raises(SignInError, match=f"login microsoft --account {OWNER}"):
        at_microsoft.calendar().read(at(1, 0), at(2, 0))


def test_pitfall_30_two_renewals_do_not_cross(at_microsoft: Microsoft) -> None:
    """Pitfall 30: who renews a sign-in keeps the file to themselves: the next one finds what is new, asking nothing."""
    at_microsoft.calendar().read(at(1, 0), at(2, 0))
    first, second = at_microsoft.calendar(), at_microsoft.calendar()
    for calendar in (first, second):
        calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.sign_in.renewals == 1
    at_microsoft.fake.sign_in.expire_access_tokens()
    for calendar in (first, second):
        calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.sign_in.renewals == 2
    files = at_microsoft.settings.token_folder.iterdir()
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_pitfall_30_a_renewal_waits_for_another_process(at_microsoft: Microsoft) -> None:
    """Pitfall 30: while another process holds the file, nothing is asked for; afterwards it goes on."""
    path = token_path(at_microsoft.settings.token_folder, OWNER).with_suffix(".lock")
    lock = FileLock(path, mode=0o600)
    lock.acquire()
    done: list[bool] = []
    calendar = at_microsoft.calendar()
    thread = threading.Thread(target=lambda: done.append(calendar.read(at(1, 0), at(2, 0)).complete))
    thread.start()
    thread.join(0.3)
    assert (done, at_microsoft.fake.requests["token"]) == ([], 0)
    lock.release()
    thread.join(10)
    assert done == [True]


def test_pitfall_30_a_token_file_that_cannot_be_written_stops_its_account_alone(at_microsoft: Microsoft) -> None:
    """Pitfall 30: a full disk or a missing right is told with what to do, and heals by itself."""
    path = token_path(at_microsoft.settings.token_folder, OWNER).with_suffix(".lock")
    path.mkdir()
    calendar = at_microsoft.calendar()
    with pytest.raises(TryLaterError, match="cannot be written"):
        calendar.read(at(1, 0), at(2, 0))
    path.rmdir()
    assert calendar.read(at(1, 0), at(2, 0)).complete


def test_secrets_are_not_printed(at_microsoft: Microsoft) -> None:
    """Neither tokens nor credentials nor settings show a secret when they are printed, as in a traceback."""
    settings = replace(at_microsoft.settings, client_secret="secret-canary")
    calendar = at_microsoft.calendar()
    calendar.read(at(1, 0), at(2, 0))
    session = vars(calendar)["_session"]
    shown = f"{TOKEN!r} {settings!r} {calendar!r} {vars(calendar)!r} {vars(session)!r} {session.credential!r}"
    assert "canary" not in shown
    sign_in = at_microsoft.fake.sign_in
    assert not [one for one in (*sign_in.access_tokens, *sign_in.refresh_tokens) if one in shown]


# ------------------------------------------------------------------------------------------------------------- renewal


def test_an_expired_access_token_is_renewed_and_kept(at_microsoft: Microsoft) -> None:
    """A token that Graph does not take any more is renewed once, and the new one is in the file."""
    calendar = at_microsoft.calendar()
    calendar.read(at(1, 0), at(2, 0))
    at_microsoft.fake.sign_in.expire_access_tokens()
    calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.sign_in.renewals == 2
    token = load_token(at_microsoft.settings.token_folder, OWNER)
    assert [name for name in at_microsoft.fake.sign_in.access_tokens if name in token.cache]
    assert token.refreshed_at == at_microsoft.clock()


def test_an_access_token_is_renewed_before_it_runs_out(at_microsoft: Microsoft) -> None:
    """Nothing is sent with a token whose last minutes have come."""
    calendar = at_microsoft.calendar()
    calendar.read(at(1, 0), at(2, 0))
    at_microsoft.clock.turn(minutes=56)
    calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.sign_in.renewals == 2
    assert at_microsoft.fake.requests["calendarView.list"] == 2


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (50173, SignInError, "login microsoft --account dana@example.com"),
        (700082, SignInError, "AADSTS700082"),
        (50076, SignInError, "login microsoft"),
        (53003, SignInError, "AADSTS53003"),
        (16000, SignInError, "login microsoft"),
        (50057, SignInError, "disabled"),
        (65001, ForbiddenError, "administrator"),
        (700016, SignInError, "client_id"),
        (7000112, SignInError, "client_id"),
        (7000218, SignInError, "Allow public client flows"),
    ],
)
def test_pitfall_4_a_sign_in_that_ended_says_what_to_do(
    at_microsoft: Microsoft, code: int, kind: type[AccountError], words: str
) -> None:
    """Pitfall 4: each way in which a sign-in ends has its next step; it is asked for once, never in a loop."""
    at_microsoft.fake.sign_in.refused["*"] = code
    calendar = at_microsoft.calendar()
    for _ in range(3):
        with pytest.raises(AccountError, match=words) as caught:
            calendar.read(at(1, 0), at(2, 0))
        assert type(caught.value) is kind
        assert "Trace" not in str(caught.value)
    # msal remembers a plain refusal (400) for a minute; one of the app itself (401) is asked for once each time.
    assert at_microsoft.fake.requests["token"] == (3 if code == 7000218 else 1)


@pytest.mark.parametrize("method", ["token", "discovery"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("*", "drop"),
        Fault("*", "html"),
        Fault("*", "truncated"),
        Fault("*", "again"),
        Fault("*", "hang", seconds=0.3),
        Fault("*", "status", 500),
        Fault("*", "status", 503),
        Fault("*", "status", 429, headers={"Retry-After": "60"}),
    ],
    ids=lambda fault: f"{fault.what}{fault.status}",
)
def test_pitfall_30_a_broken_sign_in_endpoint_is_a_passing_fault(
    at_microsoft: Microsoft, method: str, fault: Fault
) -> None:
    """Pitfall 30: where the sign-in's server is broken nobody is asked to sign in: it is tried later, and heals."""
    at_microsoft.fake.faults.append(replace(fault, method=method))
    calendar = at_microsoft.calendar(read=0.15)
    with pytest.raises(TryLaterError) as caught:
        calendar.read(at(1, 0), at(2, 0))
    if fault.headers:
        assert caught.value.retry_at == at_microsoft.clock() + timedelta(seconds=60)
    assert at_microsoft.fake.requests[method] == 1
    assert calendar.read(at(1, 0), at(2, 0)).complete


def test_a_narrower_sign_in_is_noticed_by_the_running_worker(at_microsoft: Microsoft) -> None:
    """Where somebody signs in anew and grants less, the running worker says what is missing."""
    calendar = at_microsoft.calendar()
    calendar.read(at(1, 0), at(2, 0))
    at_microsoft.signs_in(OWNER, *calendar_scopes(write=False))
    at_microsoft.fake.sign_in.expire_access_tokens()
    with pytest.raises(SignInError, match=r"lacks Calendars\.ReadWrite"):
        calendar.read(at(1, 0), at(2, 0))


def test_pitfall_31_a_broader_permission_serves(at_microsoft: Microsoft) -> None:
    """Pitfall 31: the narrowest is asked for; what was granted broader is used as it was granted."""
    at_microsoft.signs_in(OWNER, "Calendars.ReadWrite")
    assert at_microsoft.calendar(writable=False).read(at(1, 0), at(2, 0)).complete
    assert missing_scopes(("Calendars.Read",), ("calendars.readwrite",)) == ()
    assert missing_scopes(("Calendars.ReadWrite",), ("Calendars.Read",)) == ("Calendars.ReadWrite",)


def test_what_msal_asks_for_by_itself_is_not_given_to_it(at_microsoft: Microsoft) -> None:
    """The scopes of the sign-in itself, which msal refuses to be given, may stand in a token file all the same."""
    at_microsoft.signs_in(OWNER, "Calendars.ReadWrite", "openid", "profile", "offline_access", "email")
    assert at_microsoft.calendar().read(at(1, 0), at(2, 0)).complete


def test_pitfall_31_the_narrowest_permissions() -> None:
    """Pitfall 31: one permission for a calendar, two for the mailbox, and none that nobody needs."""
    assert calendar_scopes(write=False) == ("Calendars.Read",)
    assert calendar_scopes(write=True) == ("Calendars.ReadWrite",)
    assert mail_scopes() == ("Mail.ReadWrite", "Mail.Send")
    assert mail_scopes(shared=True) == ("Mail.ReadWrite.Shared", "Mail.Send.Shared")


# ------------------------------------------------------------------------------------------------- the app by itself


def app_settings(at_microsoft: Microsoft, tmp_path: Path, *, days: int = 365) -> MicrosoftSettings:
    """Give the organisation an app that may open two calendars, signing in with a certificate."""
    app = at_microsoft.fake.sign_in.add_app({"Calendars.ReadWrite": [OWNER, OTHER]})
    key, certificate = at_microsoft.fake.sign_in.add_certificate(app, days)
    path = private_file(tmp_path / "app.pem", certificate + key)
    return replace(at_microsoft.settings, client_id=app.client, certificate_file=path)


def test_an_app_opens_everybodys_calendar_with_a_certificate(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """With one certificate the calendars of all managers are read, each as its owner's, with one sign-in for all."""
    settings = app_settings(at_microsoft, tmp_path)
    CalendarWorld(at_microsoft).put(Appointment("single", at(3, 10)))
    door = at_microsoft.door()
    for account in (OWNER, OTHER):
        calendar = at_microsoft.calendar(account=account, settings=settings, door=door)
        (event,) = calendar.read(at(1, 0), at(31, 0)).events
        assert event.editable == (account == OWNER)
    assert (at_microsoft.fake.requests["token"], at_microsoft.fake.requests["discovery"]) == (1, 1)


def test_an_app_signs_in_with_a_secret(at_microsoft: Microsoft) -> None:
    """A secret serves as well; a wrong one is told without being shown, and is not tried in a loop."""
    app = at_microsoft.fake.sign_in.add_app(["Calendars.Read"], secret="right")
    settings = replace(at_microsoft.settings, client_id=app.client, client_secret="right")
    assert at_microsoft.calendar(settings=settings, writable=False).read(at(1, 0), at(2, 0)).complete
    wrong = at_microsoft.calendar(settings=replace(settings, client_secret="canary"))
    with pytest.raises(SignInError, match="AADSTS7000215") as caught:
        wrong.read(at(1, 0), at(2, 0))
    assert "canary" not in str(caught.value)


def test_an_app_whose_token_is_over_signs_in_once_for_all(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """Where Graph takes the app's token no more, the first account to be refused renews it for the others too."""
    settings = app_settings(at_microsoft, tmp_path)
    door = at_microsoft.door()
    calendars = [at_microsoft.calendar(account=one, settings=settings, door=door) for one in (OWNER, OTHER)]
    for calendar in calendars:
        calendar.read(at(1, 0), at(2, 0))
    at_microsoft.fake.sign_in.expire_access_tokens()
    for calendar in calendars:
        calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.requests["token"] == 2
    at_microsoft.clock.turn(minutes=56)
    for calendar in calendars:
        calendar.read(at(1, 0), at(2, 0))
    assert at_microsoft.fake.requests["token"] == 3


def test_an_app_is_not_signed_in_again_for_what_somebody_else_renewed(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """Two accounts whose requests were refused at the same time renew the app's sign-in once between them."""
    settings, door = app_settings(at_microsoft, tmp_path), at_microsoft.door()
    first, second = (AppCredential(settings, account, door) for account in (OWNER, OTHER))
    refused = [one.headers(fresh=False) for one in (first, second)]
    renewed = [one.headers(fresh=True) for one in (first, second)]
    assert refused[0] == refused[1] != renewed[0] == renewed[1]
    assert at_microsoft.fake.requests["token"] == 2


def test_an_app_reaches_no_calendar_outside_its_scope(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """What the organisation did not open to the app stays shut, and the error says what an administrator does."""
    at_microsoft.fake.add_calendar(WORKER)
    settings = app_settings(at_microsoft, tmp_path)
    with pytest.raises(ForbiddenError, match=r"docs/microsoft\.md"):
        at_microsoft.calendar(account=WORKER, settings=settings).read(at(1, 0), at(2, 0))


@pytest.mark.parametrize(
    ("code", "words"),
    [(700027, "certificate"), (1000502, "certificate"), (700016, "client_id"), (65001, "adminconsent")],
)
def test_a_refused_app_says_what_to_do(at_microsoft: Microsoft, tmp_path: Path, code: int, words: str) -> None:
    """Each reason for which an app may not sign in has its next step."""
    settings = app_settings(at_microsoft, tmp_path)
    at_microsoft.fake.sign_in.refused[settings.client_id] = code
    with pytest.raises((SignInError, ForbiddenError), match=words):
        at_microsoft.calendar(settings=settings).read(at(1, 0), at(2, 0))


def test_an_app_needs_to_know_its_organisation(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """An app that signs in by itself does so in one organisation: without its id the configuration is wrong."""
    settings = replace(app_settings(at_microsoft, tmp_path), tenant="organizations")
    with pytest.raises(ConfigurationError, match=r"microsoft\.tenant"):
        at_microsoft.calendar(settings=settings).read(at(1, 0), at(2, 0))


@pytest.mark.parametrize("content", [b"", b"no pem", b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_certificate_is_a_configuration_error(
    at_microsoft: Microsoft, tmp_path: Path, content: bytes
) -> None:
    """A certificate file without certificate or key is named with what belongs in it; nothing of it is shown."""
    path = private_file(tmp_path / "wrong.pem", content)
    settings = replace(at_microsoft.settings, certificate_file=path)
    with pytest.raises(ConfigurationError, match="private key"):
        at_microsoft.calendar(settings=settings).read(at(1, 0), at(2, 0))
    path.chmod(0o644)
    with pytest.raises(NeedsPersonError, match="chmod 600"):
        at_microsoft.calendar(settings=settings).read(at(1, 0), at(2, 0))
    path.unlink()
    with pytest.raises(ConfigurationError, match="no such file"):
        at_microsoft.calendar(settings=settings).read(at(1, 0), at(2, 0))

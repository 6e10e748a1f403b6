"""Signing in to Google, the files in which it is kept, and what `check` finds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import requests

from tests.providers.contract import OTHER, OWNER, WORKER, Appointment, at
from tests.providers.google_world import CalendarWorld, Google
from tests.providers.online_sign_in import OnlineSignInContract, TokenFileContract
from worker.errors import (
    AccountError,
    ConfigurationError,
    ForbiddenError,
    NeedsPersonError,
    SignInError,
    TryLaterError,
)
from worker.fakes.google import CLIENT, Fault
from worker.providers.google import (
    Consent,
    GoogleDirectory,
    GoogleSettings,
    calendar_scopes,
    check_calendar,
    check_clock,
    check_mailbox,
    mail_scopes,
    tokens,
)
from worker.providers.google.settings import CALENDAR_READ, CALENDAR_WRITE, DIRECTORY, FREE_BUSY, MAIL_READ
from worker.providers.google.tokens import Token, load_token, save_token, token_path

TOKEN = Token(OWNER, "refresh-canary", "id", "secret-canary", ("s",), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def client_file(tmp_path: Path) -> Path:
    """The OAuth client as it is downloaded, for this user alone."""
    return private_file(tmp_path / "client.json", orjson.dumps(CLIENT))


def private_file(path: Path, content: bytes) -> Path:
    """Write a file that nobody else may read."""
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def entropy(size: int) -> bytes:
    """Bytes that are different for each size, and the same each time."""
    return bytes(range(size))


def consent(at_google: Google, client_file: Path, account: str = OWNER, *scopes: str) -> Consent:
    """Begin a sign-in as the command does."""
    settings = replace(at_google.settings, client_file=client_file)
    return Consent(settings, account, scopes or calendar_scopes(write=True), at_google.door(), entropy)


def browse(url: str) -> threading.Thread:
    """Let the person open the address in their browser and agree."""
    # A browser follows the redirect to this machine; the test must not wait for its page.
    thread = threading.Thread(target=lambda: requests.get(url, timeout=10), daemon=True)
    thread.start()
    return thread


class Person:
    """Somebody who signs in to Google."""

    def __init__(self, at_google: Google, client_file: Path) -> None:
        self.vendor = at_google
        self.client_file = client_file

    def consent(self) -> Consent:
        """Begin a sign-in."""
        return consent(self.vendor, self.client_file)

    def browse(self, url: str) -> threading.Thread:
        """Open the address and agree."""
        return browse(url)

    def token(self) -> bytes:
        """Return the owner's token file."""
        return token_path(self.vendor.settings.token_folder, OWNER).read_bytes()

    def renewals(self) -> int:
        """Return how often an access token was given."""
        return self.vendor.fake.sign_in.renewals


@pytest.fixture
def person(at_google: Google, client_file: Path) -> Person:
    """Somebody in front of their browser."""
    return Person(at_google, client_file)


class TestGoogleSignIn(OnlineSignInContract):
    """The contract, kept by Google's sign-in."""


class TestGoogleTokens(TokenFileContract):
    """The contract, kept by the files of Google's sign-ins."""

    tokens: ClassVar = tokens
    one: ClassVar = TOKEN
    cases: ClassVar = {"content": (*TokenFileContract.cases["content"], b'{"refresh_token": "x"}')}


# ------------------------------------------------------------------------------------------------------------ consent


def test_a_person_signs_in(at_google: Google, client_file: Path) -> None:
    """After the consent a token file is there with which the calendar is read at once."""
    token_path(at_google.settings.token_folder, OWNER).unlink()
    with consent(at_google, client_file) as asked:
        person = browse(asked.url)
        token = asked.wait(20)
        person.join()
    assert (token.account, set(token.scopes)) == (OWNER, {CALENDAR_WRITE, FREE_BUSY})
    assert load_token(at_google.settings.token_folder, OWNER) == token
    CalendarWorld(at_google).put(Appointment("single", at(3, 10)))
    assert len(at_google.calendar().read(at(1, 0), at(31, 0)).events) == 1
    assert at_google.fake.sign_in.renewals == 0


def test_the_consent_asks_for_what_is_needed_and_no_more(at_google: Google, client_file: Path) -> None:
    """The address asks for the scopes given, a lasting sign-in, PKCE and a state, and comes back to this machine."""
    with consent(at_google, client_file, OWNER, CALENDAR_READ) as asked:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}
        assert query["scope"].split() == ["openid", "email", CALENDAR_READ]
        assert (query["access_type"], query["prompt"], query["login_hint"]) == ("offline", "consent", OWNER)
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == f"http://127.0.0.1:{asked.port}"
        assert len(query["state"]) >= 32


def test_the_port_is_a_setting(at_google: Google, client_file: Path) -> None:
    """With a port of one's own the way back works over an SSH port forward; a port that is taken says so."""
    with consent(at_google, client_file) as free:
        settings = replace(at_google.settings, client_file=client_file, redirect_port=free.port)
        with pytest.raises(NeedsPersonError, match=str(free.port)):
            Consent(settings, OWNER, mail_scopes(), at_google.door(), entropy)
    with Consent(settings, OWNER, mail_scopes(), at_google.door(), entropy) as asked:
        assert asked.port == free.port


def test_an_answer_with_another_state_is_not_taken(at_google: Google, client_file: Path) -> None:
    """A page that a stranger opens in the person's browser cannot slip in a code of theirs."""
    with consent(at_google, client_file) as asked:
        waiting = threading.Thread(target=lambda: requests.get(
            f"http://127.0.0.1:{asked.port}/?code=stolen&state=guessed", timeout=10), daemon=True)  # fmt: skip
        waiting.start()
        person = threading.Timer(0.3, lambda: requests.get(asked.url, timeout=10))
        person.start()
        assert asked.wait(20).account == OWNER
        person.join()


@pytest.mark.parametrize(
    ("ticked", "picks", "words"),
    [
        (frozenset(), OWNER, "consent was not given"),
        (frozenset({FREE_BUSY}), OWNER, "not every box"),
        (None, OTHER, f"given by {OTHER}"),
    ],
)
def test_half_a_consent_is_none(
    at_google: Google, client_file: Path, ticked: frozenset[str] | None, picks: str, words: str
) -> None:
    """Refused, ticked in part or given by another account: nothing is stored, and the text says what to do."""
    at_google.fake.sign_in.consents[OWNER] = ticked
    at_google.fake.sign_in.picks[OWNER] = picks
    before = token_path(at_google.settings.token_folder, OWNER).read_bytes()
    with consent(at_google, client_file) as asked:
        person = browse(asked.url)
        with pytest.raises(SignInError, match=words):
            asked.wait(20)
        person.join()
    assert token_path(at_google.settings.token_folder, OWNER).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"[]", b'{"web": {"client_id": "x"}}', b'{"installed": {}}', b"\xff"])
def test_a_file_that_is_no_client_is_a_configuration_error(at_google: Google, tmp_path: Path, content: bytes) -> None:
    """A client of another type, or no client at all, is named with what to download."""
    path = private_file(tmp_path / "wrong.json", content)
    with pytest.raises(ConfigurationError, match="Desktop app"):
        consent(at_google, path)
    with pytest.raises(ConfigurationError, match="no such file"):
        consent(at_google, tmp_path / "missing.json")


# -------------------------------------------------------------------------------------------------------- token files


def test_a_failed_save_keeps_the_old_token(tmp_path: Path) -> None:
    """Where the token cannot be written, the old one stays as it was and nothing half is left."""
    path = save_token(tmp_path / "tokens", TOKEN)
    before = path.read_bytes()
    broken = replace(TOKEN, scopes=(object(),))  # type: ignore[arg-type]  # what JSON cannot hold
    with pytest.raises(TypeError):
        save_token(tmp_path / "tokens", broken)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_secrets_are_not_printed(at_google: Google) -> None:
    """Neither tokens nor credentials show a secret when they are printed, as in a traceback."""
    calendar = at_google.calendar()
    calendar.read(at(1, 0), at(2, 0))
    shown = f"{TOKEN!r} {calendar!r} {at_google.door()!r} {vars(calendar)!r}"
    assert "canary" not in shown
    assert not [token for token in at_google.fake.sign_in.access_tokens if token in shown]


# ------------------------------------------------------------------------------------------------------------- renewal


def test_an_expired_access_token_is_renewed_and_kept(at_google: Google) -> None:
    """A token that Google does not take any more is renewed once, and the new one is in the file."""
    calendar = at_google.calendar()
    calendar.read(at(1, 0), at(2, 0))
    at_google.fake.sign_in.expire_access_tokens()
    calendar.read(at(1, 0), at(2, 0))
    assert at_google.fake.sign_in.renewals == 2
    token = load_token(at_google.settings.token_folder, OWNER)
    assert token.access_token in at_google.fake.sign_in.access_tokens
    assert token.refreshed_at == at_google.clock()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("invalid_grant", SignInError, "login google --account dana@example.com"),
        ("deleted_client", SignInError, "OAuth client"),
        ("invalid_client", SignInError, "OAuth client"),
        ("access_denied", ForbiddenError, "administrator"),
        ("admin_policy_enforced", ForbiddenError, "administrator"),
    ],
)
def test_a_sign_in_that_ended_says_what_to_do(
    at_google: Google, code: str, kind: type[AccountError], words: str
) -> None:
    """Each way in which a sign-in ends has its next step, and is asked for once a request, never in a loop."""
    at_google.fake.sign_in.refused = code
    with pytest.raises(AccountError, match=words) as caught:
        at_google.calendar().read(at(1, 0), at(2, 0))
    assert type(caught.value) is kind
    assert at_google.fake.requests["token"] == 1


def test_a_sign_in_that_ends_within_a_week_names_testing(at_google: Google) -> None:
    """A sign-in that dies in its first days is most likely one of a consent screen in Testing: the text says so."""
    at_google.fake.sign_in.revoke(OWNER)
    with pytest.raises(SignInError, match="Testing"):
        at_google.calendar().read(at(1, 0), at(2, 0))
    at_google.clock.turn(days=30)
    with pytest.raises(SignInError) as caught:
        at_google.calendar().read(at(1, 0), at(2, 0))
    assert "Testing" not in str(caught.value)


@pytest.mark.parametrize("what", ["drop", "status", "html", "truncated"])
def test_a_broken_sign_in_endpoint_is_a_passing_fault(at_google: Google, what: str) -> None:
    """Where the sign-in's server is broken nobody is asked to sign in: it is tried later, and was asked once."""
    at_google.fake.faults.append(Fault("token", what))  # type: ignore[arg-type]  # one of its words
    calendar = at_google.calendar()
    with pytest.raises(TryLaterError):
        calendar.read(at(1, 0), at(2, 0))
    assert at_google.fake.requests["token"] == 1
    assert calendar.read(at(1, 0), at(2, 0)).complete


# ----------------------------------------------------------------------------------------------------- service account


def delegated(at_google: Google, tmp_path: Path, *scopes: str) -> GoogleSettings:
    """Give the organisation a service account that may act for its people with these scopes."""
    key = at_google.fake.sign_in.service_account()
    at_google.fake.sign_in.delegated = frozenset(scopes)
    path = private_file(tmp_path / "key.json", orjson.dumps(key))
    return replace(at_google.settings, service_account_file=path)


def test_a_service_account_reads_everybodys_calendar(at_google: Google, tmp_path: Path) -> None:
    """With one key the calendars of all managers are read and written, each as its owner."""
    at_google.settings = delegated(at_google, tmp_path, CALENDAR_WRITE, FREE_BUSY)
    world = CalendarWorld(at_google)
    world.put(Appointment("single", at(3, 10)))
    for account in (OWNER, OTHER):
        (event,) = at_google.calendar(account=account).read(at(1, 0), at(31, 0)).events
        assert event.editable == (account == OWNER)
    assert at_google.fake.requests["token"] == 2


def test_a_service_account_without_delegation_says_what_to_enter_where(at_google: Google, tmp_path: Path) -> None:
    """The administrator is told the client id, the scopes and the page."""
    at_google.settings = delegated(at_google, tmp_path)
    with pytest.raises(ForbiddenError) as caught:
        at_google.calendar().read(at(1, 0), at(2, 0))
    for words in ("42", CALENDAR_WRITE, FREE_BUSY, "Domain-wide delegation"):
        assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"{}", b"nonsense", b'{"client_email": "x"}'])
def test_a_key_file_that_is_none_is_a_configuration_error(at_google: Google, tmp_path: Path, content: bytes) -> None:
    """A key file with something else in it is named."""
    path = private_file(tmp_path / "key.json", content)
    at_google.settings = replace(at_google.settings, service_account_file=path)
    with pytest.raises(ConfigurationError, match="service account"):
        at_google.calendar().read(at(1, 0), at(2, 0))
    path.chmod(0o644)
    with pytest.raises(NeedsPersonError, match="chmod 600"):
        at_google.calendar().read(at(1, 0), at(2, 0))


# -------------------------------------------------------------------------------------------------------------- check


def lines(findings: Iterator[object]) -> str:
    """Return findings as `check` prints them."""
    return "\n".join(str(finding) for finding in findings)


def test_pitfall_29_a_good_set_up_is_all_well(at_google: Google) -> None:
    """A set-up in order has no wrong line, and looking at it changes nothing."""
    CalendarWorld(at_google).put(Appointment("single", at(3, 10)))
    door = at_google.door()
    found = [
        *check_mailbox(at_google.settings, WORKER, door),
        *check_calendar(at_google.settings, OWNER, door, write=True),
        check_clock(door),
    ]
    assert all(finding.ok for finding in found), lines(iter(found))
    assert at_google.fake.calendars.told == []
    assert at_google.fake.mail.left == []


def test_pitfall_29_a_new_sign_in_tells_when_testing_would_end_it(at_google: Google) -> None:
    """In the first week the line says on which day a consent screen in Testing would end the sign-in."""
    assert "2026-11-30" in lines(check_mailbox(at_google.settings, WORKER, at_google.door()))
    at_google.clock.turn(days=8)
    assert "Testing" not in lines(check_mailbox(at_google.settings, WORKER, at_google.door()))


def test_pitfall_29_each_broken_set_up_has_its_line(at_google: Google) -> None:
    """Nobody signed in, too narrow, revoked, unused, shared too narrowly, the wrong sender: each says what to do."""
    settings, door = at_google.settings, at_google.door()
    assert "login google --account alex@example.com" in lines(check_calendar(settings, OTHER, door, write=True))
    at_google.signs_in(WORKER, MAIL_READ)
    assert "lacks gmail.compose" in lines(check_mailbox(settings, WORKER, door))
    at_google.signs_in(OWNER, CALENDAR_READ, FREE_BUSY)
    assert "lacks calendar.events.owned" in lines(check_calendar(settings, OWNER, door, write=True))
    assert "wrong" not in lines(check_calendar(settings, OWNER, door, write=False))
    at_google.signs_in(WORKER, *mail_scopes())
    at_google.fake.sign_in.revoke(WORKER)
    assert "wrong" in lines(check_mailbox(settings, WORKER, door))
    at_google.signs_in(OWNER, CALENDAR_WRITE, FREE_BUSY)
    at_google.fake.calendars.of(OWNER).role = "freeBusyReader"
    assert "share it" in lines(check_calendar(settings, OWNER, door, write=True))
    at_google.clock.turn(days=45)
    assert "not used for 45 days" in lines(check_calendar(settings, OWNER, door, write=True))


def test_pitfall_29_broader_rights_than_needed_are_named(at_google: Google) -> None:
    """A consent that allows more than this needs is well, and named."""
    at_google.signs_in(WORKER, "https://mail.google.com/")
    found = lines(check_mailbox(at_google.settings, WORKER, at_google.door()))
    assert "also has mail.google.com" in found
    assert "wrong" not in found


def test_pitfall_29_a_service_account_that_reads_mail_is_wrong(at_google: Google, tmp_path: Path) -> None:
    """A key with which everybody's mail could be read is a line with what to remove; one without is well."""
    settings = delegated(at_google, tmp_path, CALENDAR_WRITE, FREE_BUSY)
    assert "may not read mail" in lines(check_mailbox(settings, WORKER, at_google.door()))
    at_google.fake.sign_in.delegated |= frozenset(mail_scopes())
    assert "mail of everybody" in lines(check_mailbox(settings, WORKER, at_google.door()))


def test_a_wrong_clock_is_told(at_google: Google) -> None:
    """A machine whose clock is off is told by how much."""
    door = at_google.door()
    assert check_clock(door).ok
    at_google.calendar().read(at(1, 0), at(2, 0))
    late = at_google.clock.now + timedelta(minutes=10)
    door = at_google.door()
    door.clock = lambda: late
    list(check_calendar(at_google.settings, OWNER, door, write=True))
    assert not check_clock(door).ok
    assert "600 seconds" in str(check_clock(door))


# ------------------------------------------------------------------------------------------------------------- people


def directory(at_google: Google) -> GoogleDirectory:
    """Return the directory as a signed-in administrator sees it."""
    at_google.signs_in(OWNER, DIRECTORY)
    at_google.fake.mail.people |= {
        OWNER: {"name": {"fullName": "Dana Kim"}, "aliases": ["D.Kim@example.com"], "nonEditableAliases": [OWNER]},
        OTHER: {
            "name": {"fullName": "Alex Moreno"},
            "relations": [
                {"type": "assistant", "value": "x@example.com"},
                {"type": "manager", "value": "D.Kim@example.com"},
            ],
        },
    }
    return GoogleDirectory(account=OWNER, settings=at_google.settings, door=at_google.door())


def test_pitfall_15_the_directory_knows_aliases_and_managers(at_google: Google) -> None:
    """A person is found by an alias, and a manager who is written as an alias is given by their own address."""
    found = directory(at_google)
    dana = found.person("d.kim@example.com")
    assert dana is not None
    assert (dana.address, dana.name, dana.aliases) == (OWNER, "Dana Kim", ("d.kim@example.com",))
    alex = found.person(OTHER)
    assert alex is not None
    assert alex.manager == OWNER
    assert found.person("stranger@elsewhere.example") is None


@pytest.mark.parametrize(
    "relation", [{"type": "manager", "value": "The boss"}, {"type": "manager", "value": "gone@example.com"}, {}]
)
def test_pitfall_15_a_manager_that_cannot_be_resolved_is_unknown(at_google: Google, relation: dict[str, str]) -> None:
    """The relation is free text: what is no address of a person there says nothing."""
    found = directory(at_google)
    at_google.fake.mail.people[OTHER]["relations"] = [relation]
    alex = found.person(OTHER)
    assert alex is not None
    assert alex.manager == ""


@pytest.mark.parametrize("flag", ["suspended", "archived"])
def test_pitfall_15_a_suspended_manager_is_none(at_google: Google, flag: str) -> None:
    """Somebody who has left manages nobody."""
    found = directory(at_google)
    at_google.fake.mail.people[OWNER][flag] = True
    alex = found.person(OTHER)
    assert alex is not None
    assert alex.manager == ""


def test_the_directory_is_asked_once_for_each_person(at_google: Google) -> None:
    """What was looked up is known for half a day; then it is looked up again."""
    found = directory(at_google)
    for _ in range(3):
        found.person(OTHER)
    assert at_google.fake.requests["directory.users.get"] == 2
    at_google.clock.turn(hours=13)
    found.person(OTHER)
    assert at_google.fake.requests["directory.users.get"] == 4


def test_where_the_directory_may_not_be_asked_nobody_is_known(at_google: Google) -> None:
    """Without the right the directory says nothing, once, with the reason; nothing else is held up."""
    found = GoogleDirectory(account=OWNER, settings=at_google.settings, door=at_google.door())
    assert found.person(OTHER) is None
    assert "insufficientPermissions" in found.problem

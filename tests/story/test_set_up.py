"""Setting up and proving accounts through the command line: `login` and `check`, well and broken in each way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.story.online import PERSON, Clock, Online, Vendor, both
from tests.story.test_four_weeks import FIRST
from tests.story.world import ALEX, DANA, PAIR, WORKER, berlin
from worker.fakes.faults import Fault
from worker.fakes.microsoft import CLIENT_ID
from worker.providers.google import calendar_scopes, mail_scopes

NOW = ("--now", berlin("2026-10-29 12:00").isoformat())


@pytest.fixture
def clock() -> Clock:
    """The time of both providers."""
    return Clock()


@pytest.fixture(params=["google", "microsoft"])
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Online]:
    """An office that is all with one provider; nobody has signed in yet."""
    with both(clock) as (google, microsoft):
        vendors: dict[str, Vendor] = {"google": google, "microsoft": microsoft}
        vendor = vendors[request.param]
        world = Online(tmp_path, clock, vendor, {DANA: vendor}, worker=WORKER, more=PERSON + PAIR)
        world.one_on_one(FIRST)
        yield world


def fake(world: Online) -> Any:  # of either provider
    """Return the server that the office talks to."""
    return world.vendor.fake  # type: ignore[attr-defined]  # both have one


def wrong(world: Online, *words: str) -> list[str]:
    """Return what `check` has against this set-up; each line is on stderr and the exit code is 1."""
    code, out, err = world.run("check", *(words or NOW))
    assert code == (1 if err else 0), out + err
    assert all(line.startswith("wrong: ") for line in err.splitlines()), err
    return err.splitlines()


def test_a_sound_set_up(world: Online) -> None:
    """Where everybody has signed in, check has nothing against it, names whom it would write to, and sends nothing."""
    world.sign_everybody_in()
    code, out, err = world.run("check", *NOW)
    assert (code, err) == (0, "")
    assert f"calendar of {DANA} can be read (1 event in three weeks)" in out
    assert f"mailbox {WORKER}" in out
    assert "alex@example.com   topics" in out
    assert world.mails() == []


def test_nobody_has_signed_in(world: Online) -> None:
    """Each missing sign-in is a line that ends in what to type."""
    name = world.vendor.name
    found = wrong(world)
    assert len(found) == 2
    for line, account in zip(found, (WORKER, DANA), strict=True):
        assert line.endswith(f"`followthrough login {name} --account {account}`.")


def test_login_names_whose_turn_it_is(world: Online) -> None:
    """Where several sign in, login lists them with their purposes; an account that needs none is refused."""
    name = world.vendor.name
    code, _, err = world.run("login", name)
    assert code == 1
    assert f"--account {WORKER} for the worker's mailbox" in err
    assert f"--account {DANA} for reading and writing their calendar" in err
    code, _, err = world.run("login", name, "--account", "eve@example.com")
    assert code == 2
    assert "eve@example.com needs no sign-in" in err


def test_login_says_what_was_granted(world: Online) -> None:
    """The account, every right that was granted, and the next step; the token is for this user's eyes alone."""
    code, out, err = world.sign_in(world.vendor.name, WORKER)
    assert (code, err) == (0, "")
    assert f"Signed in as {WORKER}. Granted:" in out
    granted = "gmail.compose" if world.vendor.name == "google" else "Mail.Send"
    assert granted in out
    assert "ssh -L" in out
    assert out.rstrip().endswith("check")
    folder = world.root / "data" / "tokens"
    assert (world.root / "data").stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in folder.iterdir() if file.suffix == ".json"] == [0o600]


def test_another_account_is_refused(world: Online) -> None:
    """Whoever is signed in to the browser by chance does not become the worker."""
    fake(world).sign_in.picks[WORKER] = DANA
    code, _, err = world.sign_in(world.vendor.name, WORKER)
    assert code == 1
    assert f"choose {WORKER}" in err
    assert err.rstrip().endswith("again.")
    assert len(wrong(world)) == 2


def test_half_a_consent_is_refused(world: Online) -> None:
    """A person who does not agree to all of it is told what is missing, and nothing is stored."""
    only = {"google": "https://www.googleapis.com/auth/gmail.readonly", "microsoft": "Mail.ReadWrite"}
    fake(world).sign_in.consents[WORKER] = frozenset({only[world.vendor.name]})
    code, _, err = world.sign_in(world.vendor.name, WORKER)
    assert code == 1
    assert "again" in err
    assert len(wrong(world)) == 2


def test_a_sign_in_that_was_revoked(world: Online) -> None:
    """Check tries the sign-in and does not believe the file."""
    world.sign_everybody_in()
    fake(world).sign_in.revoke(DANA)
    found = wrong(world)
    assert len(found) == 1
    assert DANA in found[0]
    assert "login" in found[0]


def test_a_sign_in_that_is_too_narrow(world: Online) -> None:
    """A sign-in from before `write = true` lacks a right, which is named."""
    text = world.config.read_text()
    only_read = text.replace(
        f'provider = "{world.vendor.name}" }}', f'provider = "{world.vendor.name}", write = false }}'
    )
    world.config.write_text(only_read)
    world.sign_everybody_in()
    assert wrong(world) == []
    world.config.write_text(text)
    found = wrong(world)
    assert len(found) == 1
    lacks = {"google": "calendar.events.owned", "microsoft": "Calendars.ReadWrite"}[world.vendor.name]
    assert f"sign-in of {DANA} lacks {lacks}" in found[0]


def test_an_account_that_is_disabled(world: Online) -> None:
    """An account without the service, or switched off, is told with whom to ask."""
    world.sign_everybody_in()
    method = {"google": "gmail.*", "microsoft": "messages.*"}[world.vendor.name]
    reason = {"google": "failedPrecondition", "microsoft": "MailboxNotEnabledForRESTAPI"}[world.vendor.name]
    fake(world).faults.append(
        Fault(method, status={"google": 400, "microsoft": 404}[world.vendor.name], reason=reason, times=-1)
    )
    found = wrong(world)
    assert len(found) == 1
    assert reason in found[0]
    assert "administrator" in found[0]


def test_a_clock_that_is_wrong(world: Online, clock: Clock) -> None:
    """Check compares this machine's clock with the provider's, unless the clock was given."""
    world.sign_everybody_in()
    clock.now = datetime(2026, 10, 1, tzinfo=UTC)
    found = [line for line in wrong(world, "--wait", "1") if "clock" in line]
    assert len(found) == 1
    assert "set it, and keep it with NTP" in found[0]
    clock.now = datetime.now(UTC)
    assert [line for line in wrong(world, "--wait", "1") if "clock" in line] == []


def test_the_probe_arrives(world: Online) -> None:
    """`check --probe` mails the worker itself at a sub-address; the next tick knows that mail for its own."""
    world.sign_everybody_in()
    code, out, err = world.run("check", "--probe", "--wait", "10", *NOW)
    assert (code, err) == (0, "")
    assert "sub-addresses: a mail to one of this mailbox arrived" in out
    report = world.tick(berlin("2026-10-29 12:01"))
    assert {mail["outcome"] for mail in report["received"]} <= {"own"}


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_the_probe_arrives_in_ones_own_account(tmp_path: Path, clock: Clock, provider: str) -> None:
    """In a person's own account mail to oneself is found too, though the worker passes its own mail over."""
    with both(clock) as (google, microsoft):
        vendors: dict[str, Vendor] = {"google": google, "microsoft": microsoft}
        world = Online(tmp_path, clock, vendors[provider], {DANA: vendors[provider]}, worker=DANA, more=PERSON)
        world.sign_everybody_in()
        code, out, err = world.run("check", "--probe", "--wait", "4", *NOW)
        assert (code, err) == (0, "")
        assert "a mail to one of this mailbox arrived" in out


def test_sub_addresses_that_are_switched_off(tmp_path: Path, clock: Clock) -> None:
    """Where Exchange takes no sub-addresses, the probe comes back, and check says what to switch on."""
    with both(clock) as (_, microsoft):
        world = Online(tmp_path, clock, microsoft, {DANA: microsoft}, worker=WORKER, more=PERSON + PAIR)
        world.sign_everybody_in()
        microsoft.fake.mail.plus_addressing = False
        found = wrong(world, "--probe", "--wait", "4", *NOW)
        assert len(found) == 1
        assert "switch sub-addressing on" in found[0]


def test_a_service_account_opens_the_calendars(tmp_path: Path, clock: Clock) -> None:
    """With a delegated key nobody but the mailbox signs in; a key that reads mail too is told."""
    with both(clock) as (google, _):
        world = Online(tmp_path, clock, google, {DANA: google}, worker=WORKER, more=PERSON + PAIR)
        private(tmp_path / "key.json", orjson.dumps(google.fake.sign_in.service_account()))
        text = world.config.read_text().replace("[google]", '[google]\nservice_account_file = "key.json"')
        world.config.write_text(text)
        code, _, err = world.run("login", "google", "--account", DANA)
        assert code == 2, err
        world.sign_in("google", WORKER)
        world.one_on_one(FIRST)
        found = wrong(world)
        assert len(found) == 1
        assert "Domain-wide delegation" in found[0]
        google.fake.sign_in.delegated = frozenset(calendar_scopes(write=True))
        assert wrong(world) == []
        google.fake.sign_in.delegated |= set(mail_scopes())
        assert ["read the mail of everybody" in line for line in wrong(world)] == [True]
        assert [one["kind"] for one in world.tick(berlin("2026-10-30 09:00"))["sent"]] == ["topics"]


@pytest.mark.parametrize("by", ["secret", "certificate"])
def test_an_app_signs_in_by_itself(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """With a secret or a certificate nobody signs in; an app that reaches everybody is told."""
    with both(clock) as (_, microsoft):
        at = microsoft.fake
        world = Online(tmp_path, clock, microsoft, {DANA: microsoft}, worker=WORKER, more=PERSON + PAIR)
        at.add_calendar("eve@example.com")
        at.add_mailbox("eve@example.com")
        ours = frozenset({WORKER, DANA})
        roles = {"Mail.ReadWrite": ours, "Mail.Send": ours, "Calendars.ReadWrite": ours}
        app = at.sign_in.add_app(roles, "s3cret" if by == "secret" else "")
        more = 'outside = "eve@example.com"'
        if by == "secret":
            monkeypatch.setenv("FOLLOWTHROUGH_MICROSOFT_SECRET", "s3cret")
        else:
            private(tmp_path / "app.pem", b"".join(at.sign_in.add_certificate(app)))
            more += '\ncertificate_file = "app.pem"'
        text = world.config.read_text().replace(f'client_id = "{CLIENT_ID}"', f'client_id = "{app.client}"\n{more}')
        world.config.write_text(text)
        world.one_on_one(FIRST)
        assert wrong(world) == []
        code, _, err = world.run("login", "microsoft")
        assert (code, "nobody has to sign in" in err) == (2, True)
        assert [one["kind"] for one in world.tick(berlin("2026-10-30 09:00"))["sent"]] == ["topics"]
        app.roles["Mail.ReadWrite"] = None
        assert any("read the mail of everybody" in line for line in wrong(world))


def test_a_shared_mailbox_is_opened_by_somebody_else(tmp_path: Path, clock: Clock) -> None:
    """Nobody signs in to a shared mailbox: Dana opens it, and its mails go out in its own name and come back to it."""
    with both(clock) as (_, microsoft):
        world = Online(tmp_path, clock, microsoft, {DANA: microsoft}, worker=WORKER, more=PERSON + PAIR)
        text = world.config.read_text().replace("[mail]", f'[mail]\nsigned_in_as = "{DANA}"')
        world.config.write_text(text)
        assert world.run("login", "microsoft", "--account", WORKER)[0] == 2
        code, out, err = world.sign_in("microsoft", DANA)
        assert code == 0, err
        assert "Mail.Send.Shared" in out
        world.one_on_one(FIRST)
        assert len(wrong(world)) == 1
        box = microsoft.fake.mail.mailboxes[WORKER]
        box.members.add(DANA)
        box.senders.add(DANA)
        assert wrong(world) == []
        assert [one["kind"] for one in world.tick(berlin("2026-10-30 09:00"))["sent"]] == ["topics"]
        world.reply(world.newest("topics", ALEX), "The plan", berlin("2026-10-30 10:00"))
        assert [one["outcome"] for one in world.tick(berlin("2026-10-30 10:01"))["received"]] == ["topics"]
        assert WORKER in world.newest("topics", ALEX)["From"]


def private(file: Path, content: bytes) -> None:
    """Write a file that nobody else may read."""
    file.write_bytes(content)
    file.chmod(0o600)


def test_a_code_on_another_device(tmp_path: Path, clock: Clock) -> None:
    """`login microsoft --device` says which page to open and which code to type, and stores what was agreed to."""
    with both(clock) as (_, microsoft):
        clock.now = datetime.now(UTC)
        world = Online(tmp_path, clock, microsoft, {DANA: microsoft}, worker=WORKER, more=PERSON)
        login = world.start("login", "microsoft", "--account", WORKER, "--device")
        assert login.stdout is not None
        login.stdout.readline()
        told = login.stdout.readline().decode()
        code = told.split("enter ")[1].partition(",")[0]
        microsoft.fake.sign_in.approve(code, WORKER)
        out, err = login.communicate(timeout=60)
        assert login.returncode == 0, err
        assert f"Signed in as {WORKER}" in out.decode()

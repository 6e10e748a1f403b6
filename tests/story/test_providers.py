"""The story of four weeks with real providers' interfaces: over HTTP, through the command line alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.online import PERSON, AtGoogle, Clock, Online, Vendor, both
from tests.story.test_four_weeks import FIRST, sent, the_loop
from tests.story.world import ALEX, DANA, PAIR, WORKER, berlin

# Who keeps the worker's mailbox, Dana's calendar, and Alex's where it is read too.
SETUPS = {
    "google": ("google", "google", ""),
    "microsoft": ("microsoft", "microsoft", ""),
    "google-mail": ("google", "microsoft", ""),
    "microsoft-mail": ("microsoft", "google", ""),
    "a-google-manager-with-a-microsoft-report": ("google", "google", "microsoft"),
}


def office(root: Path, clock: Clock, vendors: dict[str, Vendor], setup: str) -> Online:
    """Return an office whose people have signed in."""
    mail, manager, report = SETUPS[setup]
    calendars = {DANA: vendors[manager], **({ALEX: vendors[report]} if report else {})}
    world = Online(root, clock, vendors[mail], calendars, worker=WORKER, more=PERSON + PAIR)
    world.sign_everybody_in()
    return world


@pytest.fixture
def clock() -> Clock:
    """The time of both providers."""
    return Clock()


@pytest.fixture
def vendors(clock: Clock) -> Iterator[dict[str, Vendor]]:
    """Both providers, running."""
    with both(clock) as (google, microsoft):
        yield {"google": google, "microsoft": microsoft}


@pytest.mark.parametrize("setup", SETUPS)
def test_the_loop_closes(tmp_path: Path, clock: Clock, vendors: dict[str, Vendor], setup: str) -> None:
    """Four weeks of a pair, whoever keeps calendars and mails; each mail goes once, each event is made once."""
    world = office(tmp_path, clock, vendors, setup)
    world.one_on_one(FIRST)
    the_loop(world)


def test_a_report_elsewhere_is_not_disturbed(tmp_path: Path, clock: Clock, vendors: dict[str, Vendor]) -> None:
    """The form of a Google manager proposes no time at which the report is busy by their Microsoft calendar."""
    world = office(tmp_path, clock, vendors, "a-google-manager-with-a-microsoft-report")
    world.one_on_one(FIRST)
    vendors["microsoft"].one_on_one(ALEX, "customer@example.org", berlin("2026-11-17 10:00"))
    world.tick(berlin("2026-11-02 09:00"))
    assert ("follow-up", DANA) in sent(world.tick(berlin("2026-11-03 10:40")))
    form = world.newest("follow-up", DANA).text
    assert re.search(r"Proposed: Tue 17 Nov 2026, (?:09:30|10:30)", form), form


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_one_person_with_one_account(tmp_path: Path, clock: Clock, vendors: dict[str, Vendor], provider: str) -> None:
    """Dana's own account sends, receives and is read: the loop closes, and nothing else in her mailbox is touched."""
    vendor = vendors[provider]
    world = Online(tmp_path, clock, vendor, {DANA: vendor}, worker=DANA, more=PERSON + PAIR)
    world.sign_everybody_in()
    world.one_on_one(FIRST)
    world.tick(berlin("2026-10-29 11:00"))
    friend = "Friend <friend@example.org>"
    letter = f"From: {friend}\r\nTo: {DANA}\r\nSubject: A secret\r\nMessage-ID: <1@x>\r\n\r\ncanary-of-a-friend\r\n"
    world.deliver(letter.encode(), "friend")
    note = f"From: {DANA}\r\nTo: {DANA}\r\nSubject: To me\r\nMessage-ID: <2@x>\r\n\r\ncanary-of-dana\r\n"
    world.deliver(note.encode(), "note")
    the_loop(world)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert b"canary" not in kept
    assert b"A secret" not in kept


def test_who_lends_their_account_takes_part_all_the_same(
    tmp_path: Path, clock: Clock, vendors: dict[str, Vendor]
) -> None:
    """A 1:1 that Dana declined brings no mail, also where the worker's address is hers."""
    vendor = vendors["google"]
    assert isinstance(vendor, AtGoogle)
    world = Online(tmp_path, clock, vendor, {DANA: vendor}, worker=DANA, more=PERSON + PAIR)
    world.sign_everybody_in()
    world.one_on_one(FIRST)
    (event,) = vendor.fake.calendars.of(DANA).events.values()
    event["organizer"] = {"email": ALEX}
    event["attendees"][0]["responseStatus"] = "declined"
    assert sent(world.tick(berlin("2026-10-30 09:00"))) == []
    event["attendees"][0]["responseStatus"] = "accepted"
    assert sent(world.tick(berlin("2026-10-30 09:10"))) == [("topics", ALEX)]


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_forged_answer_to_ones_own_account(
    tmp_path: Path, clock: Clock, vendors: dict[str, Vendor], provider: str
) -> None:
    """Whoever knows the token and writes Dana's address on a mail is not Dana: it did not lie in what she sent."""
    vendor = vendors[provider]
    world = Online(tmp_path, clock, vendor, {DANA: vendor}, worker=DANA, more=PERSON + PAIR)
    world.sign_everybody_in()
    world.one_on_one(FIRST)
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-03 10:40"))
    form = world.newest("follow-up", DANA)
    forged = (
        f"From: {DANA}\r\nTo: {form['Reply-To']}\r\nSubject: Re: x\r\nMessage-ID: <3@x>\r\n"
        f"In-Reply-To: {form['Message-ID']}\r\n\r\nHighlights: forged\r\n"
    )
    world.clock.now = berlin("2026-11-03 11:00")
    vendor.forged(DANA, forged.encode())
    report = world.tick(berlin("2026-11-03 11:01"))
    assert [mail["outcome"] for mail in report["received"]] == ["not-authentic"]
    assert world.history(ALEX, berlin("2026-11-03 11:02"), "--private")["notes"] == []

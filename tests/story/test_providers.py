"""The story of four weeks with real providers' interfaces: over HTTP, through the command line alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.online import PERSON, Clock, Online, Vendor, both
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

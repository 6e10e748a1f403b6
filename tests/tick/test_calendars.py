"""Reading the calendars of many: several at a time, and those that show what they showed before cost nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from tests.story.world import DANA, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.errors import TryLaterError
from worker.model import Pair, PairKey
from worker.providers import CalendarRead
from worker.providers.files import FilesCalendar
from worker.store.tiny import TinyStore
from worker.tick import Office, tick

NOW = berlin("2026-10-29 08:00")
SAM = "sam@example.com"
SECOND = f"""
[[managers]]
email = "{SAM}"
name = "Sam Okafor"
calendar = {{ provider = "files", path = "calendar/sam" }}
"""


class Far(FilesCalendar):
    """A calendar that cannot tell cheaply whether it changed, as those of providers over a network."""

    together: Barrier | None = None
    broken = False
    reads = 0

    def signature(self) -> str:
        """Return nothing."""
        return ""

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """Read; with a barrier the first time only where another calendar is read at the same time."""
        self.reads += 1
        if self.together is not None and self.reads == 1:
            self.together.wait(10)
        if self.broken:
            raise TryLaterError(self.account, "is out of reach: it is tried again by itself.")
        return super().read(start, end)


class Counting(TinyStore):
    """A store that counts how often a pair is looked at."""

    looks = 0

    def load_pair(self, key: PairKey) -> Pair | None:
        """Load it, and count."""
        self.looks += 1
        return super().load_pair(key)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with two managers whose calendars are far away; Dana has a 1:1 with Alex."""
    world = World(tmp_path)
    world.config.write_text(world.config.read_text() + SECOND)
    (tmp_path / "calendar/sam").mkdir()
    world.put("first", event("first", berlin("2026-11-10 10:00")))
    made = open_office(load(world.config, {"FOLLOWTHROUGH_SECRET": "0" * 64}))
    far = {
        account: Far(account=account, path=tmp_path / f"calendar/{account.partition('@')[0]}", timezone="Europe/Berlin")
        for account in made.calendars
    }
    return replace(made, calendars=far, store=Counting(tmp_path / "data"), at_once=2)


def far(office: Office, account: str) -> Far:
    """Return one of the calendars."""
    found = office.calendars[account]
    assert isinstance(found, Far)
    return found


def meetings(office: Office) -> list[datetime]:
    """Return when the 1:1s of Dana and Alex begin, as far as they are remembered."""
    pairs = [office.store.load_pair(due.key) for due in office.store.pairs()]
    return [meeting.start for pair in pairs if pair is not None for meeting in pair.meetings]


def test_far_calendars_are_read_at_the_same_time(office: Office) -> None:
    """With `at_once` two, two calendars without a signature are under way together."""
    together = Barrier(2)
    for account in office.calendars:
        far(office, account).together = together
    report = tick(office, NOW)
    assert report.failed == []
    assert meetings(office) == [berlin("2026-11-10 10:00")]


def test_one_that_fails_does_not_keep_the_other_from_being_read(office: Office) -> None:
    """Of two that are read together the broken one is told, and the other one's meeting is known."""
    far(office, SAM).broken = True
    report = tick(office, NOW)
    assert [one.action for one in report.failed] == [f"read calendar {SAM}"]
    assert meetings(office) == [berlin("2026-11-10 10:00")]


def test_what_shows_the_same_again_costs_no_look_at_the_pairs(office: Office) -> None:
    """A calendar that is read anew and shows what it showed is read once, and no pair is loaded for it."""
    for minutes in (0, 5, 10):
        tick(office, NOW + timedelta(minutes=minutes))
    store = office.store
    assert isinstance(store, Counting)
    before = far(office, DANA).reads, store.looks
    tick(office, NOW + timedelta(minutes=15))
    assert (far(office, DANA).reads, store.looks) == (before[0] + 1, before[1])


def test_what_shows_something_new_is_taken_in(office: Office, tmp_path: Path) -> None:
    """A move is seen at the next reading, and so is a calendar that comes back after a fault."""
    tick(office, NOW)
    (tmp_path / "calendar/dana/first.ics").write_text(event("first", berlin("2026-11-11 11:00")))
    tick(office, NOW + timedelta(minutes=5))
    assert meetings(office) == [berlin("2026-11-11 11:00")]
    far(office, DANA).broken = True
    assert tick(office, NOW + timedelta(minutes=10)).failed
    far(office, DANA).broken = False
    assert tick(office, NOW + timedelta(minutes=15)).failed == []
    assert office.store.load_calendar(DANA).trouble == ""  # type: ignore[union-attr]  # it was read

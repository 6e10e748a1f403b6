"""What a tick knows of people's absences: each calendar is asked for them once, however many 1:1s a person has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.story.world import DANA, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.errors import TryLaterError
from worker.model import Busy
from worker.providers.files import FilesCalendar
from worker.tick import Office, tick

NOW = berlin("2026-11-03 12:00")
PEOPLE = ("alex", "sam", "kim")


class Asked(FilesCalendar):
    """A calendar which notes from when on it was asked for whose time."""

    broken = False

    def __init__(self, account: str, path: Path) -> None:
        super().__init__(account=account, path=path, timezone="Europe/Berlin")
        self.asked: list[tuple[str, datetime]] = []

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """Return when somebody is not free, and note that it was asked for."""
        self.asked.append((address, start))
        if self.broken:
            raise TryLaterError(self.account, "is out of reach: it is tried again by itself.")
        return super().busy(address, start, end)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office in which Dana has a 1:1 with each of three people."""
    world = World(tmp_path)
    for number, name in enumerate(PEOPLE):
        people = (("Dana Kim", DANA), (name.title(), f"{name}@example.com"))
        start = berlin("2026-11-10 10:00") + timedelta(hours=number)
        world.put(name, event(name, start, rule="FREQ=WEEKLY;COUNT=4", people=people))
    made = open_office(load(world.config, {"FOLLOWTHROUGH_SECRET": "0" * 64}))
    return replace(made, calendars={DANA: Asked(DANA, world.calendar)})


def asked_from(office: Office, now: datetime) -> list[str]:
    """Return for whose time from now on Dana's calendar was asked, as often as it was."""
    calendar = office.calendars[DANA]
    assert isinstance(calendar, Asked)
    return [address for address, start in calendar.asked if start == now]


def test_a_tick_asks_once_who_is_away(office: Office) -> None:
    """Three 1:1s of one manager cost one question about her absences; the next tick asks anew, for they may change."""
    for now in (NOW, NOW + timedelta(days=1)):
        tick(office, now)
        assert len(list(office.store.pairs())) == len(PEOPLE)
        assert asked_from(office, now) == [DANA]


def test_a_calendar_out_of_reach_is_asked_once_a_tick(office: Office) -> None:
    """Where absences cannot be told, the other 1:1s do not wait for the same time-out again."""
    calendar = office.calendars[DANA]
    assert isinstance(calendar, Asked)
    calendar.broken = True
    tick(office, NOW)
    assert asked_from(office, NOW) == [DANA]

"""Google Calendar: the contract, and what only Google does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.contract import CalendarContract
from tests.providers.google_world import CalendarWorld, Google, google


@pytest.fixture
def at_google(tmp_path: Path) -> Iterator[Google]:
    """A fake Google that judges every request and every answer."""
    with google(tmp_path) as running:
        yield running


@pytest.fixture
def world(at_google: Google) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_google)


class TestGoogleCalendar(CalendarContract):
    """The contract, kept by Google Calendar."""

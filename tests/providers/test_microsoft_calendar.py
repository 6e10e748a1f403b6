"""Outlook's calendar: the contract, and what only Exchange does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.contract import CalendarContract
from tests.providers.microsoft_world import CalendarWorld, Microsoft, microsoft


@pytest.fixture
def at_microsoft(tmp_path: Path) -> Iterator[Microsoft]:
    """A fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield running


@pytest.fixture
def world(at_microsoft: Microsoft) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_microsoft)


class TestMicrosoftCalendar(CalendarContract):
    """The contract, kept by Outlook's calendar."""

"""The fake Microsoft with two people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.office import ALEX, DANA, Office
from worker.fakes.microsoft import FakeMicrosoft


@pytest.fixture
def office() -> Iterator[Office]:
    """Two people with calendars and mailboxes; what they ask is right to the letter unless the test says otherwise."""
    clock: list[Office] = []
    with FakeMicrosoft(lambda: clock[0].now) as running:
        found = Office(running)
        clock.append(found)
        for owner, zone in ((DANA, "Eastern Standard Time"), (ALEX, "W. Europe Standard Time")):
            running.add_calendar(owner, zone)
            running.add_mailbox(owner)
        with found.session:
            yield found
        assert running.complaints == []

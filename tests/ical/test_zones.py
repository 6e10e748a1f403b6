"""The zones that we write."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from worker.ical.zones import definition_of, iana, zone

MOMENT = datetime(2026, 12, 3, 10, tzinfo=UTC)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Gaza",
    "Pacific/Chatham",
    "America/Santiago",
    "Europe/Dublin",
    "Africa/Cairo",
]


@pytest.mark.parametrize("name", ZONES)
def test_a_definition_says_what_the_zone_does(name: str) -> None:
    """Read by another library, the VTIMEZONE gives the zone's own offset at every hour for three years."""
    text = "".join(definition_of(name, MOMENT, "\r\n").physical())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        component = Timezone.from_ical(text)
        assert isinstance(component, Timezone)
        theirs = component.to_tz(lookup_tzid=False)
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    while moment < datetime(2029, 6, 1, tzinfo=UTC):
        assert moment.astimezone(theirs).utcoffset() == moment.astimezone(ZoneInfo(name)).utcoffset(), moment
        moment += timedelta(hours=7)


def test_a_yearly_change_is_written_as_a_rule() -> None:
    """Where the clocks change by a rule the definition has it; where they follow the moon it lists the changes."""
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in "".join(definition_of("Europe/Berlin", MOMENT, "\n").physical())
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU" in "".join(
        definition_of("America/New_York", MOMENT, "\n").physical()
    )
    assert "RRULE" not in "".join(definition_of("Africa/Casablanca", MOMENT, "\n").physical())


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "America", "Customized Time Zone", "\0", "x" * 999]
)
def test_what_is_no_zone_has_no_name(name: str) -> None:
    """A name that means no zone is none, whatever it looks like."""
    assert iana(name) == ""
    assert zone(name) == ZoneInfo("UTC")

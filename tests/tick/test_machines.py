"""What out-of-office replies say about how long somebody is away."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.model import Person
from worker.tick.machines import last_day_away

DANA = Person("dana@example.com", "Dana Kim", "Europe/Berlin")
THURSDAY = datetime(2026, 11, 5, 11, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until 20 November 2026 with limited access to mail.",
        "Away until Fri 20 Nov.",
        "I'm away from 9 to 20 November.",
        "On vacation from Nov 6th until Nov 20th. In urgent cases call +49 30 1234567.",
        "I am out of the office and back on Saturday 21 November 2026.",
        "On leave until 19 November.\nI will be back on 21 November.",
        "Until 30 November please write to Max Ode.\nI return on 21 November.",
        "Ich bin bis 20.11.2026 nicht im Büro.",
        "Je suis absente jusqu'au 20 novembre 2026.",
        "Estoy fuera de la oficina hasta el 20 de noviembre.",
    ],
)
def test_the_end_of_an_absence(text: str) -> None:
    """However it is said: the last day of a stretch, or the day before the one on which somebody is back."""
    assert last_day_away("Automatic reply", text, THURSDAY, DANA) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    ["I am out of the office.", "I am away until spring.", "Back on 3 November 2026.", "Away until 20 November 2028."],
)
def test_no_end_that_can_be_told(text: str) -> None:
    """No day, one that is past, or one further than three months away silences nobody."""
    assert last_day_away("Automatic reply", text, THURSDAY, DANA) is None


def test_of_two_readings_the_nearer_day() -> None:
    """An unclear day silences for as short a time as it can mean."""
    assert last_day_away("Out of office", "Away until 12/11", THURSDAY, DANA) == date(2026, 11, 12)

"""The word `skip`: what lies before the agreed date is cancelled, also where the date stands in the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.test_answers import HELD, answer
from tests.story.world import DANA, World, berlin, event


def test_skip_cancels_the_meetings_in_between(tmp_path: Path) -> None:
    """The receipt names the instances that stay, and `skip` cancels them."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    report = answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    assert report["calendar"] == []
    receipt = world.newest("receipt", DANA).text
    assert "10 Nov" in receipt
    assert "17 Nov" in receipt
    report = answer(world, "skip", "2026-11-03 11:30", kind="receipt")
    assert [(one["operation"], one["start"][:10]) for one in report["calendar"]] == [
        ("cancel", "2026-11-10"),
        ("cancel", "2026-11-17"),
    ]
    assert "Next check-in: Tue 24 Nov 2026, 10:00 CET (2026-11-24)" in world.newest("receipt", DANA).text
    world.tick(berlin("2026-11-09 09:30"))
    kinds = {mail.kind for mail in world.mails() if "10 Nov" in mail["Subject"]}
    assert kinds == {"invitation"}  # the cancellation


@pytest.mark.parametrize(
    ("words", "settled"),
    [
        ("Next check-in: in three weeks\nskip", ""),
        ("skip\nNext check-in: in three weeks", ""),
        ("Next check-in: 24 Nov or 1 Dec\nskip", "1"),
    ],
)
def test_skip_beside_a_date_cancels_what_lies_before_that_date(tmp_path: Path, words: str, settled: str) -> None:
    """`skip` waits until its date is decided, asked back or not, and the receipt does not offer it once more."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    report = answer(world, words, "2026-11-03 11:00")
    if settled:
        assert report["calendar"] == []
        report = answer(world, settled, "2026-11-03 11:10", kind="question")
    assert [(one["operation"], one["start"][:10]) for one in report["calendar"]] == [
        ("cancel", "2026-11-10"),
        ("cancel", "2026-11-17"),
    ]
    receipt = world.newest("receipt", DANA).text
    assert "(2026-11-24)" in receipt
    assert "Cancelled: Tue 10 Nov" in receipt
    assert "There is nothing in between" not in receipt
    assert "They stay" not in receipt


def test_skip_with_a_date_that_nothing_lies_before_says_so(tmp_path: Path) -> None:
    """Only once the date is decided is it known that there is nothing to cancel: then the receipt says so."""
    world = World(tmp_path)
    world.put("first", event("first", berlin(HELD)))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    answer(world, "Next check-in: in two weeks\nskip", "2026-11-03 11:00")
    receipt = world.newest("receipt", DANA).text
    assert "(2026-11-17)" in receipt
    assert "There is nothing in between that I may cancel." in receipt

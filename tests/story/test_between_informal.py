"""B7 beyond the plain case: check-ins and reminders in other languages, and with several people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.test_between_captures import SAM, SAMS, answer, kinds, outcomes, put, text_of, write
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two people who meet Dana every four weeks, so that a check-in on Friday stands in no agenda."""
    world = World(tmp_path, CONFIG + PAIR + SAMS)
    put(world, "alex", "2026-11-03 10:00", "Alex Moreno", ALEX, "FREQ=WEEKLY;INTERVAL=4;COUNT=3")
    put(world, "sam", "2026-11-04 10:00", "Sam Lee", SAM, "FREQ=WEEKLY;INTERVAL=4;COUNT=3")
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-04 11:00"):
        world.tick(berlin(moment))
    return world


@pytest.mark.parametrize(
    ("words", "restated"),
    [
        ("fazer o ponto com Alex na sexta-feira sobre a demo", "fazer o ponto com Alex sobre a demo"),
        ("fare il punto con Alex venerdì", "fare il punto con Alex"),
        ("navragen bij Alex op vrijdag", "navragen bij Alex"),
        ("am Freitag bei Alex nachfragen", "bei Alex nachfragen"),
        ("faire le point avec Alex vendredi", "faire le point avec Alex"),
    ],
)
def test_b7_in_other_languages(world: World, words: str, restated: str) -> None:
    """B7: the line goes to whom it names, the receipt says when it comes back, and on that morning it does."""
    report = write(world, words, "2026-11-04 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert f"{restated} (comes back Fri 6 Nov 2026)" in text_of(world.newest("receipt", DANA))
    assert ("check-in", DANA) in kinds(world.tick(berlin("2026-11-06 09:00")))
    assert restated in text_of(world.newest("check-in", DANA))


def test_b7_a_reminder_is_kept_with_whom_its_words_name(world: World) -> None:
    """B7: nobody is asked "whom" where the reminder itself says it."""
    report = write(world, "remind me on Friday to ask Sam about the office", "2026-11-04 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {SAM}")]
    assert "Stored: 1 reminder." in text_of(world.newest("receipt", DANA))
    world.tick(berlin("2026-11-06 09:00"))
    assert "ask Sam about the office" in text_of(world.newest("check-in", DANA))
    assert world.mails("check-in", SAM) == []


def test_b7_a_report_is_told_when_a_reminder_comes(world: World) -> None:
    """B7: the receipt of a report's own reminder names its day, and keeps the date out of its words."""
    write(world, "remind me to send the invoice on 12 November", "2026-11-04 12:00", sender=ALEX)
    text = text_of(world.newest("receipt", ALEX))
    assert "Stored: 1 reminder." in text
    assert "send the invoice (comes back Thu 12 Nov 2026)" in text
    world.tick(berlin("2026-11-12 09:00"))
    assert "send the invoice" in text_of(world.newest("check-in", ALEX))
    assert world.mails("check-in", DANA) == []


@pytest.mark.parametrize(
    ("words", "state", "day"),
    [
        ("done", "closed", "2026-11-06"),
        ("Erledigt, danke!", "closed", "2026-11-06"),
        ("next Friday", "open", "2026-11-13"),
    ],
)
def test_b7_a_reminder_is_closed_by_done_or_moved_by_a_date(world: World, words: str, state: str, day: str) -> None:
    """B7: it asks no "how is it going", and its two answers do what it says."""
    write(world, "remind me on Friday to ask Sam about the office", "2026-11-04 12:00")
    world.tick(berlin("2026-11-06 09:00"))
    text = text_of(world.newest("check-in", DANA))
    assert "`done`: it is closed" in text
    assert "How is it going" not in text
    assert "better" not in text
    answer(world, words, "2026-11-06 10:00", kind="check-in")
    (reminder,) = world.history(SAM, berlin("2026-11-06 11:00"), "--private")["feedback"]
    assert (reminder["state"], reminder["follow_up_on"]) == (state, day)
    assert world.history(SAM, berlin("2026-11-06 11:00"), "--private")["notes"] == []


def test_b7_done_closes_what_that_mail_restates_and_nothing_else(world: World) -> None:
    """B7: numbers of an older mail are not meant by a word that answers this one."""
    answer(world, "Action items:\nSam: send the plan", "2026-11-04 11:30", kind="follow-up")
    write(world, "remind me on Friday to ask Sam about the office", "2026-11-04 12:00")
    write(world, "open", "2026-11-04 12:10")
    world.tick(berlin("2026-11-06 09:00"))
    answer(world, "done", "2026-11-06 10:00", kind="check-in")
    items = [one for who in (ALEX, SAM) for one in world.history(who, berlin("2026-11-06 11:00"))["action_items"]]
    assert [one["state"] for one in items] == ["open"]

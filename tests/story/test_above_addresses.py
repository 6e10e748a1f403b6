"""Somebody who changes address keeps what is remembered of them, and who said stop stays left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.test_between_captures import text_of
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

NEW = "alex.moreno@example.com"
MOVED = (CONFIG + PAIR).replace(f'"{ALEX}"', f'"{NEW}"').replace('name = "Alex', f'aliases = ["{ALEX}"]\nname = "Alex')


def with_address(address: str) -> str:
    """Return the weekly 1:1 with Alex under this address."""
    people = (("Dana Kim", DANA), ("Alex Moreno", address))
    return event("w", berlin("2026-11-03 10:00"), rule="FREQ=WEEKLY;COUNT=9", people=people)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A weekly 1:1 of which the first was held, answered and shared."""
    world = World(tmp_path, CONFIG + PAIR)
    world.put("w", with_address(ALEX))
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45"):
        world.tick(berlin(moment))
    words = "share\nHighlights: shipped\nAction items:\nAlex: send the plan by 20 November 2026\nPrivate notes: tired"
    world.reply(world.newest("follow-up", DANA), words, berlin("2026-11-03 11:00"))
    world.tick(berlin("2026-11-03 11:00"))
    return world


def test_an_address_that_was_confirmed_is_known_in_the_calendar(world: World) -> None:
    """After the `yes` to "is that you?" a 1:1 under the new address is the same pair's."""
    world.reply(world.newest("recap", ALEX), "the budget", berlin("2026-11-03 11:30"), sender=NEW)
    world.tick(berlin("2026-11-03 11:30"))
    world.reply(world.newest("question", ALEX), "yes", berlin("2026-11-03 11:40"))
    world.tick(berlin("2026-11-03 11:40"))
    world.put("w", with_address(NEW))
    world.tick(berlin("2026-11-04 09:00"))
    world.tick(berlin("2026-11-09 09:00"))
    assert "send the plan" in text_of(world.newest("agenda", DANA))
    assert "the budget" in text_of(world.newest("agenda", DANA))
    assert [mail for mail in world.mails("welcome") if NEW in mail.text] == []


def test_a_new_address_in_the_configuration_takes_the_memory_along(world: World) -> None:
    """The old one is an alias: promises, notes and what was sent go on; nobody is introduced or reminded anew."""
    world.put("w", with_address(NEW))
    world.config.write_text(MOVED)
    before = len(world.mails())
    world.tick(berlin("2026-11-03 12:00"))
    assert len(world.mails()) == before
    world.tick(berlin("2026-11-09 09:00"))
    agenda = world.newest("agenda", NEW)
    assert "send the plan" in text_of(agenda)
    assert world.mails("topics", NEW) == []
    assert "tired" in text_of(world.newest("agenda", DANA)).partition("Only you: do not forward")[2]
    history = world.history("Alex", berlin("2026-11-09 10:00"), "--private")
    assert [(item["owner"], item["text"]) for item in history["action_items"]] == [(NEW, "send the plan")]
    assert {note["text"] for note in history["notes"]} == {"shipped", "tired"}
    world.tick(berlin("2026-11-09 10:30"))
    assert world.history("Alex", berlin("2026-11-09 10:40"), "--private")["notes"] == history["notes"]


def test_a_stop_goes_along(world: World) -> None:
    """Who said stop under the old address gets nothing under the new one."""
    world.write(ALEX, "", "stop", berlin("2026-11-03 12:00"))
    world.tick(berlin("2026-11-03 12:00"))
    world.put("w", with_address(NEW))
    world.config.write_text(MOVED)
    for day in ("04", "05", "06", "09", "10", "16"):
        world.tick(berlin(f"2026-11-{day} 09:00"))
    assert world.mails(to=NEW) == []
    assert world.mails("agenda", DANA)

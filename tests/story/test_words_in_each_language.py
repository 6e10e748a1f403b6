"""The words that mails show are typed back in each language, from the first `yes` to a topic that stays one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.story.world import ALEX, CONFIG, DANA, Mail, World, berlin, event

ANA, TOM = "ana@example.com", "tom@example.com"
PEOPLE = {"Alex Moreno": (ALEX, "10:00"), "Ana Ruiz": (ANA, "11:00"), "Tom Baker": (TOM, "14:00")}
LANGUAGES = ("en", "de", "fr", "es")


def typed(mail: Mail) -> list[str]:
    """Return what a mail tells its reader to type."""
    return re.findall(r"`([^`]+)`", mail.text)


@pytest.fixture
def world(tmp_path: Path, language: str) -> World:
    """Three weekly 1:1s that nobody has said anything about yet, in an office of this language."""
    world = World(tmp_path, f'language = "{language}"\n' + CONFIG)
    for name, (address, clock) in PEOPLE.items():
        people = (("Dana Kim", DANA), (name, address))
        world.put(
            address, event(address, berlin(f"2026-11-03 {clock}"), rule="FREQ=WEEKLY", summary="1:1", people=people)
        )
    world.tick(berlin("2026-10-26 09:00"))
    return world


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_welcome_is_answered_with_the_words_that_it_shows(world: World) -> None:
    """Yes, me, no and the two kinds of 1:1, each for another person, do what the line beside them says."""
    welcome = world.newest("welcome", DANA)
    both, mine, none, below, peer = typed(welcome)[:5]
    name = both.split()[-1]
    lines = [mine, none.replace(none.split()[-1], "Ana"), below.replace(below.split()[-2], "Tom")]
    assert mine.endswith(name)
    world.reply(welcome, "\n".join(lines), berlin("2026-10-26 10:00"))
    world.tick(berlin("2026-10-26 10:01"))
    pairs = {one["person"]: one for one in world.json("status", "--now", "2026-10-26T11:00:00+01:00")["pairs"]}
    first = next(address for full, (address, _) in PEOPLE.items() if full.startswith(name))
    assert [pairs[address]["started"] for address in (first, ANA, TOM) if address in pairs] == [True, False, True]
    assert pairs[TOM]["kind"] == "skip-level"
    world.reply(welcome, f"{both.replace(name, 'Ana')} {peer}", berlin("2026-10-26 12:00"))
    world.tick(berlin("2026-10-26 12:01"))
    pairs = {one["person"]: one for one in world.json("status", "--now", "2026-10-26T13:00:00+01:00")["pairs"]}
    assert (pairs[ANA]["started"], pairs[ANA]["kind"]) == (True, "peer")
    receipt = world.newest("receipt", DANA)
    assert "Ana" in receipt.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topic_is_kept_with_the_word_that_its_receipt_shows(world: World) -> None:
    """A topic for both becomes the manager's own by the word in the receipt, and no copy of the agenda has it."""
    world.reply(world.newest("welcome", DANA), typed(world.newest("welcome", DANA))[0], berlin("2026-10-26 10:00"))
    world.tick(berlin("2026-10-26 10:01"))
    world.write(DANA, "", "Alex: the move to Berlin", berlin("2026-10-26 11:00"))
    world.tick(berlin("2026-10-26 11:01"))
    receipt = world.newest("receipt", DANA)
    assert "the move to Berlin" in receipt.text
    # The first word of the receipt undoes, the last one stops; between them stands how to keep a topic.
    (keep,) = typed(receipt)[1:-1]
    world.reply(receipt, keep, berlin("2026-10-26 12:00"))
    world.tick(berlin("2026-10-26 12:01"))
    for moment in ("2026-10-30 09:00", "2026-11-02 09:00", "2026-11-02 12:00"):
        world.tick(berlin(moment))
    assert "the move to Berlin" in world.newest("agenda", DANA).text
    assert not [mail for mail in world.mails(to=ALEX) if "the move to Berlin" in mail.text]

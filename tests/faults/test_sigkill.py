"""A worker that is killed with SIGKILL at random moments, as a process of its own."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.story.world import ALEX, DANA, World, berlin, event

KILLS = 50
_ATTEMPTS = 40
ANSWER = "Next check-in: Tue 17 Nov\nAction items:\nAlex sends the plan by Friday"


@pytest.mark.long
def test_fifty_kills_change_nothing(tmp_path: Path) -> None:
    """After fifty SIGKILLs within ticks each mail is there once, each word once, and one event."""
    world = World(tmp_path)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    chance = random.Random(20261103)  # moments of kills, no secrets
    steps = ["2026-10-29 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45", "2026-11-03 11:00"]
    takes = _seconds_of_a_tick(world, "2026-10-28T12:00+01:00")
    killed = 0
    for number, step in enumerate(steps):
        moment = berlin(step)
        if number == 4:
            world.reply(world.newest("follow-up", DANA), ANSWER, moment, identity="<answer@x.org>")
        live = 0
        for _ in range(_ATTEMPTS):
            live += _tick_and_kill(world, moment.isoformat(), chance, takes)
            if live == KILLS // len(steps):
                break
        killed += live
        world.tick(moment)
        world.tick(moment)
    mails = Counter((mail.kind, mail.to) for mail in world.mails())
    assert mails == Counter(
        {
            ("topics", ALEX): 1,
            ("agenda", ALEX): 1,
            ("agenda", DANA): 1,
            ("follow-up", DANA): 1,
            ("receipt", DANA): 1,
            ("invitation", ALEX): 1,
        }
    )
    history = world.history(ALEX, berlin("2026-11-03 11:01"))
    assert [item["text"] for item in history["action_items"]] == ["sends the plan"]
    assert sum("UID:ft" in text for text in world.events()) == 1
    assert killed == KILLS, "every kill must hit a live process"


def _seconds_of_a_tick(world: World, now: str) -> float:
    begin = time.monotonic()
    world.start("tick", "--now", now).communicate()
    return time.monotonic() - begin


def _tick_and_kill(world: World, now: str, chance: random.Random, takes: float) -> bool:
    """Start a tick and kill it at a random moment of the time that one takes; whether it was still alive then."""
    process = world.start("tick", "--now", now)
    time.sleep(chance.uniform(0.3, 1.1) * takes)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive

"""Nobody gets a mail twice and nothing written is lost, wherever the worker is killed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.killing import kill_at, until_quiet
from tests.faults.tripwire import Fuse
from tests.story.world import ALEX, DANA, World, berlin, event

ANSWER = "next in two weeks\nshare\nHighlights: shipped\nAction items:\nAlex sends the plan by Friday"
STEPS = ("2026-10-29 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45", "2026-11-03 11:00")


def play(root: Path, fuse: Fuse) -> dict[str, object]:
    """Play a meeting from its topics to its recap, killed where the fuse says, and return what is left at the end."""
    root.mkdir()
    world = World(root)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    for step in STEPS:
        if step == STEPS[2]:
            asked = world.newest("topics", ALEX)
            world.reply(asked, "The budget", berlin("2026-10-30 10:00"), identity="<topic@x.org>")
        if step == STEPS[4]:
            world.reply(world.newest("follow-up", DANA), ANSWER, berlin(step), identity="<answer@x.org>")
        until_quiet(world, berlin(step), fuse)
    return _left(world)


def _left(world: World) -> dict[str, object]:
    now = berlin("2026-11-03 12:00")
    history = world.history(ALEX, now, "--private")
    return {
        "mails": Counter((mail.kind, mail.to, mail["Subject"]) for mail in world.mails()),
        "drafts": len(list((world.root / "mail/out/tmp").iterdir())),
        "notes": [(note["part"], note["text"], bool(note["shared"])) for note in history["notes"]],
        "items": [(item["owner"], item["text"], item["due"]) for item in history["action_items"]],
        "topics": [topic["text"] for topic in history["topics"]],
        "events": len(list(world.events())),
        "next": history["next_check_in"],
        "waiting": len(list((world.root / "mail/in/new").iterdir())),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], int]:
    """What is left when nothing is killed, and how many points that run passed."""
    fuse = Fuse()
    left = play(tmp_path_factory.mktemp("undisturbed") / "world", fuse)
    return left, fuse.passed


def test_the_undisturbed_run_is_the_whole_meeting(undisturbed: tuple[dict[str, object], int]) -> None:
    """The run that the others are held against has each mail once, one event and nothing waiting."""
    left, points = undisturbed
    assert left["mails"] == Counter(
        {
            ("topics", ALEX, "1:1 Dana · 3 Nov"): 1,
            ("receipt", ALEX, "1:1 Dana · 3 Nov"): 1,
            ("agenda", ALEX, "1:1 Dana · 3 Nov"): 1,
            ("agenda", DANA, "1:1 Alex · 3 Nov"): 1,
            ("follow-up", DANA, "1:1 Alex · 3 Nov"): 1,
            ("receipt", DANA, "1:1 Alex · 3 Nov"): 1,
            ("recap", ALEX, "1:1 Dana · 3 Nov"): 1,
            ("invitation", ALEX, "1:1 Dana · 17 Nov"): 1,
        }
    )
    assert (left["drafts"], left["waiting"], left["events"]) == (0, 0, 2)
    assert points > 100


def test_a_kill_at_sampled_points(undisturbed: tuple[dict[str, object], int], tmp_path: Path) -> None:
    """Pitfall 17: killed once on its way, the worker ends with the same mails, the same memory, the same calendar."""
    kill_at(range(3, undisturbed[1], 19), play, undisturbed[0], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("share", range(8))
def test_a_kill_at_every_point(share: int, undisturbed: tuple[dict[str, object], int], tmp_path: Path) -> None:
    """The same at every single point."""
    kill_at(range(share, undisturbed[1], 8), play, undisturbed[0], tmp_path)


@pytest.mark.long
def test_a_second_kill_while_recovering(undisturbed: tuple[dict[str, object], int], tmp_path: Path) -> None:
    """Killed again while it finds out what the first kill left, the worker ends the same."""
    expected, points = undisturbed
    for at in range(5, points, 11):
        for later in (1, 4, 9, 15):
            fuse = Fuse(at, again=later)
            left = play(tmp_path / f"{at}-{later}", fuse)
            assert left == expected, f"killed {fuse.name} (points {at} and {later} later)"

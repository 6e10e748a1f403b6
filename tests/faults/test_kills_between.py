"""Captures and commands about several people: each word once and each answer once, wherever the worker is killed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.killing import kill_at, until_quiet
from tests.faults.tripwire import Fuse
from tests.story.test_between_captures import SAM, SAMS
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

CAPTURES = "Alex: the roadmap\nfeedback Sam: clear demo\nAleks: the offsite\npause Sam until 1 March 2027"
STEPS = (
    ("2026-11-05 12:00", "fresh", CAPTURES),
    ("2026-11-05 12:10", "question", "1"),
    ("2026-11-05 12:20", "fresh", "undo"),
    ("2026-11-05 12:30", "fresh", "Sam: the budget\nAlex: the hiring plan"),
    ("2026-11-05 12:40", "receipt", "undo"),
    ("2026-11-05 12:50", "fresh", "resume Sam"),
    ("2026-11-05 13:00", "fresh", "Alex: the retro"),
    ("2026-11-05 13:10", "receipt", "Sam: the office\nAlex: the tools"),
)
LATER = ("2026-11-19 09:00",)


def play(root: Path, fuse: Fuse) -> dict[str, object]:
    """Play captures, a question, an undo of each sort and a check-in, killed where the fuse says."""
    root.mkdir()
    world = World(root, CONFIG + PAIR + SAMS)
    for uid, name, address in (("a", "Alex Moreno", ALEX), ("s", "Sam Lee", SAM)):
        people = (("Dana Kim", DANA), (name, address))
        world.put(uid, event(uid, berlin("2026-12-15 10:00"), summary=f"1:1 {name}", people=people))
    until_quiet(world, berlin("2026-11-05 11:00"), Fuse())
    for number, (moment, answered, words) in enumerate(STEPS):
        if answered == "fresh":
            _write(world, words, berlin(moment), f"<fresh-{number}@x.org>")
        else:
            mail = world.newest(answered, DANA)
            world.reply(mail, words, berlin(moment), identity=f"<answer-{number}@x.org>")
        until_quiet(world, berlin(moment), fuse)
    for moment in LATER:
        until_quiet(world, berlin(moment), fuse)
    return _left(world)


def _write(world: World, words: str, at: datetime, identity: str) -> None:
    head = f"From: {DANA}\r\nTo: one-on-ones@example.com\r\nMessage-ID: {identity}\r\nSubject:\r\n"
    raw = f"{head}Date: {at:%a, %d %b %Y %H:%M:%S %z}\r\n\r\n{words}\r\n"
    world.deliver(raw.encode(), identity.strip("<>"))


def _left(world: World) -> dict[str, object]:
    found: dict[str, object] = {
        "mails": Counter((mail.kind, mail.to, mail["Subject"]) for mail in world.mails()),
        "waiting": len(list((world.root / "mail/in/new").iterdir())),
    }
    for person in (ALEX, SAM):
        history = world.history(person, berlin("2026-11-19 12:00"), "--private")
        found[f"{person} topics"] = sorted(topic["text"] for topic in history["topics"])
        found[f"{person} feedback"] = sorted((one["text"], one["follow_up_on"]) for one in history["feedback"])
        found[f"{person} notes"] = sorted(note["text"] for note in history["notes"])
    status = world.json("status", "--now", berlin("2026-11-19 12:00").isoformat())
    found["paused"] = [(pair["person"], pair["paused_until"]) for pair in status["pairs"]]
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], int]:
    """What is left when nothing is killed, and how many points that run passed."""
    fuse = Fuse()
    left = play(tmp_path_factory.mktemp("undisturbed") / "world", fuse)
    return left, fuse.passed


def test_the_undisturbed_run_is_the_whole_story(undisturbed: tuple[dict[str, object], int]) -> None:
    """The run that the others are held against: one answer for each mail, what was taken back gone, the rest there."""
    left, points = undisturbed
    mails = left["mails"]
    assert isinstance(mails, Counter)
    kinds: Counter[str] = Counter()
    for (kind, to, _), count in mails.items():
        kinds[kind] += count if to == DANA else 0
    assert (kinds["receipt"], kinds["question"], kinds["check-in"]) == (7, 1, 1)
    assert left[f"{ALEX} topics"] == ["the retro", "the roadmap", "the tools"]
    assert left[f"{SAM} topics"] == ["the office"]
    assert left[f"{SAM} feedback"] == [("clear demo", "2026-11-19")]
    assert left["paused"] == [(ALEX, None), (SAM, None)]
    assert left["waiting"] == 0
    assert points > 100


def test_a_kill_at_sampled_points(undisturbed: tuple[dict[str, object], int], tmp_path: Path) -> None:
    """Killed once on its way, the worker ends with the same mails and the same memory."""
    kill_at(range(7, undisturbed[1], 41), play, undisturbed[0], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("share", range(8))
def test_a_kill_at_every_point(share: int, undisturbed: tuple[dict[str, object], int], tmp_path: Path) -> None:
    """The same at every single point."""
    kill_at(range(share, undisturbed[1], 8), play, undisturbed[0], tmp_path)

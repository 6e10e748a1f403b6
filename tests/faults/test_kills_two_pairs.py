"""One mail about two pairs is two transactions: killed at every point between them, each word is kept once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.killing import until_quiet
from tests.faults.tripwire import Fuse, wire
from tests.story.test_between_captures import SAM, SAMS
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.tick import tick

BEFORE = "2026-11-05 12:00"
NOW = "2026-11-05 12:10"
LATER = "2026-11-05 12:20"
Mail = Callable[[World], object]


def two_pairs(root: Path) -> World:
    """Return Dana's world with Alex and Sam, after one capture about each of them; nothing is on its way."""
    root.mkdir()
    world = World(root, CONFIG + PAIR + SAMS)
    for uid, name, address in (("a", "Alex Moreno", ALEX), ("s", "Sam Lee", SAM)):
        people = (("Dana Kim", DANA), (name, address))
        world.put(uid, event(uid, berlin("2026-12-15 10:00"), summary=f"1:1 {name}", people=people))
    until_quiet(world, berlin("2026-11-05 11:00"), Fuse())
    world.write(DANA, "", "Alex: the retro\nSam: the budget", berlin("2026-11-05 11:30"))
    until_quiet(world, berlin("2026-11-05 11:30"), Fuse())
    world.write(DANA, "", "Alex: the roadmap", berlin(BEFORE))
    until_quiet(world, berlin(BEFORE), Fuse())
    return world


def of_its_own(world: World) -> None:
    """A mail that answers nothing, about both."""
    world.write(DANA, "", "Sam: the office\nfeedback Alex: clear demo\nnobody knows", berlin(NOW))


def in_answer(world: World) -> None:
    """An answer to the receipt of a capture about Alex, with a line about Sam: Alex's record is saved last."""
    world.reply(world.mails("receipt", DANA)[-1], "Alex: the tools\nSam: the office", berlin(NOW))


def taken_back(world: World) -> None:
    """`undo` in answer to the receipt of the mail about both."""
    world.reply(world.mails("receipt", DANA)[0], "undo", berlin(NOW))


def left(world: World) -> dict[str, object]:
    """Return what there is at the end."""
    found: dict[str, object] = {
        "mails": Counter((mail.kind, mail.to, mail.text.partition("Ref:")[0]) for mail in world.mails()),
        "waiting": len(list((world.root / "mail/in/new").iterdir())),
    }
    for person in (ALEX, SAM):
        history = world.history(person, berlin(LATER), "--private")
        found[person] = [sorted(one["text"] for one in history[table]) for table in ("topics", "feedback", "notes")]
    return found


@pytest.mark.parametrize(
    ("mail", "alex", "sam"),
    [
        (of_its_own, [["the retro", "the roadmap"], ["clear demo"], []], [["the budget", "the office"], [], []]),
        (in_answer, [["the retro", "the roadmap", "the tools"], [], []], [["the budget", "the office"], [], []]),
        (taken_back, [["the roadmap"], [], []], [[], [], []]),
    ],
)
def test_a_kill_at_every_point_of_a_mail_about_two_pairs(
    tmp_path: Path, mail: Mail, alex: list[list[str]], sam: list[list[str]]
) -> None:
    """Before and behind each save of the two pairs and the desk: the same memory, and one answer."""
    mail(two_pairs(tmp_path / "first"))
    undisturbed = Fuse()
    expected = _played(tmp_path / "first", tmp_path / "undisturbed", undisturbed)
    assert (expected[ALEX], expected[SAM], expected["waiting"]) == (alex, sam, 0)
    for at in range(undisturbed.passed):
        fuse = Fuse(at)
        assert _played(tmp_path / "first", tmp_path / str(at), fuse) == expected, f"killed {fuse.name} (point {at})"


def _played(first: Path, folder: Path, fuse: Fuse) -> dict[str, object]:
    """Return what is left after the mail was taken in from a copy of the world, killed where the fuse says."""
    world = _copied(first, folder)
    until_quiet(world, berlin(NOW), fuse)
    return left(world)


def _copied(first: Path, folder: Path) -> World:
    shutil.copytree(first, folder)
    world = World.__new__(World)
    world.root, world.calendar, world.config = folder, folder / "calendar" / "dana", folder / "followthrough.toml"
    return world


def test_the_points_are_those_between_the_saves(tmp_path: Path) -> None:
    """The sweep passes both saves of a pair and that of the desk, so that a kill between them is among its points."""
    world = two_pairs(tmp_path / "world")
    of_its_own(world)

    class Noted(Fuse):
        def point(self, name: str) -> None:
            names.append(name)
            super().point(name)

    names: list[str] = []
    tick(wire(open_office(load(world.config, {})), Noted()), berlin(NOW))
    taken = names[: names.index("before done")]
    assert taken.count("behind save_pair") == 2
    assert taken.index("behind save_pair") < taken.index("before save_desk")


def test_a_kill_while_an_address_changes(tmp_path: Path) -> None:
    """Killed at any point of the move to a new address, nothing is lost, doubled or mailed again."""
    world = two_pairs(tmp_path / "first")
    new = "alex.moreno@example.com"
    text = world.config.read_text().replace(f'"{ALEX}"', f'"{new}"')
    world.config.write_text(text.replace('name = "Alex', f'aliases = ["{ALEX}"]\nname = "Alex'))
    people = (("Dana Kim", DANA), ("Alex Moreno", new))
    world.put("a", event("a", berlin("2026-12-15 10:00"), summary="1:1 Alex Moreno", people=people))

    def played(folder: Path, fuse: Fuse) -> dict[str, object]:
        copy = _copied(tmp_path / "first", folder)
        until_quiet(copy, berlin(NOW), fuse)
        history = copy.history(new, berlin(LATER), "--private")
        return {table: history[table] for table in ("topics", "meetings")} | {"mails": len(copy.mails())}

    undisturbed = Fuse()
    expected = played(tmp_path / "undisturbed", undisturbed)
    assert [topic["text"] for topic in expected["topics"]] == ["the retro", "the roadmap"]  # type: ignore[attr-defined]
    assert expected["mails"] == len(world.mails())
    for at in range(undisturbed.passed):
        fuse = Fuse(at)
        assert played(tmp_path / str(at), fuse) == expected, f"killed {fuse.name} (point {at})"

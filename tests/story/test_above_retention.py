"""What is kept and what is forgotten, on disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

SHORT = '\n[retention]\nshared = "60 days"\nprivate = "30 days"\nraw_mail = "10 days"\n'
WORDS = "share\nHighlights: shared-canary\nPrivate notes: private-canary\nAction items:\nAlex: open-canary\n"


def holding(world: World, word: str) -> bool:
    """Whether any file of the data folder holds this word."""
    return any(word.encode() in file.read_bytes() for file in (world.root / "data").rglob("*") if file.is_file())


def used(tmp_path: Path) -> World:
    """Return a world in which one form was answered on 3 November and shared."""
    world = World(tmp_path, CONFIG + PAIR + SHORT)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    world.tick(berlin("2026-11-02 09:30"))
    world.tick(berlin("2026-11-03 10:45"))
    world.reply(world.newest("follow-up", DANA), WORDS, berlin("2026-11-03 11:00"))
    world.tick(berlin("2026-11-03 11:01"))
    return world


def texts(world: World, now: datetime) -> set[str]:
    """Return the notes that are still there."""
    return {note["text"] for note in world.history(ALEX, now, "--private")["notes"]}


def test_each_kind_for_its_own_time(tmp_path: Path) -> None:
    """Raw mails go first, private notes next, shared ones last; a promise that is open stays."""
    world = used(tmp_path)
    blobs = len(list((world.root / "data" / "blobs").rglob("*.eml")))
    assert blobs > 3
    world.tick(berlin("2026-11-10 12:00"))
    assert len(list((world.root / "data" / "blobs").rglob("*.eml"))) >= blobs
    world.tick(berlin("2026-11-18 12:00"))
    assert len(list((world.root / "data" / "blobs").rglob("*.eml"))) < blobs
    assert {"shared-canary", "private-canary"} <= texts(world, berlin("2026-11-18 12:01"))
    world.tick(berlin("2026-12-08 12:00"))
    kept = texts(world, berlin("2026-12-08 12:01"))
    assert "shared-canary" in kept
    assert "private-canary" not in kept
    assert not holding(world, "private-canary")
    world.tick(berlin("2027-01-08 12:00"))
    shown = world.history(ALEX, berlin("2027-01-08 12:01"), "--private")
    assert shown["notes"] == []
    assert {(one["text"], one["state"]) for one in shown["action_items"]} >= {("open-canary", "open")}
    assert not holding(world, "shared-canary")


def test_nothing_is_forgotten_before_its_time(tmp_path: Path) -> None:
    """With the usual times a year changes nothing but the bytes of mails."""
    world = World(tmp_path)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    world.tick(berlin("2026-11-03 10:45"))
    world.reply(world.newest("follow-up", DANA), WORDS, berlin("2026-11-03 11:00"))
    world.tick(berlin("2026-11-03 11:01"))
    before = texts(world, berlin("2026-11-03 11:02"))
    world.tick(berlin("2027-10-29 12:00"))
    assert texts(world, berlin("2027-10-29 12:01")) == before


def test_a_rehearsal_forgets_nothing(tmp_path: Path) -> None:
    """`tick --dry-run` leaves everything as it is."""
    world = used(tmp_path)
    world.tick(berlin("2027-01-08 12:00"), "--dry-run")
    assert holding(world, "private-canary")

"""First words: everybody is told once what this is, whatever dies in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.faults import KilledError
from tests.story.world import ALEX, DANA, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.model import Desk
from worker.store.tiny import TinyStore
from worker.tick import Office, tick


class Dying(TinyStore):
    """A store whose process dies before this person's desk is saved."""

    dies_at = ""

    def save_desk(self, desk: Desk) -> Desk:
        """Save a desk, or die."""
        if desk.email == self.dies_at:
            raise KilledError
        return super().save_desk(desk)


def opened(world: World, store: TinyStore | None = None) -> Office:
    """A process that just started."""
    office = open_office(load(world.config, {"FOLLOWTHROUGH_SECRET": "0" * 64}))
    return replace(office, store=store) if store is not None else office


@pytest.mark.parametrize(
    ("address", "kind", "moment", "words"),
    [
        (ALEX, "topics", "2026-11-02 09:00", "there is no password and nothing to click"),
        (DANA, "agenda", "2026-11-03 09:00", "I am a program, set up by your organisation."),
    ],
)
def test_no_crash_swallows_the_first_words(tmp_path: Path, address: str, kind: str, moment: str, words: str) -> None:
    """Where the worker dies before it noted that a first mail goes, that very mail goes, once, and says it."""
    world = World(tmp_path)
    world.put("a", event("a", berlin("2026-11-04 10:00"), rule="FREQ=WEEKLY;COUNT=3"))
    (world.root / "mail/out/new").mkdir(parents=True)
    tick(opened(world), berlin("2026-10-30 12:00"))
    if kind == "agenda":
        tick(opened(world), berlin("2026-11-02 09:00"))
    dying = Dying(world.root / "data")
    dying.dies_at = address
    with pytest.raises(KilledError):
        tick(opened(world, dying), berlin(moment))
    assert world.mails(kind, address) == []
    for _ in range(2):
        tick(opened(world), berlin(moment))
    (mail,) = world.mails(kind, address)
    assert words in " ".join(mail.text.split())
    desk = opened(world).store.load_desk(address)
    assert desk is not None
    assert (desk.first_mail_at if kind == "topics" else desk.told_at) == berlin(moment)

"""Playing a world with a worker that is killed on its way, each time begun anew as a new process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tests.faults.tripwire import Fuse, Killed, wire
from tests.story.world import World
from worker.commands.office import open_office
from worker.config import load
from worker.tick import tick

_TICKS = 14
Play = Callable[[Path, Fuse], dict[str, object]]


def until_quiet(world: World, moment: datetime, fuse: Fuse) -> None:
    """Tick, as a new process after each kill, until a tick has nothing to do."""
    for attempt in range(_TICKS):
        office = wire(open_office(load(world.config, {})), fuse)
        try:
            report = tick(office, moment + timedelta(seconds=attempt))
        except Killed:
            continue
        assert report.failed == []
        if not (report.sent or report.received or report.calendar):
            return
    raise AssertionError("the worker does not come to rest")


def kill_at(points: Iterable[int], play: Play, expected: dict[str, object], folder: Path) -> None:
    """Play once for each point, killed there, and hold what is left against what an undisturbed run leaves."""
    for at in points:
        fuse = Fuse(at)
        left = play(folder / str(at), fuse)
        assert left == expected, f"killed {fuse.name} (point {at})"

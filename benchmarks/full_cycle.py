"""A full cycle of one meeting (agenda, form, reply, receipt, calendar write) against its bare floor.

The floor renders the same templates with the same values, makes the same number of durable writes of the same sizes,
and parses the same mail. Bar: the cycle takes at most twice as long.
"""

from __future__ import annotations

import email
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.policy import SMTP
from pathlib import Path
from statistics import median
from typing import Any, cast

from tests.story.world import DANA, World, berlin, event
from worker.commands.office import open_office
from worker.commands.run import settle
from worker.config import load
from worker.store.disk import OsDisk
from worker.store.tiny import TinyStore
from worker.tick import Office, tick

ROUNDS, BAR = 9, 2.0
ANSWER = "Next check-in: in one week\nHighlights: shipped\nAction items:\nAlex sends the plan by Friday"


@dataclass
class Writes(OsDisk):
    """The real disk, which notes how many bytes each durable write had."""

    sizes: list[int] = field(default_factory=list)
    pending: int = 0

    def write(self, handle: int, data: bytes) -> int:
        """Write, and count."""
        self.pending += len(data)
        return super().write(handle, data)

    def sync(self, handle: int) -> None:
        """Wait for the disk, and note what was waited for."""
        self.sizes.append(self.pending)
        self.pending = 0
        super().sync(handle)


Rendering = tuple[Any, tuple[Any, ...], dict[str, Any]]
"""A template, and the arguments with which it was rendered."""


@dataclass(frozen=True)
class Noted:
    """A template whose rendering is noted."""

    real: Any
    calls: list[Rendering]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # stands in for any attribute
        """Return the real attribute."""
        return getattr(self.real, name)

    def render(self, *arguments: Any, **values: Any) -> str:  # noqa: ANN401  # jinja2's own signature
        """Render, and note it."""
        self.calls.append((self.real, arguments, values))
        return str(self.real.render(*arguments, **values))


@dataclass
class Renders:
    """An environment that notes what is rendered, and with which values."""

    real: Any
    calls: list[Rendering] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # stands in for any attribute of the environment
        """Return the real attribute."""
        return getattr(self.real, name)

    def get_template(self, name: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401  # jinja2's own signature
        """Return a template whose rendering is noted."""
        return Noted(self.real.get_template(name, *more, **named), self.calls)


@dataclass
class Spans:
    """The parts of a cycle that are the worker's: how long they took, what they rendered, what they wrote durably."""

    disk: Writes
    noted: Renders
    sent: Path
    seconds: float = 0.0
    renderings: list[Rendering] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    _before: set[Path] = field(default_factory=set)
    _begin: float = 0.0

    def __enter__(self) -> None:
        """Begin a part."""
        self._before = set(self.sent.iterdir()) if self.sent.exists() else set()
        self.disk.sizes.clear()
        self.noted.calls.clear()
        self._begin = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        """End it, and note what it did."""
        self.seconds += time.perf_counter() - self._begin
        self.renderings += self.noted.calls
        self.sizes += self.disk.sizes
        self.sizes += [file.stat().st_size for file in set(self.sent.iterdir()) - self._before]


def main() -> int:
    """Measure, print, and return 1 where the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        rounds, shape = _weeks(Path(folder) / "world")
    cycles, floors = ([pair[part] for pair in rounds] for part in (0, 1))
    ratio = median(cycle / floor for cycle, floor in rounds)
    print(
        f"{shape}; cycle {median(cycles) * 1e3:.0f} ms, floor {median(floors) * 1e3:.0f} ms, "
        f"ratio {ratio:.2f} (bar {BAR})"
    )
    return int(ratio > BAR)


def _weeks(root: Path) -> tuple[list[tuple[float, float]], str]:
    """Let one resident worker live through a 1:1 a week; return (cycle, floor) in seconds for each but the first."""
    root.mkdir()
    world = World(root)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    office = open_office(load(world.config, {"FOLLOWTHROUGH_SECRET": "0" * 64}))
    disk, noted = Writes(), Renders(office.environment)
    for number in range(256):  # a worker that has run for a while has the folders of its mails
        (root / f"data/blobs/{number:02x}").mkdir(mode=0o700, parents=True)
    office = replace(office, store=TinyStore(root / "data", disk=disk), environment=cast("Any", noted))
    rounds: list[tuple[float, float]] = []
    shape = ""
    for week in range(1 + ROUNDS):
        later = timedelta(weeks=week)
        tick(office, berlin("2026-10-30 12:00") + later)
        spans = Spans(disk, noted, root / "mail/out/new")
        reply = _cycle(office, world, later, spans)
        sizes = [*spans.sizes, max(file.stat().st_size for file in world.calendar.iterdir())]
        begin = time.perf_counter()
        _floor(root / "floor", spans.renderings, sizes, reply)
        if week == 0:
            settle()  # as the worker does after its first tick
        if week:  # the first one warms up
            rounds.append((spans.seconds, time.perf_counter() - begin))
        shape = f"{len(spans.renderings)} renderings, {len(sizes)} durable writes, 1 reply"
    return rounds, shape


def _cycle(office: Office, world: World, later: timedelta, spans: Spans) -> bytes:
    """Let the worker do the meeting of that week and return the answer that it read; `spans` takes what is timed."""
    tick(office, berlin("2026-11-02 08:30") + later)  # what a day begins with: digests, forgetting
    with spans:
        tick(office, berlin("2026-11-02 09:00") + later)
    tick(office, berlin("2026-11-03 08:30") + later)
    with spans:
        tick(office, berlin("2026-11-03 10:45") + later)
    # What follows is the manager's own mail program.
    answer = world.reply(world.newest("follow-up", DANA), ANSWER, berlin("2026-11-03 11:00") + later)
    with spans:
        report = tick(office, berlin("2026-11-03 11:01") + later)
    assert report.calendar, "the cycle must end with a calendar write"
    return answer.as_bytes(policy=SMTP)


def _floor(folder: Path, renderings: list[Rendering], sizes: list[int], reply: bytes) -> None:
    folder.mkdir(exist_ok=True)
    for template, arguments, values in renderings:
        template.render(*arguments, **values)
    for number, size in enumerate(sizes):
        file = folder / f"floor-{number}"
        handle = os.open(file.with_suffix(".tmp"), os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(handle, b"x" * size)
        os.fsync(handle)
        os.close(handle)
        file.with_suffix(".tmp").rename(file)
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    email.message_from_bytes(reply)


if __name__ == "__main__":
    sys.exit(main())

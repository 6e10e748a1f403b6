"""The resident worker: the library `schedule` around one job that never raises, until a signal ends it.

It beats, it does not think: what is due is the tick's business. The beat comes every second because that is the cost of
a folder listing; a tick follows when the poll is over, when something becomes due, or when there is new mail.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import schedule
from filelock import FileLock, Timeout

from worker.errors import FollowthroughError, NeedsPersonError
from worker.tick import Report

BEAT_SECONDS = 1
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)


@contextmanager
def run_lock(folder: Path) -> Iterator[None]:
    """Hold `run.lock` for a worker's life. Raises NeedsPersonError where another one runs on the same data."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        text = f"{folder}: another `followthrough run` works on this folder: stop that one first, or leave it to it."
        raise NeedsPersonError(text) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def until_signalled() -> Iterator[threading.Event]:
    """Yield a flag that SIGTERM and SIGINT set; the step in hand is finished, and no other one is begun."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Loop:
    """Ticks until `stop` is set. `step` is one tick, `signature` a cheap value that differs when there is new mail.

    `report` gets what each tick did, `trouble` one line for each tick that could not be done. `next_tick` is when the
    next one is done at the latest, None: at the next beat. `settled` is called once, after the first beat: what the
    worker works with is loaded by then.
    """

    step: Callable[[datetime], Report]
    signature: Callable[[], str]
    poll: timedelta
    stop: threading.Event
    report: Callable[[Report], None]
    trouble: Callable[[str], None]
    settled: Callable[[], None] = lambda: None
    clock: Callable[[], datetime] = _now
    next_tick: datetime | None = None
    _seen: str = ""
    _failures: int = 0
    _told: str = field(default="", repr=False)

    def run(self) -> None:
        """Beat until stopped."""
        scheduler = schedule.Scheduler()
        scheduler.every(BEAT_SECONDS).seconds.do(self.beat)
        scheduler.run_all()
        self.settled()
        while not self.stop.wait(max(0.0, min(BEAT_SECONDS, scheduler.idle_seconds or 0.0))):
            scheduler.run_pending()

    def beat(self) -> None:
        """Do one tick where one is due. Never raises: `schedule` would run a raising job again on every pass."""
        now = self.clock()
        try:
            if self._is_due(now):
                self._tick(now)
        except FollowthroughError as error:
            self._failed(now, str(error))
        except Exception as error:  # noqa: BLE001  # one bad tick must not end the worker; the next may go well
            self._failed(now, f"the tick failed ({type(error).__name__}): it is tried again; see docs/operations.md.")

    def _is_due(self, now: datetime) -> bool:
        if self.next_tick is None or now >= self.next_tick:
            return True
        return self._failures == 0 and self.signature() != self._seen

    def _tick(self, now: datetime) -> None:
        # Taken before the tick: what arrives while it works differs from this, and is looked at on the next beat.
        seen = self.signature()
        report = self.step(now)
        self._seen, self._failures, self._told = seen, 0, ""
        self.next_tick = now + self.poll
        if report.next_due is not None:
            self.next_tick = max(now + timedelta(seconds=BEAT_SECONDS), min(self.next_tick, report.next_due))
        self.report(report)

    def _failed(self, now: datetime, text: str) -> None:
        self._failures += 1
        self.next_tick = now + min(_FIRST_PAUSE * 2 ** min(self._failures - 1, 10), _LONGEST_PAUSE)
        if text != self._told:
            self._told = text
            self.trouble(text)

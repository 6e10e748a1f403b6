from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.errors import NeedsPersonError, TryLaterError
from worker.loop import Loop, run_lock, until_signalled
from worker.tick import Report


class Steps:
    """A step that notes when it was done, and does what it is told."""

    def __init__(self, *results: Exception | timedelta | None) -> None:
        self.results = list(results)
        self.times: list[datetime] = []
        self.told: list[str] = []
        self.mail = "nothing"
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def clock(self) -> datetime:
        """Return the time that it is in the test."""
        return self.now

    def __call__(self, now: datetime) -> Report:
        """Note the moment, and do what comes next."""
        self.times.append(now)
        result = self.results.pop(0) if self.results else None
        if isinstance(result, Exception):
            raise result
        return Report(now, next_due=now + result if result is not None else None)


def loop(steps: Steps, poll: timedelta = timedelta(hours=1), stop: threading.Event | None = None) -> Loop:
    """Return a loop around these steps."""
    return Loop(
        step=steps,
        signature=lambda: steps.mail,
        poll=poll,
        stop=stop or threading.Event(),
        report=lambda _report: None,
        trouble=steps.told.append,
        clock=steps.clock,
    )


def beats(made: Loop, count: int, meanwhile: Callable[[int], None] = lambda _number: None) -> None:
    """Beat so many times without waiting."""
    for number in range(count):
        meanwhile(number)
        made.beat()


def test_the_first_beat_ticks_and_the_next_ones_wait() -> None:
    """A tick is done at once; until the poll is over and while nothing is new there is no other one."""
    steps = Steps()
    beats(loop(steps), 5)
    assert len(steps.times) == 1


def test_new_mail_is_read_on_the_next_beat() -> None:
    """A mail that arrives between two polls is not left waiting for the next one."""
    steps = Steps()

    def arrive(number: int) -> None:
        if number == 2:
            steps.mail = "one mail"

    beats(loop(steps), 5, arrive)
    assert len(steps.times) == 2


def test_the_poll_ticks_without_any_sign() -> None:
    """With nothing new and nothing due a tick is done once a poll."""
    steps = Steps()
    beats(loop(steps, timedelta(0)), 3)
    assert len(steps.times) == 3


def test_what_becomes_due_is_not_left_to_the_poll() -> None:
    """The loop wakes when the plan says that something becomes due, but never more often than it beats."""
    steps = Steps(timedelta(seconds=-5), timedelta(hours=2))
    made = loop(steps)
    beats(made, 3)
    assert len(steps.times) == 1
    steps.now += timedelta(seconds=1)
    beats(made, 3)
    assert len(steps.times) == 2
    steps.now += timedelta(hours=1)
    beats(made, 3)
    assert len(steps.times) == 3


def test_a_tick_that_raises_does_not_end_the_loop() -> None:
    """Pitfall 37: an error is told once; the loop goes on later, not at every beat, and is quiet once it is well."""
    steps = Steps(TryLaterError("disk", "is full"), ValueError("a private note"))
    made = loop(steps)
    beats(made, 4)
    assert len(steps.times) == 1
    assert steps.told == ["disk: is full"]
    steps.now += timedelta(minutes=10)
    beats(made, 4)
    assert len(steps.times) == 2
    assert len(steps.told) == 2
    assert "ValueError" in steps.told[1]
    assert "private note" not in steps.told[1]
    steps.now += timedelta(minutes=10)
    beats(made, 1)
    assert len(steps.times) == 3


def test_the_same_trouble_is_told_once() -> None:
    """What fails again in the same way is no new line."""
    steps = Steps(*[TryLaterError("disk", "is full") for _ in range(3)])
    made = loop(steps)
    for _ in range(3):
        steps.now += timedelta(minutes=10)
        made.beat()
    assert len(steps.times) == 3
    assert steps.told == ["disk: is full"]


def test_pauses_after_failures_grow_to_a_bound() -> None:
    """The pause doubles with each failure in a row, up to five minutes."""
    steps = Steps(*[TryLaterError("disk", "is full") for _ in range(12)])
    made = loop(steps)
    pauses = []
    for _ in range(12):
        steps.now += timedelta(minutes=10)
        made.beat()
        pauses.append(((made.next_tick or steps.times[-1]) - steps.times[-1]).total_seconds())
    assert pauses[:3] == [5, 10, 20]
    assert pauses[-1] == 300


def test_a_failing_signature_is_trouble_and_not_the_end() -> None:
    """A mailbox that cannot be listed is told like a tick that failed."""
    steps = Steps()
    made = loop(steps)

    def fail() -> str:
        raise TryLaterError("mailbox", "cannot be listed")

    made.signature = fail
    beats(made, 2)
    assert steps.told == ["mailbox: cannot be listed"]


def test_the_loop_ends_when_it_is_told_to() -> None:
    """Setting the flag ends the loop after the step in hand."""
    stop = threading.Event()
    steps = Steps()
    made = loop(steps, timedelta(0), stop)
    thread = threading.Thread(target=made.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not steps.times and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert steps.times


def test_the_loop_tells_once_that_the_first_tick_is_done() -> None:
    """Whoever owns the process is told after the first tick and not again; the loop itself sets nothing for others."""
    collector, stop, calls = gc.get_threshold(), threading.Event(), []
    steps = Steps()
    made = loop(steps, timedelta(0), stop)
    made.settled = lambda: calls.append(len(steps.times))
    made.report = lambda _report: stop.set() if len(steps.times) == 2 else None
    made.run()
    assert (calls, len(steps.times), gc.get_threshold()) == ([1], 2, collector)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_set_the_flag_and_are_put_back(number: signal.Signals) -> None:
    """SIGTERM and SIGINT ask for the end; afterwards they mean what they meant before."""
    before = signal.getsignal(number)
    with until_signalled() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(5)
    assert signal.getsignal(number) is before


def _hold(folder: Path, held: multiprocessing.synchronize.Event) -> None:
    with run_lock(folder):
        held.set()
        time.sleep(30)


def test_one_worker_on_one_folder(tmp_path: Path) -> None:
    """A second worker is refused while the first lives, and let in once that one is dead, however it died."""
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "data", held))
    other.start()
    assert held.wait(30)
    try:
        with pytest.raises(NeedsPersonError, match="another `followthrough run`"), run_lock(tmp_path / "data"):
            pass
    finally:
        other.kill()
        other.join()
    with run_lock(tmp_path / "data"):
        assert (tmp_path / "data" / "run.lock").exists()


def test_times_are_aware() -> None:
    """Every step gets an aware moment in UTC."""
    steps = Steps()
    beats(loop(steps), 1)
    assert steps.times[0].tzinfo is UTC

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.support import Caller

SECONDS = 30.0


# A worker that says at its end how its process looks for garbage.
COUNTING = """
import gc, sys, worker.cli
code = worker.cli.main(sys.argv[1:])
print("garbage:", gc.get_threshold()[0], "frozen" if gc.get_freeze_count() > 10_000 else "")
sys.exit(code)
"""


@contextmanager
def worker(file: Path, *words: str, program: tuple[str, ...] = ("-m", "worker")) -> Iterator[subprocess.Popen[str]]:
    """Run a worker whose output is a file beside its configuration, and end it."""
    out = file.with_name("out.txt")
    with out.open("w", encoding="utf-8") as stream:
        command = [sys.executable, "-u", *program, "--config", str(file), "run", *words]
        process = subprocess.Popen(command, stdout=stream, stderr=stream, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(file: Path, text: str) -> str:
    """Return what the worker printed once it has printed this."""
    out = file.with_name("out.txt")
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        printed = out.read_text(encoding="utf-8")
        if text in printed:
            return printed
        time.sleep(0.05)
    raise AssertionError(out.read_text(encoding="utf-8"))


@pytest.fixture
def sample(call: Caller) -> Caller:
    """The sample that `make run` makes, relative to the present."""
    assert call.bare("init", "--sample", str(call.folder)).code == 0
    return call


def test_a_newcomer_sees_mails_and_what_to_type(sample: Caller) -> None:
    """With the sample, mails are listed, the form is printed, and the line to type answers it."""
    with worker(sample.file, "--show") as process:
        printed = wait_for(sample.file, "type in a second terminal")
        lines = printed.splitlines()
        assert [line for line in lines if re.match(r"\d\d:\d\d:\d\d  follow-up +dana@example.com +1:1 Alex", line)]
        assert "Next check-in:" in lines
        typed = re.search(r"(?m)^  followthrough (--config \S+) answer '(.+)'$", printed)
        assert typed is not None
        assert typed[1] == f"--config {sample.file}"
        assert sample("answer", typed[2]).code == 0
        wait_for(sample.file, "receipt")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert "ended cleanly" in wait_for(sample.file, "ended cleanly")
    assert sample.mails("receipt")


def test_a_log_has_counts_and_no_content(sample: Caller) -> None:
    """Where nobody looks, a tick is one line of counts without addresses, subjects or texts."""
    with worker(sample.file) as process:
        printed = wait_for(sample.file, "sent=")
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0
    assert "@example.com" not in printed
    assert "Alex" not in printed
    assert re.search(r"(?m)^\S+ tick received=0 sent=\d+ calendar=0 failed=0$", printed)


def test_a_settled_worker_looks_for_garbage_less_often(sample: Caller) -> None:
    """After its first tick `run` takes what is loaded out of the collector's rounds, for the process that it owns."""
    with worker(sample.file, program=("-c", COUNTING)) as process:
        wait_for(sample.file, "sent=")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert "garbage: 10000 frozen" in wait_for(sample.file, "garbage:")


def test_a_second_worker_is_refused(sample: Caller) -> None:
    """A second `run` on the same folder exits 1 at once and says so; the first goes on."""
    with worker(sample.file, "--show") as process:
        wait_for(sample.file, "works on")
        second = sample("run")
        assert second.code == 1
        assert "another `followthrough run` works on this folder" in second.err
        assert process.poll() is None


def test_a_command_works_beside_the_worker(sample: Caller) -> None:
    """While a worker runs, `tick`, `status` and `answer` work, and nobody gets a mail twice."""
    with worker(sample.file, "--show"):
        wait_for(sample.file, "type in a second terminal")
        assert sample("tick", "--json").json["sent"] == []
        assert sample("status").code == 0
        mails = [(mail.kind, mail.to, mail.subject) for mail in sample.mails()]
        assert len(set(mails)) == len(mails)


def test_the_worker_survives_a_missing_calendar(sample: Caller) -> None:
    """A calendar that goes away is told once on stderr; the worker goes on and reads it when it is back."""
    calendar = sample.folder / "calendar" / "dana"
    calendar.rename(sample.folder / "away")
    with worker(sample.file, "--show") as process:
        wait_for(sample.file, str(calendar))
        (sample.folder / "away").rename(calendar)
        assert process.poll() is None

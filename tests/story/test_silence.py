"""What people wrote stands in no log, at DEBUG, no error, no traceback and no line that the worker prints."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.faults.tripwire import Fuse, Killed, wire
from tests.story.world import ALEX, CONFIG, DANA, PAIR, WORKER, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.tick import tick

BIRD = "canarybird"
FORM = f"""share
Highlights: {BIRD} highlights
Priorities: {BIRD} priorities
Support: {BIRD} support
Feedback: {BIRD} feedback, follow up in 2 weeks
Follow-up: {BIRD} follow-up
Action items:
Alex sends the {BIRD} by Friday
[ ] Dana {BIRD} by the 45th of nowhere
Private notes: {BIRD} private
"""
CAPTURES = f"""Alex: {BIRD} topic
feedback Alex: {BIRD} praise, follow up on 03/04
private Alex: {BIRD} secret
goal Alex: {BIRD} goal by 1 March, every 4 weeks
review done Alex: {BIRD} review
remind me on Friday of the {BIRD}
Nobody: {BIRD} unknown
{BIRD} in free words
"""
HOSTILE = f"""From: {DANA}
From: {BIRD}@example.com
To: {WORKER}
Message-ID: <hostile-{BIRD}@x.org>
Subject: =?utf-8?B?{BIRD}?=
Content-Type: multipart/mixed; boundary="{BIRD}

--{BIRD}
Content-Type: text/plain; charset="{BIRD}"
Content-Transfer-Encoding: base64

{BIRD}===
"""


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any library logs from DEBUG on, tracebacks included."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.captureWarnings(capture=True)
    try:
        yield text
    finally:
        logging.captureWarnings(capture=False)
        root.setLevel(level)
        root.removeHandler(handler)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A 1:1 on 3 November whose event, and whose neighbours in the calendar, are full of the word."""
    world = World(tmp_path, CONFIG + PAIR)
    extra = f"LOCATION:{BIRD} room\nDESCRIPTION:{BIRD}\nCOMMENT:{BIRD}\nX-{BIRD}:{BIRD}"
    world.put("first", event("first", berlin("2026-11-03 10:00"), summary=f"1:1 {BIRD}", extra=extra))
    world.put("torn", f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{BIRD}\nDTSTART:{BIRD}\n")
    world.put("odd", event("odd", berlin("2026-11-04 10:00"), rule=f"FREQ={BIRD}", summary=BIRD))
    return world


def mails(world: World, at: datetime) -> None:
    """Deliver a mail of every kind that people and robots send."""
    world.reply(world.newest("follow-up", DANA), FORM, at)
    world.write(DANA, BIRD, CAPTURES, at)
    world.write(ALEX, BIRD, f"{BIRD} topic\nprivate: {BIRD}\n", at)
    world.write("stranger@elsewhere.example", BIRD, BIRD, at)
    world.write(DANA, f"Fwd: {BIRD}", f"Alex: look\n\n---------- Forwarded message ---------\n{BIRD}", at)
    robot = EmailMessage()
    robot["From"], robot["To"], robot["Subject"] = ALEX, WORKER, f"Automatic reply: {BIRD}"
    robot["Auto-Submitted"], robot["Message-ID"] = "auto-replied", "<robot@x.org>"
    robot.set_content(f"{BIRD} until 9 November")
    world.deliver(robot.as_bytes(), "robot")
    world.deliver(HOSTILE.encode(), "hostile")
    world.deliver(f"From: {DANA}\r\nSubject: {BIRD}\r\n\r\n{BIRD}\r\n".encode() + b"\x00\xff" * 999, "bytes")
    world.deliver(f"From: {DANA}\r\n\r\n".encode() + f"{BIRD}\r\n".encode() * 200_000, "large")


def printed(world: World, *arguments: str) -> str:
    """Return what a command prints, both ways."""
    _, out, err = world.run(*arguments)
    return out + err


def test_ticks_with_every_kind_of_mail(world: World, logged: io.StringIO) -> None:
    """Fine mails, hostile ones and broken calendars: counts, addresses and kinds are said, and not one word more."""
    world.tick(berlin("2026-10-30 09:00"))
    world.tick(berlin("2026-11-03 10:45"))
    mails(world, berlin("2026-11-03 11:00"))
    said = printed(world, "tick", "--now", berlin("2026-11-03 11:00").isoformat(), "--dry-run")
    said += printed(world, "tick", "--now", berlin("2026-11-03 11:00").isoformat(), "--json")
    said += printed(world, "tick", "--now", berlin("2026-11-17 09:00").isoformat())
    for command in ("status", "check"):
        said += printed(world, command, "--now", berlin("2026-11-17 09:10").isoformat())
    said += printed(world, "report", "--to", str(world.root / "report.html"), "--now", "2026-11-17T09:10:00+01:00")
    kept = world.history(ALEX, berlin("2026-11-17 10:00"), "--private")
    assert BIRD in json.dumps(kept)
    assert BIRD in "".join(mail.text for mail in world.mails("check-in", DANA))
    assert BIRD not in said.replace(f"<hostile-{BIRD}@x.org>", "")
    assert BIRD not in logged.getvalue()


def test_errors_name_no_words(world: World, logged: io.StringIO) -> None:
    """A mail that cannot go out, a damaged file, a template that does not render: each is told by name alone."""
    world.tick(berlin("2026-11-03 10:45"))
    mails(world, berlin("2026-11-03 11:00"))
    out = world.root / "mail" / "out"
    out.rename(world.root / "aside")
    out.write_text("in the way")
    said = printed(world, "tick", "--now", berlin("2026-11-03 11:00").isoformat())
    assert "send receipt" in said
    out.unlink()
    (world.root / "aside").rename(out)
    for file in (world.root / "data").rglob("*.json"):
        if BIRD in file.read_text(encoding="utf-8"):
            file.write_text(file.read_text(encoding="utf-8").replace(BIRD, f"{BIRD}\x00", 1), encoding="utf-8")
    said += printed(world, "tick", "--now", berlin("2026-11-03 12:00").isoformat())
    said += printed(world, "history", ALEX)
    assert BIRD not in said
    assert BIRD not in logged.getvalue()


def test_the_traceback_of_a_kill_names_no_words(world: World, logged: io.StringIO) -> None:
    """Killed at any effect while such mails are taken in, the whole traceback is code alone."""
    world.tick(berlin("2026-11-03 10:45"))
    mails(world, berlin("2026-11-03 11:00"))
    found = []
    for at in range(0, 120, 8):
        office = wire(open_office(load(world.config, {})), Fuse(at))
        try:
            tick(office, berlin("2026-11-03 11:00") + timedelta(seconds=at))
        except Killed as killed:
            found.append("".join(traceback.format_exception(killed)))
            logging.getLogger().exception("killed")
    assert len(found) > 3
    assert BIRD not in "".join(found)
    assert BIRD not in logged.getvalue()


def test_a_process_in_development_mode_is_silent_too(world: World) -> None:
    """Python's own warnings and the debugging switch add no word of anybody's."""
    world.tick(berlin("2026-11-03 10:45"))
    mails(world, berlin("2026-11-03 11:00"))
    command = [sys.executable, "-X", "dev", "-m", "worker", "--config", str(world.config)]
    words = ["tick", "--now", berlin("2026-11-03 11:00").isoformat()]
    environ = {**os.environ, "FOLLOWTHROUGH_DEBUG": "1"}
    done = subprocess.run([*command, *words], check=False, capture_output=True, text=True, env=environ)
    assert "receipt" in done.stdout
    assert BIRD not in done.stdout + done.stderr

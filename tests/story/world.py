"""A small office on disk, driven from outside: the command line, a calendar folder, two mail folders."""

from __future__ import annotations

import contextlib
import email
import email.policy
import email.utils
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
WORKER = "one-on-ones@example.com"
DANA = "dana@example.com"
ALEX = "alex@example.com"

CONFIG = """
timezone = "Europe/Berlin"

[mail]
provider = "files"
address = "one-on-ones@example.com"
path = "mail"

[[managers]]
email = "dana@example.com"
name = "Dana Kim"
timezone = "Europe/Berlin"
calendar = { provider = "files", path = "calendar/dana" }

[[people]]
email = "alex@example.com"
name = "Alex Moreno"
timezone = "Europe/Berlin"
"""

PAIR = """
[[pairs]]
manager = "dana@example.com"
person = "alex@example.com"
"""


def berlin(text: str) -> datetime:
    """Return a wall-clock time of Berlin, written `2026-11-03 10:00`, as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def event(  # the parts of an event
    uid: str,
    start: datetime,
    minutes: int = 30,
    *,
    rule: str = "",
    summary: str = "1:1 Dana / Alex",
    people: Sequence[tuple[str, str]] = (("Dana Kim", DANA), ("Alex Moreno", ALEX)),
    extra: str = "",
) -> str:
    """Return a calendar object with one VEVENT whose times stand in Berlin time; the first of `people` organizes it."""
    end = datetime.fromtimestamp(start.timestamp() + minutes * 60, BERLIN)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Calendar//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261001T090000Z",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"SUMMARY:{summary}",
        f"ORGANIZER;CN={people[0][0]}:mailto:{people[0][1]}",
        *(f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED:mailto:{address}" for name, address in people),
        *extra.splitlines(),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


@dataclass(frozen=True)
class Mail:
    """A mail that the worker sent."""

    message: EmailMessage
    file: Path

    def __getitem__(self, header: str) -> str:
        """Return a header as text."""
        return str(self.message[header] or "")

    @property
    def kind(self) -> str:
        """The kind of mail."""
        return self["X-Followthrough-Kind"]

    @property
    def to(self) -> str:
        """The one address that it went to."""
        return email.utils.parseaddr(self["To"])[1]

    @property
    def text(self) -> str:
        """The plain text."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    def numbered(self, words: str) -> int:
        """Return the number under which a line with these words stands."""
        for line in self.text.splitlines():
            number, dot, rest = line.strip().partition(".")
            if dot and number.isdigit() and words in rest:
                return int(number)
        raise AssertionError(f"no numbered line with {words!r} in:\n{self.text}")


class World:
    """The folder, and what a person and a script can do with it. `invites`: its calendars invite by themselves."""

    invites = False

    def __init__(self, root: Path, config: str = CONFIG + PAIR) -> None:
        self.root = root
        self.calendar = root / "calendar" / "dana"
        self.calendar.mkdir(parents=True)
        self.config = root / "followthrough.toml"
        self.config.write_text(config)
        self._numbers = count(1)

    # ------------------------------------------------------------------------------------------------ the command line

    def run(self, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
        """Call the command in this process and return exit code, standard output, standard error."""
        from worker.cli import main

        printed, complained = io.BytesIO(), io.BytesIO()
        out, err = io.TextIOWrapper(printed, "utf-8"), io.TextIOWrapper(complained, "utf-8")
        before = sys.stdin
        sys.stdin = io.StringIO(text or "")
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(["--config", str(self.config), *arguments])
        finally:
            sys.stdin = before
        out.flush()
        err.flush()
        return code, printed.getvalue().decode(), complained.getvalue().decode()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the command as a process of its own."""
        command = [sys.executable, "-m", "worker", "--config", str(self.config), *arguments]
        return subprocess.Popen(
            command, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
        )

    def json(self, *arguments: str) -> dict[str, Any]:
        """Call a command with --json and return its object; the call must succeed."""
        code, out, err = self.run(*arguments, "--json")
        assert code in (0, 1), err
        assert out, err
        found: dict[str, Any] = json.loads(out)
        return found

    def tick(self, now: datetime, *more: str) -> dict[str, Any]:
        """Let one tick pass at this moment."""
        return self.json("tick", "--now", now.isoformat(), *more)

    def history(self, person: str, now: datetime, *more: str) -> dict[str, Any]:
        """Return what is recorded with a person."""
        return self.json("history", person, "--now", now.isoformat(), *more)

    # ---------------------------------------------------------------------------------------------------------- mails

    def mails(self, kind: str = "", to: str = "") -> list[Mail]:
        """Return the mails that went out, oldest first."""
        found = [self._read(file) for file in (self.root / "mail" / "out" / "new").iterdir()]
        chosen = [mail for mail in found if kind in ("", mail.kind) and to in ("", mail.to)]
        return sorted(chosen, key=lambda mail: (email.utils.parsedate_to_datetime(mail["Date"]), mail.file.name))

    def newest(self, kind: str, to: str) -> Mail:
        """Return the newest mail of a kind to somebody."""
        return self.mails(kind, to)[-1]

    @staticmethod
    def _read(file: Path) -> Mail:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return Mail(message, file)

    def reply(self, mail: Mail, words: str, at: datetime, *, sender: str = "", identity: str = "") -> EmailMessage:
        """Answer a mail as a common client does: words on top, the mail quoted with `>` below; deliver it."""
        quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
        date = email.utils.format_datetime(email.utils.parsedate_to_datetime(mail["Date"]))
        answer = EmailMessage()
        answer["From"] = sender or mail["To"]
        answer["To"] = mail["Reply-To"]
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["Date"] = email.utils.format_datetime(at)
        answer["Message-ID"] = identity or f"<answer-{next(self._numbers)}@mail.example.com>"
        answer["In-Reply-To"] = mail["Message-ID"]
        answer["References"] = f"{mail['References']} {mail['Message-ID']}".strip()
        answer.set_content(f"{words}\n\nOn {date}, Followthrough wrote:\n{quoted}\n")
        self.deliver(answer.as_bytes(policy=email.policy.SMTP), answer["Message-ID"].strip("<>"))
        return answer

    def write(self, sender: str, subject: str, words: str, at: datetime) -> EmailMessage:
        """Send a mail that answers nothing to the worker."""
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = WORKER
        mail["Subject"] = subject
        mail["Date"] = email.utils.format_datetime(at)
        mail["Message-ID"] = f"<fresh-{next(self._numbers)}@mail.example.com>"
        mail.set_content(words)
        self.deliver(mail.as_bytes(policy=email.policy.SMTP), mail["Message-ID"].strip("<>"))
        return mail

    def deliver(self, raw: bytes, name: str) -> None:
        """Put bytes into the incoming Maildir as a delivery agent does."""
        folder = self.root / "mail" / "in"
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        temporary = folder / "tmp" / name
        temporary.write_bytes(raw)
        temporary.rename(folder / "new" / name)

    # ------------------------------------------------------------------------------------------------------- calendar

    def put(self, uid: str, text: str) -> Path:
        """Put a calendar object into Dana's calendar."""
        file = self.calendar / f"{uid}.ics"
        file.write_bytes(text.encode())
        return file

    def events(self) -> Iterator[str]:
        """Yield the calendar objects of Dana's calendar as text."""
        for file in sorted(self.calendar.glob("*.ics")):
            yield file.read_text()

"""An office whose mailbox and calendars are with providers: the shipped fakes over HTTP, the command line as it is.

The configuration names base addresses (and authorities of certificates) and nothing else that a person would not write.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson
import requests

from tests.story.world import ALEX, BERLIN, DANA, WORKER, Mail, World, berlin
from worker.fakes.google import CLIENT, FakeGoogle

PEOPLE = """
[[people]]
email = "alex@example.com"
name = "Alex Moreno"
timezone = "Europe/Berlin"
"""


class Clock:
    """The providers' own time, which follows the moments that the story speaks of."""

    def __init__(self) -> None:
        self.now = berlin("2026-10-29 08:00")

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class Online(World):
    """What all providers have in common: time, settings, mails that are parsed, replies that arrive."""

    def __init__(self, root: Path, config: str, clock: Clock) -> None:
        super().__init__(root, config)
        self.clock = clock

    def run(self, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
        """Call a command; the providers' time is the one that it speaks of."""
        if "--now" in arguments:
            self.clock.now = datetime.fromisoformat(arguments[arguments.index("--now") + 1])
        return super().run(*arguments, text=text)

    def mails(self, kind: str = "", to: str = "") -> list[Mail]:
        """Return the mails that left, oldest first."""
        found = []
        for number, raw in enumerate(self.left()):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(Mail(message, Path(str(number))))
        return [mail for mail in found if kind in ("", mail.kind) and to in ("", mail.to)]

    def left(self) -> list[bytes]:
        """Return what left the worker's mailbox, in order."""
        raise NotImplementedError

    def sign_in(self, provider: str, account: str, *more: str) -> tuple[int, str, str]:
        """Call `login` as a process, open the address that it prints as a browser does, and return what came of it."""
        login = self.start("login", provider, "--account", account, "--no-browser", "--wait", "60", *more)
        assert login.stdout is not None
        printed = ""
        while not (found := re.search(r"(?m)^  (https?://\S+)$", printed)):
            line = login.stdout.readline().decode()
            if not line:
                break
            printed += line
        if found is not None:
            self.browse(found[1])
        out, err = login.communicate(timeout=60)
        return login.returncode, printed + out.decode(), err.decode()

    def browse(self, url: str) -> None:
        """Open an address and follow where it leads."""
        requests.get(url, timeout=30)


class GoogleOnline(Online):
    """Everything with Google: the worker's Gmail mailbox, and the calendars of Dana and Alex."""

    invites = True

    def __init__(self, root: Path, fake: FakeGoogle, clock: Clock, *, worker: str = WORKER, more: str = "") -> None:
        super().__init__(root, google_mail(root, fake, worker) + google_calendar(DANA) + PEOPLE + more, clock)
        self.fake = fake
        self.box = fake.add_mailbox(worker)
        for person in (DANA, ALEX):
            fake.add_calendar(person, "Europe/Berlin")

    def left(self) -> list[bytes]:
        """See Online."""
        return [raw for sender, raw in self.fake.mail.left if sender == self.box.address]

    def deliver(self, raw: bytes, name: str) -> None:
        """A mail arrives, with what Gmail finds out about its sender on top."""
        del name
        message = email.message_from_bytes(raw, policy=email.policy.default)
        domain = str(message["From"]).rpartition("@")[2].strip("> ")
        verdict = f"Authentication-Results: mx.google.com; dmarc=pass header.from={domain}\r\n"
        self.box.receive(verdict.encode() + raw, self.clock())

    def one_on_one(self, start: datetime, minutes: int = 30) -> dict[str, Any]:
        """Put a 1:1 of Dana and Alex into Dana's calendar, as she does in her browser."""
        return self.fake.calendars.add(DANA, google_event(start, minutes))


def google_event(start: datetime, minutes: int = 30) -> dict[str, Any]:
    """Return a 1:1 as Google Calendar stores one."""
    end = (start + timedelta(minutes=minutes)).astimezone(BERLIN)
    return {
        "summary": "1:1 Dana / Alex",
        "start": {"dateTime": start.isoformat(), "timeZone": "Europe/Berlin"},
        "end": {"dateTime": end.isoformat(), "timeZone": "Europe/Berlin"},
        "attendees": [
            {"email": DANA, "displayName": "Dana Kim", "responseStatus": "accepted"},
            {"email": ALEX, "displayName": "Alex Moreno", "responseStatus": "accepted"},
        ],
    }


def google_mail(root: Path, fake: FakeGoogle, worker: str) -> str:
    """Return the settings of a mailbox at Google, with the file of the OAuth client that they name."""
    client = root / "client.json"
    client.write_bytes(orjson.dumps(CLIENT))
    client.chmod(0o600)
    return f"""
timezone = "Europe/Berlin"

[google]
client_file = "client.json"
{google_addresses(fake)}

[mail]
provider = "google"
address = "{worker}"
"""


def google_addresses(fake: FakeGoogle) -> str:
    """Return the base addresses of the stand-in."""
    return f"""
calendar_address = "{fake.url}"
gmail_address = "{fake.url}"
directory_address = "{fake.url}"
token_address = "{fake.url}token"
consent_address = "{fake.url}o/oauth2/v2/auth"
"""


def google_calendar(manager: str, name: str = "Dana Kim") -> str:
    """Return the table of a manager whose calendar is with Google."""
    return f"""
[[managers]]
email = "{manager}"
name = "{name}"
timezone = "Europe/Berlin"
calendar = {{ provider = "google" }}
"""


@contextmanager
def at_google(root: Path, **settings: str) -> Iterator[GoogleOnline]:
    """Run a fake Google with its office; at the end nothing that either side sent may break Google's descriptions."""
    clock = Clock()
    with FakeGoogle(clock) as fake:
        yield GoogleOnline(root, fake, clock, **settings)
    assert fake.complaints == []

"""The demo's accounts with a provider: its stand-in on loopback, signed in to over HTTP like the real one."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from pathlib import Path
from typing import Protocol

import orjson
import requests

from worker.commands import sample
from worker.commands.accounts import Accounts
from worker.commands.answering import Asking, asking_in, deliver, sent_mails
from worker.commands.office import open_store
from worker.commands.settings_text import Answers, configuration
from worker.commands.sign_ins import PROVIDERS, Way
from worker.config import Config, load

WORKER = "one-on-ones@example.com"
_RULE = "FREQ=WEEKLY;INTERVAL=2"
_LENGTH = timedelta(minutes=30)


class Post(Protocol):
    """How the demo's mails leave and arrive."""

    def sent(self) -> Iterator[Asking]:
        """Yield every mail that the worker sent."""

    def deliver(self, message: EmailMessage, at: datetime) -> None:
        """Let an answer arrive."""


class FilesPost:
    """Two Maildirs."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def sent(self) -> Iterator[Asking]:
        """See Post."""
        yield from sent_mails(self._config)

    def deliver(self, message: EmailMessage, at: datetime) -> None:
        """See Post."""
        deliver(self._config, message, at)


class _Online:
    """A stand-in's mailbox."""

    def __init__(self, left: Callable[[], list[bytes]], arrive: Callable[[bytes, datetime], object]) -> None:
        self._left = left
        self._arrive = arrive

    def sent(self) -> Iterator[Asking]:
        """See Post."""
        for raw in self._left():
            mail = asking_in(raw)
            if mail is not None:
                yield mail

    def deliver(self, message: EmailMessage, at: datetime) -> None:
        """See Post."""
        self._arrive(message.as_bytes(policy=SMTP), at)


@contextmanager
def online(
    provider: str, folder: Path, zone: str, first: datetime, clock: Callable[[], datetime]
) -> Iterator[tuple[Accounts, Post]]:
    """Run a provider's stand-in in the time of `clock`, and yield accounts that are signed in to it.

    Dana's calendar has a 1:1 with Alex every two weeks, whose instance at `first` is the second one.
    """
    begin = _at_google if provider == "google" else _at_microsoft
    with begin(folder, first - timedelta(days=14), zone, clock) as (values, post, trusted):
        answers = Answers(
            address=WORKER,
            manager=sample.DANA[0],
            name=sample.DANA[1],
            timezone=zone,
            calendar="",
            mail="",
            calendar_provider=provider,
            mail_provider=provider,
            providers=values,
        )
        file = folder / "followthrough.toml"
        file.write_text(configuration(answers), encoding="utf-8")
        config = load(file, {})
        accounts = Accounts(config, open_store(config), clock)
        try:
            _sign_in(accounts, provider, trusted)
            yield accounts, post
        finally:
            accounts.close()


def _sign_in(accounts: Accounts, provider: str, trusted: str) -> None:
    """Let every account sign in: a thread opens the page and agrees, as a person does in a browser."""
    people: list[threading.Thread] = []

    def browse(url: str, _: int) -> None:
        person = threading.Thread(target=_agree, args=(url, trusted), daemon=True)
        person.start()
        people.append(person)

    way = Way(tell=lambda _: None, browse=browse, entropy=os.urandom, seconds=30)
    for wanted in PROVIDERS[provider].needed(accounts.config):
        PROVIDERS[provider].sign_in(accounts, wanted, way)
    for person in people:
        person.join()


def _agree(url: str, trusted: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(url, timeout=30, verify=trusted or True).text
        form = re.search(r'<form method="POST" action="([^"]+)">', page)
        if form is not None:
            fields = re.findall(r'name="([^"]+)" value="([^"]*)"', page)
            browser.post(unescape(form[1]), {name: unescape(value) for name, value in fields}, timeout=30)


Values = tuple[tuple[str, str, str], ...]


@contextmanager
def _at_google(
    folder: Path, start: datetime, zone: str, clock: Callable[[], datetime]
) -> Iterator[tuple[Values, Post, str]]:
    from worker.fakes.google import CLIENT, FakeGoogle

    with FakeGoogle(clock) as fake:
        client = folder / "client.json"
        client.write_bytes(orjson.dumps(CLIENT))
        client.chmod(0o600)
        for address, _ in (sample.DANA, sample.ALEX):
            fake.add_calendar(address, zone)
        box = fake.add_mailbox(WORKER)
        people = [
            {"email": address, "displayName": name, "responseStatus": "accepted"}
            for address, name in (sample.DANA, sample.ALEX)
        ]
        event = {
            "summary": "Dana / Alex",
            "start": {"dateTime": start.isoformat(), "timeZone": zone},
            "end": {"dateTime": (start + _LENGTH).isoformat(), "timeZone": zone},
            "recurrence": [f"RRULE:{_RULE}"],
            "attendees": people,
        }
        fake.calendars.add(sample.DANA[0], event)

        def arrive(raw: bytes, at: datetime) -> None:
            box.receive(b"Authentication-Results: mx.google.com; dmarc=pass header.from=example.com\r\n" + raw, at)

        keys = ("calendar_address", "gmail_address", "directory_address")
        values = (
            ("google", "client_file", "client.json"),
            *(("google", key, fake.url) for key in keys),
            ("google", "token_address", f"{fake.url}token"),
            ("google", "consent_address", f"{fake.url}o/oauth2/v2/auth"),
        )
        yield values, _Online(lambda: [raw for _, raw in fake.mail.left], arrive), ""


@contextmanager
def _at_microsoft(
    folder: Path, start: datetime, zone: str, clock: Callable[[], datetime]
) -> Iterator[tuple[Values, Post, str]]:
    from worker.fakes.microsoft import CLIENT_ID, TENANT, FakeMicrosoft

    del folder
    with FakeMicrosoft(clock) as fake:
        for address, _ in (sample.DANA, sample.ALEX):
            fake.add_calendar(address, zone)
            fake.add_mailbox(address)
        fake.add_mailbox(WORKER)
        times = {
            name: {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": zone}
            for name, at in (("start", start), ("end", start + _LENGTH))
        }
        guest = {
            "type": "required",
            "emailAddress": {"address": sample.ALEX[0], "name": sample.ALEX[1]},
            "status": {"response": "accepted", "time": "2026-10-01T09:00:00Z"},
        }
        day = f"{start:%A}".lower()
        pattern = {"type": "weekly", "interval": 2, "daysOfWeek": [day], "firstDayOfWeek": "monday"}
        recurrence = {"pattern": pattern, "range": {"type": "noEnd", "startDate": f"{start:%Y-%m-%d}"}}
        body = {"subject": "Dana / Alex", "attendees": [guest], "showAs": "busy", "recurrence": recurrence, **times}
        fake.calendars.add(sample.DANA[0], body)

        def left() -> list[bytes]:
            fake.mail.settle()
            return [raw for sender, raw in fake.mail.left if sender == WORKER]

        values = (
            ("microsoft", "client_id", CLIENT_ID),
            ("microsoft", "tenant", TENANT),
            ("microsoft", "graph_address", fake.url),
            ("microsoft", "authority", fake.url),
            ("http", "ca_file", str(fake.ca_file)),
        )
        yield values, _Online(left, lambda raw, _: fake.mail.deliver(raw)), str(fake.ca_file)

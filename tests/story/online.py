"""An office whose mailbox and calendars are with providers: the shipped fakes over HTTP, the command line as it is.

The configuration names base addresses and an authority of certificates, and nothing else that a person would not write.
"""

from __future__ import annotations

import email.policy
import email.utils
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Protocol

import orjson
import requests

from tests.story.world import ALEX, BERLIN, DANA, WORKER, Mail, World, berlin
from worker.fakes.google import CLIENT, FakeGoogle
from worker.fakes.microsoft import CLIENT_ID, TENANT, FakeMicrosoft

NAMES = {DANA: "Dana Kim", ALEX: "Alex Moreno"}
PERSON = """
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


class Vendor(Protocol):
    """One provider as people use it in a browser, and what a configuration says of it."""

    name: str
    directory: bool

    def list_person(
        self, address: str, *, aliases: tuple[str, ...] = (), manager: str = "", language: str = ""
    ) -> None:
        """Put somebody into the organisation's directory."""

    def settings(self, root: Path) -> str:
        """Return the provider's own table, with the files that it names."""

    def add_mailbox(self, address: str) -> None:
        """Give somebody a mailbox."""

    def add_calendar(self, owner: str) -> None:
        """Give somebody a calendar."""

    def one_on_one(self, manager: str, person: str, start: datetime) -> None:
        """Make an appointment of half an hour in the manager's calendar."""

    def arrives(self, worker: str, raw: bytes, at: datetime) -> None:
        """A mail arrives in the worker's mailbox, with what the provider finds out about its sender.

        What the mailbox's own address wrote was sent there, and arrives as mail to oneself does.
        """

    def forged(self, worker: str, raw: bytes) -> None:
        """A mail arrives whose sender the provider cannot vouch for."""

    def left(self, worker: str) -> list[bytes]:
        """Return what left the worker's mailbox, in order."""


class AtGoogle:
    """People at Google."""

    name = "google"
    directory = False

    def __init__(self, fake: FakeGoogle) -> None:
        self.fake = fake

    def list_person(
        self, address: str, *, aliases: tuple[str, ...] = (), manager: str = "", language: str = ""
    ) -> None:
        """See Vendor."""
        relations = [{"type": "manager", "value": manager}] if manager else []
        spoken = [{"languageCode": language, "preference": "preferred"}] if language else []
        person = {"name": {}, "aliases": list(aliases), "relations": relations, "languages": spoken}
        self.fake.mail.people[address] = person

    def settings(self, root: Path) -> str:
        """See Vendor."""
        client = root / "client.json"
        client.write_bytes(orjson.dumps(CLIENT))
        client.chmod(0o600)
        return f"""
[google]
client_file = "client.json"
directory = {str(self.directory).lower()}
calendar_address = "{self.fake.url}"
gmail_address = "{self.fake.url}"
directory_address = "{self.fake.url}"
token_address = "{self.fake.url}token"
consent_address = "{self.fake.url}o/oauth2/v2/auth"
"""

    def add_mailbox(self, address: str) -> None:
        """See Vendor."""
        self.fake.add_mailbox(address)

    def add_calendar(self, owner: str) -> None:
        """See Vendor."""
        self.fake.add_calendar(owner, "Europe/Berlin")

    def one_on_one(self, manager: str, person: str, start: datetime) -> None:
        """See Vendor."""
        both = [
            {"email": one, "displayName": NAMES.get(one, ""), "responseStatus": "accepted"} for one in (manager, person)
        ]
        end = (start + timedelta(minutes=30)).astimezone(BERLIN)
        body = {
            "summary": "1:1 Dana / Alex",
            "start": {"dateTime": start.isoformat(), "timeZone": "Europe/Berlin"},
            "end": {"dateTime": end.isoformat(), "timeZone": "Europe/Berlin"},
            "attendees": both,
        }
        self.fake.calendars.add(manager, body)

    def arrives(self, worker: str, raw: bytes, at: datetime) -> None:
        """See Vendor."""
        if sender_of(raw) == worker:
            self.fake.mail.mailboxes[worker].put(raw, {"SENT", "INBOX", "UNREAD"}, at)
            return
        verdict = (
            f"Authentication-Results: mx.google.com; dmarc=pass header.from={sender_of(raw).rpartition('@')[2]}\r\n"
        )
        self.fake.mail.mailboxes[worker].receive(verdict.encode() + raw, at)

    def forged(self, worker: str, raw: bytes) -> None:
        """See Vendor."""
        self.fake.mail.mailboxes[worker].receive(raw)

    def left(self, worker: str) -> list[bytes]:
        """See Vendor."""
        return [raw for sender, raw in self.fake.mail.left if sender == worker]


class AtMicrosoft:
    """People at Microsoft 365."""

    name = "microsoft"
    directory = False

    def __init__(self, fake: FakeMicrosoft) -> None:
        self.fake = fake

    def list_person(
        self, address: str, *, aliases: tuple[str, ...] = (), manager: str = "", language: str = ""
    ) -> None:
        """See Vendor."""
        self.fake.add_person(address, aliases=aliases, manager=manager, language=language or "en-US")

    def settings(self, root: Path) -> str:  # the shape of all
        """See Vendor."""
        return f"""
[microsoft]
client_id = "{CLIENT_ID}"
directory = {str(self.directory).lower()}
tenant = "{TENANT}"
graph_address = "{self.fake.url}"
authority = "{self.fake.url}"

[http]
ca_file = "{self.fake.ca_file}"
"""

    def add_mailbox(self, address: str) -> None:
        """See Vendor."""
        self.fake.add_mailbox(address)

    def add_calendar(self, owner: str) -> None:
        """See Vendor."""
        self.fake.add_calendar(owner, "W. Europe Standard Time")

    def one_on_one(self, manager: str, person: str, start: datetime) -> None:
        """See Vendor."""
        times = {
            name: {"dateTime": f"{at.astimezone(BERLIN):%Y-%m-%dT%H:%M:%S}", "timeZone": "W. Europe Standard Time"}
            for name, at in (("start", start), ("end", start + timedelta(minutes=30)))
        }
        guest = {
            "type": "required",
            "emailAddress": {"address": person, "name": NAMES.get(person, "")},
            "status": {"response": "accepted", "time": "2026-10-20T09:00:00Z"},
        }
        body = {"subject": "1:1 Dana / Alex", "attendees": [guest], "showAs": "busy", **times}
        self.fake.calendars.add(manager, body)

    def arrives(self, worker: str, raw: bytes, at: datetime) -> None:
        """See Vendor."""
        if sender_of(raw) == worker:
            self.fake.mail.mailboxes[worker].put(raw, "sentitems", at)
        self.fake.mail.deliver(raw, "pass")

    def forged(self, worker: str, raw: bytes) -> None:
        """See Vendor."""
        self.fake.mail.mailboxes[worker].receive(raw, inside=False, verdict="fail")

    def left(self, worker: str) -> list[bytes]:
        """See Vendor."""
        self.fake.mail.settle()
        return [raw for sender, raw in self.fake.mail.left if sender == worker]


def sender_of(raw: bytes) -> str:
    """Return a mail's sender."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return email.utils.parseaddr(str(message["From"]))[1].lower()


class Online(World):
    """What all providers have in common: time, settings, mails that are parsed, replies that arrive."""

    invites = True

    def __init__(
        self, root: Path, clock: Clock, mail: Vendor, calendars: Mapping[str, Vendor], *, worker: str, more: str
    ) -> None:
        vendors = {vendor.name: vendor for vendor in (mail, *calendars.values())}
        for owner, vendor in calendars.items():
            vendor.add_calendar(owner)
        for address in dict.fromkeys((worker, DANA, ALEX)):
            mail.add_mailbox(address)
        text = 'timezone = "Europe/Berlin"\n' + "".join(vendor.settings(root) for vendor in vendors.values())
        text += f'\n[mail]\nprovider = "{mail.name}"\naddress = "{worker}"\n'
        text += "".join(manager_table(owner, vendor.name) for owner, vendor in calendars.items())
        super().__init__(root, text + more)
        self.clock, self.vendor, self.diaries, self.worker = clock, mail, calendars, worker

    def run(self, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
        """Call a command; the providers' time is the one that it speaks of."""
        if "--now" in arguments:
            self.clock.now = datetime.fromisoformat(arguments[arguments.index("--now") + 1])
        return super().run(*arguments, text=text)

    def mails(self, kind: str = "", to: str = "") -> list[Mail]:
        """Return the mails that left, oldest first."""
        found = []
        for number, raw in enumerate(self.vendor.left(self.worker)):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(Mail(message, Path(str(number))))
        return [mail for mail in found if kind in ("", mail.kind) and to in ("", mail.to)]

    def deliver(self, raw: bytes, name: str) -> None:
        """A mail arrives now."""
        del name
        self.vendor.arrives(self.worker, raw, self.clock())

    def one_on_one(self, start: datetime) -> None:
        """Put a 1:1 of Dana and Alex into the calendars that show it."""
        self.diaries[DANA].one_on_one(DANA, ALEX, start)

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
        """Open an address and follow where it leads, by a redirection or by a form that sends itself."""
        trusted = [vendor.fake.ca_file for vendor in self._vendors() if isinstance(vendor, AtMicrosoft)]
        with requests.Session() as browser:
            browser.trust_env = False
            page = browser.get(url, timeout=30, verify=str(trusted[0]) if trusted else True).text
            form = re.search(r'<form method="POST" action="([^"]+)">', page)
            if form is not None:
                fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
                browser.post(unescape(form[1]), {name: unescape(value) for name, value in fields.items()}, timeout=30)

    def sign_everybody_in(self) -> None:
        """Sign in every account that the configuration names, once each."""
        accounts = {(self.vendor.name, self.worker)}
        accounts |= {(vendor.name, owner) for owner, vendor in self.diaries.items()}
        for provider, account in sorted(accounts):
            code, out, err = self.sign_in(provider, account)
            assert code == 0, out + err
            assert f"Signed in as {account}" in out

    def _vendors(self) -> tuple[Vendor, ...]:
        return (self.vendor, *self.diaries.values())


class GoogleOnline(Online):
    """Everything with Google, with the fake at hand."""

    def __init__(self, root: Path, clock: Clock, fake: FakeGoogle, *, worker: str, more: str) -> None:
        at = AtGoogle(fake)
        super().__init__(root, clock, at, {DANA: at}, worker=worker, more=more)
        self.fake = fake


def manager_table(manager: str, provider: str, name: str = "", more: str = "") -> str:
    """Return the table of a manager whose calendar is with a provider."""
    return f"""
[[managers]]
email = "{manager}"
name = "{name or NAMES.get(manager, "")}"
timezone = "Europe/Berlin"
{more}
calendar = {{ provider = "{provider}" }}
"""


@contextmanager
def at_google(root: Path, *, worker: str = WORKER, more: str = "") -> Iterator[GoogleOnline]:
    """Run a fake Google with its office; at the end nothing that either side sent may break Google's descriptions."""
    clock = Clock()
    with FakeGoogle(clock) as fake:
        yield GoogleOnline(root, clock, fake, worker=worker, more=PERSON + more)
    assert fake.complaints == []


@contextmanager
def both(clock: Clock) -> Iterator[tuple[AtGoogle, AtMicrosoft]]:
    """Run both fakes; at the end nothing that any side sent may break the vendors' own descriptions."""
    with ExitStack() as stack:
        google, microsoft = stack.enter_context(FakeGoogle(clock)), stack.enter_context(FakeMicrosoft(clock))
        yield AtGoogle(google), AtMicrosoft(microsoft)
    assert google.complaints == []
    assert microsoft.complaints == []

"""The worker through its command line with a mailbox at a real Dovecot and a calendar in a folder."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.providers.imap_submission import PASSWORD
from tests.providers.imap_world import MailboxWorld

pytestmark = pytest.mark.real

DANA = "dana@example.com"
VOUCHED = "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com"
# A Tuesday that is still to come: the calendar below begins two days after it.
TUESDAY = (datetime.now(UTC) + timedelta(days=7)).replace(hour=9, minute=30, second=0, microsecond=0)
TUESDAY += timedelta(days=(1 - TUESDAY.weekday()) % 7)

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:weekly
DTSTAMP:20261101T000000Z
DTSTART:{start:%Y%m%dT%H%M%SZ}
DURATION:PT30M
RRULE:FREQ=WEEKLY
SUMMARY:Dana / Alex
ORGANIZER;CN=Dana Kim:mailto:dana@example.com
ATTENDEE;CN=Dana Kim;PARTSTAT=ACCEPTED:mailto:dana@example.com
ATTENDEE;CN=Alex Moreno;PARTSTAT=ACCEPTED:mailto:alex@example.com
END:VEVENT
END:VCALENDAR
"""

CONFIG = """
timezone = "UTC"
[mail]
provider = "imap"
address = "one-on-ones@example.com"
authserv_id = "mx.example.com"
[imap]
imap_host = "localhost"
imap_port = {imap}
smtp_host = "localhost"
smtp_port = {smtp}
user = "{user}"
[http]
ca_file = "{authority}"
[[managers]]
email = "dana@example.com"
name = "Dana Kim"
calendar = {{ provider = "files", path = "calendar" }}
"""


@dataclass
class Office:
    """One manager, her calendar, and the worker as an administrator runs it."""

    folder: Path
    mailbox: MailboxWorld

    def __post_init__(self) -> None:
        (self.folder / "calendar").mkdir()
        event = EVENT.format(start=TUESDAY + timedelta(days=2)).replace("\n", "\r\n")
        (self.folder / "calendar" / "weekly.ics").write_bytes(event.encode())
        settings = self.mailbox.settings
        values = {"imap": settings.imap_port, "smtp": settings.smtp_port, "user": settings.user}
        text = CONFIG.format(authority=self.mailbox.server.authority, **values)
        (self.folder / "followthrough.toml").write_text(text)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Call the command."""
        command = [str(Path(sys.executable).parent / "followthrough"), "--config", "followthrough.toml", *words]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "FOLLOWTHROUGH_IMAP_PASSWORD": PASSWORD}
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def tick(self, **later: float) -> dict[str, Any]:
        """One tick, some time after the Tuesday's morning."""
        done = self.run("tick", "--json", "--now", (TUESDAY + timedelta(**later)).isoformat())
        assert done.stdout, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def mail(self, kind: str) -> EmailMessage:
        """The one mail of this kind that has left."""
        found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.mailbox.sent()]
        (mail,) = [each for each in found if each["X-Followthrough-Kind"] == kind]
        assert isinstance(mail, EmailMessage)
        return mail

    def answers(self, mail: EmailMessage, text: str, *headers: str) -> None:
        """Dana answers a mail, by its Reply-To, and the mail server delivers it to the sub-address."""
        to = str(mail["Reply-To"])
        lines = [*headers, f"From: Dana Kim <{DANA}>", f"To: {to}", "Subject: Re", f"Message-ID: <{text}@example.com>"]
        raw = "\r\n".join([*lines, "Date: Tue, 01 Dec 2026 09:35:00 +0000", "", text, ""]).encode()
        self.mailbox.delivered(raw, f"{self.mailbox.user}+{to.partition('+')[2].partition('@')[0]}")


@pytest.fixture
def office(tmp_path: Path, mailbox: MailboxWorld) -> Office:
    """An office on its first day."""
    return Office(tmp_path, mailbox)


def test_an_answer_that_nobody_vouches_for_is_kept_and_flagged(office: Office) -> None:
    """Without the server's word, or with a forged one below another's, an answer changes nothing and is flagged."""
    office.tick()
    welcome = office.mail("welcome")
    office.answers(welcome, "yes all", "Authentication-Results: mx.evil.example; dmarc=pass", VOUCHED)
    told = office.tick(minutes=10)
    assert [row["outcome"] for row in told["received"]] == ["not-authentic"]
    office.answers(welcome, "yes", VOUCHED)
    assert [row["outcome"] for row in office.tick(minutes=20)["received"]] == ["command"]
    assert [{"\\Flagged", "\\Seen"} & flags for flags, _ in office.mailbox.mails("INBOX")] == [
        {"\\Flagged", "\\Seen"},
        {"\\Seen"},
    ]


def test_a_mail_server_that_is_away_for_a_while(office: Office) -> None:
    """While the server is down the tick says so and goes on with the rest; then everything is done, once."""
    office.mailbox.server.stop()
    try:
        told = office.tick()
        assert (told["sent"], bool(told["failed"])) == ([], True)
        assert all("tried again by itself" in row["error"] for row in told["failed"])
    finally:
        office.mailbox.server.start()
    assert [row["kind"] for row in office.tick(hours=1)["sent"]] == ["welcome"]
    assert len(office.mailbox.sent()) == 1

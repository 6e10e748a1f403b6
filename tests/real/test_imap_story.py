"""The story of four weeks with a mailbox by IMAP, on a real Dovecot, through the command line alone."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.providers.contract import WORKER
from tests.providers.imap_submission import PASSWORD
from tests.providers.imap_world import MailboxWorld
from tests.story.test_four_weeks import FIRST, the_loop
from tests.story.world import DANA, PAIR, Mail, World, berlin, event
from worker.config import load

pytestmark = pytest.mark.real


class ByImap(World):
    """Dana's calendar is a folder, and the worker's mailbox a real one."""

    def __init__(self, root: Path, mailbox: MailboxWorld, *, address: str = WORKER, more: str = "") -> None:
        settings = mailbox.settings
        config = f"""
timezone = "Europe/Berlin"

[mail]
provider = "imap"
address = "{address}"
authserv_id = "mx.example.com"

[imap]
imap_host = "{settings.imap_host}"
imap_port = {settings.imap_port}
smtp_host = "{settings.smtp_host}"
smtp_port = {settings.smtp_port}
smtp_security = "tls"
user = "{mailbox.user}"
{more}

[http]
ca_file = "{settings.ca_file}"

[[managers]]
email = "{DANA}"
name = "Dana Kim"
timezone = "Europe/Berlin"
calendar = {{ provider = "files", path = "calendar/dana" }}

[[people]]
email = "alex@example.com"
name = "Alex Moreno"
timezone = "Europe/Berlin"
"""
        super().__init__(root, config + PAIR)
        self.mailbox = mailbox
        self.moment = FIRST

    def run(self, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
        """Call a command, and remember the moment that it speaks of."""
        if "--now" in arguments:
            self.moment = datetime.fromisoformat(arguments[arguments.index("--now") + 1])
        return super().run(*arguments, text=text)

    def mails(self, kind: str = "", to: str = "") -> list[Mail]:
        """Return the mails that left, oldest first."""
        found = []
        for number, raw in enumerate(self.mailbox.sent()):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(Mail(message, Path(str(number))))
        return [mail for mail in found if kind in ("", mail.kind) and to in ("", mail.to)]

    def deliver(self, raw: bytes, name: str) -> None:
        """A mail arrives, with what the receiving server found out on top."""
        del name
        verdict = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
        self.mailbox.receive(verdict + raw, self.moment)


@pytest.fixture
def world(tmp_path: Path, mailbox: MailboxWorld, monkeypatch: pytest.MonkeyPatch) -> ByImap:
    """A pair with a 1:1 on Tuesday 3 November; the password is in the environment."""
    monkeypatch.setenv("FOLLOWTHROUGH_IMAP_PASSWORD", PASSWORD)
    world = ByImap(tmp_path, mailbox)
    world.put("first", event("first", FIRST))
    return world


def test_the_loop_closes_by_imap(world: ByImap) -> None:
    """Four weeks of a pair whose mails go by SMTP and come by IMAP; afterwards no draft is left over."""
    the_loop(world)
    assert world.mailbox.mails("Drafts") == []
    assert len(world.mailbox.mails('"Outgoing & gone"'.replace("&", "&-"))) == len(world.mailbox.sent())


def test_a_sound_mailbox_passes_check(world: ByImap) -> None:
    """Check asks both servers, sends nothing, and has nothing against them once a mail was vouched for."""
    world.write(DANA, "hello", "hello", berlin("2026-10-29 08:00"))
    code, out, err = world.run("check", "--now", berlin("2026-10-29 09:00").isoformat())
    assert (code, err) == (0, "")
    assert "senders are vouched for by mx.example.com" in out
    assert world.mailbox.sent() == []


def test_a_wrong_password_is_told(world: ByImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that the server does not take is a sign-in that a person settles; nothing is lost meanwhile."""
    monkeypatch.setenv("FOLLOWTHROUGH_IMAP_PASSWORD", "another")
    now = berlin("2026-10-30 09:00")
    code, _, err = world.run("tick", "--now", now.isoformat())
    assert code == 1
    assert "FOLLOWTHROUGH_IMAP_PASSWORD" in err
    assert world.mails() == []
    monkeypatch.setenv("FOLLOWTHROUGH_IMAP_PASSWORD", PASSWORD)
    world.tick(berlin("2026-10-30 11:00"))
    assert [mail.kind for mail in world.mails()] == ["topics"]


def test_the_password_stands_nowhere(world: ByImap) -> None:
    """The password is in no file of the worker's and in nothing that shows the configuration."""
    world.tick(berlin("2026-10-30 09:00"))
    assert PASSWORD not in repr(load(world.config, {"FOLLOWTHROUGH_IMAP_PASSWORD": PASSWORD}))
    kept = b"".join(file.read_bytes() for file in world.root.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in kept

"""What `check` says of a mailbox by IMAP and SMTP, on a real Dovecot: each broken set-up with its own line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.contract import OTHER, WORKER, mail_of
from tests.providers.imap_submission import PASSWORD, Outgoing, free_port, submission
from tests.providers.imap_world import Dovecot, MailboxWorld
from worker.providers.findings import Finding
from worker.providers.imap import check_mailbox

pytestmark = pytest.mark.real

VOUCHED = b"Authentication-Results: MX.example.com;\r\n dmarc=pass header.from=example.com\r\n"


@pytest.fixture(autouse=True)
def now(mailbox: MailboxWorld) -> None:
    """Dovecot knows the real time only."""
    mailbox.clock.now = datetime.now(UTC)


def findings(mailbox: MailboxWorld, *, authserv_id: str = "mx.example.com", **settings: Any) -> list[Finding]:
    """What `check` finds."""
    changed = replace(mailbox.settings, **settings)
    return list(check_mailbox(changed, WORKER.upper(), mailbox.clock, authserv_id=authserv_id))


def wrong(found: list[Finding]) -> list[str]:
    """The lines about what is wrong."""
    return [str(each) for each in found if not each.ok]


def test_a_mailbox_that_is_well(mailbox: MailboxWorld) -> None:
    """A good set-up has one good line for each thing; nothing was sent, and the trial draft is gone."""
    mailbox.receive(VOUCHED + mail_of(1), mailbox.clock.now)
    found = findings(mailbox)
    assert wrong(found) == []
    lines = [each.what for each in found]
    server = f"localhost:{mailbox.settings.imap_port}"
    assert lines == [
        f"mailbox {WORKER}: {mailbox.user} is signed in at {server}, by TLS",
        f"mailbox {WORKER}: folders inbox INBOX, junk Unerwünscht, sent Outgoing & gone, drafts Drafts",
        f"mailbox {WORKER}: drafts are stored, marked (keywords) and removed",
        "clock agrees with the mail server's",
        f"mailbox {WORKER}: senders are vouched for by mx.example.com",
        f"sending: {mailbox.user} is signed in at localhost:{mailbox.settings.smtp_port}, by TLS",
        f"sending as {WORKER}, and to one-on-ones+check@example.com, is accepted",
    ]
    assert "see that it arrives" in found[-1].step
    assert (mailbox.sent(), mailbox.mails("Drafts")) == ([], [])


def test_a_password_that_is_wrong(mailbox: MailboxWorld) -> None:
    """A wrong password is wrong at both servers, each with where to correct it, and is not printed."""
    lines = wrong(findings(mailbox, password="not this one"))
    assert [line.partition(": ")[2].split(" ")[0] for line in lines] == ["mailbox", "sending"]
    assert all("FOLLOWTHROUGH_IMAP_PASSWORD" in line and "not this one" not in line for line in lines)


def test_servers_that_cannot_be_reached(mailbox: MailboxWorld) -> None:
    """A wrong port and an authority that is not known are told for each server."""
    lines = wrong(findings(mailbox, imap_port=free_port(), smtp_port=free_port()))
    assert ["cannot be reached" in line for line in lines] == [True, True]
    lines = wrong(findings(mailbox, ca_file=None))
    assert ["is not trusted" in line and "`ca_file` in [http]" in line for line in lines] == [True, True]
    (line,) = wrong(findings(mailbox, ca_file=mailbox.server.home / "missing.pem"))
    assert "http.ca_file" in line


@pytest.mark.parametrize(
    ("configured", "headers", "text"),
    [
        ("", VOUCHED, "no answer is believed: set `authserv_id` in [mail]; the newest mails name mx.example.com."),
        ("", b"", "set `authserv_id` in [mail]; look at Authentication-Results in a mail."),
        ("mx.other.example", VOUCHED, "the newest mails name mx.example.com: correct `authserv_id`"),
        ("mx.example.com", b"X: y\r\n", "no mail in the inbox names a server"),
    ],
)
def test_nobody_vouches_for_senders(mailbox: MailboxWorld, configured: str, headers: bytes, text: str) -> None:
    """Without the right `authserv_id` no answer counts: the line says so, and which name the newest mails have."""
    forged = b"Authentication-Results: evil.example; dmarc=pass\r\n"
    mailbox.receive(headers + forged + mail_of(1) if headers == VOUCHED else headers + mail_of(1), mailbox.clock.now)
    (line,) = wrong(findings(mailbox, authserv_id=configured))
    assert text in line
    assert "evil" not in line


@pytest.mark.parametrize(("hours", "text"), [(3, "ahead of the mail server's"), (-3, "behind the mail server's")])
def test_a_clock_that_is_wrong(mailbox: MailboxWorld, hours: int, text: str) -> None:
    """This machine's clock is held against the date that the server gives the trial draft."""
    mailbox.receive(VOUCHED + mail_of(1), mailbox.clock.now)
    mailbox.clock.now += timedelta(hours=hours)
    (line,) = wrong(findings(mailbox))
    assert text in line
    assert "NTP" in line


def test_an_address_that_may_not_be_used(mailbox: MailboxWorld) -> None:
    """A sender that is not allowed and a sub-address that is not known are told apart."""
    mailbox.receive(VOUCHED + mail_of(1), mailbox.clock.now)
    mailbox.outgoing.answers["MAIL"] = "553 5.7.1 Sender address rejected"
    (line,) = wrong(findings(mailbox))
    assert f"let {mailbox.user} send as {WORKER}" in line
    mailbox.outgoing.answers["RCPT"] = "550 5.1.1 User unknown"
    (line,) = wrong(findings(mailbox))
    assert "one-on-ones+check@example.com is not accepted" in line
    assert "`separator` in [mail]" in line
    assert mailbox.sent() == []


@pytest.fixture
def small(mail_server: Dovecot) -> Iterator[MailboxWorld]:
    """An account that holds one megabyte."""
    outgoing = Outgoing()
    with submission(outgoing, mail_server.home / "server.pem", security="tls") as port:
        yield MailboxWorld(mail_server, outgoing, mail_server.new_user("small"), port)


def test_a_mailbox_that_is_nearly_full(small: MailboxWorld) -> None:
    """The quota is told, and is wrong from nine tenths on; a full one cannot take the draft."""
    small.clock.now = datetime.now(UTC)
    line = b"x" * 998 + b"\r\n"
    small.receive(VOUCHED + mail_of(1) + line * 980, small.clock.now)
    (text,) = wrong(findings(small))
    assert "0.9 of 1.0 MB are used: remove mails or raise the quota." in text
    with small.client() as client:
        for filling in (line * 40, line, b"x: y\r\n\r\n"):
            while client.append("INBOX", "", "", filling)[0] == "OK":
                pass
    full = wrong(findings(small))
    assert any("the mailbox is full" in each for each in full)


def test_a_relay_without_tls_or_sign_in(mailbox: MailboxWorld) -> None:
    """On loopback TLS may be left out, and the line says so; elsewhere the settings refuse it."""
    mailbox.receive(VOUCHED + mail_of(1), mailbox.clock.now)
    with submission(mailbox.outgoing, mailbox.server.home, security="none") as port:
        found = findings(mailbox, smtp_port=port, smtp_security="none")
    assert wrong(found) == []
    assert any(each.what.endswith("on loopback, in clear") for each in found)


def test_nothing_secret_is_printed(mailbox: MailboxWorld) -> None:
    """Neither the password nor an address out of the mailbox stands in any line."""
    mailbox.receive(mail_of(1).replace(OTHER.encode(), b"canary@example.com"), mailbox.clock.now)
    text = " ".join(map(str, findings(mailbox)))
    assert PASSWORD not in text
    assert "canary" not in text

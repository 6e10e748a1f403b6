"""A person's own account by IMAP, on a real Dovecot: what concerns the worker and nothing else, proven by Sent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.providers.contract import OTHER, WORKER
from tests.providers.imap_world import MailboxWorld
from tests.providers.online import NOW
from worker.providers import Received
from worker.providers.imap import ImapMail

pytestmark = pytest.mark.real

# The owner is also the worker.
OWNER = WORKER
SUB_ADDRESS = f"one-on-ones+{'a' * 30}@example.com"
OURS = "<agenda-1@example.com>"
SENT = '"Outgoing &- gone"'
LONG_AGO = NOW - timedelta(hours=1)


def written(number: int, sender: str, to: str, *headers: str, body: str = "Hello") -> bytes:
    """A mail with further headers."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {number}", f"Message-ID: <r{number}@example.com>", *headers]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def own(mailbox: MailboxWorld) -> ImapMail:
    """The worker in its owner's account."""
    return mailbox.provider(own_account=True, is_ours=lambda name: name == OURS)


def fetched(mailbox: MailboxWorld) -> list[Received]:
    """What a first look brings."""
    return list(own(mailbox).fetch("").mails)


def test_only_what_concerns_the_worker_is_fetched(mailbox: MailboxWorld) -> None:
    """Mail to a sub-address and answers to our mails come; of all the others not one is fetched or marked."""
    mailbox.receive(written(1, OTHER, OWNER), LONG_AGO)
    mailbox.receive(written(2, OTHER, SUB_ADDRESS), LONG_AGO)
    mailbox.receive(written(3, OTHER, OWNER, f"In-Reply-To: {OURS}"), LONG_AGO + timedelta(minutes=1))
    mailbox.receive(written(4, OTHER, OWNER, "References: <others@example.com>"), LONG_AGO)
    mailbox.receive(written(5, OTHER, "one-on-ones+@example.com, x-one-on-ones+a@example.com"), LONG_AGO)
    mailbox.receive(written(6, OTHER, OWNER, f"Subject: {SUB_ADDRESS}", body=OURS), LONG_AGO)
    provider = own(mailbox)
    batch = provider.fetch("")
    assert [b"<r2@" in mail.raw or b"<r3@" in mail.raw for mail in batch.mails] == [True, True]
    for mail in batch.mails:
        provider.done(mail, refused=False)
    assert ["\\Seen" in flags for flags, _ in mailbox.mails("INBOX")] == [False, True, True, False, False, False]
    assert provider.fetch(batch.cursor).mails == ()


def test_the_workers_own_mail_stays_unread(mailbox: MailboxWorld) -> None:
    """An agenda that the worker sent to the owner, in answer to an earlier one, is not fetched and so not marked."""
    raw = written(1, OWNER, OWNER, f"References: {OURS}")
    provider = own(mailbox)
    provider.send(provider.draft("agenda", raw, ""))
    mailbox.receive(mailbox.sent()[0], LONG_AGO)
    assert own(mailbox).fetch("").mails == ()


def test_sent_is_the_proof_that_the_owner_wrote(mailbox: MailboxWorld) -> None:
    """A mail of the owner's counts as theirs where Sent has it, with the bytes that Sent has."""
    copy = written(1, OWNER, SUB_ADDRESS)
    mailbox.receive(copy, LONG_AGO, SENT)
    mailbox.receive(b"Received: from somewhere\r\n" + copy, LONG_AGO)
    (mail,) = fetched(mailbox)
    assert (mail.sent_by_owner, mail.raw) == (True, copy)


FORGED = {
    "no copy": None,
    "a copy of a mail to somebody else": written(1, OWNER, "eve@example.com"),
    "a copy by somebody else": written(1, "eve@example.com", SUB_ADDRESS),
    "a copy whose id only begins so": written(11, OWNER, SUB_ADDRESS).replace(b"<r11@", b"<xx-r1@"),
}


@pytest.mark.parametrize("copy", FORGED.values(), ids=FORGED)
def test_a_forged_mail_of_the_owners_is_not_proven(mailbox: MailboxWorld, copy: bytes | None) -> None:
    """The owner's address and a Message-ID that a correspondent has seen prove nothing."""
    if copy is not None:
        mailbox.receive(copy, LONG_AGO, SENT)
    forged = written(1, OWNER, SUB_ADDRESS, body="share")
    mailbox.receive(forged, LONG_AGO)
    (mail,) = fetched(mailbox)
    assert (mail.sent_by_owner, mail.raw, mail.server) == (False, forged, "")


def test_a_forged_body_under_a_true_id_counts_for_nothing(mailbox: MailboxWorld) -> None:
    """Where somebody repeats the owner's mail in other words, the words in Sent are what is read."""
    true = written(1, OWNER, SUB_ADDRESS, body="done 1")
    mailbox.receive(true, LONG_AGO, SENT)
    mailbox.receive(written(1, OWNER, SUB_ADDRESS, body="share all"), LONG_AGO)
    (mail,) = fetched(mailbox)
    assert (mail.sent_by_owner, mail.raw) == (True, true)


@pytest.mark.parametrize("name", ['<"><a@b>', "<a\\b@c>", "<ü@b>", "nothing", "<" + "a" * 2_000 + "@b>"])
def test_no_message_id_breaks_the_search(mailbox: MailboxWorld, name: str) -> None:
    """A Message-ID with quotes, backslashes or anything else is searched for as it is, or proves nothing."""
    raw = written(1, OWNER, SUB_ADDRESS).replace(b"<r1@example.com>", name.encode())
    mailbox.receive(raw, LONG_AGO)
    (mail,) = fetched(mailbox)
    assert (mail.sent_by_owner, mail.raw) == (False, raw)


def test_a_copy_that_is_filed_a_moment_later_is_waited_for(mailbox: MailboxWorld) -> None:
    """A mail client files its copy after sending: the mail, and what came after it, waits up to two minutes for it."""
    raw = written(1, OWNER, SUB_ADDRESS)
    just_now: datetime = NOW - timedelta(seconds=5)
    mailbox.receive(written(8, OTHER, SUB_ADDRESS), just_now)
    mailbox.receive(raw, just_now)
    mailbox.receive(written(9, OTHER, SUB_ADDRESS), just_now)
    provider = own(mailbox)
    first = provider.fetch("")
    assert [b"<r8@" in mail.raw for mail in first.mails] == [True]
    assert provider.fetch(first.cursor).mails == ()
    mailbox.receive(raw, NOW, SENT)
    second = provider.fetch(first.cursor)
    assert [mail.sent_by_owner for mail in second.mails] == [True, False]
    assert provider.fetch(second.cursor).mails == ()
    mailbox.clock.turn(minutes=2)
    assert [mail.sent_by_owner for mail in own(mailbox).fetch(first.cursor).mails] == [True, False]


def test_a_copy_that_never_comes_ends_the_waiting(mailbox: MailboxWorld) -> None:
    """After two minutes without a copy the mail comes, unproven, and those behind it too."""
    mailbox.receive(written(1, OWNER, SUB_ADDRESS), NOW)
    mailbox.receive(written(2, OTHER, SUB_ADDRESS), NOW)
    provider = own(mailbox)
    cursor = provider.fetch("").cursor
    mailbox.clock.turn(minutes=2, seconds=1)
    assert [mail.sent_by_owner for mail in provider.fetch(cursor).mails] == [False, False]

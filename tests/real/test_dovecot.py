"""A mailbox by IMAP: the contract, and what only such servers do to received mail, on a real Dovecot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.providers.contract import OTHER, STAMP, WORKER, MailContract, mail_of
from tests.providers.imap_line import Line
from tests.providers.imap_world import MailboxWorld
from tests.providers.online import NOW
from worker.errors import SignInError, TryLaterError
from worker.replies import mime

pytestmark = pytest.mark.real

TOKEN = "a" * 30
SUB_ADDRESS = f"one-on-ones+{TOKEN}@example.com"
JUNK = "Unerw&APw-nscht"
SENT = '"Outgoing &- gone"'


class TestImapMail(MailContract):
    """The contract, kept by IMAP and SMTP over TLS."""


def written(number: int, to: str, *headers: str, sender: str = OTHER, body: str = "Hello") -> bytes:
    """A mail from Alex, or somebody else, with further headers."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: Re: {number}", f"Message-ID: <r{number}@example.com>", *headers]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def through(line: Line, world: MailboxWorld) -> dict[str, object]:
    """Settings that lead through a line."""
    return {"imap_port": line.to(world.server.imap), "imap_security": "none"}


# --------------------------------------------------------------------------------------------------------- what comes


def test_one_command_a_folder_while_nothing_is_new(mailbox: MailboxWorld) -> None:
    """A poll that finds nothing asks once for the inbox and once for Junk, and its cursor stays as it is."""
    mailbox.receive(mail_of(1), STAMP)
    line = Line()
    provider = mailbox.provider(settings=through(line, mailbox))
    cursor = provider.fetch("").cursor
    before = len(line.steps)
    mailbox.clock.turn(minutes=1)
    assert provider.fetch(cursor).cursor == cursor
    assert line.steps[before:] == ["EXAMINE", "EXAMINE"]
    provider.close()
    line.close()


def test_a_sub_address_is_delivered_and_read(mailbox: MailboxWorld) -> None:
    """A reply to a sub-address that the server's own delivery takes in comes with the token in its recipients."""
    mailbox.delivered(written(1, SUB_ADDRESS), f"{mailbox.user}+{TOKEN}")
    (mail,) = mailbox.provider().fetch("").mails
    read = mime.read(mail.raw)
    assert SUB_ADDRESS in [box.address for box in read.to]
    assert f"{mailbox.user}+{TOKEN}" in read.get("Delivered-To")


def test_only_a_token_brings_a_mail_out_of_junk(mailbox: MailboxWorld) -> None:
    """Of Junk only mails to a sub-address or in answer to ours are taken, and marked there as read."""
    mailbox.receive(written(1, WORKER), STAMP, JUNK)
    mailbox.receive(written(2, SUB_ADDRESS), STAMP, JUNK)
    mailbox.receive(written(3, WORKER, "References: <x@y> <ours@example.com>"), STAMP + timedelta(minutes=1), JUNK)
    mailbox.receive(written(4, WORKER), STAMP + timedelta(minutes=2))
    provider = mailbox.provider(is_ours=lambda name: name == "<ours@example.com>")
    batch = provider.fetch("")
    assert [mime.read(mail.raw).message_id[:3] for mail in batch.mails] == ["<r2", "<r3", "<r4"]
    for mail in batch.mails:
        provider.done(mail, refused=False)
    assert [bool("\\Seen" in flags) for flags, _ in mailbox.mails(JUNK)] == [False, True, True]
    assert provider.fetch(batch.cursor).mails == ()


def test_settled_mails_are_marked_and_nothing_is_removed(mailbox: MailboxWorld) -> None:
    """A settled mail is read, a refused one flagged too; what a person has marked as deleted is still there."""
    mailbox.receive(mail_of(1), STAMP)
    mailbox.receive(mail_of(2), STAMP)
    mailbox.receive(mail_of(3), STAMP, flags="(\\Deleted \\Answered)")
    provider = mailbox.provider()
    first, second, _ = provider.fetch("").mails
    provider.done(first, refused=False)
    provider.done(second, refused=True)
    provider.send(provider.draft("key", mail_of(9), ""))
    flags = [flags - {"\\Recent"} for flags, _ in mailbox.mails("INBOX")]
    assert flags == [{"\\Seen"}, {"\\Seen", "\\Flagged"}, {"\\Deleted", "\\Answered"}]


def test_a_folder_made_anew_is_read_again_and_nothing_is_missed(mailbox: MailboxWorld) -> None:
    """Where UIDVALIDITY is another the last days come once more with what is new, and an old UID marks nothing.

    A quiet week before it makes no difference: the days are counted from when the mailbox was last read.
    """
    with mailbox.client() as client:
        client.create("Answers")
    provider = mailbox.provider(settings={"inbox": "Answers"})
    mailbox.receive(mail_of(1), NOW - timedelta(days=9), "Answers")
    mailbox.receive(mail_of(2), NOW - timedelta(hours=1), "Answers")
    before = provider.fetch("")
    assert [mail.raw for mail in before.mails] == [mail_of(2)]
    with mailbox.client() as client:
        client.delete("Answers")
        client.create("Answers")
    for number, hours in ((1, -220), (2, -1), (3, 24)):
        mailbox.receive(mail_of(number), NOW + timedelta(hours=hours), "Answers")
    mailbox.clock.turn(days=7)
    provider.done(before.mails[0], refused=True)
    batch = provider.fetch(before.cursor)
    assert [mail.raw for mail in batch.mails] == [mail_of(2), mail_of(3)]
    assert provider.fetch(batch.cursor).mails == ()
    assert not any("\\Flagged" in flags for flags, _ in mailbox.mails("Answers"))


def test_an_old_mail_does_not_come_the_first_time(mailbox: MailboxWorld) -> None:
    """A mailbox that was in use begins with its last days; a cursor that makes no sense is the first time."""
    mailbox.receive(mail_of(1), NOW - timedelta(days=9))
    mailbox.receive(mail_of(2), NOW - timedelta(days=1))
    for cursor in ("", "at=", "nonsense 1:2", "inbox=0:1 at=0"):
        assert [mail.raw for mail in mailbox.provider().fetch(cursor).mails] == [mail_of(2)]


def test_a_mail_with_an_old_date_is_new_when_it_comes(mailbox: MailboxWorld) -> None:
    """No date decides what is new: a mail that a person moves here, dated last year, comes as well."""
    provider = mailbox.provider()
    cursor = provider.fetch("").cursor
    mailbox.receive(mail_of(1), NOW - timedelta(days=400))
    assert [mail.raw for mail in provider.fetch(cursor).mails] == [mail_of(1)]


def test_a_huge_mail_is_cut_not_read(mailbox: MailboxWorld) -> None:
    """A mail over ten megabytes comes cut to one byte more, which its reader refuses; one just below comes whole."""
    line = b"x" * 998 + b"\r\n"
    large, huge = (mail_of(number) + line * count for number, count in ((1, 9_990), (2, 12_000)))
    mailbox.receive(large, STAMP)
    mailbox.receive(huge, STAMP + timedelta(minutes=1))
    first, second = mailbox.provider().fetch("").mails
    assert first.raw == large
    assert "message" not in mime.read(first.raw).truncated
    assert second.raw == huge[:10_000_001]
    assert "message" in mime.read(second.raw).truncated
    assert mime.read(second.raw).problem == "too-large"


def test_much_mail_comes_in_bounded_batches(mailbox: MailboxWorld) -> None:
    """One fetch brings at most two hundred mails; the others come with the next ones, in order, none twice."""
    with mailbox.client() as client:
        for number in range(203):
            client.append("INBOX", "", STAMP + timedelta(seconds=number), mail_of(number))
    provider = mailbox.provider()
    first = provider.fetch("")
    second = provider.fetch(first.cursor)
    assert [mail.raw for mail in (*first.mails, *second.mails)] == [mail_of(number) for number in range(203)]
    assert len(first.mails) == 200


# -------------------------------------------------------------------------------------------------------- bad days


def test_a_wrong_password_says_where_to_correct_it(mailbox: MailboxWorld) -> None:
    """A refused sign-in is for a person, names the variable and never the password; corrected, all goes on."""
    for provider in (
        mailbox.provider(settings={"password": "geheim 1"}),
        mailbox.provider(settings={"password": "größer"}),
    ):
        with pytest.raises(SignInError, match="FOLLOWTHROUGH_IMAP_PASSWORD") as caught:
            provider.fetch("")
        assert "geheim" not in str(caught.value) + repr(provider.__dict__)
    assert mailbox.provider().fetch("").mails == ()


def test_a_restart_of_the_server_is_not_noticed(mailbox: MailboxWorld) -> None:
    """A kept connection to which the server said goodbye is opened anew within the step that needs it."""
    provider = mailbox.provider()
    cursor = provider.fetch("").cursor
    mailbox.server.restart()
    mailbox.receive(mail_of(1), STAMP)
    (mail,) = provider.fetch(cursor).mails
    mailbox.server.restart()
    provider.done(mail, refused=False)
    mailbox.server.restart()
    ref = provider.draft("key", mail_of(2), "")
    mailbox.server.restart()
    provider.send(ref)
    assert len(mailbox.sent()) == 1


def test_a_server_that_is_away_is_waited_for(mailbox: MailboxWorld) -> None:
    """While the server is down nothing takes effect and the step is to be tried later; then it heals by itself."""
    provider = mailbox.provider()
    cursor = provider.fetch("").cursor
    mailbox.server.stop()
    try:
        with pytest.raises(TryLaterError, match="tried again by itself"):
            provider.fetch(cursor)
        with pytest.raises(TryLaterError):
            provider.draft("key", mail_of(1), "")
    finally:
        mailbox.server.start()
    assert provider.fetch(cursor).mails == ()


def test_too_many_connections_are_waited_for(mailbox: MailboxWorld) -> None:
    """A server that has enough connections of this account is asked later, and the sign-in is not blamed."""
    with mailbox.client(), mailbox.client(), mailbox.client(), pytest.raises(TryLaterError, match="connections"):
        mailbox.provider().fetch("")
    assert mailbox.provider().fetch("").mails == ()


def test_a_certificate_that_nobody_vouches_for_is_refused(mailbox: MailboxWorld) -> None:
    """Without the authority's file, and under another name, no password is sent, and the text names the setting."""
    with pytest.raises(TryLaterError, match="ca_file"):
        mailbox.provider(settings={"ca_file": None}).fetch("")
    with pytest.raises(TryLaterError, match="imap_host"):
        mailbox.provider(settings={"imap_host": "127.0.0.2"}).fetch("")
    assert f"user=<{mailbox.user}>" not in mailbox.server.log()


def test_starttls_is_used_where_it_is_asked_for(mailbox: MailboxWorld) -> None:
    """The port in the clear serves with STARTTLS; TLS on that port, or STARTTLS on the other, says which setting."""
    clear = {"imap_port": mailbox.server.imap}
    assert mailbox.provider(settings={**clear, "imap_security": "starttls"}).fetch("").mails == ()
    with pytest.raises(TryLaterError, match="imap_port"):
        mailbox.provider(settings=clear).fetch("")

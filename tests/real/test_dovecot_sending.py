"""Sending by IMAP and SMTP on a real Dovecot: drafts, marks, Sent, and what the submission server may answer."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

import pytest

from tests.providers.contract import OTHER, WORKER, mail_of
from tests.providers.imap_submission import PASSWORD, Outgoing, free_port, submission
from tests.providers.imap_world import Dovecot, MailboxWorld
from worker.errors import (
    AccountError,
    ForbiddenError,
    GoneError,
    RefusedError,
    SignInError,
    TryLaterError,
    UncertainError,
)
from worker.providers import Whereabouts
from worker.providers.imap.drafts import KEY_HEADER
from worker.providers.marks import mark_of_mail
from worker.providers.sending import SendingLimits

pytestmark = pytest.mark.real

KEY = "agenda m1 alex@example.com 2026-11-24"
ID = "<agenda-1@example.com>"
SENT = '"Outgoing &- gone"'


def test_the_mail_is_sent_as_it_was_rendered(mailbox: MailboxWorld) -> None:
    """Nothing but our own mark stands before the bytes that were rendered, lone dots and bare line ends included."""
    body = "Grüße\r\n.\r\n..\r\nFrom here\r\n.MAIL FROM:<eve@example.com>"
    provider = mailbox.provider()
    provider.send(provider.draft(KEY, mail_of(1, body), ""))
    (raw,) = mailbox.sent()
    mark, _, rest = raw.partition(b"\r\n")
    assert mark == f"{KEY_HEADER}: {mark_of_mail(KEY)}".encode()
    assert rest == mail_of(1, body)
    assert (mailbox.outgoing.senders, mailbox.outgoing.recipients) == ([WORKER], [OTHER])


def test_drafting_again_stores_no_second_draft(mailbox: MailboxWorld) -> None:
    """The same key, also after a restart, is one draft in the mailbox; another key is another."""
    for key in (KEY, KEY, "another"):
        mailbox.provider().draft(key, mail_of(1), "")
    assert len(mailbox.mails("Drafts")) == 2


def test_the_mail_of_another_key_is_not_taken_for_ours(mailbox: MailboxWorld) -> None:
    """Two mails of the same bytes and Message-ID are told apart by key: one is sent, the other is still a draft."""
    provider = mailbox.provider()
    provider.send(provider.draft("one", mail_of(1), ""))
    ref = provider.draft("two", mail_of(1), "")
    assert provider.locate("two", ref, ID)[0] is Whereabouts.DRAFT
    assert provider.locate("three", "", ID)[0] is Whereabouts.ABSENT
    provider.send(ref)
    assert len(mailbox.mails(SENT)) == 2


def test_what_was_sent_is_filed_and_its_draft_gone(mailbox: MailboxWorld) -> None:
    """The draft moves into Sent, read and no draft any more; other drafts, also deleted ones, are as they were."""
    mailbox.receive(mail_of(8), mailbox.clock.now, "Drafts", "(\\Draft)")
    mailbox.receive(mail_of(9), mailbox.clock.now, "Drafts", "(\\Draft \\Deleted)")
    provider = mailbox.provider()
    ref = provider.draft(KEY, mail_of(1), "")
    assert [flags - {"\\Recent"} for flags, raw in mailbox.mails("Drafts") if ref.encode() in raw] == [
        {"\\Draft", "\\Seen"}
    ]
    provider.send(ref)
    assert [raw for _, raw in mailbox.mails("Drafts")] == [mail_of(8), mail_of(9)]
    assert [flags - {"\\Recent"} for flags, _ in mailbox.mails(SENT)] == [{"\\Seen", "$Submitted"}]
    assert [raw for _, raw in mailbox.mails(SENT)] == mailbox.sent()


def test_a_copy_that_the_server_files_is_the_only_one(mailbox: MailboxWorld) -> None:
    """Where the server files a copy itself there is no second one, and the Message-ID that it gave is the true one."""

    def files(raw: bytes) -> None:
        mailbox.receive(raw.replace(b"<agenda-1@", b"<made-by-server@"), mailbox.clock.now, SENT)

    mailbox.outgoing.files = files
    provider = mailbox.provider()
    sent = provider.send(provider.draft(KEY, mail_of(1), ""))
    assert sent.message_id == "<made-by-server@example.com>"
    assert len(mailbox.mails(SENT)) == 1
    assert mailbox.mails("Drafts") == []


def test_a_lost_answer_is_found_in_sent(mailbox: MailboxWorld) -> None:
    """After a lost answer nobody knows, until the copy that the server filed says that the mail was sent."""
    mailbox.outgoing.answers["DATA"] = "DROP"
    mailbox.outgoing.takes = True
    provider = mailbox.provider()
    ref = provider.draft(KEY, mail_of(1), "")
    with pytest.raises(UncertainError):
        provider.send(ref)
    for again in (provider, mailbox.provider()):
        assert again.locate(KEY, ref, ID) == (Whereabouts.ABSENT, None)
        with pytest.raises(UncertainError):
            again.send(ref)
    # The server's copy has no header of ours; the Message-ID names it.
    mailbox.receive(mail_of(1), mailbox.clock.now, SENT)
    where, sent = mailbox.provider().locate(KEY, ref, ID)
    assert where is Whereabouts.SENT
    assert sent is not None
    assert sent.message_id == ID
    assert len(mailbox.sent()) == 1


def test_a_time_out_after_the_mail_is_uncertain(mailbox: MailboxWorld) -> None:
    """A server that takes the mail and never answers leaves a doubt, and the mail leaves once."""
    mailbox.outgoing.answers["DATA"] = "WAIT"
    mailbox.outgoing.takes = True
    provider = mailbox.provider(settings={"timeout": 0.5})
    ref = provider.draft(KEY, mail_of(1), "")
    with pytest.raises(UncertainError):
        provider.send(ref)
    with pytest.raises(UncertainError):
        mailbox.provider().send(ref)
    assert len(mailbox.sent()) == 1


def test_what_was_sent_and_not_filed_is_filed_later(mailbox: MailboxWorld) -> None:
    """A mail that was sent just before the server went away is sent, and is filed with the next draft."""
    provider = mailbox.provider()
    ref = provider.draft(KEY, mail_of(1), "")
    mailbox.outgoing.files = lambda _: mailbox.server.stop()
    sent = provider.send(ref)
    assert sent.message_id == ID
    mailbox.outgoing.files = lambda _: None
    mailbox.server.start()
    assert provider.locate(KEY, ref, ID)[0] is Whereabouts.ABSENT
    with mailbox.client("Drafts") as client:
        client.store("1", "FLAGS", "(\\Seen $Submitted)")
    provider.draft("another", mail_of(2), "")
    assert [mail_of(1) in raw for _, raw in mailbox.mails(SENT)] == [True]
    assert provider.locate(KEY, ref, ID)[0] is Whereabouts.SENT
    assert len(mailbox.sent()) == 1


REFUSALS: list[tuple[str, str, type[AccountError], str]] = [
    ("MAIL", "421 4.3.2 closing", TryLaterError, "tried again"),
    ("MAIL", "451 4.7.1 later", TryLaterError, "tried again"),
    ("MAIL", "552 5.3.4 too big", RefusedError, "too large"),
    ("MAIL", "553 5.7.1 not owned by user", ForbiddenError, "send as one-on-ones@example.com"),
    ("MAIL", "DROP", TryLaterError, "closed the connection"),
    ("RCPT", "450 4.2.0 greylisted", TryLaterError, "tried again"),
    ("RCPT", "452 4.2.2 mailbox full", TryLaterError, "tried again"),
    ("RCPT", "550 5.1.1 no such user", RefusedError, "correct the recipient"),
    ("RCPT", "552 5.2.2 mailbox full", RefusedError, "mailbox is full"),
    ("RCPT", "DROP", TryLaterError, "closed the connection"),
    ("DATA", "421 4.7.0 too many", TryLaterError, "tried again"),
    ("DATA", "451 4.3.0 local error", TryLaterError, "tried again"),
    ("DATA", "550 5.4.5 daily limit", TryLaterError, "tried again"),
    ("DATA", "552 5.2.3 too long", RefusedError, "too large"),
    ("DATA", "554 5.7.1 spam", RefusedError, "spam"),
    ("DATA", "DROP", UncertainError, "looked for"),
]


@pytest.mark.parametrize(("command", "answer", "error", "text"), REFUSALS, ids=lambda value: str(value)[:14])
def test_what_the_server_refuses_has_not_left(
    mailbox: MailboxWorld, command: str, answer: str, error: type[AccountError], text: str
) -> None:
    """Each refusal is the class of its next step; the draft is as before, and the next order sends it once.

    But for a connection lost after the text, which is never sent again.
    """
    mailbox.outgoing.answers[command] = answer
    provider = mailbox.provider()
    ref = provider.draft(KEY, mail_of(1), "")
    with pytest.raises(error, match=text):
        provider.send(ref)
    assert mailbox.sent() == []
    ((flags, _),) = mailbox.mails("Drafts")
    assert ("$SubmitPending" in flags) is (error is UncertainError)
    expected = Whereabouts.ABSENT if error is UncertainError else Whereabouts.DRAFT
    assert mailbox.provider().locate(KEY, ref, ID)[0] is expected
    if error is not UncertainError:
        mailbox.provider().send(ref)
        assert len(mailbox.sent()) == 1


def test_a_persons_own_drafts_are_left_alone(mailbox: MailboxWorld) -> None:
    """A person's draft is never taken for ours; one of ours that they take over is gone, and told as such."""
    mailbox.receive(mail_of(1), mailbox.clock.now, "Drafts", "(\\Draft)")
    provider = mailbox.provider()
    assert provider.locate(KEY, "", ID)[0] is Whereabouts.ABSENT
    ref = provider.draft(KEY, mail_of(1), "")
    with mailbox.client("Drafts") as client:
        client.store("2", "+FLAGS", "(\\Deleted)")
    with pytest.raises(GoneError):
        provider.send(ref)
    with pytest.raises(GoneError):
        provider.send('x" OR ALL "')
    assert mailbox.sent() == []


def test_missing_folders_are_made(mailbox: MailboxWorld) -> None:
    """Folders that are named and not there are made when they are needed, with names in any script."""
    provider = mailbox.provider(settings={"drafts": "Follow up/Entwürfe", "sent": "Follow up/Gesendet"})
    assert provider.locate(KEY, "", ID)[0] is Whereabouts.ABSENT
    ref = provider.draft(KEY, mail_of(1), "")
    assert len(mailbox.mails('"Follow up/Entw&APw-rfe"')) == 1
    provider.send(ref)
    assert len(mailbox.mails('"Follow up/Gesendet"')) == 1


def test_a_folder_that_is_renamed_is_looked_for_again(mailbox: MailboxWorld) -> None:
    """Where somebody renames the folder for drafts the step is tried again later, and then all goes on."""
    provider = mailbox.provider(settings={"drafts": "Mine"})
    provider.send(provider.draft("first", mail_of(8), ""))
    with mailbox.client() as client:
        client.rename("Mine", "Scraps")
    with pytest.raises(TryLaterError):
        provider.draft(KEY, mail_of(1), "")
    provider.send(provider.draft(KEY, mail_of(1), ""))
    assert len(mailbox.sent()) == 2


@pytest.fixture
def small(mail_server: Dovecot) -> Iterator[MailboxWorld]:
    """An account that holds one megabyte."""
    outgoing = Outgoing()
    with submission(outgoing, mail_server.home / "server.pem", security="tls") as port:
        world = MailboxWorld(mail_server, outgoing, mail_server.new_user("small"), port)
        yield world
        world.close()


def test_a_full_mailbox_waits_for_room(small: MailboxWorld) -> None:
    """In a full mailbox no draft can be stored, so nothing is sent; with room again it goes on by itself."""
    line = b"x" * 998 + b"\r\n"
    provider = small.provider()
    ref = provider.draft("first", mail_of(8), "")
    small.receive(mail_of(2) + line * 1_040, small.clock.now)
    with pytest.raises(TryLaterError, match="the mailbox is full"):
        provider.draft(KEY, mail_of(1) + line * 20, "")
    # What is drafted can still be sent and filed.
    provider.send(ref)
    assert (len(small.mails("Drafts")), len(small.mails(SENT))) == (0, 1)
    with small.client("INBOX") as client:
        client.store("1", "+FLAGS", "(\\Deleted)")
        client.expunge()
    provider.send(provider.draft(KEY, mail_of(1) + line * 20, ""))
    assert len(small.sent()) == 2


def test_a_wrong_password_for_sending_is_for_a_person(mailbox: MailboxWorld, mail_server: Dovecot) -> None:
    """A refused sign-in to the submission server says where to correct it, and nothing has left."""
    outgoing = Outgoing(password="another")
    with submission(outgoing, mail_server.home / "server.pem", security="tls") as port:
        provider = mailbox.provider(settings={"smtp_port": port})
        ref = provider.draft(KEY, mail_of(1), "")
        with pytest.raises(SignInError, match="FOLLOWTHROUGH_IMAP_PASSWORD") as caught:
            provider.send(ref)
    assert PASSWORD not in str(caught.value)
    assert outgoing.left == []
    assert provider.locate(KEY, ref, ID)[0] is Whereabouts.DRAFT


def test_submission_by_starttls(mailbox: MailboxWorld, mail_server: Dovecot) -> None:
    """STARTTLS is used where it is asked for; where it is not offered, no password and no mail goes out."""
    pem = mail_server.home / "server.pem"
    ref = mailbox.provider().draft(KEY, mail_of(1), "")
    bare = Outgoing()
    with submission(bare, pem, security="none") as port:
        with pytest.raises(TryLaterError, match="STARTTLS"):
            mailbox.provider(settings={"smtp_port": port, "smtp_security": "starttls"}).send(ref)
        with pytest.raises(TryLaterError, match="smtp_port"):
            mailbox.provider(settings={"smtp_port": port}).send(ref)
    with submission(mailbox.outgoing, pem, security="starttls") as port:
        mailbox.provider(settings={"smtp_port": port, "smtp_security": "starttls"}).send(ref)
    assert (len(bare.left), len(mailbox.sent())) == (0, 1)


def test_a_submission_server_that_is_away_is_waited_for(mailbox: MailboxWorld) -> None:
    """Nobody listening, and a name that is not known, take no effect; the draft waits."""
    ref = mailbox.provider().draft(KEY, mail_of(1), "")
    for wrong, text in (
        ({"smtp_port": free_port()}, "cannot be reached"),
        ({"smtp_host": "mail.invalid"}, "not known"),
    ):
        with pytest.raises(TryLaterError, match=text):
            mailbox.provider(settings=wrong).send(ref)
    mailbox.provider().send(ref)
    assert len(mailbox.sent()) == 1


def test_pitfall_22_no_more_than_the_limit_leaves(mailbox: MailboxWorld) -> None:
    """What is above the limit of a minute waits with its moment, as a draft like any other."""
    provider = mailbox.provider(limits=SendingLimits(minute=2))
    refs = [provider.draft(f"{KEY} {number}", mail_of(number), "") for number in range(3)]
    for ref in refs[:2]:
        provider.send(ref)
    with pytest.raises(TryLaterError) as caught:
        provider.send(refs[2])
    assert caught.value.retry_at is not None
    mailbox.clock.turn(minutes=1, seconds=1)
    provider.send(refs[2])
    assert len(mailbox.sent()) == 3


def test_the_world_can_tell_a_bad_sign_in(mailbox: MailboxWorld) -> None:
    """The submission server of these tests does refuse a wrong password, and a mail without any."""
    with smtplib.SMTP_SSL("127.0.0.1", mailbox.settings.smtp_port, context=mailbox.trusting()) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("x", "wrong")
        assert smtp.mail(WORKER)[0] == 530

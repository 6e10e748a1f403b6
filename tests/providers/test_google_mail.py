"""Gmail: the contract, and what only Gmail does."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from typing import ClassVar

import pytest

from tests.providers.contract import OTHER, OWNER, STAMP, WORKER, mail_of
from tests.providers.google_world import Google, MailWorld
from tests.providers.online import ANSWER_LOST, HUNG_UP, LOST, NOT_DONE, NOW
from tests.providers.online_mail import KEY, TOKEN, OnlineMailContract, written
from worker.errors import AccountError, RefusedError, SignInError, UncertainError
from worker.fakes.google import Fault, reply
from worker.providers import Whereabouts
from worker.providers.google import GoogleMail
from worker.providers.google.mailbox import KEY_HEADER
from worker.providers.google.settings import mail_scopes


@pytest.fixture
def mailbox(at_google: Google) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_google)


TOO_MUCH = Fault("*", "status", 429, "rateLimitExceeded")
UNTIL = Fault("*", "status", 403, "userRateLimitExceeded", {"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"})
EXPIRED = MailWorld.requests.expired
CALLS = ("gmail.users.drafts.list", "gmail.users.drafts.create", "gmail.users.drafts.send", "gmail.users.messages.get")


class TestGoogleMail(OnlineMailContract):
    """The contract, kept by Gmail."""

    cases: ClassVar = {
        "call": CALLS,
        "fault": (*LOST, *NOT_DONE, TOO_MUCH, UNTIL, EXPIRED),
        "first": (ANSWER_LOST, HUNG_UP, TOO_MUCH),
        "where_first": CALLS,
        "where_second": (*CALLS, "gmail.users.threads.get", "gmail.users.messages.list"),
        "cursor": ("nonsense", "@", "12x@y"),
        "broken": (Fault("*", "drop", times=3), Fault("*", "status", 429), Fault("*", "truncated", times=3)),
        "read": tuple(
            f"gmail.users.{name}" for name in ("getProfile", "messages.list", "messages.get", "history.list")
        ),
        "read_fault": (
            *NOT_DONE,
            TOO_MUCH,
            UNTIL,
            EXPIRED,
            Fault("*", "truncated"),
            Fault("*", "again"),
            Fault("*", "status", 400, "invalidArgument"),
            Fault("*", "status", 404, "notFound"),
            Fault("*", "status", 500),
            Fault("*", "status", 504),
        ),
    }


# ------------------------------------------------------------------------------------------------------------ sending


def test_pitfall_19_the_true_message_id_is_read_back(at_google: Google) -> None:
    """Gmail gives a mail a Message-ID of its own: that one is told, with the ids of message and conversation."""
    provider = at_google.mail()
    sent = provider.send(provider.draft(KEY, mail_of(1), ""))
    (raw,) = [raw for _, raw in at_google.fake.mail.left]
    assert sent.message_id != "<agenda-1@example.com>"
    assert f"Message-ID: {sent.message_id}".encode() in raw
    assert sent.provider_id in at_google.box.messages
    assert at_google.box.messages[sent.provider_id].thread == sent.conversation


def test_a_message_id_that_gmail_keeps_stays(at_google: Google) -> None:
    """Where Gmail keeps the Message-ID, that is the true one."""
    at_google.box.keeps_message_ids = True
    provider = at_google.mail()
    assert provider.send(provider.draft(KEY, mail_of(1), "")).message_id == "<agenda-1@example.com>"


def test_pitfall_20_a_mail_stays_in_its_conversation(at_google: Google) -> None:
    """A second mail of a conversation is in the same one; where somebody deleted it, it starts a new one."""
    provider = at_google.mail()
    first = provider.send(provider.draft("one", mail_of(1), ""))
    second = provider.send(provider.draft("two", mail_of(2), first.conversation))
    assert second.conversation == first.conversation
    third = provider.send(provider.draft("three", mail_of(3), "0123456789abcdef"))
    assert third.conversation not in ("", first.conversation)
    assert len(at_google.fake.mail.left) == 3


def test_the_mail_is_sent_as_it_was_rendered(at_google: Google) -> None:
    """Nothing but our own mark and Gmail's Message-ID differs from the bytes that were rendered."""
    at_google.box.keeps_message_ids = True
    provider = at_google.mail()
    provider.send(provider.draft(KEY, mail_of(1, "Grüße\r\n.\r\nFrom here"), ""))
    ((_, raw),) = at_google.fake.mail.left
    mark, _, rest = raw.partition(b"\r\n")
    assert mark.startswith(f"{KEY_HEADER}: ".encode())
    assert b"agenda" not in mark
    assert rest == mail_of(1, "Grüße\r\n.\r\nFrom here")


def test_locate_finds_a_mail_that_the_search_does_not_know_yet(at_google: Google) -> None:
    """The search lags behind; a mail that was sent a moment ago is found all the same, with and without its ref."""
    at_google.box.index_lag = timedelta(minutes=30)
    at_google.box.keeps_message_ids = True
    provider = at_google.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    provider.send(ref)
    for known in (ref, ""):
        where, sent = at_google.mail().locate(KEY, known, "<agenda-1@example.com>")
        assert where is Whereabouts.SENT
        assert sent is not None


def test_a_persons_own_drafts_are_left_alone(at_google: Google) -> None:
    """Drafts that a person writes in the same mailbox are neither sent nor taken for ours; each is looked at once."""
    for number in range(5):
        at_google.box.draft(mail_of(50 + number), "")
    provider = at_google.mail()
    provider.send(provider.draft("one", mail_of(1), ""))
    before = at_google.fake.count()
    provider.send(provider.draft("two", mail_of(2), ""))
    assert at_google.fake.count() - before == 4
    assert len(at_google.box.drafts) == 5


def test_a_refused_recipient_is_refused_for_good(at_google: Google) -> None:
    """A mail that Gmail will never accept is given up, not tried for ever."""
    at_google.fake.faults.append(Fault("gmail.users.drafts.create", status=400, reason="invalidArgument"))
    with pytest.raises(RefusedError):
        at_google.mail().draft(KEY, mail_of(1), "")


# ---------------------------------------------------------------------------------------------------------- receiving


def test_a_cursor_of_a_history_that_is_not_there_yet_brings_nothing(mailbox: MailWorld) -> None:
    """A cursor ahead of Gmail's own history is answered with one that goes on from here."""
    mailbox.receive(mail_of(1), STAMP)
    batch = mailbox.provider().fetch("99@")
    assert mailbox.provider().fetch(batch.cursor).mails == ()


def test_pitfall_24_nothing_between_list_and_history_is_lost(mailbox: MailWorld, at_google: Google) -> None:
    """A mail that arrives while the mailbox is first listed comes with the next fetch."""
    mailbox.receive(mail_of(1), STAMP)
    late = ("gmail.users.messages.list", lambda: mailbox.receive(mail_of(2), STAMP - timedelta(days=3)))
    at_google.fake.meanwhile.append(late)
    batch = mailbox.provider().fetch("")
    assert [mail.raw for mail in batch.mails] == [mail_of(1)]
    assert [mail.raw for mail in mailbox.provider().fetch(batch.cursor).mails] == [mail_of(2)]


def test_pitfall_24_mails_with_an_old_date_all_come(mailbox: MailWorld) -> None:
    """Mails that carry a date of days ago are fetched as they come: what Gmail's history has is no matter of time."""
    cursor = mailbox.provider().fetch("").cursor
    for number in range(10):
        mailbox.receive(mail_of(number), STAMP - timedelta(days=number % 3))
    assert len(mailbox.provider().fetch(cursor).mails) == 10


def test_history_comes_in_pages_and_in_portions(mailbox: MailWorld, at_google: Google) -> None:
    """After a long silence the mails come in portions, each of them once, none left out."""
    cursor = mailbox.provider().fetch("").cursor
    raws = [mail_of(number) for number in range(450)]
    for second, raw in enumerate(raws):
        mailbox.receive(raw, STAMP + timedelta(seconds=second))
    at_google.fake.mail.page_size = 70
    found: list[bytes] = []
    provider = mailbox.provider()
    for _ in range(3):
        batch = provider.fetch(cursor)
        found += [mail.raw for mail in batch.mails]
        assert len(batch.mails) <= 210
        cursor = batch.cursor
    assert found == raws
    assert provider.fetch(cursor).mails == ()


def test_pitfall_25_a_forgotten_history_is_made_up_for(mailbox: MailWorld, at_google: Google) -> None:
    """Where Gmail has forgotten the history, the mails since the last fetch come by a list, two days of them twice."""
    mailbox.receive(mail_of(1), NOW - timedelta(hours=5))
    cursor = mailbox.provider().fetch("").cursor
    at_google.clock.turn(days=9)
    mailbox.receive(mail_of(2), NOW + timedelta(hours=1))
    mailbox.receive(mail_of(3), NOW + timedelta(days=8))
    at_google.box.forget_history()
    batch = mailbox.provider().fetch(cursor)
    assert [mail.raw for mail in batch.mails] == [mail_of(1), mail_of(2), mail_of(3)]
    assert mailbox.provider().fetch(batch.cursor).mails == ()


def test_pitfall_25_a_long_list_comes_in_portions(mailbox: MailWorld, at_google: Google) -> None:
    """Hundreds of mails after a forgotten history come in portions, oldest first, none left out."""
    cursor = mailbox.provider().fetch("").cursor
    at_google.clock.turn(days=9)
    raws = [mail_of(number) for number in range(450)]
    for minute, raw in enumerate(raws):
        mailbox.receive(raw, NOW + timedelta(minutes=minute))
    at_google.box.forget_history()
    found: list[bytes] = []
    for _ in range(6):
        batch = mailbox.provider().fetch(cursor)
        found += [mail.raw for mail in batch.mails]
        cursor = batch.cursor
        if not batch.mails:
            break
    assert list(dict.fromkeys(found)) == raws
    mailbox.receive(mail_of(999), at_google.clock())
    assert [mail.raw for mail in mailbox.provider().fetch(cursor).mails] == [mail_of(999)]


def test_trash_and_own_mail_do_not_come(mailbox: MailWorld, at_google: Google) -> None:
    """What was deleted, and what we sent ourselves, is not fetched as mail to us."""
    cursor = mailbox.provider().fetch("").cursor
    message = at_google.box.receive(mail_of(1))
    at_google.box.relabel(message.id, add=frozenset({"TRASH"}), remove=frozenset({"INBOX"}))
    provider = mailbox.provider()
    provider.send(provider.draft(KEY, mail_of(2), ""))
    assert mailbox.provider().fetch(cursor).mails == ()
    assert mailbox.provider().fetch("").mails == ()


def test_a_mail_that_is_gone_before_it_is_fetched_is_passed_over(mailbox: MailWorld, at_google: Google) -> None:
    """A mail that a person deletes for good while it is fetched does not stop the others."""
    cursor = mailbox.provider().fetch("").cursor
    message = at_google.box.receive(mail_of(1))
    at_google.box.receive(mail_of(2))
    at_google.fake.meanwhile.append(("gmail.users.messages.get", lambda: at_google.box.messages.pop(message.id)))
    at_google.fake.requests.clear()
    assert [mail.raw for mail in mailbox.provider().fetch(cursor).mails] == [mail_of(2)]
    assert at_google.fake.count("gmail") == 3


def test_a_reply_is_fetched_with_its_proof(mailbox: MailWorld, at_google: Google) -> None:
    """A reply comes with its raw bytes, its time, and the server whose word on the sender counts."""
    cursor = mailbox.provider().fetch("").cursor
    provider = mailbox.provider()
    provider.send(provider.draft(KEY, mail_of(1), ""))
    answer = reply(at_google.fake.mail.left[0][1], OTHER, "Next in two weeks.", NOW)
    mailbox.receive(answer, NOW + timedelta(minutes=1))
    (mail,) = mailbox.provider().fetch(cursor).mails
    assert (mail.raw, mail.received_at, mail.server) == (answer, NOW + timedelta(minutes=1), "mx.google.com")
    assert (mail.sent_by_owner, mail.exchange) == (False, False)


# ---------------------------------------------------------------------------------------- one account for everything


def own_account(at_google: Google) -> GoogleMail:
    """Return a manager's own mailbox as the worker's."""
    at_google.fake.add_mailbox(OWNER)
    at_google.signs_in(OWNER, *mail_scopes())
    door = at_google.door()
    return GoogleMail(
        address=OWNER,
        settings=at_google.settings,
        door=door,
        own_account=True,
        is_ours=lambda name: name == "<ours@example.com>",
    )


def test_in_a_persons_own_account_nothing_else_is_fetched(at_google: Google) -> None:
    """Only mail to a sub-address or answering a mail of ours is fetched; of others not even the words are asked for."""
    provider = own_account(at_google)
    box = at_google.fake.mail.mailboxes[OWNER]
    for cursor in ("", provider.fetch("").cursor):
        at_google.fake.requests.clear()
        box.receive(written(1, OWNER))
        box.receive(written(2, f"dana+{TOKEN}@example.com"))
        box.receive(written(3, OWNER, "In-Reply-To: <ours@example.com>"))
        box.receive(written(4, OWNER, "References: <x@y> <ours@example.com>"))
        box.receive(written(5, f"dana+{TOKEN}@elsewhere.example"))
        box.receive(written(6, "list@example.com", f"Delivered-To: dana+{TOKEN}@example.com"))
        raws = [mail.raw for mail in provider.fetch(cursor).mails]
        subjects = sorted(raw.partition(b"Subject: Re: ")[2][:1] for raw in raws[-4:])
        assert subjects == [b"2", b"3", b"4", b"6"]


def test_mail_to_oneself_proves_its_sender(at_google: Google) -> None:
    """A manager who answers from the account that the worker uses is known by the label SENT."""
    provider = own_account(at_google)
    cursor = provider.fetch("").cursor
    box = at_google.fake.mail.mailboxes[OWNER]
    box.send(box.draft(written(1, f"dana+{TOKEN}@example.com"), "")[0])
    box.send(box.draft(written(2, OTHER), "")[0])
    (mail,) = provider.fetch(cursor).mails
    assert mail.sent_by_owner
    assert b"Re: 1" in mail.raw


def test_own_mail_to_the_own_account_is_not_fetched(at_google: Google) -> None:
    """The worker's own mail to the manager whose account it uses is no answer."""
    provider = own_account(at_google)
    cursor = provider.fetch("").cursor
    raw = mail_of(1).replace(f"To: {OTHER}".encode(), f"To: {OWNER}\r\nReply-To: dana+{TOKEN}@example.com".encode())
    provider.send(provider.draft(KEY, raw, ""))
    assert provider.fetch(cursor).mails == ()


def test_the_addresses_of_the_mailbox(at_google: Google) -> None:
    """Every verified address that the account sends as is its own."""
    at_google.box.aliases = ("Team@example.com",)
    assert at_google.mail().own_addresses() == (WORKER, "team@example.com")


# ----------------------------------------------------------------------------------------------------------- accounts


def test_an_account_without_gmail_says_what_to_do(at_google: Google) -> None:
    """Where the account has no mailbox, the administrator is told what to switch on."""
    del at_google.fake.mail.mailboxes[WORKER]
    with pytest.raises(AccountError, match="administrator"):
        at_google.mail().fetch("")


def test_too_narrow_a_consent_asks_for_a_new_one(at_google: Google) -> None:
    """A consent without the right to read is a new sign-in's matter, and sending goes on."""
    at_google.signs_in(WORKER, mail_scopes()[0])
    with pytest.raises(SignInError, match="tick every box"):
        at_google.mail().fetch("")


def test_nobody_is_named_in_a_log(at_google: Google, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, with every library's log, no address, subject, body, token or id of a mail is written down."""
    caplog.set_level(logging.DEBUG)
    provider = at_google.mail()
    cursor = provider.fetch("").cursor
    at_google.box.receive(written(1, WORKER, "X-Canary: canary"))
    provider.fetch(cursor)
    at_google.fake.faults += [Fault("gmail.users.drafts.send", "drop"), Fault("*", "status", 503)]
    ref = provider.draft(KEY, mail_of(1, "canary"), "")
    with pytest.raises(UncertainError) as caught:
        provider.send(ref)
    shown = caplog.text + "".join(traceback.format_exception(caught.value))
    tokens = at_google.fake.sign_in.access_tokens
    for word in ("canary", OTHER, "Agenda", "gmail/v1", *tokens):
        assert word not in shown
    assert WORKER not in caplog.text

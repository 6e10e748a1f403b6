"""Gmail: the contract, and what only Gmail does."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.providers.contract import OTHER, OWNER, STAMP, WORKER, MailContract, mail_of
from tests.providers.google_world import NOW, Google, MailWorld, google
from worker.errors import AccountError, GoneError, RefusedError, SignInError, TryLaterError, UncertainError
from worker.fakes.google import Fault, reply
from worker.providers import Sent, Whereabouts
from worker.providers.google import GoogleMail, SendingLimits
from worker.providers.google.mailbox import KEY_HEADER
from worker.providers.google.settings import mail_scopes

TOKEN = "a" * 30
KEY = "agenda m1 alex@example.com 2026-11-24"


@pytest.fixture
def at_google(tmp_path: Path) -> Iterator[Google]:
    """A fake Google that judges every request and every answer."""
    with google(tmp_path) as running:
        yield running


@pytest.fixture
def mailbox(at_google: Google) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_google)


class TestGoogleMail(MailContract):
    """The contract, kept by Gmail."""


def written(number: int, to: str, *headers: str) -> bytes:
    """A mail from Alex, with further headers."""
    lines = [f"From: {OTHER}", f"To: {to}", f"Subject: Re: {number}", f"Message-ID: <r{number}@example.com>", *headers]
    return ("\r\n".join(lines) + "\r\n\r\nHello\r\n").encode()


# ------------------------------------------------------------------------------------------------------------ sending


def test_four_requests_send_a_mail(at_google: Google) -> None:
    """Look for the draft, store it, send it, read the truth back: four requests a mail, and no fifth."""
    provider = at_google.mail()
    provider.send(provider.draft("first", mail_of(1), ""))
    before = at_google.fake.count()
    provider.send(provider.draft(KEY, mail_of(2), ""))
    assert at_google.fake.count() - before == 4


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


LOST = [
    Fault("*", "drop", effect=True),
    Fault("*", "html", effect=True),
    Fault("*", "truncated", effect=True),
    Fault("*", "status", 500, effect=True),
    Fault("*", "status", 503, headers={"Retry-After": "30"}, effect=True),
    Fault("*", "hang", effect=True, seconds=0.3),
]
NOT_DONE = [
    Fault("*", "drop"),
    Fault("*", "html"),
    Fault("*", "status", 502),
    Fault("*", "status", 503, headers={"Retry-After": "30"}),
    Fault("*", "status", 429, "rateLimitExceeded"),
    Fault("*", "status", 403, "userRateLimitExceeded", {"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}),
    Fault("*", "status", 401, "authError"),
    Fault("*", "hang", seconds=0.3),
]
CALLS = ["gmail.users.drafts.list", "gmail.users.drafts.create", "gmail.users.drafts.send", "gmail.users.messages.get"]


def named(fault: Fault) -> str:
    """Return a short name for a fault."""
    return f"{fault.what}-{fault.status}-{'done' if fault.effect else 'not done'}"


class Outbox:
    """Brings one mail to its recipient as the worker does, starting anew after each fault."""

    def __init__(self, google: Google) -> None:
        self.google = google
        self.ref = ""
        self.sending = False
        self.errors: list[type[AccountError]] = []

    def provider(self) -> GoogleMail:
        """Return a provider as after a restart."""
        return self.google.mail(read=0.15)

    def run(self, rounds: int = 12) -> Sent:
        """Go on until the mail is known to be sent."""
        for _ in range(rounds):
            try:
                done = self.step()
            except (TryLaterError, UncertainError) as error:
                self.errors.append(type(error))
                self.google.clock.turn(minutes=20)
                continue
            if done is not None:
                return done
        raise AssertionError(self.errors)

    def step(self) -> Sent | None:
        """Do the next thing: draft, send, or look."""
        provider = self.provider()
        if not self.ref:
            self.ref = provider.draft(KEY, mail_of(1), "")
            return None
        if self.sending:
            where, sent = provider.locate(KEY, self.ref, "<agenda-1@example.com>")
            assert where is not Whereabouts.ABSENT
            if where is Whereabouts.SENT:
                return sent
        self.sending = True
        try:
            return provider.send(self.ref)
        except GoneError:
            return None


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("fault", [*LOST, *NOT_DONE], ids=named)
def test_pitfall_18_a_mail_is_sent_exactly_once(at_google: Google, method: str, fault: Fault) -> None:
    """Whatever becomes of whichever answer, one mail leaves, no draft stays, and its true Message-ID is known."""
    at_google.fake.faults.append(replace(fault, method=method))
    sent = Outbox(at_google).run()
    ((_, raw),) = at_google.fake.mail.left
    assert f"Message-ID: {sent.message_id}".encode() in raw
    assert at_google.box.drafts == {}


@pytest.mark.parametrize("first", LOST[:1] + NOT_DONE[:1] + NOT_DONE[4:5], ids=named)
@pytest.mark.parametrize("where_first", CALLS)
@pytest.mark.parametrize("second", LOST[:1] + LOST[4:5], ids=named)
@pytest.mark.parametrize("where_second", [*CALLS, "gmail.users.threads.get", "gmail.users.messages.list"])
def test_pitfall_18_a_fault_during_recovery_changes_nothing(
    at_google: Google, first: Fault, where_first: str, second: Fault, where_second: str
) -> None:
    """A second fault while the first one is being cleared up sends no second mail and loses none."""
    at_google.fake.faults += [replace(first, method=where_first), replace(second, method=where_second)]
    sent = Outbox(at_google).run()
    ((_, raw),) = at_google.fake.mail.left
    assert sent.message_id.encode() in raw
    assert at_google.box.drafts == {}


def test_pitfall_1_gmail_sees_one_send(at_google: Google) -> None:
    """Google's own library sends a lost POST again; through our transport Gmail sees each exactly once."""
    for method in ("gmail.users.drafts.create", "gmail.users.drafts.send"):
        at_google.fake.faults.append(Fault(method, "drop", effect=True))
        outbox = Outbox(at_google)
        with pytest.raises(UncertainError):
            outbox.step() or outbox.step()
        assert at_google.fake.requests[method] == 1
        outbox.run()
        at_google.fake.requests.clear()
    assert len(at_google.fake.mail.left) == 2


def test_a_mail_that_cannot_be_read_back_is_uncertain_and_found(at_google: Google) -> None:
    """A send that went well and whose Message-ID is not known is looked up, not sent again."""
    provider = at_google.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    at_google.fake.faults.append(Fault("gmail.users.messages.get", status=401, reason="authError", times=2))
    with pytest.raises(UncertainError):
        provider.send(ref)
    where, sent = at_google.mail().locate(KEY, ref, "")
    assert (where, len(at_google.fake.mail.left)) == (Whereabouts.SENT, 1)
    assert sent is not None
    assert sent.message_id.encode() in at_google.fake.mail.left[0][1]


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


def test_locate_tells_a_draft_whose_answer_was_lost(at_google: Google) -> None:
    """A draft whose answer was lost is known as a draft without its ref, and drafting again returns it."""
    at_google.fake.faults.append(Fault("gmail.users.drafts.create", "drop", effect=True))
    with pytest.raises(UncertainError):
        at_google.mail().draft(KEY, mail_of(1), "")
    assert at_google.mail().locate(KEY, "", "")[0] is Whereabouts.DRAFT
    ref = at_google.mail().draft(KEY, mail_of(1), "")
    assert list(at_google.box.drafts) == [ref.partition("/")[0]]


def test_the_mail_of_another_key_is_not_taken_for_ours(at_google: Google) -> None:
    """Two mails of one conversation and the same words are told apart: one is sent, the other is still a draft."""
    provider = at_google.mail()
    first = provider.send(provider.draft("one", mail_of(1), ""))
    ref = provider.draft("two", mail_of(1), first.conversation)
    assert provider.locate("two", ref, "<agenda-1@example.com>")[0] is Whereabouts.DRAFT
    assert provider.locate("three", ref, "<agenda-1@example.com>")[0] is Whereabouts.ABSENT


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


def test_pitfall_22_a_mailbox_sends_no_faster_than_its_limit(at_google: Google) -> None:
    """Beyond the limit of a minute nothing is sent, the draft stays, and the error says when to go on."""
    provider = at_google.mail(limits=SendingLimits(minute=3, day=5))
    refs = [provider.draft(f"k{number}", mail_of(number), "") for number in range(7)]
    for ref in refs[:3]:
        provider.send(ref)
    with pytest.raises(TryLaterError) as caught:
        provider.send(refs[3])
    assert caught.value.retry_at is not None
    assert timedelta(seconds=50) < caught.value.retry_at - NOW <= timedelta(seconds=61)
    at_google.clock.now = caught.value.retry_at + timedelta(seconds=1)
    for ref in refs[3:5]:
        provider.send(ref)
    with pytest.raises(TryLaterError) as caught:
        provider.send(refs[5])
    assert caught.value.retry_at is not None
    assert caught.value.retry_at > NOW + timedelta(hours=23)
    assert len(at_google.fake.mail.left) == 5
    assert len(at_google.box.drafts) == 2


def test_a_refused_recipient_is_refused_for_good(at_google: Google) -> None:
    """A mail that Gmail will never accept is given up, not tried for ever."""
    at_google.fake.faults.append(Fault("gmail.users.drafts.create", status=400, reason="invalidArgument"))
    with pytest.raises(RefusedError):
        at_google.mail().draft(KEY, mail_of(1), "")


# ---------------------------------------------------------------------------------------------------------- receiving


def test_one_request_while_no_mail_comes(mailbox: MailWorld, at_google: Google) -> None:
    """A poll of the mailbox is one request, also after mails of ours went out."""
    mailbox.receive(mail_of(1), STAMP)
    provider = mailbox.provider()
    cursor = provider.fetch("").cursor
    provider.send(provider.draft(KEY, mail_of(2), ""))
    before = at_google.fake.count()
    batch = provider.fetch(cursor)
    assert (batch.mails, at_google.fake.count() - before) == ((), 1)
    at_google.clock.turn(minutes=1)
    assert provider.fetch(batch.cursor).cursor == batch.cursor


def test_pitfall_24_nothing_between_list_and_history_is_lost(mailbox: MailWorld, at_google: Google) -> None:
    """A mail that arrives while the mailbox is first listed comes with the next fetch."""
    mailbox.receive(mail_of(1), STAMP)
    late = ("gmail.users.messages.list", lambda: mailbox.receive(mail_of(2), STAMP - timedelta(days=3)))
    at_google.fake.meanwhile.append(late)
    batch = mailbox.provider().fetch("")
    assert [mail.raw for mail in batch.mails] == [mail_of(1)]
    assert [mail.raw for mail in mailbox.provider().fetch(batch.cursor).mails] == [mail_of(2)]


def test_pitfall_24_mails_of_the_same_moment_all_come(mailbox: MailWorld) -> None:
    """Mails that carry the same time, or an older one, are all fetched: the cursor is no time."""
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


@pytest.mark.parametrize("cursor", ["nonsense", "@", "12x@y", "99@"])
def test_a_cursor_that_makes_no_sense_starts_over(mailbox: MailWorld, cursor: str) -> None:
    """A damaged cursor brings the last two days again instead of an error or of nothing."""
    mailbox.receive(mail_of(1), STAMP)
    batch = mailbox.provider().fetch(cursor)
    if cursor != "99@":
        assert [mail.raw for mail in batch.mails] == [mail_of(1)]
    assert mailbox.provider().fetch(batch.cursor).mails == ()


def test_pitfall_25_spam_with_a_token_is_an_answer(mailbox: MailWorld, at_google: Google) -> None:
    """A mail in Spam comes where it went to one of our sub-addresses; other spam stays where it is."""
    cursor = mailbox.provider().fetch("").cursor
    local, _, domain = WORKER.partition("@")
    at_google.box.receive(written(1, f"{local}+{TOKEN}@{domain}"), labels=frozenset({"SPAM"}))
    at_google.box.receive(written(2, WORKER), labels=frozenset({"SPAM"}))
    at_google.box.receive(written(3, f"{local}@{domain}", f"Cc: x+{TOKEN}@{domain}"), labels=frozenset({"SPAM"}))
    found = mailbox.provider().fetch(cursor).mails
    assert [mail.raw.split(b"r\n")[0] for mail in found] == [written(1, f"{local}+{TOKEN}@{domain}").split(b"r\n")[0]]
    assert [mail.ref for mail in mailbox.provider().fetch("").mails] == [mail.ref for mail in found]


def test_a_mail_that_a_person_takes_out_of_spam_comes_then(mailbox: MailWorld, at_google: Google) -> None:
    """A mail without a token that somebody takes out of Spam is fetched like one that arrives."""
    cursor = mailbox.provider().fetch("").cursor
    message = at_google.box.receive(written(1, WORKER), labels=frozenset({"SPAM"}))
    batch = mailbox.provider().fetch(cursor)
    assert batch.mails == ()
    at_google.box.relabel(message.id, add=frozenset({"INBOX"}), remove=frozenset({"SPAM"}))
    assert [mail.ref for mail in mailbox.provider().fetch(batch.cursor).mails] == [message.id]


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


def test_one_mail_that_is_refused_is_reported_and_the_rest_comes(mailbox: MailWorld, at_google: Google) -> None:
    """A mail that Gmail will not give is named as a problem; the others come, and the cursor goes on."""
    cursor = mailbox.provider().fetch("").cursor
    message = at_google.box.receive(mail_of(1))
    at_google.box.receive(mail_of(2))
    at_google.fake.faults.append(Fault("gmail.users.messages.get", status=400, reason="invalidArgument"))
    batch = mailbox.provider().fetch(cursor)
    assert [mail.raw for mail in batch.mails] == [mail_of(2)]
    assert [ref for ref, _ in batch.problems] == [message.id]


@pytest.mark.parametrize(
    "what", [Fault("*", "drop", times=3), Fault("*", "status", 429), Fault("*", "truncated", times=3)]
)
def test_a_fetch_that_breaks_off_moves_no_cursor(mailbox: MailWorld, at_google: Google, what: Fault) -> None:
    """Where a mail cannot be fetched just now, none is handed over and the old cursor brings all of them later."""
    cursor = mailbox.provider().fetch("").cursor
    for number in range(3):
        mailbox.receive(mail_of(number), STAMP + timedelta(minutes=number))
    at_google.fake.faults.append(replace(what, method="gmail.users.messages.get", skip=1))
    with pytest.raises(TryLaterError):
        mailbox.provider().fetch(cursor)
    at_google.clock.turn(minutes=5)
    assert len(mailbox.provider().fetch(cursor).mails) == 3


READS = ["getProfile", "messages.list", "messages.get", "history.list"]
READ_FAULTS = [
    *NOT_DONE,
    Fault("*", "truncated"),
    Fault("*", "again"),
    Fault("*", "status", 400, "invalidArgument"),
    Fault("*", "status", 404, "notFound"),
    Fault("*", "status", 500),
    Fault("*", "status", 504),
]


@pytest.mark.parametrize("method", READS)
@pytest.mark.parametrize("fault", READ_FAULTS, ids=named)
def test_no_fault_of_a_read_loses_a_mail(at_google: Google, method: str, fault: Fault) -> None:
    """Whatever becomes of whichever answer, each mail comes, and it comes again or is named rather than lost."""
    raws = [mail_of(number) for number in range(6)]
    cursor, seen, named_problems = "", set(), 0
    for number, raw in enumerate(raws):
        at_google.box.receive(raw, NOW + timedelta(minutes=number))
        if number == 2:
            at_google.fake.faults.append(replace(fault, method=f"gmail.users.{method}", skip=1))
        for _ in range(3):
            try:
                batch = at_google.mail(read=0.15).fetch(cursor)
            except AccountError:
                at_google.clock.turn(minutes=20)
                continue
            cursor = batch.cursor
            seen |= {mail.raw for mail in batch.mails}
            named_problems += len(batch.problems)
            break
    # A mail that Gmail says is not there, or will not give, is passed over; that is the one that may be missing.
    refused = method == "messages.get" and fault.status in {400, 404}
    assert len(seen) >= len(raws) - refused
    assert named_problems == (refused and fault.status == 400)


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


def test_after_a_new_sign_in_the_same_worker_goes_on(at_google: Google) -> None:
    """A revoked sign-in is told; once somebody has signed in again the running worker goes on without a restart."""
    provider = at_google.mail()
    provider.fetch("")
    at_google.fake.sign_in.revoke(WORKER)
    with pytest.raises(SignInError, match="login google"):
        provider.fetch("")
    at_google.signs_in(WORKER, *mail_scopes())
    assert provider.fetch("").mails == ()

"""What every mailbox over a vendor's API must keep, whatever becomes of its requests and their answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, Protocol

import pytest

from tests.providers.contract import OTHER, STAMP, WORKER, MailContract, MailWorld, mail_of
from tests.providers.online import ANSWER_LOST, NOW, TOLD_TO_WAIT, Online, Vendor, named
from worker.errors import AccountError, GoneError, SignInError, TryLaterError, UncertainError
from worker.fakes.faults import Fault
from worker.providers import Sent, Whereabouts
from worker.providers.sending import SendingLimits

TOKEN = "a" * 30
KEY = "agenda m1 alex@example.com 2026-11-24"


class MailRequests(NamedTuple):
    """How a vendor calls its operations: making and sending a draft, looking at a sent mail, fetching one.

    `expired` and `refused` are how it says that a sign-in is over and that a request is wrong; `polls` is how many
    requests one look for new mail is.
    """

    draft: str
    send: str
    look: str
    mail: str
    expired: Fault
    refused: Fault
    polls: int


class OnlineMailWorld(MailWorld, Protocol):
    """The vendor's side of a mailbox, with a switch for what goes wrong."""

    requests: MailRequests

    @property
    def vendor(self) -> Vendor:
        """The vendor."""

    def drafts(self) -> list[str]:
        """The ids of the drafts."""

    def name_mails(self, whose: str) -> None:
        """From now on a sent mail has the Message-ID that it came with ("kept"), or one of the vendor's ("new")."""

    def junk(self, raw: bytes) -> str:
        """A mail arrives that the vendor takes for junk; returns its name."""

    def rescue(self, name: str) -> None:
        """A person takes a mail out of the junk."""

    def sign_out(self) -> None:
        """The mailbox's sign-in is revoked."""

    def sign_in(self) -> None:
        """Somebody signs in to the mailbox."""


def written(number: int, to: str, *headers: str, sender: str = OTHER) -> bytes:
    """A mail from Alex, with further headers."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: Re: {number}", f"Message-ID: <r{number}@example.com>", *headers]
    return ("\r\n".join(lines) + "\r\n\r\nHello\r\n").encode()


def sub_address(of: str = WORKER) -> str:
    """Return a sub-address with a token."""
    local, _, domain = of.partition("@")
    return f"{local}+{TOKEN}@{domain}"


class Outbox:
    """Brings one mail to its recipient as the worker does, starting anew after each fault."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.ref = ""
        self.sending = False
        self.errors: list[type[AccountError]] = []

    def run(self, rounds: int = 12) -> Sent:
        """Go on until the mail is known to be sent."""
        for _ in range(rounds):
            try:
                done = self.step()
            except (TryLaterError, UncertainError) as error:
                self.errors.append(type(error))
                self.vendor.clock.turn(minutes=20)
                continue
            if done is not None:
                return done
        raise AssertionError(self.errors)

    def step(self) -> Sent | None:
        """Do the next thing after a restart: draft, send, or look."""
        provider = self.vendor.mail(read=0.15)
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


class OnlineMailContract(Online, MailContract):
    """The promises of a mailbox over a vendor's API."""

    # ----------------------------------------------------------------------------------------------------- sending

    def test_four_requests_send_a_mail(self, mailbox: OnlineMailWorld) -> None:
        """Look for the draft, store it, send it, read the truth back: four requests a mail, and no fifth."""
        provider = mailbox.provider()
        provider.send(provider.draft("first", mail_of(1), ""))
        before = mailbox.vendor.fake.count()
        provider.send(provider.draft(KEY, mail_of(2), ""))
        assert mailbox.vendor.fake.count() - before == 4

    @pytest.mark.parametrize("whose", ["kept", "new"])
    def test_pitfall_18_a_mail_is_sent_exactly_once(
        self, mailbox: OnlineMailWorld, call: str, fault: Fault, whose: str
    ) -> None:
        """Pitfall 18: whatever becomes of any answer, one mail leaves, no draft stays, its Message-ID is known."""
        mailbox.name_mails(whose)
        mailbox.vendor.fake.faults.append(replace(fault, method=call))
        sent = Outbox(mailbox.vendor).run()
        (raw,) = mailbox.sent()
        assert f"Message-ID: {sent.message_id}".encode() in raw
        assert mailbox.drafts() == []

    @pytest.mark.parametrize("second", [ANSWER_LOST, TOLD_TO_WAIT], ids=named)
    def test_pitfall_18_a_fault_during_recovery_changes_nothing(
        self, mailbox: OnlineMailWorld, first: Fault, where_first: str, second: Fault, where_second: str
    ) -> None:
        """Pitfall 18: a second fault while the first one is being cleared up sends no second mail and loses none."""
        mailbox.vendor.fake.faults += [replace(first, method=where_first), replace(second, method=where_second)]
        sent = Outbox(mailbox.vendor).run()
        (raw,) = mailbox.sent()
        assert sent.message_id.encode() in raw
        assert mailbox.drafts() == []

    @pytest.mark.parametrize("step", ["draft", "send"])
    def test_pitfall_1_the_vendor_sees_one_send(self, mailbox: OnlineMailWorld, step: str) -> None:
        """Pitfall 1: a server that reads the request and hangs up sees it exactly once."""
        method: str = getattr(mailbox.requests, step)
        mailbox.vendor.fake.faults.append(Fault(method, "drop", effect=True))
        outbox = Outbox(mailbox.vendor)
        with pytest.raises(UncertainError):
            outbox.step() or outbox.step()
        assert mailbox.vendor.fake.requests[method] == 1
        outbox.run()
        assert len(mailbox.sent()) == 1

    def test_a_mail_that_cannot_be_read_back_is_uncertain_and_found(self, mailbox: OnlineMailWorld) -> None:
        """A send that went well and whose Message-ID is not known is looked up, not sent again."""
        provider = mailbox.provider()
        ref = provider.draft(KEY, mail_of(1), "")
        mailbox.vendor.fake.faults.append(replace(mailbox.requests.expired, method=mailbox.requests.look, times=2))
        with pytest.raises(UncertainError):
            provider.send(ref)
        where, sent = mailbox.provider().locate(KEY, ref, "")
        (raw,) = mailbox.sent()
        assert where is Whereabouts.SENT
        assert sent is not None
        assert sent.message_id.encode() in raw

    def test_locate_tells_a_draft_whose_answer_was_lost(self, mailbox: OnlineMailWorld) -> None:
        """A draft whose answer was lost is known as a draft without its ref, and drafting again returns it."""
        mailbox.vendor.fake.faults.append(Fault(mailbox.requests.draft, "drop", effect=True))
        with pytest.raises(UncertainError):
            mailbox.provider().draft(KEY, mail_of(1), "")
        assert mailbox.provider().locate(KEY, "", "<agenda-1@example.com>")[0] is Whereabouts.DRAFT
        ref = mailbox.provider().draft(KEY, mail_of(1), "")
        (name,) = mailbox.drafts()
        assert ref.startswith(name)

    def test_a_ref_of_another_mail_finds_nothing(self, mailbox: OnlineMailWorld) -> None:
        """Where a ref leads to a mail of another key, it is not taken for ours."""
        provider = mailbox.provider()
        ref = provider.draft("two", mail_of(1), "")
        assert provider.locate("three", ref, "<agenda-1@example.com>")[0] is Whereabouts.ABSENT

    def test_pitfall_22_a_mailbox_sends_no_faster_than_its_limit(self, mailbox: OnlineMailWorld) -> None:
        """Pitfall 22: beyond the limit of a minute nothing is sent, the draft stays, the error says when to go on."""
        provider = mailbox.vendor.mail(limits=SendingLimits(minute=3, day=5))
        refs = [provider.draft(f"k{number}", mail_of(number), "") for number in range(7)]
        for ref in refs[:3]:
            provider.send(ref)
        with pytest.raises(TryLaterError) as caught:
            provider.send(refs[3])
        assert caught.value.retry_at is not None
        assert timedelta(seconds=50) < caught.value.retry_at - NOW <= timedelta(seconds=61)
        mailbox.vendor.clock.now = caught.value.retry_at + timedelta(seconds=1)
        for ref in refs[3:5]:
            provider.send(ref)
        with pytest.raises(TryLaterError) as caught:
            provider.send(refs[5])
        assert caught.value.retry_at is not None
        assert caught.value.retry_at > NOW + timedelta(hours=23)
        assert (len(mailbox.sent()), len(mailbox.drafts())) == (5, 2)

    # --------------------------------------------------------------------------------------------------- receiving

    def test_few_requests_while_no_mail_comes(self, mailbox: OnlineMailWorld) -> None:
        """A poll of the mailbox is one request for each place that is looked at, also after mails of ours went out."""
        mailbox.receive(mail_of(1), STAMP)
        provider = mailbox.provider()
        cursor = provider.fetch("").cursor
        provider.send(provider.draft(KEY, mail_of(2), ""))
        before = mailbox.vendor.fake.count()
        batch = provider.fetch(cursor)
        assert (batch.mails, mailbox.vendor.fake.count() - before) == ((), mailbox.requests.polls)
        mailbox.vendor.clock.turn(minutes=1)
        assert provider.fetch(batch.cursor).cursor == batch.cursor

    def test_pitfall_24_mails_of_the_same_moment_all_come(self, mailbox: OnlineMailWorld) -> None:
        """Pitfall 24: mails that carry the same time, or an older one, are all fetched: the cursor is no time."""
        cursor = mailbox.provider().fetch("").cursor
        for number in range(10):
            mailbox.receive(mail_of(number), STAMP - timedelta(hours=number % 3))
        assert len(mailbox.provider().fetch(cursor).mails) == 10

    def test_a_cursor_that_makes_no_sense_starts_over(self, mailbox: OnlineMailWorld, cursor: str) -> None:
        """A damaged cursor brings the last two days again instead of an error or of nothing."""
        mailbox.receive(mail_of(1), STAMP)
        batch = mailbox.provider().fetch(cursor)
        assert [mail.raw for mail in batch.mails] == [mail_of(1)]
        assert mailbox.provider().fetch(batch.cursor).mails == ()

    def test_pitfall_25_junk_with_a_token_is_an_answer(self, mailbox: OnlineMailWorld) -> None:
        """Pitfall 25: a mail in Junk comes where it went to one of our sub-addresses; other junk stays where it is."""
        cursor = mailbox.provider().fetch("").cursor
        wanted = mailbox.junk(written(1, sub_address()))
        mailbox.junk(written(2, WORKER))
        mailbox.junk(written(3, WORKER, f"Cc: x+{TOKEN}@example.com"))
        for known in (cursor, ""):
            assert [mail.ref for mail in mailbox.provider().fetch(known).mails] == [wanted]

    def test_a_mail_that_a_person_takes_out_of_junk_comes_then(self, mailbox: OnlineMailWorld) -> None:
        """A mail without a token that somebody takes out of Junk is fetched like one that arrives."""
        cursor = mailbox.provider().fetch("").cursor
        name = mailbox.junk(written(1, WORKER))
        batch = mailbox.provider().fetch(cursor)
        assert batch.mails == ()
        mailbox.rescue(name)
        assert [mail.ref for mail in mailbox.provider().fetch(batch.cursor).mails] == [name]

    def test_one_mail_that_is_refused_is_reported_and_the_rest_comes(self, mailbox: OnlineMailWorld) -> None:
        """A mail that the vendor will not give is named as a problem; the others come, and the cursor goes on."""
        cursor = mailbox.provider().fetch("").cursor
        mailbox.receive(mail_of(1), NOW)
        mailbox.receive(mail_of(2), NOW + timedelta(minutes=1))
        first, second = mailbox.provider().fetch(cursor).mails
        mailbox.vendor.fake.faults.append(replace(mailbox.requests.refused, method=mailbox.requests.mail))
        batch = mailbox.provider().fetch(cursor)
        assert [mail.raw for mail in batch.mails] == [second.raw]
        assert [ref for ref, _ in batch.problems] == [first.ref]
        assert mailbox.provider().fetch(batch.cursor).mails == ()

    def test_a_fetch_that_breaks_off_moves_no_cursor(self, mailbox: OnlineMailWorld, broken: Fault) -> None:
        """Where a mail cannot be fetched just now, none is handed over and the old cursor brings all of them later."""
        cursor = mailbox.provider().fetch("").cursor
        for number in range(3):
            mailbox.receive(mail_of(number), STAMP + timedelta(minutes=number))
        mailbox.vendor.fake.faults.append(replace(broken, method=mailbox.requests.mail, skip=1))
        with pytest.raises(TryLaterError):
            mailbox.provider().fetch(cursor)
        mailbox.vendor.clock.turn(minutes=5)
        assert len(mailbox.provider().fetch(cursor).mails) == 3

    def test_no_fault_of_a_read_loses_a_mail(self, mailbox: OnlineMailWorld, read: str, read_fault: Fault) -> None:
        """Whatever becomes of whichever answer, each mail comes, and it comes again or is named rather than lost."""
        raws = [mail_of(number) for number in range(6)]
        cursor, seen, named_problems = "", set(), 0
        strike = replace(read_fault, method=read, skip=1)
        for number, raw in enumerate(raws):
            mailbox.receive(raw, NOW + timedelta(minutes=number))
            if number == 2:
                mailbox.vendor.fake.faults.append(strike)
            for _ in range(3):
                try:
                    batch = mailbox.vendor.mail(read=0.15).fetch(cursor)
                except AccountError:
                    mailbox.vendor.clock.turn(minutes=20)
                    strike.times = max(strike.times, 0)  # what never ends has ended until the next look
                    continue
                cursor = batch.cursor
                seen |= {mail.raw for mail in batch.mails}
                named_problems += len(batch.problems)
                break
        # A mail that the vendor says is not there, or will not give, is passed over; that one may be missing.
        refused = read == mailbox.requests.mail and read_fault.status in {400, 404, 410}
        assert len(seen) >= len(raws) - refused
        assert named_problems == (refused and read_fault.status == 400)

    # ---------------------------------------------------------------------------------------------------- accounts

    def test_after_a_new_sign_in_the_same_worker_goes_on(self, mailbox: OnlineMailWorld) -> None:
        """A revoked sign-in is told; once somebody has signed in again the running worker goes on without a restart."""
        provider = mailbox.provider()
        provider.fetch("")
        mailbox.sign_out()
        for _ in range(2):
            with pytest.raises(SignInError, match=f"login {mailbox.vendor.login} --account {WORKER}"):
                provider.fetch("")
        mailbox.sign_in()
        assert provider.fetch("").mails == ()

"""Exchange Online's mailboxes: the contract, and what only Exchange does when mails are sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.providers.contract import OTHER, WORKER, MailContract, mail_of
from tests.providers.microsoft_world import NOW, MailWorld, Microsoft, microsoft
from worker.errors import (
    AccountError,
    ForbiddenError,
    GoneError,
    RefusedError,
    SignInError,
    TryLaterError,
    UncertainError,
)
from worker.fakes.microsoft import Fault
from worker.providers import Sent, Whereabouts
from worker.providers.microsoft import MicrosoftMail, SendingLimits, mail_scopes
from worker.providers.microsoft.mailbox import KEY_HEADER

KEY = "agenda m1 alex@example.com 2026-11-24"


@pytest.fixture
def at_microsoft(tmp_path: Path) -> Iterator[Microsoft]:
    """A fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield running


@pytest.fixture
def mailbox(at_microsoft: Microsoft) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_microsoft)


class TestMicrosoftMail(MailContract):
    """The contract, kept by Exchange Online."""


def left(at_microsoft: Microsoft) -> list[bytes]:
    """Return the mails that went out by now."""
    at_microsoft.fake.mail.settle()
    return [raw for _, raw in at_microsoft.fake.mail.left]


def drafts(at_microsoft: Microsoft) -> list[str]:
    """Return the ids of the drafts."""
    return [name for name, message in at_microsoft.box.messages.items() if message.draft]


# ------------------------------------------------------------------------------------------------------------ sending


def test_four_requests_send_a_mail(at_microsoft: Microsoft) -> None:
    """Look for the draft, store it, send it, read the truth back: four requests a mail, and no fifth."""
    provider = at_microsoft.mail()
    provider.send(provider.draft("first", mail_of(1), ""))
    before = at_microsoft.fake.count()
    provider.send(provider.draft(KEY, mail_of(2), ""))
    assert at_microsoft.fake.count() - before == 4


@pytest.mark.parametrize("whose", ["kept", "draft", "send"])
def test_pitfall_19_the_true_message_id_is_read_back(at_microsoft: Microsoft, whose: Any) -> None:
    """Pitfall 19: whether Exchange keeps our Message-ID or gives its own, the one on the wire is told, with the ids."""
    at_microsoft.box.message_ids = whose
    provider = at_microsoft.mail()
    sent = provider.send(provider.draft(KEY, mail_of(1), ""))
    (raw,) = left(at_microsoft)
    assert (sent.message_id == "<agenda-1@example.com>") == (whose == "kept")
    assert f"Message-ID: {sent.message_id}".encode() in raw
    assert at_microsoft.box.messages[sent.provider_id].conversation == sent.conversation
    assert at_microsoft.box.messages[sent.provider_id].folder == "sentitems"


def test_pitfall_20_a_mail_stays_in_its_conversation(at_microsoft: Microsoft) -> None:
    """Pitfall 20: Exchange threads by the references that the mail carries; they leave as they were written."""
    provider = at_microsoft.mail()
    first = provider.send(provider.draft("one", mail_of(1), ""))
    answer = f"References: {first.message_id}\r\nIn-Reply-To: {first.message_id}\r\n".encode() + mail_of(2)
    second = provider.send(provider.draft("two", answer, first.conversation))
    assert second.conversation == first.conversation
    assert f"References: {first.message_id}".encode() in left(at_microsoft)[1]


def test_pitfall_21_the_mail_is_sent_as_it_was_rendered(at_microsoft: Microsoft) -> None:
    """Pitfall 21: nothing but our mark differs from what was rendered; Auto-Submitted is lost on Exchange's side."""
    raw = b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n" + mail_of(1, "Grüße\r\n.\r\nFrom here")
    provider = at_microsoft.mail()
    provider.send(provider.draft(KEY, raw, ""))
    (wire,) = left(at_microsoft)
    mark, _, rest = wire.partition(b"\r\n")
    assert mark.startswith(f"{KEY_HEADER}: ".encode())
    assert b"agenda" not in mark
    assert rest == raw.removeprefix(b"Auto-Submitted: auto-generated\r\n")


LOST = [
    Fault("*", "drop", effect=True),
    Fault("*", "html", effect=True),
    Fault("*", "truncated", effect=True),
    Fault("*", "status", 500, effect=True),
    Fault("*", "status", 503, headers={"Retry-After": "30"}, effect=True),
    Fault("*", "status", 504, effect=True),
    Fault("*", "hang", effect=True, seconds=0.3),
]
NOT_DONE = [
    Fault("*", "drop"),
    Fault("*", "html"),
    Fault("*", "status", 502),
    Fault("*", "status", 503, headers={"Retry-After": "30"}),
    Fault("*", "status", 429, headers={"Retry-After": "30"}),
    Fault("*", "status", 429, headers={"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}),
    Fault("*", "status", 429, "ApplicationThrottled"),
    Fault("*", "status", 401),
    Fault("*", "hang", seconds=0.3),
]
CALLS = ["messages.list", "messages.create", "messages.send", "messages.get", "messages.mime"]


def named(fault: Fault) -> str:
    """Return a short name for a fault."""
    return f"{fault.what}-{fault.status}-{'done' if fault.effect else 'not done'}"


class Outbox:
    """Brings one mail to its recipient as the worker does, starting anew after each fault."""

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.microsoft = at_microsoft
        self.ref = ""
        self.sending = False
        self.errors: list[type[AccountError]] = []

    def provider(self) -> MicrosoftMail:
        """Return a provider as after a restart."""
        return self.microsoft.mail(read=0.15)

    def run(self, rounds: int = 12) -> Sent:
        """Go on until the mail is known to be sent."""
        for _ in range(rounds):
            try:
                done = self.step()
            except (TryLaterError, UncertainError) as error:
                self.errors.append(type(error))
                self.microsoft.clock.turn(minutes=20)
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
@pytest.mark.parametrize("whose", ["kept", "send"])
def test_pitfall_18_a_mail_is_sent_exactly_once(at_microsoft: Microsoft, method: str, fault: Fault, whose: Any) -> None:
    """Pitfall 18: whatever becomes of whichever answer, one mail leaves, no draft stays, its Message-ID is known."""
    at_microsoft.box.message_ids = whose
    at_microsoft.fake.faults.append(replace(fault, method=method))
    sent = Outbox(at_microsoft).run()
    (raw,) = left(at_microsoft)
    assert f"Message-ID: {sent.message_id}".encode() in raw
    assert drafts(at_microsoft) == []


@pytest.mark.parametrize("first", LOST[:1] + NOT_DONE[:1] + NOT_DONE[4:5], ids=named)
@pytest.mark.parametrize("where_first", CALLS[:4])
@pytest.mark.parametrize("second", LOST[:1] + LOST[4:5], ids=named)
@pytest.mark.parametrize("where_second", CALLS)
def test_pitfall_18_a_fault_during_recovery_changes_nothing(
    at_microsoft: Microsoft, first: Fault, where_first: str, second: Fault, where_second: str
) -> None:
    """Pitfall 18: a second fault while the first one is being cleared up sends no second mail and loses none."""
    at_microsoft.fake.faults += [replace(first, method=where_first), replace(second, method=where_second)]
    sent = Outbox(at_microsoft).run()
    (raw,) = left(at_microsoft)
    assert sent.message_id.encode() in raw
    assert drafts(at_microsoft) == []


@pytest.mark.parametrize("method", ["messages.create", "messages.send"])
def test_pitfall_1_graph_sees_one_send(at_microsoft: Microsoft, method: str) -> None:
    """Pitfall 1: a server that reads the request and hangs up sees it exactly once."""
    at_microsoft.fake.faults.append(Fault(method, "drop", effect=True))
    outbox = Outbox(at_microsoft)
    with pytest.raises(UncertainError):
        outbox.step() or outbox.step()
    assert at_microsoft.fake.requests[method] == 1
    outbox.run()
    assert len(left(at_microsoft)) == 1


def test_what_was_sent_is_not_sent_again_whatever_exchange_would_do(at_microsoft: Microsoft) -> None:
    """A worker that starts anew asks before it sends: a mail that has gone is told, and no request to send goes out."""
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    first = provider.send(ref)
    for again in (provider, at_microsoft.mail()):
        assert again.send(ref) == first
    assert again.draft(KEY, mail_of(1), "") == f"{first.provider_id} {first.message_id}"
    assert at_microsoft.fake.requests["messages.send"] == 1


def test_a_send_whose_answer_was_lost_is_asked_for_before_another(at_microsoft: Microsoft) -> None:
    """Also the worker that made the draft a moment ago asks whether it has gone before it would send again."""
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    at_microsoft.fake.faults.append(Fault("messages.send", "drop", effect=True))
    with pytest.raises(UncertainError):
        provider.send(ref)
    assert provider.send(ref).message_id == "<agenda-1@example.com>"
    assert at_microsoft.fake.requests["messages.send"] == 1


@pytest.mark.parametrize("minutes", [0.02, 1])
def test_pitfall_18_a_mail_that_leaves_late_is_waited_for(at_microsoft: Microsoft, minutes: float) -> None:
    """Pitfall 18: a mail that Exchange has taken is not sent again while it lies in the Outbox; then it is found."""
    at_microsoft.box.sent_after = timedelta(minutes=minutes)
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    sent = provider.send(ref)
    assert provider.locate(KEY, ref, sent.message_id)[0] is Whereabouts.SENT
    at_microsoft.clock.turn(minutes=3)
    assert at_microsoft.mail().locate(KEY, ref, sent.message_id) == (Whereabouts.SENT, sent)
    assert len(left(at_microsoft)) == 1


def test_pitfall_18_a_draft_that_is_leaving_is_not_sent_again(at_microsoft: Microsoft) -> None:
    """Pitfall 18: where Exchange took a mail and still shows a draft, nothing is sent until that has settled."""
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    name = ref.partition(" ")[0]
    # Exchange says that it took it, and then shows for a while what was there before.
    at_microsoft.fake.faults.append(Fault("messages.send", "again"))
    at_microsoft.fake.last["messages.send"] = b""
    with pytest.raises(UncertainError):
        provider.send(ref)
    assert at_microsoft.box.messages[name].draft
    for act in (lambda: provider.locate(KEY, ref, ""), lambda: provider.send(ref)):
        with pytest.raises(TryLaterError, match="still shows a draft"):
            act()
    assert at_microsoft.fake.requests["messages.send"] == 1
    at_microsoft.clock.turn(minutes=3)
    assert provider.locate(KEY, ref, "")[0] is Whereabouts.DRAFT
    provider.send(ref)
    assert len(left(at_microsoft)) == 1


def test_the_looks_at_a_sent_mail_take_a_few_seconds(at_microsoft: Microsoft) -> None:
    """A sent mail that shows a moment later is waited for, longer each time; then it is looked for another time."""
    waits: list[float] = []
    provider = at_microsoft.mail(door=at_microsoft.door(pause=waits.append))
    ref = provider.draft(KEY, mail_of(1), "")
    at_microsoft.fake.faults.append(Fault("messages.get", status=404, times=2))
    assert provider.send(ref).message_id
    assert waits == [0.5, 1.5]
    at_microsoft.fake.faults.append(Fault("messages.get", status=404, times=-1))
    with pytest.raises(UncertainError):
        provider.send(provider.draft("other", mail_of(2), ""))
    assert sum(waits) < 10


def test_a_mail_that_cannot_be_read_back_is_uncertain_and_found(at_microsoft: Microsoft) -> None:
    """A send that went well and whose Message-ID is not known is looked up, not sent again."""
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    at_microsoft.fake.faults.append(Fault("messages.get", status=401, times=2))
    with pytest.raises(UncertainError):
        provider.send(ref)
    where, sent = at_microsoft.mail().locate(KEY, ref, "")
    assert (where, len(left(at_microsoft))) == (Whereabouts.SENT, 1)
    assert sent is not None
    assert sent.message_id.encode() in left(at_microsoft)[0]


def test_locate_finds_a_mail_by_its_message_id(at_microsoft: Microsoft) -> None:
    """Where the id of the draft was lost with a crash, the mail is found by its Message-ID and our mark."""
    provider = at_microsoft.mail()
    provider.send(provider.draft(KEY, mail_of(1), ""))
    where, sent = at_microsoft.mail().locate(KEY, "", "<agenda-1@example.com>")
    assert where is Whereabouts.SENT
    assert sent is not None


def test_locate_finds_a_mail_whose_id_is_worth_nothing(at_microsoft: Microsoft) -> None:
    """Where Exchange gave the draft its own Message-ID and the id does not hold, that Message-ID finds the mail."""
    at_microsoft.box.message_ids = "draft"
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    sent = provider.send(ref)
    lost = f"AAkALgAAnothing= {ref.partition(' ')[2]}"
    assert at_microsoft.mail().locate(KEY, lost, "<agenda-1@example.com>") == (Whereabouts.SENT, sent)


def test_locate_tells_a_draft_whose_answer_was_lost(at_microsoft: Microsoft) -> None:
    """A draft whose answer was lost is known as a draft without its id, and drafting again returns it."""
    at_microsoft.fake.faults.append(Fault("messages.create", "drop", effect=True))
    with pytest.raises(UncertainError):
        at_microsoft.mail().draft(KEY, mail_of(1), "")
    assert at_microsoft.mail().locate(KEY, "", "<agenda-1@example.com>")[0] is Whereabouts.DRAFT
    ref = at_microsoft.mail().draft(KEY, mail_of(1), "")
    assert drafts(at_microsoft) == [ref.partition(" ")[0]]


def test_a_mail_that_was_deleted_after_sending_is_found(at_microsoft: Microsoft) -> None:
    """A person who tidies Sent Items makes nothing be sent twice: the mail is found in Deleted Items."""
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    sent = provider.send(ref)
    at_microsoft.box.move(at_microsoft.box.messages[sent.provider_id], "deleteditems")
    assert at_microsoft.mail().locate(KEY, ref, "") == (Whereabouts.SENT, sent)


def test_where_a_mail_is_sent_and_a_draft_it_is_sent(at_microsoft: Microsoft) -> None:
    """A second draft that a lost answer left behind does not make a mail that has gone be sent again."""
    ref = at_microsoft.mail().draft(KEY, mail_of(1), "")
    left_behind = at_microsoft.box.messages[ref.partition(" ")[0]]
    gone = at_microsoft.box.put(left_behind.raw, "sentitems", NOW - timedelta(minutes=1))
    where, sent = at_microsoft.mail().locate(KEY, "", "<agenda-1@example.com>")
    assert where is Whereabouts.SENT
    assert sent is not None
    assert sent.provider_id == gone.id
    assert at_microsoft.mail().draft(KEY, mail_of(1), "").startswith(gone.id)


def test_the_mail_of_another_key_is_not_taken_for_ours(at_microsoft: Microsoft) -> None:
    """Two mails of the same bytes are told apart: one is sent, the other is still a draft, a third is nowhere."""
    provider = at_microsoft.mail()
    provider.send(provider.draft("one", mail_of(1), ""))
    ref = provider.draft("two", mail_of(1), "")
    assert provider.locate("one", "", "<agenda-1@example.com>")[0] is Whereabouts.SENT
    assert provider.locate("two", ref, "<agenda-1@example.com>")[0] is Whereabouts.DRAFT
    assert provider.locate("three", ref, "<agenda-1@example.com>")[0] is Whereabouts.ABSENT


@pytest.mark.parametrize("name", ["<it's@example.com>", "<a b&c=d#e%20@example.com>"])
def test_a_message_id_is_data(at_microsoft: Microsoft, name: str) -> None:
    """Whatever stands in a Message-ID, the look for it asks for that one and nothing else."""
    raw = mail_of(1).replace(b"<agenda-1@example.com>", name.encode())
    provider = at_microsoft.mail()
    first = provider.draft(KEY, raw, "")
    assert at_microsoft.mail().draft(KEY, raw, "") == first
    assert len(drafts(at_microsoft)) == 1


def test_a_persons_own_drafts_are_left_alone(at_microsoft: Microsoft) -> None:
    """Drafts that a person writes in the same mailbox are neither sent nor looked into."""
    for number in range(5):
        at_microsoft.box.draft(mail_of(50 + number))
    provider = at_microsoft.mail()
    provider.send(provider.draft("one", mail_of(1), ""))
    assert at_microsoft.fake.requests["messages.mime"] == 0
    assert len(drafts(at_microsoft)) == 5


def test_pitfall_22_a_mailbox_sends_no_faster_than_its_limit(at_microsoft: Microsoft) -> None:
    """Pitfall 22: beyond the limit of a minute nothing is sent, the draft stays, and the error says when to go on."""
    provider = at_microsoft.mail(limits=SendingLimits(minute=3, day=5))
    refs = [provider.draft(f"k{number}", mail_of(number), "") for number in range(7)]
    for ref in refs[:3]:
        provider.send(ref)
    with pytest.raises(TryLaterError) as caught:
        provider.send(refs[3])
    assert caught.value.retry_at is not None
    assert timedelta(seconds=50) < caught.value.retry_at - NOW <= timedelta(seconds=61)
    at_microsoft.clock.now = caught.value.retry_at + timedelta(seconds=1)
    for ref in refs[3:5]:
        provider.send(ref)
    with pytest.raises(TryLaterError) as caught:
        provider.send(refs[5])
    assert caught.value.retry_at is not None
    assert caught.value.retry_at > NOW + timedelta(hours=23)
    assert len(left(at_microsoft)) == 5
    assert len(drafts(at_microsoft)) == 2


def test_pitfall_22_twenty_a_minute_without_a_setting() -> None:
    """Pitfall 22: the usual limits lie below Exchange's thirty a minute and ten thousand recipients a day."""
    assert (SendingLimits().minute, SendingLimits().day) == (20, 1500)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (400, "ErrorInvalidRecipients", RefusedError),
        (413, "ErrorMessageSizeExceeded", RefusedError),
        (403, "ErrorSendAsDenied", ForbiddenError),
        (403, "ErrorAccessDenied", ForbiddenError),
        (507, "ErrorQuotaExceeded", TryLaterError),
        (404, "ErrorItemNotFound", GoneError),
        (409, "ErrorIrresolvableConflict", UncertainError),
        (412, "ErrorIrresolvableConflict", UncertainError),
    ],
)
def test_pitfall_4_each_refusal_of_a_send_has_its_next_step(
    at_microsoft: Microsoft, status: int, reason: str, kind: type[AccountError]
) -> None:
    """Pitfall 4: a refused mail is given up, waits, or needs a right: each says so, and nothing is sent in a loop."""
    at_microsoft.fake.faults.append(Fault("messages.send", status=status, reason=reason))
    provider = at_microsoft.mail()
    ref = provider.draft(KEY, mail_of(1), "")
    with pytest.raises(AccountError) as caught:
        provider.send(ref)
    assert type(caught.value) is kind
    assert at_microsoft.fake.requests["messages.send"] == 1
    assert left(at_microsoft) == []


def test_a_full_mailbox_waits_for_hours(at_microsoft: Microsoft) -> None:
    """A mailbox that is full is told to a person, and tried again when there may be room."""
    at_microsoft.fake.faults.append(Fault("messages.create", status=507, reason="ErrorQuotaExceeded"))
    with pytest.raises(TryLaterError, match="make room") as caught:
        at_microsoft.mail().draft(KEY, mail_of(1), "")
    assert caught.value.retry_at == NOW + timedelta(hours=3)


# ----------------------------------------------------------------------------------------------------- shared mailbox


def test_a_shared_mailbox_is_opened_by_somebody_elses_sign_in(at_microsoft: Microsoft) -> None:
    """A shared mailbox is read and sent from as itself, with the sign-in of a member who may send as it."""
    at_microsoft.signs_in(OTHER, *mail_scopes(shared=True))
    at_microsoft.box.members.add(OTHER)
    provider = at_microsoft.mail(signed_in_as=OTHER)
    ref = provider.draft(KEY, mail_of(1), "")
    with pytest.raises(ForbiddenError, match="Send As"):
        provider.send(ref)
    at_microsoft.box.senders.add(OTHER)
    provider.send(ref)
    assert [address for address, _ in at_microsoft.fake.mail.left] == [WORKER]
    assert provider.fetch("").mails == ()


def test_a_shared_mailbox_needs_the_shared_permissions(at_microsoft: Microsoft) -> None:
    """With the permissions for one's own mailbox a shared one does not open: the text names what is missing."""
    at_microsoft.signs_in(OTHER, *mail_scopes())
    with pytest.raises(SignInError, match=r"Mail\.ReadWrite\.Shared"):
        at_microsoft.mail(signed_in_as=OTHER).fetch("")


# ------------------------------------------------------------------------------------------------------------- secrets


def test_nobody_is_named_in_a_log(at_microsoft: Microsoft, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, with every library's log, no address, subject, body, token or id of a mail is written down."""
    caplog.set_level(logging.DEBUG)
    provider = at_microsoft.mail()
    cursor = provider.fetch("").cursor
    at_microsoft.box.receive(mail_of(7, "canary"))
    provider.fetch(cursor)
    at_microsoft.fake.faults += [Fault("messages.send", "drop"), Fault("*", "status", 503)]
    ref = provider.draft(KEY, mail_of(1, "canary"), "")
    with pytest.raises(UncertainError) as caught:
        provider.send(ref)
    at_microsoft.fake.sign_in.revoke(WORKER)
    with pytest.raises(SignInError) as refused:
        provider.fetch(cursor)
    errors = [*traceback.format_exception(caught.value), *traceback.format_exception(refused.value)]
    shown = caplog.text + "".join(errors)
    sign_in = at_microsoft.fake.sign_in
    for word in ("canary", OTHER, "Agenda", "/messages", *sign_in.access_tokens, *sign_in.refresh_tokens):
        assert word not in shown
    assert WORKER not in caplog.text
    # What Microsoft writes beside its codes names people, and msal would log it.
    assert not [one for one in caplog.records if one.name.startswith(("msal", "filelock", "urllib3"))]
    assert "canary" not in repr(vars(provider))

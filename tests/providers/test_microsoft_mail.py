"""Exchange Online's mailboxes: the contract, and what only Exchange does when mails are sent."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from tests.providers.contract import OTHER, WORKER, mail_of
from tests.providers.microsoft_world import MailWorld, Microsoft
from tests.providers.online import ANSWER_LOST, HUNG_UP, LOST, NOT_DONE, NOW
from tests.providers.online_mail import KEY, OnlineMailContract
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
from worker.providers import Whereabouts
from worker.providers.microsoft import SendingLimits, mail_scopes
from worker.providers.microsoft.mailbox import KEY_HEADER


@pytest.fixture
def mailbox(at_microsoft: Microsoft) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_microsoft)


CALLS = ("messages.list", "messages.create", "messages.send", "messages.get", "messages.mime")
TOO_MUCH = Fault("*", "status", 429, headers={"Retry-After": "30"})
UNTIL = Fault("*", "status", 429, headers={"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"})


class TestMicrosoftMail(OnlineMailContract):
    """The contract, kept by Exchange Online."""

    cases: ClassVar = {
        "call": CALLS,
        "fault": (
            *LOST,
            *NOT_DONE,
            TOO_MUCH,
            UNTIL,
            Fault("*", "status", 429, "ApplicationThrottled"),
            Fault("*", "status", 401),
        ),
        "first": (ANSWER_LOST, HUNG_UP, TOO_MUCH),
        "where_first": CALLS[:4],
        "where_second": CALLS,
        "cursor": (
            "nonsense",
            "{}",
            "[]",
            '{"at": "x"}',
            '{"at": 0, "inbox": 7}',
            '{"inbox": "x"}',
            '{"at": 99999999999999}',
        ),
        "broken": (Fault("*", "drop", times=3), Fault("*", "status", 429), Fault("*", "html", times=3)),
        "read": ("messages.delta", "messages.mime"),
        "read_fault": (
            *NOT_DONE,
            TOO_MUCH,
            UNTIL,
            Fault("*", "truncated"),
            Fault("*", "again"),
            Fault("*", "status", 400, "ErrorInvalidRequest"),
            Fault("*", "status", 401),
            Fault("*", "status", 401, times=-1),
            Fault("*", "status", 403, "ErrorAccessDenied"),
            Fault("*", "status", 404),
            Fault("*", "status", 409),
            Fault("*", "status", 410),
            Fault("*", "status", 412),
            Fault("*", "status", 429),
            Fault("*", "status", 500),
            Fault("*", "status", 504),
        ),
    }


def left(at_microsoft: Microsoft) -> list[bytes]:
    """Return the mails that went out by now."""
    return MailWorld(at_microsoft).sent()


def drafts(at_microsoft: Microsoft) -> list[str]:
    """Return the ids of the drafts."""
    return MailWorld(at_microsoft).drafts()


# ------------------------------------------------------------------------------------------------------------ sending


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

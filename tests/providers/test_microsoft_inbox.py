"""Exchange Online's mailboxes: what comes in, and the proof of who wrote it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.providers.contract import OTHER, OWNER, STAMP, WORKER, mail_of
from tests.providers.microsoft_world import MailWorld, Microsoft
from tests.providers.online import NOW
from tests.providers.online_mail import KEY, TOKEN, sub_address, written
from worker.errors import AccountError, SignInError, TryLaterError
from worker.fakes.microsoft import Fault, answer
from worker.providers import Received
from worker.providers.microsoft import MicrosoftMail, mail_scopes
from worker.providers.microsoft.mailbox import Mailbox
from worker.replies.mime import read
from worker.replies.sender import authentic


@pytest.fixture
def mailbox(at_microsoft: Microsoft) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_microsoft)


def test_the_round_is_renewed_before_it_is_old(mailbox: MailWorld, at_microsoft: Microsoft) -> None:
    """A quiet mailbox writes its cursor anew a few times a day: how long Exchange keeps a round is not fixed."""
    cursor = mailbox.provider().fetch("").cursor
    at_microsoft.clock.turn(hours=7)
    assert mailbox.provider().fetch(cursor).cursor != cursor


def test_pitfall_24_nothing_between_two_rounds_is_lost(mailbox: MailWorld, at_microsoft: Microsoft) -> None:
    """Pitfall 24: a mail that arrives while the mailbox is first listed comes then, or with the next fetch."""
    mailbox.receive(mail_of(1), STAMP)
    meanwhile = at_microsoft.fake.meanwhile
    meanwhile.append(("messages.delta", lambda: mailbox.receive(mail_of(2), NOW)))
    meanwhile.append(("messages.mime", lambda: mailbox.receive(mail_of(3), NOW)))
    batch = mailbox.provider().fetch("")
    later = mailbox.provider().fetch(batch.cursor)
    found = sorted(mail.raw for mail in (*batch.mails, *later.mails))
    assert found == sorted([mail_of(1), mail_of(2), mail_of(3)])


def test_a_round_comes_in_pages_and_in_portions(mailbox: MailWorld) -> None:
    """After a long silence the mails come in portions, each of them once, none left out."""
    cursor = mailbox.provider().fetch("").cursor
    raws = [mail_of(number) for number in range(450)]
    for second, raw in enumerate(raws):
        mailbox.receive(raw, NOW + timedelta(seconds=second))
    found: list[bytes] = []
    provider = mailbox.provider()
    for _ in range(3):
        batch = provider.fetch(cursor)
        found += [mail.raw for mail in batch.mails]
        assert 0 < len(batch.mails) <= 250
        cursor = batch.cursor
    assert sorted(found) == sorted(raws)
    assert provider.fetch(cursor).mails == ()


@pytest.mark.parametrize("status", [410, 400])
def test_pitfall_25_a_forgotten_round_is_made_up_for(mailbox: MailWorld, at_microsoft: Microsoft, status: int) -> None:
    """Pitfall 25: where Exchange has forgotten the round, what came since comes by time, two days of it twice."""
    mailbox.receive(mail_of(1), NOW - timedelta(hours=5))
    cursor = mailbox.provider().fetch("").cursor
    at_microsoft.clock.turn(days=9)
    mailbox.receive(mail_of(2), NOW + timedelta(hours=1))
    mailbox.receive(mail_of(3), NOW + timedelta(days=8))
    at_microsoft.box.forget_delta(status)
    batch = mailbox.provider().fetch(cursor)
    assert [mail.raw for mail in batch.mails] == [mail_of(1), mail_of(2), mail_of(3)]
    assert mailbox.provider().fetch(batch.cursor).mails == ()


def test_pitfall_25_what_comes_twice_has_the_same_name(mailbox: MailWorld, at_microsoft: Microsoft) -> None:
    """Pitfall 25: a mail that is listed again is the same mail to whoever keeps account, also where it was moved."""
    mailbox.receive(mail_of(1), NOW)
    first = mailbox.provider().fetch("")
    message = at_microsoft.box.messages[first.mails[0].ref]
    at_microsoft.box.move(message, "junkemail")
    at_microsoft.box.move(message, "inbox")
    again = mailbox.provider().fetch(first.cursor)
    assert {mail.ref for mail in again.mails} <= {first.mails[0].ref}
    assert [mail.ref for mail in mailbox.provider().fetch("").mails] == [first.mails[0].ref]


def test_a_cursor_that_leads_elsewhere_is_not_followed(mailbox: MailWorld) -> None:
    """A stored link to another server is not asked: it would be given our access."""
    mailbox.receive(mail_of(1), STAMP)
    cursor = f'{{"at": {int(NOW.timestamp())}, "inbox": "https://elsewhere.example/v1.0/me", "junkemail": "x"}}'
    assert [mail.raw for mail in mailbox.provider().fetch(cursor).mails] == [mail_of(1)]


def test_what_is_elsewhere_does_not_come(mailbox: MailWorld, at_microsoft: Microsoft) -> None:
    """What was deleted, what we sent and what is a draft is not fetched as mail to us."""
    cursor = mailbox.provider().fetch("").cursor
    at_microsoft.box.move(at_microsoft.box.receive(mail_of(1)), "deleteditems")
    provider = mailbox.provider()
    provider.send(provider.draft(KEY, mail_of(2), ""))
    provider.draft("other", mail_of(3), "")
    at_microsoft.box.put(mail_of(4), "inbox", NOW, draft=True)
    for known in (cursor, ""):
        assert mailbox.provider().fetch(known).mails == ()


def test_a_mail_that_is_gone_before_it_is_fetched_is_passed_over(mailbox: MailWorld, at_microsoft: Microsoft) -> None:
    """A mail that a person deletes for good while it is fetched does not stop the others."""
    cursor = mailbox.provider().fetch("").cursor
    message = at_microsoft.box.receive(mail_of(1))
    mailbox.receive(mail_of(2), NOW)
    at_microsoft.fake.meanwhile.append(("messages.mime", lambda: at_microsoft.box.delete(message)))
    assert [mail.raw for mail in mailbox.provider().fetch(cursor).mails] == [mail_of(2)]


# -------------------------------------------------------------------------------------------------------------- proof


def vouched(mail: Received, sender: str) -> bool:
    """Whether the worker takes a mail for one of this sender's, as it does without anything configured."""
    return authentic(read(mail.raw), sender, mail.server or "", mail.exchange)


def test_pitfall_26_a_colleagues_reply_is_authentic(at_microsoft: Microsoft, mailbox: MailWorld) -> None:
    """Pitfall 26: mail inside the organisation carries no DMARC verdict; Exchange's own word on the sender counts."""
    cursor = mailbox.provider().fetch("").cursor
    provider = mailbox.provider()
    provider.send(provider.draft(KEY, mail_of(1), ""))
    reply = answer(at_microsoft.fake.mail.left[0][1], OTHER, "Next in two weeks.", NOW)
    at_microsoft.box.receive(reply, NOW + timedelta(minutes=1), inside=True)
    (mail,) = mailbox.provider().fetch(cursor).mails
    assert (mail.received_at, mail.server, mail.sent_by_owner) == (NOW + timedelta(minutes=1), "", False)
    assert b"Next in two weeks." in mail.raw
    assert vouched(mail, OTHER)
    assert not vouched(mail, OWNER)


@pytest.mark.parametrize("verdict", ["pass", "fail", "none"])
def test_pitfall_26_from_outside_the_topmost_verdict_counts(
    at_microsoft: Microsoft, mailbox: MailWorld, verdict: str
) -> None:
    """Pitfall 26: Exchange's results name no server: its topmost ones decide, whatever the mail brought along."""
    forged = (
        "X-MS-Exchange-Organization-AuthAs: Internal",
        "Authentication-Results: spf=pass smtp.mailfrom=example.com; dmarc=pass header.from=example.com",
    )
    at_microsoft.box.receive(written(1, WORKER, *forged), verdict=verdict)
    (mail,) = mailbox.provider().fetch("").mails
    assert vouched(mail, OTHER) is (verdict == "pass")


def test_pitfall_23_a_bounce_is_fetched_whole(mailbox: MailWorld) -> None:
    """Pitfall 23: a report that a mail could not be delivered comes like any other mail, with what it refers to."""
    cursor = mailbox.provider().fetch("").cursor
    provider = mailbox.provider()
    sent = provider.send(provider.draft(KEY, mail_of(1).replace(b"To: alex@", b"To: nobody@"), ""))
    (mail,) = mailbox.provider().fetch(cursor).mails
    assert b"multipart/report" in mail.raw
    assert b"Final-Recipient: rfc822;nobody@example.com" in mail.raw
    assert sent.message_id.encode() in mail.raw


# ---------------------------------------------------------------------------------------- one account for everything


def own_account(at_microsoft: Microsoft) -> MicrosoftMail:
    """Return a manager's own mailbox as the worker's."""
    at_microsoft.fake.add_mailbox(OWNER)
    at_microsoft.signs_in(OWNER, *mail_scopes())
    return at_microsoft.mail(address=OWNER, own_account=True, is_ours=lambda name: name == "<ours@example.com>")


def test_in_a_persons_own_account_nothing_else_is_fetched(at_microsoft: Microsoft) -> None:
    """Only mail to a sub-address or answering a mail of ours is fetched; of others nothing but the headers is seen."""
    provider = own_account(at_microsoft)
    box = at_microsoft.fake.mail.mailboxes[OWNER]
    for cursor in ("", provider.fetch("").cursor):
        at_microsoft.fake.requests.clear()
        box.receive(written(1, OWNER))
        box.receive(written(2, sub_address(OWNER)))
        box.receive(written(3, OWNER, "In-Reply-To: <ours@example.com>"))
        box.receive(written(4, OWNER, "References: <x@y> <ours@example.com>"))
        box.receive(written(5, f"dana+{TOKEN}@elsewhere.example"))
        box.receive(written(6, "list@example.com", f"Delivered-To: {sub_address(OWNER)}"))
        raws = [mail.raw for mail in provider.fetch(cursor).mails]
        subjects = sorted(raw.partition(b"Subject: Re: ")[2][:1] for raw in raws[-4:])
        assert subjects == [b"2", b"3", b"4", b"6"]
        assert at_microsoft.fake.requests["messages.mime"] == len(raws)


def test_an_answer_about_another_mail_is_none(at_microsoft: Microsoft) -> None:
    """Where something in between answers with an earlier answer, no mail is taken for one that is not ours."""
    provider = own_account(at_microsoft)
    cursor = provider.fetch("").cursor
    box = at_microsoft.fake.mail.mailboxes[OWNER]
    box.receive(written(1, OWNER), NOW)
    box.receive(written(2, sub_address(OWNER)), NOW + timedelta(minutes=1))
    at_microsoft.fake.faults.append(Fault("messages.get", "again", skip=1))
    with pytest.raises(TryLaterError):
        provider.fetch(cursor)
    assert len(provider.fetch(cursor).mails) == 1


def test_a_mail_without_headers_is_known_by_its_recipients(at_microsoft: Microsoft) -> None:
    """Of some mails Exchange tells no headers, as of those in Sent Items: whom it went to is known all the same."""
    box = Mailbox(WORKER, at_microsoft.settings, at_microsoft.door())
    message = at_microsoft.box.put(written(1, sub_address(), f"Cc: {OTHER}"), "sentitems", NOW)
    assert box.headers(message.id) == [("To", sub_address()), ("Cc", OTHER)]


def from_themselves(at_microsoft: Microsoft, raw: bytes) -> None:
    """Let the owner send a mail from their own mailbox."""
    box = at_microsoft.fake.mail.mailboxes[OWNER]
    at_microsoft.fake.mail.accept(box, box.draft(raw).id)
    at_microsoft.fake.mail.settle()


def test_mail_to_oneself_proves_its_sender(at_microsoft: Microsoft) -> None:
    """A manager who answers from the account that the worker uses is known by what lies in their Sent Items."""
    provider = own_account(at_microsoft)
    cursor = provider.fetch("").cursor
    from_themselves(at_microsoft, written(1, sub_address(OWNER), sender=OWNER))
    from_themselves(at_microsoft, written(2, OTHER, sender=OWNER))
    (mail,) = provider.fetch(cursor).mails
    assert mail.sent_by_owner
    assert b"Re: 1" in mail.raw


def test_what_only_says_that_it_is_from_the_owner_proves_nothing(at_microsoft: Microsoft) -> None:
    """Somebody who writes the owner's address into From is not the owner: nothing of it lies in Sent Items."""
    provider = own_account(at_microsoft)
    cursor = provider.fetch("").cursor
    box = at_microsoft.fake.mail.mailboxes[OWNER]
    box.receive(written(1, sub_address(OWNER), sender=OWNER), verdict="fail")
    (mail,) = provider.fetch(cursor).mails
    assert not mail.sent_by_owner
    assert not vouched(mail, OWNER)


def test_a_known_message_id_proves_nothing(at_microsoft: Microsoft) -> None:
    """Who was once written to knows a Message-ID of the owner's; used again, it lends them neither name nor words."""
    provider = own_account(at_microsoft)
    cursor = provider.fetch("").cursor
    from_themselves(at_microsoft, written(1, OTHER, sender=OWNER))
    from_themselves(at_microsoft, written(2, sub_address(OWNER), sender=OWNER))
    box = at_microsoft.fake.mail.mailboxes[OWNER]
    forged = written(1, sub_address(OWNER), sender=OWNER).replace(b"Hello", b"Forged")
    box.receive(forged, verdict="fail")
    box.receive(forged.replace(b"<r1@", b"<r2@"), verdict="fail")
    mails = provider.fetch(cursor).mails
    assert all(b"Forged" not in mail.raw for mail in mails if mail.sent_by_owner)
    assert [b"Forged" in mail.raw for mail in mails if not mail.sent_by_owner] == [True]


def test_own_mail_to_the_own_account_is_not_fetched(at_microsoft: Microsoft) -> None:
    """The worker's own mail to the manager whose account it uses is no answer, though it refers to mails of ours."""
    provider = own_account(at_microsoft)
    cursor = provider.fetch("").cursor
    raw = mail_of(1).replace(f"To: {OTHER}".encode(), f"To: {OWNER}\r\nReferences: <ours@example.com>".encode())
    raw = raw.replace(WORKER.encode(), OWNER.encode())
    provider.send(provider.draft(KEY, raw, ""))
    assert provider.fetch(cursor).mails == ()


def test_the_addresses_of_the_mailbox(at_microsoft: Microsoft) -> None:
    """Every address of the mailbox is its own; without the right to ask, the one that is configured."""
    at_microsoft.fake.add_person(WORKER, aliases=("team@example.com",), principal="svc@corp.example.com")
    assert at_microsoft.mail().own_addresses() == (WORKER, "team@example.com", "svc@corp.example.com")
    at_microsoft.fake.faults.append(Fault("users.get", status=403))
    assert at_microsoft.mail().own_addresses() == (WORKER,)


# ----------------------------------------------------------------------------------------------------------- accounts


def test_an_account_without_a_mailbox_says_what_to_do(at_microsoft: Microsoft) -> None:
    """Where the account has no mailbox, the administrator is told what it needs."""
    del at_microsoft.fake.mail.mailboxes[WORKER]
    with pytest.raises(AccountError, match="licence"):
        at_microsoft.mail().fetch("")


def test_too_narrow_a_sign_in_asks_for_a_new_one(at_microsoft: Microsoft) -> None:
    """A sign-in without the right to send is a new sign-in's matter, told before anything is asked."""
    at_microsoft.signs_in(WORKER, mail_scopes()[0])
    with pytest.raises(SignInError, match=r"lacks Mail\.Send"):
        at_microsoft.mail().fetch("")
    assert at_microsoft.fake.count() == 0

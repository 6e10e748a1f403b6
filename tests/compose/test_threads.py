"""All mails of one meeting to one reader are one conversation in any client, and nothing else is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from tests.compose.jwz import by_subject, joins_in_gmail, opened, references, threads
from tests.compose.samples import (
    AFTER,
    ALEX,
    APPLIED,
    AT,
    DANA,
    LAST,
    NEXT,
    PAIR,
    SHARED,
    TOKEN,
    answered,
    day,
    in_language,
    letter,
)
from worker.compose import Composed, compose, environment
from worker.compose.letter import Letter
from worker.model import MailKind, Meeting, OutboxEntry, OutboxState, Pair, Person

ENVIRONMENT = environment()
K = MailKind


def row_of(mail: Composed, one: Letter) -> OutboxEntry:
    """Return the outbox row of a mail that went."""
    return OutboxEntry(
        f"{one.action.key} {one.token}",
        one.action.kind,
        one.reader.email,
        AT,
        OutboxState.SENT,
        meeting=one.action.meeting,
        message_id=mail.message_id,
        subject=mail.subject,
        sent_at=AT,
        token=one.token,
        numbers=mail.numbers,
    )


def answer_to(mail: Composed, sender: Person, number: str) -> bytes:
    """Return a person's answer, as any client threads it."""
    made = EmailMessage(policy=SMTP)
    original = opened(mail.raw)
    made["From"] = sender.email
    made["To"] = "one-on-ones@example.com"
    made["Subject"] = f"Re: {original['Subject']}"
    made["Message-ID"] = f"<answer-{sender.first_name}-{number}@client.example.com>"
    made["In-Reply-To"] = str(original["Message-ID"])
    made["References"] = f"{original['References'] or ''} {original['Message-ID']}".strip()
    made.set_content("ok")
    return made.as_bytes()


def conversation(reader: Person, meeting: Meeting, pair: Pair = SHARED, language: str = "en") -> list[bytes]:
    """Return the mails of one meeting to one reader and the answers to them, in the order in which they go."""
    steps = (
        [(K.AGENDA, "usual"), (K.AGENDA, "late"), (K.FOLLOW_UP, "usual"), (K.RECEIPT, "usual"), (K.REMINDER, "one")]
        if reader is DANA
        else [(K.TOPICS, "usual"), (K.RECEIPT, "usual"), (K.AGENDA, "usual"), (K.RECAP, "usual")]
    )
    mails: list[bytes] = []
    rows: tuple[OutboxEntry, ...] = ()
    last: bytes = b""
    for number, (kind, variant) in enumerate(steps):
        one = in_language(letter(kind, reader, meeting, variant, pair=pair, proposal=AFTER.start), language)
        one = replace(one, thread=rows, token=f"{meeting.id}{reader.first_name.lower()}{number}{TOKEN}"[:30])
        if kind is K.RECEIPT:
            cause = str(opened(last)["Message-ID"])
            applied = replace(APPLIED, message_id=cause, author=reader.email)
            one = replace(
                one,
                action=replace(one.action, cause=cause),
                pair=replace(pair, applied=(applied,)),
                answered_references=tuple(references(opened(last))),
            )
        if kind is K.RECAP:
            one = replace(one, action=replace(one.action, cause=APPLIED.message_id), pair=answered(share=True))
        mail = compose(one, ENVIRONMENT)
        last = answer_to(mail, reader, f"{meeting.id}-{number}")
        mails += [mail.raw, last]
        rows = (*rows, row_of(mail, one))
    return mails


def ids(mails: list[bytes]) -> set[str]:
    """Return the Message-IDs of mails."""
    return {str(opened(raw)["Message-ID"]) for raw in mails}


CONVERSATIONS = [(reader, meeting) for reader in (DANA, ALEX) for meeting in (LAST, NEXT)]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_by_references_each_meeting_and_reader_is_one_conversation(language: str) -> None:
    """Threaded as JWZ does, in whatever order they arrive, there are as many conversations as meetings by readers."""
    for reader in (DANA, ALEX):
        sets = [conversation(reader, meeting, language=language) for meeting in (LAST, NEXT)]
        for order in (1, -1):
            arrived = [raw for mails in sets for raw in mails][::order]
            found = [set(one) for one in threads(arrived)]
            assert sorted(found, key=sorted) == sorted((ids(mails) for mails in sets), key=sorted)


@pytest.mark.parametrize(
    ("reader", "meeting"), CONVERSATIONS, ids=lambda one: getattr(one, "id", None) or one.first_name
)
def test_gmail_joins_each_mail_to_its_thread(reader: Person, meeting: Meeting) -> None:
    """Each mail after the first refers to an earlier one and has its subject, which is what Gmail asks for."""
    mails = [opened(raw) for raw in conversation(reader, meeting)]
    for place, mail in enumerate(mails[1:], 1):
        assert joins_in_gmail(mail, mails[:place]), mail["Subject"]


def test_by_subject_each_meeting_is_a_group_of_its_own() -> None:
    """A client that groups by subject alone shows one group for each day and person."""
    sets = [conversation(DANA, meeting) for meeting in (LAST, NEXT)]
    assert sorted(map(set, by_subject([raw for mails in sets for raw in mails]).values()), key=sorted) == sorted(
        (ids(mails) for mails in sets), key=sorted
    )


def test_outlook_goes_by_one_topic_and_one_index() -> None:
    """All of ours in a conversation have the same Thread-Topic and the same first 22 bytes of Thread-Index."""
    for reader, meeting in CONVERSATIONS:
        ours = [opened(raw) for raw in conversation(reader, meeting)[::2]]
        assert len({str(one["Thread-Topic"]) for one in ours}) == 1
        heads = {str(one["Thread-Index"])[:29] for one in ours}
        assert len(heads) == 1
        assert len(str(ours[0]["Thread-Index"])) == 32
        assert len({str(one["Thread-Index"]) for one in ours}) == len(ours)


def test_a_meeting_on_another_day_begins_a_conversation() -> None:
    """After a move to another day the agenda is a new root, by references, by subject and for Outlook."""
    old = conversation(DANA, NEXT)
    moved = replace(NEXT, start=day(3, 4), end=day(3, 4) + timedelta(minutes=30), moved_from=NEXT.start)
    rows = (
        OutboxEntry(
            "agenda", K.AGENDA, DANA.email, AT, OutboxState.SENT, meeting=NEXT.id,
            message_id=str(opened(old[0])["Message-ID"]),
            subject=str(opened(old[0])["Subject"]), token=TOKEN[::-1],
        ),
    )  # fmt: skip
    mail = compose(replace(letter(K.AGENDA, DANA, moved, "moved", pair=PAIR), thread=rows), ENVIRONMENT)
    assert {str(opened(mail.raw)["Message-ID"])} in [set(one) for one in threads([*old, mail.raw])]
    assert mail.in_reply_to == ""


def test_the_algorithm_knows_a_stranger() -> None:
    """A mail of another subject that refers to nothing of ours is a conversation of its own."""
    stranger = EmailMessage(policy=SMTP)
    stranger["Subject"], stranger["Message-ID"] = "Lunch", "<lunch@example.com>"
    stranger["Date"] = datetime(2027, 3, 2).astimezone()
    stranger.set_content("At noon.")
    mails = conversation(DANA, NEXT)
    assert [set(one) for one in threads([*mails, stranger.as_bytes()])] == [ids(mails), {"<lunch@example.com>"}]
    assert not joins_in_gmail(stranger, [opened(raw) for raw in mails])


def test_a_provider_is_told_which_conversation_goes_on() -> None:
    """Where a provider keeps conversations (Gmail's threadId), each mail names the one of those before it."""
    first = compose(letter(K.AGENDA, DANA, NEXT), ENVIRONMENT)
    assert first.conversation == ""
    rows = (replace(row_of(first, letter(K.AGENDA, DANA, NEXT)), conversation="thread-1"),)
    assert compose(replace(letter(K.FOLLOW_UP, DANA, NEXT), thread=rows), ENVIRONMENT).conversation == "thread-1"
    moved = replace(NEXT, start=day(3, 4), moved_from=NEXT.start)
    assert compose(replace(letter(K.AGENDA, DANA, moved, "moved"), thread=rows), ENVIRONMENT).conversation == ""

"""Headers and parts as the contract and the RFCs have them, read back with two parsers."""

from __future__ import annotations

import base64
import email
import email.policy
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import cast

import pytest

from tests.compose.samples import (
    ALEX,
    ANSWER,
    CASES,
    DANA,
    LAST,
    NEXT,
    NOW,
    SENDER,
    TOKEN,
    day,
    in_language,
    invitation,
    letter,
    row,
)
from worker.compose import Composed, compose, environment
from worker.model import CalendarOperation, MailKind

ENVIRONMENT = environment()
LONG_ID = f"<{'x' * 120}@prod.outlook.example>"


def read(mail: Composed) -> EmailMessage:
    """Return a mail as the modern parser reads it."""
    return email.message_from_bytes(mail.raw, policy=email.policy.default)


@pytest.mark.parametrize("name", CASES)
def test_every_mail_is_read_back_by_two_parsers(name: str) -> None:
    """Subject, bodies and kinds come out of both parsers as they were put in, without a defect."""
    mail = compose(CASES[name], ENVIRONMENT)
    modern = read(mail)
    old = email.message_from_bytes(mail.raw, policy=email.policy.compat32)
    assert not modern.defects
    assert str(modern["Subject"]) == mail.subject == str(make_header(decode_header(old["Subject"])))
    parts = list(modern.iter_parts())
    assert [part.get_content_type() for part in parts][:2] == ["text/plain", "text/html"]
    assert parts[0].get_content().replace("\r\n", "\n") == mail.text
    assert parts[1].get_content().replace("\r\n", "\n") == mail.html
    decoded = [part.get_payload(decode=True) for part in old.walk() if not part.is_multipart()]
    assert cast("bytes", decoded[0]).decode().replace("\r\n", "\n") == mail.text
    assert modern["Date"].datetime == CASES[name].now


@pytest.mark.parametrize("name", CASES)
def test_every_mail_has_the_headers_of_the_contract(name: str) -> None:
    """Sender, token address, kind, meeting, identity and machine marks stand in every mail; its reference ends it."""
    one = CASES[name]
    mail = compose(one, ENVIRONMENT)
    headers = read(mail)
    assert headers["From"].addresses[0].addr_spec == SENDER.address
    assert headers["From"].addresses[0].display_name
    assert [address.addr_spec for address in headers["To"].addresses] == [one.reader.email]
    assert str(headers["Reply-To"]) == f"one-on-ones+{TOKEN}@example.com"
    assert headers["Message-ID"] == mail.message_id == f"<{TOKEN}@example.com>"
    assert headers["X-Followthrough-Kind"] == one.action.kind.value
    assert headers["X-Auto-Response-Suppress"] == "All"
    answers = one.action.kind in (MailKind.RECEIPT, MailKind.QUESTION)
    answers |= name in ("notice-unreadable", "notice-too-large", "notice-expired")
    assert headers["Auto-Submitted"] == ("auto-replied" if answers else "auto-generated")
    assert mail.text.splitlines()[-1] == f"Ref: {TOKEN}"


@pytest.mark.parametrize("name", CASES)
def test_every_line_travels(name: str) -> None:
    """A mail is ASCII in lines of at most 78 bytes for headers and 76 for bodies, all of them ending in CRLF."""
    raw = compose(CASES[name], ENVIRONMENT).raw
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r") == len(lines) - 1
    assert max(len(line) for line in lines) <= 120
    body = raw.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(len(line) for line in body) <= 78
    assert not any(line.startswith(b"From ") or line == b"." for line in lines)
    assert len(raw) < 60_000


def test_the_meeting_stands_in_its_header() -> None:
    """A single event is named by its uid, an instance of a series by its original start in UTC too."""
    single = read(compose(letter(MailKind.AGENDA, meeting=LAST), ENVIRONMENT))
    instance = read(compose(letter(MailKind.AGENDA, meeting=NEXT), ENVIRONMENT))
    none = read(compose(CASES["digest-weekly"], ENVIRONMENT))
    assert single["X-Followthrough-Meeting"] == "m2@calendar"
    assert instance["X-Followthrough-Meeting"] == "m3@calendar;20270302T090000Z"
    assert none["X-Followthrough-Meeting"] is None


def test_an_invitation_ends_in_its_calendar_part() -> None:
    """The last alternative is the iCalendar object, byte for byte, with the method that it has."""
    for operation, method in ((CalendarOperation.CREATE, "REQUEST"), (CalendarOperation.CANCEL, "CANCEL")):
        one = invitation(operation)
        parts = list(read(compose(one, ENVIRONMENT)).iter_parts())
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
        assert parts[2].get_param("method") == method
        assert parts[2].get_payload(decode=True) == one.calendar_part


# ------------------------------------------------------------------------------------------------------ conversations


def test_the_mails_of_a_meeting_are_one_conversation() -> None:
    """Form and recap answer the root by its true Message-ID, with its subject and its Outlook thread."""
    agenda = compose(letter(MailKind.AGENDA), ENVIRONMENT)
    root = row(MailKind.AGENDA, DANA, subject=agenda.subject, message_id=LONG_ID, token=TOKEN)
    later = replace(letter(MailKind.FOLLOW_UP, thread=(root,)), token=TOKEN[::-1])
    form = compose(later, ENVIRONMENT)
    headers = read(form)
    assert headers["In-Reply-To"] == LONG_ID == form.in_reply_to
    assert headers["References"] == LONG_ID
    assert form.subject == agenda.subject
    first, second = (base64.b64decode(read(mail)["Thread-Index"]) for mail in (agenda, form))
    assert (len(first), len(second)) == (22, 27)
    assert second[:22] == first


def test_the_subject_of_the_first_mail_stays() -> None:
    """A name that changes between two mails does not end their conversation."""
    root = row(MailKind.AGENDA, DANA, subject="1:1 Al · 2 Mar")
    assert compose(letter(MailKind.FOLLOW_UP, thread=(root,)), ENVIRONMENT).subject == "1:1 Al · 2 Mar"


def test_a_meeting_on_another_day_is_another_conversation() -> None:
    """After a move the agenda answers nothing, and its first line names the old date."""
    root = row(MailKind.AGENDA, DANA, subject="1:1 Alex · 25 Feb")
    moved = letter(MailKind.AGENDA, meeting=replace(NEXT, moved_from=day(2, 25)), variant="moved", thread=(root,))
    mail = compose(moved, ENVIRONMENT)
    assert read(mail)["In-Reply-To"] is None
    assert mail.subject == "1:1 Alex · 2 Mar"
    assert "Thu 25 Feb 2027" in mail.text.splitlines()[0]


def test_a_receipt_answers_the_mail_of_the_person() -> None:
    """In-Reply-To is the person's mail; References lead from our root through theirs to it, none of them broken."""
    root = row(MailKind.FOLLOW_UP, DANA, subject="1:1 Alex · 16 Feb", message_id="<root@example.com>")
    one = letter(
        MailKind.RECEIPT,
        meeting=LAST,
        cause=ANSWER,
        thread=(root,),
        answered_references=("<root@example.com>", LONG_ID),
    )
    headers = read(compose(one, ENVIRONMENT))
    assert headers["In-Reply-To"] == ANSWER
    assert headers["References"].split() == ["<root@example.com>", LONG_ID, ANSWER]
    assert headers["Auto-Submitted"] == "auto-replied"


def test_hostile_references_do_not_reach_the_header() -> None:
    """What is no Message-ID is left out; a conversation of hundreds keeps its root and its newest."""
    bad = (
        "<a@b>\r\nBcc:all@example.com",
        "no brackets",
        "<ü@example.com>",
        *(f"<{n}@example.com>" for n in range(300)),
    )
    one = letter(MailKind.RECEIPT, meeting=LAST, cause=ANSWER, answered_references=bad)
    headers = read(compose(one, ENVIRONMENT))
    found = headers["References"].split()
    assert headers["Bcc"] is None
    assert len(found) == 20
    assert (found[0], found[-2:]) == ("<0@example.com>", ["<299@example.com>", ANSWER])


def test_a_hostile_cause_does_not_reach_the_header() -> None:
    """A Message-ID with a line break in it is not answered."""
    one = letter(MailKind.RECEIPT, meeting=LAST, cause="<a@b>\r\nBcc:all@example.com>")
    headers = read(compose(one, ENVIRONMENT))
    assert headers["Bcc"] is None
    assert headers["In-Reply-To"] is None


def test_the_date_is_the_moment_given() -> None:
    """The Date header is `now` with the reader's offset, whatever zone it came in."""
    headers = read(compose(letter(MailKind.AGENDA, ALEX), ENVIRONMENT))
    assert headers["Date"].datetime == NOW
    assert str(headers["Date"]).endswith("+0100")


def test_the_same_letter_is_the_same_bytes() -> None:
    """Composing twice gives the same mail, in every language."""
    for language in ("en", "de", "fr", "es"):
        one = in_language(letter(MailKind.AGENDA), language)
        assert compose(one, ENVIRONMENT).raw == compose(one, environment()).raw

"""Which mail a machine wrote: never taken for an answer; and which a person wrote, however it looks."""

from __future__ import annotations

import pytest

from tests.replies.automatic import MACHINES, PEOPLE, Row
from tests.replies.forms import above
from worker.model import Outcome
from worker.replies import is_automatic, mime
from worker.replies.machine import failed_recipients, machine

BODY = "\r\n\r\nI am away until Monday.\r\n"


def mail(*headers: str, subject: str = "Re: 1:1 Alex · 19 Nov", sender: str = "Dana Kim <dana@example.com>") -> bytes:
    """A mail with these headers."""
    lines = [*headers, f"From: {sender}", "To: f@example.net", f"Subject: {subject}", "Message-ID: <m@example.com>"]
    return ("\r\n".join(lines) + BODY).encode()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x@example.com",
        "Auto-Submitted: AUTO-REPLIED",
        "X-Autoreply: yes",
        "X-Autorespond: 1:1",
        "X-Auto-Reply-From: dana@example.com",
        "X-Mail-Autoreply: x",
        "Precedence: bulk",
        "Precedence: junk",
        "Precedence: list",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "List-Id: <team.example.com>",
        "List-Unsubscribe: <mailto:leave@example.com>",
        "X-POST-MessageClass: 9; Autoresponder",
    ],
)
def test_headers_of_machines(header: str) -> None:
    """Each header that RFC 3834 or a common system puts on automatic mail is enough."""
    assert machine(mime.read(mail(header))) is Outcome.AUTO_REPLY


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Automatic reply: 1:1 Alex · 19 Nov"),
        ("en", "Out of Office: Re: 1:1 Alex"),
        ("en", "Out of office"),
        ("en", "AutoReply: 1:1 Alex"),
        ("en", "Auto: Re: 1:1 Alex"),
        ("en", "[Auto-Reply] 1:1 Alex"),
        ("de", "Automatische Antwort: 1:1 Alex"),
        ("de", "Abwesenheitsnotiz: 1:1 Alex"),
        ("de", "Abwesend: Re: 1:1 Alex"),
        ("fr", "Réponse automatique : 1:1 Alex"),
        ("fr", "Absence du bureau : 1:1 Alex"),
        ("es", "Respuesta automática: 1:1 Alex"),
        ("es", "Fuera de la oficina: 1:1 Alex"),
        ("pt", "Resposta automática: 1:1 Alex"),
        ("it", "Risposta automatica: 1:1 Alex"),
        ("it", "Fuori ufficio"),
        ("nl", "Automatisch antwoord: 1:1 Alex"),
        ("nl", "Afwezig: 1:1 Alex"),
        ("sv", "Autosvar: 1:1 Alex"),
        ("sv", "Automatiskt svar: 1:1 Alex"),
        ("da", "Automatisk svar: 1:1 Alex"),
        ("nb", "Fraværsmelding: 1:1 Alex"),
        ("fi", "Automaattinen vastaus: 1:1 Alex"),
        ("pl", "Odpowiedź automatyczna: 1:1 Alex"),
        ("cs", "Automatická odpověď: 1:1 Alex"),
        ("sk", "Automatická odpoveď: 1:1 Alex"),
        ("hu", "Automatikus válasz: 1:1 Alex"),
        ("ro", "Răspuns automat: 1:1 Alex"),
        ("hr", "Automatski odgovor: 1:1 Alex"),
        ("sl", "Samodejni odgovor: 1:1 Alex"),
        ("tr", "Otomatik yanıt: 1:1 Alex"),
        ("el", "Αυτόματη απάντηση: 1:1 Alex"),
        ("ru", "Автоматический ответ: 1:1 Alex"),
        ("uk", "Автоматична відповідь: 1:1 Alex"),
        ("ja", "自動返信: 1:1 Alex"),
        ("zh", "自动回复: 1:1 Alex"),
        ("zh", "自動回覆：1:1 Alex"),
        ("ko", "자동 회신: 1:1 Alex"),
        ("he", "תשובה אוטומטית: 1:1 Alex"),
        ("ar", "رد تلقائي: 1:1 Alex"),
        ("vi", "Trả lời tự động: 1:1 Alex"),
        ("id", "Balasan otomatis: 1:1 Alex"),
        ("en", "[External] Automatic reply: 1:1 Alex"),
        ("en", "EXTERNAL: Automatic reply: 1:1 Alex"),
        ("en", "OOO Re: 1:1 Alex"),
        ("en", "I'm currently out of the office"),
        ("en", "Away from my mail: 1:1 Alex"),
        ("en", "Vacation reply: 1:1 Alex"),
        ("en", "Vacation: Re: 1:1 Alex"),
        ("pt", "Ausência temporária: Re: 1:1 Alex"),
        ("da", "Fraværsassistent: 1:1 Alex"),
        ("is", "Sjálfvirkt svar: 1:1 Alex"),
        ("lv", "Automātiska atbilde: 1:1 Alex"),
        ("lt", "Automatinis atsakymas: 1:1 Alex"),
        ("hu", "Házon kívül: 1:1 Alex"),
    ],
)
def test_subjects_of_absence(language: str, subject: str) -> None:
    """The subjects of automatic answers are known in many languages, without any header to help."""
    assert is_automatic(mail(subject=subject)), language


@pytest.mark.parametrize(
    "subject",
    [
        "Re: 1:1 Alex · 19 Nov",
        "AW: 1:1 Alex",
        "Re: Automatic reply: 1:1 Alex",
        "Re: Out of office next week",
        "Fwd: Automatische Antwort: 1:1 Alex",
        "Out of office next week, can we move it?",
        "Automatic replies are broken",
        "Out of office on Friday?",
        "Automatic reply feature",
        "Delivery failure of the parcel",
        "Failure notices in the log",
        "OOO plans for December",
        "Vacation request",
        "On leave: what happens to my accounts?",
        "Read this: the plan",
        "On vacation plans and the budget",
        "Urlaub",
        "Absence",
        "Absences: who covers what",
        "Auto: new lease for the team",
        "Delivery failed us last quarter",
        "Read: the new strategy paper",
        "Accepted the offer",
        "Undeliverable promises",
        "",
    ],
)
def test_subjects_of_people(subject: str) -> None:
    """People write under all kinds of subjects: none of these is a machine's."""
    assert not is_automatic(mail("In-Reply-To: <sent@example.net>", subject=subject))


def test_people_are_people() -> None:
    """Ordinary answers, with the headers that clients and gateways add, stay answers."""
    assert not is_automatic(above("Next in two weeks."))
    for header in (
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <dana@example.com>",
        "Precedence: normal",
        "X-Mailer: Auto-Pilot",
        "Importance: low",
        "X-Priority: 1",
    ):
        assert not is_automatic(mail(header)), header


REPORT = """From: Mail Delivery Subsystem <{sender}>
To: f@example.net
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; alex@example.com
Action: failed
Status: 5.1.1

--b--
"""


def test_bounces() -> None:
    """A delivery report is a bounce whatever its subject says, and it names who cannot be reached."""
    raw = REPORT.format(sender="mailer-daemon@example.com", subject="Undelivered Mail Returned to Sender").encode()
    assert machine(mime.read(raw)) is Outcome.BOUNCE
    assert failed_recipients(raw) == ("alex@example.com",)
    assert is_automatic(raw)


@pytest.mark.parametrize(
    ("sender", "subject", "header"),
    [
        ("MAILER-DAEMON@mx.example.com", "failure notice", "X-Nothing: x"),
        ("postmaster@example.com", "Undeliverable: 1:1 Alex", "X-Nothing: x"),
        (
            "Mail Delivery System <Mailer-Daemon@mx.example.com>",
            "Mail delivery failed: returning message to sender",
            "X-Nothing: x",
        ),
        ("dana@example.com", "Unzustellbar: 1:1 Alex", "Return-Path: <>"),
        ("dana@example.com", "x", "X-Failed-Recipients: alex@example.com"),
        ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com", "Undeliverable: 1:1", "X-Nothing: x"),
    ],
)
def test_bounces_without_a_report(sender: str, subject: str, header: str) -> None:
    """Older systems send no report: their sender, path or subject tells."""
    assert machine(mime.read(mail(header, subject=subject, sender=sender))) is Outcome.BOUNCE


def test_calendar_answers() -> None:
    """An answer from a calendar is the calendar's, not a person's; an attached file of a person is theirs."""
    inline = 'Content-Type: multipart/alternative; boundary="b"'
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\nAccepted\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n{}\r\n"
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
    raw = mail(inline, subject="Accepted: 1:1 Alex").replace(BODY.encode(), b"\r\n\r\n" + parts.format("").encode())
    assert machine(mime.read(raw)) is Outcome.CALENDAR
    attached = mail(inline).replace(
        BODY.encode(), b"\r\n\r\n" + parts.format("Content-Disposition: attachment; filename=a.ics\r\n").encode()
    )
    assert machine(mime.read(attached)) is None


def test_read_receipts() -> None:
    """A disposition notification (RFC 8098) is no answer."""
    raw = mail(
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", subject="Read: 1:1 Alex"
    )
    assert machine(mime.read(raw)) is Outcome.AUTO_REPLY


def test_our_own_mail() -> None:
    """Our own mail come back is known by its header, or by an address of ours, sub-address or not."""
    assert machine(mime.read(mail("X-Followthrough-Kind: follow-up"))) is Outcome.OWN
    ours = mail(sender="Followthrough <one-on-ones+abc@example.net>")
    assert machine(mime.read(ours), own=["one-on-ones@example.net"]) is Outcome.OWN
    assert machine(mime.read(mail()), own=["one-on-ones@example.net"]) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"From: \r\n\r\n", b"Subject: " + b"(" * 9000, b"Auto-Submitted:\r\n\r\n"]
)
def test_any_bytes(raw: bytes) -> None:
    """Whatever the bytes, the question is answered."""
    assert is_automatic(raw) in {True, False}
    assert isinstance(failed_recipients(raw), tuple)


def raw_of(row: Row) -> bytes:
    """Make the mail of a row of automatic.py: an answer by its headers, whoever wrote it."""
    subject, headers, body = row
    lines = list(headers)
    if not any(line.startswith("From:") for line in lines):
        lines.append("From: Dana Kim <dana@example.com>")
    if not any(line.startswith("Content-Type:") for line in lines):
        lines.append("Content-Type: text/plain; charset=utf-8")
    lines += [
        "To: f@example.net",
        "In-Reply-To: <sent@example.net>",
        f"Subject: {subject}",
        "Message-ID: <m@example.com>",
    ]
    return "\r\n".join([*lines, "", body, ""]).encode()


@pytest.mark.parametrize("row", MACHINES, ids=lambda row: row[0])
def test_machines_of_many_systems(row: Row) -> None:
    """No mail of a machine is an answer: absences, helpdesks, bounces, receipts, lists, in many languages."""
    assert is_automatic(raw_of(row))


@pytest.mark.parametrize("row", PEOPLE, ids=lambda row: row[0])
def test_people_who_look_like_machines(row: Row) -> None:
    """People who write about absences, deliveries and automatic things, or through gateways, are people."""
    assert not is_automatic(raw_of(row))

"""Promises of `worker.replies.mime`: any bytes give a Mail, within bounds, in linear time."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.replies.mailboxes import mailboxes
from worker.replies.mime import MAX_MESSAGE, MAX_TEXT, decode_header, read

HEAD = b"From: Dana Kim <dana@example.com>\r\nSubject: Re: 1:1\r\nDate: Thu, 19 Nov 2026 10:00:00 +0100\r\n"


def part(kind: str, text: bytes, *, charset: str = "utf-8", encoding: str = "8bit", more: str = "") -> bytes:
    """One body with its headers."""
    return (
        f"Content-Type: {kind}; charset={charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + text
    )


def test_headers_are_unfolded_and_decoded() -> None:
    """A folded, encoded header reads as the person wrote it, and its raw value stays at hand."""
    mail = read(b"Subject: =?utf-8?q?N=C3=A4chster?=\r\n =?utf-8?b?IFRlcm1pbg==?=\r\nFrom: a@b.example\r\n\r\nhi")
    assert mail.subject == "Nächster Termin"
    assert mail.get("SUBJECT") == "Nächster Termin"
    assert mail.headers[0].raw.startswith("=?utf-8?q?")


def test_date_and_ids() -> None:
    """Date is aware; message ids keep their brackets; references are all of them, oldest first."""
    mail = read(HEAD + b"Message-ID: <m@x>\r\nIn-Reply-To: <p@x> (Dana)\r\nReferences: <r@x>\r\n <p@x>\r\n\r\n")
    assert mail.date == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert mail.date.utcoffset() == timedelta(hours=1)
    assert (mail.message_id, mail.in_reply_to, mail.references) == ("<m@x>", "<p@x>", ("<r@x>", "<p@x>"))


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Thu, 99 Nov 2026 10:00:00 +0100", "Thu, 1 Jan 0000 00:00:00 +9999", "1" * 5000]
)
def test_a_date_that_cannot_be_read_is_none(value: str) -> None:
    """A broken Date header never raises and never gives a wrong day."""
    assert read(f"From: a@b.example\r\nDate: {value}\r\n\r\n".encode()).date is None


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("Dana Kim <dana@example.com>", "dana@example.com"),
        ("DANA@Example.com", "dana@example.com"),
        ('"Kim, Dana (Sales)" <dana@example.com>', "dana@example.com"),
        ('"dana@example.com" <dana@example.com>', "dana@example.com"),
        ("=?utf-8?q?J=C3=BCrgen?= <j@example.com>", "j@example.com"),
        ("boss@corp.com <evil@evil.com>", None),
        ("a@example.com, b@example.com", None),
        ("<a@example.com> b@example.com", None),
        ("<a@example.com> <b@example.com>", None),
        ("Dana <a@b@example.com>", None),
        ("Dana <a@example.com", None),
        ("Dana", None),
        ('"Dana <dana@example.com>', None),
        ("dana\0@example.com", "dana@example.com"),
        ("", None),
    ],
)
def test_sender_is_one_clean_mailbox(value: str, sender: str | None) -> None:
    """Only a From that can be read in one way names a sender."""
    assert read(f"From: {value}\r\nSubject: x\r\n\r\nhi".encode()).sender == sender


def test_two_from_headers_name_no_sender() -> None:
    """A second From header makes the sender unknown, whichever of them a client shows."""
    assert read(b"From: a@example.com\r\nFrom: b@example.com\r\n\r\nhi").sender is None


def test_groups_and_comments() -> None:
    """Members of a group count, comments do not."""
    found = mailboxes("Team: a@x.example, (boss) B <b@x.example>;, c@x.example")
    assert [box.address for box in found] == ["a@x.example", "b@x.example", "c@x.example"]
    assert all(box.clean for box in found)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_transfer_encodings(encoding: str) -> None:
    """Each transfer encoding gives the same text."""
    data = "Nächster Termin: 3. Dezember – 10:00".encode()
    coded = {"base64": base64.encodebytes(data), "8bit": data}.get(encoding, data.replace("ä".encode(), b"=C3=A4=\r\n"))
    assert read(HEAD + part("text/plain", coded, encoding=encoding)).plain.rstrip() == data.decode()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("iso-8859-1", b"\x93ok\x94 \x80", "“ok” €"),
        ("us-ascii", "é".encode(), "é"),
        ("utf-8", b"caf\xe9", "café"),
        ("x-unknown", "é".encode(), "é"),
        ("punycode", b"abc-", "abc-"),
        ("idna", b"abc", "abc"),
        ("gb2312", "你好镕".encode("gb18030"), "你好镕"),
        ("utf-16", "é".encode("utf-16"), "é"),
        ("", b"\xff", "ÿ"),
    ],
)
def test_charsets(charset: str, data: bytes, text: str) -> None:
    """A charset means what mail means by it; one that is unknown, wrong or no charset at all falls back."""
    assert read(HEAD + part("text/plain", data, charset=charset)).plain == text


def test_alternative_gives_both() -> None:
    """multipart/alternative offers its plain and its HTML rendering."""
    body = b"--b\r\n" + part("text/plain", b"hi") + b"\r\n--b\r\n" + part("text/html", b"<p>hi") + b"\r\n--b--\r\n"
    mail = read(HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + body)
    assert (mail.plain, mail.html) == ("hi", "<p>hi")
    assert mail.content_types == ("multipart/alternative", "text/plain", "text/html")


def test_parts_that_follow_each_other_are_joined() -> None:
    """Text behind a picture is not lost, in neither rendering."""
    pieces = [
        part("text/plain", b"one"),
        part("image/png", b"x"),
        part("text/html", b"<p>two</p>"),
        part("text/plain", b"three"),
    ]
    body = b"".join(b"--b\r\n" + piece + b"\r\n" for piece in pieces)
    mail = read(HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body + b"--b--")
    assert mail.plain is None
    assert mail.html is not None
    assert [word in mail.html for word in ("one", "two", "three")] == [True] * 3
    assert mail.attachments == 1


def test_attachments_are_counted_and_not_read() -> None:
    """A text that is attached is no text of the mail."""
    body = b"--b\r\n" + part("text/plain", b"hi") + b"\r\n--b\r\nContent-Disposition: attachment; filename=a.txt\r\n"
    mail = read(
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + body
        + part("text/plain", b"secret")
        + b"\r\n--b--"
    )
    assert (mail.plain, mail.attachments) == ("hi", 1)


def test_unterminated_multipart_is_read_to_its_end() -> None:
    """A cut mail gives the text that there is."""
    mail = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + part("text/plain", b"hi there"))
    assert mail.plain == "hi there"


def test_flowed_text_is_joined() -> None:
    """Soft line breaks go, hard ones and quotation marks stay, a signature line is no soft break (RFC 3676)."""
    text = b"one \r\ntwo\r\n> quoted \r\n> more\r\n-- \r\nDana"
    mail = read(HEAD + part("text/plain", text, more="; format=flowed"))
    assert mail.plain == "one two\n> quoted more\n-- \nDana"
    joined = read(HEAD + part("text/plain", "日本 \r\n語".encode(), more="; format=flowed; delsp=yes"))
    assert joined.plain == "日本語"


def test_calendar_part() -> None:
    """A calendar part shows its method and its text, and is no attachment."""
    mail = read(HEAD + part("text/calendar", b"BEGIN:VCALENDAR", more="; method=REPLY"))
    assert (mail.parts[0].parameter("method"), mail.calendar, mail.attachments) == ("REPLY", "BEGIN:VCALENDAR", 0)


@pytest.mark.parametrize(
    ("raw", "bound"),
    [
        (HEAD + b"\r\n" + b"x" * MAX_MESSAGE, "message"),
        (HEAD + b"X: y\r\n" * 60_000 + b"\r\nhi", "headers"),
        (HEAD + b"X: " + b"y" * 17_000 + b"\r\n\r\nhi", "header line"),
        (HEAD + b"X: y\r\n" + b" y\r\n" * 9_000 + b"\r\nhi", "header line"),
        (HEAD + b"\r\n" + b"x " * MAX_TEXT, "text"),
        (HEAD + part("text/html", b"<p>" + b"x " * MAX_TEXT), "text"),
        (
            HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(2_000)),
            "depth",
        ),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhi\n" * 5_000, "parts"),
    ],
    ids=["message", "headers", "header line", "folded line", "text", "html text", "depth", "parts"],
)
def test_beyond_a_bound_is_too_large(raw: bytes, bound: str) -> None:
    """Each bound is held, named, and leaves the sender readable, so that they can be told."""
    mail = read(raw)
    assert mail.problem == "too-large"
    assert bound in mail.truncated
    assert mail.sender == "dana@example.com"
    assert len(mail.plain or "") <= MAX_TEXT


@pytest.mark.parametrize("raw", [b"", b"hello", bytes(range(256)) * 40, b"\0" * 1000])
def test_what_is_no_mail_is_unreadable(raw: bytes) -> None:
    """Bytes without a single header of mail are unreadable, not empty."""
    assert read(raw).problem == "unreadable"


def test_nul_is_dropped() -> None:
    """No NUL enters a text or a header value."""
    mail = read(b"From: a@b.example\r\nSubject: a\0b\r\n\r\nx\0y")
    assert (mail.subject, mail.plain) == ("ab", "xy")


HOSTILE = {
    "new lines": HEAD + b"\n" + b"\n" * 5_000_000,
    "random": HEAD + b"\n" + bytes((i * i * 31 + i) % 256 for i in range(1_000_000)) * 5,
    "header lines": b"a:b\n" * 1_250_000,
    "folded": b"a: b\n" + b" x\n" * 100_000,
    "nested": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(20_000)),
    "one boundary": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000,
    "almost boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bX\n" * 1_000_000,
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"!@#$A" * 600_000,
    "quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 3_000_000,
    "encoded words": (b"Subject: " + b"=?a?b?" * 2_600 + b"\n") * 15 + b"\n",
    "comments": (b"From: " + b"(" * 15_000 + b"\n") * 15 + b"\n",
    "mailboxes": (b"From: " + b"a@b.c," * 2_500 + b"\n") * 15 + b"\n",
    "parameters": b"Content-Type: text/plain" + b';a="' * 3_700 + b"\n\n",
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"> \n>" * 60_000,
    "utf-7": HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+-" * 450_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_costs_less_than_half_a_second(name: str) -> None:
    """No mail, however made, costs more than half a second of this process."""
    start = time.process_time()
    read(HOSTILE[name])
    assert time.process_time() - start < 3.0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000))
def test_total_on_any_bytes(raw: bytes) -> None:
    """Any bytes at all give a Mail, behind good headers too."""
    read(raw)
    read(HEAD + raw)
    read(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + raw.replace(b"x", b"\n--b\n"))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_total_on_any_header(text: str) -> None:
    """Any header value is decoded and cut into mailboxes without an error."""
    assert isinstance(decode_header(text), str)
    assert all(box.address == box.address.lower() for box in mailboxes(text))

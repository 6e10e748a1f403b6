"""Answers of IMAP servers as values: the forms that servers use, and no form that breaks the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.providers.imap.responses import Folder, Item, day, farewell, folders, items, quoted, refusal

DATE = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))


def test_attributes_stand_before_or_after_the_text() -> None:
    """Whatever the order, each message has its own UID, date, flags and text; the text itself says nothing."""
    data = [
        (b'1 (UID 7 INTERNALDATE " 1-Dec-2026 09:00:00 +0100" BODY[] {9}', b"UID 99 \r\n"),
        b" FLAGS (\\Seen $Submitted))",
        (b"2 (BODY[HEADER.FIELDS (TO CC)] {4}", b"To: "),
        b" RFC822.SIZE 12 UID 5)",
        None,
    ]
    assert items(data) == [
        Item(5, size=12, literal=b"To: "),
        Item(7, received_at=DATE, flags=frozenset({"\\seen", "$submitted"}), literal=b"UID 99 \r\n"),
    ]


def test_pieces_about_one_message_are_put_together() -> None:
    """A server may tell of flags unasked, before, after or without the rest; without its UID it is left out."""
    data: list[bytes | tuple[bytes, bytes]] = [
        b"3 (UID 7 FLAGS (\\Seen))",
        b"4 (FLAGS (\\Deleted))",
        (b"3 (UID 7 BODY[] {1}", b"x"),
        b")",
        b"3 (UID 7 FLAGS ())",
    ]
    assert items(data) == [Item(7, flags=frozenset(), literal=b"x")]


def test_an_empty_text_needs_no_literal() -> None:
    """A part that is empty or not there comes without text of its own."""
    assert items([b'1 (UID 7 BODY[] "")', b"2 (UID 8 BODY[] NIL)"]) == [Item(7), Item(8)]


@pytest.mark.parametrize("date", ["", "yesterday", "32-Dec-2026 09:00:00 +0100", "1-Dec-2026 99:00:00 +0100"])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    """A mail whose date cannot be read comes all the same."""
    assert items([f'1 (UID 7 INTERNALDATE "{date}")'.encode()]) == [Item(7)]


def test_folders_in_every_spelling() -> None:
    """Names come as they are, quoted, as a literal, in modified UTF-7, with more behind them, and with no levels."""
    found = folders(
        [
            b'(\\HasNoChildren \\Junk) "/" Unerw&APw-nscht',
            b'() "." "a \\"b\\" (c)" ("CHILDINFO" ("SUBSCRIBED"))',
            (b'(\\Sent) "\\\\" {6}', b"x &- y"),
            b"() NIL INBOX",
            b'() "/" "&bad utf7"',
            b"nonsense",
            None,
        ]
    )
    assert [(folder.name, folder.delimiter) for folder in found if "utf7" not in folder.name] == [
        ("Unerwünscht", "/"),
        ('a "b" (c)', "."),
        ("x & y", "\\"),
        ("INBOX", ""),
    ]
    assert found[0] == Folder("Unerwünscht", frozenset({"\\hasnochildren", "\\junk"}), "/")


@pytest.mark.parametrize(
    ("said", "code", "text"),
    [
        ("[OVERQUOTA] Quota exceeded", "OVERQUOTA", "Quota exceeded"),
        ("Failed [ALERT] see\r\nhttps://example.com", "ALERT", "Failed see https://example.com"),
        ("[BADCHARSET (UTF-8)] no", "BADCHARSET", "no"),
        ("SELECT command error: BAD [b'what']", "", "SELECT command error: BAD [b'what']"),
        ("", "", ""),
    ],
)
def test_a_refusal_has_its_code_and_one_line(said: str, code: str, text: str) -> None:
    """The response code is told from the text, which is shown to a person: one line, nothing that moves a cursor."""
    found = refusal(said)
    assert (found.code, found.text) == (code, text)


def test_what_a_server_says_last_is_short() -> None:
    """However long and strange a goodbye is, a person gets one line of it."""
    assert farewell(ValueError(b"* BYE idle\x1b[31m for\r\n too long")) == "idle [31m for too long"
    assert len(farewell(ValueError("x" * 10_000))) == 200
    assert farewell(ValueError()) == ""


@given(
    st.lists(st.none() | st.binary(max_size=60) | st.tuples(st.binary(max_size=60), st.binary(max_size=60)), max_size=8)
)
def test_no_answer_breaks_the_reader(data: list[bytes | tuple[bytes, bytes] | None]) -> None:
    """Any bytes give messages and folders, perhaps none."""
    framed = [b"1 (UID 2 " + part if isinstance(part, bytes) else part for part in data]
    assert all(item.uid >= 0 for item in (*items(data), *items(framed)))
    folders(data)


@given(st.text(max_size=40))
def test_what_cannot_be_quoted_is_refused(text: str) -> None:
    """A quoted string is one word for the server, or there is none: no line end, no quote that ends it early."""
    try:
        word = quoted(text)
    except ValueError:
        assert not (text.isascii() and text.isprintable())
        return
    assert word[1:-1].replace("\\\\", "").replace('\\"', "").count('"') == 0
    assert "\n" not in word


def test_a_day_as_a_search_has_it() -> None:
    """The month is English whatever the language of the machine."""
    assert day(datetime(2026, 3, 9, tzinfo=UTC)) == "9-Mar-2026"

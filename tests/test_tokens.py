"""Names that cannot be guessed and never change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.tokens import TOKEN_LENGTH, Keys, item_id, message_id, record_id, reply_address, tokens_in

KEYS = Keys(b"secret", b"older")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_token_is_that_of_its_row_alone(record: str, key: str) -> None:
    """A token verifies for its record and row and for no other."""
    token = KEYS.token(record, key)
    assert len(token) == TOKEN_LENGTH
    assert token.startswith(record_id(record))
    assert KEYS.verifies(token, record, key)
    assert not KEYS.verifies(token, record, key + "x")
    assert not KEYS.verifies(token, record + "x", key)


def test_the_previous_key_is_believed_and_a_strange_one_is_not() -> None:
    """While keys rotate tokens of both count; a token of any other secret does not."""
    assert KEYS.verifies(Keys(b"older").token("r", "k"), "r", "k")
    assert not KEYS.verifies(Keys(b"strange").token("r", "k"), "r", "k")
    assert not Keys(b"secret").verifies(Keys(b"").token("r", "k"), "r", "k")


def test_tokens_are_found_where_mail_carries_them() -> None:
    """In a sub-address, a Message-ID, a Ref line, in upper case; once each, in order; not inside a longer word."""
    token, other = KEYS.token("a", "b"), KEYS.token("c", "d")
    texts = [
        f"Followthrough <{reply_address('one-on-ones@example.com', '+', token.upper())}>",
        message_id(other, "example.com"),
        f"Ref: {token}",
        f"x{token}y",
    ]
    assert tokens_in(texts) == [token, other]


def test_ids_depend_on_where_their_parts_end() -> None:
    """Two lists of parts that read the same when joined give different ids."""
    assert item_id("ab", "c") != item_id("a", "bc")


def test_an_event_uid_is_one_that_every_calendar_takes() -> None:
    """The uid has letters a to v and digits alone, and is the same each time."""
    uid = KEYS.event_uid("pair", "meeting")
    assert set(uid) <= set("0123456789abcdefghijklmnopqrstuv")
    assert uid == KEYS.event_uid("pair", "meeting") != KEYS.event_uid("pair", "meeting 1")

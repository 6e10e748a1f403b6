"""The explanation of a mail: what was quotation, what was written, where each piece went and why, what would follow."""

from __future__ import annotations

import pytest

from tests.replies.forms import ALEX, DANA, FORM, MEETING, REFERENCE, above, inside, mail
from worker.replies.explain import explain
from worker.replies.form import Asked, Context

CONTEXT = Context(REFERENCE, MEETING, DANA.email, (DANA, ALEX), (), "en", None)


def told(raw: bytes, kind: str = "follow-up") -> str:
    """Explain Dana's answer."""
    return explain(raw, Asked(FORM), CONTEXT, kind=kind, authserv_id="mx.example.net", own=["f@example.com"])


def test_every_piece_is_told_with_its_reason() -> None:
    """Each piece of an answer stands with the field that it went to, why, and what would follow from it."""
    text = told(above("Calm talk. Alex sends the plan by Friday. Next in two weeks.\nprivate: tired\n\nshare"))
    for words in (
        "Quotation (not read, from the plain text):",
        "note (only you) - above everything",
        "    | Calm talk.",
        "action item - one of the two promises it, or does it by a date",
        "next check-in - free prose that names the next meeting",
        'set the next check-in to Thu 3 Dec 2026 ("in two weeks")',
        "record for alex@example.com: sends the plan, due Fri 20 Nov 2026",
        "note under general, never shared: tired",
        "command: share",
    ):
        assert words in text


def test_places_in_the_form_are_told() -> None:
    """Words inside the form stand with the line of ours that they answer."""
    text = told(inside({"Next check-in:": "12/1", "Highlights:": "\nshipped"}))
    assert 'inside, behind "Next check-in:"' in text
    assert 'inside, below "Highlights:"' in text
    assert "ask about the next check-in (ambiguous: Tue 1 Dec 2026 or Tue 12 Jan 2027)" in text


def test_machines_and_senders_are_told() -> None:
    """Mail of machines is called so, and what the receiving server says of the sender is shown."""
    said = b"Authentication-Results: mx.example.net; dmarc=fail header.from=example.com\r\n"
    raw = said + b"Auto-Submitted: auto-replied\r\n" + mail("x")
    text = told(raw)
    assert "mx.example.net says dmarc=fail" in text
    assert "auto-reply: it would not be taken as an answer" in text


@pytest.mark.parametrize("kind", ["follow-up", "topics", "check-in", "commands"])
@pytest.mark.parametrize(
    "raw", [b"", b"\xff\x00\x1b[2J", above(""), above("Thanks"), above("\x1b[2Jhello"), b"a" * 9000]
)
def test_any_mail_can_be_explained(raw: bytes, kind: str) -> None:
    """Whatever the bytes, there is an explanation, and nothing in it steers a terminal."""
    text = told(raw, kind)
    assert text.endswith("\n")
    assert all(char == "\n" or char.isprintable() for char in text)

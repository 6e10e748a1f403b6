"""What holds for every reply: reading is total and bounded, adds nothing of ours, and loses no word of theirs."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replies.forms import ALEX, DANA, FORM, REFERENCE, above, form, rows
from tests.replies.fuzz import READERS, run
from worker.model import Reply
from worker.replies import read_form
from worker.replies.context import Context

PHRASES = [words for name in ("next.txt", "promises.txt", "acts.txt", "nothing.txt") for _, words, _ in rows(name)]
LABELS = [
    "",
    "Next check-in: ",
    "Highlights: ",
    "Feedback: ",
    "Action items: ",
    "private: ",
    "Nächster Termin: ",
    "Suivi : ",
]
LINES = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(PHRASES)), max_size=6)


def everything(reply: Reply) -> str:
    """All words of a reply: its text and its fields."""
    pieces = [note.text for note in reply.notes] + [note.label for note in reply.notes] + list(reply.leftover)
    pieces += [item.text for item in reply.action_items] + [piece.text for piece in reply.feedback]
    pieces += [command.text for command in reply.commands] + [reply.next_check_in_text, reply.written]
    return " ".join(pieces)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_no_word_is_lost(lines: list[tuple[str, str]]) -> None:
    """Every word that a person typed is in a field of the reply."""
    text = "\n".join(label + words for label, words in lines)
    reply = form(text)
    found = set(re.findall(r"\w+", everything(reply).lower()))
    courtesy = {"thanks", "thank", "you", "danke", "merci", "gracias", "dana", "alex", "see", "hasta", "bis", "then"}
    lost = set(re.findall(r"\w+", text.lower())) - found - courtesy
    assert not lost or reply.thanks or reply.empty


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(READERS), st.binary(max_size=600), st.text(max_size=300))
def test_any_bytes_are_read(reader: object, raw: bytes, sent: str) -> None:
    """Whatever the bytes and whatever was sent, there is a reply."""
    assert callable(reader)
    assert isinstance(reader(raw, sent, sent, reference=datetime(2026, 11, 19, tzinfo=UTC)), Reply)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_reading_twice_is_reading_once(lines: list[tuple[str, str]]) -> None:
    """The same mail says the same, and quoting it in a second, empty answer adds nothing."""
    raw = above("\n".join(label + words for label, words in lines))
    arguments = {"reference": REFERENCE, "sender": DANA.email, "people": (DANA, ALEX)}
    first = read_form(raw, FORM, None, **arguments)  # type: ignore[arg-type]  # the types of the dict's values differ
    assert read_form(raw, FORM, None, **arguments) == first  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    "body",
    [
        "ok\n",
        "a. ",
        "Alex will send the plan by Friday.\n",
        "in two weeks\n",
        "Next check-in: 12/12\n",
        "1: x\n",
        "👍\n",
        "Action items:\nAlex: plan by Friday\n",
        "- [ ] x\n",
        "done 1, 2, ",
        "and ",
        "Feedback: follow up in ",
        "(",
        "\n",
        "> ",
    ],
)
def test_long_bodies_take_no_longer(body: str) -> None:
    """A body of 256 kB is read within the bound, whatever it repeats, and its end is not dropped."""
    text = body * (256_000 // len(body))
    raw = above(text)
    form("ok")
    for reader in READERS:
        start = time.process_time()
        reader(raw, FORM, None, reference=REFERENCE, sender=DANA.email, people=(DANA, ALEX))
        assert time.process_time() - start < 5.0


def test_the_search_for_dates_is_bounded() -> None:
    """One mail may cost only so much searching; what is beyond holds no date for us, and stays a note."""
    context = Context(REFERENCE)
    found = [len(context.find(f"point {number} in two weeks")) for number in range(400)]
    assert found[0] == 1
    assert found[-1] == 0


def test_what_is_too_long_to_read_is_left_over() -> None:
    """The end of a very long answer is not interpreted, and kept word for word."""
    reply = form("calm talk today.\n" * 3000 + "share\nlast words")
    assert not reply.commands
    assert reply.leftover[-1].endswith("share\nlast words")


def test_mutated_mails() -> None:
    """Answers of all clients, cut, doubled, scrambled and filled with junk: none raises, none is slow."""
    found, _ = run(400, seed=7)
    assert not found


def test_import_is_cheap() -> None:
    """The package is imported without the libraries that only mail needs."""
    heavy = ("lxml", "inscriptis", "authres", "flufl")
    code = f"import sys, worker.replies; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

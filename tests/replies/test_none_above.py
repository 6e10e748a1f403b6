"""A bare `none` above the labels of an answer: when it speaks of the next check-in, and when it is kept as a note."""

from __future__ import annotations

import pytest

from tests.replies.forms import form, next_of
from worker.model import Part


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "none\n\nHighlights: demo"),
        ("en", "None.\nHighlights: demo\nAction items: Alex sends the plan by Friday"),
        ("en", "Hi!\n\nnone\n\nHighlights: demo\n\nshare"),
        ("en", "none\n\nShe looked tired.\n\nHighlights: demo"),
        ("de", "Keiner\n\nErfolge: Demo"),
        ("fr", "aucun\n\nRéussites : démo"),
        ("es", "Ninguna\n\nLogros: demo"),
    ],
)
def test_none_as_the_first_words_above_the_labels(language: str, words: str) -> None:
    """What the form asks first is answered by the first words: there is no next check-in, and no note says `none`."""
    reply = form(words, language)
    assert next_of(reply) == "none"
    assert not [note for note in reply.notes if note.text.casefold().startswith(("none", "kein", "aucun", "ning"))]
    assert [note.part for note in reply.notes if note.part is not Part.GENERAL] == [Part.HIGHLIGHTS]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("none\n\nNext check-in: Thu 19 Nov 2026\nHighlights: demo", "2026-11-19"),
        ("none\n\nWe meet again on Thu 19 Nov 2026.\n\nHighlights: demo", "2026-11-19"),
        ("none\n\nok\n\nHighlights: demo", "no"),
        ("none\nof it was easy\n\nHighlights: demo", "no"),
        ("She looked tired.\n\nnone\n\nHighlights: demo", "no"),
        ("nothing\n\nHighlights: demo", "no"),
        ("none\n\nShe looked tired.", "no"),
    ],
)
def test_none_that_may_mean_something_else_stays_a_note(words: str, meaning: str) -> None:
    """Beside a date or an `ok`, further down, without a label or in other words it is kept word for word."""
    reply = form(words)
    assert next_of(reply) == meaning
    assert words.partition("\n")[0] in "\n".join(note.text for note in reply.notes)

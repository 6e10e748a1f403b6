"""Sentences in four languages that name the next meeting, promise something, or act; and those that only sound so."""

from __future__ import annotations

import pytest

from tests.replies.forms import acts_of, form, items_of, next_of, rows


@pytest.mark.parametrize(("language", "words", "meaning"), list(rows("next.txt")))
def test_the_next_meeting_in_free_prose(language: str, words: str, meaning: str) -> None:
    """A clear phrase sets the next check-in, an unsure one is asked about, anything else sets nothing."""
    assert next_of(form(words, language)) == meaning


@pytest.mark.parametrize(("language", "words", "meaning"), list(rows("promises.txt")))
def test_commitments_in_free_prose(language: str, words: str, meaning: str) -> None:
    """Who owes what by when is taken from a plain sentence; one that states, wishes, doubts or denies is a note."""
    reply = form(words, language)
    assert items_of(reply) == meaning
    assert (words in "\n".join(note.text for note in reply.notes)) == (meaning == "no")


@pytest.mark.parametrize(("language", "words", "meaning"), list(rows("acts.txt")))
def test_words_that_act(language: str, words: str, meaning: str) -> None:
    """Acting words act as a line or sentence of their own, with courtesy around them; inside others they do not."""
    assert acts_of(form(words, language)) == meaning


@pytest.mark.parametrize("before", ["", "Calm talk. ", "He seemed tired; "])
@pytest.mark.parametrize(("language", "words"), [(language, words) for language, words, _ in rows("nothing.txt")])
def test_what_only_sounds_like_it(language: str, words: str, before: str) -> None:
    """A sentence that names days and people without agreeing on anything stays a note, word for word."""
    reply = form(before + words, language)
    assert (next_of(reply), items_of(reply), acts_of(reply)) == ("no", "no", "nothing")
    assert [note.text for note in reply.notes] == [before + words]


@pytest.mark.parametrize("corpus", ["next.txt", "promises.txt", "acts.txt"])
def test_every_language_has_its_rows(corpus: str) -> None:
    """Each corpus speaks English, German, French and Spanish, and has rows that must do nothing."""
    found = list(rows(corpus))
    assert {language for language, _, _ in found} == {"en", "de", "fr", "es"}
    assert sum(meaning in {"no", "nothing"} for _, _, meaning in found) >= 20

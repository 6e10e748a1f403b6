"""Every word that a mail tells somebody to type is understood in an answer, in each language, as in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.compose.samples import ALEX, ANA, BERLIN, CASES, DANA, TOM, in_language
from worker.compose import compose, environment
from worker.model import Ask, Reply
from worker.replies import read_check_in, read_commands, read_form, read_topics

ENVIRONMENT = environment()
LANGUAGES = ("de", "fr", "es")
PEOPLE = (DANA, ALEX)
ITEMS = tuple(f"item {number}" for number in range(1, 9))
# Before every day that a mail gives as an example.
SAID_AT = datetime(2026, 12, 15, 9, tzinfo=BERLIN)
_TYPED = re.compile(r"`([^`]+)`")
# A command of the administrator's terminal is typed there, in English.
_SHELL = "followthrough"
# What a person puts where a mail shows dots: the same in every language, so that the readings can be compared.
_WORDS = "Rust"


def _raw(text: str) -> bytes:
    head = "From: dana@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return f"{head}{text}\r\n".encode()


def _commands(text: str, language: str) -> Reply:
    people = (ALEX, ANA, TOM)
    return read_commands(_raw(text), "", "", reference=SAID_AT, sender=DANA.email, people=people, language=language)


def _check_in(text: str, language: str) -> Reply:
    return read_check_in(_raw(text), "", "", reference=SAID_AT, sender=DANA.email, people=PEOPLE, language=language)


def _form(text: str, language: str) -> Reply:
    return read_form(
        _raw(text),
        "",
        "",
        reference=SAID_AT,
        meeting_start=SAID_AT,
        sender=DANA.email,
        people=PEOPLE,
        items=ITEMS,
        language=language,
    )


def _topics(text: str, language: str) -> Reply:
    return read_topics(
        _raw(text),
        "",
        "",
        reference=SAID_AT,
        meeting_start=SAID_AT,
        sender=ALEX.email,
        people=PEOPLE,
        items=ITEMS,
        language=language,
    )


# The most exact reader first: what it reads is what the words are for.
READERS: tuple[Callable[[str, str], Reply], ...] = (_commands, _check_in, _form, _topics)


def day(when: date | datetime | Ask | None) -> str:
    """Return a date that was read, whatever must still be settled about it."""
    return ", ".join(map(str, when.candidates)) if isinstance(when, Ask) else str(when)


def said(one: Reply) -> list[str]:
    """Return what a reply does, without the words in which it was said."""
    found = [
        f"{each.verb} {each.names} {each.numbers} {day(each.when)} {_WORDS in each.text}"
        f"{' as ' + each.text if each.verb == 'yes' else ''}"
        for each in one.commands
    ]
    if one.next_check_in is not None:
        found.append(f"next {day(one.next_check_in)}")
    found += [f"private {note.text}" for note in one.notes if note.private]
    found += [f"private {topic.text}" for topic in one.topics if topic.private]
    return [] if one.leftover or one.problems else found


def typed_in(name: str, language: str) -> list[str]:
    """Return what a mail tells its reader to type, in the order of its text, ready to be sent."""
    mail = compose(in_language(CASES[name], language), ENVIRONMENT)
    shown = [one.replace("…", _WORDS) for one in _TYPED.findall(mail.text) if not one.startswith(_SHELL)]
    if name.startswith("welcome"):
        # A kind of 1:1 stands behind a name.
        shown = [one if " " in one or one == shown[-1] else f"{shown[0]} {one}" for one in shown]
    if name == "check-in-two":
        # A number stands before the word of each.
        shown = [one.removeprefix("1 ") for one in shown]
    # Of a mail about several people each gets the line behind their name.
    several = name.endswith(("-day", "-several"))
    return [re.sub(r"^Alex\s?:\s", "", one) if several else one for one in shown]


@pytest.mark.parametrize("name", CASES)
def test_words_to_type_mean_the_same_in_each_language(name: str) -> None:
    """What a mail shows to be typed acts in English, and its translation does the same."""
    english = typed_in(name, "en")
    others = {language: typed_in(name, language) for language in LANGUAGES}
    for place, typed in enumerate(english):
        if typed.endswith(":") or typed == "private":
            continue  # the beginning of a line, see below; a word that the receipt of a capture alone understands
        read = next((reader for reader in READERS if said(reader(typed, "en"))), None)
        assert read is not None, typed
        for language, shown in others.items():
            assert len(shown) == len(english)
            assert said(read(shown[place], language)) == said(read(typed, "en")), shown[place]


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_line_that_begins_so_is_private(language: str) -> None:
    """The word before a private line, as the first mail shows it, keeps that line its author's, in each language."""
    (shown,) = [one for one in typed_in("topics-usual", language) if one.endswith(":")]
    for read in (_topics, _form):
        assert said(read(f"{shown} {_WORDS}", language)) == [f"private {_WORDS}"], shown

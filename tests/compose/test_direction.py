"""A name that is written from right to left moves nothing that stands beside it, in subjects and in plain text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from urllib.parse import quote

import pytest

from tests.compose.samples import ALEX, AT, CASES, DANA, LAST, NEXT, SHARED, in_language, letter
from worker.compose import compose, environment
from worker.compose.letter import Letter
from worker.model import ActionItem, MailKind, Topic

ENVIRONMENT = environment()
LEFT_MARK = "\u200e"
HEBREW, ARABIC = "מרים בן־דוד", "أحمد الخطيب"
LANGUAGES = ("en", "de", "fr", "es")
KINDS = [name for name, one in CASES.items() if one.person is not None and one.pair is not None and not one.parts]


def turned(letter: str) -> bool:
    """Whether a letter is written from right to left."""
    return unicodedata.bidirectional(letter) in ("R", "AL")


def stray(line: str) -> str:
    """Return the first stretch of a line that a right-to-left name would pull to its other side; "" for none.

    After the last right-to-left letter of a run only a mark, or a letter of the line's own direction, may come before
    a digit (UAX 9, N1 and W4: a number behind such a letter goes with it), and a line may not begin with such a letter.
    """
    strong = "L"
    for place, one in enumerate(line):
        direction = unicodedata.bidirectional(one)
        if direction in ("L", "R", "AL"):
            strong = direction
        elif direction in ("EN", "AN") and strong != "L":
            return line[max(0, place - 10) : place + 5]
    first = next((one for one in line if unicodedata.bidirectional(one) in ("L", "R", "AL")), "")
    return line[:15] if first and turned(first) else ""


def named(one: Letter, name: str) -> Letter:
    """Return a letter whose other person has this name."""
    return replace(
        one,
        person=one.person and replace(one.person, name=name),
        manager=one.manager if one.reader.email == DANA.email else replace(one.manager, name=name),
        pair=one.pair and replace(one.pair, person_name=name),
        people=tuple(replace(person, name=name) for person in one.people),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [HEBREW, ARABIC, "דוד Levi 3", "100 أحمد"])
def test_no_subject_is_turned_round(name: str, language: str) -> None:
    """In every kind of mail the day stays behind the name, whether a client goes by its own direction or the line's."""
    for kind in KINDS:
        mail = compose(named(in_language(CASES[kind], language), name), ENVIRONMENT)
        assert stray(mail.subject) == "", (kind, mail.subject)
        assert len(mail.subject) <= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_ours_is_turned_round(language: str) -> None:
    """Nor is any line of the text in which a name stands among our words and numbers."""
    for kind in KINDS:
        mail = compose(named(in_language(CASES[kind], language), HEBREW), ENVIRONMENT)
        for line in mail.text.splitlines():
            assert stray(line) == "", (kind, line)


def test_what_follows_a_topic_stays_behind_it() -> None:
    """The facts behind a person's own words stay outside them, and the words keep their own direction."""
    topic = Topic("t", AT, "מה עושים עם הבקשות של Acme? לדבר", ALEX.email, carried=2, first_on=AT.date())
    item = ActionItem("a", AT, ALEX.email, "לשלוח את התוכנית", DANA.email, NEXT.start.date(), shared=AT)
    one = letter(MailKind.AGENDA, pair=replace(SHARED, topics=(topic,), action_items=(item,)))
    lines = compose(named(one, HEBREW), ENVIRONMENT).text.splitlines()
    for words in (topic.text, item.text):
        (line,) = [line for line in lines if words in line]
        assert line.split(words)[1].startswith(f" ({LEFT_MARK}")


def test_a_name_from_left_to_right_has_no_marks() -> None:
    """Nobody else's mail holds an invisible character."""
    for name in CASES:
        mail = compose(CASES[name], ENVIRONMENT)
        assert LEFT_MARK not in mail.subject + mail.text + mail.html


def test_addresses_and_answers_have_no_marks() -> None:
    """The display name and the words of a one-tap answer are the name as it is written."""
    day = CASES["follow-up-day"]
    mail = compose(replace(day, parts=(named(day.parts[0], HEBREW), *day.parts[1:])), ENVIRONMENT)
    bodies = [link.rpartition("body=")[2] for link in re.findall(r'href="(mailto:[^"]*)"', mail.html)]
    assert any(quote(HEBREW.split(maxsplit=1)[0]) in body for body in bodies)
    assert not [body for body in bodies if quote(LEFT_MARK) in body]
    to = compose(letter(MailKind.FOLLOW_UP, replace(DANA, name=HEBREW), LAST), ENVIRONMENT)
    assert str(make_header(decode_header(message_from_bytes(to.raw)["To"]))) == f"{HEBREW} <{DANA.email}>"

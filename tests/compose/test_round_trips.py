"""Every one-tap answer of every kind, sent as a mail client sends it, is read as what its button says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.compose.samples import ALEX, ANA, CASES, DANA, NEXT, NOW, TOM, in_language
from tests.compose.test_html import answers
from tests.replies.clients import CLIENTS, SHAPES, Answer, Client, reply
from tests.replies.sent import Sent
from worker.compose import Composed, compose, environment
from worker.model import Person, Reply
from worker.replies import read_check_in, read_commands, read_form, read_topics

ENVIRONMENT = environment()
LANGUAGES = ("en", "de", "fr", "es")
TAPPED = (
    "welcome-first",
    "welcome-again",
    "topics-usual",
    "follow-up-proposed",
    "follow-up-in-calendar",
    "reminder-one",
    "question-weekday",
    "question-days",
    "question-day-two",
    "check-in-manager",
)
FOUND = (ANA, TOM, ALEX)


def of(name: str, language: str) -> Composed:
    """Return a case as it is sent."""
    return compose(in_language(CASES[name], language), ENVIRONMENT)


def sent(mail: Composed, language: str) -> Sent:
    """Return the mail as the simulator of clients quotes it."""
    labels = tuple(line for line in mail.text.split("\n") if line.endswith(":"))[:8]
    return Sent(mail.text, mail.html, labels, subject=mail.subject, language=language)


def read(name: str, mail: Composed, raw: bytes, language: str) -> Reply:
    """Read an answer to a mail as the worker does: which reader takes it goes by the kind."""
    kind = name.partition("-")[0]
    people: tuple[Person, ...] = (DANA, ALEX)
    if kind == "welcome":
        return read_commands(
            raw, mail.text, mail.html, reference=NOW, sender=DANA.email, people=FOUND, language=language
        )
    if kind == "check":
        return read_check_in(
            raw, mail.text, mail.html, reference=NOW, sender=DANA.email, people=people, language=language
        )
    reader = read_topics if kind == "topics" else read_form
    return reader(
        raw,
        mail.text,
        mail.html,
        reference=NEXT.start,
        meeting_start=NEXT.start,
        sender=(ALEX if kind == "topics" else DANA).email,
        people=people,
        items=tuple(f"item {number}" for number in range(len(mail.numbers))),
        language=language,
    )


def said(one: Reply) -> list[str]:
    """Return what a reply says, as lines to compare."""
    lines = [" ".join([one_.verb, *one_.names, *map(str, one_.numbers)]) for one_ in one.commands]
    day = one.next_check_in
    if isinstance(day, datetime | date):
        lines.append(f"next {day.isoformat()[:10]}")
    lines += [f"left over: {text}" for text in one.leftover] + [f"problem: {problem}" for problem in one.problems]
    lines += [f"note: {note.text}" for note in one.notes] + [f"topic: {topic.text}" for topic in one.topics]
    return lines


def _after(days: int) -> str:
    return f"next {(NEXT.start + timedelta(days=days)).date()}"


_FORM = [["ok", "share"], [_after(7)], [_after(14)], [_after(31)], ["did-not-happen"]]
MEANT: dict[str, list[list[str]]] = {
    "welcome-first": [["yes 1"], ["yes 2"], ["yes 3"], ["yes all"]],
    "welcome-again": [["yes 1"]],
    "topics-usual": [[]],
    "follow-up-proposed": _FORM,
    "follow-up-in-calendar": _FORM,
    "reminder-one": _FORM,
    "question-weekday": [["choose 1"], ["choose 2"]],
    "question-days": [["choose 1"], ["choose 2"]],
    "question-day-two": [["choose 1"], ["choose 2"], ["choose 3"], ["choose 4"]],
    "check-in-manager": [["better"], ["same"], ["worse"]],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TAPPED)
def test_each_button_says_what_stands_on_it(name: str, language: str) -> None:
    """Sent from every client, in every shape, without a quotation, a one-tap answer means one thing."""
    mail = of(name, language)
    taps = answers(mail)
    assert len(taps) == len(MEANT[name])
    nothing = Sent("", "<html><body></body></html>", (), subject=mail.subject, language=language)
    for (_, _, body), meant in zip(taps, MEANT[name], strict=True):
        for client in CLIENTS:
            for shape in SHAPES:
                raw = reply(client, nothing, Answer(top=body.replace("\r\n", "\n")), shape)
                assert said(read(name, mail, raw, language)) == meant, (client.name, shape, body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_word_that_a_mail_offers_acts_above_its_quotation(client: Client, language: str) -> None:
    """The words of a button, typed above the quoted mail in any client, mean what the button means."""
    for name in TAPPED:
        mail = of(name, language)
        for (_, _, body), meant in zip(answers(mail), MEANT[name], strict=True):
            raw = reply(client, sent(mail, language), Answer(top=body.replace("\r\n", "\n")))
            assert said(read(name, mail, raw, language)) == meant, (name, body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_mail_that_is_sent_back_untouched_says_nothing(client: Client, language: str) -> None:
    """Whatever a client does to our mail, none of our own words is taken for an answer."""
    for name in TAPPED:
        mail = of(name, language)
        raw = reply(client, sent(mail, language), Answer())
        assert said(read(name, mail, raw, language)) == [], name


@pytest.mark.parametrize("name", CASES)
def test_every_link_can_be_expanded(name: str) -> None:
    """RFC 6068: percent-encoded, CRLF between lines, no plus for a space, five at most, each shorter than 900."""
    for language in LANGUAGES:
        html = of(name, language).html
        links = re.findall(r'href="(mailto:[^"]*)"', html)
        assert len(links) <= 5
        for link in links:
            assert len(link) < 900
            query = link.partition("?")[2]
            assert "+" not in query
            assert " " not in link
            assert not re.search(r"(?<!%0D)%0A|%0D(?!%0A)", query)
            assert not re.search(r"%(?![0-9A-F]{2})", link)


def test_a_button_that_is_pressed_twice_says_the_same() -> None:
    """The same answer twice is harmless: the second reads as the first."""
    mail = of("follow-up-proposed", "en")
    body = answers(mail)[0][2].replace("\r\n", "\n")
    nothing: Callable[[str], Sent] = lambda subject: Sent("", "<html><body></body></html>", (), subject=subject)  # noqa: E731
    raw = reply(CLIENTS[0], nothing(mail.subject), Answer(top=body))
    first, second = (read("follow-up-proposed", mail, raw, "en") for _ in range(2))
    assert said(first) == said(second) == ["ok", "share"]
    assert replace(first) == second

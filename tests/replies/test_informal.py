"""Lines that ask for a check-in or a reminder between the meetings, as people of seven languages write them (B7)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.model import Ask, Command, Person
from worker.replies import informal, read_commands
from worker.replies.context import Context

WEDNESDAY = datetime(2026, 11, 4, 12, tzinfo=ZoneInfo("Europe/Berlin"))
FRIDAY = date(2026, 11, 6)
DANA, ALEX, LUC = (
    Person(f"{name.split()[0].lower()}@example.com", name, timezone="Europe/Berlin")
    for name in ("Dana Kim", "Alex Moreno", "Luc Petit")
)


def context() -> Context:
    """Return the circumstances of a line of Dana's."""
    return Context(WEDNESDAY, sender=DANA.email, people=(DANA, ALEX, LUC))


@pytest.mark.parametrize(
    ("line", "name", "day", "text"),
    [
        ("check on Alex on Friday", "Alex", FRIDAY, "check on Alex"),
        ("follow up with Alex on Friday about the demo", "Alex", FRIDAY, "follow up with Alex about the demo"),
        ("ask Alex on Friday how it went", "Alex", FRIDAY, "ask Alex how it went"),
        ("am Freitag bei Alex nachfragen", "Alex", FRIDAY, "bei Alex nachfragen"),
        ("frag Alex am Freitag nach der Demo", "Alex", FRIDAY, "frag Alex nach der Demo"),
        ("faire le point avec Luc vendredi sur le client", "Luc", FRIDAY, "faire le point avec Luc sur le client"),
        ("hablar con Luc el viernes sobre el cliente", "Luc", FRIDAY, "hablar con Luc sobre el cliente"),
        ("falar com Alex na sexta-feira sobre a demo", "Alex", FRIDAY, "falar com Alex sobre a demo"),
        ("fazer o ponto com Alex na sexta", "Alex", FRIDAY, "fazer o ponto com Alex"),
        ("parlare con Alex venerdì della demo", "Alex", FRIDAY, "parlare con Alex della demo"),
        ("fare il punto con Alex venerdì", "Alex", FRIDAY, "fare il punto con Alex"),
        ("navragen bij Alex op vrijdag", "Alex", FRIDAY, "navragen bij Alex"),
        ("praten met Alex op vrijdag over de demo", "Alex", FRIDAY, "praten met Alex over de demo"),
        ("even bij Alex checken vrijdag", "Alex", FRIDAY, "even bij Alex checken"),
    ],
)
def test_a_check_in_in_every_language(line: str, name: str, day: date, text: str) -> None:
    """The line names whom and when, and what is left is what the check-in restates."""
    command = informal.read(line, context())
    assert command is not None
    assert (command.verb, command.names, command.when, command.text) == ("check-in", (name,), day, text)


@pytest.mark.parametrize(
    "line",
    [
        "ask Alex about the demo",
        "ask around on Friday",
        "call the plumber on Friday",
        "frag nach am Freitag",
        "falar com o banco na sexta",
    ],
)
def test_everyday_verbs_need_a_known_name_and_a_day(line: str) -> None:
    """Without both such a line is no check-in: it is asked about or kept as it is."""
    assert informal.read(line, context()) is None


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("remind me on Friday to ask Alex about the demo", "ask Alex about the demo"),
        ("remind me to ask Alex about the demo on Friday", "ask Alex about the demo"),
        ("erinnere mich am Freitag, Alex nach der Demo zu fragen", "Alex nach der Demo zu fragen"),
        ("rappelle-moi vendredi de demander à Luc", "demander à Luc"),
        ("recuérdame el viernes preguntar a Luc", "preguntar a Luc"),
        ("lembra-me na sexta-feira de perguntar ao Alex", "perguntar ao Alex"),
        ("ricordami venerdì di chiedere ad Alex", "chiedere ad Alex"),
        ("herinner me vrijdag eraan om Alex te bellen", "Alex te bellen"),
    ],
)
def test_a_reminder_in_every_language(line: str, text: str) -> None:
    """The day is cut out of the words, wherever it stands, and so is what joins them."""
    (command,) = _read(line)
    assert (command.verb, command.when, command.text) == ("remind", FRIDAY, text)


def test_a_reminder_on_a_day_that_may_be_two_is_asked_about() -> None:
    """03/04 is not guessed."""
    (command,) = _read("remind me on 03/04 to ask Alex")
    assert isinstance(command.when, Ask)
    assert command.text == "ask Alex"


def test_who_is_mentioned() -> None:
    """The one other person that the words name; the writer is not meant, and of two nobody is."""
    assert informal.mentioned("ask Luc Petit about it", context()) == "Luc Petit"
    assert informal.mentioned("ask Luc about Alex", context()) == ""
    assert informal.mentioned("tell Dana that all is well", context()) == ""


def _read(line: str) -> tuple[Command, ...]:
    raw = f"From: {DANA.email}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{line}\r\n".encode()
    return read_commands(raw, "", None, reference=WEDNESDAY, sender=DANA.email, people=(DANA, ALEX, LUC)).commands


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("agenda Alex career", "Alex", "career"),
        ("Agenda für Alex: Karriere", "Alex", "career"),
        ("agenda Luc carrière", "Luc", "career"),
        ("ordre du jour Luc : entretien annuel", "Luc", "review"),
        ("agenda Luc Petit carrera", "Luc Petit", "career"),
        ("Tagesordnung Alex Beurteilung", "Alex", "review"),
        ("agenda Alex status", "Alex", "status"),
    ],
)
def test_b8_a_kind_of_session_in_every_language(line: str, name: str, kind: str) -> None:
    """B8: the kind is one of the closed words, however the line names it."""
    command = informal.read(line, context())
    assert command == Command("agenda", names=(name,), text=kind)

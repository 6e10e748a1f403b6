"""Captures and commands as people put them: with a preposition, without a colon, in four languages."""

from __future__ import annotations

from datetime import date

import pytest

from tests.replies.test_informal import ALEX, DANA, LUC, WEDNESDAY
from worker.model import Command
from worker.replies import read_commands


@pytest.mark.parametrize(
    ("line", "verb", "name", "when", "text"),
    [
        ("feedback Alex: clear demo, comes back on 18 November", "feedback", "Alex", date(2026, 11, 18), "clear demo"),
        ("feedback Alex clear demo, follow up in 2 weeks", "feedback", "Alex", date(2026, 11, 18), "clear demo"),
        ("Alex did well, follow up in 2 weeks", "feedback", "Alex", date(2026, 11, 18), "Alex did well"),
        ("kudos to Alex: clear demo", "feedback", "Alex", None, "clear demo"),
        ("Feedback an Alex: klare Demo", "feedback", "Alex", None, "klare Demo"),
        ("retour Luc : très clair, revient le 18 novembre", "feedback", "Luc", date(2026, 11, 18), "très clair"),
        ("comentario Luc: muy claro, vuelve el 18 de noviembre", "feedback", "Luc", date(2026, 11, 18), "muy claro"),
        ("private Alex thinks of leaving", "private", "Alex", None, "thinks of leaving"),
        ("Alex: asked for a raise (private)", "private", "Alex", None, "asked for a raise"),
        ("topic Alex: asked for a raise (privat)", "private", "Alex", None, "asked for a raise"),
        ("goal Alex ship v2 by 31 March", "goal", "Alex", date(2027, 3, 31), "ship v2"),
        ("review of Alex done: goals: Rust", "review-done", "Alex", None, "goals: Rust"),
        ("performance review with Alex done", "review-done", "Alex", None, ""),
        ("Mitarbeitergespräch mit Alex fertig: Ziele: Rust", "review-done", "Alex", None, "Ziele: Rust"),
        ("entretien annuel avec Luc terminé : objectifs : Rust", "review-done", "Luc", None, "objectifs : Rust"),
        ("evaluación de Luc hecha: objetivos: Rust", "review-done", "Luc", None, "objetivos: Rust"),
        ("Pause mit Alex bis 1. März", "pause", "Alex", date(2027, 3, 1), "bis 1. März"),
        ("weiter Alex", "resume", "Alex", None, ""),
        ("historial de Luc", "history", "Luc", None, ""),
    ],
)
def test_a_line_goes_to_whom_it_names(line: str, verb: str, name: str, when: date | None, text: str) -> None:
    """What joins verb and name is no part of the name, and a colon may be missing where the name is known."""
    (command,) = _read(line)
    assert (command.verb, command.names, command.when, command.text) == (verb, (name,), when, text)


@pytest.mark.parametrize("line", ["offen", "abiertos", "ouvert"])
def test_the_word_for_open_in_other_languages(line: str) -> None:
    """The word by itself lists what is open."""
    assert [command.verb for command in _read(line)] == ["open"]


@pytest.mark.parametrize("line", ["Alex did well today", "private thoughts are free", "the goal is to ship v2"])
def test_plain_sentences_are_no_captures(line: str) -> None:
    """Without a colon, a known name behind a verb, or a follow-up date, nothing is guessed."""
    assert _read(line) == ()


def _read(line: str) -> tuple[Command, ...]:
    raw = f"From: {DANA.email}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{line}\r\n".encode()
    return read_commands(raw, "", None, reference=WEDNESDAY, sender=DANA.email, people=(DANA, ALEX, LUC)).commands

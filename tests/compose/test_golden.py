"""The text of every mail in every state, word for word. `python -m tests.compose.test_golden` writes them afresh."""

from __future__ import annotations

import pytest

from tests.compose.samples import CASES, GOLDEN, golden, in_language
from worker.compose import Composed, compose, environment
from worker.model import MailKind

ENVIRONMENT = environment()
LANGUAGES = ("de", "fr", "es")


def page(mail: Composed) -> str:
    """Return what a golden file holds: the subject, then the text."""
    return f"Subject: {mail.subject}\n\n{mail.text}"


@pytest.mark.parametrize("name", CASES)
def test_the_text_of_a_mail_is_as_agreed(name: str) -> None:
    """A mail says exactly what its golden file says."""
    assert page(compose(CASES[name], ENVIRONMENT)) == golden(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_the_text_of_a_mail_is_as_agreed_in_each_language(name: str, language: str) -> None:
    """A mail in another language says exactly what its golden file says."""
    mail = compose(in_language(CASES[name], language), ENVIRONMENT)
    assert page(mail) == golden(name, language).read_text(encoding="utf-8")


def test_every_kind_has_a_golden_text() -> None:
    """No kind of mail is without an agreed text, and no file is left without its case."""
    assert {letter.action.kind for letter in CASES.values()} == set(MailKind)
    wanted = {golden(name).name for name in CASES}
    wanted |= {golden(name, language).name for name in CASES for language in LANGUAGES}
    assert {file.name for file in GOLDEN.glob("*.txt")} == wanted


def write() -> None:
    """Write every golden file afresh."""
    GOLDEN.mkdir(exist_ok=True)
    for file in GOLDEN.glob("*.txt"):
        file.unlink()
    for name, letter in CASES.items():
        golden(name).write_text(page(compose(letter, ENVIRONMENT)), encoding="utf-8")
    for name in CASES:
        for language in LANGUAGES:
            mail = compose(in_language(CASES[name], language), ENVIRONMENT)
            golden(name, language).write_text(page(mail), encoding="utf-8")


if __name__ == "__main__":
    write()

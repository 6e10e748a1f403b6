"""The forms as the templates really make them, in every language, answered above and inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replies.forms import ALEX, DANA, MEETING, REFERENCE, SAYS, above, acts_of, items_of, mail, next_of
from worker.model import Reply
from worker.replies import read_form
from worker.replies.labels import Field, label

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
FORMS = {language: f"follow-up-proposed{'' if language == 'en' else '.' + language}.txt" for language in SAYS}


def sent(language: str) -> str:
    """The text of the form as it is sent."""
    return (GOLDEN / FORMS[language]).read_text(encoding="utf-8").partition("\n\n")[2]


def read(raw: bytes, language: str) -> Reply:
    """Read Dana's answer to it."""
    return read_form(
        raw,
        sent(language),
        None,
        reference=REFERENCE,
        meeting_start=MEETING,
        sender=DANA.email,
        people=(DANA, ALEX),
        language=language,
    )


@pytest.mark.parametrize("language", list(SAYS))
def test_the_labels_of_the_form_are_known(language: str) -> None:
    """Every label that the form asks with is understood, in its order."""
    found = [head.field for head in map(label, sent(language).split("\n")) if head]
    assert found[: len(Field)] == list(Field)


@pytest.mark.parametrize("language", list(SAYS))
def test_answers_inside_the_form(language: str) -> None:
    """Words below the labels of the real form, quoted, go to their fields."""
    says = SAYS[language]
    values = {Field.NEXT: says.when, Field.HIGHLIGHTS: says.highlight, Field.PRIVATE: says.private}
    lines = []
    for line in sent(language).split("\n"):
        lines.append(f"> {line}")
        head = label(line)
        if head and head.field in values and line.rstrip().endswith(":"):
            lines.append(values.pop(head.field))
    reply = read(mail("\n".join(lines)), language)
    assert next_of(reply) == "2026-12-03"
    assert [(note.text, note.private) for note in reply.notes] == [(says.highlight, False), (says.private, True)]


@pytest.mark.parametrize("language", list(SAYS))
def test_answers_above_the_form(language: str) -> None:
    """Prose above the real form is understood, and the form itself adds nothing."""
    says = SAYS[language]
    reply = read(above(f"{says.prose}\ndone 1", sent(language)), language)
    assert (next_of(reply), acts_of(reply)) == ("2026-12-03", "done 1")
    assert items_of(reply).startswith("alex: ")
    assert read(above("", sent(language)), language).empty

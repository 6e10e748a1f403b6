"""Whole answers, as people send them, with what each must be read as: tests/replies/prose/answers/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.replies.forms import FORM, above, acts_of, form, inside, mail, next_of
from worker.model import Reply

FOLDER = Path(__file__).parent / "prose" / "answers"
LANGUAGES = ("en", "de", "fr", "es", "mixed", "styles")
# Answers written later than what reads them, mostly from phones.
SECOND = tuple(
    f"{later}/{language}" for later in ("second", "third", "fourth") for language in ("en", "de", "fr", "es")
)
_COURTESY = 2
SIGNATURE = """

Best regards,
Dana Kim
Head of Platform | Example Ltd
T +49 30 1234567

This e-mail and any attachments are confidential and may be legally privileged. If you are not the intended
recipient, please delete it and notify the sender immediately."""
OUTLOOK = """

From: Followthrough <one-on-ones@example.com>
Sent: Thursday, 19 November 2026 10:41
To: Dana Kim <dana@example.com>
Subject: 1:1 Alex · 19 Nov

"""


@dataclass(slots=True)
class Case:
    """One answer: its file, the way it is sent, the words, and lines of what must be read."""

    language: str
    style: str
    words: str
    wanted: list[str] = field(default_factory=list)


def cases(name: str) -> Iterator[Case]:
    """Yield the answers of a file."""
    language = name.rpartition("/")[2]
    for block in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("## ")[1:]:
        head, _, rest = block.partition("\n")
        lines = rest.rstrip("\n").split("\n")
        wanted = [line.removeprefix("=> ") for line in lines if line.startswith("=> ")]
        words = "\n".join(line for line in lines if not line.startswith("=> "))
        yield Case(language, head.strip(), words, wanted)


def raw_of(case: Case) -> bytes:
    """Return the mail as a person sends it."""
    if case.style == "inside":
        answers = [line.partition("=") for line in case.words.split("\n")]
        return inside({label: words.strip().replace("\\n", "\n") for label, _, words in answers})
    if case.style == "outlook":
        return mail(case.words + OUTLOOK + FORM)
    if case.style == "below":
        quoted = "".join(f"> {line}\n" for line in FORM.split("\n"))
        return mail(f"On Thu, 19 Nov 2026 at 10:41, Followthrough <f@example.com> wrote:\n{quoted}\n{case.words}\n")
    if case.style == "signed":
        return above(case.words + SIGNATURE)
    if case.style == "phone":
        return above(case.words + "\n\nSent from my iPhone")
    return above(case.words)


def reply_of(case: Case) -> Reply:
    """Return what is read."""
    return form(raw_of(case), "en" if case.language in {"mixed", "styles"} else case.language)


def items(reply: Reply) -> list[str]:
    """Return the commitments, one a line."""
    return sorted(
        f"{item.owner.partition('@')[0]}: {item.text}"
        + (f" ({item.due})" if item.due else "")
        + ("?" if item.ask else "")
        + (" [done]" if item.done else "")
        for item in reply.action_items
    )


def missed(case: Case) -> list[str]:
    """Return what was read otherwise than it must be, one line each."""
    reply = reply_of(case)
    wanted: dict[str, list[str]] = {"item": [], "note": [], "feedback": [], "act": [], "next": []}
    for line in case.wanted:
        kind, _, value = line.partition(" ")
        wanted.setdefault(kind, []).append(value)
    found: list[str] = []
    if (got := next_of(reply)) != (wanted["next"] or ["no"])[0]:
        found.append(f"next: wanted {wanted['next']}, got {got} ({reply.next_check_in})")
    if items(reply) != sorted(wanted["item"]):
        found.append(f"items: wanted {sorted(wanted['item'])}, got {items(reply)}")
    if acts_of(reply) != (wanted["act"] or ["nothing"])[0]:
        found.append(f"acts: wanted {wanted['act']}, got {acts_of(reply)}")
    said = [f"{each.text}" + (f" ({each.follow_up_on})" if each.follow_up_on else "") for each in reply.feedback]
    if sorted(said) != sorted(wanted["feedback"]):
        found.append(f"feedback: wanted {wanted['feedback']}, got {said}")
    for note in wanted["note"]:
        part, _, text = note.partition(": ")
        there = [each for each in reply.notes if ("private" if each.private else str(each.part)) == part]
        if not any(text in each.text.split("\n") for each in there):
            found.append(f"note: wanted {note!r}, got {[(str(n.part), n.private, n.text) for n in reply.notes]}")
    if not wanted["note"] and reply.notes:
        found.append(f"note: wanted none, got {[(str(note.part), note.text) for note in reply.notes]}")
    if "empty" in wanted and not reply.empty:
        found.append("not empty")
    return found


@pytest.mark.parametrize("language", [*LANGUAGES, *SECOND])
def test_whole_answers(language: str) -> None:
    """Every answer is read as its author means it: the date, promises, feedback, acting words and notes."""
    wrong = {case.words: missed(case) for case in cases(language)}
    assert not {words: lines for words, lines in wrong.items() if lines}


@pytest.mark.parametrize("language", [*LANGUAGES, *SECOND])
def test_whole_answers_lose_no_word(language: str) -> None:
    """Every word that was typed is in what was written; greeting and closing, of two words at most, aside."""
    for case in cases(language):
        if case.style == "inside" or "empty" in case.wanted:
            continue
        lines = [line for line in case.words.split("\n") if len(line.split()) > _COURTESY]
        written = set(re.findall(r"[^\W_]+", reply_of(case).written))
        assert set(re.findall(r"[^\W_]+", " ".join(lines))) <= written, case.words

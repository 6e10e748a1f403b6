"""Whom a written name means. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from worker.model import Person


def fitting(written: str, people: Sequence[Person]) -> tuple[Person, ...]:
    """Return the people whom these words may mean: by address, else by full name, else by one of their names.

    Letter case, accents and an @ in front do not matter. Several people mean that it must be asked.
    """
    wanted = _folded(written.strip().lstrip("@").rstrip(".,:;!?"))
    if not wanted:
        return ()
    if "@" in wanted:
        return tuple(person for person in people if person.owns(wanted))
    whole = tuple(person for person in people if _folded(person.name) == wanted)
    if whole:
        return whole
    return tuple(
        person
        for person in people
        if wanted in _folded(person.name).split() or wanted == person.email.partition("@")[0].split("+")[0]
    )


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))

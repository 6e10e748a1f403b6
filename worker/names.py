"""Whom a written name means. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

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


def likely(written: str, people: Sequence[Person], limit: int = 5) -> tuple[Person, ...]:
    """Return the people whom a name that fits nobody, or several, may mean: the nearest in spelling first."""
    wanted = _folded(written.strip().lstrip("@").rstrip(".,:;!?"))

    def nearness(person: Person) -> float:
        known = (*_folded(person.name).split(), _folded(person.name), person.email.partition("@")[0])
        return max((SequenceMatcher(None, wanted, name).ratio() for name in known if name), default=0.0)

    ordered = sorted(people, key=lambda person: (-nearness(person), person.name, person.email))
    return tuple(ordered[:limit])


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))

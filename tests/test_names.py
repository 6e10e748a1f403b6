"""Whom a written name means."""

from __future__ import annotations

import pytest

from worker.model import Person
from worker.names import fitting

PEOPLE = (
    Person("ana@example.com", "Ana Ruiz"),
    Person("jose@example.com", "José Müller", aliases=("pepe@example.org",)),
    Person("ana.b@example.com", "Ana Berg"),
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ana Ruiz", ["ana@example.com"]),
        ("ana", ["ana@example.com", "ana.b@example.com"]),
        ("jose", ["jose@example.com"]),
        ("MULLER", ["jose@example.com"]),
        ("@José,", ["jose@example.com"]),
        ("pepe@example.org", ["jose@example.com"]),
        ("ana.b", ["ana.b@example.com"]),
        ("Jo", []),
        ("", []),
    ],
)
def test_a_name_fits_by_address_whole_name_or_one_of_its_names(written: str, expected: list[str]) -> None:
    """Letter case, accents and an @ do not matter; half a name fits nobody; two that fit are both returned."""
    assert [person.email for person in fitting(written, PEOPLE)] == expected

"""What an organisation's directory says of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Listed:
    """What the directory says of a person; `manager` is an address, "" where it is not known for sure.

    `language` is that of the account, as a tag of BCP 47 ("fr", "pt-BR"), "" where none is set.
    """

    address: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    manager: str = ""
    active: bool = True
    language: str = ""


class Directory(Protocol):
    """An organisation's directory, as far as it may be asked. `problem` is why it may not, "" while it may."""

    problem: str

    def person(self, address: str) -> Listed | None:
        """Return what it says of an address or alias, None where it knows nobody. Raises TryLaterError."""

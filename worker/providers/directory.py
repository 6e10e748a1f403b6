"""What an organisation's directory says of a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """What the directory says of a person; `manager` is an address, "" where it is not known for sure."""

    address: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    manager: str = ""
    active: bool = True

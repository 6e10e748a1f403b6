"""People, and the pair of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class PairKind(StrEnum):
    """What two people are to each other."""

    DIRECT = "direct"
    SKIP_LEVEL = "skip-level"
    PEER = "peer"


class PairMail(StrEnum):
    """Who of a pair gets mail."""

    BOTH = "both"
    MANAGER = "manager"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as mails and replies need them: who they are, and how they read and write dates.

    `timezone` is an IANA name, `language` a two-letter code, `aliases` further addresses of the same person,
    `working_hours` a start and an end on the wall clock. Empty values mean that nobody said.
    """

    email: str
    name: str = ""
    timezone: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    manages: bool = False
    working_hours: tuple[time, time] | None = None

    @property
    def first_name(self) -> str:
        """The name to call them by; without a name, what stands before the @."""
        return self.name.split()[0] if self.name.split() else self.email.partition("@")[0]

    @property
    def full_name(self) -> str:
        """The whole name; without a name, the address."""
        return self.name or self.email

    def owns(self, address: str) -> bool:
        """Whether this address, in any letter case, is theirs."""
        wanted = address.lower()
        return wanted == self.email or wanted in self.aliases


@dataclass(frozen=True, slots=True, order=True)
class PairKey:
    """The two addresses, lower case, that name a pair everywhere: `"manager-address person-address"`."""

    manager: str
    person: str

    def __str__(self) -> str:
        """Return the pair as the contract prints it."""
        return f"{self.manager} {self.person}"

"""Which mails of a mailbox are the worker's concern. Computes only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import getaddresses

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
REFERENCES = ("In-Reply-To", "References")
_RECIPIENTS = frozenset(name.lower() for name in RECIPIENTS)
_REFERENCES = frozenset(name.lower() for name in REFERENCES)


@dataclass(frozen=True)
class Concerns:
    """Whether a mail went to a sub-address of `address` (lower case), or answers a Message-ID that `is_ours` knows."""

    address: str
    separator: str
    is_ours: Callable[[str], bool]

    def has(self, headers: Iterable[tuple[str, str]]) -> bool:
        """Tell by its headers, of which only recipients and references count."""
        found = [(name.lower(), value) for name, value in headers]
        local, _, domain = self.address.partition("@")
        sub = local + self.separator
        for _, address in getaddresses([value for name, value in found if name in _RECIPIENTS]):
            to, _, at = address.lower().rpartition("@")
            if at == domain and to.startswith(sub) and len(to) > len(sub):
                return True
        words = [word for name, value in found if name in _REFERENCES for word in value.split()]
        return any(self.is_ours(word) for word in words)


def first_headers(raw: bytes) -> list[tuple[str, str]]:
    """Return the header lines of a mail as they stand, unfolded; enough to see whom it went to."""
    head = raw[:100_000].replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    lines = head.replace("\n ", " ").replace("\n\t", " ").split("\n")
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

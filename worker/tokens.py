"""Names that cannot be guessed and never change: tokens of mails, Message-IDs, ids of events and of records.

Everything here is a keyed or plain hash of its arguments: the same input gives the same id, so a retry or a second
worker names the same mail and the same event, and a test has nothing to mock.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

RECORD_LENGTH = 10
_MARK_LENGTH = 20
TOKEN_LENGTH = RECORD_LENGTH + _MARK_LENGTH
_TOKEN = re.compile(rf"(?<![a-z2-7])([a-z2-7]{{{TOKEN_LENGTH}}})(?![a-z2-7])")


def _base32(digest: bytes, length: int) -> str:
    return b32encode(digest).decode("ascii").lower().rstrip("=")[:length]


@lru_cache(maxsize=4096)
def record_id(name: str) -> str:
    """Return the short id of a record (a pair's `str(key)`, a person's address): 50 bits, lower-case base32."""
    return _base32(hashlib.sha256(name.encode()).digest(), RECORD_LENGTH)


def item_id(*parts: str) -> str:
    """Return the id of something that was made from these parts (a Message-ID and a line, say): 60 bits."""
    return _base32(hashlib.sha256("\x1f".join(parts).encode()).digest(), 12)


@dataclass(frozen=True, slots=True)
class Keys:
    """The install's secrets: `current` makes tokens, `previous` (or b"") is still believed while keys rotate."""

    current: bytes
    previous: bytes = b""

    def token(self, record: str, row_key: str) -> str:
        """Return the token of an outbox row: the record's id, then 100 bits of HMAC-SHA-256 over the row's key.

        The row's key names person, meeting and purpose; the row holds when it was sent, which ends its validity.
        """
        return record_id(record) + self._mark(self.current, record, row_key)

    def verifies(self, token: str, record: str, row_key: str) -> bool:
        """Whether the token is that of this row, under either key, in constant time."""
        expected = [
            record_id(record) + self._mark(secret, record, row_key)
            for secret in (self.current, self.previous)
            if secret
        ]
        matches = [hmac.compare_digest(token.encode(), other.encode()) for other in expected]
        return any(matches)

    def marker(self, address: str) -> str:
        """Return the keyed hash of an address that `stop` and `erase` leave behind."""
        return _base32(hmac.new(self.current, b"marker\x1f" + address.lower().encode(), hashlib.sha256).digest(), 32)

    def event_uid(self, record: str, meeting: str) -> str:
        """Return the uid of the check-in that is agreed about a meeting: letters a-v and digits alone.

        Google takes just these as a client-made id (base32hex, 5 to 1024 characters).
        """
        digest = hmac.new(self.current, f"event\x1f{record}\x1f{meeting}".encode(), hashlib.sha256).digest()
        return "ft" + digest[:16].hex()

    @staticmethod
    def _mark(secret: bytes, record: str, row_key: str) -> str:
        text = f"token\x1f{record}\x1f{row_key}".encode()
        return _base32(hmac.new(secret, text, hashlib.sha256).digest(), _MARK_LENGTH)


def message_id(token: str, domain: str) -> str:
    """Return the Message-ID of the mail with this token, with its angle brackets (RFC 5322 3.6.4)."""
    return f"<{token}@{domain}>"


def reply_address(address: str, separator: str, token: str) -> str:
    """Return the address with the token in its sub-address (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}{separator}{token}@{domain}"


def tokens_in(texts: Iterable[str]) -> list[str]:
    """Return every distinct token in these texts, in order: addresses, Message-IDs, a `Ref:` line."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _TOKEN.finditer(text[:20_000].lower()):
            found.setdefault(match[1])
    return list(found)

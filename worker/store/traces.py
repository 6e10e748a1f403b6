"""Traces of a person in what is stored, for erasing: addresses and names in bytes, texts and documents."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from email import message_from_bytes
from typing import Any

_DIGEST = re.compile(rb'"([0-9a-f]{64})"')


def mentions(addresses: Iterable[str]) -> re.Pattern[bytes]:
    """Return a pattern for these addresses, in any letter case, that does not match a longer address."""
    words = b"|".join(re.escape(address.encode()) for address in sorted(addresses, key=len, reverse=True))
    return re.compile(rb"(?<![\w.%+-])(?:" + words + rb")(?![\w-]|\.\w)", re.IGNORECASE)


def whole_words(names: Iterable[str]) -> re.Pattern[bytes] | None:
    """Return a pattern for these first names, as the mails to the other person call people; None without any."""
    found = [re.escape(name.encode()) for name in sorted(names)]
    return re.compile(rb"(?<!\w)(?:" + b"|".join(found) + rb")(?!\w)", re.IGNORECASE) if found else None


def digests(raw: bytes) -> set[str]:
    """Return the digests of mails that a stored record names."""
    return {found.decode() for found in _DIGEST.findall(raw)}


def texts(raw: bytes) -> list[bytes]:
    """Return a mail's bytes and its decoded parts, in which words stand that transfer encodings hide."""
    found = [raw]
    with contextlib.suppress(ValueError, LookupError, AttributeError, TypeError):  # any bytes may be in here
        for part in message_from_bytes(raw).walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append(content)
    return found


def replaced(value: Any, pattern: re.Pattern[bytes], marker: str) -> Any:  # noqa: ANN401  # any JSON
    """Return JSON with `marker` in the place of whatever the pattern matches, in keys too."""
    if isinstance(value, str):
        return pattern.sub(marker.encode(), value.encode()).decode()
    if isinstance(value, dict):
        return {replaced(key, pattern, marker): replaced(item, pattern, marker) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, pattern, marker) for item in value]
    return value

"""A seal for files with secrets: who has the disk, or its backup, and not the key reads nothing in them."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from worker.errors import NeedsPersonError

KEY = "FOLLOWTHROUGH_KEY"
_SEALED = b"followthrough sealed 1\n"


class Seal:
    """Seals content under a key of at least 32 characters (AES-SIV, RFC 5297, which needs no randomness).

    The file's name is sealed with it: one file put in the place of another does not open.
    """

    def __init__(self, key: str) -> None:
        self._cipher = AESSIV(hashlib.sha512(b"followthrough private files\0" + key.encode()).digest())

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return "Seal()"

    def close(self, name: str, content: bytes) -> bytes:
        """Return content as it is stored."""
        return _SEALED + self._cipher.encrypt(content, [name.encode()])

    def open(self, name: str, stored: bytes) -> bytes:
        """Return what was sealed under that name. Raises ValueError where key, name or content are other ones."""
        try:
            return self._cipher.decrypt(stored.removeprefix(_SEALED), [name.encode()])
        except (InvalidTag, ValueError):
            raise ValueError(name) from None


def opened(path_name: str, stored: bytes, seal: Seal | None) -> bytes:
    """Return a file's content, sealed or not. Raises NeedsPersonError where it is sealed and does not open."""
    if not stored.startswith(_SEALED):
        return stored
    again = "or remove the file and sign in again."
    if seal is None:
        raise NeedsPersonError(f"{path_name} is sealed: set {KEY} to the key that it was sealed with, {again}")
    try:
        return seal.open(path_name.rpartition("/")[2], stored)
    except ValueError:
        text = f"{path_name} does not open with this {KEY}: set it to the key that it was sealed with, {again}"
        raise NeedsPersonError(text) from None

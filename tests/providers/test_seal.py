"""Files of sign-ins under a seal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.errors import SignInError
from worker.providers.google import tokens as google
from worker.providers.microsoft import tokens as microsoft
from worker.providers.seal import Seal

OWNER = "dana@example.com"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY, OTHER_KEY = "k" * 32, "l" * 32
TOKEN = google.Token(OWNER, "refresh-canary", "client", "client-canary", ("scope",), NOW)
CACHE = microsoft.Token(OWNER, "tenant", "client", ("scope",), '{"secret":"refresh-canary"}', NOW)


def test_a_sealed_sign_in_opens_with_its_key_and_shows_nothing_without(tmp_path: Path) -> None:
    """What was saved comes back under the key; the file has no word of it, nor who it is for."""
    paths = (google.save_token(tmp_path, TOKEN, Seal(KEY)), microsoft.save_token(tmp_path, CACHE, Seal(KEY)))
    assert google.load_token(tmp_path, OWNER, Seal(KEY)) == TOKEN
    assert microsoft.load_token(tmp_path, OWNER, Seal(KEY)) == CACHE
    for path in paths:
        assert b"canary" not in path.read_bytes()
        assert OWNER.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("seal", [None, Seal(OTHER_KEY)])
def test_without_the_right_key_a_person_is_told(tmp_path: Path, seal: Seal | None) -> None:
    """A sealed file with no key or another one is this account's trouble, and the text names the key to set."""
    google.save_token(tmp_path, TOKEN, Seal(KEY))
    with pytest.raises(SignInError, match="FOLLOWTHROUGH_KEY"):
        google.load_token(tmp_path, OWNER, seal)


def test_a_file_in_the_place_of_another_does_not_open(tmp_path: Path) -> None:
    """The seal holds the file's name, so that nobody's sign-in is taken for somebody else's."""
    path = google.save_token(tmp_path, TOKEN, Seal(KEY))
    path.rename(google.token_path(tmp_path, "sam@example.com"))
    with pytest.raises(SignInError, match="does not open"):
        google.load_token(tmp_path, "sam@example.com", Seal(KEY))


def test_a_damaged_file_does_not_open(tmp_path: Path) -> None:
    """One bit that changed is noticed."""
    path = google.save_token(tmp_path, TOKEN, Seal(KEY))
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(SignInError, match="does not open"):
        google.load_token(tmp_path, OWNER, Seal(KEY))


def test_a_file_from_before_the_key_is_read_and_sealed_when_it_is_written(tmp_path: Path) -> None:
    """Whoever sets a key signs in nobody anew: the next renewal seals the file."""
    path = google.save_token(tmp_path, TOKEN)
    assert b"canary" in path.read_bytes()
    token = google.load_token(tmp_path, OWNER, Seal(KEY))
    assert token == TOKEN
    google.save_token(tmp_path, token, Seal(KEY))
    assert b"canary" not in path.read_bytes()


def test_a_seal_tells_nothing_of_its_key() -> None:
    """What is printed in a traceback has no key in it."""
    assert KEY not in repr(Seal(KEY))

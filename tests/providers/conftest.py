"""What the tests of several providers begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports them: their asserts explain themselves too.
for part in ("calendar", "mail", "sign_in"):
    pytest.register_assert_rewrite(f"tests.providers.online_{part}")

from tests.providers.google_world import Google, google  # noqa: E402  # they import what is registered
from tests.providers.microsoft_world import Microsoft, microsoft  # noqa: E402  # as above


@pytest.fixture
def at_google(tmp_path: Path) -> Iterator[Google]:
    """A fake Google that judges every request and every answer."""
    with google(tmp_path) as running:
        yield running


@pytest.fixture
def at_microsoft(tmp_path: Path) -> Iterator[Microsoft]:
    """A fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield running

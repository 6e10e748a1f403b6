"""Gmail: the contract, and what only Gmail does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.contract import MailContract
from tests.providers.google_world import Google, MailWorld, google


@pytest.fixture
def at_google(tmp_path: Path) -> Iterator[Google]:
    """A fake Google that judges every request and every answer."""
    with google(tmp_path) as running:
        yield running


@pytest.fixture
def mailbox(at_google: Google) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_google)


class TestGoogleMail(MailContract):
    """The contract, kept by Gmail."""

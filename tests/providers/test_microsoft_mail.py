"""Exchange Online's mailboxes: the contract, and what only Exchange does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.contract import MailContract
from tests.providers.microsoft_world import MailWorld, Microsoft, microsoft


@pytest.fixture
def at_microsoft(tmp_path: Path) -> Iterator[Microsoft]:
    """A fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield running


@pytest.fixture
def mailbox(at_microsoft: Microsoft) -> MailWorld:
    """The people around the worker's mailbox."""
    return MailWorld(at_microsoft)


class TestMicrosoftMail(MailContract):
    """The contract, kept by Exchange Online."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.contract import StoreContract
from worker.store import Store
from worker.store.tiny import TinyStore


class TestTinyStore(StoreContract):
    """The store of one machine."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        """Return an empty store."""
        return TinyStore(tmp_path / "data")

    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], Store]:
        """Return what opens the folder as another process would."""
        return lambda: TinyStore(tmp_path / "data")

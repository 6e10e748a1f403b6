from __future__ import annotations

import pytest

from tests.store.contract import StoreContract
from worker.store import Store
from worker.store.memory import MemoryStore


class TestMemoryStore(StoreContract):
    """The store of dry runs keeps the same promises."""

    @pytest.fixture
    def store(self) -> Store:
        """Return an empty store."""
        return MemoryStore()

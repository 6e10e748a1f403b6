from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.databases import schema_name, server
from tests.store.contract import StoreContract
from worker.store import Store
from worker.store.postgres import PostgresStore

Open = Callable[[], PostgresStore]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Return what opens one store again and again, each time as another process would."""
    schema = schema_name()
    stores: list[PostgresStore] = []

    def open_store() -> PostgresStore:
        stores.append(PostgresStore(server().url(), schema=schema))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


class TestPostgresStore(StoreContract):
    """The store in a database keeps the same promises."""

    @pytest.fixture
    def store(self, opened: Open) -> Store:
        """Return an empty store."""
        return opened()

    @pytest.fixture
    def reopen(self, store: Store, opened: Open) -> Callable[[], Store]:
        """Return what opens the store as another process would."""
        return opened

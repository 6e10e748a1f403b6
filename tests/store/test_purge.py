"""Forgetting: records, older years, previous generations and mails, in each store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import schema_name, server
from worker.model import Applied, Desk, Inbound, Note, Outcome, Pair, PairKey, PairState, Part
from worker.plan.retention import Limits, kept, kept_desk, mails_in_use
from worker.store import Store
from worker.store.memory import MemoryStore
from worker.store.postgres import PostgresStore
from worker.store.tiny import TinyStore

KEY = PairKey("dana@example.com", "alex@example.com")
NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
LIMITS = Limits(NOW - timedelta(days=60), NOW - timedelta(days=30), NOW - timedelta(days=10))


@pytest.fixture(params=["tiny", "memory", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind."""
    if request.param == "postgres":
        with closing(PostgresStore(server().url(), schema=schema_name())) as database:
            yield database
    else:
        yield TinyStore(tmp_path / "data") if request.param == "tiny" else MemoryStore()


def purge(store: Store, limits: Limits = LIMITS) -> int:
    """Forget by these limits."""
    return store.purge(
        lambda pair: kept(pair, limits),
        lambda desk: kept_desk(desk, limits),
        lambda record: mails_in_use(record, limits),
        (limits.raw_mail, limits.shared),
    )


def note(days: int, *, private: bool = False, shared: bool = True) -> Note:
    """Return a note so many days old whose words say what it is."""
    words = f"{'private' if private else 'shared' if shared else 'own'}-{days}"
    at = NOW - timedelta(days=days)
    return Note(words, at, Part.SUPPORT, words, KEY.manager, private=private, shared=at if shared else None)


def saved(store: Store, *notes: Note) -> Pair:
    """Save a pair with these notes."""
    return store.save_pair(Pair(KEY, state=PairState.STARTED, notes=notes), NOW + timedelta(days=1))


def test_each_kind_by_its_own_limit(store: Store) -> None:
    """Shared notes for sixty days, private and unshared ones for thirty; when the pair is due stays as it was."""
    saved(store, note(61), note(59), note(31, private=True), note(29, private=True), note(31, shared=False))
    purge(store)
    pair = store.load_pair(KEY)
    assert pair is not None
    assert {one.text for one in pair.notes} == {"shared-59", "private-29"}
    assert [due.next_due for due in store.pairs()] == [NOW + timedelta(days=1)]


def test_older_years_are_forgotten_too(store: Store) -> None:
    """What was moved out of the daily record goes by the same limits."""
    saved(store, note(900), note(500), note(1))
    assert {one.text for one in (store.older(KEY) or Pair(KEY)).notes} == {"shared-900", "shared-500"}
    purge(store, replace(LIMITS, shared=NOW - timedelta(days=600), private=NOW - timedelta(days=600)))
    assert {one.text for one in (store.older(KEY) or Pair(KEY)).notes} == {"shared-500"}
    purge(store)
    assert (store.older(KEY) or Pair(KEY)).notes == ()


def test_mails_go_when_nothing_needs_them(store: Store) -> None:
    """Bytes of old mails go, those of young ones and of mails that were only kept stay; outcomes stay longer."""
    digests = {name: store.put_blob(name.encode()) for name in ("old", "young", "stray", "lost")}
    ages = {"old": 11, "young": 9}
    applied = tuple(
        Applied(f"<{name}@x>", NOW - timedelta(days=days), KEY.manager, Outcome.ANSWER, digest=digests[name])
        for name, days in ages.items()
    )
    store.save_desk(Desk(KEY.manager, applied=applied))
    stray = Inbound(digests["stray"], "<s@x>", NOW - timedelta(days=1), "eve@example.com", Outcome.UNKNOWN_SENDER)
    past = Inbound(digests["lost"], "<l@x>", NOW - timedelta(days=61), "eve@example.com", Outcome.UNKNOWN_SENDER)
    store.save_inbound(stray)
    store.save_inbound(past)
    purge(store)
    assert {name for name, digest in digests.items() if store.get_blob(digest)} == {"young", "stray"}
    assert [one.message_id for one in store.inbounds()] == ["<s@x>"]
    assert len((store.load_desk(KEY.manager) or Desk("")).applied) == 2


def test_nothing_to_forget_changes_nothing(store: Store) -> None:
    """A second time in a row nothing is rewritten."""
    saved(store, note(61), note(1))
    assert purge(store) > 0
    version = (store.load_pair(KEY) or Pair(KEY)).version
    assert purge(store) == 0
    assert (store.load_pair(KEY) or Pair(KEY)).version == version


def test_not_one_byte_is_left(tmp_path: Path) -> None:
    """The previous generation of a file holds what was forgotten, and goes with it."""
    store = TinyStore(tmp_path / "data")
    saved(store, note(61), note(500), note(1))
    purge(store)
    files = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert not [file for file in files if b"shared-61" in file.read_bytes() or b"shared-500" in file.read_bytes()]


def test_a_record_that_cannot_be_read_keeps_its_mails(tmp_path: Path) -> None:
    """Where one record is damaged nobody can tell which mails it needs, so none goes."""
    store = TinyStore(tmp_path / "data")
    saved(store, note(1))
    digest = store.put_blob(b"mail")
    next((tmp_path / "data" / "pairs").glob("*.json")).write_bytes(b"{")
    purge(TinyStore(tmp_path / "data"))
    assert store.get_blob(digest) == b"mail"

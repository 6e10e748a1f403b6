"""A store against a plain model of it, with kills at any system call."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.store.examples import ALEX, DANA, SAM, row
from tests.store.faults import Fault, FaultyDisk, KilledError, PowerDisk
from worker.errors import ConflictError
from worker.model import Desk, Note, Pair, PairKey, Part
from worker.store.tiny import TinyStore
from worker.tokens import record_id

START = datetime(2025, 1, 1, tzinfo=UTC)
KEYS = st.sampled_from([PairKey(DANA, SAM), PairKey(DANA, ALEX), PairKey(ALEX, SAM)])
EMAILS = st.sampled_from([DANA, SAM, ALEX])
TEXTS = st.text(max_size=8)
KILLS = st.none() | st.builds(Fault, st.integers(0, 25), st.sampled_from(["before", "short", "after"]))


class StoreMachine(RuleBasedStateMachine):
    """Saves, kills, reopens and two processes in any order: the store is always what a dictionary would be."""

    @initialize()
    def start(self) -> None:
        """Begin with two processes on an empty folder."""
        self.folder = tempfile.TemporaryDirectory()  # for the lock alone
        (Path(self.folder.name) / "data").mkdir()
        self.memory = PowerDisk()
        self.stores = [self._open(), self._open()]
        self.pairs: dict[PairKey, Pair] = {}
        self.due: dict[PairKey, datetime | None] = {}
        self.notes: dict[PairKey, set[str]] = {}
        self.desks: dict[str, Desk] = {}
        self.blobs: dict[str, bytes] = {}
        self.clock = START

    def _open(self) -> TinyStore:
        return TinyStore(Path(self.folder.name) / "data", disk=FaultyDisk(self.memory))

    def _with(self, who: int, kill: Fault | None) -> TinyStore:
        disk = self.stores[who].disk
        assert isinstance(disk, FaultyDisk)
        disk.calls.clear()
        disk.fault = kill
        return self.stores[who]

    def _recover(self, who: int) -> TinyStore:
        self.stores[who] = self._open()
        return self.stores[who]

    @rule(who=st.integers(0, 1), key=KEYS, text=TEXTS, days=st.integers(0, 200), kill=KILLS)
    def save_pair(self, who: int, key: PairKey, text: str, days: int, kill: Fault | None) -> None:
        """A note and a mail are added some time later, or the process dies."""
        self.clock += timedelta(days=days)
        current = self.pairs.get(key, Pair(key))
        name = f"n{current.version}"
        note = Note(name, self.clock, Part.GENERAL, text, key.manager)
        entry = row(f"row {name}", self.clock, message_id=f"<{name}.{record_id(str(key))}@x>", to=key.manager)
        changed = replace(current, notes=(*current.notes, note), outbox=(*current.outbox[-3:], entry))
        try:
            saved = self._with(who, kill).save_pair(changed, self.clock)
        except KilledError:
            found = self._recover(who).load_pair(key)
            if found is None or found.version == current.version:
                assert found == self.pairs.get(key)
                return
            saved = found
            assert saved.version == current.version + 1
        self.pairs[key], self.due[key] = saved, self.clock
        self.notes.setdefault(key, set()).add(name)

    @rule(who=st.integers(0, 1), key=KEYS)
    def save_a_stale_pair(self, who: int, key: PairKey) -> None:
        """A pair of another version is refused."""
        version = self.pairs[key].version if key in self.pairs else 0
        with pytest.raises(ConflictError):
            self._with(who, None).save_pair(Pair(key, version=version + 1), None)

    @rule(who=st.integers(0, 1), key=KEYS, hours=st.integers(-50, 50), kill=KILLS)
    def set_due(self, who: int, key: PairKey, hours: int, kill: Fault | None) -> None:
        """A due time is set, or the process dies."""
        due = self.clock + timedelta(hours=hours)
        try:
            self._with(who, kill).set_due(key, due)
        except KilledError:
            found = {line.key: line.next_due for line in self._recover(who).pairs()}
            if found.get(key) != due:
                assert found == self.due
                return
        if key in self.pairs:
            self.due[key] = due

    @rule(who=st.integers(0, 1), email=EMAILS, language=st.sampled_from(["en", "fr"]), kill=KILLS)
    def save_desk(self, who: int, email: str, language: str, kill: Fault | None) -> None:
        """A desk changes, or the process dies."""
        current = self.desks.get(email, Desk(email))
        try:
            saved = self._with(who, kill).save_desk(replace(current, language=language))
        except KilledError:
            found = self._recover(who).load_desk(email)
            if found is None or found.version == current.version:
                assert found == self.desks.get(email)
                return
            saved = found
        self.desks[email] = saved

    @rule(who=st.integers(0, 1), raw=st.binary(max_size=20), kill=KILLS)
    def put_blob(self, who: int, raw: bytes, kill: Fault | None) -> None:
        """Bytes are kept, or the process dies."""
        try:
            self.blobs[self._with(who, kill).put_blob(raw)] = raw
        except KilledError:
            self._recover(who)

    @rule(who=st.integers(0, 1))
    def reopen(self, who: int) -> None:
        """A process starts anew."""
        self._recover(who)

    @rule(name=st.sampled_from(["index.jsonl", "beats.jsonl"]))
    def lose_a_cache(self, name: str) -> None:
        """A cache is gone; due times fall back to those of the last saves."""
        path = Path(self.folder.name) / "data" / name
        with contextlib.suppress(FileNotFoundError):
            self.memory.remove(path)
        self.due = {line.key: line.next_due for line in self._recover(0).pairs()}

    @rule(email=EMAILS)
    def erase(self, email: str) -> None:
        """A person goes."""
        self._with(0, None).erase(email, "m" * 32)
        self.pairs = {key: pair for key, pair in self.pairs.items() if email not in {key.manager, key.person}}
        self.due = {key: due for key, due in self.due.items() if key in self.pairs}
        self.notes = {key: names for key, names in self.notes.items() if key in self.pairs}
        self.desks.pop(email, None)

    @invariant()
    def both_processes_see_the_model(self) -> None:
        """What is stored is what was saved, for a resident process and for the other one."""
        for store in getattr(self, "stores", ()):
            assert {line.key: line.next_due for line in store.pairs()} == self.due
            assert set(store.desks()) == set(self.desks)
            for key, pair in self.pairs.items():
                assert store.load_pair(key) == pair
                older = store.older(key)
                names = [note.id for note in (*(older.notes if older else ()), *pair.notes)]
                assert sorted(names) == sorted(self.notes[key])
                if pair.outbox:
                    assert store.find_message(pair.outbox[-1].message_id) is not None
            for email, desk in self.desks.items():
                assert store.load_desk(email) == desk
            for digest, raw in self.blobs.items():
                assert store.get_blob(digest) == raw
            assert store.problems() == ()

    def teardown(self) -> None:
        """Remove the folder."""
        if hasattr(self, "folder"):
            self.folder.cleanup()


StoreMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoreMachine = StoreMachine.TestCase

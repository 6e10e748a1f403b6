from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from tinydb import JSONStorage, TinyDB

from tests.store.contract import MARKER, StoreContract
from tests.store.examples import ALEX, DANA, KEY, NOW, SAM, desk, inbound, pair, row, year
from tests.store.faults import FaultyDisk, KilledError, UnsyncedDisk, faults
from tests.store.kill import kill_a_writer
from worker.errors import BusyError, ConflictError
from worker.model import CalendarState, Desk, Pair, PairKey
from worker.store import Store
from worker.store.disk import OsDisk, Signature
from worker.store.tiny import TinyStore
from worker.tokens import record_id

PAIR_FILE = f"pairs/{record_id(str(KEY))}.json"


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


class CountingDisk(OsDisk):
    """A disk that notes which files are read."""

    def __init__(self) -> None:
        self.read_paths: list[str] = []

    def read(self, path: Path, offset: int = 0) -> bytes:
        """Note the path."""
        self.read_paths.append(path.name)
        return super().read(path, offset)


# -- the files


def test_a_pair_is_a_tinydb_file_with_our_keys(tmp_path: Path) -> None:
    """The tables inside the file open with TinyDB's own JSON storage, and a person finds rows by their key."""
    TinyStore(tmp_path).save_pair(pair(), NOW)
    whole = orjson.loads((tmp_path / PAIR_FILE).read_bytes())
    assert (whole["format"], whole["schema"]) == ("followthrough", 1)
    (tmp_path / "tables.json").write_bytes(orjson.dumps(whole["tables"]))
    with TinyDB(tmp_path / "tables.json", storage=JSONStorage) as db:
        assert db.tables() >= {"pair", "meetings", "notes", "outbox"}
    assert set(whole["tables"]["outbox"]) == {"agenda:m1:dana", "receipt:<r1@example.com>"}
    assert "error" not in whole["tables"]["outbox"]["agenda:m1:dana"]  # empty values are left out


def test_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    """Folders have mode 0700 and files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        _fill(TinyStore(tmp_path / "data", disk=UnsyncedDisk()))
    finally:
        os.umask(before)
    paths = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o600"}


def test_a_folder_that_others_can_read_is_reported(tmp_path: Path) -> None:
    """Check names a data folder with open rights and what to type."""
    store = TinyStore(tmp_path / "data")
    store.save_pair(pair(), NOW)
    (tmp_path / "data").chmod(0o755)
    assert any("chmod 700" in line for line in store.check())


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """A store that is only read makes no folder and no file, also where its caches are gone."""
    folder = tmp_path / "data"
    TinyStore(folder).pairs()
    assert not folder.exists()
    _fill(TinyStore(folder, disk=UnsyncedDisk()))
    (folder / "index.jsonl").unlink()
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    store = TinyStore(folder)
    store.pairs(), store.load_pair(KEY), store.find_message("<a@x>"), store.check(), store.load_calendar(SAM)
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_half_a_surrogate_pair_is_stored(tmp_path: Path) -> None:
    """What UTF-8 cannot carry is replaced, not lost with the rest, and the save returns what is stored."""
    broken = "a\ud83db \ud83d\ude00"
    store = TinyStore(tmp_path)
    saved = store.save_pair(Pair(KEY, person_name=broken, outbox=(row(broken, message_id=broken),)), NOW)
    assert saved.person_name == "a\ufffdb \U0001f600"
    assert TinyStore(tmp_path).load_pair(KEY) == saved == store.load_pair(KEY)
    store.save_inbound(inbound("0" * 64, message_id=broken))
    found = store.inbound("0" * 64)
    assert found is not None
    assert found.message_id == saved.person_name


# -- cheapness


def test_listing_opens_no_pair(tmp_path: Path) -> None:
    """With a fresh index neither a resident worker nor a new process reads a pair to list all of them."""
    _fill(TinyStore(tmp_path, disk=UnsyncedDisk()))
    disk = CountingDisk()
    store = TinyStore(tmp_path, disk=disk)
    assert len(store.pairs()) == 2
    assert set(disk.read_paths) == {"index.jsonl"}
    disk.read_paths.clear()
    assert len(store.pairs()) == 2
    assert disk.read_paths == []


def test_a_pair_is_decoded_once(tmp_path: Path) -> None:
    """A resident worker reads a pair again only when it changed."""
    TinyStore(tmp_path).save_pair(pair(), NOW)
    disk = CountingDisk()
    store = TinyStore(tmp_path, disk=disk)
    first = store.load_pair(KEY)
    disk.read_paths.clear()
    assert store.load_pair(KEY) is first
    assert disk.read_paths == []


def test_the_index_does_not_grow_for_ever(tmp_path: Path) -> None:
    """After thousands of changes the index holds some lines for each pair, and the truth."""
    store = TinyStore(tmp_path, disk=UnsyncedDisk())
    store.save_pair(Pair(KEY), NOW)
    for minute in range(2300):
        store.set_due(KEY, NOW + timedelta(minutes=minute))
    assert (tmp_path / "index.jsonl").read_bytes().count(b"\n") < 2100
    assert TinyStore(tmp_path).pairs()[0].next_due == NOW + timedelta(minutes=2299)


# -- several processes


class CoarseDisk(OsDisk):
    """A disk whose clock stands still and which uses the number of a freed inode again at once."""

    def signature(self, path: Path) -> Signature | None:
        """Tell nothing but the size of a record."""
        found = super().signature(path)
        return Signature(0, found.size, 0) if found and path.suffix == ".json" else found


def test_a_save_that_leaves_no_trace_in_the_file_system_is_seen(tmp_path: Path) -> None:
    """A cached pair is not believed after a save of the same size within one tick of the file system's clock."""
    one, two = TinyStore(tmp_path, disk=CoarseDisk()), TinyStore(tmp_path, disk=CoarseDisk())
    first = one.save_pair(Pair(KEY, person_name="a"), NOW)
    assert two.load_pair(KEY) == first
    second = one.save_pair(replace(first, person_name="b"), NOW)
    assert two.load_pair(KEY) == second


def test_another_process_sees_each_save(tmp_path: Path) -> None:
    """Caches never hide what somebody else saved, however fast the saves follow each other."""
    one, two = TinyStore(tmp_path), TinyStore(tmp_path)
    current = one.save_pair(pair(), NOW)
    for count in range(60):
        writer, reader = (one, two) if count % 3 else (two, one)
        assert reader.load_pair(KEY) == current
        changed = replace(current, manager_name=f"Dana {count % 10}")
        current = writer.save_pair(changed, NOW + timedelta(minutes=count))
        assert reader.load_pair(KEY) == current
        assert reader.pairs()[0].next_due == NOW + timedelta(minutes=count)
        with pytest.raises(ConflictError):
            reader.save_pair(changed, NOW)


def _hold(folder: Path, ready: Any, done: Any) -> None:  # an Event of multiprocessing has no public type
    with TinyStore(folder).lock(5):
        ready.set()
        done.wait(30)


def test_the_lock_keeps_other_processes_out(tmp_path: Path) -> None:
    """While one process holds the data another one is told so, in time; afterwards it gets in."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(tmp_path, ready, done))
    holder.start()
    try:
        assert ready.wait(30)
        began = time.monotonic()
        with pytest.raises(BusyError, match="wait until it has ended, then try again"), TinyStore(tmp_path).lock(0.2):
            pass
        assert time.monotonic() - began < 5
        assert TinyStore(tmp_path).pairs() == ()  # reading needs no lock
    finally:
        done.set()
        holder.join(30)
    with TinyStore(tmp_path).lock(5):
        pass


def test_a_killed_writer_leaves_a_readable_store(tmp_path: Path) -> None:
    """A process that saves for ever is killed twenty times; what it confirmed is there, and readable."""
    result = kill_a_writer(tmp_path, kills=20, seed=1)
    assert result.kills == 20
    assert result.confirmed > 20
    assert result.problems == []


# -- erasing


def _fill(store: TinyStore) -> None:
    sam = replace(year(110), person_name="Sam Okoro", manager_name="Dana Kim")
    body = store.put_blob(b"To: sam@example.com\r\n\r\nagenda")
    saved = store.save_pair(replace(sam, outbox=(*sam.outbox, row("a", message_id="<a@x>", body=body))), NOW)
    store.save_pair(saved, NOW + timedelta(days=1))
    digest = store.put_blob(b"To: dana@example.com\r\n\r\nSam Okoro owes a plan")
    encoded = store.put_blob(
        b"To: dana@example.com\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nask sam@exa=\r\nmple.com"
    )
    store.save_pair(Pair(PairKey(DANA, ALEX), outbox=(row("x", about=(SAM, "ask Sam@Example.com")),)), NOW)
    first = store.save_desk(Desk(DANA, outbox=(row(f"welcome {SAM}", body=digest), row("y", body=encoded))))
    store.save_desk(replace(first, language="en"))
    store.save_desk(Desk(SAM, aliases=("sam.okoro@home.example",)))
    store.save_desk(desk(ALEX))
    answer = store.put_blob(b"From: sam.okoro@home.example\r\n\r\nanswer")
    store.save_inbound(inbound(answer, sender="sam.okoro@home.example", pair=""))
    for number in range(40):
        store.save_inbound(inbound(f"{number:02x}" + "0" * 62, sender=SAM if number % 2 else ALEX, pair=""))
    store.save_calendar(CalendarState(SAM, read_at=NOW))
    store.save_calendar(CalendarState(DANA, read_at=NOW, left_alone=(("u", f"with {SAM}"),)))
    store.heartbeat("tick", NOW)


def _traces(folder: Path) -> list[str]:
    """Return where a byte of Sam's is."""
    words = [b"sam@example.com", b"sam@exa=", b"sam okoro", b"sam.okoro@home"]
    words += [record_id(str(KEY)).encode(), record_id(SAM).encode()]
    found = []
    for path in folder.rglob("*"):
        content = str(path.relative_to(folder)).encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
        found += [f"{path}: {word.decode()}" for word in words if word in content.lower()]
    return found


def test_after_erasing_no_byte_is_left(tmp_path: Path) -> None:
    """No file under the data folder holds the address, an alias, the id or the name of an erased person."""
    store = TinyStore(tmp_path, disk=UnsyncedDisk())
    _fill(store)
    blob = next((tmp_path / "blobs").rglob("*.eml"))
    for half in ("pairs/half.json", "inbound/00.jsonl", "index.jsonl", str(blob.relative_to(tmp_path))):
        (tmp_path / f"{half}.tmp").write_bytes(b"sam@example.com")
    assert _traces(tmp_path)
    assert store.erase(SAM, MARKER) > 10
    assert _traces(tmp_path) == []
    assert (tmp_path / "erased" / MARKER).exists()
    again = TinyStore(tmp_path)
    assert again.check() == ()
    assert [due.key for due in again.pairs()] == [PairKey(DANA, ALEX)]
    kept = again.load_desk(DANA)
    assert kept is not None
    assert [entry.key for entry in kept.outbox] == [f"welcome {MARKER}", "y"]
    assert len(list(again.inbounds())) == 20
    assert again.save_desk(kept).version == kept.version + 1


def test_erasing_one_address_spares_a_longer_one(tmp_path: Path) -> None:
    """Somebody whose address contains the erased one loses nothing."""
    store = TinyStore(tmp_path)
    for other in (f"very.{SAM}", f"x-{SAM}", f"{SAM}.au"):
        store.save_desk(desk(other))
        store.save_inbound(inbound(record_id(other).encode().hex().ljust(64, "0"), sender=other, pair=""))
    before = [store.load_desk(email) for email in store.desks()]
    store.save_desk(desk(SAM))
    store.erase(SAM, MARKER)
    assert [TinyStore(tmp_path).load_desk(email) for email in TinyStore(tmp_path).desks()] == before
    assert len(list(store.inbounds())) == 3


def test_an_erasure_that_was_cut_off_can_be_finished(tmp_path: Path) -> None:
    """Killed at any call, the same erasure called again leaves no byte, and the marker is there from the start."""

    def small(folder: Path, disk: FaultyDisk) -> TinyStore:
        store = TinyStore(folder, disk=UnsyncedDisk())
        body = store.put_blob(b"To: sam@example.com\r\n\r\n")
        answer = store.put_blob(b"From: x\r\n\r\nanswer of hers")
        store.save_inbound(inbound(answer))
        saved = store.save_pair(pair(person_name="Sam Okoro", outbox=(row("a", body=body),)), NOW)
        store.save_pair(saved, NOW)
        store.save_desk(Desk(SAM))
        store.save_desk(Desk(DANA, outbox=(row(f"welcome {SAM}"),)))
        return TinyStore(folder, disk=disk)

    counted = FaultyDisk()
    small(tmp_path / "counted", counted).erase(SAM, MARKER)
    assert len(counted.calls) > 30
    for number, fault in enumerate(faults(len(counted.calls))):
        folder = tmp_path / str(number)
        with pytest.raises(KilledError):
            small(folder, FaultyDisk(UnsyncedDisk(), fault)).erase(SAM, MARKER)
        TinyStore(folder, disk=UnsyncedDisk()).erase(SAM, MARKER)
        assert _traces(folder) == [], fault
        assert b"answer of hers" not in b"".join(path.read_bytes() for path in folder.rglob("*.eml")), fault
        assert TinyStore(folder).check() == ()
        assert TinyStore(folder).is_erased(MARKER)

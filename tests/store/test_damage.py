"""Damage is never read as emptiness: the last state comes back, or the worker says what to restore."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from tests.store.examples import ALEX, DANA, KEY, NOW, SAM, desk, inbound, pair, row, year
from tests.store.faults import UnsyncedDisk
from worker.errors import DataAccessError, DataDamagedError, DataNewerError, FollowthroughError
from worker.model import CalendarState, Pair, PairKey
from worker.store.disk import OsDisk
from worker.store.durable import DurableStorage, seal
from worker.store.tables import Schema, Tables
from worker.store.tiny import TinyStore
from worker.tokens import record_id

Damage = Callable[[Path], None]
PAIR_FILE = f"pairs/{record_id(str(KEY))}.json"
DESK_FILE = f"people/{record_id(DANA)}.json"
ACCOUNT_FILE = f"accounts/{record_id(DANA)}.json"


def fill(folder: Path) -> TinyStore:
    """Return a store with two generations of a pair, a desk and an account, a mail, and a second pair."""
    store = TinyStore(folder, disk=UnsyncedDisk())
    first = store.save_pair(pair(), NOW)
    store.save_pair(replace(first, topics=()), NOW + timedelta(hours=1))
    store.save_pair(Pair(PairKey(DANA, ALEX)), NOW)
    store.save_desk(store.save_desk(desk()))
    store.save_calendar(CalendarState(DANA, read_at=NOW, events=3))
    store.save_calendar(CalendarState(DANA, read_at=NOW, events=4))
    store.save_inbound(inbound(store.put_blob(b"Subject: x\r\n\r\n")))
    return store


def empty(path: Path) -> None:
    """Leave no byte."""
    path.write_bytes(b"")


def missing(path: Path) -> None:
    """Leave no file."""
    path.unlink()


def cut(part: float) -> Damage:
    """Leave the beginning."""

    def damage(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * part))

    damage.__name__ = f"cut at {part}"
    return damage


def flip(part: float) -> Damage:
    """Turn one bit."""

    def damage(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        raw[int((len(raw) - 1) * part)] ^= 0x04
        path.write_bytes(raw)

    damage.__name__ = f"flip at {part}"
    return damage


def zeros(path: Path) -> None:
    """Leave the size and no content, as some file systems do after a power cut."""
    path.write_bytes(b"\0" * path.stat().st_size)


DAMAGES = [empty, missing, zeros, cut(0.02), cut(0.5), cut(0.999), *(flip(part / 40) for part in range(41))]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("resident", [True, False], ids=["resident", "new process"])
def test_a_damaged_pair_stops_that_pair_alone(tmp_path: Path, damage: Damage, resident: bool) -> None:  # noqa: FBT001
    """A pair that cannot be read is an error with the next step; it is listed, due, and never overwritten."""
    store = fill(tmp_path)
    damage(tmp_path / PAIR_FILE)
    store = store if resident else TinyStore(tmp_path)
    left = (tmp_path / PAIR_FILE).read_bytes() if (tmp_path / PAIR_FILE).exists() else None
    with pytest.raises(DataDamagedError, match=r"restore this file from a backup, or accept .* type: cp -p"):
        store.load_pair(KEY)
    for version in (0, 1, 2):
        with pytest.raises(DataDamagedError):
            store.save_pair(pair(version=version), NOW)
    assert {due.key: due.next_due for due in store.pairs()}.keys() == {KEY, PairKey(DANA, ALEX)}
    assert min(due.next_due for due in TinyStore(tmp_path).pairs() if due.next_due and due.key == KEY) < NOW
    assert store.load_pair(PairKey(DANA, ALEX)) is not None
    assert any(PAIR_FILE in line for line in store.check())
    assert left == ((tmp_path / PAIR_FILE).read_bytes() if (tmp_path / PAIR_FILE).exists() else None)


@pytest.mark.parametrize("damage", [empty, missing, cut(0.5), flip(0.5)], ids=lambda damage: damage.__name__)
def test_the_step_that_the_error_names_helps(tmp_path: Path, damage: Damage) -> None:
    """After the copy that the error names, the worker goes on from the generation before."""
    before = fill(tmp_path)
    damage(tmp_path / PAIR_FILE)
    path = tmp_path / PAIR_FILE
    shutil.copy2(path.with_name(path.name + ".prev"), path)
    for store in (TinyStore(tmp_path), before):
        assert store.load_pair(KEY) == replace(pair(), version=1)
        assert store.check() == ()
    assert before.save_pair(replace(pair(), version=1), NOW).version == 2
    assert TinyStore(tmp_path).load_pair(KEY) == replace(pair(), version=2)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_generation_that_nobody_was_told_of_may_go(tmp_path: Path, damage: Damage) -> None:
    """Where the damaged generation was never confirmed, the one before serves, is reported, and is not lost again."""
    store = TinyStore(tmp_path, disk=UnsyncedDisk())
    first = store.save_pair(pair(), NOW)
    index = (tmp_path / "index.jsonl").read_bytes()
    store.save_pair(replace(first, topics=()), NOW)
    (tmp_path / "index.jsonl").write_bytes(index)  # as a worker leaves it that dies before it confirms
    damage(tmp_path / PAIR_FILE)
    again = TinyStore(tmp_path)
    assert [due.key for due in again.pairs()] == [KEY]
    assert again.load_pair(KEY) == first
    assert any("went on from" in line for line in again.problems())
    second = again.save_pair(replace(first, notes=()), NOW)
    assert TinyStore(tmp_path).load_pair(KEY) == second
    damage(tmp_path / PAIR_FILE)
    path = tmp_path / PAIR_FILE
    shutil.copy2(path.with_name(path.name + ".prev"), path)
    assert TinyStore(tmp_path).load_pair(KEY) == first


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_desk_is_not_an_empty_desk(tmp_path: Path, damage: Damage) -> None:
    """A desk says whether somebody said stop: it is read as it was, or not at all."""
    fill(tmp_path)
    damage(tmp_path / DESK_FILE)
    store = TinyStore(tmp_path)
    assert store.desks() == (DANA,)
    with pytest.raises(DataDamagedError, match="restore this file"):
        store.load_desk(DANA)
    with pytest.raises(DataDamagedError):
        store.save_desk(desk())


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_account_goes_back_one_reading(tmp_path: Path, damage: Damage) -> None:
    """What is known of a calendar may be one reading old, and that is reported; it is never nothing."""
    fill(tmp_path)
    damage(tmp_path / ACCOUNT_FILE)
    store = TinyStore(tmp_path)
    assert store.load_calendar(DANA) == CalendarState(DANA, read_at=NOW, events=3)
    assert any("went on from" in line for line in store.problems())


@pytest.mark.parametrize("folder", ["inbound", "blobs"])
@pytest.mark.parametrize("part", [n / 20 for n in range(21)])
def test_a_damaged_mail_is_an_error(tmp_path: Path, folder: str, part: float) -> None:
    """A bit that turned in a kept mail or in an outcome is found when it is read, and by check."""
    fill(tmp_path)
    path = next(path for path in (tmp_path / folder).rglob("*") if path.is_file())
    digest = next(TinyStore(tmp_path).inbounds()).digest
    with path.open("ab") as file:
        file.write(path.read_bytes() if folder == "inbound" else b"")
    flip(part / 2)(path)
    store = TinyStore(tmp_path)
    with pytest.raises(DataDamagedError, match="restore this file"):
        store.inbound(digest) if folder == "inbound" else store.get_blob(digest)
    assert any(path.name in line for line in store.check())


@pytest.mark.parametrize("cache", ["index.jsonl", "beats.jsonl", "messages"])
@pytest.mark.parametrize(
    "damage", [empty, missing, zeros, cut(0.3), cut(0.9), flip(0.1), flip(0.9)], ids=lambda d: d.__name__
)
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, cache: str, damage: Damage) -> None:
    """Losing a cache loses nothing: pairs, due times as last saved, desks and Message-IDs are found again."""
    store = TinyStore(tmp_path, disk=UnsyncedDisk())
    store.save_pair(pair(outbox=(row("a", message_id="<a@x>"),)), NOW)
    store.save_desk(desk())
    store.heartbeat("tick", NOW)
    path = tmp_path / cache
    if path.is_dir():
        shutil.rmtree(path)
    else:
        damage(path)
    for again in (store, TinyStore(tmp_path)):
        assert [(due.key, due.next_due) for due in again.pairs()] == [(KEY, NOW)]
        assert again.desks() == (DANA,)
        assert again.find_message("<a@x>") == (record_id(str(KEY)), "a")
        assert again.heartbeat("tick") in {None, NOW}
        assert again.heartbeat("tick", NOW) == NOW
    kept = TinyStore(tmp_path).load_pair(KEY)
    assert kept is not None
    TinyStore(tmp_path).save_pair(kept, NOW + timedelta(days=1))
    for again in (store, TinyStore(tmp_path)):
        assert [(due.key, due.next_due) for due in again.pairs()] == [(KEY, NOW + timedelta(days=1))]


def test_a_pair_that_only_its_damaged_file_names_is_reported(tmp_path: Path) -> None:
    """Without an index and without a good generation a pair has no name: it is told, and cannot be taken for new."""
    fill(tmp_path)
    (tmp_path / "index.jsonl").unlink()
    path = tmp_path / PAIR_FILE
    path.write_bytes(b"x")
    path.with_name(path.name + ".prev").unlink()
    store = TinyStore(tmp_path)
    assert [due.key for due in store.pairs()] == [PairKey(DANA, ALEX)]
    assert any(PAIR_FILE in line for line in store.problems())
    with pytest.raises(DataDamagedError):
        store.load_pair(KEY)
    with pytest.raises(DataDamagedError):
        store.save_pair(Pair(KEY), NOW)


@pytest.mark.parametrize("resident", [True, False], ids=["resident", "new process"])
def test_a_pair_of_one_generation_that_is_missing_is_not_new(tmp_path: Path, resident: bool) -> None:  # noqa: FBT001
    """Where the index knows a pair and no file is left, that is damage, and no pair begins anew in its place."""
    store = TinyStore(tmp_path)
    store.save_pair(pair(), NOW)
    (tmp_path / PAIR_FILE).unlink()
    store = store if resident else TinyStore(tmp_path)
    with pytest.raises(DataDamagedError, match="missing: restore this file"):
        store.load_pair(KEY)
    with pytest.raises(DataDamagedError, match="missing: restore this file"):
        store.save_pair(pair(), NOW)
    assert [due.key for due in store.pairs()] == [KEY]


def test_an_older_record_under_another_name_is_refused(tmp_path: Path) -> None:
    """A year that was copied over another pair's is not taken for theirs."""
    store = TinyStore(tmp_path, disk=UnsyncedDisk())
    store.save_pair(year(110), NOW)
    other = PairKey(DANA, ALEX)
    store.save_pair(Pair(other), NOW)
    theirs = store.years(record_id(str(KEY)))[0]
    shutil.copy2(theirs, theirs.with_name(theirs.name.replace(record_id(str(KEY)), record_id(str(other)))))
    with pytest.raises(DataDamagedError, match="holds another record"):
        TinyStore(tmp_path).older(other)


def test_a_record_under_another_name_is_refused(tmp_path: Path) -> None:
    """A file that was copied over another person's is not taken for theirs."""
    fill(tmp_path)
    other = tmp_path / f"pairs/{record_id(f'{DANA} {ALEX}')}.json"
    shutil.copy2(tmp_path / PAIR_FILE, other)
    with pytest.raises(DataDamagedError, match="holds another record"):
        TinyStore(tmp_path).load_pair(PairKey(DANA, ALEX))


# -- versions


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    """A record of a newer schema says to upgrade, and is left as it is."""
    newer = Schema(2, {1: lambda tables: tables})
    TinyStore(tmp_path, schema=newer).save_pair(pair(), NOW)
    left = (tmp_path / PAIR_FILE).read_bytes()
    store = TinyStore(tmp_path)
    with pytest.raises(DataNewerError, match="upgrade the worker"):
        store.load_pair(KEY)
    with pytest.raises(DataNewerError, match="upgrade the worker"):
        store.save_pair(pair(version=1), NOW)
    assert (tmp_path / PAIR_FILE).read_bytes() == left


@pytest.mark.parametrize("where", ["table", "field"])
def test_what_this_version_does_not_know_is_refused(tmp_path: Path, where: str) -> None:
    """An unknown table or field says to upgrade: reading on would drop it at the next save."""
    TinyStore(tmp_path).save_pair(pair(), NOW)
    path = tmp_path / PAIR_FILE
    tables = orjson.loads(path.read_bytes())["tables"]
    if where == "table":
        tables["moods"] = {"m": {}}
    else:
        tables["notes"]["n1"]["mood"] = "fine"
    path.write_bytes(seal(tables, 1))
    with pytest.raises(DataNewerError, match="upgrade the worker"):
        TinyStore(tmp_path).load_pair(KEY)


def test_an_older_file_is_migrated_step_by_step(tmp_path: Path) -> None:
    """Each migration runs once, in order, on reading; the new schema is written at the next save."""
    TinyStore(tmp_path).save_pair(Pair(KEY, person_name="a"), NOW)

    def adding(letter: str) -> Callable[[Tables], Tables]:
        def migrate(tables: Tables) -> Tables:
            tables["pair"]["pair"]["person_name"] += letter
            return tables

        return migrate

    third = Schema(3, {1: adding("b"), 2: adding("c")})
    store = TinyStore(tmp_path, schema=third)
    found = store.load_pair(KEY)
    assert found is not None
    assert found.person_name == "abc"
    assert b'"schema":1' in (tmp_path / PAIR_FILE).read_bytes()
    store.save_pair(found, NOW)
    assert b'"schema":3' in (tmp_path / PAIR_FILE).read_bytes()
    again = TinyStore(tmp_path, schema=third).load_pair(KEY)
    assert again is not None
    assert again.person_name == "abc"


# -- errors that are not damage


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    """Where the data folder cannot be made, the error names it and the next step."""
    (tmp_path / "file").write_text("")
    store = TinyStore(tmp_path / "file" / "data")
    with pytest.raises(FollowthroughError, match=r"file/data.*; ") as caught:
        store.save_pair(pair(), NOW)
    assert isinstance(caught.value, DataAccessError)


def test_no_message_quotes_what_a_person_wrote(tmp_path: Path) -> None:
    """Errors about a file name the file and never its content."""
    canary = "canary-words"
    store = TinyStore(tmp_path)
    store.save_pair(year(1), NOW)
    tables: Tables = {
        "pair": {"pair": {"key": {"manager": DANA, "person": SAM}}},
        "notes": {"n": {"id": "n", "at": canary, "part": canary, "text": canary, "author": canary}},
    }
    (tmp_path / PAIR_FILE).write_bytes(seal(tables, 1))
    with pytest.raises(DataDamagedError) as caught:
        TinyStore(tmp_path).load_pair(KEY)
    assert canary not in str(caught.value)


# -- the storage itself


def test_a_write_keeps_the_generation_before(tmp_path: Path) -> None:
    """What is written takes the place of all, and what it took the place of stands beside it."""
    storage = DurableStorage(tmp_path / "x.json", disk=OsDisk())
    storage.write({"t": {"1": {"a": 1}}})
    storage.write({"t": {"1": {"a": 3}}})
    assert DurableStorage(tmp_path / "x.json", disk=OsDisk()).read() == {"t": {"1": {"a": 3}}}
    assert DurableStorage(tmp_path / "x.json.prev", disk=OsDisk()).read() == {"t": {"1": {"a": 1}}}

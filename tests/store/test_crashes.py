"""Every crash leaves the old state or the new one, readable; what was confirmed stays."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.store.examples import ALEX, DANA, KEY, NOW, SAM, desk, inbound, pair, row, year
from tests.store.faults import Fault, FaultyDisk, KilledError, PowerDisk, UnsyncedDisk, faults
from worker.errors import DataAccessError, FollowthroughError
from worker.model import CalendarState, Desk, OutboxState, Pair, PairKey
from worker.store.archive import TABLES
from worker.store.tiny import TinyStore

Step = Callable[[TinyStore], object]
View = tuple[object, ...]

OTHER = PairKey(DANA, ALEX)
OLD_MAIL, NEW_MAIL = b"Subject: old\r\n\r\n", b"Subject: new\r\n\r\n"


def prepare(store: TinyStore) -> None:
    """Fill a store with two generations of everything."""
    first = store.save_pair(pair(), NOW)
    store.save_pair(replace(first, outbox=(row("a", message_id="<a@x>"),)), NOW)
    store.save_pair(Pair(OTHER), None)
    store.save_desk(store.save_desk(desk()))
    digest = store.put_blob(OLD_MAIL)
    store.save_inbound(inbound(digest))
    store.save_calendar(CalendarState(DANA, read_at=NOW, events=3))
    store.heartbeat("tick", NOW)


def save_pair(store: TinyStore) -> None:
    """One unit of work: rows and notes change together, and a mail gets its true Message-ID."""
    current = store.load_pair(KEY)
    assert current is not None
    sent = replace(current.outbox[0], state=OutboxState.SENT, message_id="<b@provider>")
    store.save_pair(replace(current, outbox=(sent,), notes=(), topics=()), NOW + timedelta(days=1))


def save_new_pair(store: TinyStore) -> None:
    """A pair's first generation."""
    store.save_pair(Pair(PairKey(SAM, ALEX)), NOW)


def save_desk(store: TinyStore) -> None:
    """A desk's next generation."""
    current = store.load_desk(DANA)
    assert current is not None
    store.save_desk(replace(current, language="fr"))


def save_new_desk(store: TinyStore) -> None:
    """A desk's first generation."""
    store.save_desk(Desk(ALEX))


def put_blob(store: TinyStore) -> None:
    """A received mail."""
    store.put_blob(NEW_MAIL)


def save_inbound(store: TinyStore) -> None:
    """A received mail's outcome, in the same file as another one."""
    digest = next(store.inbounds()).digest
    store.save_inbound(inbound(digest[:2] + "0" * 62))


def save_new_inbound(store: TinyStore) -> None:
    """The first outcome in its file."""
    digest = next(store.inbounds()).digest
    store.save_inbound(inbound(f"{255 - int(digest[:2], 16):02x}" + "0" * 62))


def save_calendar(store: TinyStore) -> None:
    """A calendar's next state."""
    store.save_calendar(CalendarState(DANA, read_at=NOW + timedelta(minutes=5), events=4))


STEPS: list[Step] = [
    save_pair,
    save_new_pair,
    save_desk,
    save_new_desk,
    put_blob,
    save_inbound,
    save_new_inbound,
    save_calendar,
]


def view(store: TinyStore) -> View:
    """Return everything that a store promises to keep, read through its public methods."""
    keys = [due.key for due in store.pairs()]
    known = {KEY, OTHER, PairKey(SAM, ALEX)}
    assert set(keys) <= known
    pairs = {key: store.load_pair(key) for key in known}
    assert {key for key, found in pairs.items() if found} == set(keys)
    desks = {email: store.load_desk(email) for email in (DANA, SAM, ALEX)}
    assert {email for email, found in desks.items() if found} == set(store.desks())
    for key, found in pairs.items():
        for entry in found.outbox if found else ():
            if entry.message_id:
                assert store.find_message(entry.message_id) == (store.pairs()[keys.index(key)].id, entry.key)
    calendar = store.load_calendar(DANA)
    return (
        tuple(sorted(pairs.items())),
        tuple(sorted(desks.items())),
        tuple(store.inbounds()),
        calendar and replace(calendar, read_at=NOW),
        tuple(bool(store.get_blob(digest)) for digest in _digests()),
    )


def _digests() -> list[str]:
    import hashlib

    return [hashlib.sha256(raw).hexdigest() for raw in (OLD_MAIL, NEW_MAIL)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the lock; the files are on a disk in memory."""
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path / "data"


@pytest.fixture
def prepared(folder: Path) -> PowerDisk:
    """Return a filled disk, to be copied."""
    disk = PowerDisk()
    prepare(TinyStore(folder, disk=disk))
    disk.settle()
    return disk


def _run(folder: Path, below: PowerDisk, step: Step, fault: Fault | None = None) -> FaultyDisk:
    """Carry a step out in a process of its own that reads first."""
    disk = FaultyDisk(below)
    store = TinyStore(folder, disk=disk)
    view(store)
    disk.calls.clear()
    disk.fault = fault
    step(store)
    return disk


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_kill_at_any_call_leaves_old_or_new(folder: Path, prepared: PowerDisk, step: Step) -> None:
    """Killed before, in the middle of or after each system call, the next process finds old or new, and can go on."""
    before = view(TinyStore(folder, disk=prepared))
    done = prepared.copy()
    calls = len(_run(folder, done, step).calls)
    after = view(TinyStore(folder, disk=done))
    assert before != after
    seen = set()
    for fault in faults(calls):
        left = prepared.copy()
        with pytest.raises(KilledError):
            _run(folder, left, step, fault)
        found = view(TinyStore(folder, disk=left))
        assert found in (before, after), fault
        seen.add(found == after)
        assert TinyStore(folder, disk=left).check() == ()
        if found == before:
            _run(folder, left, step)
            assert view(TinyStore(folder, disk=left)) == after, fault
    assert seen == {False, True}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_an_error_at_any_call_changes_nothing(folder: Path, prepared: PowerDisk, step: Step, number: int) -> None:
    """A full or failing disk is one clear error at any call; nothing changed, and the same store can go on."""
    before = view(TinyStore(folder, disk=prepared))
    done = prepared.copy()
    names = _run(folder, done, step).calls
    after = view(TinyStore(folder, disk=done))
    for at, name in enumerate(names):
        disk = FaultyDisk(prepared.copy())
        store = TinyStore(folder, disk=disk)
        view(store)
        disk.calls.clear()
        disk.fault = Fault(at, number)
        failed = _refused(store, step)
        disk.fault = None
        found, again = view(store), view(TinyStore(folder, disk=disk))
        assert found == again
        if name == "sync_folder":
            assert found in (before, after)  # the new name is there and may not survive a power cut
        else:
            assert found == (before if failed else after), (at, name)
        if found == before:
            step(store)
        assert view(TinyStore(folder, disk=disk)) == after
        assert TinyStore(folder, disk=disk).check() == ()


def _refused(store: TinyStore, step: Step) -> bool:
    """Return whether a step was refused with an error that ends in the next step."""
    try:
        step(store)
    except DataAccessError as error:
        return "; " in str(error) or pytest.fail(f"no next step: {error}")
    return False


def _power_cuts(folder: Path, base: PowerDisk, step: Step, *, lying: bool = False) -> int:
    """Cut the power at every call of a step and look at every disk that may come of it; return how many."""
    before = view(TinyStore(folder, disk=base.copy()))
    done = FaultyDisk(base.copy())
    store = TinyStore(folder, disk=done)
    view(store)
    done.calls.clear()
    step(store)
    after = view(TinyStore(folder, disk=done))
    looked_at = 0
    for fault in [*faults(len(done.calls)), None]:
        power = base.copy()
        power.lying = lying
        disk = FaultyDisk(power)
        store = TinyStore(folder, disk=disk)
        view(store)
        disk.calls.clear()
        disk.fault = fault
        if fault is None:
            step(store)
        else:
            with pytest.raises(KilledError):
                step(store)
        for left in power.after_power_cut():
            looked_at += 1
            found = view(TinyStore(folder, disk=left))
            assert found in ([before, after] if fault else [after]), fault
    return looked_at


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_power_cut_at_any_call_leaves_old_or_new(folder: Path, prepared: PowerDisk, step: Step) -> None:
    """Whatever a power cut takes of what was not synced, old or new is there; what was confirmed is there."""
    assert _power_cuts(folder, prepared, step) > 10


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_the_power_cut_tests_notice_a_missing_sync(folder: Path, prepared: PowerDisk, step: Step) -> None:
    """The tests above go red where nothing is synced."""
    with pytest.raises((AssertionError, FollowthroughError)):
        _power_cuts(folder, prepared, step, lying=True)


def test_bytes_that_a_dead_process_left_are_kept_for_good(folder: Path, prepared: PowerDisk) -> None:
    """Who is told that bytes are kept may rely on it, also where a process that died had written them."""
    for fault in faults(len(_run(folder, prepared.copy(), put_blob).calls)):
        power = prepared.copy()
        with pytest.raises(KilledError):
            _run(folder, power, put_blob, fault)
        digest = TinyStore(folder, disk=power).put_blob(NEW_MAIL)
        for left in power.after_power_cut():
            assert TinyStore(folder, disk=left).get_blob(digest) == NEW_MAIL, fault


def test_half_a_line_of_a_dead_process_spoils_no_other(folder: Path, prepared: PowerDisk) -> None:
    """What is noted right after a process died in the middle of a line is there for every process."""
    due = NOW + timedelta(days=3)
    for fault in faults(len(_run(folder, prepared.copy(), save_pair).calls)):
        left = prepared.copy()
        with pytest.raises(KilledError):
            _run(folder, left, save_pair, fault)
        TinyStore(folder, disk=left).set_due(KEY, due)
        assert {line.key: line.next_due for line in TinyStore(folder, disk=left).pairs()}[KEY] == due, fault


def test_a_pair_that_became_due_earlier_stays_due(folder: Path, prepared: PowerDisk) -> None:
    """A due time that moved forward survives a power cut; one that moved back may be forgotten, which is early."""
    TinyStore(folder, disk=prepared).set_due(KEY, NOW - timedelta(days=1))
    for left in prepared.after_power_cut():
        assert {due.key: due.next_due for due in TinyStore(folder, disk=left).pairs()}[KEY] == NOW - timedelta(days=1)


def test_a_kill_while_old_items_move_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Between the record of a year and the daily one every item is there exactly once, whenever the worker dies."""
    whole = year(110)
    few: dict[str, Any] = {table: getattr(whole, table)[::25] for table in TABLES}
    whole = replace(whole, **few)
    whole = replace(whole, outbox=tuple(replace(entry, message_id="") for entry in whole.outbox))

    def both(folder: Path) -> dict[str, list[str]]:
        store = TinyStore(folder)
        kept, older = store.load_pair(KEY), store.older(KEY)
        return {
            table: sorted(repr(item) for found in (kept, older) if found is not None for item in getattr(found, table))
            for table in TABLES
        }

    def step(folder: Path, fault: Fault | None) -> FaultyDisk:
        disk = FaultyDisk(UnsyncedDisk())
        store = TinyStore(folder, disk=disk)
        current = store.load_pair(KEY)
        assert current is not None
        disk.calls.clear()
        disk.fault = fault
        store.save_pair(replace(whole, version=current.version), NOW)
        return disk

    prepared = tmp_path / "prepared"
    TinyStore(prepared).save_pair(Pair(KEY), NOW)
    empty = both(prepared)
    done = Path(shutil.copytree(prepared, tmp_path / "done"))
    calls = step(done, None).calls
    full = both(done)
    assert full == {table: sorted(map(repr, getattr(whole, table))) for table in TABLES}
    assert len(TinyStore(done).years(TinyStore(done).pairs()[0].id)) >= 2
    for number, fault in enumerate(faults(len(calls))):
        folder = Path(shutil.copytree(prepared, tmp_path / str(number)))
        with pytest.raises(KilledError):
            step(folder, fault)
        kept = TinyStore(folder).load_pair(KEY)
        assert kept is not None
        if kept.version == 2:
            assert both(folder) == full, fault
        else:
            assert not kept.notes, fault
            step(folder, None)
            assert both(folder) == full, fault
        shutil.rmtree(folder)
    assert empty != full


def test_a_second_crash_leaves_old_or_new_too(folder: Path, prepared: PowerDisk) -> None:
    """Killed in a save, and killed again in the next one: what is there is a whole generation, none is written over."""
    first = faults(len(_run(folder, prepared.copy(), save_pair).calls))
    for fault in first:
        left = prepared.copy()
        with pytest.raises(KilledError):
            _run(folder, left, save_pair, fault)
        known = TinyStore(folder, disk=left).load_pair(KEY)
        for again in faults(len(_run(folder, left.copy(), save_pair).calls)):
            twice = left.copy()
            with pytest.raises(KilledError):
                _run(folder, twice, save_pair, again)
            for disk in (twice, *twice.after_power_cut()):
                found = TinyStore(folder, disk=disk).load_pair(KEY)
                assert found is not None
                assert known is not None
                assert found == known or found.version == known.version + 1, (fault, again)


def test_a_copy_by_hard_links_keeps_what_it_holds(tmp_path: Path) -> None:
    """Whoever links the data folder's files as a backup has them as they were, however often they are saved after."""
    store = TinyStore(tmp_path / "data", disk=UnsyncedDisk())
    saved = store.save_pair(store.save_pair(pair(), NOW), NOW)
    files = [path for path in (tmp_path / "data" / "pairs").iterdir() if path.suffix in {".json", ".prev"}]
    assert len(files) == 2
    (tmp_path / "backup").mkdir()
    before = {path.name: path.read_bytes() for path in files}
    for path in files:
        (tmp_path / "backup" / path.name).hardlink_to(path)
    for _ in range(3):
        saved = store.save_pair(replace(saved, notes=()), NOW)
    assert {path.name: path.read_bytes() for path in (tmp_path / "backup").iterdir()} == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_save_that_fails_leaves_a_previous_generation(folder: Path, prepared: PowerDisk, number: int) -> None:
    """Where the disk refuses a save at whatever call, the record has a current and a previous generation."""
    for at in range(len(_run(folder, prepared.copy(), save_pair).calls)):
        left = prepared.copy()
        with contextlib.suppress(DataAccessError):
            _run(folder, left, save_pair, Fault(at, number))
        record = TinyStore(folder, disk=left).pairs()[1].id
        assert {f"{record}.json", f"{record}.json.prev"} <= set(left.names(folder / "pairs")), at

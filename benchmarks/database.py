"""The store in PostgreSQL: what a tick costs when the organisation is a thousand times as large, and what a save costs.

10 and 10,000 managers with 8 reports each, each in a database of its own on one server, one after the other: a resident
worker with nothing due, and one with one pair due. Then a save of a pair against a bare UPDATE of the same bytes by the
same library, in turns. Bars for a thousand times the people: the store's list at most 3 times, a tick, which looks at
every line of that list and every calendar, at most 40 times as long. A save at most 4 times the bare UPDATE; at most
400 MB resident.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from tests.databases import own_server
from worker.commands.office import open_office
from worker.config import load
from worker.model import (
    Busy,
    CalendarWrite,
    Desk,
    Event,
    MailKind,
    Meeting,
    Note,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
    PairState,
    Part,
    Person,
)
from worker.providers import CalendarRead, Written
from worker.store.postgres import PostgresStore
from worker.store.postgres.moving import TableContents
from worker.store.things import DESKS, PAIRS, Thing
from worker.tick import Office, tick
from worker.tokens import record_id

SIZES, REPORTS, ROUNDS, SAVES = (10, 10_000), 8, 40, 200
NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
LIST_BAR, TICK_BAR, SAVE_BAR, MEMORY_BAR = 3.0, 40.0, 4.0, 400


@dataclass(frozen=True)
class _Still:
    """A calendar in which nothing happens, so that the store's part is what is measured."""

    account: str
    writable: bool = False
    invites: bool = False

    def signature(self) -> str:
        """Nothing changes."""
        return "still"

    def read(self, start: datetime, end: datetime) -> CalendarRead:  # noqa: ARG002  # CalendarProvider's
        """Nothing is in it."""
        return CalendarRead(())

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """Nothing is in it."""

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:
        """Nothing is written."""
        raise NotImplementedError

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:  # noqa: ARG002  # as above
        """Nobody is busy."""
        return ()


@dataclass(frozen=True)
class Measured:
    """Medians in seconds, and the resident memory in MB."""

    managers: int
    start: float
    listing: float
    idle: float
    due: float
    memory: float


def main() -> int:
    """Measure, print the tables and return 1 where a bar is missed."""
    found = []
    with own_server("fsync=on", "shared_buffers=128MB") as server:
        for managers in SIZES:
            url = server.database()
            _fill(url, managers)
            # A process of its own, as a worker is: its memory is not that of the set-up.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found.append(pool.apply(_measure, (url, managers)))
        ours, bare, size = _saves(server.database())
    print(f"{REPORTS} reports each, median of {ROUNDS} ticks\n")
    print("| managers | first list | list as before | tick, nothing due | tick, one pair due | resident |")
    print("|---|---|---|---|---|---|")
    for one in found:
        times = " | ".join(f"{seconds * 1e3:.2f} ms" for seconds in (one.start, one.listing, one.idle, one.due))
        print(f"| {one.managers:,} | {times} | {one.memory:.0f} MB |")
    small, large = found
    idle, due, save = large.idle / small.idle, large.due / small.due, ours / bare
    listing = large.listing / small.listing
    print(f"\na thousand times the people: the list {listing:.1f} times (bar {LIST_BAR}), ", end="")
    print(f"nothing due {idle:.1f} times, one pair due {due:.1f} times (bar {TICK_BAR})")
    print(f"a save of {size:,} bytes {ours * 1e3:.2f} ms, a bare UPDATE {bare * 1e3:.2f} ms: ", end="")
    print(f"{save:.2f} times (bar {SAVE_BAR})")
    return int(listing > LIST_BAR or max(idle, due) > TICK_BAR or save > SAVE_BAR or large.memory > MEMORY_BAR)


def _fill(url: str, managers: int) -> None:
    with closing(PostgresStore(url)) as store, store.lock(5):
        TableContents(store).take(_things(managers))


def _things(managers: int) -> Iterator[Thing]:
    addresses = [f"m{number}@example.com" for number in range(managers)]
    for number, manager in enumerate(addresses):
        for report in range(REPORTS):
            pair = _pair(manager, f"p{number}-{report}@example.com")
            yield Thing(PAIRS, record_id(str(pair.key)), pair, NOW + timedelta(days=2, minutes=number))
    for manager in addresses:
        yield Thing(DESKS, record_id(manager), Desk(manager, version=1))


def _pair(manager: str, person: str, count: int = 2) -> Pair:
    """Return a pair that met so often, and meets again in a few days."""
    meetings: list[Meeting] = []
    notes: list[Note] = []
    rows: list[OutboxEntry] = []
    for back in range(count, -1, -1):
        start = NOW + timedelta(days=5 - 14 * back)
        identity = f"m{back}"
        meetings.append(Meeting(identity, "series", start, start + timedelta(minutes=30), start, confirmed=back > 0))
        if back:
            words = f"Something of {back} words, and what follows from it for the next two weeks"
            notes.extend(
                Note(f"n{back}-{n}", start, Part.HIGHLIGHTS, words, manager, meeting=identity) for n in range(3)
            )
            for kind in (MailKind.AGENDA, MailKind.FOLLOW_UP, MailKind.RECEIPT):
                key = f"{kind} {identity}"
                message = f"<{kind}.{back}.{person}>"
                rows.append(OutboxEntry(key, kind, manager, start, OutboxState.SENT, identity, message_id=message))
    pair = Pair(PairKey(manager, person), state=PairState.STARTED, version=1)
    return replace(pair, meetings=tuple(meetings), notes=tuple(notes), outbox=tuple(rows))


def _measure(url: str, managers: int) -> Measured:
    """Return what ticks of a resident worker cost, and its memory."""
    with tempfile.TemporaryDirectory() as folder, closing(PostgresStore(url)) as store:
        start = _timed(store.pairs)
        office = _office(Path(folder), store, managers)
        idle: list[float] = []
        due: list[float] = []
        keys = [line.key for line in store.pairs()]
        for round_ in range(ROUNDS + 5):
            moment = NOW + timedelta(seconds=round_)
            idle.append(_timed(lambda moment=moment: tick(office, moment)))  # type: ignore[misc]  # bound at once
            store.set_due(keys[7 * round_ % len(keys)], moment)
            due.append(_timed(lambda moment=moment: tick(office, moment)))  # type: ignore[misc]
            assert store.pairs()[0].next_due is not None
        listing = median([_timed(store.pairs) for _ in range(ROUNDS)])
        status = Path("/proc/self/status").read_text().splitlines()
        resident = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
        return Measured(managers, start, listing, median(idle[5:]), median(due[5:]), resident)


def _office(folder: Path, store: PostgresStore, managers: int) -> Office:
    """Return the surroundings of a worker that has looked at everything: each calendar, each desk, each digest."""
    config = folder / "followthrough.toml"
    config.write_text(
        '[mail]\nprovider = "files"\naddress = "w@example.com"\npath = "mail"\n[[managers]]\n'
        'email = "m0@example.com"\ncalendar = { provider = "files", path = "m0" }\n'
    )
    (folder / "mail/in/new").mkdir(parents=True)
    addresses = [f"m{number}@example.com" for number in range(managers)]
    office = replace(
        open_office(load(config, {"FOLLOWTHROUGH_SECRET": "0" * 64})),
        store=store,
        managers={address: Person(address, timezone="Europe/Berlin") for address in addresses},
        calendars={address: _Still(address) for address in addresses},
    )
    memory = office.memory
    memory.planned_all, memory.desks, memory.listings = True, set(), {}
    memory.digests_at = memory.purge_at = NOW + timedelta(hours=20)
    memory.troubles_known, memory.troubles_at = True, None
    memory.mailbox = office.mailbox.signature()
    memory.signatures = dict.fromkeys(addresses, "still")
    memory.read_at = dict.fromkeys(addresses, NOW)
    memory.waits = dict.fromkeys([*addresses, "mailbox"], None)
    memory.beat_at = NOW
    return office


def _saves(url: str) -> tuple[float, float, int]:
    """Return the medians of a save and of a bare UPDATE of the same bytes, and how many bytes that are."""
    ours: list[float] = []
    bare: list[float] = []
    with closing(PostgresStore(url)) as store, psycopg.connect(url) as connection, store.lock(5):
        connection.execute("CREATE TABLE bare (id text PRIMARY KEY, body text NOT NULL)")
        connection.execute("INSERT INTO bare VALUES ('x', '')")
        connection.commit()
        pair = store.save_pair(replace(_pair("m@example.com", "p@example.com", 26), version=0), NOW)
        body = ""
        for number in range(SAVES):
            row = replace(pair.outbox[-1], attempts=number)
            pair = replace(pair, outbox=(*pair.outbox[:-1], row))
            begin = time.perf_counter()
            pair = store.save_pair(pair, NOW)
            ours.append(time.perf_counter() - begin)
            query = "SELECT body FROM followthrough.records"
            body = connection.execute(query).fetchone()[0]  # type: ignore[index]  # there is one
            connection.commit()
            begin = time.perf_counter()
            connection.execute("UPDATE bare SET body = %s WHERE id = 'x'", [body])
            connection.commit()
            bare.append(time.perf_counter() - begin)
    return median(ours), median(bare), len(body.encode())


def _timed(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())

"""A resident worker with nothing due: 50 managers with 8 reports each, against listing the same folders.

Bars: at most 3 times the listing; with ten times the history at most 1.2 times that; at most 80 MB resident.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from worker.commands.office import open_office
from worker.config import load
from worker.model import MailKind, Meeting, Note, OutboxEntry, OutboxState, Pair, PairKey, PairState, Part
from worker.store.disk import OsDisk
from worker.store.tiny import TinyStore
from worker.tick import Office, tick

MANAGERS, REPORTS, ROUNDS = 50, 8, 60
NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
LISTING_BAR, HISTORY_BAR, MEMORY_BAR = 3.0, 1.2, 80


class _Hasty(OsDisk):
    """Fills the folder without waiting for the disk; what is measured waits as always."""

    def sync(self, handle: int) -> None:
        """Do not wait."""

    def sync_folder(self, folder: Path) -> None:
        """Do not wait."""


def main() -> int:
    """Measure, print the table and return 1 where a bar is missed."""
    found: dict[str, tuple[float, float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, meetings in (("2 years", 52), ("20 years", 520)):
            config = _fill(Path(folder) / name, meetings)
            # A process of its own, as a worker is: its memory is not that of the set-up.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found[name] = pool.apply(_measure, (config,))
    print(f"{MANAGERS} managers x {REPORTS} reports, median of {ROUNDS} ticks with nothing due")
    print("| history | listing the folders | tick | ratio | resident |\n|---|---|---|---|---|")
    for name, (listing, ticking, memory) in found.items():
        print(
            f"| {name} | {listing * 1e3:.2f} ms | {ticking * 1e3:.2f} ms | {ticking / listing:.2f} | {memory:.0f} MB |"
        )
    small, large = found["2 years"], found["20 years"]
    ratio, growth = small[1] / small[0], (large[1] / large[0]) / (small[1] / small[0])
    print(f"ratio {ratio:.2f} (bar {LISTING_BAR}), ten times the history {growth:.2f} (bar {HISTORY_BAR}), ", end="")
    print(f"memory {max(small[2], large[2]):.0f} MB (bar {MEMORY_BAR})")
    return int(ratio > LISTING_BAR or growth > HISTORY_BAR or max(small[2], large[2]) > MEMORY_BAR)


def _measure(config: Path) -> tuple[float, float, float]:
    """Return the seconds of a listing and of a tick, and the resident memory in MB of a worker in this folder."""
    root = config.parent
    office = open_office(load(config, {"FOLLOWTHROUGH_SECRET": "0" * 64}))
    _quiet(office)
    folders = [root / f"calendar/m{number}" for number in range(MANAGERS)] + [root / "mail/in/new"]
    listings: list[float] = []
    ticks: list[float] = []
    for round_ in range(ROUNDS):
        listings.append(_timed(lambda: [entry.stat() for one in folders for entry in os.scandir(one)]))
        moment = NOW + timedelta(seconds=round_)
        ticks.append(_timed(lambda moment=moment: tick(office, moment)))  # type: ignore[misc]  # bound at once
    status = Path("/proc/self/status").read_text().splitlines()
    resident = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
    return median(listings), median(ticks), resident


def _quiet(office: Office) -> None:
    for _ in range(20):
        report = tick(office, NOW - timedelta(seconds=30))
        if not (report.sent or report.calendar or report.received):
            break
    tick(office, NOW - timedelta(seconds=20))


def _timed(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def _fill(root: Path, meetings: int) -> Path:
    lines = ['timezone = "Europe/Berlin"\n[mail]\nprovider = "files"\naddress = "w@example.com"\npath = "mail"\n']
    store = TinyStore(root / "data", disk=_Hasty())
    (root / "mail/in/new").mkdir(parents=True)
    for number in range(MANAGERS):
        manager = f"m{number}@example.com"
        lines.append(
            f'[[managers]]\nemail = "{manager}"\nname = "Manager {number}"\n'
            f'calendar = {{ provider = "files", path = "calendar/m{number}" }}\n'
        )
        vdir = root / f"calendar/m{number}"
        vdir.mkdir(parents=True)
        for report in range(REPORTS):
            person = f"p{number}-{report}@example.com"
            (vdir / f"s{report}.ics").write_text(_series(f"s{number}-{report}", manager, person, report))
            store.save_pair(_pair(manager, person, f"s{number}-{report}", report, meetings), None)
    config = root / "followthrough.toml"
    config.write_text("\n".join(lines))
    return config


def _series(uid: str, manager: str, person: str, report: int) -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Example//EN",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20240101T000000Z",
            f"DTSTART:202411{7 + report // 4:02}T{8 + report % 4:02}0000Z",
            f"DTEND:202411{7 + report // 4:02}T{8 + report % 4:02}3000Z",
            "RRULE:FREQ=WEEKLY;INTERVAL=2",
            "SUMMARY:1:1",
            f"ORGANIZER:mailto:{manager}",
            f"ATTENDEE:mailto:{manager}",
            f"ATTENDEE:mailto:{person}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def _pair(manager: str, person: str, uid: str, report: int, count: int) -> Pair:
    pair = Pair(PairKey(manager, person), state=PairState.STARTED)
    meetings: list[Meeting] = []
    notes: list[Note] = []
    rows: list[OutboxEntry] = []
    for back in range(count, 0, -1):
        start = NOW.replace(hour=8 + report % 4) - timedelta(days=14 * back)
        identity = f"{uid}-{back}"
        meetings.append(
            Meeting(identity, uid, start, start + timedelta(minutes=30), start, confirmed=True, history=True)
        )
        notes.extend(
            Note(f"{identity}-{n}", start, Part.HIGHLIGHTS, f"Something of {n} words", manager, meeting=identity)
            for n in range(3)
        )
        rows.extend(
            OutboxEntry(f"{kind} {identity}", kind, manager, start, OutboxState.SENT, meeting=identity, sent_at=start)
            for kind in (MailKind.AGENDA, MailKind.FOLLOW_UP, MailKind.RECEIPT)
        )
    return replace(pair, meetings=tuple(meetings), notes=tuple(notes), outbox=tuple(rows))


if __name__ == "__main__":
    sys.exit(main())

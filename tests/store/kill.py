"""Kills a process that saves for ever, at random moments, and looks at what it leaves.

By hand: python -m tests.store.kill --kills 400
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.store.examples import DANA, KEY, NOW, inbound, pair, row, year
from worker.errors import FollowthroughError
from worker.model import CalendarState, Desk, Pair
from worker.store import Store
from worker.store.tiny import TinyStore


@dataclass
class Result:
    """What a run came to: `confirmed` counts the saves that the writers were told are stored."""

    kills: int = 0
    confirmed: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def opened(place: str) -> Iterator[Store]:
    """Open the store in a folder, or in a database by its address."""
    if "://" not in place:
        yield TinyStore(Path(place))
        return
    from worker.store.postgres import PostgresStore

    store = PostgresStore(place)
    try:
        yield store
    finally:
        store.close()


def write_for_ever(store: Store) -> None:
    """Save pair, desk, mail, outcome and account again and again; say after each round which version is confirmed."""
    while True:
        current = store.load_pair(KEY) or replace(year(8), notes=pair().notes)
        rows = (*current.outbox[-40:], row(f"row {current.version}", message_id=f"<{current.version}@x>"))
        number = current.version
        digest = store.put_blob(b"Subject: %d\r\n\r\n" % number)
        store.save_inbound(inbound(digest, message_id=f"<in {number}@x>"))
        store.save_pair(replace(current, outbox=rows), NOW + timedelta(minutes=number))
        store.save_desk(replace(store.load_desk(DANA) or Desk(DANA), language=str(number)))
        store.save_calendar(CalendarState(DANA, read_at=NOW + timedelta(minutes=number), events=number))
        store.set_due(KEY, NOW + timedelta(days=number))
        sys.stdout.write(f"{number + 1} {digest}\n")
        sys.stdout.flush()


def writer_of(place: Path | str) -> subprocess.Popen[str]:
    """Start a process that writes for ever."""
    command = [sys.executable, "-m", "tests.store.kill", "--write", str(place)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_a_writer(place: Path | str, *, kills: int, seed: int) -> Result:
    """Start a writer and kill it after a random time, `kills` times; return what was wrong afterwards."""
    chance = random.Random(seed)
    result = Result()
    while result.kills < kills:
        with writer_of(place) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline()]
            try:
                writer.wait(chance.uniform(0.0, 0.12))
            except subprocess.TimeoutExpired:
                writer.kill()
            lines += writer.stdout.readlines()
        result.kills += 1
        lines = [line for line in lines if line.endswith("\n")]
        result.confirmed += len(lines)
        if not lines:
            result.problems.append("a writer confirmed nothing")
            break
        with opened(str(place)) as store:
            look(store, lines[-1], result)
    return result


def look(store: Store, last: str, result: Result) -> None:
    """Add to the result's problems what is wrong after a writer confirmed this line last."""
    version, digest = last.split()
    try:
        found: Pair | None = store.load_pair(KEY)
        if found is None or not int(version) <= found.version <= int(version) + 1:
            result.problems.append(f"version {version} was confirmed, found {found and found.version}")
        keys = [entry.key for entry in found.outbox] if found else []
        if len(set(keys)) < len(keys) or f"row {int(version) - 1}" not in keys:
            result.problems.append(f"a row is lost or doubled after version {version}")
        if store.inbound(digest) is None or store.get_blob(digest) is None:
            result.problems.append(f"a mail is lost after version {version}")
        if store.find_message(f"<{int(version) - 1}@x>") is None:
            result.problems.append(f"a Message-ID is lost after version {version}")
        account, desk = store.load_calendar(DANA), store.load_desk(DANA)
        if account is None or account.events < int(version) - 1 or desk is None:
            result.problems.append(f"the account or the desk is lost after version {version}")
        if [due.key for due in store.pairs()] != [KEY]:
            result.problems.append("the index lost the pair")
        result.problems += store.check()
    except FollowthroughError as error:
        result.problems.append(str(error))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write")
    parser.add_argument("--kills", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.write:
        with opened(options.write) as store:
            write_for_ever(store)
    with tempfile.TemporaryDirectory() as folder:
        result = kill_a_writer(Path(folder), kills=options.kills, seed=options.seed)
    sys.stdout.write(f"kills {result.kills}, rounds confirmed {result.confirmed}, problems {len(result.problems)}\n")
    sys.stdout.writelines(f"{problem}\n" for problem in result.problems)
    sys.exit(bool(result.problems))


if __name__ == "__main__":
    main()

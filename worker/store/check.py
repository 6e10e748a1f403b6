"""Reading everything there is, for `followthrough check`."""

from __future__ import annotations

import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

from worker.errors import FollowthroughError
from worker.store.disk import accessing
from worker.store.index import KINDS
from worker.store.records import RecordFile
from worker.store.tables import CALENDAR, PAIR

if TYPE_CHECKING:
    from worker.store.tiny import TinyStore


def check(store: TinyStore) -> tuple[str, ...]:
    """Return what is damaged or had to be repaired, one line each, each ending in the next step."""
    found: list[str] = [*_rights(store)]

    def attempt(read: Callable[[], object]) -> None:
        try:
            read()
        except FollowthroughError as error:
            found.append(str(error))

    for kind in KINDS:
        for entry in store.index.entries(kind):
            attempt(lambda kind=kind, entry=entry: store.load_record(kind, entry.id, entry.name))  # type: ignore[misc]
            for path in store.years(entry.id) if kind == "pairs" else ():
                attempt(RecordFile(store.disk, path, PAIR, schema=store.schema).load)
    for name in store.disk.names(store.folder / "accounts"):
        if name.endswith(".json"):
            attempt(RecordFile(store.disk, store.folder / "accounts" / name, CALENDAR, confirmed=0).load)
    for path in store.inbound_lines.paths():
        attempt(lambda path=path: store.inbound_lines.read(path))  # type: ignore[misc]
    for digest in store.blobs.digests():
        attempt(lambda digest=digest: store.blobs.get(digest))  # type: ignore[misc]
    return tuple(dict.fromkeys([*found, *store.problems()]))


def _rights(store: TinyStore) -> list[str]:
    with accessing(store.folder):
        try:
            mode = store.folder.stat().st_mode
        except FileNotFoundError:
            return []
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [f"{store.folder}: other users of this machine can read it: type: chmod 700 '{store.folder}'"]
    return []

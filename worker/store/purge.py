"""Forgetting what is older than it is kept: records are rewritten without it, and mails that nobody needs go.

The previous generation of a rewritten file goes too, since it holds what was forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import FollowthroughError
from worker.model import Desk, Pair
from worker.store import lines
from worker.store.disk import accessing, remove_quietly
from worker.store.records import RecordFile
from worker.store.tables import PAIR

if TYPE_CHECKING:
    from worker.store.tiny import TinyStore


def purge(
    store: TinyStore,
    keep_pair: Callable[[Pair], Pair],
    keep_desk: Callable[[Desk], Desk],
    in_use: Callable[[Pair | Desk], set[str]],
    before: tuple[datetime, datetime],
) -> int:
    """Rewrite what changes by `keep_pair` and `keep_desk`, and remove the mails that no record has `in_use`.

    `before` are the moments before which received mails' bytes and their outcomes go. Return how many files were
    rewritten or removed. The caller holds the lock. A record that cannot be read keeps all mails where they are.
    """
    count = 0
    needed: set[str] = set()
    readable = True
    for due in store.pairs():
        try:
            pair = store.load_pair(due.key)
            if pair is not None:
                after = keep_pair(pair)
                needed |= in_use(after)
                if after != pair:
                    store.save_pair(after, due.next_due)
                    count += _forgotten(store, store.record_path("pairs", due.id))
            for path in store.years(due.id):
                changed, used = _year(store, path, keep_pair, in_use)
                count, needed = count + changed, needed | used
        except FollowthroughError:
            readable = False  # whoever loads that record is told
    for email in store.desks():
        try:
            desk = store.load_desk(email)
        except FollowthroughError:
            readable = False
            continue
        if desk is not None:
            later = keep_desk(desk)
            needed |= in_use(later)
            if later != desk:
                store.save_desk(later)
                count += _forgotten(store, store.record_path("people", store.index_id(email)))
    return count + (_mails(store, needed, *before) if readable else 0)


def _year(
    store: TinyStore, path: Path, keep: Callable[[Pair], Pair], in_use: Callable[[Pair | Desk], set[str]]
) -> tuple[int, set[str]]:
    """Rewrite the record of a year, which is removed when nothing is left in it."""
    file = RecordFile(store.disk, path, PAIR, schema=store.schema)
    loaded = file.load()
    if loaded is None:
        return 0, set()
    after = keep(loaded.value)
    if after == Pair(after.key):
        return _remove(store, path) + _forgotten(store, path), set()
    if after != loaded.value:
        file.save(after, None, loaded)
        return 1 + _forgotten(store, path), in_use(after)
    return 0, in_use(after)


def _mails(store: TinyStore, needed: set[str], raw_before: datetime, outcomes_before: datetime) -> int:
    count = 0
    for path in store.inbound_lines.paths():
        documents = store.inbound_lines.read(path)
        needed |= {one["digest"] for one in documents if datetime.fromisoformat(one["at"]) >= raw_before}
        kept = [one for one in documents if datetime.fromisoformat(one["at"]) >= outcomes_before]
        if len(kept) < len(documents):
            lines.rewrite(store.disk, path, kept)
            count += 1
    for digest in [*store.blobs.digests()]:
        if digest not in needed:
            count += _remove(store, store.blobs.path(digest))
    return count


def _forgotten(store: TinyStore, path: Path) -> int:
    return _remove(store, path.with_name(path.name + ".prev"))


def _remove(store: TinyStore, path: Path) -> int:
    with accessing(path):
        if not remove_quietly(store.disk, path):
            return 0
        store.disk.sync_folder(path.parent)
    return 1

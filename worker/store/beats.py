"""When each loop last completed and each account was last read: lines that need not survive a power cut."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from worker.store import lines
from worker.store.disk import Disk, Signature, accessing

_ROOM = 2_000


class Beats:
    """The newest time for each name. What is damaged here counts as never: that shows as a stale loop."""

    def __init__(self, disk: Disk, root: Path) -> None:
        self._disk = disk
        self._path = root / "beats.jsonl"
        self._seen: Signature | None = None
        self._end = 0
        self._count = 0
        self._last: dict[str, datetime] = {}

    def last(self, name: str) -> datetime | None:
        """Return the newest time noted under a name. Raises DataAccessError."""
        self._refresh()
        return self._last.get(name)

    def all(self) -> dict[str, datetime]:
        """Return the newest time under each name. Raises DataAccessError."""
        self._refresh()
        return dict(self._last)

    def note(self, name: str, at: datetime) -> None:
        """Note a time under a name. Raises DataAccessError."""
        lines.append(self._disk, self._path, [{"name": name, "at": at.isoformat()}], durable=False)
        self._refresh()
        if self._count > _ROOM + 4 * len(self._last):
            self.rewrite()

    def rewrite(self, *, without: str = "") -> None:
        """Write the file anew with the newest lines only, and none under a name that contains `without`."""
        self._refresh()
        kept = [
            {"name": name, "at": at.isoformat()}
            for name, at in self._last.items()
            if not without or without not in name
        ]
        lines.rewrite(self._disk, self._path, kept, durable=bool(without))
        self._seen = None

    def _refresh(self) -> None:
        with accessing(self._path):
            found = self._disk.signature(self._path)
            if found == self._seen:
                return
            if found is None or self._seen is None or found.inode != self._seen.inode or found.size < self._end:
                self._last.clear()
                self._end = self._count = 0
            self._seen = found
            if found is None:
                return
            read = lines.parse(self._disk.read(self._path, self._end))
        self._end += read.end
        self._count += len(read.documents)
        for document in read.documents:
            self._last[document["name"]] = datetime.fromisoformat(document["at"])

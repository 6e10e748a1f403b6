"""Writing one event into a vdir: read, change the lines, replace the file in one step."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime
from pathlib import Path

from worker.errors import GoneError, RefusedError, TryLaterError
from worker.ical import (
    Edited,
    EndlessRuleError,
    EventGoneError,
    NotACalendarError,
    SeriesError,
    calendar_bytes,
    edit,
)
from worker.model import CalendarWrite
from worker.providers import Written
from worker.providers.files.durable import explained, printable, replace_file
from worker.providers.marks import mark_of_write

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._=+-]{0,150}")
_ATTEMPTS = 5


def file_name(uid: str) -> str:
    """Return the name of the file for a UID: the UID where it can be a name, else a digest of it."""
    if _SAFE.fullmatch(uid):
        return f"{uid}.ics"
    return f"{hashlib.sha256(uid.encode('utf-8', 'surrogateescape')).hexdigest()[:40]}.ics"


class VdirWriter:
    """Carries writes out in one folder."""

    def __init__(self, account: str, path: Path, timezone: str, worker_address: str) -> None:
        """Take whose calendar it is, where, the owner's zone, and who writes."""
        self._account = account
        self._path = path
        self._timezone = timezone
        self._worker = worker_address.lower()

    def create(self, write: CalendarWrite, stamp: datetime) -> Written:
        """Write a new object. Raises TryLaterError where a file of that name is there already."""
        raw = calendar_bytes(write, stamp, sequence=write.sequence, sent_by=self._worker)
        path = self._path / file_name(write.uid)
        with explained(self._account, path):
            if path.exists():
                raise TryLaterError(
                    self._account, f"{printable(path.name)} is there and cannot be read: correct or remove the file"
                )
            replace_file(path, raw)
        return Written(write.uid, write.start, write.end, href=path.name)

    def change(self, name: str, write: CalendarWrite, stamp: datetime) -> Written:
        """Carry a write out in the file `name`; what somebody else changes meanwhile is read again, never lost."""
        # A link is followed, so that the file it points to is replaced and not the link.
        path = Path(os.path.realpath(self._path / name))
        for _ in range(_ATTEMPTS):
            with explained(self._account, path):
                before = path.stat()
                raw = path.read_bytes()
                edited = self._edited(name, raw, write, stamp)
                if edited.raw is None:
                    return Written(write.uid, edited.start, edited.end, href=name, existed=True)
                if replace_file(path, edited.raw, before):
                    return Written(write.uid, edited.start, edited.end, href=name)
        raise TryLaterError(
            self._account, f"{printable(name)} is being changed by another program; it is tried again by itself"
        )

    def _edited(self, name: str, raw: bytes, write: CalendarWrite, stamp: datetime) -> Edited:
        try:
            return edit(raw, write, stamp, self._timezone, mark_of_write(write))
        except EventGoneError:
            raise GoneError(
                self._account,
                f"the event in {printable(name)} was removed or cancelled: name a new date to make another",
            ) from None
        except SeriesError:
            raise RefusedError(
                self._account,
                f"{printable(name)} holds a series, which is never changed as a whole: change it yourself",
            ) from None
        except (NotACalendarError, EndlessRuleError, ValueError) as error:
            raise TryLaterError(
                self._account, f"{printable(name)} cannot be read ({error}): correct it in the calendar program"
            ) from error

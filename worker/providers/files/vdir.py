"""A calendar as a vdir: a folder with one `.ics` file for each calendar object."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker.errors import ForbiddenError, GoneError, TryLaterError
from worker.ical import CalendarObject, EndlessRuleError, NotACalendarError, endless, read, touches
from worker.model import Busy, CalendarOperation, CalendarWrite, Event
from worker.providers import CalendarRead, Written
from worker.providers.files.durable import explain, explained, printable, stamp_of
from worker.providers.files.writing import VdirWriter

# The instances of a series are kept for this long around the window that was asked for, so that the window of the
# next weeks costs nothing.
_BEFORE = timedelta(days=21)
_AFTER = timedelta(days=100)
# A whole calendar exported into one file has a few megabytes.
MAX_FILE_BYTES = 30_000_000
_LISTINGS = 4
_ENDINGS = frozenset({".ics", ".ICS"})

Stamp = tuple[int, int, int, int]


@dataclass(slots=True)
class _File:
    """What is known of one file: how it looked when it was read, what is in it, and its instances in the horizon."""

    stamp: Stamp
    singles: tuple[Event, ...] = ()
    instances: tuple[Event, ...] = ()
    uids: tuple[tuple[str, tuple[bool, int, str]], ...] = ()
    recurring: bool = False
    horizon: tuple[datetime, datetime] | None = None
    problems: tuple[str, ...] = ()
    complete: bool = True
    unreadable: bool = False


class FilesCalendar:
    """One person's calendar in a folder of `.ics` files.

    `timezone` is the owner's IANA zone: floating times, all-day events and unknown zones are read in it.
    `worker_address` is whom our writes name as the organizer's agent (SENT-BY).
    """

    invites = False

    def __init__(
        self,
        *,
        account: str,
        path: str | Path,
        timezone: str,
        writable: bool = True,
        worker_address: str = "",
        name: str = "",
    ) -> None:
        """Take whose calendar it is, its folder, and whether we may write into it."""
        self.account = account.lower()
        self.writable = writable
        self.name = name
        self._path = Path(path)
        self._timezone = timezone
        self._files: dict[str, _File] = {}
        self._writer = VdirWriter(self.account, self._path, timezone, worker_address)

    # ------------------------------------------------------------------------------------------------------ reading

    def signature(self) -> str:
        """Return a hash of what listing the folder says: names, times, sizes. Another process has another hash.

        Raises AccountError, ForbiddenError, TryLaterError where the folder cannot be listed.
        """
        found = []
        # The hottest loop of an idle worker: no more than what changes with a file.
        with explained(self.account, self._path), os.scandir(self._path) as entries:
            for entry in entries:
                name = entry.name
                if name[-4:] not in _ENDINGS or name[0] == ".":
                    continue
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue
                except OSError:
                    found.append((name, 0, 0, 0, 0))
                    continue
                found.append((name, *stamp_of(status)))
        return f"{hash(frozenset(found)) & 0xFFFF_FFFF_FFFF_FFFF:016x}"

    def _listing(self) -> dict[str, Stamp]:
        """Return each calendar file's stamp; names that a writer uses while it writes are passed over."""
        found: dict[str, Stamp] = {}
        with explained(self.account, self._path), os.scandir(self._path) as entries:
            for entry in entries:
                name = entry.name
                if name[-4:] not in _ENDINGS or name[0] == ".":
                    continue
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue
                except OSError:
                    # Reading it will say what is wrong with it.
                    found[name] = (0, 0, 0, 0)
                    continue
                if stat.S_ISREG(status.st_mode):
                    found[name] = stamp_of(status)
        return found

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """Return every instance that touches [start, end), sorted by start and uid.

        Raises AccountError, ForbiddenError, TryLaterError where the folder cannot be listed.
        """
        settled = self._refresh(start, end)
        owners, problems = self._owners()
        complete = settled
        events: list[Event] = []
        for name, file in self._files.items():
            complete = complete and file.complete
            problems += [(printable(name), problem) for problem in file.problems]
            events += [
                event
                for event in (*file.singles, *file.instances)
                if owners[event.uid] == name and touches(event, start, end)
            ]
        events.sort(key=lambda event: (event.dtstart, event.uid))
        return CalendarRead(tuple(events), tuple(sorted(problems)), complete)

    def _refresh(self, start: datetime, end: datetime, *, widen: bool = True) -> bool:
        """Bring what we know up to date; False where the folder changes faster than it can be read.

        Without `widen` only files that changed are read, whatever window the others were expanded for.
        """
        for _ in range(_LISTINGS):
            listing = self._listing()
            self._files = {name: file for name, file in self._files.items() if name in listing}
            changed = 0
            for name, stamp in sorted(listing.items()):
                known = self._files.get(name)
                if known is None or known.stamp != stamp:
                    changed += 1
                    self._load(name, stamp, start, end)
                elif widen and known.recurring and not _covers(known.horizon, start, end):
                    self._load(name, stamp, start, end)
            # A file that is replaced while a folder is listed may be missed: only a second look that agrees counts.
            if not changed:
                return True
        return False

    def _load(self, name: str, stamp: Stamp, start: datetime, end: datetime) -> None:
        """Read one file and expand what is in it."""
        path = self._path / name
        try:
            if stamp[2] > MAX_FILE_BYTES:
                raise NotACalendarError("it is larger than 30 MB")
            reading = read(path.read_bytes(), self._timezone)
        except FileNotFoundError:
            self._files.pop(name, None)
            return
        except (OSError, NotACalendarError, RecursionError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            problem = f"cannot be read ({why}): export or synchronise it again, or remove it"
            self._files[name] = _File(stamp, problems=(problem,), complete=False, unreadable=True)
            return
        horizon = (start - _BEFORE, end + _AFTER)
        file = _File(stamp, horizon=horizon, complete=reading.complete)
        problems = list(reading.problems)
        singles: list[Event] = []
        instances: list[Event] = []
        for item in reading.objects:
            if not item.recurring:
                singles.append(self._own(item.parts[0].event, name, stamp))
                continue
            file.recurring = True
            try:
                instances += [self._own(event, name, stamp) for event in item.instances(*horizon)]
            except EndlessRuleError:
                problems.append(endless(item.uid))
                file.complete = False
            except (ValueError, TypeError, OverflowError, AttributeError, IndexError, KeyError) as error:
                problems.append(
                    f"the series {item.uid[:80]!r} cannot be expanded ({str(error)[:100]}): correct its rule"
                )
                file.complete = False
        file.singles, file.instances, file.problems = tuple(singles), tuple(instances), tuple(problems)
        file.uids = tuple((item.uid, item.rank) for item in reading.objects)
        self._files[name] = file

    def _own(self, event: Event, name: str, stamp: Stamp) -> Event:
        """Return an event with what only the folder knows: where it stands and whether we may change it."""
        ours = event.organizer is None or event.organizer.address == self.account
        return replace(event, editable=self.writable and ours, href=name, etag=_etag(stamp))

    def _owners(self) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Return which file counts for each UID, and a problem for each other file that has it too."""
        best: dict[str, tuple[tuple[bool, int, str], str]] = {}
        losers: list[tuple[str, str]] = []
        for name, file in sorted(self._files.items()):
            for uid, rank in file.uids:
                known = best.get(uid)
                if known is None or rank > known[0]:
                    if known is not None:
                        losers.append((known[1], uid))
                    best[uid] = (rank, name)
                else:
                    losers.append((name, uid))
        problems = [
            (printable(name), f"the event {uid[:80]!r} is also in {printable(best[uid][1])}, which counts: remove one")
            for name, uid in losers
        ]
        return {uid: name for uid, (_, name) in best.items()}, problems

    # ------------------------------------------------------------------------------------------------ one event

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """Return this one instance as it is now, None where it is gone.

        Raises TryLaterError where it may stand in a file that cannot be read.
        """
        moment = recurrence_id or near
        name = self._file_of(uid, moment)
        if name is None:
            return None
        known = self._known(name, uid, recurrence_id)
        if known is not None:
            return known
        item = self._object(name, uid)
        if item is None:
            return None
        try:
            event = item.instance(recurrence_id) if recurrence_id is not None else self._unnamed(item, near)
        except (ValueError, TypeError, OverflowError) as error:
            raise TryLaterError(self.account, f"{printable(name)}: {error}: correct its rule") from error
        return self._own(event, name, self._files[name].stamp) if event is not None else None

    def _unnamed(self, item: CalendarObject, near: datetime) -> Event | None:
        """Return a single event; of what has become a series the instance that begins at the time we know."""
        if not item.recurring:
            return item.parts[0].event
        events = item.instances(near, near + timedelta(minutes=1))
        return next((event for event in events if event.dtstart.astimezone(UTC) == near.astimezone(UTC)), None)

    def _file_of(self, uid: str, moment: datetime) -> str | None:
        """Return the file of a UID, the folder looked at afresh."""
        self._refresh(moment - _BEFORE, moment + _BEFORE, widen=False)
        name = self._owners()[0].get(uid)
        if name is None:
            self._refuse_unreadable(uid)
        return name

    def _known(self, name: str, uid: str, recurrence_id: datetime | None) -> Event | None:
        """Return the event as it was read, where the file, unchanged since, says all that there is to say about it."""
        file = self._files[name]
        if recurrence_id is None:
            return next((event for event in file.singles if event.uid == uid), None)
        named = (event for event in file.instances if event.uid == uid and event.recurrence_id == recurrence_id)
        return next(named, None)

    def _object(self, name: str, uid: str) -> CalendarObject | None:
        """Return the object of a UID, its file read afresh."""
        with explained(self.account, self._path / name):
            reading = read((self._path / name).read_bytes(), self._timezone)
        return next((item for item in reading.objects if item.uid == uid), None)

    def _refuse_unreadable(self, uid: str) -> None:
        """Raise TryLaterError where a file that cannot be read may hold this UID: absent is not gone."""
        for name, file in self._files.items():
            if file.complete:
                continue
            try:
                raw = (self._path / name).read_bytes()
            except OSError as error:
                raise explain(self.account, self._path / name, error) from error
            unfolded = raw.replace(b"\r\n ", b"").replace(b"\n ", b"")
            if uid.encode("utf-8", "surrogateescape") in unfolded or not raw.strip(b"\0 \r\n"):
                raise TryLaterError(
                    self.account,
                    f"{printable(name)} cannot be read and may hold this event: correct or remove the file",
                )

    # -------------------------------------------------------------------------------------------------- writing

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:
        """Carry out one write; `stamp` is its DTSTAMP. A repetition changes nothing and says so.

        Raises GoneError where the event was removed or cancelled, ForbiddenError where we may not write,
        TryLaterError where the disk is full or somebody else keeps changing the file.
        """
        if not self.writable:
            raise ForbiddenError(
                self.account, f"{printable(str(self._path))} is read only: set `write = true` for this calendar"
            )
        self._refresh(write.start - _BEFORE, write.end + _BEFORE, widen=False)
        name = self._owners()[0].get(write.uid)
        if name is not None:
            return self._writer.change(name, write, stamp)
        self._refuse_unreadable(write.uid)
        if write.operation is CalendarOperation.CREATE:
            return self._writer.create(write, stamp)
        raise GoneError(
            self.account, f"the event {write.uid[:80]!r} was removed from the calendar: name a new date to make another"
        )

    # ----------------------------------------------------------------------------------------------------- busy

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """Return when the calendar's owner is not free, sorted; None for anybody else."""
        if address.lower() != self.account:
            return None
        return tuple(
            Busy(event.dtstart.astimezone(UTC), event.dtend.astimezone(UTC), _away(event), event.uid)
            for event in self.read(start, end).events
            if _takes_time(event, self.account)
        )


def _covers(horizon: tuple[datetime, datetime] | None, start: datetime, end: datetime) -> bool:
    return horizon is not None and horizon[0] <= start and end <= horizon[1]


def _etag(stamp: Stamp) -> str:
    return "-".join(f"{part:x}" for part in stamp)


def _away(event: Event) -> bool:
    return event.kind == "out-of-office"


def _takes_time(event: Event, owner: str) -> bool:
    """Whether an event keeps its owner from meeting: also where it is tentative, not where it was declined."""
    if event.status == "CANCELLED" or event.dtend <= event.dtstart:
        return False
    if any(person.address == owner and person.partstat == "DECLINED" for person in event.attendees):
        return False
    return event.transparency != "TRANSPARENT" or _away(event)

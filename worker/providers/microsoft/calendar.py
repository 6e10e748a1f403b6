"""One person's calendar in Microsoft 365."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from worker.errors import ConflictError, ForbiddenError, GoneError, ItemError, RefusedError, TryLaterError
from worker.http import Door
from worker.ical import touches
from worker.model import Busy, CalendarWrite, Event
from worker.providers import CalendarRead, Written
from worker.providers.busy import Seen, split
from worker.providers.marks import same_times
from worker.providers.microsoft import events as g
from worker.providers.microsoft.schedule import absences, blocks
from worker.providers.microsoft.session import Json, Session
from worker.providers.microsoft.settings import MicrosoftSettings, calendar_scopes
from worker.providers.writing import (
    cancelled_before,
    carried_out,
    check_in_gone,
    meeting_gone,
    must_be_editable,
    written,
)

_PAGE = 250
# Where an instance is looked for: about where we know it, then as far as people move meetings.
_NEAR = (timedelta(days=1), timedelta(days=1))
_FAR = (timedelta(days=60), timedelta(days=180))
# getSchedule takes no more than 62 days at once.
_LONGEST = timedelta(days=60)
# A conflict that has nothing to do with our transaction id.
_BUSY_ITEM = "ErrorIrresolvableConflict"


class MicrosoftCalendar:
    """One person's main calendar, read and written by Microsoft Graph.

    `account` is the owner's address. `timezone` (IANA) is the zone of their days, and that of events whose own cannot
    be told. Where the settings have a secret or a certificate the app acts by itself; else the owner has signed in, or
    `signed_in_as`, with whom they share the calendar.
    """

    invites = True

    def __init__(
        self,
        *,
        account: str,
        settings: MicrosoftSettings,
        door: Door,
        timezone: str = "UTC",
        writable: bool = True,
        signed_in_as: str = "",
    ) -> None:
        self.account = account.lower()
        self.writable = writable
        self._zone = timezone
        asking = signed_in_as.lower()
        needed = calendar_scopes(write=writable, shared=asking not in ("", self.account))
        self._session = Session(settings, self.account, door, needed, asking)
        self._clock = door.clock
        self._seen: Seen | None = None

    # ------------------------------------------------------------------------------------------------------ reading

    def signature(self) -> str:
        """Return "": asking whether something changed costs the same request as reading it."""
        return ""

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """Return every instance that touches [start, end), sorted by start and uid; one request for 250 of them.

        Raises AccountError of the kind that fits; then nothing is known, least of all that something was cancelled.
        """
        found: dict[str, Event] = {}
        problems: list[tuple[str, str]] = []
        for page in self._window("calendarView", start, end, "read the calendar"):
            for raw in page.get("value") or []:
                try:
                    event = g.to_event(raw, self.account, self._zone, writable=self.writable)
                except ItemError as error:
                    problems.append((error.item, error.text))
                    continue
                # A page may repeat what another one had.
                if event.status != "CANCELLED" and touches(event, start, end):
                    found[event.href] = event
        ordered = sorted(found.values(), key=lambda event: (event.dtstart, event.uid))
        complete = not problems
        window = (start, end)
        self._seen = Seen.of(ordered, self.account, window, self._clock()) if complete else None
        return CalendarRead(tuple(ordered), tuple(sorted(set(problems))), complete)

    def _window(self, path: str, start: datetime, end: datetime, doing: str, expand: str = "") -> Iterator[Json]:
        params = {
            **({"$expand": expand} if expand else {}),
            "startDateTime": g.rfc3339(start),
            "endDateTime": g.rfc3339(g.rounded(end)),
            "$select": g.FIELDS,
            "$top": str(_PAGE),
        }
        return self._session.pages(self._session.address(path, params), doing)

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """Return this one instance as it is now, None where it is gone; one request where it is near what we know."""
        raw = self._find(uid, recurrence_id, near)
        return None if raw is None else self._event(raw)

    def _find(self, uid: str, recurrence_id: datetime | None, near: datetime, expand: str = "") -> Json | None:
        if recurrence_id is not None:
            return self._instance(uid, recurrence_id, near, expand)
        raw = self._get(uid, expand)
        return raw if raw is not None and g.stands_alone(raw) else None

    def _get(self, event_id: str, expand: str = "") -> Json | None:
        params = {"$select": g.FIELDS, **({"$expand": expand} if expand else {})}
        try:
            raw = self._session.get(
                self._session.address(f"events/{quote(event_id, safe='')}", params), "read an event"
            )
        except GoneError:
            return None
        self._must_be(raw.get("id"), event_id)
        return raw

    def _must_be(self, answered: object, asked: str) -> None:
        """Refuse what a cache in between says of another event: it must not pass for this one, nor for its absence."""
        if answered != asked:
            raise TryLaterError(self.account, "the answer is about another event: it is asked for again by itself.")

    def _instance(self, series: str, recurrence_id: datetime, near: datetime, expand: str) -> Json | None:
        """Return one instance of a series, wherever it was moved to.

        The series is asked, and not an instance by its id: whether that stays when the instance is moved nobody says.
        """
        first, last = min(near, recurrence_id), max(near, recurrence_id)
        path = f"events/{quote(series, safe='')}/instances"
        for before, after in (_NEAR, _FAR):
            try:
                for page in self._window(path, first - before, last + after, "look for an event", expand):
                    for raw in page.get("value") or []:
                        self._must_be(raw.get("seriesMasterId"), series)
                        if g.began_at(raw, recurrence_id):
                            return dict(raw)
            except (GoneError, RefusedError):
                # No series (any more): an event that stands alone has no instances.
                return None
        return None

    # ------------------------------------------------------------------------------------------------------ writing

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:  # noqa: ARG002  # Exchange stamps by itself
        """Carry out one write; all guests are told by Exchange.

        Raises ForbiddenError where we may not, GoneError where a person removed or cancelled the event, UncertainError
        where the answer was lost: then the same write again finds out and changes nothing that was changed.
        """
        self._seen = None
        return carried_out(
            self.account, write, create=self._create, move=self._move, cancel=self._cancel, writable=self.writable
        )

    def _create(self, write: CalendarWrite) -> Written:
        known = self._made_before(write.uid)
        if known is not None:
            return known
        body = g.new_event(write, self.account)
        try:
            raw = self._session.post(self._session.address("events"), "create the check-in", body)
        except ConflictError as error:
            known = self._made_before(write.uid)
            if known is None and _BUSY_ITEM in str(error):
                raise
            # Exchange knows this transaction: the event was made, and is there or was removed by a person.
            if known is None:
                raise check_in_gone(self.account) from None
            return known
        return self._written(raw)

    def _made_before(self, uid: str) -> Written | None:
        params = {"$filter": g.made_as(uid), "$select": g.FIELDS, "$top": "10"}
        for page in self._session.pages(self._session.address("events", params), "look for the check-in"):
            for raw in page.get("value") or []:
                if raw.get("isCancelled"):
                    raise check_in_gone(self.account, "cancelled")
                return self._written(raw, existed=True)
        return None

    def _move(self, write: CalendarWrite) -> Written:
        raw = self._find(write.uid, write.recurrence_id, write.recurrence_id or write.start, g.EXPAND_MARK)
        if raw is None or raw.get("isCancelled"):
            raise meeting_gone(self.account)
        event = self._event(raw)
        if same_times(event, write) or g.is_marked(raw, write):
            return self._written(raw, existed=True)
        must_be_editable(self.account, event)
        address = self._session.address(f"events/{quote(event.href, safe='')}")
        return self._written(self._session.patch(address, "move the meeting", g.moved(write), event.etag))

    def _cancel(self, write: CalendarWrite) -> Written:
        raw = self._find(write.uid, write.recurrence_id, write.recurrence_id or write.start)
        if raw is None or raw.get("isCancelled"):
            return cancelled_before(write)
        event = self._event(raw)
        must_be_editable(self.account, event)
        existed = False
        try:
            # Where the organizer deletes a meeting, Exchange sends the cancellation.
            address = self._session.address(f"events/{quote(event.href, safe='')}")
            self._session.delete(address, "cancel the meeting", event.etag)
        except GoneError:
            existed = True
        return written(event, existed=existed)

    def _event(self, raw: Json) -> Event:
        """Return one event that was asked for by name. Raises RefusedError where it makes no sense."""
        try:
            return g.to_event(raw, self.account, self._zone, writable=self.writable)
        except ItemError as error:
            raise RefusedError(self.account, f"the event {error.item} {error.text}.") from None

    def _written(self, raw: Any, *, existed: bool = False) -> Written:  # noqa: ANN401  # JSON from outside
        return written(self._event(raw if isinstance(raw, dict) else {}), existed=existed)

    # --------------------------------------------------------------------------------------------------------- busy

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """Return when this person is not free; None where Exchange does not tell, which is unknown and not free.

        The owner's own times come from their events, with absences; another person's from free/busy, in which the
        meetings that we know carry their uid.
        """
        address = address.lower()
        if self._seen is None or not self._seen.tells(start, end, self._clock()):
            self.read(start, end)
        seen = self._seen
        if address == self.account:
            return seen.within(start, end) if seen else None
        try:
            items = self.schedule(address, start, end)
            if items is None:
                return None
            known = seen.meetings.get(address, ()) if seen else ()
            found = (*split(blocks(items), known), *absences(items))
        except (ForbiddenError, RefusedError, KeyError, TypeError, ValueError):
            # Private accounts have no free/busy, and some windows hold more entries than Exchange lists.
            return None
        return tuple(sorted(set(found), key=lambda one: (one.start, one.end, one.uid)))

    def schedule(self, address: str, start: datetime, end: datetime) -> list[Json] | None:
        """Return what Exchange tells of somebody's time, in its own words; None where it tells nothing."""
        found: list[Json] = []
        while start < end:
            until = min(end, start + _LONGEST)
            items = self._schedule(address, start, until)
            if items is None:
                return None
            found += items
            start = until
        return found

    def _schedule(self, address: str, start: datetime, end: datetime) -> list[Json] | None:
        moments = {"startTime": g.rfc3339(start)[:-1], "endTime": g.rfc3339(g.rounded(end))[:-1]}
        body = {
            "schedules": [address],
            **{name: {"dateTime": text, "timeZone": "UTC"} for name, text in moments.items()},
            "availabilityViewInterval": 30,
        }
        where = self._session.address("calendar/getSchedule")
        answer = self._session.post(where, "ask when somebody is free", body, harmless=True)
        for found in (answer or {}).get("value") or []:
            if str(found.get("scheduleId") or "").lower() == address and not found.get("error"):
                items = list(found.get("scheduleItems") or [])
                return None if any(item.get("status") == "unknown" for item in items) else items
        return None

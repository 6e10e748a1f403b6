"""One person's Google Calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from worker.errors import ConflictError, GoneError, ItemError, RefusedError, TryLaterError
from worker.http import Door
from worker.ical.zones import iana
from worker.model import Busy, CalendarWrite, Event
from worker.providers import CalendarRead, Written
from worker.providers.busy import Seen, split
from worker.providers.google import events as g
from worker.providers.google.credentials import Credential, DelegatedCredential, PersonCredential
from worker.providers.google.session import ApiRequest, Session
from worker.providers.google.settings import GoogleSettings, calendar_scopes
from worker.providers.marks import mark_of_write, same_times
from worker.providers.writing import (
    cancelled_before,
    carried_out,
    check_in_gone,
    meeting_gone,
    must_be_editable,
    written,
)

_PAGE = 2500
_MAY_WRITE = frozenset({"owner", "writer", "writerWithoutPrivateAccess"})


class GoogleCalendar:
    """One person's calendar, read and written by the Calendar API.

    `account` is the owner's address. `timezone` (IANA) is used until the calendar has told its own. `calendar_id` is
    `primary`, the owner's own, or an address of a calendar that the owner shares with `signed_in_as`, whose sign-in is
    used then. With a service account in the settings and no `signed_in_as`, that acts for the owner.
    """

    invites = True

    def __init__(
        self,
        *,
        account: str,
        settings: GoogleSettings,
        door: Door,
        timezone: str = "UTC",
        writable: bool = True,
        calendar_id: str = "primary",
        signed_in_as: str = "",
    ) -> None:
        self.account = account.lower()
        self.writable = writable
        self._id = calendar_id
        self._zone = timezone
        asking = signed_in_as.lower() or self.account

        def sign_in() -> Credential:
            if settings.service_account_file is not None and not signed_in_as:
                return DelegatedCredential(settings, self.account, calendar_scopes(write=writable), door)
            return PersonCredential(settings, asking, door)

        self._session = Session(settings, asking, door, sign_in)
        self._clock = door.clock
        self._seen: Seen | None = None

    # ------------------------------------------------------------------------------------------------------ reading

    def signature(self) -> str:
        """Return "": asking whether something changed costs the same request as reading it."""
        return ""

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """Return every instance that touches [start, end), sorted by start and uid; one request for 2500 of them.

        Raises AccountError of the kind that fits; then nothing is known, least of all that something was cancelled.
        """
        found: dict[str, Event] = {}
        problems: list[tuple[str, str]] = []
        complete = True
        for page in self._pages(start, end):
            self._zone = iana(str(page.get("timeZone") or "")) or self._zone
            role = page.get("accessRole", "owner")
            if role in {"none", "freeBusyReader"}:
                text = "only free and busy times can be seen: share it with all event details."
                problems.append((self._id, text))
                complete = False
            for raw in page.get("items") or []:
                if raw.get("status") == "cancelled":
                    continue
                try:
                    event = g.to_event(raw, self.account, self._zone, writable=self.writable and role in _MAY_WRITE)
                except ItemError as error:
                    problems.append((error.item, error.text))
                    complete = False
                    continue
                # Google's lower bound is exclusive in whole seconds, and a page may repeat what another one had.
                if g.touches(event, start, end):
                    found[event.href] = event
        ordered = sorted(found.values(), key=lambda event: (event.dtstart, event.uid))
        window = (start, end)
        self._seen = Seen.of(ordered, self.account, window, self._clock()) if complete else None
        return CalendarRead(tuple(ordered), tuple(sorted(set(problems))), complete)

    def _pages(self, start: datetime, end: datetime) -> Iterator[g.Json]:
        def ask(page: Mapping[str, str]) -> ApiRequest:
            request: ApiRequest = self._session.calendar.events().list(
                calendarId=self._id,
                timeMin=g.rfc3339(start),
                timeMax=g.rfc3339(g.rounded(end)),
                singleEvents=True,
                maxResults=_PAGE,
                eventTypes=list(g.EVENT_TYPES),
                **page,
            )
            return request

        return self._session.pages(ask, "read the calendar")

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """Return this one instance as it is now, None where it is gone; one request where the id can be told."""
        raw = self._find(uid, recurrence_id)
        if raw is None:
            return None
        if raw.get("status") == "cancelled" and not {"start", "end", "iCalUID"} <= set(raw):
            return g.cancelled(raw, uid, recurrence_id, near)
        return self._event(raw)

    def _find(self, uid: str, recurrence_id: datetime | None) -> g.Json | None:
        guess = g.master_id(uid)
        if guess:
            name = guess if recurrence_id is None else g.instance_id(guess, recurrence_id)
            raw = self._get(name)
            if raw is not None and g.names(raw, uid, recurrence_id, self._zone):
                return raw
        return self._search(uid, recurrence_id)

    def _get(self, event_id: str) -> g.Json | None:
        request = self._session.calendar.events().get(calendarId=self._id, eventId=event_id)
        try:
            raw = self._session.run(request, "read an event")
        except GoneError:
            return None
        if not isinstance(raw, dict) or raw.get("id") != event_id:
            # A cache in between: what it says of another event must not pass for this one.
            raise TryLaterError(self.account, "the answer is about another event: it is asked for again by itself.")
        return raw

    def _search(self, uid: str, recurrence_id: datetime | None) -> g.Json | None:
        def by_uid(page: Mapping[str, str]) -> ApiRequest:
            request: ApiRequest = self._session.calendar.events().list(
                calendarId=self._id, iCalUID=uid, showDeleted=True, maxResults=_PAGE, **page
            )
            return request

        items = [item for page in self._session.pages(by_uid, "look for an event") for item in page.get("items") or []]
        for item in items:
            if g.names(item, uid, recurrence_id, self._zone):
                return dict(item)
        series = next((item for item in items if item.get("recurrence") and item.get("status") != "cancelled"), None)
        if series is None or recurrence_id is None:
            return None

        def instance(page: Mapping[str, str]) -> ApiRequest:
            request: ApiRequest = self._session.calendar.events().instances(
                calendarId=self._id,
                eventId=series["id"],
                originalStart=g.rfc3339(recurrence_id),
                showDeleted=True,
                **page,
            )
            return request

        for page in self._session.pages(instance, "look for an event"):
            for item in page.get("items") or []:
                if g.names(item, uid, recurrence_id, self._zone):
                    return dict(item)
        return None

    # ------------------------------------------------------------------------------------------------------ writing

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:  # noqa: ARG002  # Google stamps by itself
        """Carry out one write; all guests are told by Google.

        Raises ForbiddenError where we may not, GoneError where a person removed or cancelled the event, UncertainError
        where the answer was lost: then the same write again finds out and changes nothing that was changed.
        """
        self._seen = None
        return carried_out(
            self.account, write, create=self._create, move=self._move, cancel=self._cancel, writable=self.writable
        )

    def _create(self, write: CalendarWrite) -> Written:
        # Looked at first: the API does not promise that a second insert under the same id is noticed.
        known = self._get(g.client_id(write.uid))
        if known is not None:
            return self._made_before(known)
        request = self._session.calendar.events().insert(
            calendarId=self._id, body=g.new_event(write, self.account), sendUpdates="all"
        )
        try:
            raw = self._session.run(request, "create the check-in")
        except ConflictError:
            known = self._get(g.client_id(write.uid))
            if known is None:
                raise
            return self._made_before(known)
        return self._written(raw)

    def _made_before(self, raw: g.Json) -> Written:
        if raw.get("status") == "cancelled":
            raise check_in_gone(self.account)
        return self._written(raw, existed=True)

    def _move(self, write: CalendarWrite) -> Written:
        raw = self._target(write)
        event = self._event(raw)
        if same_times(event, write) or g.is_marked(raw, write):
            return self._written(raw, existed=True)
        must_be_editable(self.account, event)
        # Only what changes: attendees with their answers, conference and everything else stay as they are.
        body = {**g.times(write), "extendedProperties": {"private": {g.MARK: mark_of_write(write)}}}
        request = self._session.calendar.events().patch(
            calendarId=self._id, eventId=raw["id"], body=body, sendUpdates="all"
        )
        return self._written(self._session.run(request, "move the meeting", if_match=event.etag))

    def _cancel(self, write: CalendarWrite) -> Written:
        raw = self._find(write.uid, write.recurrence_id)
        if raw is None or raw.get("status") == "cancelled":
            return cancelled_before(write)
        event = self._event(raw)
        must_be_editable(self.account, event)
        request = self._session.calendar.events().delete(calendarId=self._id, eventId=raw["id"], sendUpdates="all")
        existed = False
        try:
            self._session.run(request, "cancel the meeting", if_match=event.etag, empty_ok=True)
        except GoneError:
            existed = True
        return written(event, existed=existed)

    def _target(self, write: CalendarWrite) -> g.Json:
        raw = self._find(write.uid, write.recurrence_id)
        if raw is None or raw.get("status") == "cancelled":
            raise meeting_gone(self.account)
        return raw

    def _event(self, raw: g.Json) -> Event:
        """Return one event that was asked for by name. Raises RefusedError where it makes no sense."""
        try:
            return g.to_event(raw, self.account, self._zone, writable=self.writable)
        except ItemError as error:
            raise RefusedError(self.account, f"the event {error.item} {error.text}.") from None

    def _written(self, raw: Any, *, existed: bool = False) -> Written:  # noqa: ANN401  # JSON from outside
        return written(self._event(raw), existed=existed)

    # --------------------------------------------------------------------------------------------------------- busy

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """Return when this person is not free; None where Google does not tell, which is unknown and not free.

        The owner's own times come from their events, with absences; another person's from free/busy, in which the
        meetings that we know carry their uid.
        """
        address = address.lower()
        if self._seen is None or not self._seen.tells(start, end, self._clock()):
            self.read(start, end)
        seen = self._seen
        if address == self.account:
            return seen.within(start, end) if seen else None
        body = {
            "timeMin": g.rfc3339(start),
            "timeMax": g.rfc3339(g.rounded(end)),
            "items": [{"id": address}],
        }
        request = self._session.calendar.freebusy().query(body=body)
        answer = self._session.run(request, "ask when somebody is free", harmless=True)
        found = (answer.get("calendars") or {}).get(address) if isinstance(answer, dict) else None
        if not found or found.get("errors"):
            return None
        return split(found.get("busy") or [], seen.meetings.get(address, ()) if seen else ())

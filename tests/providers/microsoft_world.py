"""Microsoft as the tests see it: the fake on loopback, the people behind it, and a provider that is made anew."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msal  # type: ignore[import-untyped]
import orjson

from tests.providers.contract import OTHER, OWNER, WORKER, ZONE, Appointment
from worker.fakes.microsoft import CLIENT_ID, TENANT, FakeMicrosoft
from worker.http import Door, Limits
from worker.model import Attendee
from worker.providers.microsoft import MicrosoftCalendar, MicrosoftMail, MicrosoftSettings, calendar_scopes, mail_scopes
from worker.providers.microsoft.settings import IDENTITY
from worker.providers.microsoft.tokens import Token, save_token

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WINDOWS_ZONE = "Eastern Standard Time"
STATUS = {"NEEDS-ACTION": "none", "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentativelyAccepted"}
NO_LIMITS = Limits(project=(), account=())
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Clock:
    """A clock that the test turns."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def turn(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


class Microsoft:
    """A fake Microsoft with one manager, one report and the worker's mailbox, and what the worker needs to reach it."""

    def __init__(self, fake: FakeMicrosoft, clock: Clock, folder: Path) -> None:
        self.fake = fake
        self.clock = clock
        self.settings = MicrosoftSettings.at(fake.url, folder / "tokens", CLIENT_ID, tenant=TENANT)
        fake.add_calendar(OWNER, WINDOWS_ZONE)
        fake.add_calendar(OTHER, "Romance Standard Time")
        fake.add_mailbox(OTHER)
        self.box = fake.add_mailbox(WORKER)
        self.signs_in(OWNER, *calendar_scopes(write=True))
        self.signs_in(WORKER, *mail_scopes())

    def signs_in(self, account: str, *scopes: str) -> Token:
        """Store a token as `login` does."""
        self.fake.sign_in.refused.pop(account, None)
        granted = (*scopes, IDENTITY)
        token = Token(
            account=account,
            tenant=TENANT,
            client_id=CLIENT_ID,
            scopes=granted,
            cache=self._cache(account, self.fake.sign_in.grant(account, frozenset(granted))),
            consented_at=self.clock(),
        )
        save_token(self.settings.token_folder, token)
        return token

    def _cache(self, account: str, refresh_token: str) -> str:
        """Return msal's cache as it is after a sign-in, without an access token."""
        oid = self.fake.sign_in.guid(account)
        claims = {"oid": oid, "sub": oid, "tid": TENANT, "preferred_username": account}
        response = {
            "refresh_token": refresh_token,
            "id_token": f"e30.{_coded(claims)}.c2ln",
            "client_info": _coded({"uid": oid, "utid": TENANT}),
        }
        cache = msal.SerializableTokenCache()
        event = {
            "client_id": CLIENT_ID,
            "token_endpoint": f"{self.fake.authority}/oauth2/v2.0/token",
            "grant_type": "authorization_code",
            "response": response,
        }
        cache.add(event)
        return str(cache.serialize())

    def door(self, **settings: Any) -> Door:  # the door's settings by name
        """Return a door as a worker makes it, that never really waits."""
        verify = str(self.fake.ca_file)
        settings = {"limits": NO_LIMITS, "pause": lambda _: None, "read": 5.0, "verify": verify, **settings}
        return Door(self.clock, **settings)

    def calendar(
        self, *, writable: bool = True, account: str = OWNER, read: float = 5.0, **more: Any
    ) -> MicrosoftCalendar:
        """Return a calendar as the worker makes it when it starts; `read` is the time-out in seconds."""
        settings = {"settings": self.settings, "timezone": ZONE, "door": self.door(read=read), **more}
        return MicrosoftCalendar(account=account, writable=writable, **settings)

    def mail(self, *, read: float = 5.0, **more: Any) -> MicrosoftMail:  # its settings by name
        """Return the mailbox as the worker makes it when it starts; `read` is the time-out in seconds."""
        settings = {"settings": self.settings, "address": WORKER.upper(), "door": self.door(read=read), **more}
        return MicrosoftMail(**settings)


def _coded(value: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@contextmanager
def microsoft(folder: Path) -> Iterator[Microsoft]:
    """Run a fake Microsoft; at the end nothing that either side sent may break Microsoft's own description."""
    clock = Clock()
    with FakeMicrosoft(clock) as fake:
        yield Microsoft(fake, clock, folder)
    assert fake.complaints == []


def guest(person: Attendee, kind: str = "required") -> dict[str, Any]:
    """Return an attendee as Exchange stores one."""
    return {
        "type": kind,
        "emailAddress": {"address": person.address, "name": person.name},
        "status": {"response": STATUS[person.partstat], "time": "2026-11-20T09:00:00Z"},
    }


def moment(at: datetime, zone: str = WINDOWS_ZONE) -> dict[str, str]:
    """Return a moment as Outlook writes it; `at` is on the wall clock of that zone."""
    return {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": zone}


def weekly(start: datetime, weeks: int) -> dict[str, Any]:
    """Return the pattern of a weekly series."""
    return {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": [DAYS[start.weekday()]], "firstDayOfWeek": "monday"},
        "range": {"type": "numbered", "startDate": f"{start:%Y-%m-%d}", "numberOfOccurrences": weeks},
    }


class CalendarWorld:
    """A person who uses Outlook."""

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.microsoft = at_microsoft
        self.calendars = at_microsoft.fake.calendars

    def provider(self, *, writable: bool = True) -> MicrosoftCalendar:
        """Return a provider on the owner's calendar."""
        return self.microsoft.calendar(writable=writable, account=OWNER.upper())

    def put(self, appointment: Appointment) -> str:
        """Make an appointment; returns the id that it has in the owner's calendar."""
        start, end = appointment.start, appointment.start + timedelta(minutes=appointment.minutes)
        organizer = appointment.organizer
        body: dict[str, Any] = {
            "subject": appointment.summary,
            "location": {"displayName": appointment.location},
            "start": moment(start),
            "end": moment(end),
            # Outlook does not list the organizer among those whom they invite.
            "attendees": [guest(person) for person in appointment.attendees if person.address != organizer.address],
        }
        if appointment.all_day:
            first = datetime.combine(start.date(), datetime.min.time())
            body |= {"isAllDay": True, "start": moment(first), "end": moment(first + timedelta(days=1))}
        shown = {"free": appointment.free, "oof": appointment.away, "tentative": appointment.tentative}
        body |= {"showAs": next((name for name, meant in shown.items() if meant), "busy")}
        if appointment.private:
            body["sensitivity"] = "private"
        if appointment.weeks > 1:
            body["recurrence"] = weekly(start, appointment.weeks)
        return self.stored(organizer.address, body)

    def stored(self, organizer: str, body: dict[str, Any]) -> str:
        """Store an event with Graph's own fields; returns the id that it has in the owner's calendar."""
        name = self.calendars.add(organizer, body)
        entry = self.calendars.find(organizer, name).entry
        return self.calendars.name(entry, OWNER, None, immutable=True)

    def name(self, uid: str, original: datetime | None) -> tuple[str, str]:
        """Return whose event this is, and the id that it has there."""
        entry = self.calendars.find(OWNER, uid).entry
        moment_ = original.astimezone(UTC) if original else None
        return entry.owner, self.calendars.name(entry, entry.owner, moment_, immutable=True)

    def move(self, uid: str, original: datetime | None, start: datetime) -> None:
        """Drag an event or an instance to another time."""
        times = {"start": moment(start), "end": moment(start + timedelta(minutes=30))}
        self.calendars.change(*self.name(uid, original), times)

    def cancel(self, uid: str, original: datetime | None) -> None:
        """Cancel an event or an instance; it goes from the organizer's calendar."""
        self.calendars.cancel(*self.name(uid, original))

    def remove(self, uid: str) -> None:
        """Delete an event for good."""
        self.calendars.purge(*self.name(uid, None))


class MailWorld:
    """People who write to the worker's mailbox, and the mails that reach them."""

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.microsoft = at_microsoft

    def provider(self) -> MicrosoftMail:
        """Return a provider on the worker's mailbox."""
        return self.microsoft.mail()

    def receive(self, raw: bytes, at: datetime) -> None:
        """A mail arrives, as it is: what Exchange writes on top of it is another matter."""
        self.microsoft.box.put(raw, "inbox", at)

    def sent(self) -> list[bytes]:
        """Return what left, as its recipients get it."""
        self.microsoft.fake.mail.settle()
        return [raw for _, raw in self.microsoft.fake.mail.left]

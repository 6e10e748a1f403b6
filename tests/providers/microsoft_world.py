"""Microsoft as the tests see it: the fake on loopback, the people behind it, and a provider that is made anew."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msal  # type: ignore[import-untyped]
import orjson

from tests.providers.contract import ALEX, DANA, OTHER, OWNER, WORKER, ZONE, Appointment, at
from tests.providers.online import Clock
from tests.providers.online_calendar import CalendarRequests
from tests.providers.online_mail import MailRequests
from worker.fakes.microsoft import CLIENT_ID, TENANT, FakeMicrosoft, Fault
from worker.http import Door, Limits
from worker.model import Attendee
from worker.providers.microsoft import MicrosoftCalendar, MicrosoftMail, MicrosoftSettings, calendar_scopes, mail_scopes
from worker.providers.microsoft.settings import IDENTITY
from worker.providers.microsoft.tokens import Token, save_token

WINDOWS_ZONE = "Eastern Standard Time"
STATUS = {"NEEDS-ACTION": "none", "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentativelyAccepted"}
NO_LIMITS = Limits(project=(), account=())
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Microsoft:
    """A fake Microsoft with one manager, one report and the worker's mailbox, and what the worker needs to reach it."""

    login = "microsoft"

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

    app = "Outlook"
    requests = CalendarRequests(
        read="calendarView.list",
        find="events.get",
        create="events.create",
        move="events.patch",
        cancel="events.delete",
        changed=Fault("*", status=412, reason="ErrorIrresolvableConflict"),
    )

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.vendor = at_microsoft
        self.calendars = at_microsoft.fake.calendars
        self.told = self.calendars.told

    def provider(self, *, writable: bool = True) -> MicrosoftCalendar:
        """Return a provider on the owner's calendar."""
        return self.vendor.calendar(writable=writable, account=OWNER.upper())

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
        return self.add(organizer.address, body)

    def stored(self, organizer: str = OWNER, **fields: Any) -> str:  # Graph's fields
        """Store an event of 3 December with Graph's own fields and return its id in the owner's calendar."""
        people = [guest(ALEX)] if organizer == OWNER else [guest(replace(DANA, partstat="NEEDS-ACTION"))]
        times = {"start": moment(at(3, 10)), "end": moment(at(3, 11))}
        return self.add(organizer, {"subject": "1:1", **times, "attendees": people, **fields})

    def put_nonsense(self) -> str:
        """Store an event that ends before it begins."""
        bad = self.stored()
        entry = self.calendars.find(OWNER, bad).entry
        entry.start, entry.end = at(4, 11).astimezone(UTC), at(4, 10).astimezone(UTC)
        return bad

    def page(self, size: int) -> None:
        """Give so many entries at a time."""
        self.vendor.fake.calendar_api.page_size = size

    def rename(self, uid: str, summary: str) -> None:
        """Give an event another title."""
        self.calendars.change(*self.name(uid, None), {"subject": summary})

    def decline(self, uid: str, original: datetime) -> None:
        """The other person declines an instance."""
        declined = {"attendees": [guest(replace(ALEX, partstat="DECLINED"))]}
        self.calendars.change(*self.name(uid, original), declined)

    def hide(self, address: str) -> None:
        """A person no longer tells others when they are free."""
        self.calendars.of(address).hidden = True

    def add(self, organizer: str, body: dict[str, Any]) -> str:
        """Store an event as its organizer has it; returns the id that it has in the owner's calendar."""
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

    requests = MailRequests(
        draft="messages.create",
        send="messages.send",
        look="messages.get",
        mail="messages.mime",
        expired=Fault("*", status=401),
        refused=Fault("*", status=400, reason="ErrorInvalidRequest"),
        polls=2,
    )

    def __init__(self, at_microsoft: Microsoft) -> None:
        self.vendor = at_microsoft

    def provider(self) -> MicrosoftMail:
        """Return a provider on the worker's mailbox."""
        return self.vendor.mail()

    def receive(self, raw: bytes, at: datetime) -> None:
        """A mail arrives, as it is: what Exchange writes on top of it is another matter."""
        self.vendor.box.put(raw, "inbox", at)

    def sent(self) -> list[bytes]:
        """Return what left, as its recipients get it."""
        self.vendor.fake.mail.settle()
        return [raw for _, raw in self.vendor.fake.mail.left]

    def drafts(self) -> list[str]:
        """Return the ids of the drafts."""
        return [name for name, message in self.vendor.box.messages.items() if message.draft]

    def name_mails(self, whose: str) -> None:
        """Keep the Message-ID that a mail came with, or give it a new one as it is sent."""
        self.vendor.box.message_ids = "kept" if whose == "kept" else "send"

    def junk(self, raw: bytes) -> str:
        """A mail arrives in Junk."""
        return self.vendor.box.receive(raw, folder="junkemail").id

    def rescue(self, name: str) -> None:
        """Somebody takes a mail out of Junk."""
        self.vendor.box.move(self.vendor.box.messages[name], "inbox")

    def sign_out(self) -> None:
        """Revoke the mailbox's sign-in."""
        self.vendor.fake.sign_in.revoke(WORKER)

    def sign_in(self) -> None:
        """Sign in to the mailbox."""
        self.vendor.signs_in(WORKER, *mail_scopes())

"""Google as the tests see it: the fake on loopback, the people behind it, and a provider that is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.providers.contract import ALEX, DANA, OTHER, OWNER, WORKER, ZONE, Appointment, at
from tests.providers.online import Clock
from tests.providers.online_calendar import CalendarRequests
from tests.providers.online_mail import MailRequests
from worker.fakes.google import CLIENT, FakeGoogle, Fault
from worker.http import Door, Limits
from worker.model import Attendee
from worker.providers.google import GoogleCalendar, GoogleMail, GoogleSettings
from worker.providers.google.settings import CALENDAR_WRITE, FREE_BUSY, mail_scopes
from worker.providers.google.tokens import Token, save_token

STATUS = {"NEEDS-ACTION": "needsAction", "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
NO_LIMITS = Limits(project=(), account=())


class Google:
    """A fake Google with one manager, one report and the worker's mailbox, and what the worker needs to reach it."""

    login = "google"

    def __init__(self, fake: FakeGoogle, clock: Clock, folder: Path) -> None:
        self.fake = fake
        self.clock = clock
        self.settings = GoogleSettings.at(fake.url, folder / "tokens")
        fake.add_calendar(OWNER, ZONE)
        fake.add_calendar(OTHER, "Europe/Paris")
        self.box = fake.add_mailbox(WORKER)
        self.box.aliases = ()
        self.signs_in(OWNER, CALENDAR_WRITE, FREE_BUSY)
        self.signs_in(WORKER, *mail_scopes())

    def signs_in(self, account: str, *scopes: str) -> Token:
        """Store a token as `login` does."""
        client = CLIENT["installed"]
        refresh = self.fake.sign_in.grant(account, frozenset(scopes))
        token = Token(
            account, refresh, client["client_id"], client["client_secret"], tuple(scopes), consented_at=self.clock()
        )
        save_token(self.settings.token_folder, token)
        return token

    def door(self, **settings: Any) -> Door:  # the door's settings by name
        """Return a door as a worker makes it, that never really waits."""
        settings = {"limits": NO_LIMITS, "pause": lambda _: None, "read": 5.0, **settings}
        return Door(self.clock, **settings)

    def calendar(
        self, *, writable: bool = True, account: str = OWNER, read: float = 5.0, **more: str
    ) -> GoogleCalendar:
        """Return a calendar as the worker makes it when it starts; `read` is the time-out in seconds."""
        door = self.door(read=read)
        return GoogleCalendar(account=account, settings=self.settings, door=door, writable=writable, **more)

    def mail(self, *, read: float = 5.0, **more: Any) -> GoogleMail:  # its settings by name
        """Return the mailbox as the worker makes it when it starts; `read` is the time-out in seconds."""
        return GoogleMail(address=WORKER.upper(), settings=self.settings, door=self.door(read=read), **more)


@contextmanager
def google(folder: Path) -> Iterator[Google]:
    """Run a fake Google; at the end nothing that either side sent may break Google's own descriptions."""
    clock = Clock()
    with FakeGoogle(clock) as fake:
        yield Google(fake, clock, folder)
    assert fake.complaints == []


def guest(person: Attendee) -> dict[str, Any]:
    """Return a guest as Google stores one."""
    return {"email": person.address, "displayName": person.name, "responseStatus": STATUS[person.partstat]}


class CalendarWorld:
    """A person who uses Google Calendar in a browser."""

    app = "Google Calendar"
    requests = CalendarRequests(
        read="calendar.events.list",
        find="calendar.events.get",
        create="calendar.events.insert",
        move="calendar.events.patch",
        cancel="calendar.events.delete",
        changed=Fault("*", status=412, reason="conditionNotMet"),
    )

    def __init__(self, google: Google) -> None:
        self.vendor = google
        self.calendars = google.fake.calendars
        self.told = self.calendars.told

    def provider(self, *, writable: bool = True) -> GoogleCalendar:
        """Return a provider on the owner's calendar."""
        return self.vendor.calendar(writable=writable, account=OWNER.upper())

    def put(self, appointment: Appointment) -> str:
        """Make an appointment; Google gives it its own UID."""
        start, end = appointment.start, appointment.start + timedelta(minutes=appointment.minutes)
        body: dict[str, Any] = {
            "summary": appointment.summary,
            "location": appointment.location,
            "start": {"dateTime": start.isoformat(), "timeZone": ZONE},
            "end": {"dateTime": end.isoformat(), "timeZone": ZONE},
            "attendees": [guest(person) for person in appointment.attendees],
            "status": "tentative" if appointment.tentative else "confirmed",
        }
        if appointment.all_day:
            last = start.date() + timedelta(days=1)
            body |= {"start": {"date": start.date().isoformat()}, "end": {"date": last.isoformat()}}
        if appointment.free:
            body["transparency"] = "transparent"
        if appointment.away:
            body["eventType"] = "outOfOffice"
        if appointment.private:
            body["visibility"] = "private"
        if appointment.weeks > 1:
            body["recurrence"] = [f"RRULE:FREQ=WEEKLY;COUNT={appointment.weeks}"]
        return str(self.calendars.add(appointment.organizer.address, body)["iCalUID"])

    def stored(self, **fields: Any) -> str:  # Google's fields
        """Store an event of 3 December with Google's own fields and return its UID."""
        hours = {"start": 10, "end": 11}
        times = {name: {"dateTime": at(3, hour).isoformat(), "timeZone": ZONE} for name, hour in hours.items()}
        people = [guest(DANA), guest(ALEX)]
        event = self.calendars.add(OWNER, {"summary": "1:1", **times, "attendees": people, **fields})
        return str(event["iCalUID"])

    def put_nonsense(self) -> str:
        """Store an event that ends before it begins."""
        return self.stored(end={"dateTime": at(2, 10).isoformat()}, start={"dateTime": at(3, 10).isoformat()})

    def page(self, size: int) -> None:
        """Give so many entries at a time."""
        self.vendor.fake.calendar_api.page_size = size

    def rename(self, uid: str, summary: str) -> None:
        """Give an event another title."""
        self.calendars.change(*self.name(uid, None), {"summary": summary})

    def decline(self, uid: str, original: datetime) -> None:
        """The other person declines an instance."""
        people = [guest(DANA), guest(replace(ALEX, partstat="DECLINED"))]
        self.calendars.change(*self.name(uid, original), {"attendees": people})

    def hide(self, address: str) -> None:
        """A person no longer tells others when they are free."""
        self.calendars.of(address).hidden = True

    def _home(self, uid: str) -> tuple[str, str]:
        for owner, calendar in self.calendars.by_owner.items():
            for name, event in calendar.events.items():
                if event.get("iCalUID") == uid and "recurringEventId" not in event:
                    return owner, name
        raise LookupError(uid)

    def name(self, uid: str, original: datetime | None) -> tuple[str, str]:
        """Return whose calendar an event or instance is in, and its id."""
        owner, name = self._home(uid)
        return owner, name if original is None else f"{name}_{original.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def move(self, uid: str, original: datetime | None, start: datetime) -> None:
        """Drag an event or an instance to another time."""
        owner, name = self.name(uid, original)
        end = start + timedelta(minutes=30)
        times = {"start": {"dateTime": start.isoformat()}, "end": {"dateTime": end.isoformat()}}
        self.calendars.change(owner, name, times)

    def cancel(self, uid: str, original: datetime | None) -> None:
        """Delete an event or an instance; Google keeps it as cancelled."""
        self.calendars.cancel(*self.name(uid, original))

    def remove(self, uid: str) -> None:
        """Delete an event, and let Google forget it."""
        self.calendars.purge(*self._home(uid))


class MailWorld:
    """People who write to the worker's mailbox, and the mails that reach them."""

    requests = MailRequests(
        draft="gmail.users.drafts.create",
        send="gmail.users.drafts.send",
        look="gmail.users.messages.get",
        mail="gmail.users.messages.get",
        expired=Fault("*", status=401, reason="authError"),
        refused=Fault("*", status=400, reason="invalidArgument"),
        polls=1,
    )

    def __init__(self, google: Google) -> None:
        self.vendor = google

    def provider(self) -> GoogleMail:
        """Return a provider on the worker's mailbox."""
        return self.vendor.mail()

    def receive(self, raw: bytes, at: datetime) -> None:
        """A mail arrives."""
        self.vendor.box.receive(raw, at)

    def sent(self) -> list[bytes]:
        """Return what left, as its recipients get it."""
        return [raw for _, raw in self.vendor.fake.mail.left]

    def drafts(self) -> list[str]:
        """Return the ids of the drafts."""
        return list(self.vendor.box.drafts)

    def name_mails(self, whose: str) -> None:
        """Keep the Message-ID that a mail came with, or give it a new one as it is sent."""
        self.vendor.box.keeps_message_ids = whose == "kept"

    def junk(self, raw: bytes) -> str:
        """A mail arrives in Spam."""
        return self.vendor.box.receive(raw, labels=frozenset({"SPAM"})).id

    def rescue(self, name: str) -> None:
        """Somebody takes a mail out of Spam."""
        self.vendor.box.relabel(name, add=frozenset({"INBOX"}), remove=frozenset({"SPAM"}))

    def sign_out(self) -> None:
        """Revoke the mailbox's sign-in."""
        self.vendor.fake.sign_in.revoke(WORKER)

    def sign_in(self) -> None:
        """Sign in to the mailbox."""
        self.vendor.signs_in(WORKER, *mail_scopes())

"""The calendar operations of Graph that the worker uses, on the fake's calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from worker.fakes.microsoft.calendar_view import View, stamp
from worker.fakes.microsoft.calendars import OWN, Calendars, FakeCalendar, Item
from worker.fakes.microsoft.directory import Directory
from worker.fakes.microsoft.odata import same_property
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.microsoft.rules import Asked
from worker.fakes.microsoft.schedule import moment, schedule

Json = dict[str, Any]

# Documented limit of a calendar view, and the page that Graph gives where none is asked for.
_WIDEST = timedelta(days=1825)
_PAGE = 10


class CalendarApi:
    """Carries out calendar requests.

    `page_size` makes pages smaller than was asked for, as Graph may. `repeated` says what a second event with the same
    transactionId is answered with: the first event (`same`) or a 409 (`refused`).
    """

    def __init__(self, calendars: Calendars, directory: Directory) -> None:
        self.calendars = calendars
        self.directory = directory
        self.url = ""
        self.page_size = 1000
        self.repeated: Literal["same", "refused"] = "same"
        self._transactions: dict[tuple[str, str], str] = {}

    def methods(self) -> Mapping[str, Callable[[Asked, str], Any]]:
        """Return what carries out each operation; each is given the address whose calendar it is."""
        return {
            "calendar.get": self._calendar,
            "calendar.getSchedule": lambda asked, address: schedule(self.calendars, asked, address),
            "calendarView.list": self._window,
            "events.list": self._list,
            "events.get": self._get,
            "events.instances": self._instances,
            "events.create": self._create,
            "events.patch": self._patch,
            "events.delete": self._delete,
            "events.cancel": self._cancel,
        }

    def _view(self, asked: Asked) -> View:
        return View(self.calendars, self.directory, asked)

    # --------------------------------------------------------------------------------------------------------- reading

    def _calendar(self, asked: Asked, address: str) -> Json:
        calendar = self.calendars.of(address)
        whole: Json = {
            "id": f"AAMkADQ0C{address.encode().hex()[:40]}=",
            "name": "Calendar",
            "owner": {"name": address, "address": address},
            "canEdit": calendar.editable,
            "canShare": True,
            "canViewPrivateItems": True,
            "isDefaultCalendar": True,
            "isRemovable": False,
            "color": "auto",
            "hexColor": "",
            "changeKey": "1",
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
        }
        wanted = asked.listed("$select")
        return {name: value for name, value in whole.items() if not wanted or name in {*wanted, "id"}}

    def _window(self, asked: Asked, address: str) -> Json:
        begin, end = (datetime.fromisoformat(asked.one(name)) for name in ("startDateTime", "endDateTime"))
        if end < begin or end - begin > _WIDEST:
            raise RefusalError(400, "ErrorInvalidParameter", "The window is empty or longer than five years.")
        calendar = self.calendars.of(address)
        return self._page(asked, list(self.calendars.visible(calendar.owner, begin, end)))

    def _list(self, asked: Asked, address: str) -> Json:
        return self._page(asked, list(self.calendars.masters(self.calendars.of(address).owner)))

    def _instances(self, asked: Asked, address: str) -> Json:
        self.calendars.of(address)
        item = self.calendars.find(address, asked.names[0])
        begin, end = (
            datetime.fromisoformat(asked.one(name)) if asked.one(name) else None
            for name in ("startDateTime", "endDateTime")
        )
        if item.kind != "seriesMaster":
            raise RefusalError(400, "ErrorInvalidRequest", "The event is not a series.")
        return self._page(asked, self.calendars.series(item.entry, address, begin, end))

    def _get(self, asked: Asked, address: str) -> Json:
        self.calendars.of(address)
        return self._view(asked).shown(self.calendars.find(address, asked.names[0]))

    def _page(self, asked: Asked, items: list[Item]) -> Json:
        view = self._view(asked)
        for clause in asked.filter():
            if clause.op != "eq":
                raise RefusalError(501, "NotImplemented", "The fake compares events by eq only.")
            items = [item for item in items if _is(view.whole(item), clause.name, clause.extended, clause.value)]
        items.sort(key=lambda item: (item.start, item.entry.key))
        size = min(self.page_size, asked.number("$top", _PAGE))
        skip = asked.number("$skip", 0)
        page: Json = {"value": [view.shown(item) for item in items[skip : skip + size]]}
        if asked.one("$count") == "true":
            page = {"@odata.count": len(items), **page}
        if skip + size < len(items):
            query = {**{name: values[0] for name, values in asked.values.items()}, "$skip": str(skip + size)}
            page["@odata.nextLink"] = f"{self.url.rstrip('/')}{asked.path}?{urlencode(query, safe='$')}"
        return page

    # --------------------------------------------------------------------------------------------------------- writing

    def _create(self, asked: Asked, address: str) -> Json:
        calendar = self._writable(address)
        view = self._view(asked)
        name = asked.body.get("transactionId") or ""
        key = self._transactions.get((address, name), "") if name else ""
        if key:
            entry = self.calendars.entries.get(key)
            first = self.calendars.whole(entry, address) if entry else None
            if self.repeated == "refused" or first is None:
                text = "Your request can't be completed. The transaction ID was already used."
                raise RefusalError(409, "ErrorDuplicateTransactionId", text)
            return view.shown(first)
        entry = self.calendars.create(calendar, asked.body)
        if name:
            self._transactions[address, name] = entry.key
        made = self.calendars.whole(entry, address)
        assert made is not None  # noqa: S101  # it was stored a moment ago
        return view.shown(made)

    def _patch(self, asked: Asked, address: str) -> Json:
        item = self._to_change(asked, address)
        body = dict(asked.body)
        if not item.mine:
            # What is the meeting's is the organizer's alone; the rest changes in one's own copy.
            if not set(body) <= OWN:
                raise RefusalError(403, "ErrorAccessDenied")
            self.calendars.overlay(item, body)
        else:
            if item.body.get("isOnlineMeeting") and body.get("isOnlineMeeting") is False:
                del body["isOnlineMeeting"]
            if item.original is not None:
                self._within_neighbours(item, body)
            self.calendars.update(item, body)
        again = self.calendars.find(address, asked.names[0])
        return self._view(asked).shown(again)

    def _within_neighbours(self, item: Item, body: Json) -> None:
        """Refuse an occurrence that would reach, pass or share the day of the one before or after it."""
        if "recurrence" in body:
            raise RefusalError(400, "ErrorInvalidRequest", "An occurrence has no recurrence of its own.")
        if not {"start", "end"} & set(body):
            return
        entry, zone = item.entry, ZoneInfo(item.entry.iana)
        series = self.calendars.series(entry, entry.owner, None, item.start + timedelta(days=800))
        place = next(number for number, one in enumerate(series) if one.original == item.original)
        start = moment(body["start"]) if "start" in body else item.start
        end = moment(body["end"]) if "end" in body else item.end
        before = series[place - 1] if place else None
        after = series[place + 1] if place + 1 < len(series) else None
        crossing = (before is not None and start < before.end) or (after is not None and end > after.start)
        days = {one.start.astimezone(zone).date() for one in (before, after) if one is not None}
        if crossing or start.astimezone(zone).date() in days:
            raise RefusalError(400, "ErrorOccurrenceCrossingBoundary")

    def _delete(self, asked: Asked, address: str) -> None:
        item = self._to_change(asked, address)
        if item.mine:
            self.calendars.call_off(item)
        else:
            item.entry.gone.add((address, item.original))

    def _cancel(self, asked: Asked, address: str) -> None:
        item = self._to_change(asked, address)
        if not item.mine:
            text = "Your request can't be completed. You need to be an organizer to cancel a meeting."
            raise RefusalError(400, "ErrorInvalidRequest", text)
        self.calendars.call_off(item)

    def _to_change(self, asked: Asked, address: str) -> Item:
        self._writable(address)
        item = self.calendars.find(address, asked.names[0])
        tag = asked.headers.get("if-match", "*")
        if tag not in ("*", f'W/"{stamp(item.entry)}"'):
            raise RefusalError(412, "ErrorIrresolvableConflict")
        return item

    def _writable(self, address: str) -> FakeCalendar:
        calendar = self.calendars.of(address)
        if not calendar.editable:
            raise RefusalError(403, "ErrorAccessDenied")
        return calendar


def _is(whole: Json, name: str, extended: str, value: str) -> bool:
    if extended:
        properties = whole.get("singleValueExtendedProperties") or ()
        return any(same_property(one["id"], extended) and one["value"] == value for one in properties)
    have = whole.get(name, "")
    return (value == "true") == have if isinstance(have, bool) else have == value

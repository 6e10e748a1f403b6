"""The fake's calendars and people behave as Graph's documentation says, asked over HTTP without our code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.office import IMMUTABLE, Office

ZONE = "Eastern Standard Time"
WEEKLY = {
    "pattern": {"type": "weekly", "daysOfWeek": ["thursday"]},
    "range": {"type": "numbered", "numberOfOccurrences": 4},
}
DECEMBER = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-31T00:00:00Z"}


def at(day: int, hour: int, minute: int = 0) -> dict[str, str]:
    """Return a time in December, in New York."""
    return {"dateTime": f"2026-12-{day:02}T{hour:02}:{minute:02}:00", "timeZone": ZONE}


def event(day: int = 3, hour: int = 10, **more: Any) -> dict[str, Any]:
    """Return an event of half an hour, with Alex."""
    guest = {"type": "required", "emailAddress": {"address": "alex@example.com", "name": "Alex"}}
    return {"subject": "1:1", "start": at(day, hour), "end": at(day, hour, 30), "attendees": [guest], **more}


def make(office: Office, body: dict[str, Any]) -> dict[str, Any]:
    """Create an event as Dana."""
    made = office("POST", "me/events", json=body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def view(office: Office, account: str = "", **params: str) -> list[dict[str, Any]]:
    """Return what a person's December shows."""
    found = office("GET", "me/calendarView", account or office.dana, params={"$top": "100", **DECEMBER, **params})
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["value"]
    return items


def starts(items: list[dict[str, Any]]) -> list[str]:
    """Return when events begin (UTC)."""
    return [item["start"]["dateTime"][:16] for item in items]


# ------------------------------------------------------------------------------------------------------------- reading


def test_a_series_is_shown_as_its_occurrences(office: Office) -> None:
    """Occurrences name their series and their original start; the series itself has its pattern."""
    series = make(office, event(recurrence=WEEKLY))
    assert series["type"] == "seriesMaster"
    assert series["recurrence"]["range"]["startDate"] == "2026-12-03"
    items = view(office)
    assert starts(items) == [f"2026-12-{day}T15:00" for day in ("03", "10", "17", "24")]
    assert {item["type"] for item in items} == {"occurrence"}
    assert {item["seriesMasterId"] for item in items} == {series["id"]}
    assert [item["originalStart"] for item in items] == [f"2026-12-{day}T15:00:00Z" for day in ("03", "10", "17", "24")]
    assert len({item["iCalUId"] for item in items} | {series["iCalUId"]}) == 5
    listed = office("GET", "me/events").json()["value"]
    assert [(one["id"], one["type"]) for one in listed] == [(series["id"], "seriesMaster")]
    found = office("GET", f"me/events/{series['id']}/instances", params=DECEMBER).json()["value"]
    assert [one["id"] for one in found] == [item["id"] for item in items]


def test_a_series_keeps_its_hour_through_a_change_of_clocks(office: Office) -> None:
    """Ten o'clock in New York stays ten o'clock, whatever that is in UTC."""
    yearly = {
        "pattern": {"type": "absoluteMonthly", "dayOfMonth": 3},
        "range": {"type": "endDate", "endDate": "2027-04-30"},
    }
    make(office, event(recurrence=yearly))
    params = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2027-12-31T00:00:00Z"}
    hours = [text[11:] for text in starts(view(office, **params))]
    assert hours == ["15:00", "15:00", "15:00", "15:00", "14:00"]


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"type": "daily", "interval": 10}, ["03", "13", "23"]),
        ({"type": "weekly", "interval": 2, "daysOfWeek": ["thursday"], "firstDayOfWeek": "monday"}, ["03", "17"]),
        ({"type": "weekly", "daysOfWeek": ["thursday", "friday"], "interval": 3}, ["03", "04", "24", "25"]),
        ({"type": "relativeMonthly", "daysOfWeek": ["thursday"], "index": "first"}, ["03"]),
        ({"type": "relativeYearly", "daysOfWeek": ["thursday"], "index": "first", "month": 12}, ["03"]),
        ({"type": "absoluteYearly", "dayOfMonth": 3, "month": 12}, ["03"]),
    ],
)
def test_each_kind_of_pattern(office: Office, pattern: dict[str, Any], days: list[str]) -> None:
    """Patterns come out on the days that they say."""
    make(office, event(recurrence={"pattern": pattern, "range": {"type": "noEnd"}}))
    assert starts(view(office)) == [f"2026-12-{day}T15:00" for day in days]


def test_a_moved_occurrence_is_an_exception_and_a_cancelled_one_is_gone(office: Office) -> None:
    """A moved one keeps its id and original start; a cancelled one is no more in the organizer's calendar."""
    series = make(office, event(recurrence=WEEKLY))
    _, second, third, _ = view(office)
    moved = office("PATCH", f"me/events/{second['id']}", json={"start": at(11, 15), "end": at(11, 15, 30)})
    assert (moved.json()["type"], moved.json()["originalStart"]) == ("exception", "2026-12-10T15:00:00Z")
    assert office("DELETE", f"me/events/{third['id']}").status_code == 204
    items = view(office)
    assert starts(items) == ["2026-12-03T15:00", "2026-12-11T20:00", "2026-12-24T15:00"]
    assert items[1]["id"] == second["id"]
    assert office.code(office("GET", f"me/events/{third['id']}")) == (404, "ErrorItemNotFound")
    select = {"$select": "subject,cancelledOccurrences,exceptionOccurrences"}
    whole = office("GET", f"me/events/{series['id']}", params=select).json()
    assert whole["cancelledOccurrences"] == [f"OID.{series['id']}.2026-12-17"]
    assert [one["id"] for one in whole["exceptionOccurrences"]] == [second["id"]]
    assert "cancelledOccurrences" not in office("GET", f"me/events/{series['id']}").json()


def test_what_was_moved_out_of_the_window_is_found_among_the_instances(office: Office) -> None:
    """A window has what happens in it: what was moved away is not there, and is there where it went."""
    make(office, event(recurrence=WEEKLY))
    last = view(office)[3]
    office("PATCH", f"me/events/{last['id']}", json={"start": at(31, 10), "end": at(31, 10, 30)})
    assert last["id"] not in {one["id"] for one in view(office)}
    january = {"startDateTime": "2026-12-31T00:00:00Z", "endDateTime": "2027-01-31T00:00:00Z"}
    assert [one["id"] for one in view(office, **january)] == [last["id"]]


def test_a_change_of_the_whole_series_forgets_its_exceptions(office: Office) -> None:
    """A new time for the series is the time of every occurrence."""
    series = make(office, event(recurrence=WEEKLY))
    second = view(office)[1]
    office("PATCH", f"me/events/{second['id']}", json={"start": at(11, 15), "end": at(11, 15, 30)})
    office("PATCH", f"me/events/{series['id']}", json={"start": at(3, 11), "end": at(3, 11, 30)})
    assert starts(view(office)) == [f"2026-12-{day}T16:00" for day in ("03", "10", "17", "24")]
    longer = {"end": {"dateTime": "2026-12-03T18:00:00", "timeZone": "UTC"}}
    assert office("PATCH", f"me/events/{series['id']}", json=longer).json()["originalStartTimeZone"] == ZONE
    single = office("PATCH", f"me/events/{series['id']}", json={"recurrence": None}).json()
    assert single["type"] == "singleInstance"
    assert starts(view(office)) == ["2026-12-03T16:00"]


def test_times_come_in_the_zone_that_is_preferred(office: Office) -> None:
    """Without a preference times are UTC, with one they are in its zone, by either kind of name."""
    name = make(office, event())["id"]
    for zone, shown in (("UTC", "15:00"), (ZONE, "10:00"), ("Europe/Berlin", "16:00")):
        found = office("GET", f"me/events/{name}", headers={"Prefer": f'outlook.timezone="{zone}"'}).json()
        assert found["start"] == {"dateTime": f"2026-12-03T{shown}:00.0000000", "timeZone": zone}
        assert found["originalStartTimeZone"] == ZONE
    assert office("GET", f"me/events/{name}", headers={}).json()["start"]["timeZone"] == "UTC"


def test_a_whole_day_is_midnight_in_whatever_zone(office: Office) -> None:
    """The day is meant, not the moment: it is the same day in every zone."""
    day: dict[str, Any] = {"start": at(3, 0), "end": at(4, 0), "isAllDay": True}
    name = make(office, event(**day, showAs="oof"))["id"]
    for zone in ("UTC", "Tonga Standard Time"):
        found = office("GET", f"me/events/{name}", headers={"Prefer": f'outlook.timezone="{zone}"'}).json()
        assert [found[end]["dateTime"][:16] for end in ("start", "end")] == ["2026-12-03T00:00", "2026-12-04T00:00"]


def test_a_window_comes_in_pages(office: Office) -> None:
    """Ten events to a page unless told otherwise; a link leads to the next ones with the same properties."""
    for day in range(1, 13):
        make(office, event(day))
    first = office("GET", "me/calendarView", params={**DECEMBER, "$select": "subject"}).json()
    assert len(first["value"]) == 10
    second = office("GET", first["@odata.nextLink"]).json()
    assert len(second["value"]) == 2
    assert "@odata.nextLink" not in second
    assert set(second["value"][0]) == {"@odata.etag", "id", "subject"}
    office.fake.calendar_api.page_size = 5
    assert len(office("GET", "me/calendarView", params={**DECEMBER, "$top": "100"}).json()["value"]) == 5


def test_a_window_is_neither_backwards_nor_endless(office: Office) -> None:
    """A window that ends before it begins, or is longer than five years, is refused."""
    for end in ("2026-11-01T00:00:00Z", "2036-01-01T00:00:00Z"):
        assert office("GET", "me/calendarView", params={**DECEMBER, "endDateTime": end}).status_code == 400


def test_ids_are_of_two_kinds_and_differ_in_case(office: Office) -> None:
    """The immutable id stays when the calendar is moved, the other one changes; neither is read carelessly."""
    names = [make(office, event(day))["id"] for day in (3, 4, 5)]
    assert len({name.lower() for name in names}) < len(names)
    other = office("GET", f"me/events/{names[0]}", headers={}).json()["id"]
    assert other not in names
    assert office("GET", f"me/events/{other}").status_code == 200
    office.fake.calendars.moves += 1
    assert office("GET", f"me/events/{other}").status_code == 404
    assert office("GET", f"me/events/{names[0]}").status_code == 200
    assert office("GET", f"me/events/{names[0]}", office.alex).status_code == 404
    assert office("GET", f"me/events/{names[0][:3]}{names[0][3:].swapcase()}").status_code == 404
    assert office.code(office("GET", "me/events/123")) == (400, "ErrorInvalidIdMalformed")
    assert office.code(office("GET", "me/messages/123")) == (400, "ErrorInvalidIdMalformed")


# ------------------------------------------------------------------------------------------------------------- writing


def test_a_transaction_makes_one_event(office: Office) -> None:
    """A second event with the same transactionId is the first one, or refused; also once the first was removed."""
    first = make(office, event(transactionId="t1"))
    again = make(office, event(day=9, transactionId="t1"))
    assert (again["id"], again["start"]) == (first["id"], first["start"])
    assert make(office, event(transactionId="t2"))["id"] != first["id"]
    office.fake.calendar_api.repeated = "refused"
    refused = office("POST", "me/events", json=event(transactionId="t1"))
    assert office.code(refused) == (409, "ErrorDuplicateTransactionId")
    office.fake.calendar_api.repeated = "same"
    office("DELETE", f"me/events/{first['id']}")
    assert office("POST", "me/events", json=event(transactionId="t1")).status_code == 409
    assert len(view(office)) == 1


def test_an_etag_guards_a_write(office: Office) -> None:
    """A write with the tag of an earlier state is refused with 412, one with the present tag is not."""
    made = make(office, event())
    tag = {**IMMUTABLE, "If-Match": made["@odata.etag"]}
    path = f"me/events/{made['id']}"
    changed = office("PATCH", path, json={"subject": "x"}, headers=tag).json()
    assert changed["@odata.etag"] != made["@odata.etag"]
    assert office.code(office("PATCH", path, json={"subject": "y"}, headers=tag)) == (412, "ErrorIrresolvableConflict")
    assert office("DELETE", path, headers={"If-Match": changed["@odata.etag"]}).status_code == 204


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(3, 9), at(3, 9, 30)),
        (at(2, 10), at(2, 10, 30)),
        (at(3, 10, 15), at(3, 10, 45)),
        (at(17, 8), at(17, 8, 30)),
        (at(18, 10), at(18, 10, 30)),
    ],
)
def test_an_occurrence_stays_between_its_neighbours(office: Office, start: dict[str, str], end: dict[str, str]) -> None:
    """An occurrence cannot reach, pass or share the day of the one before or after it."""
    make(office, event(recurrence=WEEKLY))
    second = view(office)[1]
    refused = office("PATCH", f"me/events/{second['id']}", json={"start": start, "end": end})
    assert office.code(refused) == (400, "ErrorOccurrenceCrossingBoundary")
    assert view(office)[1] == second
    near = {"start": at(4, 10), "end": at(4, 10, 30)}
    assert office("PATCH", f"me/events/{second['id']}", json=near).status_code == 200


def test_attendees_are_replaced_as_a_whole_and_properties_joined(office: Office) -> None:
    """A patch of attendees leaves out whom it does not name; a named property does not displace another."""
    own = "String {00020329-0000-0000-C000-000000000046} Name "
    one, two = ([{"id": f"{own}{name}", "value": name}] for name in ("One", "Two"))
    made = make(office, event(singleValueExtendedProperties=one, location={"displayName": "Room 4"}))
    kim = [{"type": "optional", "emailAddress": {"address": "kim@example.com"}}]
    body = {"attendees": kim, "singleValueExtendedProperties": two, "location": None}
    office("PATCH", f"me/events/{made['id']}", json=body)
    expand = f"singleValueExtendedProperties($filter=id eq '{own}One' or id eq '{own}Two')"
    found = office("GET", f"me/events/{made['id']}", params={"$expand": expand}).json()
    assert [person["emailAddress"]["address"] for person in found["attendees"]] == ["kim@example.com"]
    assert {one["value"] for one in found["singleValueExtendedProperties"]} == {"One", "Two"}
    assert found["location"]["displayName"] == ""
    assert view(office, office.alex) == []
    condition = f"singleValueExtendedProperties/any(ep: ep/id eq '{own}One' and ep/value eq 'One')"
    assert len(office("GET", "me/events", params={"$filter": condition}).json()["value"]) == 1
    assert office("GET", "me/events", params={"$filter": condition.replace("'One'", "'Two'")}).json()["value"] == []


def test_an_online_meeting_stays_one(office: Office) -> None:
    """A meeting that is online has a link, and keeps it whatever is asked later."""
    made = make(office, event(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness"))
    link = made["onlineMeeting"]["joinUrl"]
    changed = office(
        "PATCH", f"me/events/{made['id']}", json={"isOnlineMeeting": False, "start": at(4, 9), "end": at(4, 10)}
    )
    assert (changed.json()["isOnlineMeeting"], changed.json()["onlineMeeting"]["joinUrl"]) == (True, link)


def test_what_makes_no_sense_is_refused(office: Office) -> None:
    """An end before the start, and a pattern that says too little, make no event."""
    assert office("POST", "me/events", json=event(end=at(3, 9))).status_code == 400
    vague = {"pattern": {"type": "absoluteMonthly"}, "range": {"type": "noEnd"}}
    assert office("POST", "me/events", json=event(recurrence=vague)).status_code == 400
    assert view(office) == []
    single = make(office, event(1))
    assert office("GET", f"me/events/{single['id']}/instances", params=DECEMBER).status_code == 400
    make(office, event(recurrence=WEEKLY))
    second = view(office)[2]
    assert office("PATCH", f"me/events/{second['id']}", json={"recurrence": WEEKLY}).status_code == 400


def test_a_calendar_can_be_read_only_and_shared(office: Office) -> None:
    """Nothing is written to a calendar that cannot be edited; another's is reached where it is shared."""
    calendar = office.fake.calendars.of(office.alex)
    path = "users/alex@example.com/events"
    assert office.code(office("GET", path)) == (403, "ErrorAccessDenied")
    calendar.members.add(office.dana)
    assert office("POST", path, json=event(attendees=[])).status_code == 201
    assert office.code(office("GET", path, scopes={"Calendars.ReadWrite"})) == (403, "ErrorAccessDenied")
    calendar.editable = False
    assert office.code(office("POST", path, json=event())) == (403, "ErrorAccessDenied")
    assert office("GET", "users/alex@example.com/calendar").json()["canEdit"] is False


# ---------------------------------------------------------------------------------------------------- attendees' copies


def test_an_attendee_has_a_copy_of_their_own(office: Office) -> None:
    """It has another id and the attendee's own answer; until they answer it stands there as tentative."""
    made = make(office, event())
    (copy,) = view(office, office.alex)
    assert copy["id"] != made["id"]
    assert copy["iCalUId"] == made["iCalUId"]
    assert (made["isOrganizer"], copy["isOrganizer"]) == (True, False)
    assert copy["organizer"]["emailAddress"]["address"] == office.dana
    assert (copy["responseStatus"]["response"], copy["showAs"]) == ("notResponded", "tentative")
    office.fake.calendars.respond(office.alex, copy["id"], "accepted")
    (copy,) = view(office, office.alex)
    assert (copy["responseStatus"]["response"], copy["showAs"]) == ("accepted", "busy")
    assert copy["attendees"][0]["status"]["response"] == "none"
    assert view(office)[0]["attendees"][0]["status"]["response"] == "accepted"


def test_what_is_declined_goes(office: Office) -> None:
    """A declined meeting is no more in the attendee's calendar, and the organizer sees the answer."""
    make(office, event(recurrence=WEEKLY))
    copies = view(office, office.alex)
    office.fake.calendars.respond(office.alex, copies[1]["id"], "declined")
    assert [one["id"] for one in view(office, office.alex)] == [copies[n]["id"] for n in (0, 2, 3)]
    answers = [one["attendees"][0]["status"]["response"] for one in view(office)]
    assert answers == ["none", "declined", "none", "none"]


def test_an_attendee_changes_their_own_copy_alone(office: Office) -> None:
    """Categories and the like change for the attendee; when it is, is the organizer's to say."""
    made = make(office, event())
    (copy,) = view(office, office.alex)
    path = f"me/events/{copy['id']}"
    assert office("PATCH", path, office.alex, json={"categories": ["x"], "showAs": "free"}).status_code == 200
    assert view(office, office.alex)[0]["categories"] == ["x"]
    assert office("GET", f"me/events/{made['id']}").json()["categories"] == []
    moved = office("PATCH", path, office.alex, json={"start": at(4, 10), "end": at(4, 11)})
    assert office.code(moved) == (403, "ErrorAccessDenied")
    cancelled = office("POST", f"{path}/cancel", office.alex, json={"comment": "No"})
    assert office.code(cancelled) == (400, "ErrorInvalidRequest")
    assert office("DELETE", path, office.alex).status_code == 204
    assert view(office, office.alex) == []
    assert len(view(office)) == 1


def test_what_the_organizer_cancels_stays_with_the_attendees_as_cancelled(office: Office) -> None:
    """The organizer's own is gone; the attendee's says so, takes no time, and can be removed."""
    make(office, event(recurrence=WEEKLY))
    single = make(office, event(day=8))
    second = view(office)[2]
    assert office("POST", f"me/events/{single['id']}/cancel", json={"comment": "Sorry"}).status_code == 202
    assert office("DELETE", f"me/events/{second['id']}").status_code == 204
    shown = [(one["subject"], one["isCancelled"], one["showAs"]) for one in view(office, office.alex)]
    assert shown.count(("Canceled: 1:1", True, "free")) == 2
    assert len(shown) == 5
    assert len(view(office)) == 3
    assert ("cancelled", "1:1", office.alex) in office.fake.calendars.told


def test_attendees_can_be_hidden_from_each_other(office: Office) -> None:
    """With hideAttendees an attendee sees themselves alone, the organizer everybody."""
    kim = {"type": "required", "emailAddress": {"address": "kim@example.com"}}
    body = event(hideAttendees=True, sensitivity="private", isDraft=True)
    body["attendees"].append(kim)
    make(office, body)
    (copy,) = view(office, office.alex)
    assert [person["emailAddress"]["address"] for person in copy["attendees"]] == [office.alex]
    assert (copy["hideAttendees"], copy["sensitivity"], copy["isDraft"]) == (True, "private", True)
    assert len(view(office)[0]["attendees"]) == 2


def test_people_do_things_without_the_api(office: Office) -> None:
    """A person adds, moves, cancels and forgets events as a request would, under ids that the API knows."""
    calendars = office.fake.calendars
    series = calendars.add(office.dana, event(recurrence=WEEKLY))
    assert office("GET", f"me/events/{series}").json()["type"] == "seriesMaster"
    third = calendars.occurrence(office.dana, series, datetime(2026, 12, 17, 15, tzinfo=UTC))
    calendars.change(office.dana, third, {"start": at(18, 9), "end": at(18, 9, 30)})
    assert office("GET", f"me/events/{third}").json()["start"]["dateTime"] == "2026-12-18T14:00:00.0000000"
    nowhere = calendars.occurrence(office.dana, series, datetime(2026, 12, 16, 15, tzinfo=UTC))
    assert office("GET", f"me/events/{nowhere}").status_code == 404
    calendars.cancel(office.dana, third)
    assert len(view(office)) == 3
    calendars.purge(office.dana, series)
    assert view(office) == view(office, office.alex) == []
